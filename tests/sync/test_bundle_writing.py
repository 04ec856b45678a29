"""Writing a bundle: wherever it fails, the old file or none is there, and the reason is told."""

import errno
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
import pytest

from correspondent_desk.sync import bundle
from correspondent_desk.sync.bundle import (
    BundleNotWritten,
    Section,
    WriteFault,
)
from tests.sync.builders import World


def write(world: World, path: Path, given_sections: Iterable[Section]) -> bundle.Written:
    return bundle.write(
        path,
        world.header(),
        given_sections,
        signing=world.desk.signing,
        recipients=[world.hub.public.receiving],
    )


def fault_of(world: World, path: Path, *sections: Section) -> WriteFault:
    with pytest.raises(BundleNotWritten) as caught:
        world.write(path, *sections)
    return caught.value.reason


def test_a_folder_that_is_not_there(world: World, tmp_path: Path) -> None:
    assert fault_of(world, tmp_path / "gone" / "x.cdb") is WriteFault.NO_FOLDER


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written(world: World, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        assert fault_of(world, tmp_path / "x.cdb") is WriteFault.READ_ONLY
    finally:
        tmp_path.chmod(0o700)


def test_a_target_that_is_a_folder(world: World, tmp_path: Path) -> None:
    (tmp_path / "x.cdb" / "inner").mkdir(parents=True)

    assert fault_of(world, tmp_path / "x.cdb") is WriteFault.NOT_A_FILE
    assert [file.name for file in tmp_path.iterdir()] == ["x.cdb"]


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such limit")
def test_a_disk_that_takes_no_more_keeps_the_old_bundle_and_no_part(
    world: World, tmp_path: Path
) -> None:
    import resource

    path = tmp_path / "x.cdb"
    old = world.write(path, Section("ops", b"old"))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        fault = fault_of(world, path, Section("attachment", bytes(300_000)))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert fault is WriteFault.TOO_LARGE
    assert list(tmp_path.iterdir()) == [path]
    assert world.load(path).manifest == old.manifest


FILLED = """
import sys
from pathlib import Path
from correspondent_desk.sync.bundle import BundleNotWritten, Section
from tests.sync.builders import World
world = World()
try:
    world.write(Path(sys.argv[1], "x.cdb"), Section("attachment", world.chance.randbytes(300_000)))
except BundleNotWritten as error:
    print(error.reason, list(Path(sys.argv[1]).iterdir()))
"""


def test_a_full_disk(tmp_path: Path) -> None:
    """On a real file system of 128 KiB, where the system lets an ordinary user mount one."""
    own = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c"]
    mount = f"mount -t tmpfs -o size=128k tmpfs '{tmp_path}'"
    try:
        subprocess.run([*own, mount], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no file system of our own here")
    script = f"""{mount} && '{sys.executable}' -c '{FILLED}' '{tmp_path}'"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [*own, script], check=True, capture_output=True, text=True, env=environment
    )

    assert done.stdout == "disk-full []\n"


class OpenElsewhere(PermissionError):
    """What Windows says of a file that another program has open."""

    winerror = 32


def failing(code: int) -> OSError:
    return OSError(code, "what the system says")


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (failing(errno.ENOSPC), "disk-full"),
        (failing(errno.EDQUOT), "disk-full"),
        (failing(errno.EFBIG), "too-large"),
        (failing(errno.EROFS), "read-only"),
        (failing(errno.EACCES), "read-only"),
        (OpenElsewhere(errno.EACCES, "open"), "in-use"),
        (failing(errno.ENOENT), "no-folder"),
        (failing(errno.EIO), "drive-failed"),
        (OSError("no number"), "drive-failed"),
    ],
    ids=str,
)
def test_what_the_system_says_becomes_a_reason(error: OSError, fault: str) -> None:
    assert WriteFault.of(error) == fault


@pytest.mark.skipif(os.name != "posix", reason="needs pwrite")
def test_a_drive_that_keeps_something_else_is_found_out(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = os.fsync

    def worn_out(descriptor: int) -> None:
        os.pwrite(descriptor, b"?", 200)
        honest(descriptor)

    monkeypatch.setattr(os, "fsync", worn_out)

    assert fault_of(world, tmp_path / "x.cdb", Section("ops", b"text")) is WriteFault.NOT_KEPT
    assert list(tmp_path.iterdir()) == []


WRITING = """
import sys
from pathlib import Path
from correspondent_desk.sync.bundle import Section
from tests.sync.builders import World
world, path = World(), Path(sys.argv[1])
content = [Section("attachment", world.chance.randbytes(16 << 20))]
print("ready", flush=True)
while True:
    world.write(path, *content)
"""


def test_a_writer_killed_at_any_moment_leaves_a_whole_bundle_or_none(tmp_path: Path) -> None:
    path = tmp_path / "x.cdb"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    for delay in (0.0, 0.02, 0.05, 0.11, 0.23):
        command = [sys.executable, "-c", WRITING, str(path)]
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            time.sleep(delay)
            writer.kill()
        if path.exists():
            said = bundle.preamble(path)
            age = path.read_bytes()[len(said.raw) :]
            header = age.index(b"\n", age.index(b"\n--- ") + 1) + 1
            assert len(age) == header + 16 + said.plain + 16 * -(-said.plain // 65_536)
        assert {file.name for file in tmp_path.iterdir()} <= {"x.cdb", "x.cdb.part"}


def test_a_part_left_by_a_killed_program_is_replaced(world: World, tmp_path: Path) -> None:
    (tmp_path / "x.cdb.part").write_bytes(b"half")

    written = world.write(tmp_path / "x.cdb", Section("ops", b"text"))

    assert list(tmp_path.iterdir()) == [written.path]
    assert world.load(written.path).manifest == written.manifest


def test_a_part_that_cannot_be_replaced(world: World, tmp_path: Path) -> None:
    (tmp_path / "x.cdb.part" / "inner").mkdir(parents=True)

    assert fault_of(world, tmp_path / "x.cdb") in (WriteFault.IN_USE, WriteFault.READ_ONLY)
    assert not (tmp_path / "x.cdb").exists()


@pytest.mark.skipif(os.name != "posix", reason="links need a privilege on Windows")
def test_a_link_laid_in_the_place_of_the_part_is_not_followed(world: World, tmp_path: Path) -> None:
    diary = tmp_path / "diary.txt"
    diary.write_text("dear diary")
    (tmp_path / "x.cdb.part").symlink_to(diary)

    world.write(tmp_path / "x.cdb", Section("ops", b"text"))

    assert diary.read_text() == "dear diary"
    assert not (tmp_path / "x.cdb").is_symlink()


def test_an_attachment_that_changes_meanwhile_stops_the_writing(
    world: World, tmp_path: Path
) -> None:
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(bytes(1000))

    def meanwhile() -> Iterator[Section]:
        yield Section("attachment", scan)
        scan.write_bytes(bytes(999) + b"x")

    with pytest.raises(BundleNotWritten) as caught:
        write(world, tmp_path / "x.cdb", meanwhile())

    assert caught.value.reason is WriteFault.IN_USE
    assert caught.value.details["path"] == scan
    assert list(tmp_path.iterdir()) == [scan]


def test_an_attachment_that_is_gone(world: World, tmp_path: Path) -> None:
    fault = fault_of(world, tmp_path / "x.cdb", Section("attachment", tmp_path / "gone.pdf"))

    assert fault is WriteFault.NO_FOLDER
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "given_sections",
    [
        [Section("ops", bytes((32 << 20) + 1))],
        [Section("attachment", bytes((100 << 20) + 1))],
        [Section("ops", number.to_bytes(2)) for number in range(20_001)],
    ],
    ids=["section", "attachment", "number of sections"],
)
def test_what_no_reader_would_take_is_not_written(
    world: World, tmp_path: Path, given_sections: list[Section]
) -> None:
    assert fault_of(world, tmp_path / "x.cdb", *given_sections) is WriteFault.TOO_LARGE
    assert list(tmp_path.iterdir()) == []


def test_a_manifest_that_no_reader_would_take_is_not_written(world: World, tmp_path: Path) -> None:
    vector = {number.to_bytes(16): number for number in range(200_000)}
    header = msgspec.structs.replace(world.header(), vector=vector)

    with pytest.raises(BundleNotWritten) as caught:
        bundle.write(
            tmp_path / "x.cdb",
            header,
            [],
            signing=world.desk.signing,
            recipients=[world.hub.public.receiving],
        )

    assert caught.value.reason is WriteFault.TOO_LARGE


def test_the_same_section_twice_is_the_callers_fault(world: World, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="twice"):
        world.write(tmp_path / "x.cdb", Section("ops", b"text"), Section("ops", b"text"))


def test_an_exporter_that_fails_leaves_nothing(world: World, tmp_path: Path) -> None:
    def failing_export() -> Iterator[Section]:
        yield Section("ops", b"text")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write(world, tmp_path / "x.cdb", failing_export())

    assert list(tmp_path.iterdir()) == []
