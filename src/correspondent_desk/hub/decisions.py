"""Decisions of the committee on their way to the desks: records of the hub's own, one for each.

The hub knows operations and no columns. A row names its request by a number made of the record's id
(domain.decisions), so that the log alone tells whose it is; what the request says is never read and
never changed. A decision is one operation under the hub's origin of the office.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, func, insert, select, update

from correspondent_desk import decoding
from correspondent_desk.domain import clock
from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.decisions import Standing, Verdict
from correspondent_desk.domain.fields import Kind
from correspondent_desk.domain.fields import field as field_named
from correspondent_desk.formats.decision_list import DecisionRow, LeftOut, RowFault
from correspondent_desk.hub import asked_about, audit, claims, identity, offices, tables
from correspondent_desk.hub.asked_about import Place
from correspondent_desk.hub.database import Hub
from correspondent_desk.hub.offices import OfficeRow
from correspondent_desk.hub.schema import or_leave
from correspondent_desk.store.changes import as_time

_encode = msgspec.msgpack.Encoder().encode
_decode = decoding.msgpack(dict[int, object]).decode
TAKEN_IN = "decisions-taken-in"
"""How the act is called in the audit."""
_AT_ONCE = 500
_SAID = "decided"
"""Beside the database: the stamp of the last decision, which a hub put back may have forgotten."""


def _number(name: str) -> int:
    return field_named(Kind.DECISION, name).id


_REQUEST = _number("request_id")
_TOLD = ("verdict", "amount", "reason", "documents", "decided_on", "pays_on")


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A decision that goes to the desks of an office, or is there already (is_known).

    replaces: what the hub had said of the request before, if this is something else.
    """

    row: DecisionRow
    office: str
    is_known: bool
    replaces: Standing | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What became of a list of decisions, by row."""

    taken: tuple[Taken, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def new(self) -> int:
        """How many decisions the hub did not have."""
        return sum(not one.is_known for one in self.taken)

    @property
    def replacing(self) -> int:
        """How many of those take the place of another decision."""
        return sum(one.replaces is not None for one in self.taken)


@dataclass(frozen=True, slots=True)
class _Told:
    """What the hub said once of a request."""

    told: tuple[object, ...]
    stands: Standing


def take_in(
    hub: Hub,
    rows: Sequence[DecisionRow],
    left_out: Iterable[LeftOut] = (),
    *,
    by: str = "",
    is_meant: bool = True,
) -> Report:
    """Pass these decisions on; what is there already changes nothing. by: for the audit.

    A row that the hub took in before something else of the same request is left out: an old list
    that comes back takes the place of no newer one.

    left_out: rows that could not be read; they stand in the report with the others.
    is_meant False: only tell what would become of them. One transaction for each office.
    """
    left_out = list(left_out)
    places, faults, owners = asked_about.find(
        hub, rows, {one.number for one in left_out if one.number}
    )
    of_office: defaultdict[int, list[tuple[DecisionRow, Place]]] = defaultdict(list)
    for row in rows:
        if row.number in places:
            of_office[places[row.number].office.id].append((row, places[row.number]))
    taken: list[Taken] = []
    left_out = [replace(one, office=owners.get(one.number, "")) for one in left_out] + faults
    for id_, due in of_office.items():
        with hub.transaction() as connection:
            offices.lock(connection, id_)
            some, old = _take_in(hub, connection, due, by=by, is_meant=is_meant)
        taken += some
        left_out += old
    return Report(
        taken=tuple(sorted(taken, key=lambda one: one.row.row)),
        left_out=tuple(sorted(left_out, key=lambda one: one.row)),
    )


# --- writing --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Due:
    """A decision to be written: its record's id, and the fields it says."""

    record: bytes
    root: bytes
    fields: dict[int, object]


def _take_in(
    hub: Hub,
    connection: Connection,
    due: Sequence[tuple[DecisionRow, Place]],
    *,
    by: str,
    is_meant: bool,
) -> tuple[list[Taken], list[LeftOut]]:
    """In the transaction of their office, which is locked."""
    office = due[0][1].office
    known = _known(connection, office.id)
    committee = identity.name(connection)
    today = as_time(hub.now_ms()).astimezone().date().isoformat()
    taken: list[Taken] = []
    old: list[LeftOut] = []
    new: list[_Due] = []
    for row, place in due:
        fields = _fields(row, place.record, committee) | {_number("came_on"): today}
        before = known.get(place.record, [])
        told = _told(fields)
        is_known = bool(before) and before[-1].told == told
        stands = before[-1].stands if before and not is_known else None
        if stands and any(one.told == told for one in before):
            old.append(_old(row, office, stands))
            continue
        taken.append(Taken(row=row, office=office.name, is_known=is_known, replaces=stands))
        if not is_known:
            new.append(_Due(_record_id(place.record, len(before), told), place.root, fields))
    if new and is_meant:
        _write(hub, connection, office, committee, new)
        audit.note(hub, connection, by, TAKEN_IN, office=office.code, decisions=len(new))
    return taken, old


def _old(row: DecisionRow, office: OfficeRow, stands: Standing) -> LeftOut:
    """A row of a list that was taken in before."""
    return LeftOut(
        row=row.row,
        fault=RowFault.REPLACED_SINCE,
        number=row.number,
        office=office.name,
        stands=stands,
    )


def _fields(row: DecisionRow, request: bytes, committee: str) -> dict[int, object]:
    """What the operation says: only what the row says."""
    wire = {
        "verdict": row.verdict.value,
        "amount": None if row.amount is None else str(row.amount),
        "reason": row.reason,
        "documents": row.documents,
        "decided_on": row.decided_on and row.decided_on.isoformat(),
        "pays_on": row.pays_on and row.pays_on.isoformat(),
        "person": committee,
    }
    return {_REQUEST: request} | {_number(name): value for name, value in wire.items() if value}


