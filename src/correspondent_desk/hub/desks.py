"""The desks of a hub: how they come, how they are listed, and how a lost one is trusted no more."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import msgspec
from sqlalchemy import Connection, func, insert, select, true, update

from correspondent_desk import decoding
from correspondent_desk.domain.delivery import Vector, lacking
from correspondent_desk.errors import DeskError
from correspondent_desk.hub import audit, offices, tables, waiting
from correspondent_desk.hub.audit import What
from correspondent_desk.hub.database import Hub
from correspondent_desk.hub.offices import OfficeRow
from correspondent_desk.hub.schema import EVERY_OFFICE
from correspondent_desk.hub.tables import AnyRow
from correspondent_desk.store.changes import as_time
from correspondent_desk.sync.manifest import Enrolment

_decode_vector = decoding.msgpack(dict[bytes, int]).decode


class NoSuchDesk(DeskError):
    """The office has no desk of that number (details: office, desk)."""

    code = "no-such-desk"


class Status(StrEnum):
    """Whether a desk is still trusted."""

    ACTIVE = "active"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskRow:
    """A desk: heard_at and said_at None: never. waiting: its bundles that lack another.

    given: how many of to_receive are in the last file for it, which it has not answered.
    """

    id: int
    office: str
    office_code: str
    number: int
    name: str
    person: str
    status: Status
    enrolled_at: datetime
    heard_at: datetime | None
    said_at: datetime | None
    to_receive: int
    waiting: int
    given: int = 0


def enrol(hub: Hub, connection: Connection, office: int, asked: Enrolment) -> None:
    """A new desk of office, which is locked; its invitation vouches for it and is used up by it."""
    of = offices.lock(connection, office)
    tell_of_desks(connection, office)
    desk = tables.desk.c
    highest = connection.execute(select(func.max(desk.number)).where(desk.office == office))
    number = (highest.scalar_one() or 0) + 1
    connection.execute(
        insert(tables.desk).values(
            office=office,
            number=number,
            name=asked.desk,
            person=asked.person,
            signing=asked.signing,
            receiving=asked.receiving,
            invitation=asked.invitation,
            status=Status.ACTIVE,
            enrolled_at=hub.now_ms(),
            heard_vector=msgspec.msgpack.encode({}),
            said_vector=msgspec.msgpack.encode({}),
        )
    )
    connection.execute(
        update(tables.invitation)
        .where(tables.invitation.c.uid == asked.invitation)
        .values(used_by=asked.signing)
    )
    audit.note(hub, connection, "", What.DESK_JOINED, office=of.code, desk=number)


def answer_anew(connection: Connection, desk: int, office: int, asked: Enrolment) -> None:
    """A desk of this office, known by its key, was invited once more: that is what it is to be answered.

    The invitation is used up by it, unless it was already.
    """
    connection.execute(
        update(tables.desk).where(tables.desk.c.id == desk).values(invitation=asked.invitation)
    )
    invited = tables.invitation.c
    connection.execute(
        update(tables.invitation)
        .where(invited.uid == asked.invitation, invited.office == office, invited.used_by.is_(None))
        .values(used_by=asked.signing)
    )


def revoke(
    hub: Hub, office: str | OfficeRow, number: int, *, by: str = "", why: str = ""
) -> DeskRow | None:
    """Trust a lost desk no more: nothing is taken from it and nothing is written for it.

    What was accepted of it stays; what waits of it is forgotten. by, why: for the audit; why is a
    short word of the caller's. None: it was revoked already, and nothing was changed.
    Raises NoSuchOffice, OfficeInDoubt, NoSuchDesk.
    """
    with hub.transaction() as connection:
        of = offices.the(connection, office)
        offices.lock(connection, of.id)
        desk = tables.desk.c
        found = connection.execute(
            select(desk.id, desk.status)
            .where(desk.office == of.id, desk.number == number)
            .with_for_update()
        ).one_or_none()
        if found is None:
            raise NoSuchDesk(office=of.name, desk=number)
        if found.status == Status.REVOKED:
            return None
        distrust(connection, found.id)
        tell_of_desks(connection, of.id)
        told = {"why": why} if why else {}
        audit.note(hub, connection, by, What.DESK_REVOKED, office=of.code, desk=number, **told)
    [revoked] = [one for one in listed(hub, of.id) if one.number == number]
    return revoked


def distrust(connection: Connection, desk: int) -> None:
    """The desk of this id is revoked, and what waits of it is forgotten."""
    connection.execute(
        update(tables.desk).where(tables.desk.c.id == desk).values(status=Status.REVOKED)
    )
    for uid in waiting.of_desk(connection, desk):
        waiting.forget(connection, uid)


def tell_of_desks(connection: Connection, office: int) -> None:
    """The other desks are to hear who is trusted now: each of them gets the list in its next bundle."""
    connection.execute(
        update(tables.desk).where(tables.desk.c.office == office).values(owes_answer=True)
    )


def heard_vector(desk: AnyRow) -> dict[bytes, int]:
    """What the desk said last that it has."""
    return _decode_vector(desk.heard_vector)


def listed(hub: Hub, office: int | None = None) -> list[DeskRow]:
    """All desks, or those of the office of this number, by office and number."""
    desk = tables.desk.c
    wanted = true() if office is None else desk.office == office
    with hub.transaction(EVERY_OFFICE if office is None else office) as connection:
        vectors = offices.all_vectors(connection, office)
        late: dict[int, int] = {
            row.desk: row.bundles
            for row in connection.execute(
                select(tables.bundle_in.c.desk, func.count().label("bundles"))
                .where(tables.bundle_in.c.state == "waiting")
                .group_by(tables.bundle_in.c.desk)
            )
        }
        found = connection.execute(
            select(
                desk.id, desk.number, desk.name, desk.person, desk.status, desk.enrolled_at,
                desk.heard_at, desk.heard_vector, desk.said_at, desk.said_vector, desk.owes_answer,
                desk.office, tables.office.c.name.label("of"), tables.office.c.code,
            )
            .join(tables.office, tables.office.c.id == desk.office)
            .where(wanted)
            .order_by(tables.office.c.name, desk.number)
        ).all()  # fmt: skip
        return [_row(one, vectors.get(one.office, {}), late.get(one.id, 0)) for one in found]


def _row(desk: AnyRow, have: Vector, late: int) -> DeskRow:
    """have: what its office has. late: how many of its bundles wait."""
    heard = heard_vector(desk)
    to_receive = lacking(have, heard)
    return DeskRow(
        id=desk.id,
        office=desk.of,
        office_code=desk.code,
        number=desk.number,
        name=desk.name,
        person=desk.person,
        status=Status(desk.status),
        enrolled_at=as_time(desk.enrolled_at),
        heard_at=as_time(desk.heard_at) if desk.heard_at else None,
        said_at=as_time(desk.said_at) if desk.said_at else None,
        to_receive=to_receive,
        waiting=late,
        given=_given(desk, have, heard) if to_receive else 0,
    )


def _given(desk: AnyRow, have: Vector, heard: Vector) -> int:
    """Where the desk is owed an answer, it gets another file anyway, which holds all."""
    if desk.owes_answer:
        return 0
    said = _decode_vector(desk.said_vector)
    told = {uid: min(hi, have.get(uid, 0)) for uid, hi in said.items()}
    return lacking(told, heard)
