"""A bundle is written whole or not at all, and read whole or not at all."""

import errno
import io
import os
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from correspondent_desk.sync import bundle, keys, opening
from correspondent_desk.sync.bundle import (
    BundleNotWritten,
    BundleRejected,
    Header,
    Reason,
    Section,
    SectionHead,
    WriteFault,
)
from correspondent_desk.sync.manifest import Segment, Welcome
from tests.sync.builders import NOW, World


def told_by(loaded: bundle.Loaded, *kinds: str) -> list[Section]:
    return [Section(*content) for content in loaded.sections(*kinds)]


def reason_of(world: World, path: Path) -> Reason:
    with pytest.raises(BundleRejected) as caught:
        bundle.verify(path, world.hub.receiving, world.from_desk)
    return caught.value.reason


ids = st.binary(min_size=16, max_size=16)
counts = st.integers(0, 1 << 48)
names = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
headers = st.builds(
    Header,
    bundle=ids,
    sender_name=names,
    office=ids,
    origin=ids,
    incarnation=counts,
    number=counts,
    previous=counts,
    created=st.integers(0, 1 << 53),
    vector=st.dictionaries(ids, counts, max_size=3),
    segments=st.lists(
        st.builds(Segment, origin=ids, first=counts, to=counts, chain_to=st.binary(max_size=32)),
        max_size=2,
    ),
    requires=st.lists(st.just("mvr1"), max_size=1),
    erasure=counts,
    welcome=st.none() | st.builds(Welcome, invitation=ids, desk=counts, office_code=names),
)
sections = st.builds(
    Section,
    st.sampled_from(["ops", "ledger", "directory", "catalogue", "attachment", "minutes"]),
    st.binary(max_size=200),
)


@settings(max_examples=30)
@given(headers, st.lists(sections, max_size=5, unique_by=lambda section: section.content))
def test_what_was_written_is_read(header: Header, given_sections: list[Section]) -> None:
    world, files = World(), dict[bytes, io.BytesIO]()

    def place(head: SectionHead) -> BinaryIO:
        files[head.digest] = Kept()
        return files[head.digest]

    with tempfile.TemporaryDirectory() as folder:
        written = bundle.write(
            Path(folder) / "x.cdb",
            header,
            given_sections,
            signing=world.desk.signing,
            recipients=[world.other.public.receiving, world.hub.public.receiving],
        )
        loaded = world.load(written.path)
        loaded.attachments(place)

    told = {name: getattr(loaded.manifest, name) for name in Header.__struct_fields__}
    attached = [section for section in given_sections if section.kind == "attachment"]
    assert told == msgspec.structs.asdict(header)
    assert loaded.manifest == written.manifest
    assert told_by(loaded) == [it for it in given_sections if it not in attached]
    assert sorted(file.getvalue() for file in files.values()) == sorted(
        section.content for section in attached
    )


class Kept(io.BytesIO):
    """A file of which the content can be asked when it is closed."""

    def close(self) -> None:
        self.flush()


def test_the_preamble_is_read_without_a_key_and_names_nobody(world: World, tmp_path: Path) -> None:
    written = world.write(tmp_path / "x.cdb", Section("ops", world.payload()))

    said = bundle.preamble(written.path)

    assert (said.major, said.minor) == (1, 0)
    assert said.bundle == written.manifest.bundle
    assert said.recipients == (keys.key_id(world.hub.public.receiving),)
    start = written.path.read_bytes()[: len(said.raw)]
    assert start == said.raw
    assert len(said.raw) == 53


def test_nothing_personal_shows_in_the_file(world: World, tmp_path: Path) -> None:
    written = world.write(tmp_path / "x.cdb", Section("ops", world.payload()))
    raw = written.path.read_bytes()

    for secret in (b"Durand", world.office, world.origin, world.desk.public.signing, b"Petit"):
        assert secret not in raw
    for recipient in written.manifest.recipients:
        assert recipient.encode() not in raw


def test_a_written_bundle_is_alone_in_its_folder(world: World, tmp_path: Path) -> None:
    written = world.write(tmp_path / "x.cdb", Section("ops", world.payload()))

    assert list(tmp_path.iterdir()) == [written.path]
    assert written.path.stat().st_size == written.size


def test_sections_are_found_by_kind_and_unknown_kinds_are_kept(
    world: World, tmp_path: Path
) -> None:
    given_sections = [Section("ops", b"one"), Section("minutes", b"two"), Section("ops", b"three")]
    world.write(tmp_path / "x.cdb", *given_sections)
    loaded = world.load(tmp_path / "x.cdb")

    assert told_by(loaded, "ops") == [given_sections[0], given_sections[2]]
    assert told_by(loaded, "ledger", "minutes") == [given_sections[1]]
    assert told_by(loaded) == given_sections


