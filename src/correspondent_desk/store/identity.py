"""Record ids: 16 bytes that travel, and a small number that stays in this store."""

import os
import struct
import uuid
from collections.abc import Iterator
from sqlite3 import Connection
from typing import cast

from correspondent_desk.store.session import DriverSession, Session

UID_BYTES = 16
UNKNOWN_KIND = 0
"""Kind of a record that was only mentioned so far."""

# Every desk makes this record for itself, and all mean the same one: UUIDv5 of a name of our own.
OFFICE_UID = uuid.uuid5(uuid.NAMESPACE_URL, "correspondent-desk:office").bytes

_CACHE = "uids"
_VARIANT = 1 << 63
_two_halves = struct.Struct(">QQ").pack


def raw(session: Session) -> Connection:
    """The driver's connection under a session, in the session's transaction."""
    if isinstance(session, DriverSession):
        return session.driver
    return cast("Connection", session.connection().connection.driver_connection)


def new_uids(count: int, wall_ms: int) -> Iterator[bytes]:
    """UUIDs of version 7, ascending within this call, so that they append to their index.

    Twelve bits count within the millisecond and carry into it.
    """
    chances = struct.unpack(f">{count}Q", os.urandom(8 * count))
    for tick, chance in enumerate(chances, wall_ms << 12):
        yield _two_halves(tick >> 12 << 16 | 0x7000 | tick & 0xFFF, _VARIANT | chance >> 2)


def uid_of(session: Session, record_id: int) -> bytes:
    """The id that travels. Raises KeyError for a number that no record has."""
    known: dict[int, bytes] = session.info.setdefault(_CACHE, {})
    uid = known.get(record_id)
    if uid is None:
        row = raw(session).execute("SELECT uid FROM record WHERE id=?", (record_id,)).fetchone()
        if row is None:
            raise KeyError(record_id)
        uid = known[record_id] = row[0]
    return uid


def find_id(session: Session, uid: bytes) -> int | None:
    """The number of the record with this uid, if this store has seen it."""
    row = raw(session).execute("SELECT id FROM record WHERE uid=?", (uid,)).fetchone()
    return None if row is None else cast("int", row[0])


def id_of(session: Session, uid: bytes) -> int:
    """The number of the record with this uid; one that was never seen gets an empty place."""
    found = find_id(session, uid)
    return allot(session, uid, UNKNOWN_KIND, None) if found is None else found


def allot(session: Session, uid: bytes, kind: int, root: int | None) -> int:
    """A place for a record and its number; root None: it is its own."""
    # Nothing is ever deleted from record, so SQLite's next number is the highest and one.
    made = raw(session).execute(
        "INSERT INTO record(uid, kind, root)"
        " VALUES(?,?,coalesce(?,(SELECT coalesce(max(id),0)+1 FROM record)))",
        (uid, kind, root),
    )
    return cast("int", made.lastrowid)
