"""Opening, keeping others out, refusing what cannot be opened, and saying what the disk said."""

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from sqlcipher3 import dbapi2

from correspondent_desk.domain.actions import Action
from correspondent_desk.errors import DeskError
from correspondent_desk.store import backup, connection, history, identity, lock
from correspondent_desk.store.backup import Why
from correspondent_desk.store.connection import (
    NoStore,
    Role,
    StoreBusy,
    StoreDamaged,
    StoreTooNew,
)
from correspondent_desk.store.database import Database, open_for_reading, open_store
from correspondent_desk.store.files import CannotWrite
from correspondent_desk.store.lock import AlreadyOpen
from correspondent_desk.store.places import Risk
from correspondent_desk.store.tables import Member
from correspondent_desk.store.vault import DataKey, DeskFolder
from tests.builders import Clock, add_member, new_folder, new_store, open_desk

OTHER_KEY = DataKey(bytes(32))


def names(desk: Database) -> list[str]:
    """Family names, by id."""
    return desk.read(
        lambda s: [m.family_name for m in s.query(Member).order_by(Member.id)],
    )


def test_what_was_written_is_there_at_the_next_opening(tmp_path: Path) -> None:
    folder, key = new_folder(tmp_path)
    with_a_member = open_store(folder, key, wall=Clock())
    add_member(with_a_member, "Le Goff")
    with_a_member.close()

    again = open_store(folder, key)

    assert names(again) == ["Le Goff"]
    again.close()
    again.close()


def test_the_file_says_nothing_to_whoever_has_no_key(tmp_path: Path) -> None:
    desk = open_desk(tmp_path)
    add_member(desk, "Le Goff", note="confidential")
    desk.close()

    content = desk.folder.store.read_bytes()

    assert not content.startswith(b"SQLite format")
    assert b"confidential" not in content
    assert b"member" not in content
    with (
        closing(sqlite3.connect(desk.folder.store)) as plain,
        pytest.raises(sqlite3.DatabaseError),
    ):
        plain.execute("SELECT * FROM member")
    with pytest.raises(StoreDamaged):
        open_store(desk.folder, OTHER_KEY)


def test_a_desk_that_is_open_is_not_opened_twice(tmp_path: Path) -> None:
    folder, key = new_folder(tmp_path)
    desk = open_store(folder, key)

    with pytest.raises(AlreadyOpen) as refused:
        open_store(folder, key)

    assert set(refused.value.details) == {"user", "computer", "since"}
    assert refused.value.details["since"] is not None
    desk.close()
    open_store(folder, key).close()


def test_a_lock_whose_holder_says_nothing_still_holds(tmp_path: Path) -> None:
    folder, key = new_folder(tmp_path)
    desk = open_store(folder, key)
    folder.holder.write_text("?")

    with pytest.raises(AlreadyOpen) as refused:
        open_store(folder, key)

    assert refused.value.details == {"user": "", "computer": "", "since": None}
    desk.close()


def test_a_desk_is_let_go_even_if_the_note_about_its_holder_stays(tmp_path: Path) -> None:
    folder, key = new_folder(tmp_path)
    desk = open_store(folder, key)
    folder.holder.unlink()
    folder.holder.mkdir()  # nothing that unlink() can remove
    desk.close()
    folder.holder.rmdir()

    open_store(folder, key).close()


def test_reading_goes_on_while_another_program_writes(tmp_path: Path) -> None:
    folder, key = new_folder(tmp_path)
    desk = open_store(folder, key, wall=Clock())
    reader = open_for_reading(folder, key)

    add_member(desk, "Le Goff")

    assert names(reader) == ["Le Goff"]
    with pytest.raises(CannotWrite):
        reader.drafts.save("a", "b")
    with pytest.raises(CannotWrite):
        add_member(reader, "Kerbrat")
    reader.close()
    desk.close()


def test_a_query_cannot_write(desk: Database) -> None:
    add_member(desk, "Le Goff")

    with pytest.raises(CannotWrite):
        desk.read(lambda s: identity.raw(s).execute("UPDATE member SET note='x'"))


def test_a_query_sees_one_moment_though_others_write_meanwhile(desk: Database) -> None:
    add_member(desk, "Le Goff")

    def twice(session: Session) -> tuple[int, int]:
        count = "SELECT count(*) FROM member"
        before = identity.raw(session).execute(count).fetchone()[0]
        writer = threading.Thread(target=add_member, args=(desk, "Kerbrat"))
        writer.start()
        writer.join()
        return before, identity.raw(session).execute(count).fetchone()[0]

    assert desk.read(twice) == (1, 1)
    assert names(desk) == ["Le Goff", "Kerbrat"]


