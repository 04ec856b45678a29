"""An open desk without mapped objects: what carries bundles, by the driver alone.

SQLAlchemy and the mapped classes take 0.7 s to load, twice what a whole exchange may take.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING

from correspondent_desk.errors import DeskError
from correspondent_desk.store import indexes, looking, opened
from correspondent_desk.store.connection import NoStore
from correspondent_desk.store.opened import Opened, this_computers_ms
from correspondent_desk.store.operations import Operations
from correspondent_desk.store.session import DriverSession, Session
from correspondent_desk.store.vault import DataKey, DeskFolder

if TYPE_CHECKING:
    from sqlite3 import Connection

    from filelock import BaseFileLock


class Bare(Opened[DriverSession]):
    """An open store. All may come from any thread, but one connection serves them one by one."""

    def __init__(
        self,
        folder: DeskFolder,
        key: DataKey,
        connection: "Connection",
        *,
        wall: Callable[[], int],
        held: "BaseFileLock | None",
    ) -> None:
        """held None: for reading only. Use open_bare or open_bare_for_reading."""
        super().__init__(folder, key, wall=wall, held=held)
        self._connection: Connection | None = connection

    @contextmanager
    def _reads(self) -> Iterator[DriverSession]:
        with self._one_writer:
            connection = self._open()
            if connection.in_transaction:  # a question within a question sees the same
                yield DriverSession(connection, self.person)
                return
            connection.execute("PRAGMA query_only=ON")
            try:
                with _transaction(connection, "BEGIN"):
                    yield DriverSession(connection, self.person)
            finally:
                if self._held is not None:
                    connection.execute("PRAGMA query_only=OFF")

    @contextmanager
    def _writes(self) -> Iterator[DriverSession]:
        with self._alone() as connection, _transaction(connection, "BEGIN IMMEDIATE"):
            yield DriverSession(connection, self.person)

    @contextmanager
    def _alone(self) -> "Iterator[Connection]":
        with self._one_writer:
            if self._held is None:
                raise self._read_only()
            self._require_file()
            yield self._open()

    def _open(self) -> "Connection":
        if self._connection is None:
            raise NoStore(path=str(self.folder.store))
        return self._connection

    def _operations(self, code: str) -> Callable[[Session], Operations]:
        return partial(Operations, code=code, person=self.person, wall_ms=self._wall())

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            if self._held is not None:
                # Statistics for the next time: a disk that just became full can do without.
                with suppress(DeskError), self._said_to_people(), _transaction(connection, "BEGIN"):
                    indexes.keep_statistics(connection)
            connection.close()


@contextmanager
def _transaction(connection: "Connection", begin: str) -> "Iterator[None]":
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
    held, connection = opened.take(folder, key, wall)
    return Bare(folder, key, connection, wall=wall, held=held)


def open_bare_for_reading(folder: DeskFolder, key: DataKey) -> Bare:
    """As database.open_for_reading."""
    connection = looking.connect(folder, key)
    return Bare(folder, key, connection, wall=this_computers_ms, held=None)
