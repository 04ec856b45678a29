"""An open desk: one writer, two readers, and nothing else between them and the file.

Every action is one transaction: all of it is written, with its history, or nothing is.
"""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

from filelock import BaseFileLock
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from correspondent_desk.domain.actions import Action
from correspondent_desk.errors import DeskError
from correspondent_desk.store import (
    backup,
    drafts,
    journal,
    lock,
    operations,
    origins,
    places,
    schema,
    undo,
    values,
)
from correspondent_desk.store import connection as driver
from correspondent_desk.store.backup import CopyRow, Why
from correspondent_desk.store.changes import ActionRow, Changed, Done, FieldChange, HistoryRow
from correspondent_desk.store.connection import NoStore, Role, StoreUnreachable
from correspondent_desk.store.drafts import DraftRow
from correspondent_desk.store.files import CannotWrite
from correspondent_desk.store.operations import Operations, WritingSession
from correspondent_desk.store.places import PlaceRisk
from correspondent_desk.store.vault import DataKey, DeskFolder

if TYPE_CHECKING:
    import sqlite3

__all__ = [
    "ActionRow", "Changed", "Database", "Done", "DraftRow", "FieldChange", "HistoryRow", "Query", "Session",
    "open_for_reading", "open_store",
]  # fmt: skip

T = TypeVar("T")
Query = Callable[[Session], T]


def this_computers_ms() -> int:
    """Milliseconds since 1970 on this computer's clock."""
    return time.time_ns() // 1_000_000


class Database:
    """An open store. Reads may come from any thread; actions queue behind one lock."""

    def __init__(
        self,
        folder: DeskFolder,
        key: DataKey,
        *,
        wall: Callable[[], int],
        held: BaseFileLock | None,
    ) -> None:
        """held None: for reading only. Use open_store or open_for_reading."""
        self.folder = folder
        self.person = ""
        self._key = key
        self._wall = wall
        self._held = held
        self._one_writer = threading.RLock()
        self._readers = _engine(folder.store, key, Role.READER, size=2)
        self._writing = None if held is None else self._connected()
        self._file = _which(folder.store)

    def read(self, query: Query[T]) -> T:
        """What query finds, in one snapshot; it cannot write."""
        with self._said_to_people(), Session(self._readers, autoflush=False) as session:
            session.info["person"] = self.person
            return query(session)

    def do(self, action: Action, work: Query[T]) -> Done[T]:
        """Everything work writes as one step of history, or nothing of it."""
        return self._act(action, work)

    def undo(self) -> Done[None]:
        """Take back the last step of this desk. Raises NothingToUndo, UndoConflict."""
        return self._turn(Action.UNDONE, undo.undo)

    def redo(self) -> Done[None]:
        """Do again what was taken back last. Raises NothingToRedo, UndoConflict."""
        return self._turn(Action.REDONE, undo.redo)

    def next_undo(self) -> ActionRow | None:
        """The step that undo would take back."""
        return self.read(undo.next_undo)

    def next_redo(self) -> ActionRow | None:
        """The step that redo would do again."""
        return self.read(undo.next_redo)

    def history_of(self, record_id: int) -> list[HistoryRow]:
        """All saves of a record, newest first."""
        return self.read(lambda s: journal.history_of(s, record_id))

    def journal(self, limit: int) -> list[ActionRow]:
        """The newest actions of all desks, newest first."""
        return self.read(lambda s: journal.newest(s, limit))

    def save_draft(self, key: str, body: str) -> None:
        """Keep what somebody is typing; no history."""
        self._keep(lambda s: drafts.save(s, key, body, self._wall()))

    def draft(self, key: str) -> str | None:
        """What was being typed under key."""
        return self.read(lambda s: drafts.body(s, key))

    def drafts(self) -> list[DraftRow]:
        """All that was being typed and not saved, newest first."""
        return self.read(drafts.everything)

    def forget_draft(self, key: str) -> None:
        """It was saved, or is not wanted."""
        self._keep(lambda s: drafts.forget(s, key))

    def keep(self, work: Query[T]) -> T:
        """Settings, inbox and outbox: what is written without being a step of history."""
        return self._keep(work)

    def erasing(self, work: Callable[[], T]) -> T:
        """Work that erases for good, by `do` or `keep`: what it deletes is nowhere in the files after."""
        from correspondent_desk.store import erasing

        with self._one_writer:
            with self._writes() as connection:
                erasing.begin_thoroughly(_driver(connection))
            result = work()
            with self._writes() as connection:
                erasing.leave_nothing(_driver(connection))
            return result

    def now_ms(self) -> int:
        """The wall clock by which this desk writes, in milliseconds since 1970."""
        return self._wall()

    def check(self) -> None:
        """Read the whole file on a connection of its own; slow, for the background.

        Raises StoreDamaged, with what was found and the copies there are.
        """
        with backup.naming_copies(self.folder), self._said_to_people():
            backup.verify(self.folder.store, self._key)

    def copy(self, why: Why) -> CopyRow:
        """A verified copy of the store as it is now, while work goes on."""
        now = datetime.fromtimestamp(self._wall() / 1000)  # noqa: DTZ006 - local, as people read
        return backup.make(self.folder, self._key, why, now)

    @cached_property
    def warnings(self) -> list[PlaceRisk]:
        """Why the desk should not be kept where it is; usually nothing."""
        return places.risks(self.folder.path)

    def close(self) -> None:
        """Let the file go; harmless when repeated."""
        self._readers.dispose()
        with self._one_writer:
            writing, self._writing = self._writing, None
            held, self._held = self._held, None
            if writing is not None:
                # Statistics for the next time: a disk that just became full can do without.
                with suppress(DeskError), self._said_to_people(), writing.begin():
                    writing.exec_driver_sql("PRAGMA optimize")
                writing.close()
                writing.engine.dispose()
            if held is not None:
                lock.release(self.folder, held)

    def _turn(self, code: Action, turn: Callable[[Session], int]) -> Done[None]:
        def work(session: Session) -> None:
            operations.of(session).undoes = turn(session)

        return self._act(code, work)

    def _connected(self) -> Connection:
        with self._said_to_people():
            return _engine(self.folder.store, self._key, Role.WRITER, size=1).connect()

    @contextmanager
    def _writes(self) -> Iterator[Connection]:
        """The writer's connection, for one thread at a time and one transaction."""
        with self._one_writer, self._said_to_people():
            if self._writing is None:
                raise CannotWrite("read-only", path=str(self.folder.store))
            self._require_file()
            try:
                yield self._writing
            finally:
                # After a disk that failed at the very begin or commit the session leaves it open.
                self._writing.rollback()

    def _require_file(self) -> None:
        """Who deletes or replaces the file under us is not noticed by SQLite: it would write into the void.

        Raises NoStore, StoreUnreachable.
        """
        if _which(self.folder.store) != self._file:
            raise NoStore(path=str(self.folder.store))

    def _act(self, code: str, work: Query[T]) -> Done[T]:
        with self._writes() as connection, WritingSession(connection) as session:
            current = self._begin(session, code)
            result = work(session)
            current.finish()
            row = journal.row_of(current)
            session.commit()
            return Done(result, Changed(current.changed), row)

    def _keep(self, work: Query[T]) -> T:
        with self._writes() as connection, WritingSession(connection) as session:
            session.info["person"] = self.person
            result = work(session)
            session.commit()
            return result

    def _begin(self, session: Session, code: str) -> Operations:
        current = Operations(session, code=code, person=self.person, wall_ms=self._wall())
        session.info["operations"] = current
        session.info["person"] = self.person
        return current

    @contextmanager
    def _said_to_people(self) -> Iterator[None]:
        """What the driver refuses becomes a DeskError; the transaction is rolled back by then."""
        try:
            with driver.refusing(self.folder.store):
                yield
        except DBAPIError as error:
            refused = driver.refusal(error.orig, self.folder.store)
            if refused is None:
                raise
            raise refused from error


