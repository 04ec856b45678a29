"""Removals by somebody who did not know of another's work: that work is not put out of sight.

The removal stays what it is, the value of a field with the operation that wrote it; only it is not
shown as long as it does not stand, and is kept in `extra` like any value that cannot be shown. It is
judged from the same operations on every desk, so every desk shows the same.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from sqlite3 import Connection

from correspondent_desk.domain.fields import REMOVED, REMOVED_AT, Kind
from correspondent_desk.domain.merge import removal_stands
from correspondent_desk.domain.rules import Dot
from correspondent_desk.store import history, landing, operations, values
from correspondent_desk.store.below import FROM_ABOVE, IS_KEPT_WITH, below
from correspondent_desk.store.identity import raw
from correspondent_desk.store.landing import chunks
from correspondent_desk.store.session import Session
from correspondent_desk.sync.origins import Origins
from correspondent_desk.sync.written import Line, Removal, Written

_AT_ONCE = 20_000
_JUDGED, _RULE = "removals.judged", 3  # the rule by which this desk's removals were judged last


@dataclass(frozen=True, slots=True)
class Contested:
    """A record that was removed by somebody who had not seen work, the newest of which this is."""

    kind: Kind
    record: int
    removal: Dot
    work: Dot
    removed_at: str


@dataclass(slots=True)
class Verdicts:
    """Of removals that were judged.

    contested: those that do not stand. kept: all that stays in view because of these, with when it was
    removed. turned: what is to be shown or hidden, with its kind.
    """

    contested: list[Contested] = field(default_factory=list)
    kept: dict[int, str] = field(default_factory=dict)
    turned: list[tuple[Kind, Removal]] = field(default_factory=list)


def judge(
    session: Session, written: Written, touched: Mapping[int, int], roots: Collection[int]
) -> Verdicts:
    """Which removals of these records and of those they belong to stand.

    What was removed together with a record stays in view with it, and is asked about with it.
    touched: all that an import wrote, with their kinds; roots: of these.
    """
    found = Verdicts()
    connection = raw(session)
    todo = _by_kind(connection, written, touched, roots)
    given = {record for records in todo.values() for record in records}
    for kind, records in _shown_below(connection, given).items():
        todo[kind].update(records)
    for kind in FROM_ABOVE:
        for one in written.removals(kind, todo[kind]):
            is_kept = bool(found.kept) and one.at in _kept_above(written, found.kept, one.record)
            if not is_kept:
                contested = _judged(written, kind, one)
                is_kept = contested is not None
                if contested is not None and one.record in given:
                    found.contested.append(contested)
            if is_kept:
                found.kept[one.record] = one.at
            if is_kept is not one.is_in_view:
                found.turned.append((kind, one))
            if is_kept and not one.is_in_view:
                for lower, ids in below(connection, kind, one.record).items():
                    todo[lower].update(ids)
    return found


def show(session: Session, found: Verdicts) -> None:
    """Show or hide what was judged, where it is not so yet."""
    for kind, one in found.turned:
        _turn(session, kind, one)


def heal(session: Session, origins: Origins) -> None:
    """Judge all removals by today's rule, once: some were judged otherwise, and nobody touches them.

    To be called before anything is taken in: a desk to which nothing ever came has nothing to judge.
    """
    if history.read_setting(session, _JUDGED, int) == _RULE:
        return
    if raw(session).execute("SELECT 1 FROM inbox LIMIT 1").fetchone():
        found = judge(session, Written(session, origins), _all_removed(session), ())
        show(session, found)
    history.write_setting(session, _JUDGED, _RULE)


def _all_removed(session: Session) -> dict[int, int]:
    """All that was removed, shown or not, with their kinds: every table is read for it."""
    connection = raw(session)
    removed = connection.execute(
        "SELECT r.id, r.kind FROM extra e JOIN record r ON r.id=e.record WHERE e.field=?",
        (REMOVED,),
    ).fetchall()
    for kind in Kind:
        name = landing.table(kind).name
        query = f"SELECT id, ? FROM {name} WHERE {REMOVED_AT} IS NOT NULL"  # noqa: S608 - our own names
        removed += connection.execute(query, (int(kind),)).fetchall()
    return dict(removed)


def contested(
    session: Session, origins: Origins, records: Collection[int] | None = None
) -> list[Contested]:
    """All removals that do not stand; records: of these only."""
    written = Written(session, origins)
    rows = raw(session).execute(
        "SELECT r.kind, e.record, e.value FROM extra e JOIN record r ON r.id=e.record"  # noqa: S608 - our own words
        " WHERE e.field=?1"
        f" AND NOT {IS_KEPT_WITH}"
        " AND (?2 IS NULL OR e.record IN (SELECT value FROM json_each(?2)))",
        (REMOVED, chosen(records)),
    )
    found = []
    for number, record, value in rows.fetchall():
        kind, at = landing.known_kind(number), values.decode_one(value)
        if kind is not None and isinstance(at, str):
            one = _judged(written, kind, Removal(record, at, is_in_view=True))
            if one is not None:
                found.append(one)
    return found


def chosen(records: Collection[int] | None) -> str | None:
    """These records as a query takes them; None for all there are."""
    return None if records is None else values.to_json(list(records))


def _by_kind(
    connection: Connection, written: Written, touched: Mapping[int, int], roots: Collection[int]
) -> defaultdict[Kind, set[int]]:
    """All of these, and the requests of documents among them: nothing else lies below a request."""
    found: defaultdict[Kind, set[int]] = defaultdict(set)
    others = [record for record in roots if record not in touched]
    kinds = [(number, record) for record, number in touched.items()]
    for chunk in chunks(others, _AT_ONCE):
        kinds += connection.execute(
            "SELECT kind, id FROM record WHERE id IN (SELECT value FROM json_each(?))",
            (values.to_json(chunk),),
        )
    for number, record in kinds:
        kind = landing.known_kind(number)
        if kind is not None:
            found[kind].add(record)
    found[Kind.REQUEST].update(written.requests(found[Kind.DOCUMENT]))
    return found


def _shown_below(connection: Connection, records: Collection[int]) -> dict[Kind, set[int]]:
    """What was removed and is in view, of those that lie below these."""
    found: defaultdict[Kind, set[int]] = defaultdict(set)
    for record, number, root in connection.execute(
        "SELECT r.id, r.kind, r.root FROM extra e JOIN record r ON r.id=e.record WHERE e.field=1"
    ):
        kind = landing.known_kind(number)
        if kind is not None and root in records:
            found[kind].add(record)
    return found


def _kept_above(written: Written, kept: Mapping[int, str], record: int) -> set[str]:
    """When those above this record were removed that are in view all the same."""
    return {kept[above] for above in written.above(record) if above in kept}


def _judged(written: Written, kind: Kind, removal: Removal) -> Contested | None:
    """The removal of a record if it does not stand."""
    last, others, work = _parted(written.lines(removal.record), removal.record)
    if last is None:
        return None
    # Two who removed it at once agree; it is enough that one of them had seen all the work.
    unseen: list[Dot] = []
    for one in (*others, last):
        seen = written.seen(one)
        unseen = [dot for dot in work if not removal_stands(one, seen, [dot])]
        if not unseen:
            return None
    newest = max(unseen, key=lambda dot: (dot.stamp, dot.origin, dot.seq))
    return Contested(kind, removal.record, last, newest, removal.at)


def _parted(lines: Iterable[Line], record: int) -> tuple[Dot | None, list[Dot], set[Dot]]:
    """The removal of a record, others at the same time, and what else stands there and below it.

    To remove what lies below is no work that would be lost; whoever removes a member does so.
    """
    last, others, work = None, [], set()
    for line in lines:
        for dot, numbers in line.dots.items():
            if line.record == record and REMOVED in numbers:
                last = dot
            if numbers != [REMOVED] or (line.record != record and line.is_back):
                work.add(dot)
        for number, value in line.beside:
            if number != REMOVED or value.value is None:
                work.add(value.dot)
            elif line.record == record:
                others.append(value.dot)
    return last, others, work


def _turn(session: Session, kind: Kind, removal: Removal) -> None:
    """Show it if it is hidden, else hide it."""
    connection = raw(session)
    connection.execute(
        f"UPDATE {landing.table(kind).name} SET {REMOVED_AT}=? WHERE id=?",  # noqa: S608 - our own names
        (removal.at if removal.is_in_view else None, removal.record),
    )
    if removal.is_in_view:
        connection.execute(
            "DELETE FROM extra WHERE record=? AND field=?", (removal.record, REMOVED)
        )
    else:
        connection.execute(
            "INSERT INTO extra(record, field, value) VALUES(?,?,?)",
            (removal.record, REMOVED, values.encode(removal.at)),
        )
    operations.of(session).note_changed(kind, [removal.record], (REMOVED,))
