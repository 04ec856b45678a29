"""Today: which lines stand on the page and why, and what one answers."""

from datetime import timedelta
from functools import partial

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.fields import Kind, field
from correspondent_desk.domain.members import MemberId
from correspondent_desk.domain.requests import (
    DocumentDraft,
    Owes,
    RequestStatus,
    RequestType,
)
from correspondent_desk.domain.today import TodayLine, TodayPage
from correspondent_desk.domain.triage import LineKind
from correspondent_desk.records import requests, today
from correspondent_desk.records.today import MOST_LINES
from correspondent_desk.store.database import Database
from correspondent_desk.store.logbook import Sibling
from correspondent_desk.store.values import encode
from tests.records.acts import (
    NOW,
    TODAY,
    TOMORROW,
    a_contact,
    a_meeting,
    a_member,
    a_request,
    card,
    days_before,
    held,
    on,
    page,
)


def told(shown: TodayPage) -> list[tuple[LineKind, str]]:
    """Kind and subject of each line."""
    return [(one.line.kind, one.request.subject) for one in shown.lines]


def test_lines_come_by_why_they_are_there(desk: Database) -> None:
    roux = a_member(desk, "Roux")
    a_request(desk, roux, subject="waits", opened_on=days_before(6), now=on(days_before(6)))
    a_request(desk, roux, subject="promised", next_what="Call", next_due=TODAY)
    a_request(desk, roux, subject="late", next_who=Owes.MEMBER, next_due=days_before(2))
    a_request(desk, roux, subject="lapses", last_useful_on=TODAY + timedelta(days=12))
    a_request(desk, roux, subject="help", type=RequestType.EMERGENCY)
    a_request(desk, roux, subject="awaited", next_due=TOMORROW)
    a_request(desk, roux, subject="over", status=RequestStatus.CLOSED)

    assert told(page(desk)) == [
        (LineKind.EMERGENCY, "help"),
        (LineKind.LAPSING, "lapses"),
        (LineKind.PROMISED, "promised"),
        (LineKind.OVERDUE, "late"),
        (LineKind.WAITING, "waits"),
    ]


def test_a_line_says_what_is_missing(desk: Database) -> None:
    documents = (
        DocumentDraft(code="birth-record", label="Acte de naissance"),
        DocumentDraft(label="Letter"),
    )
    a_request(desk, a_member(desk), *documents, last_useful_on=TODAY + timedelta(days=12))

    line = page(desk).lines[0].line

    assert line.missing == ("birth-record", "Letter")
    assert line.days == 12


def test_whoever_waits_longest_since_the_last_news_comes_first(desk: Database) -> None:
    roux = a_member(desk, "Roux")
    old = a_request(desk, roux, subject="old", opened_on=days_before(50), now=on(days_before(50)))
    a_request(desk, roux, subject="newer", opened_on=days_before(40), now=on(days_before(40)))
    a_contact(desk, roux, "2026-12-01 10:00", request_id=old)

    assert [one.request.subject for one in page(desk).lines] == ["newer", "old"]


def test_silence_of_others_comes_up_after_two_months(desk: Database) -> None:
    roux = a_member(desk, "Roux")
    for subject, days in (("silent", 61), ("recent", 59)):
        then = days_before(days)
        a_request(
            desk, roux, subject=subject, next_who=Owes.COMMITTEE, opened_on=then, now=on(then)
        )

    assert told(page(desk)) == [(LineKind.SILENT, "silent")]


def test_many_lines_of_a_kind_are_counted_not_listed(desk: Database) -> None:
    roux = a_member(desk, "Roux")
    for number in range(MOST_LINES + 3):
        a_request(desk, roux, subject=f"{number:02}", next_due=days_before(number))

    shown = page(desk)

    assert [one.request.subject for one in shown.lines][:2] == ["12", "11"]
    assert len(shown.lines) == MOST_LINES
    assert shown.more == {LineKind.PROMISED: 3}


