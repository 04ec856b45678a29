"""Opening the encrypted file with the driver alone; no SQLAlchemy here.

Raw key, because SQLCipher's own stretching would cost 75 ms for every connection; the passphrase was
stretched once, in the vault.
"""

import errno
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from enum import Enum, auto
from pathlib import Path
from typing import TYPE_CHECKING, cast

from correspondent_desk.disk import is_held, is_silent
from correspondent_desk.errors import DeskError
from correspondent_desk.store.files import CannotWrite, DiskRefused, saying_of_disk
from correspondent_desk.store.vault import DataKey

if TYPE_CHECKING:
    from sqlite3 import Connection

VERSION = 4
"""Number of the last migration, which a store says in PRAGMA user_version; 0: nothing was written."""
BUSY_MS = 5_000


class StoreDamaged(DeskError):
    """The store cannot be read, or not whole (details: path, findings, copies: their paths).

    reason: "copy", if it is a file that was to take its place; "hub", if it is a hub's database.
    """

    code = "store-damaged"


class StoreBusy(DeskError):
    """Another program holds the file, a virus scanner or a backup for example (details: path).

    reason: "hub", if it is a hub's database.
    """

    code = "store-busy"


class StoreUnreachable(DeskError):
    """The disk or the network drive failed while the file was read or written (details: path)."""

    code = "store-unreachable"


class NoStore(DeskError):
    """The key is there but the store is not (details: path, copies: their paths, where looked for)."""

    code = "no-store"


class StoreTooNew(DeskError):
    """A newer version of the program has written the store (details: found, known)."""

    code = "store-too-new"


class Role(Enum):
    """What a connection is for."""

    READER = auto()
    WRITER = auto()
    COPIER = auto()
    CHECKER = auto()


# Pages missed cost 10 us each, pages cached nothing. A reader's cache holds a search index and the
# pages of a list; a copy reads every page once.
_PRAGMAS = {
    Role.READER: ("query_only=ON", "cache_size=-32768"),
    Role.WRITER: ("synchronous=FULL", "cache_size=-16384"),
    Role.COPIER: ("synchronous=FULL", "cache_size=-8192"),
    Role.CHECKER: ("query_only=ON", "cache_size=-1024"),  # each page is looked at once
}

# The terms of the search indexes with the members that have them, in order. They hold nothing and
# belong to a connection, so no store has to be brought up for them.
_WALKS = (
    "CREATE VIRTUAL TABLE temp.member_word USING fts5vocab(main, member_fts, instance)",
    "CREATE VIRTUAL TABLE temp.member_digits USING fts5vocab(main, member_phone, instance)",
)


def connect(path: Path, key: DataKey, role: Role, *, create: bool = False) -> "Connection":
    """A connection in autocommit mode, usable on any one thread at a time.

    A reader opens also what may only be read. Raises NoStore, StoreDamaged (also for a wrong key:
    the two cannot be told apart), StoreBusy, DiskRefused, CannotWrite.
    """
    with saying_of_disk():
        if not create and not path.exists():
            raise NoStore(path=str(path))
    try:
        return _connected(str(path), path, key, ("journal_mode=WAL",), role)
    except CannotWrite as error:
        if role not in (Role.READER, Role.CHECKER) or error.reason not in ("read-only", "full"):
            raise
    return _connected(_unwritable(path), path, key, (), role)


def _unwritable(path: Path) -> str:
    """The address of a store in a folder where nothing can be written, not even a lock."""
    log = path.with_name(f"{path.name}-wal")
    is_at_rest = not (log.exists() and log.stat().st_size)
    return f"{path.absolute().as_uri()}?{'immutable=1' if is_at_rest else 'mode=ro'}"


def _connected(
    address: str, path: Path, key: DataKey, journal: Sequence[str], role: Role
) -> "Connection":
    from sqlcipher3 import dbapi2

    with refusing(path):
        connection = dbapi2.connect(
            address,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
            uri=address != str(path),
        )
        try:
            # First of all, or SQLCipher writes what it thinks of a wrong key to stderr.
            connection.execute("PRAGMA cipher_log_level=NONE")
            connection.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
            for pragma in (
                f"busy_timeout={BUSY_MS}",
                *journal,
                "trusted_schema=OFF",
                "cell_size_check=ON",
                "temp_store=MEMORY",
                "journal_size_limit=67108864",
            ):
                connection.execute(f"PRAGMA {pragma}")
            for walk in _WALKS:
                connection.execute(walk)
            for pragma in _PRAGMAS[role]:
                connection.execute(f"PRAGMA {pragma}")
        except dbapi2.Error:
            connection.close()
            raise
    return cast("Connection", connection)


