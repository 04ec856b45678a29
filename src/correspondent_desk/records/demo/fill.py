"""Filling a new store with the demo office, in bulk, as one step of history."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import chain, islice
from typing import Any

from sqlalchemy.orm import Session

from correspondent_desk.domain import names as names_rule
from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.contacts import Way
from correspondent_desk.domain.fields import Kind
from correspondent_desk.domain.meetings import MeetingStatus, Mode, SessionDraft, SiteDraft
from correspondent_desk.records import meetings, office
from correspondent_desk.records.demo.casework import Case, Row, cases
from correspondent_desk.records.demo.cast import cast
from correspondent_desk.records.demo.names import CLERKS, OFFICE, OFFICE_CODE
from correspondent_desk.store.bulk import ROOT, bulk_insert
from correspondent_desk.store.database import Database
from correspondent_desk.store.tables import (
    Contact,
    Dependant,
    Document,
    Meeting,
    Request,
    Step,
    Synced,
)

CHUNK = 2_000  # cases in memory at once

SITES = (
    SiteDraft(
        name="Hôtel de ville", address_lines=("1 place du Marché",), postcode="67990",
        town="VALBRUNE", department="67", good_friday=True, room="salle B",
    ),
    SiteDraft(
        name="Centre technique", address_lines=("4 route de la Vallée",), postcode="67990",
        town="VALBRUNE", department="67", good_friday=True, opens_at=time(7, 30),
        closes_at=time(16, 30), room="bureau 12",
    ),
    SiteDraft(
        name="Médiathèque", address_lines=("9 quai des Pêcheurs",), postcode="67990",
        town="VALBRUNE", department="67", good_friday=True, opens_at=time(9, 30),
        closes_at=time(18, 30),
    ),
)  # fmt: skip

MEMBER = (
    "civility", "family_name", "usage_name", "first_name", "birth_date", "matricule",
    "beneficiary_number", "employer", "site_id", "service", "status", "entered_on", "left_on",
    "phones", "mails", "address_lines", "postcode", "town", "no_letter_home", "preferred_channel",
    "access_needs", "rhythm_months",
)  # fmt: skip
DERIVED = ("sort_key", "search_doc", "phone_doc", "last_seen_on", "last_contact_on")
DEPENDANT = ("relation", "first_name", "family_name", "birth_date", "since")
REQUEST = (
    "type", "benefit", "subject", "status", "opened_on", "event_on", "last_useful_on", "next_what",
    "next_who", "next_due", "is_sensitive",
)  # fmt: skip
DOCUMENT = ("code", "label", "state", "seen_on")
STEP = ("at", "was", "became", "why", "person")
CONTACT = ("at", "way", "direction", "reached", "note", "person")
MEETING = (
    "reason", "mode", "starts_at", "minutes", "room", "status", "bring", "outcome", "person",
)  # fmt: skip
BLANK = {
    "benefit": "", "next_what": "", "next_who": "me", "bring": "", "why": "", "was": "",
    "subject": "", "room": "", "usage_name": "", "service": "",
}  # fmt: skip


def fill(store: Database, members: int, seed: int, today: date) -> int:
    """Invent an office of about so many members in an empty store; how many there are."""
    store.person = CLERKS[0]
    return store.do(Action.DEMO_FILLED, lambda s: _fill(s, members, seed, today)).result


def _fill(session: Session, members: int, seed: int, today: date) -> int:
    office.set_up(session, OFFICE, OFFICE_CODE, SITES, CLERKS[0])
    sites = [row.id for row in office.sites(session)]
    thursday = today + timedelta(days=(3 - today.weekday()) % 7 - 28)
    meetings.add_session(
        session,
        SessionDraft(
            site_id=sites[0],
            starts_at=datetime.combine(thursday, time(13, 30)),
            minutes=150,
            weekly_until=today + timedelta(days=365),
            room="salle B",
            label="Permanence",
        ),
    )
    count = 0
    known = cast(today)
    invented = cases(max(0, members - len(known)), seed, today, len(sites))
    people = iter(islice(chain(known, invented), members))
    while some := list(islice(people, CHUNK)):
        _insert(session, some, sites)
        count += len(some)
    return count


def _insert(session: Session, some: Sequence[Case], sites: Sequence[int]) -> None:
    members = bulk_insert(
        session, Kind.MEMBER, (*MEMBER, *DERIVED), (_member(c, sites) for c in some)
    )
    owners = list(zip(members, some, strict=True))
    _insert_rows(session, Dependant, DEPENDANT, (("member_id",), _owned(owners, "dependants")))
    requests = _insert_rows(session, Request, REQUEST, (("member_id",), _owned(owners, "requests")))
    first = _first_requests(requests, some)
    about = [(member, start, case) for (member, case), start in zip(owners, first, strict=True)]
    for table, columns, name in ((Document, DOCUMENT, "documents"), (Step, STEP, "steps")):
        parts = (
            (member, (start + place,), row)
            for member, start, case in about
            for place, row in getattr(case, name)
        )
        _insert_rows(session, table, columns, (("request_id",), parts))
    contacts = (
        (member, (member, _request(row, start)), row)
        for member, start, case in about
        for row in case.contacts
    )
    _insert_rows(session, Contact, CONTACT, (("member_id", "request_id"), contacts))
    planned = (
        (member, (member, _request(row, start), sites[row["site_id"]]), row)
        for member, start, case in about
        for row in case.meetings
    )
    _insert_rows(session, Meeting, MEETING, (("member_id", "request_id", "site_id"), planned))


_Parts = tuple[tuple[str, ...], Iterable[tuple[int, tuple[int | None, ...], Row]]]


def _insert_rows(
    session: Session, table: type[Synced], columns: tuple[str, ...], parts: _Parts
) -> range:
    """parts: the names of the reference columns, and (owner, references, row) for each row."""
    references, rows = parts
    return bulk_insert(
        session,
        table.kind,
        (ROOT, *references, *columns),
        (
            (owner, *values, *(row.get(name, BLANK.get(name)) for name in columns))
            for owner, values, row in rows
        ),
    )


def _owned(
    owners: Sequence[tuple[int, Case]], name: str
) -> Iterator[tuple[int, tuple[int | None, ...], Row]]:
    for member, case in owners:
        for row in getattr(case, name):
            yield member, (member,), row


def _first_requests(requests: range, some: Sequence[Case]) -> list[int]:
    starts, at = [], requests.start
    for case in some:
        starts.append(at)
        at += len(case.requests)
    return starts


def _request(row: Row, start: int) -> int | None:
    place = row["request_id"]
    return None if place is None else start + int(place)


def _member(case: Case, sites: Sequence[int]) -> tuple[Any, ...]:
    row = case.member
    row["site_id"] = sites[row["site_id"]]
    seen, reached = _last_days(case)
    return (
        *(row.get(name, BLANK.get(name)) for name in MEMBER),
        names_rule.sort_key(row["usage_name"], row["family_name"], row["first_name"]),
        names_rule.search_document(
            first_name=row["first_name"],
            usage_name=row["usage_name"],
            family_name=row["family_name"],
            matricule=row["matricule"],
            beneficiary_number=row["beneficiary_number"],
        ),
        names_rule.phone_terms(phone["number"] for phone in row["phones"]),
        seen,
        reached,
    )


def _last_days(case: Case) -> tuple[date | None, date | None]:
    took_place = [
        (row["at"], Way(row["way"]).is_in_person) for row in case.contacts if row["reached"]
    ] + [
        (row["starts_at"], Mode(row["mode"]).is_in_person)
        for row in case.meetings
        if row["status"] is MeetingStatus.SEEN
    ]
    days = [at.date() for at, _in_person in took_place]
    seen = [at.date() for at, in_person in took_place if in_person]
    return max(seen, default=None), max(days, default=None)
