"""The beginning of an office's log becomes a snapshot of itself (ADR 21).

Of operations older than 400 days those stay of which a value still stood when the last of them came,
with these fields only. Nothing is added and nothing renumbered: what is left is what a snapshot holds.
A desk that has seen less than an origin's floor gets a snapshot; its own unsent work is united with it.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, pairwise

import msgspec
from sqlalchemy import Connection, delete, func, insert, select, update

from correspondent_desk import decoding
from correspondent_desk.hub import offices, snapshots, tables
from correspondent_desk.hub.compaction_tables import log_floor, log_reach, log_start
from correspondent_desk.hub.database import Hub
from correspondent_desk.hub.schema import or_leave

KEEP_DAYS = 400
WORTH_IT = 1_000
"""New operations below the limit from which on an office is compacted by itself."""

_DAY_MS = 24 * 3600 * 1000
_AT_ONCE = 400
_encode = msgspec.msgpack.Encoder().encode
_decode_body = decoding.msgpack(dict[int, object]).decode

_Standing = Mapping[int, frozenset[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compacted:
    """How many offices had something to drop, and how many operations went."""

    offices: int = 0
    operations: int = 0


def note_reach(connection: Connection, office: int, now_ms: int) -> None:
    """Once a day, how far the log of the office reached; its row is locked, nothing is appended yet."""
    reach, of = log_reach.c, tables.office.c
    today = select(reach.at).where(
        reach.office == office, reach.at > now_ms - _DAY_MS, reach.at <= now_ms
    )
    if connection.scalar(today.limit(1)) is None:
        reached = select(of.next_pos).where(of.id == office).scalar_subquery()
        told = {"office": office, "at": now_ms}
        connection.execute(or_leave(connection, log_reach).values(**told, pos=reached))


def compact(
    hub: Hub, *, worth_it: int = 1, is_over: Callable[[], bool] = lambda: False
) -> Compacted:
    """Shorten the logs of all offices where at least worth_it operations became old enough.

    Each office is one transaction; between two, is_over may end it. Raises StoreBusy, CannotWrite.
    """
    with hub.transaction() as connection:
        due = [one.id for one in offices.all_offices(connection)]
        until = _limits(connection, hub.now_ms())
        begun = _starts(connection)
    count = dropped = 0
    for office in due:
        if is_over():
            break
        if until.get(office, 0) - begun.get(office, 1) < worth_it:
            continue
        with hub.transaction(office) as connection:
            gone = _compact(hub, connection, office)
        count += bool(gone)
        dropped += gone
    return Compacted(offices=count, operations=dropped)


def begin_after(connection: Connection, office: int, reached: Mapping[int, int]) -> None:
    """The logs of these origins begin after these numbers, if they do not later: a snapshot came back."""
    floor = log_floor.c
    for origin, hi in reached.items():
        told = {"origin": origin, "office": office, "hi": hi}
        connection.execute(or_leave(connection, log_floor), told)
        connection.execute(
            update(log_floor).where(floor.origin == origin, floor.hi < hi).values(hi=hi)
        )


def _limits(connection: Connection, now_ms: int) -> dict[int, int]:
    """By office, the position below which all came long enough ago."""
    reach = log_reach.c
    found = connection.execute(
        select(reach.office, func.max(reach.pos))
        .where(reach.at <= now_ms - KEEP_DAYS * _DAY_MS)
        .group_by(reach.office)
    )
    return {row[0]: row[1] for row in found}


def _starts(connection: Connection) -> dict[int, int]:
    return {row.office: row.pos for row in connection.execute(select(log_start))}


def _compact(hub: Hub, connection: Connection, office: int) -> int:
    """How many operations were dropped. Nobody writes to the office or for its desks meanwhile."""
    offices.lock(connection, office)
    desk = tables.desk.c
    locked = select(desk.id).where(desk.office == office).order_by(desk.id)
    connection.execute(locked.with_for_update()).all()
    below = _limits(connection, hub.now_ms()).get(office, 0)
    if below <= _starts(connection).get(office, 1):
        return 0  # another process was here
    standing = snapshots.standing(connection, office, below)
    floors = _floors(connection, office, below)
    dropped = _reduce(connection, office, below, standing)
    _forget_marks(connection, office, floors, standing)
    _note(connection, office, below, floors)
    return dropped


def _reduce(
    connection: Connection, office: int, below: int, standing: Mapping[int, _Standing]
) -> int:
    """Leave of each operation what stands, and of each origin its last one, by which forks are found."""
    op, origin = tables.op.c, tables.origin.c
    last = {
        row.id: row.hi
        for row in connection.execute(select(tables.origin).where(origin.office == office))
    }
    gone: defaultdict[int, list[int]] = defaultdict(list)
    shorter: list[tuple[int, int, bytes]] = []
    for number, seq, body in connection.execute(
        select(op.origin, op.seq, op.body).where(op.office == office, op.pos < below)
    ):
        fields = _decode_body(body)
        left = standing.get(number, {}).get(seq, frozenset())
        if not left and seq != last[number]:
            gone[number].append(seq)
        elif len(left) < len(fields):
            kept = {n: value for n, value in fields.items() if n in left}
            shorter.append((number, seq, _encode(kept)))
    for number, seq, body in shorter:
        one = (op.office == office) & (op.origin == number) & (op.seq == seq)
        connection.execute(update(tables.op).where(one).values(body=body))
    for number, seqs in gone.items():
        for some in _some(sorted(seqs)):
            connection.execute(
                delete(tables.op).where(op.office == office, op.origin == number, op.seq.in_(some))
            )
    return sum(map(len, gone.values()))


def _floors(connection: Connection, office: int, below: int) -> dict[int, int]:
    """By origin, the number up to which its operations lie below this position, gone or not yet."""
    op, floor = tables.op.c, log_floor.c
    found = connection.execute(
        select(op.origin, func.max(op.seq))
        .where(op.office == office, op.pos < below)
        .group_by(op.origin)
    )
    here = {row[0]: row[1] for row in found}
    for row in connection.execute(select(log_floor).where(floor.office == office)):
        here[row.origin] = max(row.hi, here.get(row.origin, 0))
    return here


def _forget_marks(
    connection: Connection,
    office: int,
    floors: Mapping[int, int],
    standing: Mapping[int, _Standing],
) -> None:
    """What authors had seen stays known of the operations that are left, and of the first ones after."""
    context = tables.context.c
    by_pair: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for row in connection.execute(
        select(context.origin, context.seen_origin, context.seq)
        .where(context.office == office)
        .order_by(context.seq)
    ):
        by_pair[row.origin, row.seen_origin].append(row.seq)
    kept = {number: sorted(seqs) for number, seqs in standing.items()}
    for (number, seen), marks in by_pair.items():
        floor, here = floors.get(number, 0), kept.get(number, [])
        useless = [
            mark
            for mark, following in pairwise(marks)
            if following <= floor and bisect_left(here, mark) == bisect_left(here, following)
        ]
        for some in _some(useless):
            connection.execute(
                delete(tables.context).where(
                    context.office == office,
                    context.origin == number,
                    context.seen_origin == seen,
                    context.seq.in_(some),
                )
            )


def _note(connection: Connection, office: int, below: int, floors: Mapping[int, int]) -> None:
    connection.execute(delete(log_start).where(log_start.c.office == office))
    connection.execute(insert(log_start).values(office=office, pos=below))
    connection.execute(delete(log_floor).where(log_floor.c.office == office))
    if floors:
        lines = [{"origin": one, "office": office, "hi": hi} for one, hi in floors.items()]
        connection.execute(insert(log_floor), lines)
    reach = log_reach.c
    connection.execute(delete(log_reach).where(reach.office == office, reach.pos <= below))


def _some(numbers: Iterable[int]) -> Iterator[list[int]]:
    left = iter(numbers)
    while some := list(islice(left, _AT_ONCE)):
        yield some
