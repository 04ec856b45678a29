"""A snapshot of an office, for a desk that has nothing of it or too little: read from its log."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping

from sqlalchemy import Connection, select

from correspondent_desk import decoding
from correspondent_desk.domain.delivery import Mark
from correspondent_desk.hub import tables
from correspondent_desk.sync import snapshot
from correspondent_desk.sync.columns import OpRow
from correspondent_desk.sync.snapshot import Survivors

FROM = 20_000
"""Operations from which on a new desk gets a snapshot; below, the history is worth its room."""

_decode_body = decoding.msgpack(dict[int, object]).decode

Marks = Mapping[bytes, list[Mark]]
Read = Callable[[bytes, int], Iterator[OpRow]]
"""The operations of an origin up to a number, in order."""


def sections(
    connection: Connection, office: int, vector: Mapping[bytes, int], read: Read
) -> Iterator[bytes]:
    """The sections of a snapshot of all that this vector covers."""
    uids = _uids(connection, office)
    marks = _marks(connection, office, uids)
    standing = _survivors(connection, office, uids, marks, vector).by_origin()
    return snapshot.pack(
        run
        for uid, hi in vector.items()
        for run in snapshot.runs(
            uid,
            hi,
            [mark for mark in marks[uid] if mark.seq <= hi],
            read(uid, hi),
            standing.get(uid, {}),
        )
    )


def standing(
    connection: Connection, office: int, below: int
) -> dict[int, dict[int, frozenset[int]]]:
    """Of what lies below this position of the log, what stood when its last operation had come.

    By the hub's number of the origin: fields by number of the operation.
    """
    uids = _uids(connection, office)
    found = _survivors(connection, office, uids, _marks(connection, office, uids), below=below)
    by_uid = found.by_origin()
    return {number: by_uid.get(uid, {}) for number, uid in uids.items()}


def _uids(connection: Connection, office: int) -> dict[int, bytes]:
    origin = tables.origin.c
    found = connection.execute(select(origin.id, origin.uid).where(origin.office == office))
    return {row.id: row.uid for row in found}


def _marks(connection: Connection, office: int, uids: Mapping[int, bytes]) -> Marks:
    context = tables.context.c
    found: defaultdict[bytes, list[Mark]] = defaultdict(list)
    for row in connection.execute(
        select(tables.context).where(context.office == office).order_by(context.seq)
    ):
        found[uids[row.origin]].append(Mark(row.seq, uids[row.seen_origin], row.hi))
    return found


def _survivors(
    connection: Connection,
    office: int,
    uids: Mapping[int, bytes],
    marks: Marks,
    vector: Mapping[bytes, int] | None = None,
    *,
    below: int | None = None,
) -> Survivors:
    """The log in its order, which is that of delivery; to this vector, or below this position."""
    op = tables.op.c
    survivors = Survivors()
    seen: defaultdict[bytes, dict[bytes, int]] = defaultdict(dict)
    left = {uid: iter(of_origin) for uid, of_origin in marks.items()}
    coming = {uid: next(found, None) for uid, found in left.items()}
    asked = select(op.origin, op.seq, op.record, op.body).where(op.office == office)
    if below is not None:
        asked = asked.where(op.pos < below)
    for origin, seq, record, body in connection.execute(asked.order_by(op.pos)):
        uid = uids[origin]
        if vector is not None and seq > vector.get(uid, 0):
            continue  # came while this is read
        mark = coming.get(uid)
        while mark is not None and mark.seq <= seq:
            seen[uid][mark.origin] = max(mark.hi, seen[uid].get(mark.origin, 0))
            mark = coming[uid] = next(left[uid], None)
        fields = _decode_body(body)
        if fields:  # of one that is kept for its number alone, nothing stands
            survivors.take(uid, seq, record, fields.keys(), seen[uid])
    return survivors
