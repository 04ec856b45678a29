"""Meetings in words: where, when, what speaks against a time, and the times that are free."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import assert_never

from sqlalchemy.orm import Session

from correspondent_desk.domain.meetings import (
    AbsenceRow,
    MeetingDraft,
    MeetingId,
    MeetingRow,
    MeetingStatus,
    Mode,
    SessionRow,
)
from correspondent_desk.domain.members import Civility
from correspondent_desk.domain.planning import FreeSlot, SlotWarning, WarningKind
from correspondent_desk.domain.requests import RequestRow
from correspondent_desk.language import _, code, ngettext, pgettext
from correspondent_desk.messages import dates, labels, people
from correspondent_desk.records import agenda, meeting_rows, members, office
from correspondent_desk.records.plans import Plans

MOST_NAMED = 5
Warned = tuple[WarningKind, str]


def outcome(status: MeetingStatus, civility: Civility) -> str:
    """How a meeting ended, of a woman, a man or somebody of whom that is not known: seen."""
    match civility:
        case Civility.MRS:
            words = {
                MeetingStatus.SEEN: pgettext("outcome, woman", "seen"),
                MeetingStatus.EXCUSED: pgettext("outcome, woman", "excused"),
                MeetingStatus.NO_SHOW: pgettext("outcome, woman", "no-show"),
            }
        case Civility.MR:
            words = {
                MeetingStatus.SEEN: pgettext("outcome, man", "seen"),
                MeetingStatus.EXCUSED: pgettext("outcome, man", "excused"),
                MeetingStatus.NO_SHOW: pgettext("outcome, man", "no-show"),
            }
        case _:
            words = {
                MeetingStatus.SEEN: pgettext("outcome", "seen"),
                MeetingStatus.EXCUSED: pgettext("outcome", "excused"),
                MeetingStatus.NO_SHOW: pgettext("outcome", "no-show"),
            }
    return words[status]


def where(row: MeetingRow) -> str:
    """Hôtel de ville, room B; at home; on the phone, 06 12 34 56 07."""
    if not row.draft.mode.is_known:
        return labels.mode(row.draft.mode)
    match row.draft.mode:
        case Mode.ON_SITE:
            places = [row.site, row.draft.room]
            return ", ".join(filter(None, places)) or labels.mode(Mode.ON_SITE)
        case Mode.PHONE if row.phone:
            return f"{labels.mode(Mode.PHONE)}, {people.phone(row.phone)}"
        case Mode.HOME | Mode.PHONE | Mode.VIDEO:
            return labels.mode(row.draft.mode)
        case _:
            assert_never(row.draft.mode)


def reason(row: MeetingRow) -> str:
    """Why people meet; what the request is about where the meeting has no reason of its own."""
    if row.draft.reason:
        return labels.meeting_reason(row.draft.reason)
    if row.draft.request_id:
        return labels.subject(row.request_subject, is_sensitive=row.is_sensitive)
    return _("Meeting")


def subject(row: MeetingRow) -> str:
    """What the linked request is about; nothing without one."""
    if not row.draft.request_id:
        return ""
    return labels.subject(row.request_subject, is_sensitive=row.is_sensitive)


def times(row: MeetingRow, today: date) -> str:
    """Thursday 3 December (in 11 days), 14:00, 30 minutes."""
    if row.draft.starts_at is None:
        return ""
    moment = dates.moment(row.draft.starts_at, today)
    return f"{moment}, {dates.minutes(row.draft.minutes)}"


def already(row: MeetingRow, today: date) -> str:
    """Before another one is planned: Already planned: Thursday 3 December (in 11 days), 14:00, at home."""
    when = dates.moment(row.draft.starts_at, today) if row.draft.starts_at else ""
    return _("Already planned: {when}, {where}").format(when=when, where=where(row))


def planned(row: MeetingRow, today: date) -> tuple[str, str]:
    """A meeting to come in two lines: when; where and why."""
    when = dates.moment_plain(row.draft.starts_at, today) if row.draft.starts_at else ""
    return _("Meeting: {when}").format(when=when), f"{where(row)} · {reason(row)}"


def owed(row: RequestRow, today: date) -> tuple[str, str]:
    """The next step of a request in two lines: until when; what, and of which request."""
    subject_ = labels.subject(row.subject, is_sensitive=row.is_sensitive)
    if row.next_due is None:
        first = _("Next step of a request")
    else:
        first = _("Next step of a request: {when}").format(when=dates.day(row.next_due, today))
    return first, subject_ if row.is_sensitive else f"{subject_} · {row.next_what}"


def plans(still: Plans, today: date) -> list[tuple[str, str]]:
    """What is still planned with somebody, each in two lines as above."""
    return [
        *(planned(row, today) for row in still.meetings),
        *(owed(row, today) for row in still.steps),
    ]


def slot(free: FreeSlot, today: date) -> str:
    """A free time as one offers it: tomorrow, 14:00, Hôtel de ville; without a site elsewhere."""
    return ", ".join(filter(None, (dates.moment_plain(free.starts_at, today), free.site)))


def absence(row: AbsenceRow, today: date | None = None) -> str:
    """Days away with their reason: Leave, Monday 21 December to Friday 25 December."""
    return f"{row.label or _('Absence')}, {dates.span(row.first_day, row.last_day, today)}"


def planned_during(rows: Sequence[MeetingRow], today: date) -> str:
    """During this absence 1 meeting is planned: Friday 27 November, 14:00, Mrs Anne LE GOFF."""
    named = [
        f"{dates.moment_plain(row.draft.starts_at, today)}, {people.shown_name(row)}"
        for row in rows[:MOST_NAMED]
        if row.draft.starts_at
    ]
    if len(rows) > MOST_NAMED:
        rest = len(rows) - MOST_NAMED
        named.append(ngettext("and {n} more", "and {n} more", rest).format(n=rest))
    return ngettext(
        "During this absence {n} meeting is planned: {meetings}.",
        "During this absence {n} meetings are planned: {meetings}.",
        len(rows),
    ).format(n=len(rows), meetings=pgettext("between meetings", "; ").join(named))


def session(row: SessionRow) -> str:
    """Drop-in session, Hôtel de ville, room B."""
    return ", ".join(filter(None, (row.label or _("Drop-in session"), row.site, row.room)))


def session_hours(row: SessionRow) -> str:
    """Drop-in session, Hôtel de ville, room B, 9:00 to 12:00."""
    ends = row.starts_at + timedelta(minutes=row.minutes)
    return _("{session}, {start} to {end}").format(
        session=session(row), start=dates.clock(row.starts_at), end=dates.clock(ends)
    )


def warnings(
    store: Session, draft: MeetingDraft, now: datetime, ignoring: MeetingId | None = None
) -> list[Warned]:
    """What speaks against the draft's time, the gravest first, each as a sentence."""
    found = agenda.warnings(store, draft, now, ignoring, code())
    return [(one.kind, _sentence(store, one, draft, now.date())) for one in found]


