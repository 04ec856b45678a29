"""Mapped classes of the records; what else a store holds is in `logbook`.

A synchronised table holds only shown values: who wrote them, and values that other desks wrote at
the same time, stand in `record` and `sibling`. Nothing is deleted from a synchronised table
(`removed_at`), and no UNIQUE, CHECK or enforced foreign key stands on one: two desks may break such
rules offline in good faith, so they are reported, not enforced (ADR 0006).
A record's id is its row in `record` and is local; only `uid` leaves this store.
"""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import JSON, Index, LargeBinary, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from correspondent_desk.domain.fields import Kind
from correspondent_desk.store.column_types import Base, Euros, HourMinute, LocalTime
from correspondent_desk.store.search import LISTED

STILL_OPEN = "removed_at IS NULL AND status NOT IN ('closed', 'abandoned')"
"""The requests that are not over: a few of all that were ever made, and what each day begins with."""
STILL_PLANNED = "removed_at IS NULL AND status = 'planned'"
"""The meetings to come, and those past without an outcome."""
WAS_MISSED = "removed_at IS NULL AND status IN ('no-show', 'excused')"
"""The meetings to which the member did not come, or said so before."""
HAS_DIED = "status = 'deceased'"
"""The members who have died."""
LACKING = "state IN ('missing', 'refused')"
"""The documents that are still to be brought."""
UNANSWERED = "removed_at IS NULL AND answer = ''"
"""The decisions that nobody at the desk has answered yet."""


def of(alias: str, condition: str) -> str:
    """One of these conditions about the table that a query calls so, in the words of its index."""
    return " AND ".join(f"{alias}.{part}" for part in condition.split(" AND "))


class Record(Base):
    """One line for each synchronised record. stamp: who wrote each shown field (store.stamps)."""

    __tablename__ = "record"
    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[bytes] = mapped_column(LargeBinary(16), unique=True)
    kind: Mapped[int]
    root: Mapped[int] = mapped_column(index=True)
    stamp: Mapped[bytes | None] = mapped_column(LargeBinary)


class Synced(Base):
    """A synchronised table: its id is its line in `record`."""

    __abstract__ = True
    kind: ClassVar[Kind]
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    removed_at: Mapped[datetime | None] = mapped_column(LocalTime, default=None)


class Office(Synced):
    """The employer body this desk serves; one row."""

    __tablename__ = "office"
    kind = Kind.OFFICE
    name: Mapped[str] = mapped_column(Text, default="")
    code: Mapped[str] = mapped_column(Text, default="")
    rhythm_months: Mapped[int | None]


class Site(Synced):
    """A place of the office."""

    __tablename__ = "site"
    kind = Kind.SITE
    name: Mapped[str] = mapped_column(Text, default="")
    address_lines: Mapped[list[str]] = mapped_column(JSON, default=list)
    postcode: Mapped[str] = mapped_column(Text, default="")
    town: Mapped[str] = mapped_column(Text, default="")
    department: Mapped[str] = mapped_column(Text, default="")
    good_friday: Mapped[bool] = mapped_column(default=False)
    opens_at: Mapped[time | None] = mapped_column(HourMinute)
    closes_at: Mapped[time | None] = mapped_column(HourMinute)
    open_weekdays: Mapped[list[int]] = mapped_column(JSON, default=list)
    room: Mapped[str] = mapped_column(Text, default="")


