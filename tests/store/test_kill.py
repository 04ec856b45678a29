"""Killed at any moment, and on a full disk: every action is whole or absent."""

import contextlib
import multiprocessing
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.fields import Kind
from correspondent_desk.store import history, identity
from correspondent_desk.store.connection import StoreUnreachable
from correspondent_desk.store.database import Database, open_store
from correspondent_desk.store.files import CannotWrite
from correspondent_desk.store.places import Risk
from correspondent_desk.store.tables import Dependant, Member
from correspondent_desk.store.vault import DataKey, DeskFolder
from tests.builders import Clock, new_folder
from tests.killing import forks

if sys.platform != "win32":
    import resource

KILLS = 25
CHILDREN = 3
BULK = 300
READY = "ready"


def household(session: Session) -> None:
    """A member with three children, and a remark on the member before."""
    last = identity.raw(session).execute("SELECT max(id) FROM member").fetchone()[0]
    if last:
        session.get_one(Member, last).note += "+"
    member = history.create(session, Member, family_name="Le Goff", note="x" * 500)
    for child in range(CHILDREN):
        history.create(
            session, Dependant, root=member.id, member_id=member.id, first_name=f"{child}"
        )


def regiment(session: Session) -> None:
    """Many at once."""
    rows = ((f"N{i}", "x" * 200, f"n{i}", f"n{i}") for i in range(BULK))
    columns = ["family_name", "note", "sort_key", "search_doc"]
    history.bulk_insert(session, Kind.MEMBER, columns, rows)


def work_until_killed(path: Path, key: DataKey, seed: int) -> None:
    """Do, undo and redo for ever."""
    desk = open_store(DeskFolder(path), key, wall=Clock())
    chance = random.Random(seed)
    while True:
        step = chance.random()
        with contextlib.suppress(Exception if step < 0 else LookupError):
            if step < 0.7 or desk.next_undo() is None:
                desk.do(Action.MEMBER_CREATED, household)
            elif step < 0.8:
                desk.do(Action.MEMBERS_IMPORTED, regiment)
            else:
                desk.undo()
        (path / READY).touch()  # not before: a busy computer would never come to a first step


def in_child(work: Callable[..., None], *told: Any) -> multiprocessing.process.BaseProcess:
    """work in a process of its own, which shares nothing that is open."""
    child = multiprocessing.get_context("fork").Process(target=_alone, args=(work, told))
    child.start()
    return child


def _alone(work: Callable[..., None], told: tuple[Any, ...]) -> None:
    try:
        work(*told)
    except BaseException:  # noqa: BLE001 - a child must not run the parent's clean-up
        import traceback

        traceback.print_exc()
        os._exit(3)
    os._exit(0)


def assert_whole(desk: Database) -> int:
    """Everything in the store fits together; the number of actions."""
    desk.check()

    def ask(sql: str) -> list[Any]:
        return desk.read(lambda s: identity.raw(s).execute(sql).fetchall())

    actions = ask("SELECT id, code, records, first, last FROM action ORDER BY id")
    assert [one[0] for one in actions] == list(range(1, len(actions) + 1))
    logged = dict(ask("SELECT action, count(*) FROM history GROUP BY action"))
    assert logged == {one[0]: one[2] for one in actions}
    for _, code, records, first, last in actions:
        assert last - first + 1 == records
        if code == Action.MEMBER_CREATED:
            assert records in (CHILDREN + 1, CHILDREN + 2)
        if code == Action.MEMBERS_IMPORTED:
            assert records == BULK
    assert ask("SELECT hi, stamp FROM origin") == ask(
        "SELECT coalesce(max(seq), 0), coalesce(max(stamp), 0) FROM history"
    )
    assert ask("SELECT count(*) FROM record WHERE stamp IS NULL") == [(0,)]
    assert ask("SELECT count(*) FROM record") == ask(
        "SELECT (SELECT count(*) FROM member) + (SELECT count(*) FROM dependant)"
    )
    assert ask("SELECT count(*) FROM setting WHERE key='search.paused'") == [(0,)]
    for index in ("member_fts", "member_phone"):
        desk.keep(
            lambda s, index=index: identity.raw(s).execute(  # type: ignore[misc]
                f"INSERT INTO {index}({index}, rank) VALUES('integrity-check', 1)"
            )
        )
    return len(actions)


@forks
def test_killed_at_any_moment_each_action_is_whole_or_absent(tmp_path: Path) -> None:
    folder, key = new_folder(tmp_path)
    chance = random.Random(5)
    done = []
    for kill in range(KILLS):
        child = in_child(work_until_killed, folder.path, key, kill)
        if kill % 3:  # one in three dies while it opens
            while not (folder.path / READY).exists():
                time.sleep(0.001)
        time.sleep(chance.uniform(0, 0.08))
        assert child.pid is not None
        os.kill(child.pid, signal.SIGKILL)
        child.join()
        assert child.exitcode == -signal.SIGKILL

        (folder.path / READY).unlink(missing_ok=True)
        desk = open_store(folder, key, wall=Clock())
        done.append(assert_whole(desk))
        assert Risk.LOST not in {one.risk for one in desk.warnings}
        desk.close()

    assert done == sorted(done)
    assert done[-1] > 5


def work_until_refused(desk: Database) -> None:
    """More households than any disk of this test can hold."""
    for _ in range(1_000):
        desk.do(Action.MEMBER_CREATED, household)


def limit_pages(desk: Database, pages: int) -> None:
    """The engine meets a full disk at this size of the store."""
    desk.keep(lambda s: identity.raw(s).execute(f"PRAGMA max_page_count={pages}").fetchone())


def test_on_a_full_disk_the_action_is_refused_and_nothing_is_lost(desk: Database) -> None:
    for _ in range(5):
        desk.do(Action.MEMBER_CREATED, household)
    limit_pages(desk, 120)

    with pytest.raises(CannotWrite) as refused:
        work_until_refused(desk)

    assert refused.value.reason == "full"
    done = assert_whole(desk)
    assert 5 < done < 1_000
    with pytest.raises(CannotWrite):
        desk.do(Action.MEMBERS_IMPORTED, regiment)
    limit_pages(desk, 100_000)
    desk.do(Action.MEMBER_CREATED, household)
    assert assert_whole(desk) == done + 1


def work_on_a_failing_disk(path: Path, key: DataKey) -> None:
    """Writing breaks off in the middle, again and again, and goes on once the disk is well."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    desk = open_store(DeskFolder(path), key, wall=Clock())
    for limit in range(120_000, 900_000, 60_000):
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
        with pytest.raises((CannotWrite, StoreUnreachable)):
            work_until_refused(desk)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    done = assert_whole(desk)
    desk.do(Action.MEMBER_CREATED, household)
    assert assert_whole(desk) == done + 1
    desk.close()


@forks
def test_when_the_disk_fails_nothing_is_lost(tmp_path: Path) -> None:
    folder, key = new_folder(tmp_path)

    child = in_child(work_on_a_failing_disk, folder.path, key)
    child.join()

    assert child.exitcode == 0
    desk = open_store(folder, key, wall=Clock())
    assert assert_whole(desk) > 5
    desk.close()
