"""The lines of the page, made from what records found."""

from collections.abc import Callable
from datetime import date, datetime

from correspondent_desk.domain import planning as slots
from correspondent_desk.domain.decisions import DecisionLine
from correspondent_desk.domain.meetings import MeetingRow, MeetingStatus
from correspondent_desk.domain.today import PersonToMeet, TodayLine
from correspondent_desk.gui.page import Target, Task
from correspondent_desk.gui.today.entry import Answer, Entry
from correspondent_desk.gui.widgets.tag import Tone
from correspondent_desk.language import _
from correspondent_desk.messages import (
    dates,
    decisions,
    labels,
    people,
    planning,
    reasons,
    today_page,
)

Go = Callable[[Target], object]
_TONES = {
    reasons.Urgency.LATE: Tone.LATE,
    reasons.Urgency.SOON: Tone.SOON,
    reasons.Urgency.NONE: Tone.PLAIN,
}


def of_meeting(row: MeetingRow, now: datetime, go: Go) -> Entry:
    """A meeting of the day: before it, who and what to prepare; after it, its outcome."""
    over = slots.is_over(row.draft, now) and row.status is MeetingStatus.PLANNED
    done = row.status is not MeetingStatus.PLANNED
    details = [planning.where(row), planning.reason(row)]
    unnoted = _("outcome not noted yet") if over else ""
    ahead = " · ".join(filter(None, (today_page.to_prepare(row), unnoted)))
    answers = [
        Answer("outcome", _("&Note the outcome"), lambda: go(_meeting(row)), "check")
        if over
        else Answer("open", _("&Open the meeting"), lambda: go(_meeting(row)), "calendar"),
        Answer("prepare", _("See the member’s &card"), lambda: go(_member(row.draft.member_id))),
    ]
    return Entry(
        key=f"meeting:{row.id}",
        lead=dates.clock(row.draft.starts_at) if row.draft.starts_at else "",
        title=people.shown_name(row),
        detail=" · ".join(details),
        why=labels.meeting_status(row.status) if done else ahead,
        spoken=". ".join(filter(None, (today_page.spoken_meeting(row), unnoted))),
        answers=tuple(answers),
    )


def of_decision(
    line: DecisionLine,
    go: Go,
    follow: Callable[[DecisionLine], object],
    keep: Callable[[DecisionLine], object],
) -> Entry:
    """What the committee decided; the first answer notes it, and what is to be done about it."""
    decision, request = line.decision, line.request
    name, subject = people.shown_name(request), reasons.about(request)
    told = (decisions.to_tell(line), *decisions.details(decision))
    return Entry(
        key=f"decision:{decision.id}",
        tag=_("decision"),
        title=_("{name}: {subject}").format(name=name, subject=subject),
        detail=decisions.headline(decision),
        why=" · ".join(part.removesuffix(".") for part in told),
        spoken=decisions.in_one_line(line),
        answers=(
            Answer("follow", decisions.following(line.suggested), lambda: follow(line), "check"),
            Answer("open", _("&Deal with it"), lambda: go(_request(request.id)), "folder"),
            Answer("keep", _("Lea&ve the request as it is"), lambda: keep(line), "x"),
        ),
    )


def of_line(
    line: TodayLine,
    today: date,
    go: Go,
    finish: Callable[[TodayLine], object],
    put_off: Callable[[TodayLine], object],
) -> Entry:
    """Something to do, with its reason."""
    one = line.line
    plan = Target(page="meetings", task=Task.NEW, person=one.member_id, request=one.request_id)
    return Entry(
        key=f"request:{one.request_id}",
        tag=reasons.urgency_word(one),
        tone=_TONES[reasons.urgency(one)],
        title=reasons.title(line),
        detail=one.next_what,
        why=reasons.of_line(line, today),
        spoken=today_page.spoken_line(line, today),
        answers=(
            Answer("deal", _("&Deal with it"), lambda: go(_request(one.request_id)), "folder"),
            Answer("done", _("Don&e"), lambda: finish(line), "check"),
            Answer("later", _("&Later…"), lambda: put_off(line), "clock"),
            Answer("plan", _("&Propose a meeting"), lambda: go(plan), "calendar-plus"),
        ),
    )


def of_person(
    person: PersonToMeet,
    today: date,
    go: Go,
    decline: Callable[[PersonToMeet], object],
    put_off: Callable[[PersonToMeet], object],
) -> Entry:
    """Someone to meet, with the reason."""
    member, about = person.member, person.reason.request_id
    plan = Target(page="meetings", task=Task.NEW, person=member.id, request=about)
    why = reasons.of_person(person, today)
    return Entry(
        key=f"person:{member.id}",
        title=people.list_name(member),
        why=why,
        spoken=today_page.spoken_person(person, today),
        answers=(
            Answer("plan", _("&Plan a meeting"), lambda: go(plan), "calendar-plus"),
            Answer("no", _("&No"), lambda: decline(person), "x"),
            Answer("later", _("&Later…"), lambda: put_off(person), "clock"),
            Answer("card", _("See the member’s &card"), lambda: go(_member(member.id))),
        ),
    )


def to_look_at(key: str, sentence: str, look: Callable[[], object]) -> Entry:
    """Something that waits for a look."""
    answers = (Answer("look", _("&Look"), look, "eye"),)
    return Entry(key=key, title=sentence, spoken=sentence, answers=answers)


def _meeting(row: MeetingRow) -> Target:
    return Target(page="meetings", id=row.id)


def _member(member_id: int | None) -> Target:
    return Target(page="members", id=member_id)


def _request(request_id: int) -> Target:
    return Target(page="requests", id=request_id)
