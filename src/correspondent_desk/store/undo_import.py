"""Taking back all that one exchange brought: the values of before are written as a new action.

Nothing is taken out of the log: other desks learn of it as of any edit. What somebody wrote since, here
or elsewhere, stays with them: then the whole is refused, by name, as any undo is.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from correspondent_desk.domain.fields import REMOVED, Kind
from correspondent_desk.store import bulk, history, landing, operations, stamps, values, voices
from correspondent_desk.store.changes import ActionRow
from correspondent_desk.store.identity import raw, uid_of
from correspondent_desk.store.operations import Operation
from correspondent_desk.store.session import Session
from correspondent_desk.store.undo import Standing, UndoConflict, parted
from correspondent_desk.store.values import NotOfType, Wire, layout
from correspondent_desk.store.voices import Beside, Place

_CHUNK = 2_000
_IN = "IN (SELECT value FROM json_each(?))"
Vector = Mapping[bytes, int]


@dataclass(slots=True)
class _Came:
    """What an exchange did to one record. before: all values of each field, the shown one first."""

    is_new: bool
    before: dict[int, list[Wire]] = field(default_factory=dict)


def take_back(session: Session, step: ActionRow, before: Vector, after: Vector) -> None:
    """Write again what stood before the exchange that was step.

    before, after: how far each origin had been seen then. Raises UndoConflict.
    """
    came = _came(session, before, after)
    known = dict(_lines(session, came))
    standing = [
        *_used_since(session, after, [id_ for id_ in known if came[id_].is_new]),
        *_written_since(session, before, after, came, known),
    ]
    if standing:
        raise UndoConflict(step, standing)
    beside: dict[Place, Beside] = {}
    by_kind: defaultdict[Kind, list[int]] = defaultdict(list)
    for id_, (kind, _) in known.items():
        by_kind[kind].append(id_)
    for kind, ids in by_kind.items():
        for chunk in landing.chunks(ids, _CHUNK):
            bulk.write_changes(session, kind, list(_reversed(session, kind, chunk, came, beside)))
    voices.speak(session, beside)


def _came(session: Session, before: Vector, after: Vector) -> dict[int, _Came]:
    """By record; an exchange's operations stand in the order of its actions as they were applied."""
    connection = raw(session)
    connection.execute("CREATE TEMP TABLE came(origin, low, high)")
    connection.executemany(
        "INSERT INTO came SELECT id, ?, ? FROM origin WHERE uid=?",
        [(before.get(uid, 0), hi, uid) for uid, hi in after.items() if hi > before.get(uid, 0)],
    )
    found: dict[int, _Came] = {}
    for record, was in connection.execute(
        "SELECT h.record, h.before FROM came c JOIN history h ON h.origin=c.origin"
        " AND h.seq>c.low AND h.seq<=c.high ORDER BY h.action, h.origin, h.seq"
    ):
        if was is None:
            found[record] = _Came(is_new=True)
        elif not (one := found.setdefault(record, _Came(is_new=False))).is_new:
            told, every = parted(was)
            for number, value in told.items():
                one.before.setdefault(number, every.get(number) or [value])
    connection.execute("DROP TABLE came")
    return found


_Line = tuple[Kind, Mapping[int, stamps.Dot]]


def _lines(session: Session, came: Mapping[int, _Came]) -> Iterator[tuple[int, _Line]]:
    """Kind and stamp of these records; those of a newer version are not shown and stay."""
    for chunk in landing.chunks(came, _CHUNK):
        for id_, number, packed in raw(session).execute(
            f"SELECT id, kind, stamp FROM record WHERE id {_IN}",  # noqa: S608 - our own words
            (values.to_json(chunk),),
        ):
            kind = landing.known_kind(number)
            if kind is not None:
                yield id_, (kind, stamps.unpack(packed))


def _seen(session: Session, after: Vector) -> dict[int, int]:
    found = raw(session).execute("SELECT id, uid FROM origin")
    return {number: after.get(uid, 0) for number, uid in found}


