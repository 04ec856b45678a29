"""Some days of the calendar as values: what stands where, before anything is drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property

from correspondent_desk.domain import planning
from correspondent_desk.domain.meetings import (
    AbsenceRow,
    MeetingRow,
    SessionRow,
    SiteRow,
    Week,
)
from correspondent_desk.domain.members import SiteId

SLOT = 30  # minutes between two places of the cursor
EARLIEST, LATEST = 8 * 60, 18 * 60  # minutes of the day that are always shown
DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Block:
    """A meeting in its day: minutes since midnight, and which of how many lanes it takes."""

    row: MeetingRow
    start: int
    end: int
    lane: int
    lanes: int


@dataclass(frozen=True, kw_only=True)
class Days:
    """Consecutive days as shown: meetings of the chosen site, and all that concerns the days.

    Each movement of the mouse asks where things stand: what follows from the values is kept.
    """

    days: tuple[date, ...]
    meetings: tuple[MeetingRow, ...] = ()
    absences: tuple[AbsenceRow, ...] = ()
    sessions: tuple[SessionRow, ...] = ()
    holidays: tuple[tuple[date, tuple[str, ...]], ...] = ()
    first_minute: int = EARLIEST
    last_minute: int = LATEST

    def holiday(self, day: date) -> tuple[str, ...]:
        """The names of the public holidays on day."""
        return dict(self.holidays).get(day, ())

    def absence(self, day: date) -> AbsenceRow | None:
        """Who is away on day."""
        return next((it for it in self.absences if it.first_day <= day <= it.last_day), None)

    def sessions_on(self, day: date) -> list[SessionRow]:
        """The drop-in sessions of day."""
        return [it for it in self.sessions if it.starts_at.date() == day]

    def blocks(self, day: date, least: int) -> list[Block]:
        """The meetings of day side by side where they overlap; none counts as shorter than least."""
        if (day, least) not in self._blocks:
            self._blocks[day, least] = self._side_by_side(day, least)
        return self._blocks[day, least]

    def at(self, moment: datetime) -> list[MeetingRow]:
        """The meetings that take place in the slot that begins at moment."""
        start, end = moment, moment + timedelta(minutes=SLOT)
        yesterday = moment.date() - timedelta(days=1)
        return [
            row
            for day in (yesterday, moment.date())
            for row in self._by_day.get(day, ())
            if row.draft.starts_at
            and row.draft.starts_at < end
            and row.draft.starts_at + timedelta(minutes=row.draft.minutes) > start
        ]

    def session_at(self, moment: datetime) -> SessionRow | None:
        """The drop-in session that goes on at moment."""
        for row in self.sessions:
            if row.starts_at <= moment < row.starts_at + timedelta(minutes=row.minutes):
                return row
        return None

    def free_slots(self, session: SessionRow) -> list[datetime]:
        """The beginnings of the slots of a session that no meeting takes; none on a day off."""
        if session not in self._free:
            day = session.starts_at.date()
            is_off = self.holiday(day) or self.absence(day)
            count = 0 if is_off else session.minutes // SLOT
            starts = [session.starts_at + timedelta(minutes=SLOT * place) for place in range(count)]
            self._free[session] = [start for start in starts if not self._is_taken(start)]
        return self._free[session]

    @cached_property
    def _by_day(self) -> Mapping[date, list[MeetingRow]]:
        found: dict[date, list[MeetingRow]] = {}
        for row in self.meetings:
            if row.draft.starts_at:
                found.setdefault(row.draft.starts_at.date(), []).append(row)
        return found

    @cached_property
    def _blocks(self) -> dict[tuple[date, int], list[Block]]:
        return {}

    @cached_property
    def _free(self) -> dict[SessionRow, list[datetime]]:
        return {}

    def _side_by_side(self, day: date, least: int) -> list[Block]:
        rows = self._by_day.get(day, [])
        starts = [minute_of(row.draft.starts_at) for row in rows]
        spans = [
            (start, min(DAY, start + row.draft.minutes))
            for row, start in zip(rows, starts, strict=True)
        ]
        placed = lanes([(start, max(end, start + least)) for start, end in spans])
        return [
            Block(row, *span, lane, of)
            for row, span, (lane, of) in zip(rows, spans, placed, strict=True)
        ]

    def _is_taken(self, moment: datetime) -> bool:
        return any(row.status.takes_time for row in self.at(moment))


def minute_of(when: datetime | time | None) -> int:
    """Minutes since midnight."""
    return when.hour * 60 + when.minute if when else 0


def lanes(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """For each span (start, end): its lane, and how many lanes its group of overlaps takes."""
    order = sorted(range(len(spans)), key=lambda place: spans[place])
    lane_of = [0] * len(spans)
    group: list[int] = []
    width = [1] * len(spans)
    ends: list[int] = []

    def close() -> None:
        for member in group:
            width[member] = len(ends)

    for place in order:
        start, end = spans[place]
        if ends and start >= max(ends):
            close()
            group, ends = [], []
        free = next((lane for lane, until in enumerate(ends) if until <= start), len(ends))
        ends[free : free + 1] = [end]
        lane_of[place] = free
        group.append(place)
    close()
    return list(zip(lane_of, width, strict=True))


def last_shown(day: date, sites: Sequence[SiteRow]) -> date:
    """The last day of the week of day that is shown even where nothing takes place in it."""
    last = max(5, *(weekday for site in sites for weekday in site.draft.open_weekdays), 0)
    return day + timedelta(days=last - day.isoweekday())


def next_open(day: date, sites: Sequence[SiteRow], site_id: SiteId | None) -> date:
    """The first day from day on which the site is open, or any where none is chosen.

    Where nothing opens within two weeks, day.
    """
    coming = [day + timedelta(days=place) for place in range(14)]
    days = (planning.next_open(site.draft, coming) for site in sites if site_id in (None, site.id))
    return min((one for one in days if one), default=day)


def of_week(week: Week, day: date, sites: Sequence[SiteRow], site_id: SiteId | None) -> Days:
    """The days of a week: Saturday and Sunday only where something may happen on them, or day is one."""
    meetings = tuple(it for it in week.meetings if site_id in (None, it.draft.site_id))
    sessions = tuple(it for it in week.sessions if site_id in (None, it.site_id))
    busy = {it.draft.starts_at.date() for it in meetings if it.draft.starts_at}
    busy |= {it.starts_at.date() for it in sessions} | {day}
    open_days = {one for site in sites for one in site.draft.open_weekdays}
    days = [week.monday + timedelta(days=place) for place in range(7)]
    shown = [
        one for one in days if one.weekday() < 5 or one in busy or one.isoweekday() in open_days
    ]
    return _between(week, tuple(shown), meetings, sessions, sites)


def of_day(week: Week, day: date, sites: Sequence[SiteRow], site_id: SiteId | None) -> Days:
    """One day of a week."""
    whole = of_week(week, day, sites, site_id)
    return _between(week, (day,), whole.meetings, whole.sessions, sites)


def _between(
    week: Week,
    days: tuple[date, ...],
    meetings: tuple[MeetingRow, ...],
    sessions: tuple[SessionRow, ...],
    sites: Sequence[SiteRow],
) -> Days:
    starts = [minute_of(site.draft.opens_at) for site in sites]
    ends = [minute_of(site.draft.closes_at) for site in sites]
    for row in meetings:
        starts.append(minute_of(row.draft.starts_at))
        ends.append(minute_of(row.draft.starts_at) + row.draft.minutes)
    for session in sessions:
        starts.append(minute_of(session.starts_at))
        ends.append(minute_of(session.starts_at) + session.minutes)
    first = min([EARLIEST, *starts]) // 60 * 60
    last = min(DAY, -(-max([LATEST, *ends]) // 60) * 60)
    return Days(
        days=days,
        meetings=meetings,
        absences=week.absences,
        sessions=sessions,
        holidays=tuple(week.holidays.items()),
        first_minute=first,
        last_minute=last,
    )
