"""What every test would pay for again and none of them looks at, paid once or made small.

Statements of SQLAlchemy stay compiled from one desk or hub to the next, which took a third of the
time of most tests; passphrases are stretched as little as the code allows. Who tests the stretching
itself says how much of it, and little_scrypt.ORDINARY is the one of pyrage.
"""

from typing import Any

import pyrage
from sqlalchemy import Engine
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.dialects.sqlite.base import SQLiteDialect
from sqlalchemy.util import LRUCache

from correspondent_desk.store.stretching import Stretching
from tests import little_scrypt

STATEMENTS = 2_000
ORDINARY = Stretching.__new__.__defaults__
compiled: LRUCache[Any, Any] = LRUCache(STATEMENTS)


def begin() -> None:
    """For the rest of this process."""
    for dialect in (SQLiteDialect, PGDialect):
        dialect.__eq__ = _is_alike  # type: ignore[method-assign]
        dialect.__hash__ = _kind  # type: ignore[assignment]
    # Not by an event of each connection: every statement would then look for its listeners.
    Engine._compiled_cache = property(lambda _: compiled, lambda *_: None)  # type: ignore[assignment] # noqa: SLF001
    Stretching.__new__.__defaults__ = (64, 1)  # kibibytes, rounds
    pyrage.passphrase.encrypt = little_scrypt.encrypt


# A statement is kept for the dialect object that it was compiled for, and each engine has one of its
# own. What tells two of them apart here is the driver and how JSON is written.


def _told(dialect: Any) -> tuple[object, ...]:
    return type(dialect), dialect.dbapi, dialect._json_serializer, dialect._json_deserializer  # noqa: SLF001


def _is_alike(one: Any, other: object) -> bool:
    return type(one) is type(other) and _told(one) == _told(other)


def _kind(dialect: Any) -> int:
    return hash(type(dialect))