def test_the_longest_waiting_is_found_behind_many_that_were_opened_earlier(
    desk: Database,
) -> None:
    roux = a_member(desk, "Roux")
    for number in range(MOST_LINES + 5):
        then = days_before(200 - number)
        busy = a_request(desk, roux, subject="busy", opened_on=then, now=on(then))
        a_contact(desk, roux, "2026-12-02 10:00", request_id=busy)
    then = days_before(30)
    a_request(desk, roux, subject="forgotten", opened_on=then, now=on(then))

    assert page(desk).lines[0].request.subject == "forgotten"


def first(desk: Database) -> TodayLine:
    """The first line."""
    return page(desk).lines[0]


def test_a_snoozed_line_comes_back_on_its_day(desk: Database) -> None:
    a_request(desk, a_member(desk))
    line = first(desk)

    desk.do(Action.LINE_SNOOZED, lambda s: today.snooze(s, line, TOMORROW))

    assert page(desk).lines == ()
    assert len(page(desk, on(TOMORROW)).lines) == 1


def test_snoozing_again_changes_the_same_answer(desk: Database) -> None:
    a_request(desk, a_member(desk))
    line = first(desk)
    for day in (TODAY + timedelta(days=20), TOMORROW):
        desk.do(Action.LINE_SNOOZED, partial(today.snooze, line=line, until=day))

    assert len(page(desk, on(TOMORROW)).lines) == 1
    desk.undo()
    assert page(desk, on(TOMORROW)).lines == ()


def test_a_done_line_is_gone_today_and_asks_what_follows_tomorrow(desk: Database) -> None:
    a_request(desk, a_member(desk), next_what="Call", next_due=TODAY)
    line = first(desk)

    desk.do(Action.LINE_DONE, lambda s: today.done(s, line, NOW))

    assert page(desk).lines == ()
    assert told(page(desk, on(TOMORROW))) == [(LineKind.WAITING, "School start")]
    steps = desk.read(lambda s: requests.card(s, line.line.request_id)).steps
    assert steps[-1].why == "Call"


def test_meetings_of_the_day_and_the_next_one_stand_on_the_page(desk: Database) -> None:
    roux = a_member(desk)
    later = a_meeting(desk, roux, "2026-12-08 09:30")
    second = a_meeting(desk, roux, "2026-12-03 11:00")
    first_ = a_meeting(desk, roux, "2026-12-03 09:30")

    shown = page(desk)

    assert [one.id for one in shown.meetings] == [first_, second]
    assert shown.next_meeting is not None
    assert shown.next_meeting.id == later


def test_past_meetings_without_outcome_wait_for_a_look(desk: Database) -> None:
    roux = a_member(desk)
    a_meeting(desk, roux, "2026-12-01 09:30")
    held(desk, a_meeting(desk, roux, "2026-12-02 09:30"))

    assert page(desk).to_check.meetings_without_outcome == 1


def disagree(desk: Database, member: MemberId, field_name: str, value: str = "x") -> None:
    """As if another desk had written the field at the same time."""
    number = field(Kind.MEMBER, field_name).id
    desk.keep(
        lambda s: s.add(
            Sibling(record=member, field=number, origin=2, seq=1, stamp=1, value=encode(value))
        )
    )


def test_disagreements_that_a_person_must_settle_wait_for_a_look(desk: Database) -> None:
    roux = a_member(desk, "Roux")
    for name in ("birth_date", "note", "service"):
        disagree(desk, roux, name)

    assert page(desk).to_check.disagreements == 2
    assert card(desk, roux).open_disagreements == ("birth_date", "note")


def test_desks_that_wrote_the_same_leave_nothing_to_settle(desk: Database) -> None:
    roux = a_member(desk, "Roux", note="Calls back")
    disagree(desk, roux, "note", "Calls back")

    assert page(desk).to_check.disagreements == 0
    assert card(desk, roux).open_disagreements == ()


def test_when_all_is_sorted_the_page_says_so(desk: Database) -> None:
    a_member(desk)

    assert page(desk).is_sorted
