"""What stands in a store, whoever wrote it."""

from typing import Any

from correspondent_desk.store import identity
from correspondent_desk.store.database import Database


def ask(desk: Database, sql: str, *told: object) -> list[Any]:
    """The rows of sql."""
    return desk.read(lambda s: identity.raw(s).execute(sql, told).fetchall())
