"""An open desk without mapped objects: what carries bundles, by the driver alone.

SQLAlchemy and the mapped classes take 0.7 s to load, twice what a whole exchange may take.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from threading import RLock
from typing import TYPE_CHECKING

from correspondent_desk.errors import DeskError
from correspondent_desk.store import connection as driver
from correspondent_desk.store import opened
from correspondent_desk.store.connection import Role
from correspondent_desk.store.damage import naming_copies
from correspondent_desk.store.opened import Opened, this_computers_ms
from correspondent_desk.store.operations import Operations
from correspondent_desk.store.session import DriverSession, Session
from correspondent_desk.store.vault import DataKey, DeskFolder

if TYPE_CHECKING:
    from sqlite3 import Connection

    from filelock import BaseFileLock


class Bare(Opened[DriverSession]):
    """An open store. All may come from any thread; readers queue behind one lock, actions behind another."""

    def __init__(
        self,
        folder: DeskFolder,
        key: DataKey,
        *,
        wall: Callable[[], int],
        held: "BaseFileLock | None",
    ) -> None:
        """held None: for reading only. Use open_bare or open_bare_for_reading."""
        super().__init__(folder, key, wall=wall, held=held)
        self._one_reader = RLock()
        self._reading: Connection | None = None
        self._writing = None if held is None else driver.connect(folder.store, key, Role.WRITER)

    @contextmanager
    def _reads(self) -> Iterator[DriverSession]:
        with self._one_reader:
            if self._reading is None:
                self._reading = driver.connect(self.folder.store, self._key, Role.READER)
            with _transaction(self._reading, "BEGIN"):
                yield DriverSession(self._reading, self.person)

    @contextmanager
    def _writes(self) -> Iterator[DriverSession]:
        with self._alone() as connection, _transaction(connection, "BEGIN IMMEDIATE"):
            yield DriverSession(connection, self.person)

    @contextmanager
    def _alone(self) -> "Iterator[Connection]":
        with self._one_writer:
            if self._writing is None:
                raise self._read_only()
            self._require_file()
            yield self._writing

    def _operations(self, code: str) -> Callable[[Session], Operations]:
        return partial(Operations, code=code, person=self.person, wall_ms=self._wall())

    def _disconnect(self) -> None:
        with self._one_reader:
            reading, self._reading = self._reading, None
            if reading is not None:
                reading.close()
        writing, self._writing = self._writing, None
        if writing is not None:
            # Statistics for the next time: a disk that just became full can do without.
            with suppress(DeskError), self._said_to_people():
                writing.execute("PRAGMA optimize")
            writing.close()


@contextmanager
def _transaction(connection: "Connection", begin: str) -> "Iterator[None]":
    if connection.in_transaction:  # a question within a question sees the same
        yield
        return
    connection.execute(begin)
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        _roll_back(connection)
        raise


def _roll_back(connection: "Connection") -> None:
    """A disk that failed may have ended the transaction already."""
    if connection.in_transaction:
        connection.execute("ROLLBACK")


def open_bare(
    folder: DeskFolder, key: DataKey, *, wall: Callable[[], int] = this_computers_ms
) -> Bare:
    """As database.open_store."""
    return Bare(folder, key, wall=wall, held=opened.take(folder, key, wall))


def open_bare_for_reading(folder: DeskFolder, key: DataKey) -> Bare:
    """As database.open_for_reading."""
    with naming_copies(folder):
        connection = driver.connect(folder.store, key, Role.READER)
        try:
            driver.check_version(connection)
        finally:
            connection.close()
    return Bare(folder, key, wall=this_computers_ms, held=None)
