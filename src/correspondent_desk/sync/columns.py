"""Operations packed in columns: the content of an `ops` section of a bundle.

Equal things stand together (all stamps, all record numbers, all values of one field), which is what
makes a change cost fourteen bytes on a stick. Integers are written as byte planes: first the lowest
byte of every number, then the next one. docs/bundle-format.md has the layout.

Reading trusts nothing: whatever the bytes, the answer is a list of runs or BundleRejected.
"""

import sys
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain, repeat
from typing import Annotated, Any, NamedTuple, TypeVar

import msgspec

from correspondent_desk.sync.rejection import BundleRejected, Reason

OPS_PER_SECTION = 20_000
MOST_OPS = 100_000  # more than any writer puts in one section: keeps the memory of a reader low
MOST_BYTES = 32 << 20
DEEPEST = 8
ID = 16

_WORD = (1 << 64) - 1
_SCALARS = frozenset({type(None), bool, int, str, bytes})

Number = Annotated[int, msgspec.Meta(ge=0, le=1 << 48)]
"""Sequence numbers and counts: far more than anyone can write, far below what SQLite can hold."""
Small = Annotated[int, msgspec.Meta(ge=0, lt=1 << 16)]
Index = Annotated[int, msgspec.Meta(ge=0, lt=1 << 32)]


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


class _PackedRun(msgspec.Struct, array_like=True, frozen=True):
    origin: Index
    first: Number
    to: Number
    ops: Index
    ctx0: list[tuple[Index, Number]]
    ctx: list[tuple[Number, Index, Number]]


class _Packed(msgspec.Struct, frozen=True):
    ids: bytes
    records: tuple[bytes, bytes, bytes]  # id, kind, root
    shapes: list[list[Small]]
    texts: list[str]
    runs: list[_PackedRun]
    seq: bytes
    stamp: bytes
    record: bytes
    shape: bytes
    person: bytes
    action: bytes
    group: bytes
    wall: bytes
    values: list[list[list[Any]]]


def pack(runs: Iterable[Run], ops_per_section: int = OPS_PER_SECTION) -> Iterator[bytes]:
    """Sections of at most ops_per_section ops each; a longer run is cut into consecutive runs.

    runs is read lazily, so an exporter may make them on the way.
    Raises ValueError for ops out of order or values that no bundle can hold: the caller's fault.
    """
    batch: list[Run] = []
    room = ops_per_section
    for run in chain.from_iterable(_cut(run, ops_per_section) for run in runs):
        if len(run.ops) > room:
            yield from _encoded(batch)
            batch, room = [], ops_per_section
        batch.append(run)
        room -= len(run.ops)
    if batch:
        yield from _encoded(batch)


def unpack(raw: bytes) -> list[Run]:
    """The runs of one section. Raises BundleRejected: bad-structure or too-large."""
    try:
        packed = msgspec.msgpack.decode(raw, type=_Packed)
        return _unpacked(packed)
    except (ValueError, RecursionError) as error:  # msgspec's errors are ValueErrors
        raise BundleRejected(Reason.BAD_STRUCTURE, what=f"operations: {error}") from error


def pack_values(fields: dict[int, object]) -> bytes:
    """fields as one small blob, for a history row. Raises ValueError for what no bundle can hold."""
    _require_plain(fields.values())
    return msgspec.msgpack.encode(fields)


# -- writing -------------------------------------------------------------------------------------


def _cut(run: Run, size: int) -> Iterator[Run]:
    """run in consecutive pieces of at most size ops."""
    first, seen, marks = run.first, dict(run.ctx0), iter([*run.ctx, None])
    mark = next(marks)
    for start in range(0, max(len(run.ops), 1), size):
        ops = run.ops[start : start + size]
        last = start + size >= len(run.ops)
        to = run.to if last else ops[-1].seq
        ctx0, ctx = dict(seen), []
        while mark is not None and (last or mark.seq <= to):
            ctx.append(mark)
            seen[mark.origin] = max(mark.hi, seen.get(mark.origin, 0))
            mark = next(marks)
        yield Run(run.origin, first, to, ctx0, ctx, ops)
        first = to


