"""Fields that several desks wrote without knowing of each other, and settling one by hand.

Settling writes the field again as an ordinary action; who writes it has seen both values, so the
disagreement closes on every desk. Two people who settle differently offline make one new, smaller
disagreement and no loop.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from correspondent_desk.domain import clock
from correspondent_desk.domain.fields import FIELDS, REMOVED, REMOVED_AT, Field, Kind, Rule
from correspondent_desk.domain.rules import Dot, Value
from correspondent_desk.errors import DeskError
from correspondent_desk.store import history, landing, removing, stamps, values
from correspondent_desk.store.changes import as_time
from correspondent_desk.store.identity import find_id, raw, uid_of
from correspondent_desk.store.session import Session
from correspondent_desk.sync import removals
from correspondent_desk.sync.origins import Origins
from correspondent_desk.sync.outcome import may_settle
from correspondent_desk.sync.removals import Contested, chosen

if TYPE_CHECKING:
    from sqlalchemy.orm import Session as MappedSession

_MOST_DIGITS = 18  # of a record's number


class NoSuchDisagreement(DeskError):
    """There is no open disagreement of that id: settled already, or mistyped (details: id)."""

    code = "no-such-disagreement"


class UnfitValue(DeskError):
    """What was written cannot stand in the field (details: field, value)."""

    code = "unfit-value"


class Choice(StrEnum):
    """Whose value to keep."""

    HERE = "here"
    THERE = "there"
    BOTH = "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One of the concurrent values: Python values by column; references are ids of this store.

    A value of a wrong type stands as it came under the field's name. person "", at None: unknown.
    """

    columns: Mapping[str, Any]
    person: str
    at: datetime | None
    is_mine: bool
    is_shown: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A field with several values. id: to name it by. root: the member or other record it belongs to.

    here: the value of this desk, or the one shown if none is; there: the newest of the others;
    others: more of them, rarely. before: what here replaced, if history knows.
    is_soft: the newest is shown and nobody need settle it. may_keep_both: a long text.
    """

    id: str
    kind: Kind
    record: int
    root: int
    field: str
    before: Mapping[str, Any] | None
    here: Told
    there: Told
    others: tuple[Told, ...]
    is_soft: bool
    may_keep_both: bool


def disagreements(session: Session, records: Collection[int] | None = None) -> list[Disagreement]:
    """All that may be settled, those that must be first, then by record; records: of these only."""
    origins = Origins(raw(session))
    found = [
        _disagreement(session, origins, kind, record, root, of, values_)
        for (kind, record, root, of), values_ in _open(session, origins, records).items()
    ]
    contested = removals.contested(session, origins, records)
    found += [_of_removal(session, origins, one) for one in contested]
    return sorted(found, key=lambda one: (one.is_soft, one.record, one.field))


def settle(session: "MappedSession", id_: str, choice: Choice | str) -> int:
    """Write the field again and so close the disagreement everywhere; the record's id.

    choice: a Choice, or another text to write, "" for nothing. Call inside an action,
    DISAGREEMENT_SETTLED. Raises NoSuchDisagreement, UnfitValue.
    """
    from correspondent_desk.store.tables import SYNCED

    record_id = id_.partition(".")[0]
    is_number = record_id.isdecimal() and len(record_id) <= _MOST_DIGITS
    every = disagreements(session, [int(record_id)]) if is_number else []
    found = next((one for one in every if one.id == id_), None)
    if found is None:
        raise NoSuchDisagreement(id=id_)
    table = SYNCED[found.kind]
    record = session.get(table, found.record)
    if record is None:
        raise NoSuchDisagreement(id=id_)
    told = _chosen(found, choice)
    if REMOVED_AT in told:
        _settle_removal(session, found, told[REMOVED_AT])
        return found.record
    for name, value in told.items():
        setattr(record, name, value)
    history.rewrite(session, record, found.field)
    return found.record


def _settle_removal(session: Session, found: Disagreement, at: datetime | None) -> None:
    """Together with all that was removed with it, or that somebody made below it since."""
    if at is None:
        removing.bring_back(session, found.kind, found.record)
    else:
        stored = values.to_store(found.kind, {REMOVED_AT: at})
        removing.remove(session, found.kind, found.record, stored[REMOVED_AT])


def _chosen(found: Disagreement, choice: Choice | str) -> Mapping[str, Any]:
    of = {one.name: one for one in FIELDS[found.kind]}[found.field]
    match choice:
        case Choice.HERE:
            told = found.here.columns
        case Choice.THERE:
            told = found.there.columns
        case Choice.BOTH:
            if not found.may_keep_both:
                raise UnfitValue(field=found.field, value=choice)
            column = of.columns[0]
            every = (found.here, found.there, *found.others)
            told = {column: "\n\n".join(dict.fromkeys(one.columns[column] for one in every))}
        case _:
            told = _written(found.kind, of, choice)
    if set(told) != set(of.columns):
        raise UnfitValue(field=found.field, value=choice)  # a value of a newer version
    return told


def _written(kind: Kind, of: Field, text: str) -> Mapping[str, Any]:
    """What a person typed, for a field of one column: text, a date, an amount, yes or no."""
    if len(of.columns) != 1 or of.references:
        raise UnfitValue(field=of.name, value=text)
    known = values.layout(kind)
    column = known.types[of.columns[0]]
    blank = known.blank_wire[of.id]
    for wire in (text, *_read(text)) if text else (blank,):
        try:
            if wire is None and of.columns[0] not in known.optional:
                continue
            return {of.columns[0]: None if wire is None else column.from_wire(wire)}
        except values.NotOfType:
            continue
    raise UnfitValue(field=of.name, value=text)


def _read(text: str) -> list[object]:
    yes_no = {"true": True, "yes": True, "oui": True, "false": False, "no": False, "non": False}
    found: list[object] = []
    if text.casefold() in yes_no:
        found.append(yes_no[text.casefold()])
    if text.lstrip("-").isdecimal():
        found.append(int(text))
    return found


# --- reading --------------------------------------------------------------------------------------

_Place = tuple[Kind, int, int, Field]


def _open(
    session: Session, origins: Origins, records: Collection[int] | None
) -> dict[_Place, list[Value]]:
    """The concurrent values of each field that may be settled, the shown one first."""
    beside: defaultdict[tuple[int, int], list[Value]] = defaultdict(list)
    lines: dict[int, tuple[int, int, bytes | None]] = {}
    for record, number, origin, seq, stamp, value, kind, root, packed in raw(session).execute(
        "SELECT s.record, s.field, s.origin, s.seq, s.stamp, s.value, r.kind, r.root, r.stamp"
        " FROM sibling s JOIN record r ON r.id=s.record"
        " WHERE ?1 IS NULL OR s.record IN (SELECT value FROM json_each(?1))"
        " ORDER BY s.record, s.field, s.stamp DESC, s.seq DESC",
        (chosen(records),),
    ):
        other = Dot(origins.uid(origin), seq, stamp)
        beside[record, number].append(Value(other, values.decode_one(value)))
        lines[record] = kind, root, packed
    found: dict[_Place, list[Value]] = {}
    for (record, number), others in beside.items():
        kind_number, root, packed = lines[record]
        kind = landing.known_kind(kind_number)
        of = None if kind is None else landing.table(kind).fields.get(number)
        local = stamps.unpack(packed).get(number)
        if kind is None or of is None or local is None:
            continue
        dot = Dot(origins.uid(local.origin), local.seq, local.stamp)
        shown = Value(dot, _shown(session, kind, record, of))
        if may_settle(of.rule, [shown, *others]):
            found[kind, record, root, of] = [shown, *others]
    return found


def _shown(session: Session, kind: Kind, record: int, of: Field) -> object:
    connection = raw(session)
    extra = connection.execute(
        "SELECT value FROM extra WHERE record=? AND field=?", (record, of.id)
    ).fetchone()
    if extra is not None:
        return values.decode_one(extra[0])
    columns = landing.stored_rows(connection, kind, [of.id], [record])[record]
    return landing.table(kind).wire(of.id, columns, lambda id_: uid_of(session, id_))


def _disagreement(
    session: Session,
    origins: Origins,
    kind: Kind,
    record: int,
    root: int,
    of: Field,
    found: list[Value],
) -> Disagreement:
    told = [
        _told(session, origins, kind, of, value, is_shown=index == 0)
        for index, value in enumerate(found)
    ]
    here = next((one for one in told if one.is_mine), told[0])
    rest = [one for one in told if one is not here]
    return Disagreement(
        id=f"{record}.{of.name}",
        kind=kind,
        record=record,
        root=root,
        field=of.name,
        before=_before(session, origins, kind, of, found[told.index(here)].dot),
        here=here,
        there=rest[0],
        others=tuple(rest[1:]),
        is_soft=of.rule is Rule.NEWEST,
        may_keep_both=of.rule is Rule.LONG_TEXT,
    )


def _of_removal(session: Session, origins: Origins, found: Contested) -> Disagreement:
    """Removed there, worked on here, or the other way round: the record stays in the lists."""
    of = landing.table(found.kind).fields[REMOVED]
    kept = _told(session, origins, found.kind, of, Value(found.work, None), is_shown=True)
    removal = Value(found.removal, found.removed_at)
    removed = _told(session, origins, found.kind, of, removal, is_shown=False)
    is_ours = removed.is_mine and not kept.is_mine
    return Disagreement(
        id=f"{found.record}.{of.name}",
        kind=found.kind,
        record=found.record,
        root=found.record,
        field=of.name,
        before=None,
        here=removed if is_ours else kept,
        there=kept if is_ours else removed,
        others=(),
        is_soft=False,
        may_keep_both=False,
    )


def _told(
    session: Session, origins: Origins, kind: Kind, of: Field, value: Value, *, is_shown: bool
) -> Told:
    row = (
        raw(session)
        .execute(
            "SELECT a.person, a.at FROM history h JOIN action a ON a.id=h.action"
            " WHERE h.origin=? AND h.seq=?",
            (origins.number(value.dot.origin), value.dot.seq),
        )
        .fetchone()
    )
    person, at = row or ("", clock.wall_ms(value.dot.stamp))
    return Told(
        columns=_columns(session, kind, of, value.value),
        person=person,
        at=as_time(at),
        is_mine=value.dot.origin in origins.mine,
        is_shown=is_shown,
    )


def _before(
    session: Session, origins: Origins, kind: Kind, of: Field, dot: Dot
) -> Mapping[str, Any] | None:
    row = (
        raw(session)
        .execute(
            "SELECT before FROM history WHERE origin=? AND seq=?",
            (origins.number(dot.origin), dot.seq),
        )
        .fetchone()
    )
    was = values.decode(row[0]) if row and row[0] is not None else {}
    return _columns(session, kind, of, was[of.id]) if of.id in was else None


def _columns(session: Session, kind: Kind, of: Field, wire: object) -> dict[str, Any]:
    try:
        return values.parted(kind, of, wire, lambda uid: find_id(session, uid))
    except values.NotOfType:
        return {of.name: wire}