class Member(Synced):
    """A person with rights. Columns from sort_key on are derived and stay on this desk."""

    __tablename__ = "member"
    kind = Kind.MEMBER
    civility: Mapped[str] = mapped_column(Text, default="")
    family_name: Mapped[str] = mapped_column(Text, default="")
    usage_name: Mapped[str] = mapped_column(Text, default="")
    first_name: Mapped[str] = mapped_column(Text, default="")
    birth_date: Mapped[date | None]
    matricule: Mapped[str] = mapped_column(Text, default="")
    beneficiary_number: Mapped[str] = mapped_column(Text, default="")
    employer: Mapped[str] = mapped_column(Text, default="")
    site_id: Mapped[int | None]
    service: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[str] = mapped_column(Text, default="active")
    entered_on: Mapped[date | None]
    left_on: Mapped[date | None]
    phones: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    mails: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    address_lines: Mapped[list[str]] = mapped_column(JSON, default=list)
    postcode: Mapped[str] = mapped_column(Text, default="")
    town: Mapped[str] = mapped_column(Text, default="")
    country: Mapped[str] = mapped_column(Text, default="")
    no_letter_home: Mapped[bool] = mapped_column(default=False)
    preferred_channel: Mapped[str] = mapped_column(Text, default="")
    access_needs: Mapped[str] = mapped_column(Text, default="")
    rhythm_months: Mapped[int | None]
    bracket: Mapped[str] = mapped_column(Text, default="")
    bracket_year: Mapped[int | None]
    note: Mapped[str] = mapped_column(Text, default="")
    merged_into_id: Mapped[int | None]
    sort_name: Mapped[str] = mapped_column(Text, default="")

    sort_key: Mapped[str] = mapped_column(Text, default="")
    search_doc: Mapped[str] = mapped_column(Text, default="")
    phone_doc: Mapped[str] = mapped_column(Text, default="")
    last_seen_on: Mapped[date | None]
    last_contact_on: Mapped[date | None]

    __table_args__ = (
        Index("member_list", "sort_key", "id", sqlite_where=text(LISTED)),
        # For sorting what a search found: 30 bytes a member instead of a page of each.
        Index("member_place", "id", "sort_key", sqlite_where=text(LISTED)),
        Index("member_matricule", "matricule"),
        Index("member_heard", "last_contact_on", sqlite_where=text(LISTED)),
        Index(
            "member_rhythm",
            "rhythm_months",
            "last_contact_on",
            sqlite_where=text(f"rhythm_months IS NOT NULL AND {LISTED}"),
        ),
        Index("member_deceased", "status", sqlite_where=text(HAS_DIED)),
    )


class Dependant(Synced):
    """A person of a member's household."""

    __tablename__ = "dependant"
    kind = Kind.DEPENDANT
    member_id: Mapped[int | None] = mapped_column(index=True)
    relation: Mapped[str] = mapped_column(Text, default="child")
    first_name: Mapped[str] = mapped_column(Text, default="")
    family_name: Mapped[str] = mapped_column(Text, default="")
    birth_date: Mapped[date | None]
    since: Mapped[date | None]
    until: Mapped[date | None]
    person_id: Mapped[int | None]


class Request(Synced):
    """A claim, question, emergency or change of situation that is followed up."""

    __tablename__ = "request"
    kind = Kind.REQUEST
    member_id: Mapped[int | None]
    type: Mapped[str] = mapped_column(Text, default="claim")
    benefit: Mapped[str] = mapped_column(Text, default="")
    subject: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[str] = mapped_column(Text, default="preparing")
    opened_on: Mapped[date | None]
    event_on: Mapped[date | None]
    last_useful_on: Mapped[date | None]
    next_what: Mapped[str] = mapped_column(Text, default="")
    next_who: Mapped[str] = mapped_column(Text, default="me")
    next_due: Mapped[date | None]
    situation: Mapped[str] = mapped_column(Text, default="")
    amount_asked: Mapped[Decimal | None] = mapped_column(Euros)
    amount_granted: Mapped[Decimal | None] = mapped_column(Euros)
    is_sensitive: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        Index("request_member", "member_id", "opened_on"),
        Index("request_open", "status", "last_useful_on", "opened_on"),
        Index(
            "request_due",
            "next_who",
            "next_due",
            "type",
            "status",
            "last_useful_on",
            "opened_on",
            "member_id",
            sqlite_where=text(STILL_OPEN),
        ),
    )


class Step(Synced):
    """One change of a request's status; never changed afterwards."""

    __tablename__ = "step"
    kind = Kind.STEP
    request_id: Mapped[int | None] = mapped_column(index=True)
    at: Mapped[datetime | None] = mapped_column(LocalTime)
    was: Mapped[str] = mapped_column(Text, default="")
    became: Mapped[str] = mapped_column(Text, default="")
    why: Mapped[str] = mapped_column(Text, default="")
    person: Mapped[str] = mapped_column(Text, default="")


class Document(Synced):
    """A proof a request needs; the copy itself is never kept."""

    __tablename__ = "document"
    kind = Kind.DOCUMENT
    request_id: Mapped[int | None] = mapped_column(index=True)
    code: Mapped[str] = mapped_column(Text, default="")
    label: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(Text, default="missing")
    seen_on: Mapped[date | None]
    valid_until: Mapped[date | None]
    refused_because: Mapped[str] = mapped_column(Text, default="")


