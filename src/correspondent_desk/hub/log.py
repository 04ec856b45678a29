"""Appending to an office's log of operations."""

from collections.abc import Iterator, Sequence
from itertools import islice

import msgspec
from sqlalchemy import Connection, insert, select, update

from correspondent_desk.domain.delivery import Delivery, Run
from correspondent_desk.hub import tables
from correspondent_desk.sync.columns import OpRow
from correspondent_desk.sync.ops import news_of
from correspondent_desk.sync.parcels import Parcels

_BATCH = 5_000
_encode = msgspec.msgpack.Encoder().encode


def append(connection: Connection, office: int, delivery: Delivery, every: Parcels) -> int:
    """What is new, in the order of delivery; how many operations.

    The office's row stays locked to the end of the transaction, so positions are in the order of
    commits and a reader with a cursor misses nothing.
    """
    count = sum(step.stop - step.start for step in delivery.steps)
    connection.execute(
        update(tables.office)
        .where(tables.office.c.id == office)
        .values(next_pos=tables.office.c.next_pos + count)
    )
    after = connection.execute(
        select(tables.office.c.next_pos).where(tables.office.c.id == office)
    ).scalar_one()
    numbers = _numbers(connection, office)
    due = _due(delivery, every)
    pos = after - count
    while batch := list(islice(due, _BATCH)):
        connection.execute(
            insert(tables.op),
            [_row(office, pos + at, numbers[op.origin], op) for at, op in enumerate(batch)],
        )
        pos += len(batch)
    _keep_marks(connection, delivery, every.runs, numbers)
    for uid, hi in delivery.have.items():
        if uid in numbers:
            connection.execute(
                update(tables.origin).where(tables.origin.c.id == numbers[uid]).values(hi=hi)
            )
    return count


def _numbers(connection: Connection, office: int) -> dict[bytes, int]:
    """The hub's numbers of the office's origins. What anybody has seen is among them."""
    origin = tables.origin.c
    found = connection.execute(select(origin.uid, origin.id).where(origin.office == office))
    return {row.uid: row.id for row in found}


def _due(delivery: Delivery, every: Parcels) -> Iterator[OpRow]:
    for step in delivery.steps:
        yield from every.ops(step.run)[step.start : step.stop]


def _row(office: int, pos: int, origin: int, op: OpRow) -> dict[str, object]:
    return {
        "office": office,
        "pos": pos,
        "origin": origin,
        "seq": op.seq,
        "stamp": op.stamp,
        "record": op.record,
        "kind": op.kind,
        "root": op.root,
        "person": op.person,
        "action": op.action,
        "group": op.group,
        "wall": op.wall,
        "body": _encode(op.fields),
    }


def _keep_marks(
    connection: Connection, delivery: Delivery, runs: Sequence[Run], numbers: dict[bytes, int]
) -> None:
    """What the authors of the operations that came now had seen."""
    origin = tables.origin.c
    before = {row.id: row.hi for row in connection.execute(select(origin.id, origin.hi))}
    marks: dict[tuple[int, int, int], int] = {}
    for run in runs:
        author = numbers[run.origin]
        for mark in news_of(run, before[author], delivery.have):
            place = author, mark.seq, numbers[mark.origin]
            marks[place] = max(mark.hi, marks.get(place, 0))
    if marks:
        connection.execute(
            insert(tables.context),
            [
                {"origin": author, "seq": seq, "seen_origin": seen, "hi": hi}
                for (author, seq, seen), hi in marks.items()
            ],
        )