def check_version(connection: "Connection", *, may_be_new: bool = False) -> int:
    """The store's version. Raises StoreTooNew, StoreDamaged (an empty file that is not new)."""
    found: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if not found and not may_be_new:
        path = connection.execute("PRAGMA database_list").fetchone()[2]
        raise StoreDamaged(path=path, findings=("empty",), copies=())
    if found > VERSION:
        raise StoreTooNew(found=found, known=VERSION)
    return found


def findings(connection: "Connection") -> tuple[str, ...]:
    """What the engine finds wrong with the file; nothing for a sound one. Reads all of it.

    Nothing, too, where it was interrupted half-way.
    """
    from sqlcipher3 import dbapi2

    try:
        found = [str(row[0]) for row in connection.execute("PRAGMA quick_check(20)")]
    except dbapi2.OperationalError as error:
        if getattr(error, "sqlite_errorname", "") == "SQLITE_INTERRUPT":
            return ()
        raise
    return () if found == ["ok"] else tuple(found)


def interrupt(connection: "Connection") -> None:
    """End what connection does, from another thread; it may be closed by then."""
    from sqlcipher3 import dbapi2

    with suppress(dbapi2.ProgrammingError):
        connection.interrupt()


_LEAST_ROOM = 1 << 16  # what the index of a log takes at least, in bytes


def refusal(error: BaseException | None, path: Path) -> DeskError | None:
    """What the driver said, as an error a person can be told; None for a mistake in our SQL."""
    name = str(getattr(error, "sqlite_errorname", None) or "")
    match name.split("_")[1:2]:  # of SQLITE_IOERR_WRITE, IOERR
        case ["FULL"]:
            return CannotWrite("full", path=str(path))
        case ["CANTOPEN"]:
            return _unopened(path)
        case ["READONLY" | "PERM" | "AUTH"]:
            return CannotWrite("read-only", path=str(path))
        case ["BUSY" | "LOCKED" | "PROTOCOL"]:
            return StoreBusy(path=str(path))
        case ["IOERR"]:
            return _unreachable(path)
        case ["CORRUPT" | "NOTADB" | "FORMAT"]:
            return StoreDamaged(path=str(path), findings=(str(error),), copies=())
        case _:
            return None


def _unopened(path: Path) -> DeskError:
    """The engine says the same of a folder it may not write in, of a file it may not even read, of one
    that another program keeps from it, and of a disk that is gone.
    """
    for one in (path, path.with_name(f"{path.name}-wal")):
        try:
            _ask_for(one)
        except OSError as error:
            if is_silent(error):
                return StoreUnreachable(path=str(path))
            if is_held(error):
                return StoreBusy(path=str(path))
            if isinstance(error, PermissionError):
                return DiskRefused("forbidden", path=str(one))
    return CannotWrite("read-only", path=str(path))


def _ask_for(path: Path) -> None:
    """Raises OSError for what keeps this account from reading a file.

    Elsewhere than on Windows, to close a file lets go of all locks that this program has on it: also of
    those by which the engine knows, in another connection, that the store is in use.
    """
    if os.name == "nt":
        path.open("rb").close()
        return
    path.stat()
    if not os.access(path, os.R_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))


def _unreachable(path: Path) -> DeskError:
    """On a full disk a reader finds no room for the index of the log, and the engine says no more."""
    import shutil  # with its archives, 3 ms of a cold search

    with suppress(OSError):
        if shutil.disk_usage(path.parent).free < _LEAST_ROOM:
            return CannotWrite("full", path=str(path))
    return StoreUnreachable(path=str(path))


@contextmanager
def refusing(path: Path) -> Iterator[None]:
    """What the driver refuses about the file at path becomes a DeskError, and what its disk refuses."""
    from sqlcipher3 import dbapi2

    try:
        with saying_of_disk():
            yield
    except dbapi2.Error as error:
        refused = refusal(error, path)
        if refused is None:
            raise
        raise refused from error
