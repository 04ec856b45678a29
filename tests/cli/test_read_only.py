"""A desk in a folder where nothing may be written: it can be looked at, and refuses to be changed."""

import ctypes
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from correspondent_desk.store.database import open_store
from correspondent_desk.store.vault import DeskFolder, unlock
from tests.cli.conftest import SOURCES, Ended, Run
from tests.cli.test_refusals import WRITING

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="drops a right of the administrator"
)

_DROP_CAPABILITY, _DAC_OVERRIDE, _DAC_READ_SEARCH = 24, 1, 2  # of prctl, see capabilities(7)
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
    libc = ctypes.CDLL(None)
    for right in (_DAC_OVERRIDE, _DAC_READ_SEARCH):
        libc.prctl(_DROP_CAPABILITY, right, 0, 0, 0)


@pytest.fixture
def locked(desk: Path) -> Iterator[Path]:
    """A desk of which nothing may be written."""
    for path in (*desk.iterdir(), desk):
        path.chmod(path.stat().st_mode & ~0o222)
    yield desk
    desk.chmod(0o755)


def at(desk: Path, *words: str) -> Ended:
    done = subprocess.run(
        [sys.executable, "-m", "correspondent_desk", "--lang", "en", "--desk", desk, *words],
        capture_output=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(SOURCES)},
        preexec_fn=_as_anybody,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


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
