"""The next free times for a meeting: none of them meets with a warning of the program."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from correspondent_desk.domain import planning
from correspondent_desk.domain.calendar_days import public_holidays
from correspondent_desk.domain.meetings import (
    AbsenceRow,
    MeetingDraft,
    MeetingId,
    MeetingStatus,
    Mode,
    SessionRow,
    SiteDraft,
    SiteRow,
)
from correspondent_desk.domain.members import MemberId, SiteId
from correspondent_desk.domain.planning import FreeSlot, Span
from correspondent_desk.records import agenda, office
from correspondent_desk.records.saving import who
from correspondent_desk.records.windows import fetch

_DAYS_AHEAD = 35  # how far free slots are looked for
_FREE_SLOTS = 6

Taken = tuple[MeetingDraft, str]  # with who holds it
Offer = tuple[FreeSlot, Span]  # with the hours in which it may lie


def next_free(
    session: Session,
    draft: MeetingDraft,
    now: datetime,
    since: date | None = None,
    ignoring: MeetingId | None = None,
) -> list[FreeSlot]:
    """The first free times: in the coming drop-in sessions of the draft's site, else in its hours.

    A draft on site without a site is offered those of all; one that takes place elsewhere, the
    hours of the first site outside all drop-in sessions. since: not before this day. ignoring: the
    meeting that is being moved. At most six, one for each session or day, the earliest first; none
    while whoever works here is away, on holidays, or over what the meeting cannot share.
    """
    now = now if now.tzinfo else now.astimezone()
    first = max(now.date(), since or now.date())
    last = first + timedelta(days=_DAYS_AHEAD)
    sites, person = office.sites(session), who(session)
    drop_ins = agenda.sessions(session, first, last)
    away = [it for it in agenda.absences(session, first, last) if it.person == person]
    taken = _taken(session, first, last, ignoring)
    found: list[FreeSlot] = []
    offers = _offers(draft, sites, drop_ins, first, last)
    for offer, hours in sorted(offers, key=lambda one: one[1].start):
        place = next((it for it in sites if it.id == offer.site_id), sites[0])
        if hours.end <= now or _is_off(place.draft, hours.start.date(), away):
            continue
        here = replace(draft, site_id=offer.site_id, room=offer.room, zone=str(hours.start.tzinfo))
        busy = _busy(here, person, taken)
        if offer.session_id is None:  # in a session, what is held elsewhere is no surprise
            busy += [planning.span(it.starts_at, it.minutes, here.zone) for it in drop_ins]
        from_now = _next_quarter(now).astimezone(hours.start.tzinfo)
        open_part = Span(max(hours.start, from_now), hours.end)
        slot = planning.first_free(busy, [open_part], timedelta(minutes=draft.minutes))
        if slot:
            found.append(replace(offer, starts_at=slot.start.replace(tzinfo=None)))
        if len(found) == _FREE_SLOTS:
            break
    return found


def _taken(session: Session, first: date, last: date, ignoring: MeetingId | None) -> list[Taken]:
    """The meetings that take time on these days and the day before, with who holds them."""
    planned = fetch(
        session,
        "SELECT member_id, mode, starts_at, minutes, zone, site_id, room, status, person"
        " FROM meeting WHERE removed_at IS NULL AND starts_at >= ? AND starts_at < ? AND id <> ?",
        (first - timedelta(days=1)).isoformat(),
        (last + timedelta(days=1)).isoformat(),
        ignoring or 0,
    )
    return [
        (
            MeetingDraft(
                member_id=MemberId(member) if member else None,
                mode=Mode.read(mode),
                starts_at=datetime.fromisoformat(starts_at),
                minutes=minutes,
                zone=zone,
                site_id=SiteId(site) if site else None,
                room=room,
            ),
            person,
        )
        for member, mode, starts_at, minutes, zone, site, room, status, person in planned
        if MeetingStatus.read(status).takes_time
    ]


def _busy(draft: MeetingDraft, person: str, taken: Sequence[Taken]) -> list[Span]:
    return [
        planning.span(other.starts_at, other.minutes, other.zone)
        for other, held_by in taken
        if other.starts_at and planning.shared(draft, person, other, held_by)
    ]


def _offers(
    draft: MeetingDraft,
    sites: Sequence[SiteRow],
    drop_ins: Sequence[SessionRow],
    first: date,
    last: date,
) -> Iterator[Offer]:
    """Where and in which hours free times are looked for."""
    if draft.mode is not Mode.ON_SITE:
        for row in sites[:1]:
            yield from _in_hours(row, first, last, draft.zone)
        return
    wanted = {row.id: row for row in sites if draft.site_id in (None, row.id)}
    in_sessions = [it for it in drop_ins if it.site_id in wanted]
    for one in in_sessions:
        yield _in_session(one, wanted[one.site_id])
    held = {one.site_id for one in in_sessions}
    for row in [*wanted.values()][:1]:
        if row.id not in held:
            yield from _in_hours(row, first, last)


def _in_session(one: SessionRow, row: SiteRow) -> Offer:
    free = FreeSlot(
        site_id=one.site_id,
        site=one.site,
        starts_at=one.starts_at,
        room=one.room,
        session_id=one.id,
    )
    zone = planning.zone_of(row.draft.department)
    return free, planning.span(one.starts_at, one.minutes, zone)


def _in_hours(row: SiteRow, first: date, last: date, zone: str = "") -> Iterator[Offer]:
    """The hours of a site. zone: in which they are meant by who meets elsewhere, at no site."""
    for number in range((last - first).days + 1):
        hours = planning.open_hours(row.draft, first + timedelta(days=number))
        if hours is None:
            continue
        starts_at = hours.start.replace(tzinfo=None)
        minutes = (hours.end.replace(tzinfo=None) - starts_at) // timedelta(minutes=1)
        free = FreeSlot(
            site_id=None if zone else row.id,
            site="" if zone else row.draft.name,
            starts_at=starts_at,
            room="" if zone else row.draft.room,
        )
        yield free, planning.span(starts_at, minutes, zone) if zone else hours


def _is_off(site: SiteDraft, day: date, away: Sequence[AbsenceRow]) -> bool:
    if any(row.first_day <= day <= row.last_day for row in away):
        return True
    return day in public_holidays([day.year], site.department, good_friday=site.good_friday)


def _next_quarter(now: datetime) -> datetime:
    """now rounded up to a time that people agree on."""
    past = timedelta(minutes=now.minute % 15, seconds=now.second, microseconds=now.microsecond)
    return now if not past else now - past + timedelta(minutes=15)
