"""What the pages list: offices with their counts, the files that wait, the audit by its filter."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, case, func, select

from correspondent_desk.domain.text import folded
from correspondent_desk.hub import offices, tables
from correspondent_desk.hub.audit import AuditRow
from correspondent_desk.hub.database import Hub
from correspondent_desk.hub.desks import Status
from correspondent_desk.hub.offices import NoSuchOffice, OfficeRow
from correspondent_desk.store.changes import as_time
from correspondent_desk.sync import inbox

AT_ONCE = 50
QUIET = timedelta(days=30)


class Show(StrEnum):
    """Which offices are listed."""

    ALL = "all"
    WAITING = "waiting"
    QUIET = "quiet"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """An office at a glance. desks: trusted ones. heard_at: the last exchange of any of them."""

    code: str
    name: str
    desks: int
    waiting: int
    heard_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One page of offices. counts: how many each choice would show; page counts from 1."""

    rows: Sequence[Seen]
    counts: dict[Show, int]
    found: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A file that was received and lacks another one."""

    office: str
    office_code: str
    desk: int
    desk_name: str
    number: int
    operations: int
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sifted:
    """Which entries of the audit are asked for; times in ms, before an entry's id."""

    who: str = ""
    what: str = ""
    office: str = ""
    since: int = 0
    until: int | None = None
    before: int | None = None


def listed(hub: Hub, words: str, show: Show, page: int) -> Listed:
    """Offices whose name or code holds all words, as people type them, by name.

    Twenty thousand names are folded in a moment, and a database would sort É behind Z.
    """
    wanted = folded(words).split()
    found = [
        one
        for one in _glances(hub)
        if all(word in f"{folded(one.name)} {folded(one.code)}" for word in wanted)
    ]
    now = as_time(hub.now_ms())
    shown = {choice: [one for one in found if _is_shown(one, choice, now)] for choice in Show}
    rows = sorted(shown[show], key=lambda one: (folded(one.name), one.code))
    pages = max(1, -(-len(rows) // AT_ONCE))
    page = min(max(1, page), pages)
    return Listed(
        rows=rows[(page - 1) * AT_ONCE : page * AT_ONCE],
        counts={choice: len(some) for choice, some in shown.items()},
        found=len(rows),
        page=page,
        pages=pages,
    )


def _is_shown(one: Seen, choice: Show, now: datetime) -> bool:
    match choice:
        case Show.ALL:
            return True
        case Show.WAITING:
            return one.waiting > 0
        case Show.QUIET:
            return one.desks > 0 and (one.heard_at is None or now - one.heard_at > QUIET)
        case Show.EMPTY:
            return one.desks == 0


def _glances(hub: Hub) -> Iterable[Seen]:
    desk, office, bundle = tables.desk.c, tables.office.c, tables.bundle_in.c
    is_active = case((desk.status == Status.ACTIVE, 1), else_=0)
    with hub.transaction() as connection:
        known = connection.execute(select(office.id, office.code, office.name)).all()
        counted = {
            row.office: row
            for row in connection.execute(
                select(
                    desk.office,
                    func.sum(is_active).label("desks"),
                    func.max(desk.heard_at).label("heard_at"),
                ).group_by(desk.office)
            ).all()
        }
        late: dict[int, int] = {
            row.office: row.bundles
            for row in connection.execute(
                select(desk.office, func.count().label("bundles"))
                .join(tables.bundle_in, bundle.desk == desk.id)
                .where(bundle.state == inbox.WAITING)
                .group_by(desk.office)
            )
        }
    for row in known:
        of = counted.get(row.id)
        yield Seen(
            code=row.code,
            name=row.name,
            desks=int(of.desks) if of is not None else 0,
            waiting=late.get(row.id, 0),
            heard_at=as_time(of.heard_at) if of is not None and of.heard_at else None,
        )


def office(hub: Hub, code: str) -> OfficeRow:
    """The office with exactly this code. Raises NoSuchOffice."""
    with hub.transaction() as connection:
        id_ = connection.scalar(select(tables.office.c.id).where(tables.office.c.code == code))
        if id_ is None:
            raise NoSuchOffice(office=code)
        return offices.get(connection, id_)


def waiting(hub: Hub, office_id: int | None = None) -> list[Waiting]:
    """Files that wait for another one, of one office or of all, oldest first."""
    bundle, desk, of = tables.bundle_in.c, tables.desk.c, tables.office.c
    asked = (
        select(
            of.name.label("of"), of.code, desk.number.label("desk_number"), desk.name,
            bundle.number, bundle.operations, bundle.received_at,
        )
        .join(tables.desk, desk.id == bundle.desk)
        .join(tables.office, of.id == desk.office)
        .where(bundle.state == inbox.WAITING)
        .order_by(bundle.received_at, bundle.number)
        .limit(AT_ONCE * 4)
    )  # fmt: skip
    if office_id is not None:
        asked = asked.where(of.id == office_id)
    with hub.transaction() as connection:
        return [
            Waiting(
                office=row.of,
                office_code=row.code,
                desk=row.desk_number,
                desk_name=row.name,
                number=row.number,
                operations=row.operations,
                received_at=as_time(row.received_at),
            )
            for row in connection.execute(asked)
        ]


def entries(hub: Hub, sifted: Sifted) -> tuple[list[AuditRow], bool]:
    """A page of the audit, newest first, and whether there are older ones."""
    entry = tables.audit.c
    conditions: list[ColumnElement[bool]] = [entry.at >= sifted.since]
    if sifted.who:
        conditions.append(entry.by == sifted.who)
    if sifted.what:
        conditions.append(entry.what == sifted.what)
    if sifted.office:
        conditions.append(entry.office == sifted.office)
    if sifted.until is not None:
        conditions.append(entry.at < sifted.until)
    if sifted.before is not None:
        conditions.append(entry.id < sifted.before)
    asked = select(tables.audit).where(*conditions).order_by(entry.id.desc()).limit(AT_ONCE + 1)
    with hub.transaction() as connection:
        found = [
            AuditRow(
                id=row.id,
                at=as_time(row.at),
                by=row.by,
                what=row.what,
                office=row.office,
                desk=row.desk,
                details=json.loads(row.details),
            )
            for row in connection.execute(asked)
        ]
    return found[:AT_ONCE], len(found) > AT_ONCE


def known_in_audit(hub: Hub) -> tuple[list[str], list[str]]:
    """Who and what the audit ever named."""
    entry = tables.audit.c
    with hub.transaction() as connection:
        return (
            sorted(connection.scalars(select(entry.by).distinct()), key=folded),
            sorted(connection.scalars(select(entry.what).distinct())),
        )