def test_actions_of_many_threads_queue(desk: Database) -> None:
    writers = [threading.Thread(target=add_member, args=(desk, f"N{i}")) for i in range(12)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert sorted(names(desk)) == sorted(f"N{i}" for i in range(12))
    assert [one.id for one in desk.journal(99)] == list(range(12, 0, -1))


def test_a_newer_store_is_refused_untouched(tmp_path: Path) -> None:
    folder, key = new_folder(tmp_path)
    open_store(folder, key).close()
    raw = connection.connect(folder.store, key, Role.WRITER)
    raw.execute("PRAGMA user_version=9")
    raw.close()

    for opening in (open_store, open_for_reading):
        with pytest.raises(StoreTooNew) as refused:
            opening(folder, key)
        assert refused.value.details == {"found": 9, "known": connection.VERSION}


def test_a_store_that_went_missing_is_not_replaced_by_an_empty_one(tmp_path: Path) -> None:
    folder, key = new_folder(tmp_path)
    open_store(folder, key).close()
    folder.store.unlink()

    for opening in (open_store, open_for_reading):
        with pytest.raises(NoStore):
            opening(folder, key)

    assert not folder.store.exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps open files from being taken away")
@pytest.mark.parametrize("is_replaced", [False, True])
def test_nothing_is_said_to_be_saved_in_a_store_that_was_taken_away(
    tmp_path: Path, *, is_replaced: bool
) -> None:
    folder, key = new_folder(tmp_path)
    desk = open_store(folder, key)
    add_member(desk, "Le Goff")
    away = folder.store.rename(tmp_path / "away.db")
    if is_replaced:
        shutil.copyfile(away, folder.store)

    with pytest.raises(NoStore):
        add_member(desk, "Benali")
    with pytest.raises(NoStore):
        desk.drafts.save("member.new", "being typed")
    away.replace(folder.store)
    add_member(desk, "Nguyen")

    assert names(desk) == ["Le Goff", "Nguyen"]
    desk.close()


def test_a_desk_opened_in_another_thread_is_let_go_by_this_one(tmp_path: Path) -> None:
    folder = DeskFolder(tmp_path)
    held = []
    thread = threading.Thread(target=lambda: held.append(lock.acquire(folder)))
    thread.start()
    thread.join()

    lock.release(folder, held[0])  # while something, a kept error for instance, still refers to it

    lock.release(folder, lock.acquire(folder))


def test_a_look_through_the_store_that_is_interrupted_finds_nothing(tmp_path: Path) -> None:
    folder, key = new_store(tmp_path)
    with closing(connection.connect(folder.store, key, Role.READER)) as looking:
        looking.set_progress_handler(lambda: 1, 1)  # as an interruption by another thread

        assert connection.findings(looking) == ()


def test_before_the_first_opening_there_is_nothing_to_read(tmp_path: Path) -> None:
    folder, key = new_folder(tmp_path)

    with pytest.raises(NoStore):
        open_for_reading(folder, key)


def open_and_check(folder: DeskFolder, key: DataKey) -> None:
    """As at the start of the program."""
    opened = open_store(folder, key)
    try:
        opened.check()
    finally:
        opened.close()


@pytest.mark.parametrize("keep", [0.0, 0.5], ids=["zeroed", "cut"])
def test_a_damaged_store_is_told_of_with_its_copies(tmp_path: Path, keep: float) -> None:
    desk = open_desk(tmp_path)
    add_member(desk)
    copy = desk.copy(Why.ASKED)
    desk.close()
    content = desk.folder.store.read_bytes()
    desk.folder.store.write_bytes(content[: int(len(content) * keep)] or bytes(len(content)))
    key = DataKey(desk._key)  # noqa: SLF001 - the one that fits

    with pytest.raises(StoreDamaged) as refused:
        open_and_check(desk.folder, key)

    assert refused.value.details["copies"] == (copy,)
    assert refused.value.details["findings"]


def test_the_check_finds_a_page_that_went_bad(tmp_path: Path) -> None:
    desk = open_desk(tmp_path)
    for i in range(40):
        add_member(desk, f"Le Goff {i}", note="x" * 3_000)
    desk.check()
    desk.close()
    content = bytearray(desk.folder.store.read_bytes())
    page = 4096 * (len(content) // 4096 - 3)
    content[page + 100 : page + 130] = bytes(30)
    desk.folder.store.write_bytes(content)
    again = open_store(desk.folder, DataKey(desk._key))  # noqa: SLF001

    with pytest.raises(StoreDamaged) as refused:
        again.check()

    assert refused.value.details["findings"]
    again.close()


def test_a_file_held_by_another_program_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "BUSY_MS", 1)
    desk = open_desk(tmp_path)
    add_member(desk)
    other = connection.connect(desk.folder.store, DataKey(desk._key), Role.WRITER)  # noqa: SLF001
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(StoreBusy):
        add_member(desk)

    other.execute("ROLLBACK")
    other.close()
    add_member(desk, "Kerbrat")
    assert len(names(desk)) == 2
    desk.close()


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_told_of(tmp_path: Path) -> None:
    folder, key = new_folder(tmp_path / "desk")
    open_store(folder, key).close()
    folder.path.chmod(0o500)

    with pytest.raises(CannotWrite) as refused:
        open_store(folder, key)

    folder.path.chmod(0o700)
    assert refused.value.reason == "read-only"


def test_a_mistake_in_our_sql_stays_a_bug(desk: Database) -> None:
    with pytest.raises(OperationalError):
        desk.read(lambda s: s.connection().exec_driver_sql("SELECT nonsense"))
    with pytest.raises(dbapi2.Error, match="nonsense"):
        desk.read(lambda s: identity.raw(s).execute("SELECT nonsense"))


def test_errors_of_people_in_an_action_reach_the_asker(desk: Database) -> None:
    class NotToday(DeskError):
        code = "not-today"

    def work(session: Session) -> None:
        history.create(session, Member, family_name="X")
        raise NotToday(day="Sunday")

    with pytest.raises(NotToday):
        desk.do(Action.MEMBER_CREATED, work)

    assert names(desk) == []


def test_a_desk_in_a_synchronised_folder_warns(tmp_path: Path) -> None:
    desk = open_desk(tmp_path / "Nextcloud" / "desk")

    assert [one.risk for one in desk.warnings] == [Risk.SYNCHRONISED]
    desk.close()


def test_copies_can_be_made_while_work_goes_on(desk: Database) -> None:
    add_member(desk, "Le Goff")
    copy = desk.copy(Why.IMPORT)
    add_member(desk, "Kerbrat")

    assert backup.copies(desk.folder) == [copy]
    assert (copy.why, copy.made_at.isoformat()) == (Why.IMPORT, "2026-12-03T09:00:00")
    raw = connection.connect(copy.path, DataKey(desk._key), Role.READER)  # noqa: SLF001
    assert raw.execute("SELECT family_name FROM member").fetchall() == [("Le Goff",)]
    raw.close()


def test_a_folder_that_cannot_be_made_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(CannotWrite):
        lock.acquire(DeskFolder(tmp_path / "file" / "desk"))


_ASKS_FOR_ALL = """
import fcntl, sys
with open(sys.argv[1], "r+b") as file:
    fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 510, 0x40000002)
"""  # the bytes by which the engine says that a store is in use


@pytest.mark.skipif(sys.platform == "win32", reason="locks belong to what was opened there")
def test_who_cannot_look_leaves_the_store_in_use_by_who_works(tmp_path: Path) -> None:
    desk = open_desk(tmp_path)
    add_member(desk)
    log = desk.folder.store.with_name(f"{desk.folder.store.name}-wal")
    log.rename(tmp_path / "log")
    log.mkdir()

    with pytest.raises(CannotWrite):
        connection.connect(desk.folder.store, DataKey(desk._key), Role.WRITER)  # noqa: SLF001

    asked = [sys.executable, "-c", _ASKS_FOR_ALL, str(desk.folder.store)]
    assert subprocess.run(asked, capture_output=True, check=False).returncode == 1
    log.rmdir()
    (tmp_path / "log").rename(log)
    desk.close()


def test_who_holds_the_lock_may_be_unknown_but_it_is_let_go_when_nothing_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody() -> str:
        raise OSError

    monkeypatch.setattr("getpass.getuser", nobody)
    folder, key = new_folder(tmp_path)
    desk = open_store(folder, key)
    with pytest.raises(AlreadyOpen) as refused:
        open_store(folder, key)
    assert refused.value.details["user"] == ""
    desk.close()
    folder.holder.mkdir()

    for _ in range(2):
        with pytest.raises(CannotWrite):
            open_store(folder, key)
