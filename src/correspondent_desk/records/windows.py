"""Reading in the driver's own tuples: whole lists of ids, and windows of rows by id.

A list of 100 000 ids, or a page of 100 rows while somebody scrolls, must cost what the driver
needs and little more; mapped objects are for the one record being edited.
"""

import json
from array import array
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import chain
from sqlite3 import Connection
from typing import Any

from correspondent_desk.store import identity
from correspondent_desk.store.session import DriverSession, Session


def raw(session: Session) -> Connection:
    """The driver's connection, with all that was changed so far written to it."""
    if not isinstance(session, DriverSession):
        session.flush()
    return identity.raw(session)


def fetch(session: Session, sql: str, *values: object) -> list[tuple[Any, ...]]:
    """All rows of sql."""
    rows: list[tuple[Any, ...]] = raw(session).execute(sql, values).fetchall()
    return rows


def fetch_ids(session: Session, sql: str, *values: object) -> "array[int]":
    """The first column of sql, compact: eight bytes for each."""
    return array("q", chain.from_iterable(raw(session).execute(sql, values)))


def id_list(ids: Iterable[int]) -> str:
    """ids as the text that json_each takes: one bound value, however many there are."""
    return json.dumps(list(ids), separators=(",", ":"))


def in_order(rows: Iterable[tuple[Any, ...]], ids: Sequence[int]) -> list[tuple[Any, ...]]:
    """rows, whose first column is an id, in the order of ids; ids without a row are skipped."""
    by_id = {row[0]: row for row in rows}
    return [by_id[id_] for id_ in ids if id_ in by_id]


def as_date(text: str | None) -> date | None:
    """A stored date."""
    return date.fromisoformat(text) if text else None