def _sentence(store: Session, one: SlotWarning, draft: MeetingDraft, today: date) -> str:
    match one.kind:
        case WarningKind.DECEASED | WarningKind.NO_CONTACT:
            return _about_person(store, one, draft)
        case WarningKind.SAME_MEMBER | WarningKind.SAME_CORRESPONDENT | WarningKind.SAME_ROOM:
            return _clash(store, one, draft)
        case WarningKind.SESSION_ELSEWHERE:
            return _elsewhere(store, one, draft)
        case WarningKind.ABSENCE:
            return _away(store, one, draft, today)
        case WarningKind.HOLIDAY:
            day = dates.plain(one.day, today) if one.day else ""
            names = ", ".join(one.holidays)
            return _("Public holiday on {day}: {names}.").format(day=day, names=names)
        case WarningKind.CLOSED_DAY | WarningKind.OUTSIDE_HOURS:
            return _closed(store, one, draft)
        case WarningKind.IN_THE_PAST:
            return _("This time has passed. The outcome can be noted right after.")
        case _:
            assert_never(one.kind)


def _about_person(store: Session, one: SlotWarning, draft: MeetingDraft) -> str:
    for row in members.rows(store, [draft.member_id] if draft.member_id else []):
        if one.kind is WarningKind.NO_CONTACT:
            return people.no_contact(row)
        return _("{deceased} A meeting is possible with the household.").format(
            deceased=people.deceased(row)
        )
    return _("This person was removed.")


def _clash(store: Session, one: SlotWarning, draft: MeetingDraft) -> str:
    ids = [one.meeting_id] if one.meeting_id else []
    for other in meeting_rows.rows(store, ids):
        name, starts = people.shown_name(other), other.draft.starts_at
        time = dates.clock(starts) if starts else ""
        if one.kind is WarningKind.SAME_MEMBER:
            return _("{name} already has a meeting at {time}.").format(name=name, time=time)
        if one.kind is WarningKind.SAME_CORRESPONDENT:
            return _("You already meet {name} at {time}.").format(name=name, time=time)
        return _("The room “{room}” is taken at {time}: {name}.").format(
            room=draft.room, time=time, name=name
        )
    return _("Another meeting takes place at this time.")


def _elsewhere(store: Session, one: SlotWarning, draft: MeetingDraft) -> str:
    day = draft.starts_at.date() if draft.starts_at else date.min
    for found in agenda.sessions(store, day, day):
        if found.id == one.session_id:
            return _("You hold a drop-in session elsewhere at this time: {session}.").format(
                session=session(found)
            )
    return _("You hold a drop-in session elsewhere at this time.")


def _away(store: Session, one: SlotWarning, draft: MeetingDraft, today: date) -> str:
    day = draft.starts_at.date() if draft.starts_at else date.min
    for found in agenda.absences(store, day, day):
        if found.id == one.absence_id:
            return _("You are away. {absence}.").format(absence=absence(found, today))
    return _("You are away on this day.")


def _closed(store: Session, one: SlotWarning, draft: MeetingDraft) -> str:
    for site in office.sites(store):
        if site.id != draft.site_id:
            continue
        if one.kind is WarningKind.CLOSED_DAY:
            return _("{site} is closed on this day.").format(site=site.draft.name)
        return _("{site} is open from {opens} to {closes}.").format(
            site=site.draft.name,
            opens=dates.clock(site.draft.opens_at),
            closes=dates.clock(site.draft.closes_at),
        )
    return _("The site is closed at this time.")
