"""A hub on PostgreSQL killed at each statement, commit, rename and flush: all or nothing, then all."""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, event, func, select

from correspondent_desk.hub import database, ingest, outgoing, recipients, tables
from correspondent_desk.hub.database import Hub
from correspondent_desk.hub.ingest import Fate
from correspondent_desk.hub.wording import Found, Wording
from correspondent_desk.sync import exchange
from tests.builders import add_member
from tests.keepers import ON_SERVER
from tests.killing import DONE, forks, in_child
from tests.sync.desks import Town, contents

pytestmark = [
    pytest.mark.slow,
    forks,
    ON_SERVER,
]
MOST = 200


def killed_at(count: int) -> Callable[[], None]:
    """Die by SIGKILL at the count-th of what the database or the disk is asked from here on."""

    def arm() -> None:
        left = [count]

        def tick(*_: object) -> None:
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)

        fsync, replace = os.fsync, Path.replace

        def flushed(handle: int) -> None:
            tick()
            fsync(handle)

        def replaced(path: Path, target: Path) -> Path:
            tick()
            return replace(path, target)

        def flushed_in_place(handle: int) -> None:
            tick()
            in_place(handle)

        def asked(cursor: psycopg.Cursor[Any], *told: Any, **how: Any) -> psycopg.Cursor[Any]:
            tick()
            return execute(cursor, *told, **how)

        def asked_directly(wording: Wording, *told: Any) -> Found:
            tick()
            return ask(wording, *told)

        def asked_many(cursor: psycopg.Cursor[Any], *told: Any, **how: Any) -> None:
            tick()
            execute_many(cursor, *told, **how)

        ask, in_place = Wording.ask, os.fdatasync
        Wording.ask = asked_directly  # type: ignore[method-assign, assignment]
        os.fdatasync = flushed_in_place  # type: ignore[assignment]
        execute, execute_many = psycopg.Cursor.execute, psycopg.Cursor.executemany
        psycopg.Cursor.execute = asked  # type: ignore[method-assign, assignment]
        psycopg.Cursor.executemany = asked_many  # type: ignore[method-assign, assignment]
        event.listen(Engine, "commit", tick)
        os.fsync = flushed  # type: ignore[assignment]
        Path.replace = replaced  # type: ignore[method-assign, assignment]

    return arm


def later_and_later(town: Town, work: Callable[[Hub], Any], check: Callable[[], None]) -> int:
    """Work in a process of its own that is killed, check after each time; how often it was killed."""
    town.hub.close()  # a connection must not be shared with a child

    def opened() -> None:
        hub = database.open_hub(town.hub.folder, wall=town.clock)
        work(hub)
        hub.close()

    for kills in range(MOST):
        status = in_child(opened, killed_at(kills + 1))
        check()
        town.hub.close()
        if status == DONE:
            return kills
        assert status == -signal.SIGKILL, status
    raise AssertionError("it never came to an end")


def logged(hub: Hub) -> int:
    """Operations in the log, of which the vector must tell the same."""
    with hub.transaction(1) as connection:
        count = connection.scalar(select(func.count()).select_from(tables.op))
        told = connection.scalar(select(func.sum(tables.origin.c.hi)))
    assert count == (told or 0)
    assert isinstance(count, int)
    return count


def test_a_file_is_taken_in_whole_or_not_at_all(town: Town) -> None:
    here, there = town.desk("Yann"), town.desk("Rozenn")
    town.round()
    for number in range(60):
        add_member(here, f"Le Goff {number}")
    file = town.prepared(here)
    before = logged(town.hub)
    seen = set()

    def check() -> None:
        seen.add(logged(town.hub) - before)

    kills = later_and_later(town, lambda hub: ingest.take_in(hub, file), check)

    assert seen == {0, 60}
    assert kills > 20
    assert ingest.take_in(town.hub, file).fate == Fate.DUPLICATE
    town.round()
    assert contents(here) == contents(there)


def test_a_bundle_for_a_desk_never_has_the_number_of_another(town: Town, tmp_path: Path) -> None:
    here, there = town.desk("Yann"), town.desk("Rozenn")
    town.round()
    add_member(there)
    town.up(there)
    place = tmp_path / "out"
    place.mkdir()
    numbers: list[int] = []

    def work(hub: Hub) -> None:
        to = recipients.one(hub, 1)
        assert to is not None
        outgoing.write(hub, to, place)

    def check() -> None:
        with town.hub.transaction() as connection:
            said = select(tables.desk.c.said_number).where(tables.desk.c.id == 1)
            numbers.append(connection.execute(said).scalar_one())

    kills = later_and_later(town, work, check)

    assert kills > 10
    assert numbers == sorted(numbers)
    written = sorted(place.glob("*.cdb"))
    assert len({path.name for path in written}) == len(written)
    exchange.apply(here, town.written_for(here))
    assert contents(here) == contents(there)
