"""Operations as they stand in one section of a bundle: row by row, or in columns."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import repeat
from typing import Any, NamedTuple


class OpRow(NamedTuple):
    """One save of one record.

    stamp is the hybrid clock (milliseconds << 16 | counter). kind and the keys of fields are
    numbers of the field registry. Ops of one user action share origin and group. action is the
    label of that action. wall is what the clock on the wall said, in milliseconds since 1970;
    0 when nobody looked. Values: None, bool, int of 64 bits, str, bytes, lists and dicts of these.
    """

    origin: bytes
    seq: int
    stamp: int
    record: bytes
    kind: int
    root: bytes
    fields: dict[int, object]
    person: str
    action: str
    group: int
    wall: int = 0


_row = partial(tuple.__new__, OpRow)  # its own way is Python and takes four times as long


class Seen(NamedTuple):
    """From op seq on, the author had seen origin up to hi."""

    seq: int
    origin: bytes
    hi: int


class Run(NamedTuple):
    """What origin wrote with first < seq <= to; numbers without an op were erased.

    ctx0 is what the author had seen before the first of them, ctx what came to be seen between them,
    in order of seq.
    """

    origin: bytes
    first: int
    to: int
    ctx0: dict[bytes, int]
    ctx: list[Seen]
    ops: list[OpRow]


class Head(NamedTuple):
    """A run without its operations, which stand at these places of the columns."""

    origin: bytes
    first: int
    to: int
    ctx0: dict[bytes, int]
    ctx: list[Seen]
    places: range


class Columns(NamedTuple):
    """The operations of one section, checked and still in columns: equal places belong together.

    records: id, kind and root of each record that is named; record: their numbers. shapes: lists of
    fields; shape: their numbers, and values: of each shape a column for each field.
    """

    heads: list[Head]
    records: list[tuple[bytes, int, bytes]]
    record: list[int]
    seq: list[int]
    stamp: list[int]
    person: list[str]
    action: list[str]
    group: list[int]
    wall: list[int]
    shapes: list[list[int]]
    shape: list[int]
    values: list[list[list[Any]]]

    def runs(self) -> list[Run]:
        """All of it, operation by operation."""
        fields = self.fields()
        return [
            Run(
                head.origin,
                head.first,
                head.to,
                head.ctx0,
                head.ctx,
                list(self._ops(head, fields)),
            )
            for head in self.heads
        ]

    def ops(self, wanted: Callable[[bytes], bool]) -> Iterator[OpRow]:
        """The operations on wanted records."""
        chosen = {n for n, (record, _, _) in enumerate(self.records) if wanted(record)}
        if chosen:
            lines = self.lines()
            for head in self.heads:
                for at in head.places:
                    if self.record[at] in chosen:
                        yield self._op(head.origin, at, self._fields_at(self.shape[at], lines[at]))

    def op(self, origin: bytes, at: int) -> OpRow:
        """The operation at this place without its values."""
        return self._op(origin, at, {})

    def fields(self) -> list[dict[int, object]]:
        """For each op its fields, taken in turn from the columns of its shape."""
        lines = []
        for shape, columns in zip(self.shapes, self.values, strict=True):
            rows = zip(*columns, strict=True) if shape else repeat(())
            lines.append(map(dict, map(zip, repeat(shape), rows)))
        return [next(lines[number]) for number in self.shape]

    def lines(self) -> list[int]:
        """How many operations of its shape stand before each one: its line in the shape's columns."""
        counts = [0] * len(self.shapes)
        found = []
        for number in self.shape:
            found.append(counts[number])
            counts[number] += 1
        return found

    def _fields_at(self, shape: int, line: int) -> dict[int, object]:
        values = (column[line] for column in self.values[shape])
        return dict(zip(self.shapes[shape], values, strict=True))

    def _ops(self, head: Head, fields: list[dict[int, object]]) -> Iterator[OpRow]:
        """Those of a run, put together from slices of the columns."""
        at = slice(head.places.start, head.places.stop)
        named = map(self.records.__getitem__, self.record[at])
        ids, kinds, roots = zip(*named, strict=True) if head.places else ((), (), ())
        columns = (self.person, self.action, self.group, self.wall)
        return map(
            _row,
            zip(
                repeat(head.origin, len(head.places)),
                self.seq[at],
                self.stamp[at],
                ids,
                kinds,
                roots,
                fields[at],
                *(column[at] for column in columns),
                strict=True,
            ),
        )

    def _op(self, origin: bytes, at: int, fields: dict[int, object]) -> OpRow:
        return OpRow(
            origin,
            self.seq[at],
            self.stamp[at],
            *self.records[self.record[at]],
            fields,
            self.person[at],
            self.action[at],
            self.group[at],
            self.wall[at],
        )
