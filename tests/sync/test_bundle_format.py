"""docs/bundle-format.md says what the program does, and files of version 1 stay readable."""

from datetime import UTC, datetime
from pathlib import Path

from correspondent_desk.sync import bundle, columns, invitation, manifest
from correspondent_desk.sync.keys import ReceivingKey
from correspondent_desk.sync.rejection import Reason
from tests.sync import example

HUB = ReceivingKey(example.HUB, datetime(2026, 12, 1, tzinfo=UTC))
INVITED = invitation.known_or_invited(lambda _: False, lambda _: example.SECRET)


def test_the_worked_example_is_what_the_file_holds() -> None:
    assert example.block("example") == example.example_text(example.FILE.read_bytes())


def test_the_limits_are_those_of_the_program() -> None:
    assert example.block("limits") == example.limits_text()


def test_every_reason_is_listed() -> None:
    page = example.PAGE.read_text("utf-8")

    assert [reason for reason in Reason if f"`{reason}`" not in page] == []


def test_every_field_is_listed() -> None:
    page = example.PAGE.read_text("utf-8")
    fields = [
        *bundle.Manifest.__struct_fields__,
        *bundle.Segment.__struct_fields__,
        *bundle.SectionHead.__struct_fields__,
        *bundle.Enrolment.__struct_fields__,
        *bundle.Welcome.__struct_fields__,
        *manifest.Refusal.__struct_fields__,
        *invitation.Invitation.__struct_fields__,
    ]

    assert [name for name in fields if f"`{name}`" not in page] == []


def test_a_file_of_version_1_is_read() -> None:
    loaded = bundle.load(example.FILE, [HUB], INVITED)
    kept: dict[str, bytes] = {content.kind: content.content for content in loaded.sections()}

    assert columns.unpack(kept["ops"]) == [example.RUN]
    assert loaded.manifest.sender_name == "Accueil"
    assert loaded.manifest.vector == {example.ORIGIN: 4, example.named("hub"): 12}


def test_what_the_program_writes_today_is_read_by_the_page(tmp_path: Path) -> None:
    path = tmp_path / "x.cdb"
    example.make(path)

    today, then = (example.read(file.read_bytes(), example.HUB) for file in (path, example.FILE))

    assert today.said["enrolment"]["proof"] == example.proof(today.said, example.SECRET)
    assert today.contents == then.contents
    assert example.operations(today.contents[0]) == [op._asdict() for op in example.RUN.ops]
    changing = {"sections"}  # another zstd may compress otherwise
    assert {k: v for k, v in today.said.items() if k not in changing} == {
        k: v for k, v in then.said.items() if k not in changing
    }
