"""Removals by somebody who did not know of another's work: that work is not put out of sight.

The removal stays what it is, the value of a field with the operation that wrote it; only it is not
shown as long as it does not stand, and is kept in `extra` like any value that cannot be shown. It is
judged from the same operations on every desk, so every desk shows the same.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from correspondent_desk.domain.delivery import join
from correspondent_desk.domain.fields import REMOVED, REMOVED_AT, Kind
from correspondent_desk.domain.merge import removal_stands
from correspondent_desk.domain.rules import Dot
from correspondent_desk.store import history, landing, operations, stamps, values
from correspondent_desk.store.identity import raw
from correspondent_desk.store.landing import chunks
from correspondent_desk.store.removing import removed_at
from correspondent_desk.store.session import Session
from correspondent_desk.sync.origins import Origins

_JUDGED, _RULE = "removals.judged", 1  # the rule by which this desk's removals were judged last


@dataclass(frozen=True, slots=True)
class Contested:
    """A record that was removed by somebody who had not seen work, the newest of which this is."""

    kind: Kind
    record: int
    removal: Dot
    work: Dot
    removed_at: str


def judge(
    session: Session, origins: Origins, touched: Mapping[int, int], roots: Collection[int]
) -> list[Contested]:
    """Show or hide the removals of these records and of those they belong to.

    touched: all that an import wrote, with their kinds; roots: of these. The answer: removals among
    them that do not stand.
    """
    found = []
    for kind, record, hidden in _removed(session, touched, roots):
        contested = _judged(session, origins, kind, record)
        if contested is not None:
            found.append(contested)
        if (contested is None) is not hidden:
            continue  # as it is shown already
        _show(session, kind, record, contested)
    return found


def heal(session: Session, origins: Origins) -> None:
    """Judge all removals by today's rule, once: some were judged otherwise, and nobody touches them.

    To be called before anything is taken in: a desk to which nothing ever came has nothing to judge.
    """
    if history.read_setting(session, _JUDGED, int) == _RULE:
        return
    if raw(session).execute("SELECT 1 FROM inbox LIMIT 1").fetchone():
        judge(session, origins, _all_removed(session), ())
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
    rows = raw(session).execute(
        "SELECT r.kind, r.id FROM extra e JOIN record r ON r.id=e.record WHERE e.field=?1"
        " AND (?2 IS NULL OR e.record IN (SELECT value FROM json_each(?2)))",
        (REMOVED, chosen(records)),
    )
    found = []
    for number, record in rows.fetchall():
        kind = landing.known_kind(number)
        one = None if kind is None else _judged(session, origins, kind, record)
        if one is not None:
            found.append(one)
    return found


def chosen(records: Collection[int] | None) -> str | None:
    """These records as a query takes them; None for all there are."""
    return None if records is None else values.to_json(list(records))


def _removed(
    session: Session, touched: Mapping[int, int], roots: Collection[int]
) -> Iterator[tuple[Kind, int, bool]]:
    """Records among these and their roots that somebody removed; whether that is hidden."""
    connection = raw(session)
    by_kind: defaultdict[Kind, set[int]] = defaultdict(set)
    hidden: set[int] = set()
    ((has_extras,),) = connection.execute("SELECT EXISTS (SELECT 1 FROM extra)").fetchall()
    others = [id_ for id_ in roots if id_ not in touched]
    kinds = [(number, id_) for id_, number in touched.items()]
    for chunk in chunks(others, 20_000):
        kinds += connection.execute(
            "SELECT kind, id FROM record WHERE id IN (SELECT value FROM json_each(?))",
            (values.to_json(chunk),),
        )
    for number, id_ in kinds:
        kind = landing.known_kind(number)
        if kind is not None:
            by_kind[kind].add(id_)
    for kind, ids in by_kind.items():
        name = landing.table(kind).name
        for chunk in chunks(ids, 20_000):
            chosen = (values.to_json(chunk),)
            if has_extras:
                query = (
                    "SELECT record FROM extra WHERE field=1"
                    " AND record IN (SELECT value FROM json_each(?))"
                )
                hidden.update(row[0] for row in connection.execute(query, chosen))
            shown = connection.execute(
                f"SELECT id FROM {name} WHERE {REMOVED_AT} IS NOT NULL"  # noqa: S608 - our own names
                " AND id IN (SELECT value FROM json_each(?))",
                chosen,
            ).fetchall()
            yield from ((kind, row[0], False) for row in shown)
        yield from ((kind, id_, True) for id_ in hidden & ids)


def _judged(session: Session, origins: Origins, kind: Kind, record: int) -> Contested | None:
    """The removal of a record if it does not stand."""
    removal, others, work = _written(session, origins, record)
    at = removed_at(session, kind, record)
    if removal is None or at is None:
        return None
    # Two who removed it at once agree; it is enough that one of them had seen all the work.
    unseen: list[Dot] = []
    for one in (*others, removal):
        seen = _seen(session, origins, one)
        unseen = [dot for dot in work if not removal_stands(one, seen, [dot])]
        if not unseen:
            return None
    newest = max(unseen, key=lambda dot: (dot.stamp, dot.origin, dot.seq))
    return Contested(kind, record, removal, newest, at)


def _written(
    session: Session, origins: Origins, record: int
) -> tuple[Dot | None, list[Dot], set[Dot]]:
    """The removal of a record, others at the same time, and what else stands there and below it."""
    connection = raw(session)
    rows = connection.execute(
        "SELECT id, kind, stamp FROM record WHERE id=?1 OR root=?1", (record,)
    ).fetchall()
    work: set[Dot] = set()
    removal = None
    for id_, number, packed in rows:
        for origin, seq, at, numbers in stamps.groups(packed):
            found = Dot(origins.uid(origin), seq, at)
            if id_ == record and REMOVED in numbers:
                removal = found
            if numbers != [REMOVED] or (id_ != record and _is_back(session, number, id_)):
                work.add(found)
    others: list[Dot] = []
    for id_, number, origin, seq, stamp, value in connection.execute(
        "SELECT record, field, origin, seq, stamp, value FROM sibling"
        " WHERE record IN (SELECT value FROM json_each(?))",
        (values.to_json([row[0] for row in rows]),),
    ):
        one = Dot(origins.uid(origin), seq, stamp)
        if number != REMOVED or values.decode_one(value) is None:
            work.add(one)
        elif id_ == record:
            others.append(one)
    return removal, others, work


def _is_back(session: Session, number: int, record: int) -> bool:
    """Whether a record, whose removal was written last by itself, was brought back by that.

    To remove what lies below is no work that would be lost; whoever removes a member does so.
    """
    kind = landing.known_kind(number)
    return kind is None or removed_at(session, kind, record) is None


def _seen(session: Session, origins: Origins, dot: Dot) -> dict[bytes, int]:
    """What the author of an operation had seen."""
    rows = raw(session).execute(
        "SELECT seen_origin, hi FROM context WHERE origin=? AND seq<=?",
        (origins.number(dot.origin), dot.seq),
    )
    return join(*({origins.uid(number): hi} for number, hi in rows))


def _show(session: Session, kind: Kind, record: int, contested: Contested | None) -> None:
    connection = raw(session)
    at = removed_at(session, kind, record)
    connection.execute(
        f"UPDATE {landing.table(kind).name} SET {REMOVED_AT}=? WHERE id=?",  # noqa: S608 - our own names
        (at if contested is None else None, record),
    )
    if contested is None:
        connection.execute("DELETE FROM extra WHERE record=? AND field=?", (record, REMOVED))
    else:
        connection.execute(
            "INSERT INTO extra(record, field, value) VALUES(?,?,?)",
            (record, REMOVED, values.encode(at)),
        )
    operations.of(session).note_changed(kind, [record], (REMOVED,))
