"""Reading history: who changed what, when, before and after."""

import json
from typing import Any

from correspondent_desk.domain.fields import Kind
from correspondent_desk.store import values
from correspondent_desk.store.changes import ActionRow, FieldChange, HistoryRow, as_time
from correspondent_desk.store.identity import find_id, raw
from correspondent_desk.store.operations import Operations
from correspondent_desk.store.session import Session

ACTION = "a.id, a.at, a.person, a.code, a.subject, r.kind, a.records, a.undoes, a.undone_by, o.mine"
_KINDS = {kind.value: kind for kind in Kind}
FROM_ACTION = "action a JOIN origin o ON o.id=a.origin LEFT JOIN record r ON r.id=a.subject"


def action_row(found: tuple[Any, ...]) -> ActionRow:
    """The row of ACTION."""
    id_, at, person, code, subject, kind, records, undoes, undone_by, mine = found
    return ActionRow(
        id=id_,
        at=as_time(at),
        person=person,
        code=code,
        subject=subject,
        subject_kind=_kind(kind),
        records=records,
        undoes=undoes,
        undone_by=undone_by,
        is_mine=bool(mine),
    )


def row_of(current: Operations) -> ActionRow:
    """The step that an action became; id 0 and no records if it wrote nothing."""
    return ActionRow(
        id=current.action if current.is_wanted else 0,
        at=as_time(current.wall_ms),
        person=current.person,
        code=current.code,
        subject=current.subject,
        subject_kind=_kind(current.subject_kind),
        records=current.records,
        undoes=current.undoes,
        undone_by=None,
        is_mine=True,
    )


def newest(session: Session, limit: int) -> list[ActionRow]:
    """The newest actions, those of other desks among them, newest first."""
    sql = f"SELECT {ACTION} FROM {FROM_ACTION} ORDER BY a.at DESC, a.id DESC LIMIT ?"  # noqa: S608
    return [action_row(found) for found in raw(session).execute(sql, (limit,))]


def history_of(session: Session, *records: int) -> list[HistoryRow]:
    """All operations on these records, newest first; of a kind that is unknown here, none."""
    sql = f"""
        SELECT h.record, h.body, h.before, r2.kind, {ACTION}
        FROM history h JOIN record r2 ON r2.id=h.record
        JOIN {FROM_ACTION.replace("action a JOIN", "action a ON a.id=h.action JOIN")}
        WHERE h.record IN (SELECT value FROM json_each(?)) ORDER BY h.stamp DESC, h.origin DESC, h.seq DESC
    """  # noqa: S608 - our own names
    rows = []
    asked = json.dumps(records)
    for record, body, before, number, *action in raw(session).execute(sql, (asked,)):
        kind = _kind(number)
        if kind is not None:
            rows.append(
                HistoryRow(
                    action=action_row(tuple(action)),
                    record=record,
                    kind=kind,
                    is_creation=before is None,
                    changes=_changes(session, kind, body, before),
                )
            )
    return rows


def written_by(session: Session, action: int, kind: Kind) -> dict[int, tuple[FieldChange, ...]]:
    """What a small action changed of records of one kind, by record, in its order; at most 100."""
    sql = """
        SELECT h.record, h.body, h.before
        FROM action a
        JOIN history h ON h.origin=a.origin AND h.seq BETWEEN a.first AND a.last
        JOIN record r ON r.id=h.record
        WHERE a.id=? AND r.kind=? ORDER BY h.seq LIMIT 100
    """
    found: dict[int, tuple[FieldChange, ...]] = {}
    for record, body, before in raw(session).execute(sql, (action, kind.value)).fetchall():
        found[record] = found.get(record, ()) + _changes(session, kind, body, before)
    return found


def _changes(
    session: Session, kind: Kind, body: bytes, before: bytes | None
) -> tuple[FieldChange, ...]:
    was = {} if before is None else values.decode(before)
    fields = values.layout(kind).fields
    return tuple(
        FieldChange(
            field=fields[number].name,
            before=_plain(session, kind, number, was[number]) if number in was else None,
            after=_plain(session, kind, number, wire),
        )
        for number, wire in values.decode(body).items()
        if number in fields
    )


def _plain(session: Session, kind: Kind, number: int, wire: object) -> dict[str, Any]:
    of = values.layout(kind).fields[number]
    try:
        return values.parted(kind, of, wire, lambda uid: find_id(session, uid))
    except values.NotOfType:
        return {of.name: wire}


def _kind(number: int | None) -> Kind | None:
    return _KINDS.get(number or 0)
