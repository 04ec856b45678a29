"""Invitations: giving one, which nobody has used yet, and taking one back whose file was lost."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec
from sqlalchemy import Connection, insert, select, update

from correspondent_desk.errors import DeskError
from correspondent_desk.hub import addresses, audit, identity, offices, tables
from correspondent_desk.hub.audit import What
from correspondent_desk.hub.database import Hub
from correspondent_desk.hub.erasure_tables import directory
from correspondent_desk.hub.offices import OfficeRow
from correspondent_desk.hub.tables import AnyRow
from correspondent_desk.store.changes import as_time
from correspondent_desk.store.files import write_new
from correspondent_desk.sync.invitation import SUFFIX, Invitation, to_text
from correspondent_desk.sync.rejection import Reason

_NUMBER_BYTES = 4  # of the id: enough to tell apart the few that are open


class NoSuchInvitation(DeskError):
    """No open invitation has that number: it was used, has ended or was withdrawn (details: number)."""

    code = "no-such-invitation"


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationRow:
    """An invitation that still serves. number: what people call it by."""

    uid: bytes
    number: str
    office: str
    office_code: str
    made_at: datetime
    ends_at: datetime


def number_of(uid: bytes) -> str:
    """What people call the invitation with this id by."""
    return uid[:_NUMBER_BYTES].hex()


def fault(found: AnyRow, signing: bytes, now_ms: int) -> Reason | None:
    """Why the desk with this key cannot join with an invitation; None: it can, or it did so before."""
    if found.used_by is not None:
        return None if found.used_by == signing else Reason.INVITATION_USED
    if found.withdrawn_at is not None:
        return Reason.INVITATION_WITHDRAWN
    return Reason.INVITATION_EXPIRED if now_ms >= found.expires_at else None


def invite(
    hub: Hub, office: str | OfficeRow, path: Path, *, by: str = ""
) -> tuple[Invitation, Path]:
    """An invitation for one desk of the office with this name or code, and its file.

    path: a file that is not there yet, or a folder. Raises NoSuchOffice, OfficeInDoubt,
    CannotWrite.
    """
    with hub.transaction() as connection:
        of = offices.the(connection, office)
        made = _made(hub, connection, of, by)
        target = _free_name(path, of.code) if path.is_dir() else path
        write_new(target, to_text(made).encode("ascii"))
    return made, target


def prepare(hub: Hub, of: OfficeRow, *, by: str = "") -> str:
    """An invitation whose file is asked for afterwards, by this number."""
    with hub.transaction() as connection:
        return number_of(_made(hub, connection, of, by).invitation)


def file_of(hub: Hub, of: OfficeRow, number: str, *, by: str = "") -> tuple[bytes, str]:
    """The file of an invitation of this office that still serves, and its name.

    Raises NoSuchInvitation.
    """
    with hub.transaction() as connection:
        found = [row for row in _open(hub, connection, of.id) if row.number == number]
        if len(found) != 1:
            raise NoSuchInvitation(number=number)
        kept = tables.invitation
        row = connection.execute(select(kept).where(kept.c.uid == found[0].uid)).one()
        invited = Invitation(
            invitation=bytes(row.uid),
            secret=bytes(row.secret),
            hub_name=identity.name(connection),
            hub=identity.keys(connection).public,
            office=of.uid,
            office_name=of.name,
            office_code=of.code,
            expires=found[0].ends_at,
        )
        text = to_text(_reaching(connection, invited))
        audit.note(hub, connection, by, What.INVITATION_TAKEN, office=of.code, invitation=number)
    return text.encode("ascii"), f"{of.code}-{number}{SUFFIX}"


def _made(hub: Hub, connection: Connection, of: OfficeRow, by: str) -> Invitation:
    made = Invitation.make(
        identity.name(connection),
        identity.keys(connection).public,
        office=of.uid,
        office_name=of.name,
        office_code=of.code,
        now=as_time(hub.now_ms()),
    )
    connection.execute(
        insert(tables.invitation).values(
            uid=made.invitation,
            office=of.id,
            secret=made.secret,
            made_at=hub.now_ms(),
            expires_at=int(made.expires.timestamp() * 1000),
        )
    )
    audit.note(hub, connection, by, What.DESK_INVITED, office=of.code)
    return _reaching(connection, made)


def _reaching(connection: Connection, made: Invitation) -> Invitation:
    """It with what vouches for this hub, and where it is, as of now."""
    vouching = connection.scalar(select(directory.c.root).limit(1))
    if vouching is not None:
        made = msgspec.structs.replace(made, root=vouching)
    reached = addresses.find(connection)
    return made if reached is None else made.reaching(reached.url, reached.certificate)


def _free_name(folder: Path, code: str) -> Path:
    path, number = folder / f"{code}{SUFFIX}", 1
    while path.exists():
        number += 1
        path = folder / f"{code}-{number}{SUFFIX}"
    return path


def still_open(hub: Hub, office_id: int | None = None) -> list[InvitationRow]:
    """Those that a desk may still use, of one office or of all, oldest first."""
    with hub.transaction() as connection:
        return _open(hub, connection, office_id)


def _open(hub: Hub, connection: Connection, office_id: int | None = None) -> list[InvitationRow]:
    made, of = tables.invitation.c, tables.office.c
    asked = (
        select(tables.invitation, of.name, of.code)
        .join(tables.office, of.id == made.office)
        .where(made.used_by.is_(None), made.withdrawn_at.is_(None), made.expires_at > hub.now_ms())
        .order_by(made.made_at, made.uid)
    )
    if office_id is not None:
        asked = asked.where(made.office == office_id)
    return [
        InvitationRow(
            uid=bytes(row.uid),
            number=number_of(row.uid),
            office=row.name,
            office_code=row.code,
            made_at=as_time(row.made_at),
            ends_at=as_time(row.expires_at),
        )
        for row in connection.execute(asked)
    ]


def withdraw(hub: Hub, number: str, *, by: str = "") -> InvitationRow:
    """From now on no desk joins with this invitation. Raises NoSuchInvitation."""
    with hub.transaction() as connection:
        wanted = number.strip().lower()
        found = [row for row in _open(hub, connection) if row.number == wanted]
        if len(found) != 1:
            raise NoSuchInvitation(number=number)
        made = tables.invitation.c
        ended = connection.execute(
            update(tables.invitation)
            .where(made.uid == found[0].uid, made.used_by.is_(None), made.withdrawn_at.is_(None))
            .values(withdrawn_at=hub.now_ms())
        )
        if not ended.rowcount:  # a desk was quicker, or another operator
            raise NoSuchInvitation(number=number)
        audit.note(
            hub,
            connection,
            by,
            What.INVITATION_WITHDRAWN,
            office=found[0].office_code,
            invitation=found[0].number,
        )
    return found[0]
