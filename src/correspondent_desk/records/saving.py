"""Writing only what an edit changed, and seeing what someone else changed meanwhile."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from correspondent_desk.domain.fields import FIELDS, Kind
from correspondent_desk.domain.rules import RULES, Dot, Value, judge
from correspondent_desk.records.trouble import EditConflict, NoSuchRecord
from correspondent_desk.records.windows import fetch
from correspondent_desk.store import bulk, history, operations, values
from correspondent_desk.store.below import IS_KEPT_WITH
from correspondent_desk.store.tables import Contact, Meeting, Member, Synced

Columns = Mapping[str, Any]
T = TypeVar("T", bound=Synced)
P = TypeVar("P", Contact, Meeting)

_UNKNOWN = Dot(b"", 0, 0)  # whether somebody must choose does not depend on who wrote


def shows_anew(session: Session, kind: Kind, ids: Iterable[int]) -> None:
    """Rows of these records show something else from now on, though nothing was written to them."""
    operations.of(session).note_changed(kind, ids, ())


def existing(session: Session, table: type[T], id_: int) -> T:
    """The record, to be changed. Raises NoSuchRecord if it is not there or was removed."""
    found = session.get(table, id_)
    if found is None or found.removed_at is not None:
        raise NoSuchRecord(kind=table.kind.name.lower(), id=id_)
    return found


def who(session: Session) -> str:
    """The name of the person who works at this desk, as it stands on what they write."""
    return str(session.info["person"])


def edited(record: Synced, opened: Columns, draft: Columns) -> dict[str, Columns]:
    """By name the fields in which draft differs from what was opened, with their columns.

    What somebody else wrote into other fields since is not among them. Raises EditConflict if one
    of them has another value by now.
    """
    found: dict[str, Columns] = {}
    conflicts = []
    for field in FIELDS[record.kind]:
        columns = [name for name in field.columns if name in draft]
        wanted = [draft[name] for name in columns]
        seen = [opened[name] for name in columns]
        now = [getattr(record, name) for name in columns]
        if wanted in (seen, now):
            continue
        if now != seen:
            conflicts.append(field.name)
        found[field.name] = dict(zip(columns, wanted, strict=True))
    if conflicts:
        raise EditConflict(tuple(conflicts))
    return found


def write_edit(record: Synced, opened: Columns, draft: Columns) -> frozenset[str]:
    """Write to record what was edited of it; the names of these fields. Raises EditConflict."""
    found = edited(record, opened, draft)
    for columns in found.values():
        write(record, columns)
    return frozenset(found)


def edited_whole(record: Synced, opened: Columns, draft: Columns) -> dict[str, Any]:
    """As the columns of record stand once it is edited, for another that takes its place."""
    whole = {name: getattr(record, name) for name in draft}
    for columns in edited(record, opened, draft).values():
        whole |= columns
    return whole


def pass_on(session: Session, record: P, to: int, columns: Columns) -> P:
    """Write record anew, with these columns, with the right person and take it from the wrong one.

    A record belongs for good to the person with whom it was made: erasing that person must erase
    it, and erasing the right one must not leave behind what was said about them.
    """
    member = existing(session, Member, to)
    made = history.create(session, type(record), root=member.id, **columns)
    history.remove(session, record)
    shows_anew(session, Kind.MEMBER, {id_ for id_ in (record.member_id, member.id) if id_})
    return made


def write(record: Synced, values: Columns) -> bool:
    """Write to record what differs from it; whether anything did."""
    differing = {name: value for name, value in values.items() if getattr(record, name) != value}
    for name, value in differing.items():
        setattr(record, name, value)
    return bool(differing)


def open_disagreements(session: Session, kind: Kind, id_: int) -> tuple[str, ...]:
    """Names of the record's fields that desks wrote at the same time and a person must settle."""
    beside = _written_beside(session, "WHERE s.record = ?", id_).get((kind, id_), {})
    numbers = _to_settle(session, kind, id_, beside) if beside else ()
    return tuple(field.name for field in FIELDS[kind] if field.id in numbers)


def count_disagreements(session: Session) -> int:
    """How many fields of this desk a person must settle."""
    beside = _written_beside(session)
    return sum(
        len(_to_settle(session, kind, record, fields)) for (kind, record), fields in beside.items()
    )


_Beside = dict[int, list[Value]]
# A removal (field 1) that does not stand is kept as an extra: who removed had not seen the work.
# What was removed together with a record and is in view with it is asked about with it.
_SIBLINGS = (
    "SELECT r.kind, s.record, s.field, s.seq, s.stamp, s.value FROM"  # noqa: S608 - our own words
    " (SELECT record, field, seq, stamp, value FROM sibling UNION ALL"
    " SELECT e.record, e.field, 0, 0, e.value FROM extra e"
    f" WHERE e.field = 1 AND NOT {IS_KEPT_WITH}) s"
    " JOIN record r ON r.id = s.record"
)


def _written_beside(session: Session, where: str = "", *of: int) -> dict[tuple[Kind, int], _Beside]:
    """What other desks wrote beside the values that are shown: by record, by number of the field.

    Kinds and fields of a newer version, which nobody can settle here, are left out.
    """
    found: defaultdict[tuple[Kind, int], _Beside] = defaultdict(dict)
    for kind, record, number, seq, stamp, value in fetch(
        session,
        f"{_SIBLINGS} {where}",
        *of,
    ):
        if number in RULES.get(kind, {}):
            fields = found[Kind(kind), record]
            fields.setdefault(number, []).append(
                Value(Dot(b"", seq, stamp), values.decode_one(value))
            )
    return found


def _to_settle(session: Session, kind: Kind, record: int, beside: _Beside) -> frozenset[int]:
    """Fields that no rule settles; equal values, as of two who settled alike, are no quarrel."""
    shown = {**bulk.current_wire(session, kind, record, beside), **_kept_with(session, record)}
    return frozenset(
        number
        for number, others in beside.items()
        if judge(RULES[kind][number], [Value(_UNKNOWN, shown[number]), *others]).is_open
    )


def _kept_with(session: Session, record: int) -> dict[int, values.Wire]:
    """The removal of a record that is in view only because what it was removed with is."""
    found = fetch(
        session,
        f"SELECT e.field, e.value FROM extra e WHERE e.record=? AND e.field=1 AND {IS_KEPT_WITH}",  # noqa: S608 - our own words
        record,
    )
    return {number: values.decode_one(value) for number, value in found}
