"""Slots: wall-clock times at a place, what is free, and what speaks against a time.

A slot is kept as people agreed on it, a wall-clock time and an IANA zone; comparisons are between
instants, so that clock changes and overseas sites come out right.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum
from zoneinfo import ZoneInfo

from correspondent_desk.domain.calendar_days import public_holidays
from correspondent_desk.domain.meetings import (
    AbsenceId,
    AbsenceRow,
    MeetingDraft,
    MeetingId,
    MeetingRow,
    Mode,
    SessionId,
    SessionRow,
    SiteDraft,
)
from correspondent_desk.domain.members import Channel, MemberStatus, SiteId
from correspondent_desk.domain.text import squashed

HOME_ZONE = "Europe/Paris"

_ZONES = {
    "971": "America/Guadeloupe",
    "972": "America/Martinique",
    "973": "America/Cayenne",
    "974": "Indian/Reunion",
    "975": "America/Miquelon",
    "976": "Indian/Mayotte",
    "977": "America/St_Barthelemy",
    "978": "America/Marigot",
    "986": "Pacific/Wallis",
    "987": "Pacific/Tahiti",
    "988": "Pacific/Noumea",
}


def zone_of(department: str) -> str:
    """The IANA zone in which a site of this department keeps time."""
    return _ZONES.get(department, HOME_ZONE)


@dataclass(frozen=True, slots=True)
class Span:
    """From start until, not including, end; both aware."""

    start: datetime
    end: datetime

    def overlaps(self, other: "Span") -> bool:
        """Whether the two have a moment in common."""
        mine, theirs = self.in_zone(UTC), other.in_zone(UTC)
        return mine.start < theirs.end and theirs.start < mine.end

    def in_zone(self, zone: tzinfo) -> "Span":
        """The same moments as the clocks of zone show them.

        Only in UTC may times be subtracted and compared: two times of one zone are compared by
        what the clock shows, and it shows an hour twice in autumn.
        """
        return Span(self.start.astimezone(zone), self.end.astimezone(zone))


def span(starts_at: datetime, minutes: int, zone: str) -> Span:
    """The slot that starts at a wall-clock time of zone, in that zone's times.

    A time that the clocks skip in spring counts as if they had not been put forward yet; of a time
    that comes twice in autumn, the first.
    """
    start = starts_at.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)
    return Span(start, start + timedelta(minutes=minutes)).in_zone(ZoneInfo(zone))


def open_hours(site: SiteDraft, day: date) -> Span | None:
    """When the site is open on a day; None on a day when it is closed."""
    if day.isoweekday() not in site.open_weekdays or site.closes_at <= site.opens_at:
        return None
    zone = ZoneInfo(zone_of(site.department))
    return Span(
        datetime.combine(day, site.opens_at, zone), datetime.combine(day, site.closes_at, zone)
    )


def next_open(site: SiteDraft, days: Sequence[date]) -> date | None:
    """The first of the days on which the site is open and no public holiday is kept there."""
    years = {day.year for day in days}
    holidays = public_holidays(years, site.department, good_friday=site.good_friday)
    return next((day for day in days if open_hours(site, day) and day not in holidays), None)


def free_slots(busy: Sequence[Span], hours: Span, length: timedelta) -> list[Span]:
    """Gaps in hours long enough for a meeting, earliest first, in the zone of hours.

    busy may overlap and be in any order. Gaps are as long as they can be, not cut to length. No
    gap: an empty list. Raises ValueError if length is not positive.
    """
    if length <= timedelta(0):
        raise ValueError(length)
    whole = hours.in_zone(UTC)
    free_from, gaps = whole.start, []
    for taken in sorted((one.in_zone(UTC) for one in busy), key=lambda one: one.start):
        gaps.append(Span(free_from, min(taken.start, whole.end)))
        free_from = max(free_from, taken.end)
    gaps.append(Span(free_from, whole.end))
    zone = hours.start.tzinfo or UTC
    return [gap.in_zone(zone) for gap in gaps if gap.end - gap.start >= length]


def first_free(busy: Sequence[Span], sessions: Sequence[Span], length: timedelta) -> Span | None:
    """The earliest slot of this length within the sessions; None if all are full.

    Raises ValueError if length is not positive.
    """
    for session in sorted(sessions, key=lambda one: one.start):
        for gap in free_slots(busy, session, length):
            start = gap.start.astimezone(UTC)
            return Span(start, start + length).in_zone(gap.start.tzinfo or UTC)
    return None


def occurrences(
    starts_at: datetime, weekly_until: date | None, first_day: date, last_day: date
) -> Iterator[datetime]:
    """When a drop-in session takes place from first_day to last_day, both included.

    weekly_until: the last day it may, at the same wall-clock time every week; None: only once.
    """
    weeks_before = max(0, -((starts_at.date() - first_day).days // 7))
    at = starts_at + timedelta(weeks=weeks_before)
    last = min(last_day, weekly_until or starts_at.date())
    while at.date() <= last:
        yield at
        at += timedelta(weeks=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeSlot:
    """A time that could be agreed on: wall-clock time at the site; in a drop-in session or not.

    site_id: None for a meeting that takes place at none.
    """

    site_id: SiteId | None
    site: str
    starts_at: datetime
    room: str = ""
    session_id: SessionId | None = None


class WarningKind(StrEnum):
    """What speaks against a meeting at a time, or with somebody; nothing forbids it."""

    DECEASED = "deceased"
    NO_CONTACT = "no-contact"
    SAME_MEMBER = "same-member"
    SAME_CORRESPONDENT = "same-correspondent"
    SAME_ROOM = "same-room"
    SESSION_ELSEWHERE = "session-elsewhere"
    ABSENCE = "absence"
    HOLIDAY = "holiday"
    CLOSED_DAY = "closed-day"
    OUTSIDE_HOURS = "outside-hours"
    IN_THE_PAST = "in-the-past"


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotWarning:
    """One warning: what it points to, by id, and the names of the holidays on day."""

    kind: WarningKind
    meeting_id: MeetingId | None = None
    session_id: SessionId | None = None
    absence_id: AbsenceId | None = None
    day: date | None = None
    holidays: tuple[str, ...] = ()


def about_person(status: MemberStatus, channel: Channel) -> list[SlotWarning]:
    """What speaks against planning or phoning with somebody, whatever the time."""
    if status is MemberStatus.DECEASED:
        return [SlotWarning(kind=WarningKind.DECEASED)]
    if channel is Channel.NONE:
        return [SlotWarning(kind=WarningKind.NO_CONTACT)]
    return []


def warnings(  # noqa: PLR0913 - all that can speak against a time
    draft: MeetingDraft,
    *,
    person: str,
    now: datetime,
    meeting_id: MeetingId | None = None,
    busy: Sequence[MeetingRow] = (),
    absences: Sequence[AbsenceRow] = (),
    sessions: Sequence[SessionRow] = (),
    holidays: Mapping[date, Sequence[str]] | None = None,
    site: SiteDraft | None = None,
) -> list[SlotWarning]:
    """What speaks against the draft's slot, the gravest first.

    person: the correspondent who is to hold it. meeting_id: the meeting that is being moved, which
    does not stand in its own way. busy may hold meetings of other days. sessions are those of
    person, in the draft's zone. site: the draft's, for its hours. now is aware. No time yet, or no
    length: no warning.
    """
    if draft.starts_at is None or draft.minutes <= 0:
        return []
    slot = span(draft.starts_at, draft.minutes, draft.zone)
    return [
        *_overlaps(draft, slot, person, (one for one in busy if one.id != meeting_id)),
        *_elsewhere(draft, slot, sessions),
        *_days_off(slot, person, absences, holidays or {}),
        *(() if _in_session_here(draft, slot, sessions) else _closed(draft, slot, site)),
        *([SlotWarning(kind=WarningKind.IN_THE_PAST)] if slot.start < now else []),
    ]


_ORDER = {kind: place for place, kind in enumerate(WarningKind)}


def _overlaps(
    draft: MeetingDraft, slot: Span, person: str, others: Iterator[MeetingRow]
) -> list[SlotWarning]:
    found = [
        SlotWarning(kind=kind, meeting_id=other.id)
        for other in others
        if other.status.takes_time
        and other.draft.starts_at is not None
        and slot.overlaps(span(other.draft.starts_at, other.draft.minutes, other.draft.zone))
        and (kind := shared(draft, person, other.draft, other.person))
    ]
    return sorted(found, key=lambda one: _ORDER[one.kind])


def shared(
    draft: MeetingDraft, person: str, other: MeetingDraft, other_person: str
) -> WarningKind | None:
    """What two meetings at one time have in common and cannot share; the persons hold them."""
    if draft.member_id is not None and draft.member_id == other.member_id:
        return WarningKind.SAME_MEMBER
    if person == other_person:
        return WarningKind.SAME_CORRESPONDENT
    both_on_site = draft.mode is Mode.ON_SITE and other.mode is Mode.ON_SITE
    same_site = draft.site_id is not None and draft.site_id == other.site_id
    room = squashed(draft.room)
    if both_on_site and same_site and room and room == squashed(other.room):
        return WarningKind.SAME_ROOM
    return None


def is_here(draft: MeetingDraft, session: SessionRow) -> bool:
    """Whether the session is held where draft takes place."""
    return draft.mode is Mode.ON_SITE and draft.site_id == session.site_id


def _in_session_here(draft: MeetingDraft, slot: Span, sessions: Sequence[SessionRow]) -> bool:
    """Whether the whole slot lies in a drop-in session at this place: that is what it is for."""
    hours = (span(it.starts_at, it.minutes, draft.zone) for it in sessions if is_here(draft, it))
    return any(one.start <= slot.start and slot.end <= one.end for one in hours)


def _elsewhere(
    draft: MeetingDraft, slot: Span, sessions: Sequence[SessionRow]
) -> Iterator[SlotWarning]:
    """Drop-in sessions at another place at the same time, unless there is one here."""
    if _in_session_here(draft, slot, sessions):
        return
    for session in sessions:
        hours = span(session.starts_at, session.minutes, draft.zone)
        if not is_here(draft, session) and slot.overlaps(hours):
            yield SlotWarning(kind=WarningKind.SESSION_ELSEWHERE, session_id=session.id)


def _days_off(
    slot: Span,
    person: str,
    absences: Sequence[AbsenceRow],
    holidays: Mapping[date, Sequence[str]],
) -> Iterator[SlotWarning]:
    first, last = slot.start.date(), (slot.end - timedelta(microseconds=1)).date()
    for absence in absences:
        if absence.person == person and absence.first_day <= last and first <= absence.last_day:
            yield SlotWarning(kind=WarningKind.ABSENCE, absence_id=absence.id)
    for day in sorted({first, last}):
        if day in holidays:
            yield SlotWarning(kind=WarningKind.HOLIDAY, day=day, holidays=tuple(holidays[day]))


def _closed(draft: MeetingDraft, slot: Span, site: SiteDraft | None) -> Iterator[SlotWarning]:
    if site is None or draft.mode is not Mode.ON_SITE:
        return
    hours = open_hours(site, slot.start.date())
    if hours is None:
        yield SlotWarning(kind=WarningKind.CLOSED_DAY, day=slot.start.date())
    elif slot.start < hours.start or slot.end > hours.end:
        yield SlotWarning(kind=WarningKind.OUTSIDE_HOURS)


def is_over(meeting: MeetingDraft, now: datetime) -> bool:
    """Whether its time has passed, so that an outcome can be noted; now is aware."""
    if meeting.starts_at is None:
        return False
    return span(meeting.starts_at, meeting.minutes, meeting.zone).end <= now
