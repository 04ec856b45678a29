"""Offices of a hub, the invitations it gives and the desks that came."""

import os
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import msgspec
from sqlalchemy import Connection, func, insert, select, update

from correspondent_desk.errors import DeskError
from correspondent_desk.hub import tables
from correspondent_desk.hub.database import Hub
from correspondent_desk.hub.tables import AnyRow
from correspondent_desk.store.changes import as_time
from correspondent_desk.store.files import write_new
from correspondent_desk.sync import invitation
from correspondent_desk.sync.invitation import Invitation
from correspondent_desk.sync.keys import HubKeys
from correspondent_desk.sync.manifest import Enrolment

_MOST_CODE = 16
_MOST_NAME = 200
_decode_vector = msgspec.msgpack.Decoder(dict[bytes, int]).decode


class NoSuchOffice(DeskError):
    """The hub knows no office of that name or code (details: office)."""

    code = "no-such-office"


class OfficeExists(DeskError):
    """There is an office of that name or code already (details: office)."""

    code = "office-exists"


class Status(StrEnum):
    """Whether a desk is still trusted."""

    ACTIVE = "active"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeRow:
    """An office of the hub."""

    id: int
    uid: bytes
    origin: bytes
    name: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskRow:
    """A desk: heard_at and said_at None: never. waiting: its bundles that lack another."""

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


def keys(connection: Connection) -> HubKeys:
    """The hub's private keys."""
    return HubKeys.from_bytes(connection.execute(select(tables.hub.c["keys"])).scalar_one())


def name(connection: Connection) -> str:
    """What the hub is called."""
    return str(connection.execute(select(tables.hub.c.name)).scalar_one())


def add(hub: Hub, office_name: str, code: str = "") -> OfficeRow:
    """A new office; its code names files, so letters, digits and hyphens are kept of it.

    It is made from the name if none is given.

    Raises OfficeExists.
    """
    wanted = " ".join(office_name.split())[:_MOST_NAME]
    code = _plain_code(code)
    with hub.transaction() as connection:
        known = all_offices(connection)
        codes = {one.code for one in known}
        if any(one.name.casefold() == wanted.casefold() for one in known) or code in codes:
            raise OfficeExists(office=wanted)
        made = code or _free_code(wanted, codes)
        connection.execute(
            insert(tables.office).values(
                uid=os.urandom(16),
                origin=os.urandom(16),
                name=wanted,
                code=made,
                next_pos=1,
                made_at=hub.now_ms(),
            )
        )
        return next(one for one in all_offices(connection) if one.code == made)


def all_offices(connection: Connection) -> list[OfficeRow]:
    """All offices, by name."""
    office = tables.office.c
    return [
        OfficeRow(id=row.id, uid=row.uid, origin=row.origin, name=row.name, code=row.code)
        for row in connection.execute(select(tables.office).order_by(office.name, office.id))
    ]


def invite(hub: Hub, office: str, path: Path) -> tuple[Invitation, Path]:
    """An invitation for one desk of the office with this name or code, and its file.

    path: a file that is not there yet, or a folder. Raises NoSuchOffice, CannotWrite.
    """
    now = as_time(hub.now_ms())
    with hub.transaction() as connection:
        of = _named(connection, office)
        made = Invitation.make(
            name(connection),
            keys(connection).public,
            office=of.uid,
            office_name=of.name,
            office_code=of.code,
            now=now,
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
        target = _free_name(path, of.code) if path.is_dir() else path
        write_new(target, invitation.to_text(made).encode("ascii"))
    return made, target


def _free_name(folder: Path, code: str) -> Path:
    path, number = folder / f"{code}{invitation.SUFFIX}", 1
    while path.exists():
        number += 1
        path = folder / f"{code}-{number}{invitation.SUFFIX}"
    return path


def enrol(connection: Connection, office: int, asked: Enrolment, now_ms: int) -> None:
    """A new desk of office, vouched for by its invitation, which is used up by it."""
    desk = tables.desk.c
    highest = connection.execute(select(func.max(desk.number)).where(desk.office == office))
    connection.execute(
        insert(tables.desk).values(
            office=office,
            number=(highest.scalar_one() or 0) + 1,
            name=asked.desk,
            person=asked.person,
            signing=asked.signing,
            receiving=asked.receiving,
            invitation=asked.invitation,
            status=Status.ACTIVE,
            enrolled_at=now_ms,
            heard_vector=msgspec.msgpack.encode({}),
            said_vector=msgspec.msgpack.encode({}),
        )
    )
    connection.execute(
        update(tables.invitation)
        .where(tables.invitation.c.uid == asked.invitation)
        .values(used_by=asked.signing)
    )


def vector(connection: Connection, office: int) -> dict[bytes, int]:
    """How far each origin of the office has been seen."""
    origin = tables.origin.c
    found = connection.execute(
        select(origin.uid, origin.hi).where(origin.office == office, origin.hi > 0)
    )
    return {row.uid: row.hi for row in found}


def heard_vector(desk: AnyRow) -> dict[bytes, int]:
    """What the desk said last that it has."""
    return _decode_vector(desk.heard_vector)


def lacking(have: Mapping[bytes, int], known: Mapping[bytes, int]) -> int:
    """How many operations of a vector somebody with another one lacks."""
    return sum(max(0, hi - known.get(uid, 0)) for uid, hi in have.items())


def desks(hub: Hub) -> list[DeskRow]:
    """All desks, by office and number."""
    with hub.transaction() as connection:
        vectors = {one.id: vector(connection, one.id) for one in all_offices(connection)}
        late: dict[int, int] = {
            row.desk: row.bundles
            for row in connection.execute(
                select(tables.bundle_in.c.desk, func.count().label("bundles"))
                .where(tables.bundle_in.c.state == "waiting")
                .group_by(tables.bundle_in.c.desk)
            )
        }
        found = connection.execute(
            select(tables.desk, tables.office.c.name.label("of"), tables.office.c.code)
            .join(tables.office, tables.office.c.id == tables.desk.c.office)
            .order_by(tables.office.c.name, tables.desk.c.number)
        )
        return [
            DeskRow(
                id=row.id,
                office=row.of,
                office_code=row.code,
                number=row.number,
                name=row.name,
                person=row.person,
                status=Status(row.status),
                enrolled_at=as_time(row.enrolled_at),
                heard_at=as_time(row.heard_at) if row.heard_at else None,
                said_at=as_time(row.said_at) if row.said_at else None,
                to_receive=lacking(vectors[row.office], heard_vector(row)),
                waiting=late.get(row.id, 0),
            )
            for row in found
        ]


def _named(connection: Connection, wanted: str) -> OfficeRow:
    for one in all_offices(connection):
        if wanted.casefold() in (one.name.casefold(), one.code.casefold()):
            return one
    raise NoSuchOffice(office=wanted)


def _plain_code(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Z0-9]+", "-", plain.upper()).strip("-")[:_MOST_CODE].strip("-")


def _free_code(office_name: str, taken: set[str]) -> str:
    code = _plain_code(office_name) or "OFFICE"
    number, free = 1, code
    while free in taken:
        number += 1
        free = f"{code}-{number}"
    return free
