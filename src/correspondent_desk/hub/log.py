"""Appending to an office's log of operations."""

from collections.abc import Iterator, Sequence
from itertools import islice

import msgspec
from sqlalchemy import Connection, insert, text

from correspondent_desk.domain.delivery import Delivery, Run
from correspondent_desk.hub import tables
from correspondent_desk.hub.standing import Standing
from correspondent_desk.hub.wording import Wording
from correspondent_desk.sync.columns import OpRow
from correspondent_desk.sync.ops import news_of
from correspondent_desk.sync.parcels import Parcels

_BATCH = 5_000
_COPIED = 2_000  # operations, from which on PostgreSQL's COPY pays for its staging table
_encode = msgspec.msgpack.Encoder().encode

COLUMNS = tuple(column.name for column in tables.op.columns)
_NAMES = ", ".join(f'"{name}"' for name in COLUMNS)
TYPES = (
    "int8", "int8", "int8", "int8", "int8", "bytea", "int4", "bytea", "text", "text", "int8",
    "int8", "bytea",
)  # fmt: skip
# COPY does not enter a table with row-level security, so it fills a table of its connection's own.
_STAGE = 'CREATE TEMP TABLE IF NOT EXISTS op_stage (LIKE "op") ON COMMIT DELETE ROWS'
_COPY = f"COPY op_stage ({_NAMES}) FROM STDIN (FORMAT BINARY)"
_UNSTAGE = f'INSERT INTO "op" ({_NAMES}) SELECT {_NAMES} FROM op_stage'  # noqa: S608 - own names

# A column is one value of the statement.
_UNNEST = text(
    f'INSERT INTO "op" ({_NAMES}) SELECT * FROM unnest('  # noqa: S608 - own names
    + ", ".join(f"CAST(:c{n} AS {kind}[])" for n, kind in enumerate(TYPES))
    + ")"
)

Row = tuple[object, ...]


def append(connection: Connection, standing: Standing, delivery: Delivery, every: Parcels) -> int:
    """What is new, in the order of delivery; how many operations. Of what was erased nothing is kept.

    The office's row stays locked to the end of the transaction, so positions are in the order of
    commits and a reader with a cursor misses nothing.
    """
    office, erased = standing.office.id, standing.erased
    count = sum(step.stop - step.start for step in delivery.steps)
    numbers = {one.uid: (one.id, one.hi) for one in standing.origins.values()}
    if count:
        moved = connection.execute(_MOVE.on(connection), {"office": office, "count": count})
        after: int = moved.scalar_one()
        rows = (
            _row(office, pos, numbers[op.origin][0], op)
            for pos, op in enumerate(_due(delivery, every), start=after - count)
            if not (erased and erased.covers(op.record, op.root))
        )
        _insert(connection, rows, count)
    _keep_marks(connection, office, delivery, every.runs, numbers)
    reached = [
        {"origin_id": id_, "reached": delivery.have[uid]}
        for uid, (id_, hi) in numbers.items()
        if delivery.have.get(uid, 0) > hi
    ]
    if reached:
        connection.execute(_REACH, reached)
    return count


_MOVE = Wording(
    "UPDATE office SET next_pos = next_pos + :count WHERE id = :office RETURNING next_pos"
)
_REACH = text("UPDATE origin SET hi = :reached WHERE id = :origin_id")


def _insert(connection: Connection, rows: Iterator[Row], count: int) -> None:
    if connection.dialect.name == "postgresql":
        if count >= _COPIED:
            _copy(connection, rows)
        else:
            named = {f"c{n}": list(values) for n, values in enumerate(zip(*rows, strict=True))}
            if named:  # all of it may have been erased
                connection.execute(_UNNEST, named)
        return
    while batch := list(islice(rows, _BATCH)):
        connection.execute(
            insert(tables.op), [dict(zip(COLUMNS, row, strict=True)) for row in batch]
        )


def _copy(connection: Connection, rows: Iterator[Row]) -> None:
    connection.exec_driver_sql(_STAGE)
    cursor = connection.connection.cursor()
    try:
        with cursor.copy(_COPY) as copy:
            copy.set_types(TYPES)
            for row in rows:
                copy.write_row(row)
    finally:
        cursor.close()
    connection.exec_driver_sql(_UNSTAGE)


def _due(delivery: Delivery, every: Parcels) -> Iterator[OpRow]:
    for step in delivery.steps:
        yield from every.ops(step.run)[step.start : step.stop]


def _row(office: int, pos: int, origin: int, op: OpRow) -> Row:
    return (
        office, pos, origin, op.seq, op.stamp, op.record, op.kind, op.root, op.person, op.action,
        op.group, op.wall, _encode(op.fields),
    )  # fmt: skip


def _keep_marks(
    connection: Connection,
    office: int,
    delivery: Delivery,
    runs: Sequence[Run],
    numbers: dict[bytes, tuple[int, int]],
) -> None:
    """What the authors of the operations that came now had seen."""
    marks: dict[tuple[int, int, int], int] = {}
    for run in runs:
        author, before = numbers[run.origin]
        for mark in news_of(run, before, delivery.have):
            place = author, mark.seq, numbers[mark.origin][0]
            marks[place] = max(mark.hi, marks.get(place, 0))
    if marks:
        connection.execute(
            insert(tables.context),
            [
                {"office": office, "origin": author, "seq": seq, "seen_origin": seen, "hi": hi}
                for (author, seq, seen), hi in marks.items()
            ],
        )
