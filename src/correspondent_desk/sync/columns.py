"""Operations packed in columns: the content of an `ops` section of a bundle.

Equal things stand together (all stamps, all record numbers, all values of one field), which is what
makes a change cost some fifteen bytes on a stick. docs/bundle-format.md has the layout.

Reading trusts nothing: whatever the bytes, the answer is a list of runs or BundleRejected.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import accumulate, chain
from operator import add, not_, sub
from typing import Annotated, Any, TypeVar

import msgspec

from correspondent_desk import decoding
from correspondent_desk.sync import planes
from correspondent_desk.sync.rejection import BundleRejected, Reason
from correspondent_desk.sync.section import Columns, Head, OpRow, Run, Seen

__all__ = [
    "DEEPEST", "ID", "MOST_BYTES", "MOST_MARKS", "MOST_OPS", "OPS_PER_SECTION", "Columns", "Head",
    "Index", "Number", "OpRow", "Run", "Seen", "Small", "pack", "unfolded", "unpack",
]  # fmt: skip

OPS_PER_SECTION = 20_000
MOST_OPS = MOST_MARKS = (
    100_000  # more than a writer puts in one section: spares the reader's memory
)
MOST_BYTES = 32 << 20
DEEPEST = 8
ID = 16

_SMALL = 1 << 16  # kinds and fields are numbers of the registry

_UNLIMITED = frozenset({type(None), bool, str, bytes})
_SCALARS = _UNLIMITED | {int}

Number = Annotated[int, msgspec.Meta(ge=0, le=1 << 48)]
"""Sequence numbers and counts: far more than anyone can write, far below what SQLite can hold."""
Small = Annotated[int, msgspec.Meta(ge=0, lt=_SMALL)]
Index = Annotated[int, msgspec.Meta(ge=0, lt=1 << 32)]


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
    return unfolded(raw).runs()


def unfolded(raw: bytes, *, is_again: bool = False) -> Columns:
    """As unpack, without making an object of each operation.

    is_again: of these very bytes the values were looked at before.
    """
    try:
        return _columns(decoding.msgpack(_Packed).decode(raw), is_again=is_again)
    except (ValueError, RecursionError) as error:  # msgspec's errors are ValueErrors
        raise BundleRejected(Reason.BAD_STRUCTURE, what=f"operations: {error}") from error


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
        for origin, number, time, uid, kind, root, fields, name, label, act, read in run.ops:
            if origin != run.origin or not before < number <= run.to:
                raise ValueError(f"op {number} is out of its run")
            fresh = len(records)
            record = records[uid, kind, root]
            chosen = shapes[tuple(fields)]
            if chosen == len(rows):
                rows.append([])
            rows[chosen].append(tuple(fields.values()))
            cells.append(
                (
                    number - before - 1,
                    time,
                    fresh - record,  # 0: the next new one, n: the one first seen n before it
                    chosen,
                    texts[name],
                    texts[label],
                    act,
                    planes.zigzag(read - (time >> 16)) + 1 if read else 0,
                )
            )
            before = number
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
    _require_within(_SMALL, kinds, *shapes)
    _require_within(1 << 63, stamp, group, [op.wall for run in runs for op in run.ops])
    return _Packed(
        ids=b"".join(bytes(plane) for plane in zip(*ids, strict=True)),
        records=(planes.pack(identifiers), planes.pack(kinds), planes.pack(roots)),
        shapes=[list(shape) for shape in shapes],
        texts=list(texts),
        runs=packed_runs,
        seq=planes.pack(seq),
        stamp=planes.pack(planes.steps(stamp)),
        record=planes.pack(record_moves),
        shape=planes.pack(shape_numbers),
        person=planes.pack(person),
        action=planes.pack(action),
        group=planes.pack(planes.steps(group)),
        wall=planes.pack(wall),
        values=values,
    )


def _packed_run(run: Run, ids: _Numbers[bytes]) -> _PackedRun:
    _require_order(run.first, run.to, run.ctx)
    return _PackedRun(
        ids[run.origin],
        run.first,
        run.to,
        len(run.ops),
        [(ids[origin], hi) for origin, hi in run.ctx0.items()],
        [(seq, ids[origin], hi) for seq, origin, hi in run.ctx],
    )


def _require_order(first: int, to: int, ctx: Sequence[Seen]) -> None:
    """Raises ValueError unless the marks of a run lie in it, in order."""
    before = first + 1
    for mark in ctx:
        if not before <= mark.seq <= to:
            raise ValueError("a mark outside its run")
        before = mark.seq


def _require_within(limit: int, *columns: Sequence[int]) -> None:
    for numbers in columns:
        if numbers and not 0 <= min(numbers) <= max(numbers) < limit:
            raise ValueError("a number out of range")


def _require_plain(values: Collection[object], depth: int = 0) -> None:
    """Raises ValueError if one of values is not what OpRow.fields may hold.

    All values of one depth are looked at together: ten times quicker than each by itself.
    """
    if depth > DEEPEST:
        raise ValueError("a value is nested too deeply")
    kinds = set(map(type, values))
    if kinds <= _UNLIMITED:
        return
    holding = kinds - _SCALARS
    unknown = [kind for kind in holding if not issubclass(kind, list | dict)]
    if unknown:
        raise ValueError(f"a bundle holds no {unknown[0].__name__}")
    inner: list[object] = []
    for kind in holding:
        those = values if len(kinds) == 1 else [value for value in values if type(value) is kind]
        inner += _within(kind, those)
    if int in kinds:
        numbers = [value for value in values if type(value) is int]
        if not -(1 << 63) <= min(numbers) <= max(numbers) < 1 << 63:
            raise ValueError("an integer value needs more than 64 bits")
    if holding:
        _require_plain(inner, depth + 1)


def _within(kind: type, those: Collection[Any]) -> Iterator[object]:
    """What lists or structures hold. Raises ValueError for keys that are no text."""
    if issubclass(kind, list):
        return chain.from_iterable(those)
    if not set(map(type, chain.from_iterable(those))) <= {str}:
        raise ValueError("a structure is keyed by something else than text")
    return chain.from_iterable(map(dict.values, those))


# -- reading -------------------------------------------------------------------------------------


def _columns(packed: _Packed, *, is_again: bool) -> Columns:
    count = sum(run.ops for run in packed.runs)
    if count > MOST_OPS or sum(len(run.ctx) for run in packed.runs) > MOST_MARKS:
        raise BundleRejected(Reason.TOO_LARGE, what="operations in one section")
    ids = _ids(packed.ids)
    records = _records(packed.records, ids)
    texts, people = packed.texts, planes.unpack(packed.person, count)
    actions = planes.unpack(packed.action, count)
    _require_within(len(texts), people, actions)
    stamps = planes.sums(planes.unpack(packed.stamp, count))
    _require_within(1 << 63, stamps)
    shape = planes.unpack(packed.shape, count)
    _require_fields(packed.shapes, packed.values, shape)
    if not is_again:
        for column in chain.from_iterable(packed.values):
            _require_plain(column)
    walls = [  # planes.unzigzag(wall - 1), written out: there are as many as operations
        (stamp >> 16) + (wall >> 1 if wall & 1 else -(wall >> 1)) if wall else 0
        for wall, stamp in zip(planes.unpack(packed.wall, count), stamps, strict=True)
    ]
    groups = planes.sums(planes.unpack(packed.group, count))
    _require_within(1 << 63, groups, walls)
    seqs: list[int] = []
    heads = _heads(packed, ids, planes.unpack(packed.seq, count), seqs)
    return Columns(
        heads=heads,
        records=records,
        record=_moves(planes.unpack(packed.record, count), len(records)),
        seq=seqs,
        stamp=stamps,
        person=[texts[number] for number in people],
        action=[texts[number] for number in actions],
        group=groups,
        wall=walls,
        shapes=packed.shapes,
        shape=shape,
        values=packed.values,
    )


def _heads(
    packed: _Packed, ids: Sequence[bytes], gaps: Sequence[int], seqs: list[int]
) -> list[Head]:
    """The runs, whose numbers are added to seqs."""
    heads = []
    for run in packed.runs:
        places = range(len(seqs), len(seqs) + run.ops)
        skipped = accumulate(gaps[places.start : places.stop])
        seqs += map(add, skipped, range(run.first + 1, run.first + 1 + run.ops))
        if run.to < run.first or (places and seqs[-1] > run.to):
            raise ValueError("an operation outside its run")
        ctx = [Seen(seq, _chosen(ids, number), hi) for seq, number, hi in run.ctx]
        _require_order(run.first, run.to, ctx)
        ctx0 = {_chosen(ids, number): hi for number, hi in run.ctx0}
        heads.append(Head(_chosen(ids, run.origin), run.first, run.to, ctx0, ctx, places))
    return heads


def _ids(joined: bytes) -> list[bytes]:
    count, rest = divmod(len(joined), ID)
    if rest:
        raise ValueError("ids of uneven length")
    return [joined[at::count] for at in range(count)]


def _records(
    columns: tuple[bytes, bytes, bytes], ids: Sequence[bytes]
) -> list[tuple[bytes, int, bytes]]:
    """Record id, kind and root for each record named in the section."""
    count = planes.length(columns[0])
    identifiers, kinds, roots = (planes.unpack(column, count) for column in columns)
    _require_within(len(ids), identifiers, roots)
    _require_within(_SMALL, kinds)
    return [
        (ids[identifier], kind, ids[root])
        for identifier, kind, root in zip(identifiers, kinds, roots, strict=True)
    ]


def _moves(moves: Sequence[int], count: int) -> list[int]:
    """Numbers of records from how far each lies behind the newest one."""
    newest = list(accumulate(map(not_, moves), initial=0))
    if newest.pop() != count:
        raise ValueError("records that no operation names")
    chosen = list(map(sub, newest, moves))
    if min(chosen, default=0) < 0:
        raise ValueError("a record before the first one")
    return chosen


def _require_fields(
    shapes: Sequence[Sequence[int]], values: Sequence[Sequence[list[Any]]], chosen: Sequence[int]
) -> None:
    """Raises ValueError unless each shape has a column for each field, as long as it is chosen often."""
    _require_within(len(shapes), chosen)
    counts = Counter(chosen)
    for number, (shape, columns) in enumerate(zip(shapes, values, strict=True)):
        if len(set(shape)) != len(shape) or len(columns) != len(shape):
            raise ValueError("a list of fields does not fit its columns")
        if any(len(column) != counts[number] for column in columns):
            raise ValueError("columns of different lengths")


def _chosen(ids: Sequence[bytes], number: int) -> bytes:
    if number >= len(ids):
        raise ValueError("an id that is not there")
    return ids[number]
