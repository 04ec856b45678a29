"""Taking an action back, and doing it again.

Undo writes the earlier values as a new action, so that other desks receive it like any other, and
redo is the undo of an undo. Fields that somebody wrote since stay with them: then the whole is
refused, because half an undo is a state nobody asked for.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.fields import REMOVED, Kind
from correspondent_desk.errors import DeskError
from correspondent_desk.store import (
    bulk,
    erasure_wishes,
    history,
    journal,
    operations,
    stamps,
    values,
    voices,
)
from correspondent_desk.store.changes import ActionRow
from correspondent_desk.store.identity import raw
from correspondent_desk.store.operations import Operation
from correspondent_desk.store.session import Session
from correspondent_desk.store.values import Wire, layout
from correspondent_desk.store.voices import Beside, Place

_CHUNK = 2_000
_TURNS = (Action.UNDONE, Action.REDONE)
# The exchange takes back its own; founding a desk and filling a demo are no steps of anybody's work.
_NO_STEPS = (Action.BUNDLE_APPLIED, Action.OFFICE_SET_UP, Action.DEMO_FILLED)
# What is below the floor is no step any more: of its operations only those are left that still stand.
_MINE = (
    "a.origin=(SELECT max(id) FROM origin WHERE mine=1)"
    " AND (a.first=0 OR a.first>(SELECT o.floor FROM origin o WHERE o.id=a.origin))"
)


class NothingToUndo(DeskError):
    """Every step of this desk was taken back, or there was none."""

    code = "nothing-to-undo"


class NothingToRedo(DeskError):
    """Nothing was taken back, or something new was done since."""

    code = "nothing-to-redo"


@dataclass(frozen=True, slots=True)
class Standing:
    """A field that somebody wrote since; field None: the record as a whole is in use elsewhere."""

    kind: Kind
    record: int
    field: str | None


class UndoConflict(DeskError):
    """A later change stands on what would be taken back (details: action, fields: of Standing)."""

    code = "undo-conflict"

    def __init__(self, action: ActionRow, fields: Sequence[Standing]) -> None:
        super().__init__(action=action, fields=tuple(fields))
        self.fields = tuple(fields)


def next_undo(session: Session) -> ActionRow | None:
    """The step that undo would take back."""
    return _one(
        session,
        f"a.undone_by IS NULL AND a.code NOT IN ({_quoted(*_TURNS, *_NO_STEPS)}) AND {_MINE}",
    )


def next_redo(session: Session) -> ActionRow | None:
    """The step that redo would do again: the one that was taken back last."""
    undone = _turn_back(session)
    return None if undone is None or undone.undoes is None else _by_id(session, undone.undoes)


def undo(session: Session) -> int:
    """Take back the next step; its id. Raises NothingToUndo, UndoConflict."""
    step = next_undo(session)
    if step is None:
        raise NothingToUndo
    _reverse(session, step)
    raw(session).execute(
        "UPDATE action SET undone_by=? WHERE id=?", (operations.of(session).action, step.id)
    )
    return step.id


def redo(session: Session) -> int:
    """Do again what was taken back last; the id of the undo. Raises NothingToRedo, UndoConflict."""
    turn = _turn_back(session)
    if turn is None or turn.undoes is None:
        raise NothingToRedo
    _reverse(session, turn)
    connection = raw(session)
    connection.execute(
        "UPDATE action SET undone_by=? WHERE id=?", (operations.of(session).action, turn.id)
    )
    connection.execute("UPDATE action SET undone_by=NULL WHERE id=?", (turn.undoes,))
    erasure_wishes.utter_again(session, turn.undoes)
    return turn.id


def _turn_back(session: Session) -> ActionRow | None:
    newest = f"SELECT max(a.id) FROM action a WHERE a.code NOT IN ({_quoted(*_TURNS, *_NO_STEPS)}) AND {_MINE}"  # noqa: S608
    return _one(
        session,
        f"a.undone_by IS NULL AND a.code={_quoted(Action.UNDONE)} AND {_MINE}"
        f" AND a.id > coalesce(({newest}), 0)",
    )


def _one(session: Session, condition: str) -> ActionRow | None:
    sql = (
        f"SELECT {journal.ACTION} FROM {journal.FROM_ACTION}"  # noqa: S608 - our own words
        f" WHERE {condition} ORDER BY a.id DESC LIMIT 1"
    )
    found = raw(session).execute(sql).fetchone()
    return None if found is None else journal.action_row(found)


def _by_id(session: Session, action: int) -> ActionRow | None:
    return _one(session, f"a.id={action:d}")


def _quoted(*codes: Action) -> str:
    return ", ".join(f"'{code}'" for code in codes)


# --- writing the earlier values -------------------------------------------------------------------


@dataclass(slots=True)
class _Written:
    """One operation to be taken back. before None: it made the record, and body is left empty.

    beside: values that it settled, by number of the field, but for the one that was shown.
    """

    seq: int
    record: int
    body: dict[int, Wire]
    before: dict[int, Wire] | None
    beside: dict[int, list[Wire]] = field(default_factory=dict)


def _reverse(session: Session, step: ActionRow) -> None:
    beside: dict[Place, Beside] = {}
    for chunk in _chunks(session, step.id):
        _reverse_chunk(session, step, chunk)
        for one in chunk:
            for number in one.body:
                # An earlier operation of the action knows better what stood there before all.
                beside.pop((one.record, number), None)
            for number, others in one.beside.items():
                beside[one.record, number] = Beside(one.body[number], others)
    voices.speak(session, beside)


def parted(before: bytes) -> tuple[dict[int, Wire], dict[int, list[Wire]]]:
    """What an operation replaced: the value told of each field; all values where there were several."""
    found: dict[int, Any] = values.decode(before)
    return (
        {number: value for number, value in found.items() if number > 0},
        {-number: every for number, every in found.items() if number < 0},
    )


def _chunks(session: Session, action: int) -> Iterator[list[_Written]]:
    """The action's operations, last first; a record stands in a chunk only once."""
    connection = raw(session)
    origin, first, last = connection.execute(
        "SELECT origin, first, last FROM action WHERE id=?", (action,)
    ).fetchone()
    while True:
        found = connection.execute(
            "SELECT seq, record, body, before FROM history"
            " WHERE origin=? AND seq BETWEEN ? AND ? ORDER BY seq DESC LIMIT ?",
            (origin, first, last, _CHUNK),
        )
        chunk: list[_Written] = []
        records: set[int] = set()
        for seq, record, body, before in found:
            if record in records:
                break
            records.add(record)
            if before is None:  # what a new record says is not asked for
                chunk.append(_Written(seq, record, {}, None))
            else:
                was, every = parted(before)
                others = {number: found[1:] for number, found in every.items()}
                chunk.append(_Written(seq, record, values.decode(body), was, others))
        if not chunk:
            return
        last = chunk[-1].seq - 1
        yield chunk


