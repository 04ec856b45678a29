"""An open desk with mapped objects: what windows and most commands work with."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from correspondent_desk.errors import DeskError
from correspondent_desk.store import connection as driver
from correspondent_desk.store import indexes, looking, opened
from correspondent_desk.store.backup import CopyRow, Why
from correspondent_desk.store.changes import ActionRow, Changed, Done, FieldChange, HistoryRow
from correspondent_desk.store.connection import Role
from correspondent_desk.store.drafts import DraftRow
from correspondent_desk.store.engines import driver_of, engine
from correspondent_desk.store.mapped import MappedOperations, WritingSession
from correspondent_desk.store.opened import Opened, this_computers_ms
from correspondent_desk.store.places import PlaceRisk
from correspondent_desk.store.vault import DataKey, DeskFolder

if TYPE_CHECKING:
    import sqlite3

    from filelock import BaseFileLock

    from correspondent_desk.store.operations import Operations
    from correspondent_desk.store.session import Session as AnySession

__all__ = [
    "ActionRow", "Changed", "CopyRow", "Database", "Done", "DraftRow", "FieldChange", "HistoryRow",
    "PlaceRisk", "Query", "Session", "Why", "open_for_reading", "open_store", "this_computers_ms",
]  # fmt: skip

T = TypeVar("T")
Query = Callable[[Session], T]


class Database(Opened[Session]):
    """An open store. Reads may come from any thread; actions queue behind one lock."""

    def __init__(
        self,
        folder: DeskFolder,
        key: DataKey,
        *,
        wall: Callable[[], int],
        held: "BaseFileLock | None",
    ) -> None:
        """held None: for reading only. Use open_store or open_for_reading."""
        super().__init__(folder, key, wall=wall, held=held)
        self._readers = engine(folder.store, key, Role.READER, size=2)
        self._writing = None if held is None else self._connected(key)

    def _connected(self, key: DataKey) -> Connection:
        with self._said_to_people():
            return engine(self.folder.store, key, Role.WRITER, size=1).connect()

    @contextmanager
    def _reads(self) -> Iterator[Session]:
        with Session(self._readers, autoflush=False) as session:
            yield session

    @contextmanager
    def _writes(self) -> Iterator[Session]:
        with self._writer() as connection, WritingSession(connection) as session:
            yield session
            session.commit()

    @contextmanager
    def _alone(self) -> "Iterator[sqlite3.Connection]":
        with self._writer() as connection:
            yield driver_of(connection)

    @contextmanager
    def _writer(self) -> Iterator[Connection]:
        """The writer's connection, for one thread at a time and one transaction."""
        with self._one_writer:
            if self._writing is None:
                raise self._read_only()
            self._require_file()
            try:
                yield self._writing
            finally:
                # After a disk that failed at the very begin or commit the session leaves it open.
                self._writing.rollback()

    def _operations(self, code: str) -> "Callable[[AnySession], Operations]":
        return partial(MappedOperations, code=code, person=self.person, wall_ms=self._wall())

    def _disconnect(self) -> None:
        self._readers.dispose()
        writing, self._writing = self._writing, None
        if writing is not None:
            # Statistics for the next time: a disk that just became full can do without.
            with suppress(DeskError), self._said_to_people(), writing.begin():
                indexes.keep_statistics(driver_of(writing))
            writing.close()
            writing.engine.dispose()

    @contextmanager
    def _said_to_people(self) -> Iterator[None]:
        """What the driver refuses becomes a DeskError; the transaction is rolled back by then."""
        try:
            with super()._said_to_people():
                yield
        except DBAPIError as error:
            refused = driver.refusal(error.orig, self.folder.store)
            if refused is None:
                raise
            raise refused from error


def open_store(
    folder: DeskFolder, key: DataKey, *, wall: Callable[[], int] = this_computers_ms
) -> Database:
    """The desk in folder, to work with; a new one if there is none yet.

    An older store is copied and brought up to this version. Raises AlreadyOpen, NoStore (there was
    one), StoreTooNew, StoreDamaged, StoreBusy, CannotWrite.
    """
    held, connection = opened.take(folder, key, wall)
    connection.close()  # the engine's own are kept by its pool
    return Database(folder, key, wall=wall, held=held)


def open_for_reading(folder: DeskFolder, key: DataKey) -> Database:
    """The desk in folder, to look only; also while another program has it open to write.

    Raises as looking.connect.
    """
    looking.connect(folder, key).close()
    return Database(folder, key, wall=this_computers_ms, held=None)
