"""Appending to an office's log of operations.

A first bundle holds a hundred thousand of them, so they go in columns from the bundle to the database,
and none becomes an object on the way.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import repeat
from typing import Any

import msgspec
from sqlalchemy import Connection, insert

from correspondent_desk.domain.delivery import Delivery, Run, Step
from correspondent_desk.hub import arrays, tables
from correspondent_desk.hub.standing import Standing
from correspondent_desk.hub.wording import Wording
from correspondent_desk.sync.columns import Columns
from correspondent_desk.sync.ops import news_of
from correspondent_desk.sync.parcels import Parcels

_AT_ONCE = 4_000
_MOST_BODIES = 100_000
_encode = msgspec.msgpack.Encoder().encode

_TYPES = {
    "office": "int8", "pos": "int8", "origin": "int8", "seq": "int8", "stamp": "int8",
    "record": "bytea", "kind": "int4", "root": "bytea", "person": "text", "action": "text",
    "group": "int8", "wall": "int8", "body": "bytea",
}  # fmt: skip
COLUMNS, TYPES = tuple(_TYPES), tuple(_TYPES.values())
_PACKED: Mapping[str, Callable[[Any], arrays.Array]] = {
    "int8": arrays.integers,
    "int4": partial(arrays.integers, is_short=True),
    "text": arrays.texts,
    "bytea": arrays.blobs,
}
_IDS = ("record", "root")  # of one length, which costs a quarter
# A column is one value of the statement, unfolded row by row: in a FROM it would first be kept whole.
# COPY would be no quicker, and does not enter a table with row-level security.
_UNFOLDED = Wording(
    'INSERT INTO "op" (' + ", ".join(f'"{name}"' for name in COLUMNS) + ") SELECT "
    + ", ".join(f"unnest(CAST(:{name} AS {kind}[]))" for name, kind in _TYPES.items())
)  # fmt: skip


def append(connection: Connection, standing: Standing, delivery: Delivery, every: Parcels) -> int:
    """What is new, in the order of delivery; how many operations. Of what was erased nothing is kept.

    The office's row stays locked to the end of the transaction, so positions are in the order of
    commits and a reader with a cursor misses nothing.
    """
    office = standing.office.id
    count = sum(step.stop - step.start for step in delivery.steps)
    numbers = {one.uid: (one.id, one.hi) for one in standing.origins.values()}
    if count:
        moved = _MOVE.ask(connection, {"office": office, "count": count})
        after: int = moved.scalar_one()
        pieces = _pieces(standing, after - count, delivery.steps, every, numbers)
        for piece in _gathered(pieces):
            _insert(connection, piece)
    _keep_marks(connection, office, delivery, every.runs, numbers)
    for uid, (id_, hi) in numbers.items():
        if delivery.have.get(uid, 0) > hi:
            _REACH.ask(connection, {"origin": id_, "reached": delivery.have[uid]})
    return count


_MOVE = Wording(
    "UPDATE office SET next_pos = next_pos + :count WHERE id = :office RETURNING next_pos"
)
_REACH = Wording("UPDATE origin SET hi = :reached WHERE id = :origin")

_Piece = list[list[Any]]
"""Rows of the log as columns, in the order of COLUMNS."""


def _insert(connection: Connection, piece: _Piece) -> None:
    if connection.dialect.name == "postgresql":
        values = zip(_TYPES.items(), piece, strict=True)
        packed = {
            name: (arrays.ids if name in _IDS else _PACKED[kind])(column)
            for (name, kind), column in values
        }
        _UNFOLDED.ask(connection, packed)
        return
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in zip(*piece, strict=True)]
    connection.execute(insert(tables.op), rows)


def _gathered(pieces: Iterator[_Piece]) -> Iterator[_Piece]:
    """Pieces put together until they are long enough for a statement."""
    whole: _Piece = [[] for _ in COLUMNS]
    for piece in pieces:
        for column, more in zip(whole, piece, strict=True):
            column.extend(more)
        if len(whole[0]) >= _AT_ONCE:
            yield whole
            whole = [[] for _ in COLUMNS]
    if whole[0]:
        yield whole


def _pieces(
    standing: Standing,
    pos: int,
    steps: Sequence[Step],
    every: Parcels,
    numbers: Mapping[bytes, tuple[int, int]],
) -> Iterator[_Piece]:
    """pos: of the first operation. One that was erased takes its position with it."""
    office, erased, bodies = standing.office.id, standing.erased, _Bodies()
    for step in steps:
        section, places = every.columns(step.run)
        origin = numbers[every.runs[step.run].origin][0]
        for first in range(step.start, step.stop, _AT_ONCE):
            at: Sequence[int] = places[first : min(first + _AT_ONCE, step.stop)]
            before = pos - at[0]
            pos += len(at)
            if erased:
                at = [n for n in at if not _is_covered(standing, section, n)]
            yield _piece(section, at, (office, before, origin), bodies.of(section))


def _is_covered(standing: Standing, section: Columns, at: int) -> bool:
    record, _kind, root = section.records[section.record[at]]
    return standing.erased.covers(record, root)


def _piece(
    section: Columns, at: Sequence[int], known: tuple[int, int, int], bodies: list[bytes]
) -> _Piece:
    """The operations at these places. known: the office, what makes a place a position, the origin."""
    office, before, origin = known
    records = [section.records[number] for number in _chosen(section.record, at)]
    return [
        [office] * len(at),
        [before + place for place in at],
        [origin] * len(at),
        _chosen(section.seq, at),
        _chosen(section.stamp, at),
        [record for record, _kind, _root in records],
        [kind for _record, kind, _root in records],
        [root for _record, _kind, root in records],
        _chosen(section.person, at),
        _chosen(section.action, at),
        _chosen(section.group, at),
        _chosen(section.wall, at),
        _chosen(bodies, at),
    ]


def _chosen(column: list[Any], at: Sequence[int]) -> list[Any]:
    if isinstance(at, range):
        return column[at.start : at.stop]
    return [column[place] for place in at]


class _Bodies:
    """The fields of operations as the log keeps them, packed a section at a time."""

    def __init__(self) -> None:
        self._packed: dict[int, tuple[Columns, list[bytes]]] = {}
        self._count = 0

    def of(self, section: Columns) -> list[bytes]:
        """Steps may go to and fro between sections; of many, those met last are remembered."""
        found = self._packed.get(id(section))
        if found is None:
            self._count += len(section.seq)
            if self._count > _MOST_BODIES:
                self._packed.clear()
                self._count = len(section.seq)
            found = self._packed[id(section)] = section, bodies(section)
        return found[1]


def bodies(section: Columns) -> list[bytes]:
    """For each operation the msgpack of its fields by their numbers."""
    lines: list[Iterator[bytes]] = []
    for shape, columns in zip(section.shapes, section.values, strict=True):
        keys = [_encode(number) for number in shape]
        whole = _encode(dict.fromkeys(shape))  # None takes a byte, like nothing else here
        head = whole[: len(whole) - len(keys) - sum(map(len, keys))]
        keys[:1] = [head + b"".join(keys[:1])]
        parts = [
            part
            for key, column in zip(keys, columns, strict=bool(shape))
            for part in (repeat(key), map(_encode, column))
        ]
        lines.append(map(b"".join, zip(*parts, strict=False)) if parts else repeat(head))
    return list(map(next, map(lines.__getitem__, section.shape)))


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