def _reverse_chunk(session: Session, step: ActionRow, chunk: list[_Written]) -> None:
    ids = values.to_json([one.record for one in chunk])
    known = {
        record: (Kind(kind), stamps.unpack(stamp))
        for record, kind, stamp in raw(session).execute(
            "SELECT id, kind, stamp FROM record WHERE id IN (SELECT value FROM json_each(?))",
            (ids,),
        )
    }
    _refuse_what_others_wrote(session, step, chunk, known)
    removed = values.local_time(history.now(session))
    reversed_: dict[Kind, list[Operation]] = {}
    for one in chunk:
        kind = known[one.record][0]
        body: Mapping[int, Wire] = one.before if one.before is not None else {REMOVED: removed}
        before: Mapping[int, Wire] = one.body if one.before is not None else {REMOVED: None}
        reversed_.setdefault(kind, []).append(Operation(one.record, kind, body, before))
    for kind, changed in reversed_.items():
        bulk.write_changes(session, kind, changed)


_Known = Mapping[int, tuple[Kind, Mapping[int, stamps.Dot]]]


def _refuse_what_others_wrote(
    session: Session, step: ActionRow, chunk: list[_Written], known: _Known
) -> None:
    own = operations.of(session).own
    standing = _used_elsewhere(session, own, [one for one in chunk if one.before is None])
    disputed = _disputed(session, step.id, [one.record for one in chunk])
    unsure: list[tuple[_Written, list[int]]] = []
    for one in chunk:
        kind, dots = known[one.record]
        numbers = [REMOVED] if one.before is None else list(one.body)
        later = []
        for number in numbers:
            dot = dots.get(number)
            if (dot is not None and dot.origin != own) or (one.record, number) in disputed:
                standing.append(_standing(kind, one.record, number))
            elif dot is not None and dot.seq != one.seq:
                later.append(number)
        if later:
            unsure.append((one, later))
    standing += _rewritten(session, unsure, known)
    if standing:
        raise UndoConflict(step, standing)


def _rewritten(
    session: Session, unsure: list[tuple[_Written, list[int]]], known: _Known
) -> list[Standing]:
    """Fields written here since, unless that was taken back and the value is the action's again."""
    standing = []
    for one, numbers in unsure:
        kind = known[one.record][0]
        now = bulk.current_wire(session, kind, one.record, numbers)
        meant: dict[int, Any] = {REMOVED: None} if one.before is None else one.body
        standing += [
            _standing(kind, one.record, number)
            for number in numbers
            if now[number] != meant[number]
        ]
    return standing


def _standing(kind: Kind, record: int, number: int) -> Standing:
    known = layout(kind).fields.get(number)
    return Standing(kind, record, known.name if known else None)


def _disputed(session: Session, action: int, records: list[int]) -> set[tuple[int, int]]:
    """Fields for which a value waits beside the shown one that the action itself did not put there."""
    found = raw(session).execute(
        "SELECT s.record, s.field FROM sibling s"
        " LEFT JOIN history h ON h.origin=s.origin AND h.seq=s.seq"
        " WHERE s.record IN (SELECT value FROM json_each(?)) AND coalesce(h.action, 0)<>?",
        (values.to_json(records), action),
    )
    return {(record, number) for record, number in found}


def _used_elsewhere(session: Session, own: int, created: list[_Written]) -> list[Standing]:
    """Records of this action that another desk has written, or added something to."""
    if not created:
        return []
    found = raw(session).execute(
        "WITH made(id) AS (SELECT value FROM json_each(?)), used(id) AS"
        " (SELECT id FROM made UNION SELECT r.id FROM made JOIN record r ON r.root=made.id)"
        " SELECT DISTINCT r.kind, r.id FROM used JOIN record r USING (id)"
        " JOIN history h ON h.record=r.id AND h.origin<>?",
        (values.to_json([one.record for one in created]), own),
    )
    kinds = {kind.value: kind for kind in Kind}
    return [Standing(kinds[kind], record, None) for kind, record in found if kind in kinds]
