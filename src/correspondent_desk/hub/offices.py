"""Offices of a hub: what they are called, and how far their logs have come."""

import os
import re
import unicodedata
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import Connection, Table, delete, exists, or_, select

from correspondent_desk.errors import DeskError
from correspondent_desk.hub import audit, tables
from correspondent_desk.hub.audit import What
from correspondent_desk.hub.database import Hub, scope
from correspondent_desk.hub.schema import EVERY_OFFICE, or_leave
from correspondent_desk.hub.tables import AnyRow
from correspondent_desk.sync.manifest import MOST_NAME

_MOST_CODE = 16
_MOST_TRIES = 5


class NoSuchOffice(DeskError):
    """The hub knows no office of that name or code (details: office)."""

    code = "no-such-office"


class OfficeExists(DeskError):
    """There is an office of that name already (details: office).

    Reason other-word: its name or code is the code or name of another one (details: word, other,
    the name of that one): a word must mean one office only.
    """

    code = "office-exists"


class OfficeInUse(DeskError):
    """The office has a desk, or had one (details: office).

    Reason put-back: a desk may have joined since the copy from which this hub was put back.
    """

    code = "office-in-use"


class OfficeInDoubt(DeskError):
    """One office has this name, another one this code (details: word, code of the first, name of the second).

    Hubs of earlier versions took such names.
    """

    code = "office-in-doubt"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeRow:
    """An office of the hub."""

    id: int
    uid: bytes
    origin: bytes
    name: str
    code: str


def add(hub: Hub, office_name: str, code: str = "", *, by: str = "") -> OfficeRow:
    """A new office; its code names files, so letters, digits and hyphens are kept of it.

    It is made from the name if none is given. by: who does it, for the audit.

    Raises OfficeExists.
    """
    wanted = " ".join(office_name.split())[:MOST_NAME]
    code = _plain_code(code)
    for _ in range(_MOST_TRIES):
        with suppress(_JustTaken), hub.transaction() as connection:
            made = code or _free_code(connection, wanted)
            _refuse_taken(connection, wanted, made)
            added = _added(connection, wanted, made, hub.now_ms())
            audit.note(hub, connection, by, What.OFFICE_ADDED, office=made)
            return added
    raise OfficeExists(office=wanted)


def remove(hub: Hub, wanted: str | OfficeRow, *, by: str = "") -> OfficeRow:
    """Take away an office that was added by mistake; invitations written for it serve no more.

    Raises NoSuchOffice, OfficeInDoubt, OfficeInUse.
    """
    with hub.transaction() as connection:
        of = lock(connection, the(connection, wanted).id)
        if _has_any(connection, tables.desk, of) or _has_any(connection, tables.origin, of):
            raise OfficeInUse(office=of.name)
        was_put_back = connection.execute(select(tables.hub.c.incarnation)).scalar_one() > 1
        if was_put_back and _has_any(connection, tables.invitation, of):
            raise OfficeInUse("put-back", office=of.name)
        for table in (tables.invitation, tables.office_word):
            connection.execute(delete(table).where(table.c.office == of.id))
        connection.execute(delete(tables.office).where(tables.office.c.id == of.id))
        audit.note(hub, connection, by, What.OFFICE_REMOVED, office=of.code)
    return of


def _has_any(connection: Connection, table: Table, of: OfficeRow) -> bool:
    """Whether a row of the table is the office's."""
    return bool(connection.scalar(select(exists().where(table.c.office == of.id))))


class _JustTaken(Exception):
    """Somebody else adds an office by such a word in this instant; next time it can be seen."""


def _added(connection: Connection, name: str, code: str, now_ms: int) -> OfficeRow:
    """Raises _JustTaken."""
    key = name.casefold()
    office = connection.execute(
        or_leave(connection, tables.office).returning(tables.office),
        {
            "uid": os.urandom(16),
            "origin": os.urandom(16),
            "name": name,
            "code": code,
            "next_pos": 1,
            "made_at": now_ms,
            "name_key": key,
        },
    ).one_or_none()
    words = sorted({key, code.lower()})
    if office is None or any(
        connection.execute(
            or_leave(connection, tables.office_word).returning(tables.office_word.c.word),
            {"word": word, "office": office.id},
        ).one_or_none()
        is None
        for word in words
    ):
        raise _JustTaken
    return _office(office)


def _refuse_taken(connection: Connection, wanted: str, code: str) -> None:
    """Raises OfficeExists if another office is meant by this name or this code."""
    office, key = tables.office.c, wanted.casefold()
    words = (key.upper(), code)
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
    word = wanted if clash.code == key.upper() else code
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

    From here on, the transaction sees the rows of this office only. Raises NoSuchOffice: it was
    taken away while somebody else had it locked.
    """
    scope(connection, id_)
    asked = select(tables.office).where(tables.office.c.id == id_).with_for_update()
    found = connection.execute(asked).one_or_none()
    if found is None:
        raise NoSuchOffice(office=id_)
    return _office(found)


def vector(connection: Connection, office: int) -> dict[bytes, int]:
    """How far each origin of the office has been seen; the transaction sees this office from now on."""
    scope(connection, office)
    origin = tables.origin.c
    found = connection.execute(
        select(origin.uid, origin.hi).where(origin.office == office, origin.hi > 0)
    )
    return {row.uid: row.hi for row in found}


def all_vectors(connection: Connection, office: int | None = None) -> dict[int, dict[bytes, int]]:
    """As vector, for each office that has any operation, or for one; the scope must allow it."""
    origin = tables.origin.c
    asked = select(origin.office, origin.uid, origin.hi).where(origin.hi > 0)
    if office is not None:
        asked = asked.where(origin.office == office)
    found: dict[int, dict[bytes, int]] = {}
    for of, uid, hi in connection.execute(asked).all():
        found.setdefault(of, {})[uid] = hi
    return found


def the(connection: Connection, wanted: str | OfficeRow) -> OfficeRow:
    """As named, of an office that may be known already."""
    return wanted if isinstance(wanted, OfficeRow) else named(connection, wanted)


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
