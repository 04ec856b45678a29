"""What a week holds besides meetings, and what speaks for or against a time."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from correspondent_desk.domain import planning
from correspondent_desk.domain.calendar_days import public_holidays
from correspondent_desk.domain.meetings import (
    AbsenceId,
    AbsenceRow,
    MeetingDraft,
    MeetingId,
    MeetingRow,
    MeetingStatus,
    SessionDraft,
    SessionId,
    SessionRow,
    SiteDraft,
    Week,
)
from correspondent_desk.domain.members import Channel, MemberId, MemberStatus, SiteId
from correspondent_desk.domain.planning import SlotWarning
from correspondent_desk.domain.problems import is_likely
from correspondent_desk.records import meeting_rows, office
from correspondent_desk.records.saving import edited_whole, existing, who, write
from correspondent_desk.records.windows import as_date, fetch
from correspondent_desk.store import history
from correspondent_desk.store.tables import Absence, Site
from correspondent_desk.store.tables import Session as DropIn

Holidays = dict[date, tuple[str, ...]]


def week(session: Session, monday: date, language: str) -> Week:
    """Seven days from monday; holidays of all sites, their names in language ("fr" or "en")."""
    sunday = monday + timedelta(days=6)
    return Week(
        monday=monday,
        meetings=tuple(meeting_rows.between(session, monday, sunday)),
        absences=tuple(absences(session, monday, sunday)),
        sessions=tuple(sessions(session, monday, sunday)),
        holidays=_holidays([row.draft for row in office.sites(session)], monday, sunday, language),
    )


def absences(session: Session, first: date, last: date) -> list[AbsenceRow]:
    """Whoever is away on one of these days, both included, by first day."""
    found = fetch(
        session,
        "SELECT id, first_day, last_day, label, person FROM absence"
        " WHERE first_day <= ? AND coalesce(last_day, first_day) >= ? AND removed_at IS NULL"
        " ORDER BY first_day, id",
        last.isoformat(),
        first.isoformat(),
    )
    return [
        AbsenceRow(
            id=id_,
            first_day=date.fromisoformat(first_day),
            last_day=date.fromisoformat(last_day or first_day),
            label=label,
            person=person,
        )
        for id_, first_day, last_day, label, person in found
    ]


def planned_during(session: Session, away: AbsenceRow, today: date) -> list[MeetingRow]:
    """What whoever is away then is still to hold on those days, from today on, by time."""
    first = max(away.first_day, today)
    return [
        row
        for row in meeting_rows.between(session, first, away.last_day)
        if row.status is MeetingStatus.PLANNED and row.person == away.person
    ]


def add_absence(
    session: Session, first_day: date, last_day: date | None = None, label: str = ""
) -> AbsenceId:
    """Days on which whoever works here is away; None: one day. Meetings on them stay."""
    made = history.create(
        session,
        Absence,
        person=who(session),
        first_day=first_day,
        last_day=last_day or first_day,
        label=label,
    )
    return AbsenceId(made.id)


def remove_absence(session: Session, absence_id: AbsenceId) -> None:
    """Not away after all. Raises NoSuchRecord."""
    history.remove(session, existing(session, Absence, absence_id))


def sessions(session: Session, first: date, last: date) -> list[SessionRow]:
    """The drop-in sessions of these days, both included, by time: one row for each occurrence."""
    found = fetch(
        session,
        "SELECT t.id, t.site_id, site.name, t.starts_at, t.minutes, t.weekly_until, t.room, t.label"
        " FROM session t LEFT JOIN site ON site.id = t.site_id"
        " WHERE t.removed_at IS NULL AND t.starts_at < ?"
        " AND coalesce(t.weekly_until, substr(t.starts_at, 1, 10)) >= ?",
        (last + timedelta(days=1)).isoformat(),
        first.isoformat(),
    )
    occurring = [
        SessionRow(
            id=id_,
            site_id=site_id,
            site=site or "",
            starts_at=at,
            minutes=minutes,
            room=room,
            label=label,
        )
        for id_, site_id, site, starts_at, minutes, until, room, label in found
        for at in planning.occurrences(
            datetime.fromisoformat(starts_at), as_date(until), first, last
        )
    ]
    return sorted(occurring, key=lambda one: (one.starts_at, one.id))


def session_draft(session: Session, session_id: SessionId) -> SessionDraft:
    """The hours as they were agreed on, from their first day. Raises NoSuchRecord."""
    stored = existing(session, DropIn, session_id)
    return SessionDraft(
        site_id=SiteId(stored.site_id) if stored.site_id else None,
        starts_at=stored.starts_at,
        minutes=stored.minutes,
        weekly_until=stored.weekly_until,
        room=stored.room,
        label=stored.label,
    )


def add_session(session: Session, draft: SessionDraft) -> SessionId:
    """Drop-in hours, once or every week until a day."""
    return SessionId(history.create(session, DropIn, **session_columns(draft)).id)


def change_session(
    session: Session, session_id: SessionId, opened: SessionDraft, draft: SessionDraft
) -> SessionId:
    """The hours are as draft says from its first day on; those of the weeks before stay.

    Raises NoSuchRecord, and EditConflict if somebody else changed the same since it was opened.
    """
    stored = existing(session, DropIn, session_id)
    whole = edited_whole(stored, session_columns(opened), session_columns(draft))
    begins, changes = stored.starts_at, whole["starts_at"]
    if begins and changes and stored.weekly_until and begins.date() < changes.date():
        until = min(stored.weekly_until, changes.date() - timedelta(days=1))
        write(stored, {"weekly_until": until})
        return SessionId(history.create(session, DropIn, **whole).id)
    write(stored, whole)
    return session_id


def session_columns(draft: SessionDraft) -> dict[str, Any]:
    """The stored columns of a draft."""
    return {
        "site_id": draft.site_id,
        "starts_at": draft.starts_at,
        "minutes": draft.minutes,
        "weekly_until": draft.weekly_until,
        "room": draft.room,
        "label": draft.label,
    }


def remove_session(session: Session, session_id: SessionId) -> None:
    """No such hours any more, with all their weeks. Raises NoSuchRecord."""
    history.remove(session, existing(session, DropIn, session_id))


def warnings(
    session: Session,
    draft: MeetingDraft,
    now: datetime,
    ignoring: MeetingId | None = None,
    language: str = "fr",
) -> list[SlotWarning]:
    """What speaks against the draft's time, the gravest first; the user may keep it all the same.

    ignoring: the meeting that is being moved. Holidays are named in language. Nothing speaks
    against a mistyped year but that it is one. What speaks against a meeting with this person at
    all comes first, and before there is a time.
    """
    about = _about_person(session, draft.member_id)
    if draft.starts_at is None or not is_likely(draft.starts_at.date()):
        return about
    day = draft.starts_at.date()
    before, after = day - timedelta(days=1), day + timedelta(days=1)
    site = _site(session, draft.site_id)
    zone = planning.zone_of(site.department) if site else draft.zone
    places = [site] if site else [row.draft for row in office.sites(session)][:1]
    return about + planning.warnings(
        replace(draft, zone=zone),
        person=who(session),
        now=now if now.tzinfo else now.astimezone(),
        meeting_id=ignoring,
        busy=meeting_rows.between(session, before, after),
        absences=absences(session, before, after),
        sessions=sessions(session, day, day),
        holidays=_holidays(places, before, after, language),
        site=site,
    )


def _about_person(session: Session, member_id: MemberId | None) -> list[SlotWarning]:
    found = fetch(session, "SELECT status, preferred_channel FROM member WHERE id = ?", member_id)
    return [
        one
        for status, channel in found
        for one in planning.about_person(MemberStatus.read(status), Channel.read(channel))
    ]


def _holidays(sites: list[SiteDraft], first: date, last: date, language: str) -> Holidays:
    """The holidays of these days at any of the sites; of an office without sites, the national."""
    found: dict[date, dict[str, None]] = {}
    years = range(first.year, last.year + 1)
    for site in sites or [SiteDraft()]:
        of_site = public_holidays(
            years, site.department, good_friday=site.good_friday, language=language
        )
        for day, names in of_site.items():
            if first <= day <= last:
                found.setdefault(day, {}).update(dict.fromkeys(names))
    return {day: tuple(found[day]) for day in sorted(found)}


def _site(session: Session, site_id: SiteId | None) -> SiteDraft | None:
    if site_id is None:
        return None
    site = session.get(Site, site_id)
    return office.as_draft(site) if site else None