class Contact(Synced):
    """Something that took place with a member."""

    __tablename__ = "contact"
    kind = Kind.CONTACT
    member_id: Mapped[int | None]
    request_id: Mapped[int | None] = mapped_column(index=True)
    at: Mapped[datetime | None] = mapped_column(LocalTime)
    way: Mapped[str] = mapped_column(Text, default="phone")
    direction: Mapped[str] = mapped_column(Text, default="out")
    reached: Mapped[bool] = mapped_column(default=True)
    note: Mapped[str] = mapped_column(Text, default="")
    person: Mapped[str] = mapped_column(Text, default="")
    meeting_id: Mapped[int | None]

    __table_args__ = (Index("contact_member", "member_id", "at"),)


class Meeting(Synced):
    """A meeting, planned or past."""

    __tablename__ = "meeting"
    kind = Kind.MEETING
    member_id: Mapped[int | None]
    request_id: Mapped[int | None] = mapped_column(index=True)
    reason: Mapped[str] = mapped_column(Text, default="")
    mode: Mapped[str] = mapped_column(Text, default="on-site")
    starts_at: Mapped[datetime | None] = mapped_column(LocalTime)
    minutes: Mapped[int] = mapped_column(default=30)
    zone: Mapped[str] = mapped_column(Text, default="Europe/Paris")
    site_id: Mapped[int | None]
    room: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[str] = mapped_column(Text, default="planned")
    bring: Mapped[str] = mapped_column(Text, default="")
    outcome: Mapped[str] = mapped_column(Text, default="")
    moved_from_id: Mapped[int | None]
    person: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        Index("meeting_member", "member_id", "starts_at"),
        Index("meeting_when", "starts_at"),
        Index("meeting_planned", "starts_at", sqlite_where=text(STILL_PLANNED)),
        Index("meeting_missed", "starts_at", sqlite_where=text(WAS_MISSED)),
    )


class Absence(Synced):
    """Days on which a correspondent is away."""

    __tablename__ = "absence"
    kind = Kind.ABSENCE
    person: Mapped[str] = mapped_column(Text, default="")
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    label: Mapped[str] = mapped_column(Text, default="")


class Session(Synced):
    """Drop-in hours at a site, once or every week until weekly_until."""

    __tablename__ = "session"
    kind = Kind.SESSION
    site_id: Mapped[int | None]
    starts_at: Mapped[datetime | None] = mapped_column(LocalTime)
    minutes: Mapped[int] = mapped_column(default=120)
    weekly_until: Mapped[date | None]
    room: Mapped[str] = mapped_column(Text, default="")
    label: Mapped[str] = mapped_column(Text, default="")


class Answer(Synced):
    """What the correspondent answered to a line of Today: later, no, done."""

    __tablename__ = "answer"
    kind = Kind.ANSWER
    about_id: Mapped[int | None] = mapped_column(index=True)
    line: Mapped[str] = mapped_column(Text, default="")
    answer: Mapped[str] = mapped_column(Text, default="")
    until: Mapped[date | None]


class Decision(Synced):
    """What the committee decided of a request; written by the hub. answer: what this desk made of it.

    documents: those asked for, one a line. pays_on: when the committee pays.
    came_on: when the hub took it in.
    """

    __tablename__ = "decision"
    kind = Kind.DECISION
    request_id: Mapped[int | None] = mapped_column(index=True)
    verdict: Mapped[str] = mapped_column(Text, default="")
    amount: Mapped[Decimal | None] = mapped_column(Euros)
    reason: Mapped[str] = mapped_column(Text, default="")
    documents: Mapped[str] = mapped_column(Text, default="")
    decided_on: Mapped[date | None]
    pays_on: Mapped[date | None]
    came_on: Mapped[date | None]
    person: Mapped[str] = mapped_column(Text, default="")
    answer: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (Index("decision_unanswered", "id", sqlite_where=text(UNANSWERED)),)


SYNCED: dict[Kind, type[Synced]] = {
    table.kind: table
    for table in (
        Office, Site, Member, Dependant, Request, Step, Document, Contact, Meeting, Absence, Session, Answer,
        Decision,
    )
}  # fmt: skip
