"""Meetings in person and by other means: slots, outcomes, absences, drop-in sessions."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import NewType

from correspondent_desk.domain.choices import Term
from correspondent_desk.domain.departments import DEPARTMENTS
from correspondent_desk.domain.members import Civility, MemberId, SiteId
from correspondent_desk.domain.problems import (
    Fault,
    Problem,
    in_calendar,
    in_line,
    in_text,
    is_likely,
)
from correspondent_desk.domain.requests import NO_STEP, DocumentId, NextStep, RequestId

MeetingId = NewType("MeetingId", int)
AbsenceId = NewType("AbsenceId", int)
SessionId = NewType("SessionId", int)


class Mode(Term):
    """Where and how people meet."""

    ON_SITE = "on-site"
    HOME = "home"
    PHONE = "phone"
    VIDEO = "video"

    @property
    def is_in_person(self) -> bool:
        """Whether the outcome "seen" means seen in person."""
        return self in (Mode.ON_SITE, Mode.HOME)


class MeetingStatus(Term):
    """Planned, or how it ended."""

    PLANNED = "planned"
    SEEN = "seen"
    EXCUSED = "excused"
    NO_SHOW = "no-show"
    CANCELLED = "cancelled"
    MOVED = "moved"

    @property
    def takes_time(self) -> bool:
        """Whether the slot is taken; so it is by what a newer version may mean."""
        freed = (MeetingStatus.EXCUSED, MeetingStatus.NO_SHOW)
        return self not in (*freed, MeetingStatus.CANCELLED, MeetingStatus.MOVED)


class MeetingFilter(StrEnum):
    """The filters above the list of meetings."""

    UPCOMING = "upcoming"
    WITHOUT_OUTCOME = "without-outcome"
    PAST = "past"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingDraft:
    """starts_at is local wall-clock time in the IANA zone; reason is a catalogue code or free text."""

    member_id: MemberId | None = None
    request_id: RequestId | None = None
    reason: str = ""
    mode: Mode = Mode.ON_SITE
    starts_at: datetime | None = None
    minutes: int = 30
    zone: str = "Europe/Paris"
    site_id: SiteId | None = None
    room: str = ""
    bring: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingRow:
    """A meeting as week, day and list show it; names as in MemberRow."""

    id: MeetingId
    draft: MeetingDraft
    status: MeetingStatus
    outcome: str
    civility: Civility
    first_name: str
    usage_name: str
    family_name: str
    phone: str
    site: str
    request_subject: str
    is_sensitive: bool
    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a meeting ended, as somebody tells it.

    step: what was shown as the next step of its request. follows: that one is done and this takes
    its place; None: it stays. received: documents of the request that were handed over.
    """

    status: MeetingStatus
    note: str = ""
    step: NextStep = NO_STEP
    follows: NextStep | None = None
    received: Collection[DocumentId] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceRow:
    """Days on which the correspondent is away, both included."""

    id: AbsenceId
    first_day: date
    last_day: date
    label: str
    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionDraft:
    """Drop-in hours at a site; every week at that wall-clock time until weekly_until, or once."""

    site_id: SiteId | None = None
    starts_at: datetime | None = None
    minutes: int = 120
    weekly_until: date | None = None
    room: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRow:
    """One occurrence of a drop-in session (permanence)."""

    id: SessionId
    site_id: SiteId
    site: str
    starts_at: datetime
    minutes: int
    room: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteDraft:
    """A place where people work or meetings are held.

    department: "67", "2A", "971"…; decides holidays and zone. open_weekdays: ISO days, Monday 1.
    """

    name: str = ""
    address_lines: tuple[str, ...] = ()
    postcode: str = ""
    town: str = ""
    department: str = ""
    good_friday: bool = False
    opens_at: time = time(8, 30)
    closes_at: time = time(17, 30)
    open_weekdays: tuple[int, ...] = (1, 2, 3, 4, 5)
    room: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRow:
    """A site with its id."""

    id: SiteId
    draft: SiteDraft


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Seven days of meetings, from Monday. holidays: date to names in the language in use."""

    monday: date
    meetings: tuple[MeetingRow, ...]
    absences: tuple[AbsenceRow, ...]
    sessions: tuple[SessionRow, ...]
    holidays: dict[date, tuple[str, ...]]


_DAY_MINUTES = 24 * 60
_YEARS_AHEAD = 5
_ISO_WEEKDAYS = frozenset(range(1, 8))


def problems(draft: MeetingDraft, today: date) -> list[Problem]:
    """What must be mended before draft can be saved, in the order of the form.

    A slot that is taken, closed or over is not one of them: see `planning.warnings`. A meeting
    years ahead is: the year was mistyped.
    """
    found: list[Problem] = []
    if draft.member_id is None:
        found.append(Problem("member_id", Fault.MISSING))
    found += in_line("reason", draft.reason)
    if draft.starts_at is None:
        found.append(Problem("starts_at", Fault.MISSING))
    elif not may_take_place(draft.starts_at.date(), today):
        found.append(Problem("starts_at", Fault.UNLIKELY_DATE))
    if draft.minutes <= 0:
        found.append(Problem("minutes", Fault.NOT_POSITIVE))
    if draft.minutes > _DAY_MINUTES:
        found.append(Problem("minutes", Fault.TOO_LONG))
    if draft.mode is Mode.ON_SITE and draft.site_id is None:
        found.append(Problem("site_id", Fault.MISSING))
    found += in_line("room", draft.room)
    found += in_text("bring", draft.bring)
    return found


def may_take_place(day: date, today: date) -> bool:
    """Whether a meeting may take place on day; years ahead, the year was mistyped."""
    return is_likely(day) and day.year <= today.year + _YEARS_AHEAD


def absence_problems(
    first_day: date | None, last_day: date | None, label: str = ""
) -> list[Problem]:
    """As problems, for days on which the correspondent is away."""
    found = list(in_line("label", label))
    if first_day is None:
        return [Problem("first_day", Fault.MISSING), *found]
    if last_day is not None and last_day < first_day:
        return [Problem("last_day", Fault.BEFORE_START), *found]
    return [
        *in_calendar("first_day", first_day),
        *in_calendar("last_day", last_day),
        *found,
    ]


def session_problems(draft: SessionDraft) -> list[Problem]:
    """As problems, for a drop-in session."""
    found: list[Problem] = []
    if draft.site_id is None:
        found.append(Problem("site_id", Fault.MISSING))
    found += in_line("room", draft.room)
    first, until = draft.starts_at and draft.starts_at.date(), draft.weekly_until
    found += in_calendar("day", first)
    if first and until and until < first:
        found.append(Problem("weekly_until", Fault.BEFORE_START))
    return [*found, *in_calendar("weekly_until", until), *in_line("label", draft.label)]


def site_problems(draft: SiteDraft) -> list[Problem]:
    """As problems, for a site."""
    found: list[Problem] = []
    if not draft.name.strip():
        found.append(Problem("name", Fault.MISSING))
    found += in_line("name", draft.name)
    if draft.postcode and not re.fullmatch("[0-9]{5}", draft.postcode):
        found.append(Problem("postcode", Fault.NOT_A_POSTCODE, draft.postcode))
    if draft.department and draft.department not in DEPARTMENTS:
        found.append(Problem("department", Fault.NOT_A_DEPARTMENT, draft.department))
    if draft.closes_at <= draft.opens_at:
        found.append(Problem("closes_at", Fault.BEFORE_START))
    if not _ISO_WEEKDAYS.issuperset(draft.open_weekdays):
        found.append(Problem("open_weekdays", Fault.UNKNOWN_CHOICE))
    return found
