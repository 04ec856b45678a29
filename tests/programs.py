"""Programs that tests start."""

import functools
import multiprocessing
import os
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from correspondent_desk import language

if TYPE_CHECKING:  # Windows has but one of them
    from multiprocessing.context import ForkServerContext, SpawnContext

ROOT = Path(__file__).parent.parent
SOURCES = Path(language.__file__).parent.parent
LONG_S = 120
LOADED = [
    # No commands: their help is written in the language that is known when they are loaded.
    "alembic.command",
    "httpx",
    "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.dialects.sqlite.pysqlite",
    "uvicorn.protocols.http.h11_impl",
    "correspondent_desk.cli.main",
    "correspondent_desk.domain.phones",
    "correspondent_desk.hub.service.server",
    "correspondent_desk.messages.errors",
    "correspondent_desk.records.demo.fill",
    "correspondent_desk.records.finding",
    "correspondent_desk.records.timeline",
    "correspondent_desk.records.today",
    "correspondent_desk.store.database",
    "correspondent_desk.sync.online.exchange",
    "tests.hub.test_at_once",
]


def bare(**variables: str) -> dict[str, str]:
    """An environment of these variables only, with what Windows needs to start anything."""
    needed = ("SYSTEMROOT", "PATHEXT", "TEMP") if os.name == "nt" else ()
    return {name: os.environ[name] for name in needed if name in os.environ} | variables


@functools.cache
def processes() -> "ForkServerContext | SpawnContext":
    """Makes processes of their own, which share no lock, no thread and no open file with this one.

    Each is forked from one that has loaded the program and does nothing else: loading it anew takes
    ten times what most commands take. Windows has no fork, and loads it each time.
    """
    if sys.platform == "win32":
        return multiprocessing.get_context("spawn")
    from multiprocessing import forkserver

    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(LOADED)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        patch.setenv("PYTHONPATH", os.pathsep.join([str(SOURCES), str(ROOT)]))
        forkserver.ensure_running()
    return context


def started(
    words: Sequence[object],
    streams: tuple[int, int, int],
    *,
    environment: Mapping[str, str] | None = None,
    before: Callable[[], None] | None = None,
) -> BaseProcess:
    """The command correspondent-desk with these words in a process of its own; not on Windows.

    streams: open files that it takes for its own three. before: what the process does first.
    """
    process = processes().Process(
        target=_run,
        args=(
            [str(word) for word in words],
            [_Stream(one) for one in streams],
            dict(os.environ if environment is None else environment),
            Path.cwd(),
            before,
        ),
        daemon=True,
    )
    process.start()
    return process


def ended(
    words: Sequence[object],
    *,
    typed: bytes = b"",
    environment: Mapping[str, str] | None = None,
    before: Callable[[], None] | None = None,
) -> tuple[int, bytes, bytes]:
    """How the command ended, and what it printed on its two streams; as started."""
    with (
        tempfile.TemporaryFile() as taken,
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as err,
    ):
        taken.write(typed)
        taken.seek(0)
        streams = (taken.fileno(), out.fileno(), err.fileno())
        process = started(words, streams, environment=environment, before=before)
        process.join(LONG_S)
        assert process.exitcode is not None, words
        for one in (out, err):
            one.seek(0)
        return process.exitcode, out.read(), err.read()


class _Stream:
    """An open file that a process is given; there it is a number."""

    def __init__(self, number: int) -> None:
        self._number = number

    def __reduce__(self) -> tuple[Callable[[Any], int], tuple[Any]]:
        from multiprocessing.reduction import DupFd  # Windows has another

        # Not before now, while a process is started: the file goes with it.
        return _there, (DupFd(self._number),)


def _there(given: Any) -> int:
    number: int = given.detach()
    return number


def _run(
    words: list[str],
    streams: Sequence[int],
    environment: dict[str, str],
    folder: Path,
    before: Callable[[], None] | None,
) -> None:
    """As the interpreter would begin with the program."""
    for own, given in enumerate(streams):
        os.dup2(given, own)
        os.close(given)
    sys.stdin, sys.stdout, sys.stderr = (
        open(own, mode, encoding="utf-8", errors=errors, closefd=False)  # noqa: SIM115
        for own, (mode, errors) in enumerate(
            (("r", "strict"), ("w", "strict"), ("w", "backslashreplace"))
        )
    )
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.argv = ["correspondent-desk", *words]
    if before is not None:
        before()
    from correspondent_desk.__main__ import run

    run()
