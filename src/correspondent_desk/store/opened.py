"""An open desk, whatever it is spoken to by: one writer, readers, and nothing else between them and the file.

Every action is one transaction: all of it is written, with its history, or nothing is.
`database.Database` maps objects; `bare.Bare` is the driver alone and opens in a tenth of the time.
"""

import os
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.fields import Kind
from correspondent_desk.store import connection as driver
from correspondent_desk.store import journal, lock, operations, origins, vault
from correspondent_desk.store.changes import ActionRow, Changed, Done, HistoryRow
from correspondent_desk.store.connection import NoStore, Role, StoreDamaged, StoreUnreachable
from correspondent_desk.store.damage import naming_copies
from correspondent_desk.store.files import CannotWrite
from correspondent_desk.store.operations import Operations
from correspondent_desk.store.session import DriverSession, Session
from correspondent_desk.store.vault import DataKey, DeskFolder

if TYPE_CHECKING:
    from sqlite3 import Connection

    from filelock import BaseFileLock
    from sqlalchemy.orm import Session as MappedSession

    from correspondent_desk.store.backup import CopyRow, Why
    from correspondent_desk.store.drafts import Drafts
    from correspondent_desk.store.places import PlaceRisk

T = TypeVar("T")
S = TypeVar("S", bound=Session)


def this_computers_ms() -> int:
    """Milliseconds since 1970 on this computer's clock."""
    return time.time_ns() // 1_000_000


class Opened(ABC, Generic[S]):
    """An open store. Reads may come from any thread; actions queue behind one lock."""

    def __init__(
        self,
        folder: DeskFolder,
        key: DataKey,
        *,
        wall: Callable[[], int],
        held: "BaseFileLock | None",
    ) -> None:
        """held None: for reading only."""
        self.folder = folder
        self.person = ""
        self._key = key
        self._wall = wall
        self._held = held
        self._one_writer = threading.RLock()
        self._file = _which(folder.store)
        self._checked_by: Connection | None = None

    # --- what a transaction is --------------------------------------------------------------------

    @abstractmethod
    def _reads(self) -> AbstractContextManager[S]:
        """One snapshot, in which nothing can be written."""

    @abstractmethod
    def _writes(self) -> AbstractContextManager[S]:
        """One transaction, committed at the end unless something was raised; one thread at a time."""

    @abstractmethod
    def _alone(self) -> AbstractContextManager["Connection"]:
        """The writer's connection between two transactions."""

    @abstractmethod
    def _operations(self, code: str) -> Callable[[Session], Operations]:
        """What notes the operations of an action in its session."""

    @abstractmethod
    def _disconnect(self) -> None:
        """Let go of the file; nobody uses it any more."""

    # --- reading and writing ----------------------------------------------------------------------

    def read(self, query: Callable[[S], T]) -> T:
        """What query finds, in one snapshot; it cannot write."""
        with self._said_to_people(), self._reads() as session:
            session.info["person"] = self.person
            return query(session)

    def do(self, action: Action, work: Callable[[S], T]) -> Done[T]:
        """Everything work writes as one step of history, or nothing of it."""
        return self._act(action, work)

    def undo(self) -> Done[None]:
        """Take back the last step of this desk. Raises NothingToUndo, UndoConflict."""
        from correspondent_desk.store import undo

        return self._turn(Action.UNDONE, undo.undo)

    def redo(self) -> Done[None]:
        """Do again what was taken back last. Raises NothingToRedo, UndoConflict."""
        from correspondent_desk.store import undo

        return self._turn(Action.REDONE, undo.redo)

    def next_undo(self) -> ActionRow | None:
        """The step that undo would take back."""
        from correspondent_desk.store import undo

        return self.read(undo.next_undo)

    def next_redo(self) -> ActionRow | None:
        """The step that redo would do again."""
        from correspondent_desk.store import undo

        return self.read(undo.next_redo)

    def history_of(self, *records: int) -> list[HistoryRow]:
        """All saves of these records, newest first."""
        return self.read(lambda s: journal.history_of(s, *records))

    def journal(self, limit: int) -> list[ActionRow]:
        """The newest actions of all desks, newest first."""
        return self.read(lambda s: journal.newest(s, limit))

    @cached_property
    def drafts(self) -> "Drafts":
        """What somebody is typing and has not saved; no history."""
        from correspondent_desk.store.drafts import Drafts

        return Drafts(self)

    def keep(self, work: Callable[[S], T]) -> T:
        """Settings, inbox and outbox: what is written without being a step of history."""
        with self._said_to_people(), self._writes() as session:
            session.info["person"] = self.person
            return work(session)

    def erasing(self, work: Callable[[], T]) -> T:
        """Work that erases for good, by `do` or `keep`: what it deletes is nowhere in the files after."""
        from correspondent_desk.store import erasing

        with self._one_writer:
            with self._said_to_people(), self._alone() as connection:
                erasing.begin_thoroughly(connection)
            result = work()
            with self._said_to_people(), self._alone() as connection:
                erasing.leave_nothing(connection)
            return result

    def now_ms(self) -> int:
        """The wall clock by which this desk writes, in milliseconds since 1970."""
        return self._wall()

    def check(self) -> None:
        """Read the whole file on a connection of its own; slow, for the background. Closing ends it.

        Raises StoreDamaged, with what was found and the copies there are.
        """
        store = self.folder.store
        with naming_copies(self.folder), self._said_to_people():
            with closing(driver.connect(store, self._key, Role.CHECKER)) as connection:
                self._checked_by = connection
                try:
                    found = driver.findings(connection)
                finally:
                    self._checked_by = None
            if found:
                raise StoreDamaged(path=str(store), findings=found, copies=())

    def copy(self, why: "Why") -> "CopyRow":
        """A verified copy of the store as it is now, while work goes on."""
        from correspondent_desk.store import backup

        now = datetime.fromtimestamp(self._wall() / 1000)  # noqa: DTZ006 - local, as people read
        return backup.make(self.folder, self._key, why, now)

    def take_recovery_code(self, code: str) -> None:
        """Let the code open this desk, and no former one: it is on paper. Raises CannotWrite."""
        vault.take_recovery_code(self.folder, self._key, code)

    def offer_to_committee(self, recipient: str, seal: Callable[[bytes], bytes]) -> None:
        """Let the committee's recovery key open this desk as well: see store.committee."""
        from correspondent_desk.store import committee

        committee.offer(self.folder, self._key, recipient, seal)

    @cached_property
    def warnings(self) -> "list[PlaceRisk]":
        """Why the desk should not be kept where it is; usually nothing."""
        from correspondent_desk.store import broken_log, places

        lost = broken_log.risks(self.folder, self._wall())
        return [*lost, *places.risks(self.folder.path)]

    def close(self) -> None:
        """Let the file go; harmless when repeated."""
        if self._checked_by is not None:
            driver.interrupt(self._checked_by)
        with self._one_writer:
            self._disconnect()
            held, self._held = self._held, None
            if held is not None:
                lock.release(self.folder, held)

    def _turn(self, code: Action, turn: Callable[[Session], int]) -> Done[None]:
        def work(session: Session) -> None:
            operations.of(session).undoes = turn(session)

        return self._act(code, work)

    def _act(self, code: str, work: Callable[[S], T]) -> Done[T]:
        with self._said_to_people(), self._writes() as session:
            current = session.info["operations"] = self._operations(code)(session)
            session.info["person"] = self.person
            result = work(session)
            current.finish()
            if Kind.MEMBER in current.changed:
                _look_at_wishes(session)
            return Done(result, Changed(current.changed), journal.row_of(current))

    def _require_file(self) -> None:
        """Who deletes or replaces the file under us is not noticed by SQLite: it would write into the void.

        Raises NoStore, StoreUnreachable.
        """
        if _which(self.folder.store) != self._file:
            raise NoStore(path=str(self.folder.store))

    def _read_only(self) -> CannotWrite:
        return CannotWrite("read-only", path=str(self.folder.store))

    @contextmanager
    def _said_to_people(self) -> Iterator[None]:
        """What the driver refuses becomes a DeskError; the transaction is rolled back by then."""
        with driver.refusing(self.folder.store):
            yield