def _told(fields: Mapping[int, object]) -> tuple[object, ...]:
    return tuple(fields.get(_number(name)) for name in _TOLD)


def _record_id(request: bytes, before: int, told: tuple[object, ...]) -> bytes:
    """The same for the same decision, though the hub was put back from a copy meanwhile."""
    digest = hashlib.sha256(_encode(told)).hexdigest()
    return uuid5(UUID(bytes=request), f"decision:{before}:{digest}").bytes


def _known(connection: Connection, office: int) -> dict[bytes, list[_Told]]:
    """What the hub has said already of each request, in its order.

    What came back after the hub was put back is later in the log than what was said since.
    """
    op = tables.op.c
    found = connection.execute(_of_hub(op.body, office).order_by(op.stamp, op.pos))
    known: defaultdict[bytes, list[_Told]] = defaultdict(list)
    for (body,) in found:
        fields = _decode(body)
        request = fields.get(_REQUEST)
        with suppress(KeyError, ValueError, ArithmeticError):  # a forgotten desk wrote it
            if isinstance(request, bytes):
                known[request].append(_Told(_told(fields), _standing(fields)))
    return known


def _of_hub(what: ColumnElement[Any], office: int) -> Select[Any]:
    """What is asked of the operations by which the hub decided."""
    op, origin = tables.op.c, tables.origin.c
    found = select(what).join(
        tables.origin, (origin.office == op.office) & (origin.id == op.origin)
    )
    is_ours = origin.desk == claims.NO_DESK
    return found.where(op.office == office, is_ours, op.kind == int(Kind.DECISION))


def _standing(fields: Mapping[int, object]) -> Standing:
    """In short, from what the hub wrote itself."""
    amount, came_on = fields.get(_number("amount")), fields.get(_number("came_on"))
    return Standing(
        verdict=Verdict(str(fields[_number("verdict")])),
        amount=Decimal(str(amount)) if amount else None,
        came_on=date.fromisoformat(str(came_on)) if came_on else None,
    )


def _write(
    hub: Hub, connection: Connection, office: OfficeRow, committee: str, due: Sequence[_Due]
) -> None:
    """One action of the committee: an operation for each decision, having seen all of the office."""
    seen = offices.vector(connection, office.id)
    number, hi, last = _own_origin(connection, office)
    last = max(last, hub.sidecar.number(_SAID))
    after: int = connection.execute(
        update(tables.office)
        .where(tables.office.c.id == office.id)
        .values(next_pos=tables.office.c.next_pos + len(due))
        .returning(tables.office.c.next_pos)
    ).scalar_one()
    now_ms = max(hub.now_ms(), 0)
    rows = []
    for at, one in enumerate(due):
        last = clock.tick(last, now_ms)
        rows.append(
            {
                "office": office.id,
                "pos": after - len(due) + at,
                "origin": number,
                "seq": hi + 1 + at,
                "stamp": last,
                "record": one.record,
                "kind": int(Kind.DECISION),
                "root": one.root,
                "person": committee,
                "action": Action.DECISION_CAME.value,
                "group": hi + 1,
                "wall": now_ms,
                "body": _encode(one.fields),
            }
        )
    hub.sidecar.raise_to(**{_SAID: last})
    for at in range(0, len(rows), _AT_ONCE):
        connection.execute(insert(tables.op), rows[at : at + _AT_ONCE])
    _note_seen(connection, office.id, number, hi + 1, seen)
    connection.execute(
        update(tables.origin).where(tables.origin.c.id == number).values(hi=hi + len(due))
    )


def _own_origin(connection: Connection, office: OfficeRow) -> tuple[int, int, int]:
    """The hub's origin of the office in its present incarnation: its number, its hi, its last stamp.

    A hub put back from a copy must not write other things under numbers it has used before. Its clock may
    be behind what it wrote then: what it decides now is newer.
    """
    incarnation: int = connection.execute(select(tables.hub.c.incarnation)).scalar_one()
    uid = claims.own_origin(office.origin, incarnation)
    connection.execute(
        or_leave(connection, tables.origin),
        {"uid": uid, "office": office.id, "desk": claims.NO_DESK},
    )
    origin, op = tables.origin.c, tables.op.c
    row = connection.execute(select(origin.id, origin.hi).where(origin.uid == uid)).one()
    last = connection.execute(_of_hub(func.max(op.stamp), office.id)).scalar()
    return row.id, row.hi, last or 0


def _note_seen(
    connection: Connection, office: int, author: int, seq: int, seen: Mapping[bytes, int]
) -> None:
    """From seq on, the hub had seen all this: what is new since its last mark."""
    context, origin = tables.context.c, tables.origin.c
    noted: dict[int, int] = {
        row.seen_origin: row.hi
        for row in connection.execute(
            select(context.seen_origin, func.max(context.hi).label("hi"))
            .where(context.office == office, context.origin == author)
            .group_by(context.seen_origin)
        )
    }
    numbers = connection.execute(
        select(origin.id, origin.uid).where(origin.office == office, origin.id != author)
    )
    marks = [
        {
            "office": office,
            "origin": author,
            "seq": seq,
            "seen_origin": row.id,
            "hi": seen[row.uid],
        }
        for row in numbers
        if seen.get(row.uid, 0) > noted.get(row.id, 0)
    ]
    if marks:
        connection.execute(insert(tables.context), marks)
