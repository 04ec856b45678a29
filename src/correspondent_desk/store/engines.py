"""SQLAlchemy over the encrypted file."""

from typing import TYPE_CHECKING, cast

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool

from correspondent_desk.store import connection as driver
from correspondent_desk.store import values
from correspondent_desk.store.connection import Role
from correspondent_desk.store.vault import DataKey

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path


def engine(path: "Path", key: DataKey, role: Role, *, size: int) -> Engine:
    """An engine with at most so many connections, or a few more for readers."""
    from sqlcipher3 import dbapi2

    made = create_engine(
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

    @event.listens_for(made, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return made


def driver_of(connection: Connection) -> "sqlite3.Connection":
    """The driver's connection below."""
    return cast("sqlite3.Connection", connection.connection.driver_connection)
