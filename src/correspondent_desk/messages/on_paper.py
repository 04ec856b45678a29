"""A day on paper: its meetings and what is needed on the way, what is due, room to write."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, time

from correspondent_desk.domain.decisions import DecisionLine
from correspondent_desk.domain.meetings import (
    AbsenceRow,
    MeetingRow,
    MeetingStatus,
    Mode,
    SessionRow,
)
from correspondent_desk.domain.members import MemberDraft, MemberId
from correspondent_desk.domain.requests import RequestRow
from correspondent_desk.domain.today import PersonToMeet, TodayLine, TodayPage
from correspondent_desk.formats.sheets import DayLine, DayMeeting, DaySheet
from correspondent_desk.language import _
from correspondent_desk.messages import cards, decisions, labels, people, planning, reasons
from correspondent_desk.messages.today_page import in_lines

ROWS_FOR_CALLERS = 4
Known = Mapping[MemberId, MemberDraft]


def head(
    day: date,
    office: str,
    correspondent: str,
    *,
    holidays: Iterable[str],
    absences: Iterable[AbsenceRow],
    sessions: Sequence[SessionRow],
) -> DaySheet:
    """An empty sheet of the day: what is special about it, and rows for who just comes in."""
    remarks = [_("Public holiday: {name}").format(name=name) for name in holidays]
    remarks += [planning.absence(row, day) for row in absences]
    remarks += [planning.session_hours(row) for row in sessions]
    return DaySheet(
        day=day,
        office=office,
        correspondent=correspondent,
        remarks=tuple(remarks),
        callers=ROWS_FOR_CALLERS if sessions else 0,
    )


def whole_day(sheet: DaySheet, page: TodayPage, known: Known) -> DaySheet:
    """The sheet with the page of its day; known: what is written of whom its meetings are with."""
    today = page.today
    promised = [_("the decisions of the committee")] if page.decisions else []
    return replace(
        sheet,
        meetings=tuple(meeting(row, known) for row in page.meetings),
        to_do=(
            *(_decision(one) for one in page.decisions),
            *(_line(line, today) for line in page.lines),
        ),
        order=reasons.order(page.lines, *promised),
        to_meet=tuple(_person(person, today) for person in page.people),
    )


def only_meetings(sheet: DaySheet, rows: Iterable[MeetingRow], known: Known) -> DaySheet:
    """The sheet with these meetings and nothing else; known: as for the whole day."""
    meetings = tuple(meeting(row, known) for row in rows)
    return replace(sheet, meetings=meetings, to_do=None, to_meet=None)


def meeting(row: MeetingRow, known: Known) -> DayMeeting:
    """A meeting: whom, where, how to reach them on the way, what to prepare; its outcome if any."""
    reason, subject = planning.reason(row), planning.subject(row)
    is_planned = row.status is MeetingStatus.PLANNED
    return DayMeeting(
        starts_at=row.draft.starts_at.time() if row.draft.starts_at else time(),
        minutes=row.draft.minutes,
        person=people.shown_name(row),
        where=(planning.where(row),),
        on_the_way=_on_the_way(
            row, known.get(row.draft.member_id) if row.draft.member_id else None
        ),
        reason=reason,
        about="" if subject == reason else subject,
        prepare=tuple(in_lines(row.draft.bring)) if is_planned else (),
        outcome=_outcome(row),
    )


def _on_the_way(row: MeetingRow, draft: MemberDraft | None) -> tuple[str, ...]:
    """Where they live if one goes there, a number to call if one is late, what access needs."""
    address = cards.address(draft) if draft and row.draft.mode is Mode.HOME else ""
    phone = people.phone(row.phone) if row.phone and row.draft.mode is not Mode.PHONE else ""
    return tuple(filter(None, (address, phone, draft.access_needs if draft else "")))


def _outcome(row: MeetingRow) -> str:
    """Came: brings the certificate on Monday; nothing while the meeting is planned."""
    if row.status is MeetingStatus.PLANNED:
        return ""
    ended = labels.meeting_status(row.status)
    ended = ended[:1].upper() + ended[1:]
    if not row.outcome or row.is_sensitive:
        return ended
    return _("{subject}: {what}").format(subject=ended, what=row.outcome)


def _on_request(request: RequestRow, what: str) -> str:
    """Birth of Malo · send the file."""
    return " · ".join(filter(None, (reasons.about(request), what)))


def _line(line: TodayLine, today: date) -> DayLine:
    return DayLine(
        person=people.shown_name(line.request),
        what=_on_request(line.request, line.line.next_what),
        why=reasons.of_line(line, today),
    )


def _decision(line: DecisionLine) -> DayLine:
    return DayLine(
        person=people.shown_name(line.request),
        what=_on_request(line.request, decisions.to_tell(line)),
        why=decisions.headline(line.decision),
    )


def _person(person: PersonToMeet, today: date) -> DayLine:
    return DayLine(
        person=people.list_name(person.member),
        what=reasons.of_person(person, today),
        phone=people.phone(person.member.phone) if person.member.phone else "",
    )
