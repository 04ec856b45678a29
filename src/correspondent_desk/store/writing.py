"""Many lines of `record` and `history` at once, given to the driver as it takes them quickest.

It asks bytes and None how they want to be written, which takes four times as long as writing them; a
bytearray it knows, and a column that is not named is NULL.
"""

from collections.abc import Iterable
from sqlite3 import Connection

_RECORD = "INSERT INTO record(id, uid, kind, root, stamp) VALUES(?,?,?,?,?)"
_RESTAMPED = "UPDATE record SET stamp=? WHERE id=?"
_MADE = "INSERT INTO history(origin, seq, record, stamp, action, body) VALUES(?,?,?,?,?,?)"
_CHANGED = (
    "INSERT INTO history(origin, seq, record, stamp, action, body, before) VALUES(?,?,?,?,?,?,?)"
)

Made = tuple[int, int, int, int, int, bytes]
"""A line of history: origin, seq, record, stamp, action and what was written."""
Line = tuple[int, int, int, int, int, bytes, bytes | None]
"""The same and what it replaced; None: the record is new."""


def add_records(
    connection: Connection, records: Iterable[tuple[int, bytes, int, int, bytes]]
) -> None:
    """Records that are new: id, uid, kind, root and stamp."""
    connection.executemany(
        _RECORD,
        (
            (id_, bytearray(uid), kind, root, bytearray(stamp))
            for id_, uid, kind, root, stamp in records
        ),
    )


def restamp(connection: Connection, stamps: Iterable[tuple[bytes, int]]) -> None:
    """Other stamps for records; kind and root are not named, or their index would be written again."""
    connection.executemany(_RESTAMPED, [(bytearray(stamp), id_) for stamp, id_ in stamps])


def log_made(connection: Connection, lines: Iterable[Made]) -> None:
    """History of records that are new."""
    connection.executemany(
        _MADE,
        (
            (origin, seq, record, stamp, action, bytearray(body))
            for origin, seq, record, stamp, action, body in lines
        ),
    )


def log(connection: Connection, lines: Iterable[Line]) -> None:
    """History of records, new or not."""
    made, changed = [], []
    for origin, seq, record, stamp, action, body, before in lines:
        if before is None:
            made.append((origin, seq, record, stamp, action, bytearray(body)))
        else:
            changed.append((origin, seq, record, stamp, action, bytearray(body), bytearray(before)))
    connection.executemany(_MADE, made)
    connection.executemany(_CHANGED, changed)
