"""Names on disks, above all where Windows lets others keep a file from us."""

import errno
import os
import threading
import time
from pathlib import Path

import pytest

from correspondent_desk import disk

SHARING, DENIED = 32, 5


class RefusedByWindows(PermissionError):
    """What Windows says, on every system."""

    def __init__(self, number: int) -> None:
        super().__init__(errno.EACCES, "denied")
        self.winerror = number


@pytest.fixture
def part(tmp_path: Path) -> Path:
    found = tmp_path / "list.csv.part"
    found.write_text("new", "ascii")
    return found


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "list.csv"
    found.write_text("old", "ascii")
    return found


def refuse(monkeypatch: pytest.MonkeyPatch, times: int, number: int) -> None:
    """The first so many times that a file is renamed, Windows refuses."""
    left = iter(range(times))
    replace = Path.replace

    def refusing(part: Path, path: Path) -> Path:
        if next(left, None) is None:
            return replace(part, path)
        raise RefusedByWindows(number)

    monkeypatch.setattr(Path, "replace", refusing)


@pytest.mark.parametrize("number", [SHARING, DENIED])
def test_a_file_that_a_scanner_holds_for_a_moment_is_replaced(
    part: Path, path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    refuse(monkeypatch, 3, number)

    disk.take_place(part, path)

    assert path.read_text("ascii") == "new"
    assert not part.exists()


@pytest.mark.parametrize("number", [SHARING, DENIED])
def test_a_file_that_stays_held_is_left_and_said_to_be_held(
    part: Path, path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    refuse(monkeypatch, 100, number)

    with pytest.raises(OSError, match="list") as caught:
        disk.take_place(part, path)

    assert disk.is_held(caught.value)
    assert path.read_text("ascii") == "old"


def test_a_folder_one_may_not_write_to_is_said_at_once(
    part: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(monkeypatch, 1, DENIED)

    with pytest.raises(PermissionError) as caught:
        disk.take_place(part, tmp_path / "not there yet.csv")

    assert not disk.is_held(caught.value)


@pytest.mark.skipif(os.name != "nt", reason="only Windows keeps open files from being replaced")
def test_windows_itself_lets_the_one_who_reads_end_first(part: Path, path: Path) -> None:
    begun = threading.Event()

    def read() -> None:
        with path.open("rb"):
            begun.set()
            time.sleep(0.1)

    reader = threading.Thread(target=read)
    reader.start()
    begun.wait()
    try:
        disk.take_place(part, path)
    finally:
        reader.join()

    assert path.read_text("ascii") == "new"


@pytest.mark.skipif(os.name != "nt", reason="only Windows keeps open files from being replaced")
def test_windows_itself_keeps_an_open_file(part: Path, path: Path) -> None:
    with path.open("rb"), pytest.raises(OSError, match="list") as caught:
        disk.take_place(part, path)

    assert disk.is_held(caught.value)


def test_a_passing_folder_is_empty_and_goes_with_what_is_in_it(tmp_path: Path) -> None:
    with disk.passing_folder(tmp_path, ".x-") as folder:
        assert folder.parent == tmp_path
        assert not list(folder.iterdir())
        (folder / "scrap").write_text("x", "ascii")

    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(not Path("/sys/kernel").is_dir(), reason="needs a folder nobody may write to")
@pytest.mark.timeout(20)
def test_no_folder_where_one_may_not_write() -> None:
    with pytest.raises(OSError, match="kernel"):
        disk.new_folder(Path("/sys/kernel"))
