"""A desk in a folder where nothing may be written: it can be looked at, and refuses to be changed."""

import ctypes
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from correspondent_desk.store.database import open_store
from correspondent_desk.store.vault import DeskFolder, unlock
from tests import programs
from tests.cli.conftest import Ended, Run
from tests.cli.test_refusals import WRITING

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="drops a right of the administrator"
)

_VERSION_3 = 0x20080522  # see capset(2)
_DAC_OVERRIDE, _DAC_READ_SEARCH = 1, 2
LOOKING = [
    ("search", "le goff"),
    ("search", "--lines"),
    ("show", "member", "000417"),
    ("today", "--json"),
    ("history", "member", "000417"),
    ("doctor",),
    ("disagreements",),
]


def _as_anybody() -> None:
    """Let file permissions hold for the administrator too, under whom tests may run."""
    libc = ctypes.CDLL(None, use_errno=True)
    head = (ctypes.c_uint32 * 2)(_VERSION_3, 0)
    rights = (ctypes.c_uint32 * 6)()  # effective, permitted and inherited, twice 32 of each
    assert libc.capget(head, rights) == 0
    for kind in range(3):
        rights[kind] &= ~(1 << _DAC_OVERRIDE | 1 << _DAC_READ_SEARCH)
    assert libc.capset(head, rights) == 0


@pytest.fixture
def locked(desk: Path) -> Iterator[Path]:
    """A desk of which nothing may be written."""
    for path in (*desk.iterdir(), desk):
        path.chmod(path.stat().st_mode & ~0o222)
    yield desk
    desk.chmod(0o755)


def at(desk: Path, *words: str) -> Ended:
    words = ("--lang", "en", "--desk", str(desk), *words)
    status, out, err = programs.ended(words, before=_as_anybody)
    return Ended(status, out.decode(), err.decode())


@pytest.mark.parametrize("words", LOOKING, ids=" ".join)
def test_it_can_be_looked_at(locked: Path, words: tuple[str, ...]) -> None:
    before = sorted(locked.iterdir())
    ended = at(locked, *words)

    assert ended.status in (0, 1)
    assert ended.err == ""
    assert sorted(locked.iterdir()) == before


def test_its_lists_can_be_written_elsewhere(locked: Path, tmp_path: Path) -> None:
    assert at(locked, "export", "members", str(tmp_path / "people.csv")).status == 0
    assert (tmp_path / "people.csv").stat().st_size > 1000


@pytest.mark.parametrize("words", [WRITING[0], WRITING[1], WRITING[4]], ids=" ".join)
def test_it_is_not_changed(locked: Path, words: tuple[str, ...]) -> None:
    ended = at(locked, *words)

    assert ended.err == (
        f"This account may not write here: {locked}."
        " Ask for the right to write there, or choose another folder.\n[cannot-write:read-only]\n"
    )


def test_what_opens_a_hub_is_told_where_it_may_not_be_read(tmp_path: Path, run: Run) -> None:
    key = tmp_path / "hub" / "hub.key"
    run("hub", "init", "--hub", str(key.parent))
    key.chmod(0)

    assert at(tmp_path, "hub", "desks", "--hub", str(key.parent)).err == (
        f"This account has no right to this: {key}."
        " Ask for the right to it, then try again.\n[disk:forbidden]\n"
    )


@pytest.mark.parametrize("words", [LOOKING[0], WRITING[0]], ids=" ".join)
def test_a_store_that_may_not_even_be_read_is_told_so(desk: Path, words: tuple[str, ...]) -> None:
    store = desk / "desk.db"
    store.chmod(0)

    assert at(desk, *words).err == (
        f"This account has no right to this: {store}."
        " Ask for the right to it, then try again.\n[disk:forbidden]\n"
    )


def test_it_can_be_looked_at_while_who_may_write_has_it_open(desk: Path, on_desk: Run) -> None:
    folder = DeskFolder(desk)
    window = open_store(folder, unlock(folder, "demo"))
    try:
        desk.chmod(0o555)
        assert at(desk, "search", "le goff").status == 0
    finally:
        desk.chmod(0o755)
        window.close()
    assert on_desk("edit", "member", "000417", "note=x").status == 0