def _encoded(runs: list[Run]) -> Iterator[bytes]:
    """runs as one section, or as several where texts are so long that one would be too large."""
    raw = msgspec.msgpack.encode(_packed(runs))
    ops = sum(len(run.ops) for run in runs)
    if len(raw) <= MOST_BYTES:
        yield raw
    elif ops == 1:
        raise ValueError("one operation larger than a section")
    else:
        yield from pack(runs, max(ops // 2, 1))


K = TypeVar("K")


class _Numbers(dict[K, int]):
    """Numbers keys in the order in which they first appear."""

    def __missing__(self, key: K) -> int:
        number = self[key] = len(self)
        return number


def _packed(runs: Sequence[Run]) -> _Packed:
    ids: _Numbers[bytes] = _Numbers()
    records: _Numbers[tuple[bytes, int, bytes]] = _Numbers()
    shapes: _Numbers[tuple[int, ...]] = _Numbers()
    texts: _Numbers[str] = _Numbers()
    rows: list[list[tuple[object, ...]]] = []
    cells: list[tuple[int, ...]] = []
    for run in runs:
        before = run.first
        for op in run.ops:
            if op.origin != run.origin or not before < op.seq <= run.to:
                raise ValueError(f"op {op.seq} is out of its run")
            fresh = len(records)
            record = records[op.record, op.kind, op.root]
            shape = shapes[tuple(op.fields)]
            if shape == len(rows):
                rows.append([])
            rows[shape].append(tuple(op.fields.values()))
            cells.append(
                (
                    op.seq - before - 1,
                    op.stamp,
                    fresh - record,  # 0: the next new one, n: the one first seen n before it
                    shape,
                    texts[op.person],
                    texts[op.action],
                    op.group,
                    _zigzag(op.wall - (op.stamp >> 16)) + 1 if op.wall else 0,
                )
            )
            before = op.seq
    values = [[list(column) for column in zip(*lines, strict=True)] for lines in rows]
    for column in chain.from_iterable(values):
        _require_plain(column)
    packed_runs = [_packed_run(run, ids) for run in runs]
    table = [(ids[record], kind, ids[root]) for record, kind, root in records]
    columns: Sequence[Sequence[int]] = list(zip(*cells, strict=True)) or [()] * 8
    seq, stamp, record_moves, shape_numbers, person, action, group, wall = columns
    identifiers, kinds, roots = list(zip(*table, strict=True)) or [()] * 3
    if any(len(identifier) != ID for identifier in ids):
        raise ValueError("an id is not 16 bytes long")
    return _Packed(
        ids=_planes(b"".join(ids), ID),
        records=(_ints(identifiers), _ints(kinds), _ints(roots)),
        shapes=[list(shape) for shape in shapes],
        texts=list(texts),
        runs=packed_runs,
        seq=_ints(seq),
        stamp=_ints(_steps(stamp)),
        record=_ints(record_moves),
        shape=_ints(shape_numbers),
        person=_ints(person),
        action=_ints(action),
        group=_ints(_steps(group)),
        wall=_ints(wall),
        values=values,
    )


def _packed_run(run: Run, ids: _Numbers[bytes]) -> _PackedRun:
    return _PackedRun(
        ids[run.origin],
        run.first,
        run.to,
        len(run.ops),
        [(ids[origin], hi) for origin, hi in run.ctx0.items()],
        [(seq, ids[origin], hi) for seq, origin, hi in run.ctx],
    )


def _planes(raw: bytes, width: int) -> bytes:
    return b"".join(raw[plane::width] for plane in range(width))


def _ints(numbers: Sequence[int]) -> bytes:
    """Numbers of at most 64 bits: the width, then the planes. Raises ValueError for others."""
    if not numbers:
        return b""
    if min(numbers) < 0 or max(numbers) > _WORD:
        raise ValueError("a number needs more than 64 bits")
    width = max(1, (max(numbers).bit_length() + 7) // 8)
    words = array("Q", numbers)
    if sys.byteorder == "big":
        words.byteswap()
    raw = words.tobytes()
    return bytes([width]) + b"".join(raw[plane::8] for plane in range(width))


def _steps(numbers: Sequence[int]) -> list[int]:
    """Each number less the one before it, modulo 2**64."""
    return [(b - a) & _WORD for a, b in zip(chain((0,), numbers), numbers, strict=False)]


def _zigzag(number: int) -> int:
    return 2 * number if number >= 0 else -2 * number - 1


def _require_plain(values: Iterable[object], depth: int = 0) -> None:
    """Raises ValueError if one of values is not what OpRow.fields may hold."""
    if depth > DEEPEST:
        raise ValueError("a value is nested too deeply")
    for value in values:
        kind = type(value)
        if kind is int:
            if not -(1 << 63) <= value < 1 << 63:  # type: ignore[operator]
                raise ValueError("an integer value needs more than 64 bits")
        elif kind is list:
            _require_plain(value, depth + 1)  # type: ignore[arg-type]
        elif kind is dict:
            _require_plain(value.values(), depth + 1)  # type: ignore[attr-defined]
            if any(type(key) is not str for key in value):  # type: ignore[attr-defined]
                raise ValueError("a structure is keyed by something else than text")
        elif kind not in _SCALARS:
            raise ValueError(f"a bundle holds no {kind.__name__}")


# -- reading -------------------------------------------------------------------------------------


def _unpacked(packed: _Packed) -> list[Run]:
    count = sum(run.ops for run in packed.runs)
    if count > MOST_OPS:
        raise BundleRejected(Reason.TOO_LARGE, what="operations in one section")
    ids = _ids(packed.ids)
    records = _records(packed.records, ids)
    chosen = _moves(_numbers(packed.record, count), len(records))
    texts, people = packed.texts, _numbers(packed.person, count)
    actions = _numbers(packed.action, count)
    _require_below(len(texts), people, actions)
    stamps = _sums(_numbers(packed.stamp, count))
    if stamps and max(stamps) >= 1 << 63:
        raise ValueError("a stamp out of range")
    fields = _fields(packed.shapes, packed.values, _numbers(packed.shape, count))
    walls = [
        _unzigzag(wall - 1) + (stamp >> 16) if wall else 0
        for wall, stamp in zip(_numbers(packed.wall, count), stamps, strict=True)
    ]
    groups = _sums(_numbers(packed.group, count))
    for numbers in (groups, walls):
        if numbers and not -(1 << 63) <= min(numbers) <= max(numbers) < 1 << 63:
            raise ValueError("a number out of range")
    gaps = _numbers(packed.seq, count)
    runs, start = [], 0
    for run in packed.runs:
        part = slice(start, start + run.ops)
        start = part.stop
        seqs = [seq + run.first for seq in accumulate(gap + 1 for gap in gaps[part])]
        if run.to < run.first or (seqs and seqs[-1] > run.to):
            raise ValueError("an operation outside its run")
        origin = _chosen(ids, run.origin)
        ops = map(
            OpRow,
            repeat(origin),
            seqs,
            stamps[part],
            *zip(*[records[number] for number in chosen[part]], strict=True),
            fields[part],
            [texts[number] for number in people[part]],
            [texts[number] for number in actions[part]],
            groups[part],
            walls[part],
        )
        ctx = [Seen(seq, _chosen(ids, number), hi) for seq, number, hi in run.ctx]
        _require_order(run, ctx)
        ctx0 = {_chosen(ids, number): hi for number, hi in run.ctx0}
        runs.append(Run(origin, run.first, run.to, ctx0, ctx, list(ops) if seqs else []))
    return runs


def _require_order(run: _PackedRun, ctx: Sequence[Seen]) -> None:
    before = run.first + 1
    for mark in ctx:
        if not before <= mark.seq <= run.to:
            raise ValueError("a mark outside its run")
        before = mark.seq


def _ids(planes: bytes) -> list[bytes]:
    count, rest = divmod(len(planes), ID)
    if rest:
        raise ValueError("ids of uneven length")
    return [planes[at::count] for at in range(count)]


def _records(
    columns: tuple[bytes, bytes, bytes], ids: Sequence[bytes]
) -> list[tuple[bytes, int, bytes]]:
    """Record id, kind and root for each record named in the section."""
    count = max((len(columns[0]) - 1) // max(columns[0][0], 1), 0) if columns[0] else 0
    identifiers, kinds, roots = (_numbers(column, count) for column in columns)
    _require_below(len(ids), identifiers, roots)
    _require_below(1 << 16, kinds)
    return [
        (ids[identifier], kind, ids[root])
        for identifier, kind, root in zip(identifiers, kinds, roots, strict=True)
    ]


def _moves(moves: Sequence[int], count: int) -> list[int]:
    """Numbers of records from how far each lies behind the newest one."""
    chosen, fresh = [], 0
    for move in moves:
        if move > fresh:
            raise ValueError("a record before the first one")
        chosen.append(fresh - move)
        fresh += move == 0
    if fresh != count:
        raise ValueError("records that no operation names")
    return chosen


def _fields(
    shapes: Sequence[Sequence[int]], values: Sequence[Sequence[list[Any]]], chosen: Sequence[int]
) -> list[dict[int, object]]:
    """For each op its fields, taken in turn from the columns of its shape."""
    _require_below(len(shapes), chosen)
    counts = Counter(chosen)
    lines = []
    for number, (shape, columns) in enumerate(zip(shapes, values, strict=True)):
        if len(set(shape)) != len(shape) or len(columns) != len(shape):
            raise ValueError("a list of fields does not fit its columns")
        if any(len(column) != counts[number] for column in columns):
            raise ValueError("columns of different lengths")
        for column in columns:
            _require_plain(column)
        rows = zip(*columns, strict=True) if shape else repeat(())
        lines.append(map(dict, map(zip, repeat(shape), rows)))
    return [next(lines[number]) for number in chosen]


def _numbers(column: bytes, count: int) -> list[int]:
    """The integers of column. Raises ValueError unless there are exactly count."""
    if not count and not column:
        return []
    width = column[0] if column else 0
    if not 1 <= width <= 8 or len(column) != 1 + width * count:  # noqa: PLR2004 - bytes of a word
        raise ValueError("columns of different lengths")
    words = bytearray(8 * count)
    for plane in range(width):
        words[plane::8] = column[1 + plane * count : 1 + (plane + 1) * count]
    numbers = array("Q")
    numbers.frombytes(words)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tolist()


def _sums(steps: Sequence[int]) -> list[int]:
    return list(accumulate(steps, lambda total, step: (total + step) & _WORD))


def _unzigzag(number: int) -> int:
    return -(number + 1) // 2 if number & 1 else number // 2


def _chosen(ids: Sequence[bytes], number: int) -> bytes:
    if number >= len(ids):
        raise ValueError("an id that is not there")
    return ids[number]


def _require_below(limit: int, *columns: Sequence[int]) -> None:
    for numbers in columns:
        if numbers and max(numbers) >= limit:
            raise ValueError("a number outside its table")
