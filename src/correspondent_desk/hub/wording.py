"""Statements that are written out, once for both databases: they are asked thousands of times an hour.

Building a statement from its parts costs more than PostgreSQL takes to answer it, and so does handing
a written one through SQLAlchemy: PostgreSQL's driver is asked directly, in the same transaction.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import Connection, text
from sqlalchemy.exc import MultipleResultsFound, NoResultFound

from correspondent_desk.hub.tables import AnyRow

if TYPE_CHECKING:
    import psycopg

_NAME = re.compile(r"(?<!:):(\w+)")


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


class Wording:
    """A statement in the words of PostgreSQL; SQLite, which has one writer at a time, needs no locks.

    FOR UPDATE ends a statement. :name is a value.
    """

    def __init__(self, words: str, *, sqlite: str = "") -> None:
        self._postgresql = _NAME.sub(r"%(\1)s", words.replace("%", "%%")).encode()
        self._sqlite = text(sqlite or words.partition(" FOR UPDATE")[0])

    def ask(self, connection: Connection, told: Mapping[str, object] | None = None) -> Found:
        """The answer of this connection's database, in its transaction."""
        if connection.dialect.name != "postgresql":
            return connection.execute(self._sqlite, told)
        from psycopg.rows import namedtuple_row

        cursor = driver_of(connection).cursor(row_factory=namedtuple_row)
        return _Rows(cursor.execute(self._postgresql, told))


def driver_of(connection: Connection) -> "psycopg.Connection[Any]":
    """The connection of PostgreSQL's driver."""
    driver: psycopg.Connection[Any] | None = connection.connection.driver_connection
    assert driver is not None  # noqa: S101 - it is checked out
    return driver


class _Rows:
    """As SQLAlchemy gives them."""

    __slots__ = ("_cursor",)

    def __init__(self, cursor: "psycopg.Cursor[Any]") -> None:
        self._cursor = cursor

    @property
    def rowcount(self) -> int:
        return self._cursor.rowcount

    def __iter__(self) -> Iterator[AnyRow]:
        return iter(self._cursor.fetchall())

    def fetchmany(self, size: int) -> Sequence[AnyRow]:
        return self._cursor.fetchmany(size)

    def one(self) -> AnyRow:
        found = self.one_or_none()
        if found is None:
            raise NoResultFound("No row was found when one was required")
        return found

    def one_or_none(self) -> AnyRow | None:
        rows: list[AnyRow] = self._cursor.fetchmany(2)
        if len(rows) > 1:
            raise MultipleResultsFound("Multiple rows were found when one or none was required")
        return rows[0] if rows else None

    def scalar_one(self) -> Any:
        return self.one()[0]

    def scalar_one_or_none(self) -> Any:
        found = self.one_or_none()
        return None if found is None else found[0]
