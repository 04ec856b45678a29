"""The two databases a hub can have, and what they refuse, as errors a person can be told."""

import select
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.pool import QueuePool

from correspondent_desk.errors import DeskError
from correspondent_desk.hub import arrays
from correspondent_desk.hub.wording import driver_of
from correspondent_desk.store import connection as driver
from correspondent_desk.store.connection import Role, StoreBusy, StoreDamaged
from correspondent_desk.store.files import CannotWrite
from correspondent_desk.store.vault import DataKey

if TYPE_CHECKING:
    import psycopg

OLDEST = 150_000
"""PostgreSQL 15, as server_version_num says it."""

_CONNECT_S = 10
_LOCK_MS = 30_000
_IDLE_MS = 120_000


class HubDatabaseRefused(DeskError):
    """The hub's PostgreSQL is not there or not fit.

    reason: "unreachable" (details: where, what), "no-access" (where), "bad-url", "bad-settings" (path), "superuser" (where:
    row-level security would not hold for that role), "reads-only" (where) or "too-old" (where, found).
    """

    code = "hub-database"


def sqlite(path: Path, key: DataKey, *, create: bool) -> Engine:
    """The encrypted file at path."""
    from sqlcipher3 import dbapi2

    engine = create_engine(
        "sqlite+pysqlite://",
        module=dbapi2,
        creator=lambda: driver.connect(path, key, Role.WRITER, create=create),
        poolclass=QueuePool,
        pool_size=1,
        max_overflow=8,  # desks' requests, operators' and what is taken in beside them
    )

    # This is the office's row lock where there are no rows to lock: one writer at a time.
    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def postgresql(url: URL, seal: bytes) -> Engine:
    """The server at url. seal: what the hub's private keys are sealed with in it."""
    engine = create_engine(
        url,
        pool_size=5,
        max_overflow=10,
        pool_use_lifo=True,  # whoever was asked last has everything at hand
        execution_options={"hub_seal": seal},
        connect_args={
            "connect_timeout": _CONNECT_S,
            # The driver would forget all that is prepared, ours too, when a savepoint is undone.
            "prepare_threshold": None,
            "application_name": "correspondent-desk hub",
            "options": f"-c lock_timeout={_LOCK_MS}"
            f" -c idle_in_transaction_session_timeout={_IDLE_MS} -c timezone=UTC",
        },
    )
    event.listen(engine, "checkout", _require_alive)
    arrays.understood(engine)
    return engine


def _require_alive(connection: "psycopg.Connection", _record: Any, _proxy: Any) -> None:
    """A server that was started again is met with a new connection: raises DisconnectionError.

    It has hung up, which can be read from the line, where asking it would cost a round trip each time.
    """
    if _has_hung_up(connection.fileno()):
        raise DisconnectionError


def _has_hung_up(line: int) -> bool:
    if hasattr(select, "poll"):
        polled = select.poll()
        polled.register(line, select.POLLIN)
        return bool(polled.poll(0))
    return bool(select.select([line], [], [], 0)[0])


@contextmanager
def at_once(connection: Connection) -> Iterator[None]:
    """Each statement is a transaction of its own, which saves PostgreSQL two round trips."""
    driver = driver_of(connection)
    driver.autocommit = True
    try:
        yield
    finally:
        if not driver.closed:
            driver.autocommit = False


def require_fit(connection: Connection, where: str) -> None:
    """Raises HubDatabaseRefused for an old server, a replica, and a role that sees every office's rows."""
    version = int(connection.scalar(text("SHOW server_version_num")) or 0)
    if version < OLDEST:
        raise HubDatabaseRefused("too-old", where=where, found=version // 10_000)
    if connection.scalar(text("SELECT pg_is_in_recovery()")):
        raise HubDatabaseRefused("reads-only", where=where)
    is_mighty = connection.scalar(
        text("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
    )
    if is_mighty:
        raise HubDatabaseRefused("superuser", where=where)


@contextmanager
def refusing(where: str | Path) -> Iterator[None]:
    """What the database refuses becomes a DeskError; mistakes in our SQL stay what they are."""
    if isinstance(where, Path):
        with _refusing_file(where):
            yield
        return
    import psycopg

    try:
        yield
    except (DBAPIError, psycopg.Error) as error:
        said = error.orig if isinstance(error, DBAPIError) else error
        refused = _refusal(said, where)
        if refused is None:
            raise
        raise refused from error


@contextmanager
def _refusing_file(path: Path) -> Iterator[None]:
    try:
        with driver.refusing(path):
            yield
    except DBAPIError as error:
        refused = driver.refusal(error.orig, path)
        if refused is None:
            raise
        raise _of_hub(refused) from error
    except (StoreBusy, StoreDamaged) as error:
        raise _of_hub(error) from error


def _of_hub(error: DeskError) -> DeskError:
    """What is to be done about it is not what is to be done about a desk."""
    if isinstance(error, StoreBusy | StoreDamaged):
        return type(error)("hub", **error.details)
    return error


def _is_row_security(error: BaseException | None) -> bool:
    """Whether we tried to write a row of another office, which is a mistake of ours."""
    diag = getattr(error, "diag", None)
    return getattr(diag, "source_function", None) == "ExecWithCheckOptions"


_BUSY = frozenset({"40001", "40P01", "55P03", "53300", "57014"})
_NO_ACCESS = frozenset({"28000", "28P01", "3D000", "42501"})
_FULL = frozenset({"53100"})
_READ_ONLY = frozenset({"25006"})


def _refusal(error: BaseException | None, where: str) -> DeskError | None:
    import psycopg

    state = getattr(error, "sqlstate", None) or ""
    if state in _BUSY:
        return StoreBusy("hub", path=where)
    if state in _NO_ACCESS and not _is_row_security(error):
        return HubDatabaseRefused("no-access", where=where)
    if state in _FULL:
        return CannotWrite("full", path=where)
    if state in _READ_ONLY:
        return CannotWrite("read-only", path=where)
    # Class 08, 57P and no class at all: the server is not there, or went away.
    if isinstance(error, psycopg.OperationalError) and state[:3] in ("", "08", "080", "57P"):
        # Lines that are indented guess at the reason.
        said = [line for line in str(error).strip().splitlines() if not line.startswith("\t")]
        return HubDatabaseRefused("unreachable", where=where, what=said[-1] if said else "")
    return None