def test_a_large_attachment_goes_through_without_being_held(world: World, tmp_path: Path) -> None:
    scan, copy = tmp_path / "scan.tiff", tmp_path / "copy"
    scan.write_bytes(world.chance.randbytes(3 << 20))
    world.write(tmp_path / "x.cdb", Section("attachment", scan), Section("ops", b"text"))

    world.load(tmp_path / "x.cdb").attachments(lambda _: copy.open("xb"))

    assert copy.read_bytes() == scan.read_bytes()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_an_attachment_that_finds_no_room_is_said_so(world: World, tmp_path: Path) -> None:
    def full(_: SectionHead) -> BinaryIO:
        return Path("/dev/full").open("wb")

    world.write(tmp_path / "x.cdb", Section("attachment", bytes(300_000)))
    loaded = world.load(tmp_path / "x.cdb")

    with pytest.raises(BundleNotWritten) as caught:
        loaded.attachments(full)

    assert caught.value.reason is WriteFault.DISK_FULL


def test_attachments_come_from_the_verified_file_only(world: World, tmp_path: Path) -> None:
    path = tmp_path / "x.cdb"
    world.write(path, Section("attachment", b"one"))
    loaded = world.load(path)
    world.write(path, Section("attachment", b"two"))

    with pytest.raises(BundleRejected) as caught:
        loaded.attachments(lambda _: (tmp_path / "copy").open("xb"))

    assert caught.value.reason is Reason.DAMAGED
    assert not (tmp_path / "copy").exists()


def test_older_receiving_keys_open_and_destroyed_ones_say_so(world: World, tmp_path: Path) -> None:
    path = tmp_path / "x.cdb"
    world.write(path, Section("ops", b"text"))
    rotated = world.hub.rotated(NOW + timedelta(days=31))
    destroyed = rotated.rotated(NOW + timedelta(days=152))

    assert bundle.verify(path, rotated.receiving, world.from_desk).number == 1
    with pytest.raises(BundleRejected) as caught:
        bundle.verify(path, destroyed.receiving, world.from_desk, retired=destroyed.retired)
    assert caught.value.reason is Reason.STALE_KEY


def test_a_bundle_for_somebody_else_is_told_before_any_decryption(
    world: World, tmp_path: Path
) -> None:
    path = tmp_path / "x.cdb"
    world.write(path, Section("ops", b"text"))
    path.write_bytes(path.read_bytes()[:60])

    with pytest.raises(BundleRejected) as caught:
        bundle.verify(path, world.other.receiving, world.from_desk)

    assert caught.value.reason is Reason.WRONG_RECIPIENT


def test_what_trust_says_is_what_the_caller_hears(world: World, tmp_path: Path) -> None:
    path = tmp_path / "x.cdb"
    world.write(path, Section("ops", b"text"))

    def revoked(_: bundle.Manifest) -> None:
        raise BundleRejected(Reason.REVOKED)

    with pytest.raises(BundleRejected) as caught:
        bundle.load(path, world.hub.receiving, revoked)

    assert caught.value.full_code == "bundle:revoked"


def test_no_file_and_no_readable_file(world: World, tmp_path: Path) -> None:
    assert reason_of(world, tmp_path / "not-there.cdb") is Reason.MISSING
    assert reason_of(world, tmp_path) is Reason.NOT_A_FILE
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        assert reason_of(world, tmp_path / "pipe") is Reason.NOT_A_FILE


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that fails when read")
def test_a_file_that_fails_when_read(world: World) -> None:
    assert reason_of(world, Path("/proc/self/mem")) is Reason.UNREADABLE


class Pulled(io.BytesIO):
    """A file on a stick that is pulled out when age has begun to read."""

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell() > 80_000:
            raise OSError(errno.EIO, "pulled")
        return super().read(size)


def test_a_stick_pulled_while_reading(world: World, tmp_path: Path) -> None:
    path = tmp_path / "x.cdb"
    world.write(path, Section("attachment", bytes(300_000)))
    pulled = Pulled(path.read_bytes())

    with pytest.raises(BundleRejected) as caught, opening.opened(path):
        opening.read(pulled, world.hub.receiving, world.from_desk)

    assert caught.value.reason is Reason.UNREADABLE


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("BR1", "CD_BR1_2_0011.cdb"),
        ("Brest / Été", "CD_Brest-t_2_0011.cdb"),
        ("../../etc", "CD_etc_2_0011.cdb"),
        ("……", "CD_office_2_0011.cdb"),
    ],
)
def test_file_names_are_plain_everywhere(code: str, name: str) -> None:
    assert bundle.file_name(code, "2", 11) == name
