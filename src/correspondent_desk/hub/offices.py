"""Offices of a hub, the invitations it gives and the desks that came."""

import os
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

import msgspec
from sqlalchemy import Connection, func, insert, or_, select, true, update

from correspondent_desk.errors import DeskError
from correspondent_desk.hub import addresses, audit, sealing, tables, waiting
from correspondent_desk.hub.audit import What
from correspondent_desk.hub.database import Hub, scope, seal_of
from correspondent_desk.hub.erasure_tables import directory
from correspondent_desk.hub.schema import EVERY_OFFICE, or_leave
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
    """There is an office of that name already (details: office).

    Reason other-word: its name or code is the code or name of another one (details: word, other,
    the name of that one): a word must mean one office only.
    """

    code = "office-exists"


class OfficeInDoubt(DeskError):
    """One office has this name, another one this code (details: word, code of the first, name of the second).

    Hubs of earlier versions took such names.
    """

    code = "office-in-doubt"


class NoSuchDesk(DeskError):
    """The office has no desk of that number (details: office, desk)."""

    code = "no-such-desk"


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
    """The hub's private keys. Raises HubKeyWrong."""
    return keys_in(connection, connection.execute(select(tables.hub.c["keys"])).scalar_one())


def keys_in(connection: Connection, kept: bytes) -> HubKeys:
    """The private keys out of the column that keeps them. Raises HubKeyWrong."""
    return _opened(seal_of(connection), bytes(kept))


def keep_keys(connection: Connection, changed: HubKeys) -> None:
    """Other private keys from now on."""
    sealed = sealing.seal(seal_of(connection), changed.to_bytes())
    connection.execute(update(tables.hub).values(keys=sealed))


@lru_cache(4)
def _opened(seal: bytes | None, kept: bytes) -> HubKeys:
    """They are the same for a month, and each request asks for them."""
    return HubKeys.from_bytes(sealing.unseal(seal, kept))


def name(connection: Connection) -> str:
    """What the hub is called."""
    return str(connection.execute(select(tables.hub.c.name)).scalar_one())


def add(hub: Hub, office_name: str, code: str = "", *, by: str = "") -> OfficeRow:
    """A new office; its code names files, so letters, digits and hyphens are kept of it.

    It is made from the name if none is given. by: who does it, for the audit.

    Raises OfficeExists.
    """
    wanted = " ".join(office_name.split())[:_MOST_NAME]
    code = _plain_code(code)
    with hub.transaction() as connection:
        made = code or _free_code(connection, wanted)
        _refuse_taken(connection, wanted, made)
        added = connection.execute(
            or_leave(connection, tables.office).returning(tables.office),
            {
                "uid": os.urandom(16),
                "origin": os.urandom(16),
                "name": wanted,
                "code": made,
                "next_pos": 1,
                "made_at": hub.now_ms(),
                "name_key": wanted.casefold(),
            },
        ).one_or_none()
        if added is None:
            raise OfficeExists(office=wanted)
        audit.note(hub, connection, by, What.OFFICE_ADDED, office=made)
        return _office(added)


def _refuse_taken(connection: Connection, wanted: str, code: str) -> None:
    """Raises OfficeExists if another office is meant by this name or this code."""
    office, key = tables.office.c, wanted.casefold()
    words = (wanted.upper(), code)
    clash = connection.execute(
        select(tables.office)
        .where(office.name_key.in_((key, code.lower())) | office.code.in_(words))
        .order_by(office.name_key != key)
        .limit(1)
    ).one_or_none()
    if clash is None:
        return
    if clash.name_key == key:
        raise OfficeExists(office=wanted)
    word = wanted if clash.code == wanted.upper() else code
    raise OfficeExists("other-word", office=wanted, word=word, other=clash.name)


def _office(row: AnyRow) -> OfficeRow:
    return OfficeRow(id=row.id, uid=row.uid, origin=row.origin, name=row.name, code=row.code)


def all_offices(connection: Connection) -> list[OfficeRow]:
    """All offices, by name."""
    office = tables.office.c
    found = connection.execute(select(tables.office).order_by(office.name, office.id))
    return [_office(row) for row in found]


def listed(hub: Hub) -> list[OfficeRow]:
    """All offices of the hub, by name, those without a desk too."""
    with hub.transaction(EVERY_OFFICE) as connection:
        return all_offices(connection)


def get(connection: Connection, id_: int) -> OfficeRow:
    """The office of this number."""
    return _office(connection.execute(select(tables.office).where(tables.office.c.id == id_)).one())


def lock(connection: Connection, id_: int) -> OfficeRow:
    """The office of this number, into whose log nobody else writes until the end of the transaction.

    From here on, the transaction sees the rows of this office only.
    """
    scope(connection, id_)
    found = select(tables.office).where(tables.office.c.id == id_).with_for_update()
    return _office(connection.execute(found).one())


