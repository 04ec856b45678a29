"""All mapped classes of a desk's store.

A synchronised table holds only shown values: who wrote them, and values that other desks wrote at
the same time, stand in `record` and `sibling`. Nothing is deleted from a synchronised table
(`removed_at`), and no UNIQUE, CHECK or enforced foreign key stands on one: two desks may break such
rules offline in good faith, so they are reported, not enforced (ADR 0006).
A record's id is its row in `record` and is local; only `uid` leaves this store.
"""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import JSON, Dialect, Index, LargeBinary, Text, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from correspondent_desk.domain.fields import Kind
from correspondent_desk.store.search import LISTED

STILL_OPEN = "removed_at IS NULL AND status NOT IN ('closed', 'abandoned')"
"""The requests that are not over: a few of all that were ever made, and what each day begins with."""
STILL_PLANNED = "removed_at IS NULL AND status = 'planned'"
"""The meetings to come, and those past without an outcome."""
UNANSWERED = "removed_at IS NULL AND answer = ''"
"""The decisions that nobody at the desk has answered yet."""


class LocalTime(TypeDecorator[datetime]):
    """Wall-clock time of a place, to the minute, as sortable text: 2026-12-03T14:00."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """The text that is stored."""
        del dialect
        return None if value is None else value.replace(tzinfo=None).isoformat(timespec="minutes")

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """The time that was stored."""
        del dialect
        return None if value is None else datetime.fromisoformat(value)


class HourMinute(TypeDecorator[time]):
    """A time of day as text: 08:30."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: time | None, dialect: Dialect) -> str | None:
        """The text that is stored."""
        del dialect
        return None if value is None else value.strftime("%H:%M")

    def process_result_value(self, value: str | None, dialect: Dialect) -> time | None:
        """The time that was stored."""
        del dialect
        return None if value is None else time.fromisoformat(value)


class Euros(TypeDecorator[Decimal]):
    """An amount as exact text: 120.50."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        """The text that is stored."""
        del dialect
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        """The amount that was stored."""
        del dialect
        return None if value is None else Decimal(value)


class Base(DeclarativeBase):
    """The desk's tables."""


# --- what every synchronised record has -----------------------------------------------------------


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


# --- history, which is also what is exchanged -----------------------------------------------------


class ActionLog(Base):
    """One user action: one transaction, one undo step.

    code: domain.actions.Action; subject: record it is about (root of its first operation);
    number: its id on the desk that did it; origin: that desk, see Origin.mine;
    undoes: the action this one takes back; undone_by: the action that took this one back.
    first, last: its operations, by number of their origin; an index on history's action would cost
    every import a tenth of its time.
    """

    __tablename__ = "action"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[int]  # wall clock, milliseconds since 1970 UTC
    person: Mapped[str] = mapped_column(Text)
    code: Mapped[str] = mapped_column(Text)
    subject: Mapped[int | None]
    records: Mapped[int] = mapped_column(default=0)
    undoes: Mapped[int | None]
    undone_by: Mapped[int | None]
    origin: Mapped[int]
    number: Mapped[int]
    first: Mapped[int] = mapped_column(default=0)
    last: Mapped[int] = mapped_column(default=0)


class History(Base):
    """One operation: one save of one record. body and before: msgpack of {field number: value}.

    before: None where the record was new here; else what the author of the operation replaced. Where
    several values stood here, or others than the author knew, all of them stand under minus the
    field's number as a list, the shown one first: undo writes them again.
    """

    __tablename__ = "history"
    origin: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    record: Mapped[int] = mapped_column(index=True)
    stamp: Mapped[int]  # hybrid clock, domain.clock
    action: Mapped[int]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    before: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = {"sqlite_with_rowid": False}


class Origin(Base):
    """A replica's incarnation. hi: operations known without a gap; floor: the log starts after it.

    stamp: the highest of its operations; the highest of all rows is this store's clock.
    noted: the hi that stands in `context` for the operations written here.
    mine: 1: this store, now (the highest id) or before it was restored from a copy; 2: one of its
    voices, see store.voices.
    """

    __tablename__ = "origin"
    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[bytes] = mapped_column(LargeBinary(16), unique=True)
    name: Mapped[str] = mapped_column(Text, default="")
    hi: Mapped[int] = mapped_column(default=0)
    floor: Mapped[int] = mapped_column(default=0)
    stamp: Mapped[int] = mapped_column(default=0)
    noted: Mapped[int] = mapped_column(default=0)
    mine: Mapped[bool] = mapped_column(default=False)


