"""History as it travels: what this desk wrote, with what its author had seen."""

import hashlib
from collections.abc import Iterator
from sqlite3 import Connection

from msgspec import structs

from correspondent_desk.domain import delivery
from correspondent_desk.domain.delivery import Mark, Vector, join
from correspondent_desk.store import values
from correspondent_desk.sync.columns import OPS_PER_SECTION, OpRow, Run, Seen
from correspondent_desk.sync.manifest import Segment

_OWN = "SELECT id, uid, hi, floor FROM origin WHERE mine AND hi>0 ORDER BY id"
_OPS = """
    SELECT h.seq, h.stamp, r.uid, r.kind, root.uid, h.body, a.person, a.code, a.number, a.at
    FROM history h JOIN action a ON a.id=h.action
    JOIN record r ON r.id=h.record JOIN record root ON root.id=r.root
    WHERE h.origin=? AND h.seq>? ORDER BY h.seq
"""
_MARKS = """
    SELECT c.seq, o.uid, c.hi FROM context c JOIN origin o ON o.id=c.seen_origin
    WHERE c.origin=? ORDER BY c.seq
"""


def count_unknown_to(connection: Connection, known: Vector) -> int:
    """How many operations of this desk a peer with this vector lacks."""
    return sum(
        hi - max(known.get(uid, 0), floor) for _, uid, hi, floor in _lacking(connection, known)
    )


def own_runs(connection: Connection, known: Vector) -> Iterator[Run]:
    """What a peer with this vector lacks of what this desk wrote, in all its incarnations."""
    for number, uid, hi, floor in _lacking(connection, known):
        after = max(known.get(uid, 0), floor)
        marks = [Mark(*row) for row in connection.execute(_MARKS, (number,))]
        rows = connection.execute(_OPS, (number, after))
        while ops := [_op(uid, row) for row in rows.fetchmany(OPS_PER_SECTION)]:
            is_last = ops[-1].seq == hi or len(ops) < OPS_PER_SECTION
            upto = hi if is_last else ops[-1].seq
            yield part(uid, after, upto, marks, ops)
            after = upto
            if is_last:
                break
        if after < hi:  # all that is left was erased
            yield part(uid, after, hi, marks, [])


def part(origin: bytes, after: int, upto: int, marks: list[Mark], ops: list[OpRow]) -> Run:
    """A run of these ops, given all marks of the origin in order."""
    seen = join(*({mark.origin: mark.hi} for mark in marks if mark.seq <= after))
    later = [Seen(*mark) for mark in marks if after < mark.seq <= upto]
    return Run(origin, after, upto, seen, later, ops)


def head(seq: int, stamp: int, record: bytes) -> bytes:
    """What tells an operation from any other under the same number; for Segment.chain_*."""
    said = seq.to_bytes(8, "big") + stamp.to_bytes(8, "big") + record
    return hashlib.sha256(said).digest()[:16]


def own_head(connection: Connection, origin: bytes, seq: int) -> bytes:
    """The head of an operation that is here; empty for none."""
    row = connection.execute(
        "SELECT h.stamp, r.uid FROM history h JOIN origin o ON o.id=h.origin"
        " JOIN record r ON r.id=h.record WHERE o.uid=? AND h.seq=?",
        (origin, seq),
    ).fetchone()
    return b"" if row is None else head(seq, *row)


def noted(runs: Iterator[Run], segments: list[Segment]) -> Iterator[Run]:
    """runs, with a line for each in segments; consecutive ones of an origin share theirs."""
    for run in runs:
        if segments and segments[-1].origin == run.origin and segments[-1].to == run.first:
            segments[-1] = structs.replace(segments[-1], to=run.to)
        else:
            segments.append(Segment(origin=run.origin, first=run.first, to=run.to))
        yield run


def news_of(run: delivery.Run, before: int, have: Vector) -> list[Mark]:
    """Marks to keep of a run of which operations up to before were here and more came now.

    The log has no gaps, so what the author had seen earlier is known from earlier marks. What is not
    here was seen by no operation that came: its author told it otherwise since, see forks.mend_others.
    """
    reached = have.get(run.origin, 0)
    marks = [mark for mark in run.marks if before < mark.seq <= reached]
    if before == run.after == 0 and reached:
        marks += [Mark(1, origin, hi) for origin, hi in run.seen.items()]
    return [mark for mark in marks if 0 < mark.hi <= have.get(mark.origin, 0)]


def _lacking(connection: Connection, known: Vector) -> list[tuple[int, bytes, int, int]]:
    found: list[tuple[int, bytes, int, int]] = connection.execute(_OWN).fetchall()
    return [row for row in found if row[2] > max(known.get(row[1], 0), row[3])]


def _op(origin: bytes, row: tuple[int, int, bytes, int, bytes, bytes, str, str, int, int]) -> OpRow:
    seq, stamp, record, kind, root, body, person, action, group, wall = row
    fields: dict[int, object] = values.decode(body)
    return OpRow(
        origin, seq, stamp, record, kind, root, fields, person, action, group, max(wall, 0)
    )
