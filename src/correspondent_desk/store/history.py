"""What an action's work may call: make, remove, write many at once, keep a setting.

Ordinary changes of mapped objects need nothing from here: the listener in store.operations hears
them.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from correspondent_desk import decoding
from correspondent_desk.domain.fields import field
from correspondent_desk.store import identity, operations
from correspondent_desk.store.bulk import bulk_insert, bulk_update
from correspondent_desk.store.identity import raw
from correspondent_desk.store.session import Session
from correspondent_desk.store.values import layout

if TYPE_CHECKING:
    from sqlalchemy.orm import Session as MappedSession

    from correspondent_desk.store.tables import Synced

__all__ = [
    "bulk_insert", "bulk_update", "create", "find", "now", "person", "read_setting", "remove",
    "rewrite", "write_setting",
]  # fmt: skip

M = TypeVar("M", bound="Synced")
V = TypeVar("V")


def create(
    session: "MappedSession",
    table: type[M],
    root: int | None = None,
    uid: bytes | None = None,
    **columns: Any,
) -> M:
    """A new record in the session, with an id at once, so that others can refer to it.

    root: the record that owns it for scope and erasure; None: itself. uid: given where two desks
    must make the same record; such a one may exist already, see `find`.
    """
    from correspondent_desk.store import mapped

    current = mapped.of(session)
    if uid is None:
        uid = next(identity.new_uids(1, current.wall_ms))
    id_ = identity.allot(session, uid, table.kind, root)
    record = table(id=id_, **{**layout(table.kind).blank(), **columns})
    current.created(record)
    session.add(record)
    return record


def find(session: "MappedSession", table: type[M], uid: bytes) -> M | None:
    """The record that every desk would make under this uid, if it is there, removed or not."""
    id_ = identity.find_id(session, uid)
    return None if id_ is None else session.get(table, id_)


def remove(session: Session, record: "Synced") -> None:
    """Take record out of every list; it stays in the store and undo brings it back."""
    record.removed_at = now(session)


def rewrite(session: "MappedSession", record: "Synced", field_name: str) -> None:
    """Write a field though its value stays: who settles a disagreement may choose what is shown."""
    from correspondent_desk.store import mapped

    mapped.of(session).rewrite(record, field(record.kind, field_name))


def now(session: Session) -> datetime:
    """Local wall-clock time of the action."""
    return datetime.fromtimestamp(operations.of(session).wall_ms / 1000)  # noqa: DTZ006


def read_setting(session: Session, key: str, type_: type[V]) -> V | None:
    """A setting, or None if it was never written."""
    row = raw(session).execute("SELECT value FROM setting WHERE key=?", (key,)).fetchone()
    return None if row is None else decoding.msgpack(type_).decode(row[0])


def person(session: Session) -> str:
    """Who works at this desk, as said at first start; nothing before."""
    return read_setting(session, "person", str) or ""


LINK = "exchange.link"
"""The setting that says which hub this desk exchanges with, for which office (sync.link)."""


def write_setting(session: Session, key: str, value: object) -> None:
    """Keep a small fact of this store; None forgets it. No history, not exchanged."""
    if value is None:
        raw(session).execute("DELETE FROM setting WHERE key=?", (key,))
    else:
        raw(session).execute(
            "INSERT INTO setting(key, value) VALUES(?,?)"
            " ON CONFLICT(key) DO UPDATE SET value=excluded.value",
            (key, msgspec.msgpack.encode(value)),
        )