def _which(store: Path) -> tuple[int, int] | None:
    """Which file it is; None where there is none. Windows keeps open files from being replaced."""
    try:
        found = store.stat()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreUnreachable(path=str(store)) from error
    return (0, 0) if os.name == "nt" else (found.st_dev, found.st_ino)


def open_store(
    folder: DeskFolder, key: DataKey, *, wall: Callable[[], int] = this_computers_ms
) -> Database:
    """The desk in folder, to work with; a new one if there is none yet.

    An older store is copied and brought up to this version. Raises AlreadyOpen, NoStore (there was
    one), StoreTooNew, StoreDamaged, StoreBusy, CannotWrite.
    """
    held = lock.acquire(folder)
    try:
        with backup.naming_copies(folder):
            _bring_up(folder, key, wall)
    except BaseException:
        lock.release(folder, held)
        raise
    return Database(folder, key, wall=wall, held=held)


def open_for_reading(folder: DeskFolder, key: DataKey) -> Database:
    """The desk in folder, to look only; also while another program has it open to write.

    Raises NoStore, StoreTooNew, StoreDamaged, StoreBusy.
    """
    with backup.naming_copies(folder):
        connection = driver.connect(folder.store, key, Role.READER)
        try:
            driver.check_version(connection)
        finally:
            connection.close()
    return Database(folder, key, wall=this_computers_ms, held=None)


def _bring_up(folder: DeskFolder, key: DataKey, wall: Callable[[], int]) -> None:
    # A folder whose store went missing must not get an empty one as if nothing had been lost.
    is_first = not folder.sidecar.exists()
    connection = driver.connect(folder.store, key, Role.WRITER, create=is_first)
    try:
        found = driver.check_version(connection, may_be_new=is_first)
        if found < driver.VERSION:
            _make_or_migrate(folder, key, found, wall)
        origins.renew_if_restored(connection, folder)
        if folder.erased.exists():
            # 5 ms to import, and most desks never erased anybody.
            from correspondent_desk.store import erasing

            erasing.carry_out_what_is_left(connection, folder)
    finally:
        connection.close()


def _make_or_migrate(folder: DeskFolder, key: DataKey, found: int, wall: Callable[[], int]) -> None:
    if found:
        now = datetime.fromtimestamp(wall() / 1000)  # noqa: DTZ006 - local, as people read
        backup.make(folder, key, Why.MIGRATION, now)
    engine = _engine(folder.store, key, Role.WRITER, size=1)
    try:
        if found:
            schema.migrate(engine)
        else:
            schema.create(engine, origins.new_uid())
            origins.note_made(folder)
    finally:
        engine.dispose()


def _driver(connection: Connection) -> "sqlite3.Connection":
    return cast("sqlite3.Connection", connection.connection.driver_connection)


def _engine(path: Path, key: DataKey, role: Role, *, size: int) -> Engine:
    from sqlcipher3 import dbapi2

    engine = create_engine(
        "sqlite+pysqlite://",
        module=dbapi2,
        creator=lambda: driver.connect(path, key, role, create=role is Role.WRITER),
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=0 if role is Role.WRITER else 4,
        json_serializer=values.to_json,
    )
    # A deferred transaction that turns to writing fails at once, whatever the busy timeout.
    begin = "BEGIN IMMEDIATE" if role is Role.WRITER else "BEGIN"

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
