"""Statements that are written out, once for both databases: they are asked thousands of times an hour.

Building a statement from its parts costs more than PostgreSQL takes to answer it, and so does handing
a written one through SQLAlchemy or a cursor: it is prepared once for a connection, and asked through
the driver's own line to the server, in the same transaction.
"""

import re
from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from sqlalchemy import Connection, text
from sqlalchemy.exc import MultipleResultsFound, NoResultFound

from correspondent_desk.hub.tables import AnyRow

if TYPE_CHECKING:
    import psycopg
    from psycopg.abc import Transformer
    from psycopg.pq.abc import PGconn, PGresult

_NAME = re.compile(r"(?<!:):(\w+)")
_IDLE = 0  # libpq's PQTRANS_IDLE, CONNECTION_BAD is 1
_BAD = 1
_DONE, _ROWS = 1, 2  # PGRES_COMMAND_OK, PGRES_TUPLES_OK
_BINARY = 1
_KNOWN = "correspondent_desk.prepared"


class Found(Protocol):
    """What a statement gave, or how many rows it changed."""

    @property
    def rowcount(self) -> int: ...
    def __iter__(self) -> Iterator[AnyRow]: ...
    def fetchmany(self, size: int) -> Sequence[AnyRow]: ...
    def one(self) -> AnyRow: ...
    def one_or_none(self) -> AnyRow | None: ...
    def scalar_one(self) -> Any: ...
    def scalar_one_or_none(self) -> Any: ...


class _Prepared(NamedTuple):
    """A statement that one connection knows, and what its rows become."""

    name: bytes
    row: Callable[[Sequence[Any]], Any]


class Wording:
    """A statement in the words of PostgreSQL; SQLite, which has one writer at a time, needs no locks.

    FOR UPDATE ends a statement. :name is a value; a whole number is a bigint.
    """

    def __init__(self, words: str, *, sqlite: str = "") -> None:
        self._names = tuple(dict.fromkeys(_NAME.findall(words)))
        places = {name: f"${number}" for number, name in enumerate(self._names, 1)}
        self._postgresql = _NAME.sub(lambda found: places[found[1]], words).encode()
        self._sqlite = text(sqlite or words.partition(" FOR UPDATE")[0])

    def ask(self, connection: Connection, told: Mapping[str, object] | None = None) -> Found:
        """The answer of this connection's database, in its transaction."""
        if connection.dialect.name != "postgresql":
            return connection.execute(self._sqlite, told)
        from psycopg.adapt import PyFormat, Transformer
        from psycopg.types.numeric import Int8

        driver = driver_of(connection)
        line = driver.pgconn
        if line.transaction_status == _IDLE and not driver.autocommit:
            _require(line.exec_(b"BEGIN"), line)
        packer = Transformer(driver)
        values = [told[name] for name in self._names] if told else ()
        values = [Int8(one) if type(one) is int else one for one in values]
        packed = packer.dump_sequence(values, [PyFormat.AUTO] * len(values))
        known: dict[object, _Prepared] = connection.info.setdefault(_KNOWN, {})
        prepared = known.get((self, packer.types))
        if prepared is None:
            prepared = self._prepare(line, len(known), packer)
            known[self, packer.types] = prepared
        result = line.exec_prepared(
            prepared.name,
            packed,  # type: ignore[arg-type]  # None is NULL here as in exec_params
            packer.formats,
            _BINARY,
        )
        _require(result, line)
        packer.set_pgresult(result)
        return _Rows(result, packer, prepared.row)

    def _prepare(self, line: "PGconn", number: int, packer: "Transformer") -> _Prepared:
        name = b"wording%d" % number
        _require(line.prepare(name, self._postgresql, packer.types), line)
        told = line.describe_prepared(name)
        _require(told, line)
        columns = [(told.fname(at) or b"").decode() for at in range(told.nfields)]
        row = namedtuple("Row", columns, rename=True)  # type: ignore[misc]  # noqa: PYI024
        return _Prepared(name, row._make)


def driver_of(connection: Connection) -> "psycopg.Connection[Any]":
    """The connection of PostgreSQL's driver."""
    driver: psycopg.Connection[Any] | None = connection.connection.driver_connection
    assert driver is not None  # noqa: S101 - it is checked out
    return driver


def _require(result: "PGresult", line: "PGconn") -> None:
    """Raises what the driver raises for this answer, unless it is a good one."""
    if result.status in (_DONE, _ROWS):
        return
    import psycopg

    if line.status == _BAD:
        raise psycopg.OperationalError(line.error_message.decode(errors="replace"))
    raise psycopg.errors.error_from_result(result)


class _Rows:
    """As SQLAlchemy gives them."""

    __slots__ = ("_at", "_count", "_packer", "_result", "_row")

    def __init__(
        self, result: "PGresult", packer: "Transformer", row: Callable[[Sequence[Any]], Any]
    ) -> None:
        self._result = result
        self._packer = packer
        self._row = row
        self._at, self._count = 0, result.ntuples

    @property
    def rowcount(self) -> int:
        changed = self._result.command_tuples
        return self._count if changed is None else changed

    def __iter__(self) -> Iterator[AnyRow]:
        return iter(self.fetchmany(self._count))

    def fetchmany(self, size: int) -> Sequence[AnyRow]:
        first, self._at = self._at, min(self._at + size, self._count)
        return self._packer.load_rows(first, self._at, self._row)

    def one(self) -> AnyRow:
        found = self.one_or_none()
        if found is None:
            raise NoResultFound("No row was found when one was required")
        return found

    def one_or_none(self) -> AnyRow | None:
        if self._count > 1:
            raise MultipleResultsFound("Multiple rows were found when one or none was required")
        return self.fetchmany(1)[0] if self._count else None

    def scalar_one(self) -> Any:
        return self.one()[0]

    def scalar_one_or_none(self) -> Any:
        found = self.one_or_none()
        return None if found is None else found[0]