def _used_since(session: Session, after: Vector, created: list[int]) -> Iterator[Standing]:
    """New records that somebody wrote, or added something to, after they came."""
    seen = _seen(session, after)
    for chunk in landing.chunks(created, _CHUNK):
        for number, record, origin, seq in raw(session).execute(
            "WITH made(id) AS (SELECT value FROM json_each(?)), used(id, made) AS"
            " (SELECT id, id FROM made"
            "  UNION SELECT r.id, made.id FROM made JOIN record r ON r.root=made.id)"
            " SELECT r.kind, r.id, h.origin, max(h.seq) FROM used JOIN record r ON r.id=used.made"
            " JOIN history h ON h.record=used.id GROUP BY r.id, h.origin",
            (values.to_json(chunk),),
        ):
            if seq > seen[origin]:
                yield Standing(Kind(number), record, None)


def _written_since(
    session: Session,
    before: Vector,
    after: Vector,
    came: Mapping[int, _Came],
    known: Mapping[int, _Line],
) -> Iterator[Standing]:
    """Fields that somebody wrote after the exchange, unless what it brought stands there again."""
    seen = _seen(session, after)
    late: defaultdict[int, set[int]] = defaultdict(set)
    for id_, (_, dots) in known.items():
        late[id_] |= {
            n for n in came[id_].before if n in dots and dots[n].seq > seen[dots[n].origin]
        }
    for record, number, origin, seq in raw(session).execute(
        "SELECT record, field, origin, seq FROM sibling"
    ):
        if record in late and number in came[record].before and seq > seen[origin]:
            late[record].add(number)
    for record, numbers in late.items():
        kind = known[record][0]
        shown = numbers & layout(kind).fields.keys()
        if not shown:
            continue
        brought = _brought(session, record, before, after)
        now = bulk.current_wire(session, kind, record, shown)
        for number in shown:
            if now[number] != brought.get(number):
                yield Standing(kind, record, layout(kind).fields[number].name)


def _brought(session: Session, record: int, before: Vector, after: Vector) -> dict[int, Any]:
    found: dict[int, Any] = {}
    for uid, seq, body in raw(session).execute(
        "SELECT o.uid, h.seq, h.body FROM history h JOIN origin o ON o.id=h.origin"
        " WHERE h.record=? ORDER BY h.action, h.seq",
        (record,),
    ):
        if before.get(uid, 0) < seq <= after.get(uid, 0):
            found |= values.decode(body)
    return found


def _reversed(
    session: Session,
    kind: Kind,
    chunk: list[int],
    came: Mapping[int, _Came],
    beside: dict[Place, Beside],
) -> Iterator[Operation]:
    """The operations that bring records back; beside: further values, to be said by voices."""
    known = landing.table(kind)
    connection = raw(session)
    numbers = {REMOVED} | {n for id_ in chunk for n in came[id_].before if n in known.fields}
    rows = landing.stored_rows(connection, kind, numbers, chunk)
    disputed = set(
        connection.execute(
            f"SELECT record, field FROM sibling WHERE record {_IN}",  # noqa: S608 - our own words
            (values.to_json(chunk),),
        )
    )
    removed = values.local_time(history.now(session))
    for id_ in chunk:
        wanted = {REMOVED: [removed]} if came[id_].is_new else came[id_].before
        body: dict[int, Wire] = {}
        was: dict[int, Wire] = {}
        for number, (shown, *others) in wanted.items():
            if number not in known.fields or not _fits(kind, number, shown):
                continue
            now = known.wire(number, rows[id_], lambda one: uid_of(session, one))
            if now == shown and not others and (id_, number) not in disputed:
                continue
            body[number], was[number] = shown, now
            if others:
                beside[id_, number] = Beside(now, others)
        if body:
            yield Operation(id_, kind, body, was)


def _fits(kind: Kind, number: int, wire: Wire) -> bool:
    """Whether the value can be shown; one of a newer version cannot, and stays as it is."""
    try:
        values.parted(kind, layout(kind).fields[number], wire, lambda _: 0)
    except NotOfType:
        return False
    return True


def mark(session: Session, action: int) -> None:
    """The action that is going on takes this one back."""
    current = operations.of(session)
    current.undoes = action
    raw(session).execute("UPDATE action SET undone_by=? WHERE id=?", (current.action, action))