def _look_at_wishes(session: Session) -> None:
    from correspondent_desk.store import erasure_wishes  # 5 ms to import, and few ever ask

    erasure_wishes.note_taken_back(session)


if TYPE_CHECKING:
    Store: TypeAlias = Opened[MappedSession] | Opened[DriverSession]
else:
    Store = Opened  # either kind, to name in annotations


def _which(store: Path) -> tuple[int, int] | None:
    """Which file it is; None where there is none. Windows keeps open files from being replaced."""
    try:
        found = store.stat()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreUnreachable(path=str(store)) from error
    return (0, 0) if os.name == "nt" else (found.st_dev, found.st_ino)


# --- opening --------------------------------------------------------------------------------------


def take(
    folder: DeskFolder, key: DataKey, wall: Callable[[], int]
) -> "tuple[BaseFileLock, Connection]":
    """The lock of the desk in folder, and its store as this version wants it; new if there was none.

    An older store is copied and brought up. Raises AlreadyOpen, NoStore (there was one), StoreTooNew,
    StoreDamaged, StoreBusy, CannotWrite.
    """
    held = lock.acquire(folder)
    try:
        with naming_copies(folder), driver.refusing(folder.store):
            return held, _brought_up(folder, key, wall)
    except BaseException:
        lock.release(folder, held)
        raise


def _brought_up(folder: DeskFolder, key: DataKey, wall: Callable[[], int]) -> "Connection":
    # A folder whose store went missing must not get an empty one as if nothing had been lost.
    is_first = not folder.sidecar.exists()
    log = folder.store.with_name(f"{folder.store.name}-wal")
    has_log = log.exists() and log.stat().st_size > 0
    connection = driver.connect(folder.store, key, Role.WRITER, create=is_first)
    try:
        found = driver.check_version(connection, may_be_new=is_first)
        if has_log:  # only who was killed leaves one
            from correspondent_desk.store import broken_log

            broken_log.look(connection, folder, log, wall())
        if found < driver.VERSION:
            from correspondent_desk.store import making

            making.make_or_migrate(folder, key, found, wall)
        origins.renew_if_restored(connection, folder)
        if folder.erased.exists():
            # 5 ms to import, and most desks never erased anybody.
            from correspondent_desk.store import erasing

            erasing.carry_out_what_is_left(connection, folder)
    except BaseException:
        connection.close()
        raise
    return connection
