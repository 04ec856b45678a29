"""Programs of ours that die by SIGKILL wherever a death leaves other files than the one before."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from correspondent_desk.errors import DeskError
from correspondent_desk.store import connection as driver
from tests.dead_drive import dead_drive, die, revive
from tests.volume import VOLUME

if sys.platform != "win32":
    import resource

forks = pytest.mark.skipif(sys.platform == "win32", reason="needs fork, signals and limits")
"""Of a test that does so again and again; these come first, see conftest."""

DONE, REFUSED, BROKEN = 0, 3, 4
_NUMBER = 4  # bytes


def in_child(work: Callable[[], None], prepare: Callable[[], None]) -> int:
    """How a process of its own ends that prepares and works; negative: the signal that killed it."""
    child = os.fork()
    if not child:
        status = BROKEN
        try:
            prepare()
            work()
            status = DONE
        except DeskError:
            status = REFUSED
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    return -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)


def killed_at(count: int) -> Callable[[], None]:
    """Die by SIGKILL at the count-th statement, rename or flush from here on."""

    def tick(now: int) -> None:
        if now == count:
            os.kill(os.getpid(), signal.SIGKILL)

    return _before_each(tick)


def no_file_beyond(size: int) -> Callable[[], None]:
    """No file may grow beyond size: what a full disk does to a program."""

    def arm() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return arm


def until_it_lives(work: Callable[[], None], check: Callable[[], None], *folders: Path) -> int:
    """Kill work later and later, check after each time; how often it was killed.

    What a death leaves is what lies in folders, and between most statements nothing changes there.
    So work is killed once for each change, and check, which puts everything back, sees it done as well.
    If volume is asked for, it is killed everywhere.
    """
    places = _changes(work, folders)
    check()
    if VOLUME > 1:
        places = list(range(1, places[-1] + 1))
    kills = 0
    for count in places:
        status = in_child(work, killed_at(count))
        assert status in (-signal.SIGKILL, DONE), status
        kills += status != DONE
        check()
    return kills


def until_it_answers(
    work: Callable[[], None], check: Callable[[], None], drive: Path, *folders: Path
) -> int:
    """As until_it_lives, with the drive that dies instead of work, and answers again for the check.

    How often work was refused: it says so by a DeskError each time, or ends well. folders: where to
    look for what changes, if that is not the drive.
    """
    with dead_drive(drive):
        pass  # or the test is skipped
    places = _changes(work, folders or (drive,))
    check()
    refusals = 0
    for count in places:

        def tick(now: int, last: int = count) -> None:
            if now == last:
                die(drive)

        try:
            status = in_child(work, _before_each(tick))
        finally:
            revive(drive)
        assert status in (REFUSED, DONE), (count, status)
        refusals += status == REFUSED
        check()
    return refusals


def _before_each(tick: Callable[[int], None]) -> Callable[[], None]:
    """What calls tick before each statement, rename and flush from here on, with their number."""

    def arm() -> None:
        count = 0

        def next_one(*_: object) -> None:
            nonlocal count
            count += 1
            tick(count)

        connect, fsync, replace = driver.connect, os.fsync, Path.replace

        def traced(*told: Any, **named: Any) -> Any:
            connection = connect(*told, **named)
            connection.set_trace_callback(next_one)
            return connection

        def flushed(handle: int) -> None:
            next_one()
            fsync(handle)

        def replaced(path: Path, target: Path) -> Path:
            next_one()
            return replace(path, target)

        driver.connect = traced
        os.fsync = flushed  # type: ignore[assignment]
        Path.replace = replaced  # type: ignore[method-assign, assignment]

    return arm


def _changes(work: Callable[[], None], folders: tuple[Path, ...]) -> list[int]:
    """Do work in a process of its own: at which statements, renames and flushes files have changed.

    The first and the last of all are among them.
    """
    reading, writing = os.pipe()
    before: dict[str, bytes] = {}
    last = 0

    def told(count: int) -> None:
        os.write(writing, count.to_bytes(_NUMBER))

    def look(count: int) -> None:
        nonlocal before, last
        now, last = dict(_files(folders)), count
        if now != before:
            told(count)
        before = now

    def worked() -> None:
        work()
        told(last)

    status = in_child(worked, _before_each(look))
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    assert status == DONE, status
    return sorted({int.from_bytes(said[at : at + _NUMBER]) for at in range(0, len(said), _NUMBER)})


def _files(folders: tuple[Path, ...]) -> Iterator[tuple[str, bytes]]:
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file():
                yield str(path), path.read_bytes()