def invite(
    hub: Hub, office: str | OfficeRow, path: Path, *, by: str = ""
) -> tuple[Invitation, Path]:
    """An invitation for one desk of the office with this name or code, and its file.

    path: a file that is not there yet, or a folder. Raises NoSuchOffice, OfficeInDoubt,
    CannotWrite.
    """
    now = as_time(hub.now_ms())
    with hub.transaction() as connection:
        of = office if isinstance(office, OfficeRow) else named(connection, office)
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
        audit.note(hub, connection, by, What.DESK_INVITED, office=of.code)
        vouching = connection.scalar(select(directory.c.root).limit(1))
        if vouching is not None:
            made = msgspec.structs.replace(made, root=vouching)
        reached = addresses.find(connection)
        if reached is not None:
            made = made.reaching(reached.url, reached.certificate)
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
    """A new desk of office, which is locked; its invitation vouches for it and is used up by it."""
    lock(connection, office)
    _tell_of_desks(connection, office)
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
        of = office if isinstance(office, OfficeRow) else named(connection, office)
        lock(connection, of.id)
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
        _tell_of_desks(connection, of.id)
        told = {"why": why} if why else {}
        audit.note(hub, connection, by, What.DESK_REVOKED, office=of.code, desk=number, **told)
    [revoked] = [one for one in desks(hub, of.id) if one.number == number]
    return revoked


def distrust(connection: Connection, desk: int) -> None:
    """The desk of this id is revoked, and what waits of it is forgotten."""
    connection.execute(
        update(tables.desk).where(tables.desk.c.id == desk).values(status=Status.REVOKED)
    )
    for uid in waiting.of_desk(connection, desk):
        waiting.forget(connection, uid)


def _tell_of_desks(connection: Connection, office: int) -> None:
    """The other desks are to hear who is trusted now: each of them gets the list in its next bundle."""
    connection.execute(
        update(tables.desk).where(tables.desk.c.office == office).values(owes_answer=True)
    )


def vector(connection: Connection, office: int) -> dict[bytes, int]:
    """How far each origin of the office has been seen; the transaction sees this office from now on."""
    scope(connection, office)
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


def desks(hub: Hub, office: int | None = None) -> list[DeskRow]:
    """All desks, or those of the office of this number, by office and number."""
    desk = tables.desk.c
    wanted = true() if office is None else desk.office == office
    with hub.transaction(EVERY_OFFICE if office is None else office) as connection:
        vectors = all_vectors(connection, office)
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
            .join(tables.office, tables.office.c.id == desk.office)
            .where(wanted)
            .order_by(tables.office.c.name, desk.number)
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
                to_receive=lacking(vectors.get(row.office, {}), heard_vector(row)),
                waiting=late.get(row.id, 0),
            )
            for row in found
        ]


def all_vectors(connection: Connection, office: int | None = None) -> dict[int, dict[bytes, int]]:
    """As vector, for each office that has any operation, or for one; the scope must allow it."""
    origin = tables.origin.c
    asked = select(origin.office, origin.uid, origin.hi).where(origin.hi > 0)
    if office is not None:
        asked = asked.where(origin.office == office)
    found: dict[int, dict[bytes, int]] = {}
    for row in connection.execute(asked):
        found.setdefault(row.office, {})[row.uid] = row.hi
    return found


def named(connection: Connection, wanted: str) -> OfficeRow:
    """The office with this name or code. Raises NoSuchOffice, OfficeInDoubt."""
    found = meant(connection, wanted)
    if not found:
        raise NoSuchOffice(office=wanted)
    if len(found) > 1:
        raise OfficeInDoubt(word=wanted, code=found[0].code, name=found[1].name)
    return found[0]


def meant(connection: Connection, wanted: str) -> list[OfficeRow]:
    """The office of this name, and then the one of this code, if it is another."""
    office = tables.office.c
    name_key = " ".join(wanted.split()).casefold()
    rows = connection.execute(
        select(tables.office)
        .where(or_(office.name_key == name_key, office.code == wanted.strip().upper()))
        .order_by(office.name_key != name_key)
    )
    return [_office(row) for row in rows]


def _plain_code(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Z0-9]+", "-", plain.upper()).strip("-")[:_MOST_CODE].strip("-")


def _free_code(connection: Connection, office_name: str) -> str:
    code = _plain_code(office_name) or "OFFICE"
    known = tables.office.c.code
    taken = set(connection.scalars(select(known).where(known.startswith(code, autoescape=True))))
    names = tables.office.c.name_key
    alike = select(names).where(names.startswith(code.lower(), autoescape=True))
    taken |= {one.upper() for one in connection.scalars(alike) if one != office_name.casefold()}
    number, free = 1, code
    while free in taken:
        number += 1
        free = f"{code}-{number}"
    return free