class Sibling(Base):
    """A value written at the same time as the shown one; normally none."""

    __tablename__ = "sibling"
    record: Mapped[int] = mapped_column(primary_key=True)
    field: Mapped[int] = mapped_column(primary_key=True)
    origin: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int]
    stamp: Mapped[int]
    value: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = {"sqlite_with_rowid": False}


class Extra(Base):
    """A field that this version does not know, kept for newer ones."""

    __tablename__ = "extra"
    record: Mapped[int] = mapped_column(primary_key=True)
    field: Mapped[int] = mapped_column(primary_key=True)
    value: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = {"sqlite_with_rowid": False}


class Context(Base):
    """From operation seq on, origin had seen the operations of seen_origin up to hi."""

    __tablename__ = "context"
    origin: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    seen_origin: Mapped[int] = mapped_column(primary_key=True)
    hi: Mapped[int]

    __table_args__ = {"sqlite_with_rowid": False}


class Inbox(Base):
    """A bundle received. state: waiting, applied, refused. report: JSON of counts."""

    __tablename__ = "inbox"
    bundle: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    number: Mapped[int]
    sender: Mapped[str] = mapped_column(Text)
    received_at: Mapped[int]
    state: Mapped[str] = mapped_column(Text)
    path: Mapped[str] = mapped_column(Text, default="")
    report: Mapped[str] = mapped_column(Text, default="")
    action: Mapped[int | None]


class Outbox(Base):
    """A bundle made here. state: prepared, handed-over, acknowledged, refused."""

    __tablename__ = "outbox"
    number: Mapped[int] = mapped_column(primary_key=True)
    bundle: Mapped[bytes] = mapped_column(LargeBinary(16))
    made_at: Mapped[int]
    up_to: Mapped[int]  # own operations covered
    operations: Mapped[int]
    state: Mapped[str] = mapped_column(Text, default="prepared")


class Letter(Base):
    """Operations as they were signed, kept for other desks: see sync.letters.

    sender: the key that signed them. covers: msgpack of {origin: up to which operation}. size: of the
    operations, compressed.
    """

    __tablename__ = "letter"
    id: Mapped[int] = mapped_column(primary_key=True)
    bundle: Mapped[bytes] = mapped_column(LargeBinary(16), unique=True)
    sender: Mapped[bytes] = mapped_column(LargeBinary(32))
    received_at: Mapped[int]
    covers: Mapped[bytes] = mapped_column(LargeBinary)
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary)


class Peer(Base):
    """Another desk with which this one exchanges without the hub.

    vector, erasure, receiving: what it said last that it has, has erased, and where it receives.
    number, said: of the last bundle for it, the count and the vector it told.
    """

    __tablename__ = "peer"
    signing: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    vector: Mapped[bytes] = mapped_column(LargeBinary)
    erasure: Mapped[int] = mapped_column(default=0)
    receiving: Mapped[str] = mapped_column(Text, default="")
    heard_at: Mapped[int] = mapped_column(default=0)
    number: Mapped[int] = mapped_column(default=0)
    said: Mapped[bytes] = mapped_column(LargeBinary)
    said_at: Mapped[int] = mapped_column(default=0)

    __table_args__ = {"sqlite_with_rowid": False}


class Speaker(Base):
    """Which desk first wrote under an origin that the hub's list does not name yet."""

    __tablename__ = "speaker"
    origin: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    signing: Mapped[bytes] = mapped_column(LargeBinary(32))

    __table_args__ = {"sqlite_with_rowid": False}


# --- this desk only -------------------------------------------------------------------------------


class Setting(Base):
    """Small facts of this store: who works here, keys, the clock, the hub. Values are msgpack."""

    __tablename__ = "setting"
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    value: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = {"sqlite_with_rowid": False}


class Draft(Base):
    """What somebody was typing in a form that is not saved yet."""

    __tablename__ = "draft"
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[int]

    __table_args__ = {"sqlite_with_rowid": False}
