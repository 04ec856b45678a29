"""Whatever a person does, commands answer with a sentence and a status; never with a traceback."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

import pytest

from correspondent_desk.cli.main import COMMANDS
from correspondent_desk.store import backup
from correspondent_desk.store.database import open_store
from correspondent_desk.store.vault import DeskFolder, unlock
from tests.cli.conftest import Ended, Run
from tests.dead_drive import dead_drive

LOOKING = [
    ("search", "le goff"),
    ("show", "member", "000417"),
    ("today",),
    ("history",),
    ("history", "member", "000417"),
    ("doctor",),
    ("export", "members", "people.csv"),
    ("disagreements",),
]
WRITING = [
    ("edit", "member", "000417", "note=x"),
    ("undo",),
    ("redo",),
    ("settle", "1.note", "here"),
    ("enrol", "invitation.txt"),
    ("exchange", "shared"),
    ("bundle", "export", "a.cdb"),
    ("bundle", "import", "a.cdb"),
]
ALL = LOOKING + WRITING


def refused(run: Run, commands: Iterable[Sequence[str]], *codes: str) -> list[str]:
    """The commands that do not end as refused with one of codes, and how they end instead."""
    wrong = []
    for words in commands:
        ended = run(*words)
        said = ended.err.splitlines() or [""]
        if ended.status != 2 or said[-1] not in codes or "Traceback" in ended.err:
            wrong.append(f"{words}: {ended}")
    return wrong


def test_no_desk(run: Run, tmp_path: Path) -> None:
    nothing = tmp_path / "nothing"

    def on_nothing(*words: str) -> Ended:
        return run("--desk", nothing, *words)

    assert refused(on_nothing, ALL, "[no-desk-here]") == []
    assert not nothing.exists()


def test_a_wrong_passphrase(run: Run, desk: Path) -> None:
    Path("wrong.txt").write_text("wrong", "utf-8")

    def with_wrong(*words: str) -> Ended:
        (desk / "attempts.json").unlink(missing_ok=True)
        return run("--desk", desk, "--passphrase-file", "wrong.txt", *words)

    assert refused(with_wrong, ALL, "[wrong-passphrase]") == []


def test_many_wrong_passphrases_make_everyone_wait(run: Run, desk: Path) -> None:
    Path("wrong.txt").write_text("wrong", "utf-8")
    tried = [run("--desk", desk, "--passphrase-file", "wrong.txt", "today") for _ in range(5)]

    assert tried[-1].err.splitlines()[-1] == "[wrong-passphrase:wait]"
    assert run("--desk", desk, "today").err.splitlines()[-1] == "[wrong-passphrase:wait]"


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_a_passphrase_file_that_cannot_be_read(run: Run, desk: Path, content: bytes | None) -> None:
    if content is not None:
        Path("secret").write_bytes(content)
    ended = run("--desk", desk, "--passphrase-file", "secret", "today")

    assert ended.err.splitlines()[-1] == "[no-passphrase:unreadable-file]"


@pytest.mark.parametrize("content", [b"", b"not a database at all" * 500, None])
def test_a_damaged_or_missing_store(on_desk: Run, desk: Path, content: bytes | None) -> None:
    if content is None:
        (desk / "desk.db").unlink()
    else:
        (desk / "desk.db").write_bytes(content)
    code = "[no-store]" if content is None else "[store-damaged]"

    # doctor reports what is damaged or gone, as all else.
    told = [words for words in ALL if words != ("doctor",)]
    assert refused(on_desk, told, code) == []


def test_an_office_of_the_hub_needs_a_name(run: Run, tmp_path: Path) -> None:
    run("hub", "--hub", tmp_path / "hub", "init")

    ended = run("hub", "--hub", tmp_path / "hub", "office", "add", " ")

    assert (ended.status, ended.err.splitlines()[-1]) == (2, "[usage]")


def test_the_code_of_an_office_leads_to_no_other_folder(run: Run, tmp_path: Path) -> None:
    hub, into = tmp_path / "hub", tmp_path / "into"
    into.mkdir()
    run("hub", "--hub", hub, "init")
    run("hub", "--hub", hub, "office", "add", "Mairie", "--code", "../val")

    run("hub", "--hub", hub, "invite", "Mairie", into)

    assert [path.name for path in into.iterdir()] == ["VAL.cdinvite"]


@pytest.mark.parametrize("content", [b"", b"not a database at all" * 500])
def test_a_damaged_store_names_the_newest_copy(on_desk: Run, desk: Path, content: bytes) -> None:
    folder = DeskFolder(desk)
    key = unlock(folder, "demo")
    copy = backup.make(folder, key, backup.Why.ASKED, datetime(2026, 12, 3, 9, 30))  # noqa: DTZ001
    (desk / "desk.db").write_bytes(content)

    for words in (("search", "x"), ("today",), ("undo",), ("doctor",)):
        told = on_desk(*words)
        assert str(copy.path) in told.err + told.out


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b'{"slots": [{"kind": "passphrase"}]}'])
def test_damaged_slots(on_desk: Run, desk: Path, content: bytes) -> None:
    (desk / "slots.json").write_bytes(content)

    assert refused(on_desk, ALL, "[slots-damaged]") == []


def test_who_writes_waits_while_the_desk_is_open_elsewhere_who_looks_does_not(
    on_desk: Run, desk: Path
) -> None:
    folder = DeskFolder(desk)
    window = open_store(folder, unlock(folder, "demo"))
    try:
        assert refused(on_desk, WRITING, "[already-open]") == []
        assert {on_desk(*words).status for words in LOOKING} <= {0, 1}
    finally:
        window.close()


@pytest.mark.parametrize("words", [["--no-such-option"], ["\udcff"], ["", "", "", ""], ["--json="]])
def test_commands_written_wrongly(on_desk: Run, words: list[str]) -> None:
    for command in COMMANDS:
        ended = on_desk(command, *words)

        assert ended.status in (1, 2), command
        assert "Traceback" not in ended.err
        assert ended.status == 1 or ended.err.splitlines()[-1].startswith("["), command


@pytest.mark.parametrize("words", [["serach", "le goff"], ["--desk"], ["--lang", "de", "today"]])
def test_options_written_wrongly(run: Run, words: list[str]) -> None:
    ended = run(*words)

    assert ended.status == 2
    assert ended.err.splitlines()[-1] == "[usage]"


def test_a_folder_whose_name_is_too_long(run: Run) -> None:
    ended = run("--desk", "x" * 5000, "today")

    assert ended.status == 2
    assert ended.err.splitlines()[-1] == "[no-desk-here]"


def test_a_drive_that_does_not_answer(run: Run, desk: Path) -> None:
    drive = desk.parent / "drive"
    drive.mkdir()

    with dead_drive(drive):
        assert (
            refused(lambda *words: run("--desk", drive / "desk", *words), ALL, "[desk-away:silent]")
            == []
        )
        made = run("--desk", drive / "desk", "demo", "--no-window")
        elsewhere = run("--desk", desk, "export", "members", drive / "people.csv")
        brought = run("--desk", desk, "restore", drive / "copy.db")
    assert made.err.splitlines()[-1] == "[desk-away:silent]"
    assert elsewhere.err.splitlines()[-1] == "[unwritable-file:device]"
    assert "The disk or the network drive does not answer: " in brought.err
    assert brought.err.splitlines()[-1] == "[disk:silent]"


def test_a_desk_that_was_here_and_is_not_any_more(run: Run, tmp_path: Path) -> None:
    Path(tmp_path / "secret").write_text("some passphrase", "utf-8")
    options = ("--desk", tmp_path / "stick" / "desk", "--passphrase-file", tmp_path / "secret")
    assert run(*options, "new", "--office", "A").status == 0
    (tmp_path / "stick").rename(tmp_path / "away")

    assert refused(lambda *words: run(*options, *words), ALL, "[desk-away:gone]") == []
    assert "`new` begins a desk there" in run(*options, "today").err
    assert run(*options, "new", "--office", "A").status == 0


def test_a_desk_that_is_a_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    Path(tmp_path / "secret").write_text("some passphrase", "utf-8")
    options = ("--desk", tmp_path / "file", "--passphrase-file", tmp_path / "secret")

    assert run(*options, "today").err.splitlines()[-1] == "[no-desk-here]"
    assert run(*options, "new", "--office", "A").err.splitlines()[-1] == "[cannot-write:failed]"


@pytest.mark.parametrize("name", ["sidecar.json", "attempts.json", "desk.open.json"])
@pytest.mark.parametrize(
    "content",
    [
        "[]",
        '{"exported": 5, "failures": 1e999, "at": 1e999, "since": 1e999, "user": 1, "computer": 2}',
        '{"exported": {"aa": "x", "bb": 1e999}, "failures": "x", "at": "y", "since": "z"}',
    ],
)
def test_notes_beside_the_store_that_were_altered_stop_nobody(
    on_desk: Run, desk: Path, name: str, content: str
) -> None:
    (desk / name).write_text(content, "utf-8")
    folder = DeskFolder(desk)
    key = unlock(folder, "demo")
    (desk / name).write_text(content, "utf-8")

    assert on_desk("edit", "member", "000417", "note=x").status == 0
    window = open_store(folder, key)
    try:
        (desk / name).write_text(content, "utf-8")
        assert on_desk("undo").err.splitlines()[-1] == "[already-open]"
    finally:
        window.close()
