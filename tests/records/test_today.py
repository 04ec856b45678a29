"""Today: what stands on the page and why, held against the pure rules; what one answers."""

import random
import re
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy.orm import Session

from correspondent_desk.domain import presence, triage
from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.contacts import Way
from correspondent_desk.domain.fields import Kind, field
from correspondent_desk.domain.meetings import MeetingStatus, Mode
from correspondent_desk.domain.members import Channel, MemberId
from correspondent_desk.domain.presence import Why
from correspondent_desk.domain.requests import (
    DocumentDraft,
    Owes,
    RequestId,
    RequestStatus,
    RequestType,
)
from correspondent_desk.domain.today import TodayLine, TodayPage
from correspondent_desk.domain.triage import LineKind, RequestFacts
from correspondent_desk.messages.reasons import of_person
from correspondent_desk.records import members, office, people_to_meet, requests, today
from correspondent_desk.records.office import OfficeRow
from correspondent_desk.records.today import MOST_LINES
from correspondent_desk.records.windows import raw
from correspondent_desk.store import history
from correspondent_desk.store.database import Database
from correspondent_desk.store.logbook import Sibling
from correspondent_desk.store.tables import Answer
from correspondent_desk.store.values import encode
from tests.records.acts import (
    NOW,
    TODAY,
    a_contact,
    a_meeting,
    a_member,
    a_request,
    card,
    days_before,
    held,
    page,
)

TOMORROW = TODAY + timedelta(days=1)


def told(shown: TodayPage) -> list[tuple[LineKind, str]]:
    """Kind and subject of each line."""
    return [(one.line.kind, one.request.subject) for one in shown.lines]


def on(day: date) -> datetime:
    """Nine in the morning of a day, local time."""
    return datetime.combine(day, NOW.time()).astimezone()


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


# --- whom to meet ---------------------------------------------------------------------------------


def reasons(shown: TodayPage) -> list[tuple[str, Why]]:
    """Who should be met and why."""
    return [(one.member.family_name, one.reason.why) for one in shown.people]


def test_an_emergency_asks_for_a_meeting_until_one_is_planned(desk: Database) -> None:
    roux = a_member(desk, "Roux")
    a_request(desk, roux, type=RequestType.EMERGENCY)
    assert reasons(page(desk)) == [("Roux", Why.EMERGENCY)]

    a_meeting(desk, roux, "2026-12-08 09:30")

    assert page(desk).people == ()


def test_a_refusal_asks_for_a_meeting_until_it_was_told(desk: Database) -> None:
    roux = a_member(desk, "Roux")
    request = a_request(desk, roux, now=on(days_before(9)))
    desk.do(
        Action.REQUEST_EDITED,
        lambda s: requests.set_status(s, request, RequestStatus.REFUSED, on(days_before(2))),
    )
    shown = page(desk)
    assert reasons(shown) == [("Roux", Why.REFUSAL)]
    assert shown.people[0].request is not None

    a_contact(desk, roux, "2026-12-02 10:00", request_id=request)

    assert page(desk).people == ()


@pytest.mark.parametrize(
    ("ended", "why"),
    [
        (MeetingStatus.NO_SHOW, "missed the meeting of"),
        (MeetingStatus.EXCUSED, "could not be at the meeting of"),
    ],
)
def test_who_missed_a_meeting_is_to_be_met_until_another_is_planned(
    desk: Database, ended: MeetingStatus, why: str
) -> None:
    roux = a_member(desk, "Roux")
    held(desk, a_meeting(desk, roux, "2026-12-02 10:00"), MeetingStatus.CANCELLED)
    assert page(desk).people == ()
    meeting = a_meeting(desk, roux, "2026-12-02 11:00")
    held(desk, meeting, ended)
    [person] = page(desk).people
    assert (person.reason.why, person.reason.meeting_id) == (Why.MISSED_MEETING, meeting)
    in_words = f"{why} Wednesday 2 December, nothing has been planned since"
    assert of_person(person, TODAY) == in_words
    assert page(desk, on(date(2027, 1, 2))).people == ()

    a_meeting(desk, roux, "2026-12-08 09:30", mode=Mode.PHONE)

    assert page(desk).people == ()


def test_a_meeting_planned_before_the_one_that_was_called_off_makes_up_for_it(
    desk: Database,
) -> None:
    roux = a_member(desk, "Roux")
    held(desk, a_meeting(desk, roux, "2026-12-10 10:00"), MeetingStatus.EXCUSED)
    [person] = page(desk).people
    in_words = "called off the meeting of Thursday 10 December, nothing else is planned"
    assert of_person(person, TODAY) == in_words

    a_meeting(desk, roux, "2026-12-08 09:30")

    assert page(desk).people == ()


def test_no_to_a_missed_meeting_holds_for_that_one(desk: Database) -> None:
    roux = a_member(desk, "Roux")
    held(desk, a_meeting(desk, roux, "2026-12-10 10:00"), MeetingStatus.EXCUSED)
    person = page(desk).people[0]

    desk.do(Action.LINE_DECLINED, lambda s: today.decline(s, person, TODAY))

    assert page(desk).people == ()
    assert page(desk, on(date(2026, 12, 11))).people == ()
    held(desk, a_meeting(desk, roux, "2026-12-12 10:00"), MeetingStatus.NO_SHOW)
    assert len(page(desk, on(date(2026, 12, 13))).people) == 1


def test_a_third_remote_exchange_in_a_row_asks_for_a_meeting(desk: Database) -> None:
    roux = a_member(desk, "Roux")
    request = a_request(desk, roux)
    for day in (20, 25):
        a_contact(desk, roux, f"2026-11-{day} 10:00", Way.MAIL, request_id=request)
    a_contact(desk, roux, "2026-11-26 10:00", Way.PHONE, request_id=request, reached=False)
    assert page(desk).people == ()

    a_contact(desk, roux, "2026-11-28 10:00", Way.PHONE, request_id=request)

    assert [(one.reason.why, one.reason.exchanges) for one in page(desk).people] == [
        (Why.REMOTE_EXCHANGES, 3)
    ]


def test_a_rhythm_that_has_run_out_asks_for_a_meeting(desk: Database) -> None:
    a_contact(desk, a_member(desk, "Often", rhythm_months=6), "2026-11-01 10:00", Way.VISIT)
    a_contact(desk, a_member(desk, "Yearly", rhythm_months=12), "2025-11-01 10:00", Way.VISIT)
    a_contact(desk, a_member(desk, "No wish"), "2020-11-01 10:00")

    assert reasons(page(desk)) == [("Yearly", Why.RHYTHM)]


def test_the_rhythm_of_the_office_holds_for_those_who_named_none(desk: Database) -> None:
    a_contact(desk, a_member(desk, "Long ago"), "2025-06-01 10:00")
    a_contact(desk, a_member(desk, "Lately"), "2026-06-01 10:00")
    rhythm = OfficeRow(name="Rennes", code="", rhythm_months=12)

    desk.do(Action.OFFICE_EDITED, lambda s: office.save_office(s, rhythm))

    assert reasons(page(desk)) == [("Long ago", Why.RHYTHM)]


def test_someone_the_desk_just_came_to_know_is_not_overdue_for_years(desk: Database) -> None:
    a_member(desk, "New", rhythm_months=12, entered_on=date(2001, 1, 1))

    assert page(desk).people == ()
    assert reasons(page(desk, on(date(2027, 12, 4)))) == [("New", Why.RHYTHM)]


def test_a_declined_suggestion_is_not_made_again_for_that_request(desk: Database) -> None:
    roux = a_member(desk, "Roux")
    a_request(desk, roux, type=RequestType.EMERGENCY)
    person = page(desk).people[0]

    desk.do(Action.LINE_DECLINED, lambda s: today.decline(s, person, TODAY))

    assert page(desk).people == ()
    assert page(desk, on(date(2027, 12, 3))).people == ()
    a_request(desk, roux, type=RequestType.EMERGENCY, subject="another")
    assert len(page(desk).people) == 1


def test_a_declined_rhythm_begins_anew(desk: Database) -> None:
    roux = a_member(desk, "Roux", rhythm_months=6)
    a_contact(desk, roux, "2026-01-05 10:00")
    person = page(desk).people[0]

    desk.do(Action.LINE_DECLINED, lambda s: today.decline(s, person, TODAY))

    assert page(desk).people == ()
    assert page(desk, on(date(2027, 6, 2))).people == ()
    assert len(page(desk, on(date(2027, 6, 3))).people) == 1


def test_a_suggestion_put_off_comes_back(desk: Database) -> None:
    a_request(desk, a_member(desk), type=RequestType.EMERGENCY)
    person = page(desk).people[0]

    desk.do(Action.LINE_SNOOZED, lambda s: today.snooze(s, person, TOMORROW))

    assert page(desk).people == ()
    assert len(page(desk, on(TOMORROW)).people) == 1


def test_at_most_five_people_a_day_the_most_pressing_first(desk: Database) -> None:
    for number in range(4):
        member = a_member(desk, f"Rhythm {number}", rhythm_months=6)
        a_contact(desk, member, f"2026-0{number + 1}-05 10:00")
    for number in range(3):
        a_request(desk, a_member(desk, f"Emergency {number}"), type=RequestType.EMERGENCY)

    shown = reasons(page(desk))

    assert [why for _, why in shown] == [Why.EMERGENCY] * 3 + [Why.RHYTHM] * 2
    assert [name for name, _ in shown][3:] == ["Rhythm 0", "Rhythm 1"]


# --- the SQL and the rules ------------------------------------------------------------------------


def _some_request(rng: random.Random, desk: Database, member: MemberId) -> RequestFacts:
    def maybe(day: date, share: float) -> date | None:
        return day if rng.random() < share else None

    opened = days_before(rng.randint(0, 150))
    columns: dict[str, Any] = {
        "type": rng.choice(list(RequestType)),
        "status": rng.choice(list(RequestStatus)),
        "last_useful_on": maybe(TODAY + timedelta(days=rng.randint(-8, 40)), 0.6),
        "next_what": rng.choice(("", "Call")),
        "next_who": rng.choice(list(Owes)),
        "next_due": maybe(TODAY + timedelta(days=rng.randint(-5, 30)), 0.5),
        "opened_on": opened,
    }
    request = a_request(desk, member, now=on(opened), **columns)
    happened = opened
    if rng.random() < 0.5:
        happened = days_before(rng.randint(0, (TODAY - opened).days))
        a_contact(desk, member, f"{happened} 10:00", request_id=request)
    until = maybe(TODAY + timedelta(days=rng.randint(-3, 60)), 0.3)
    if until:
        desk.do(
            Action.LINE_SNOOZED,
            lambda s: (
                history.create(
                    s, Answer, about_id=request, line="request", answer="later", until=until
                ).id
            ),
        )
    return RequestFacts(
        id=request,
        member_id=member,
        type=columns["type"],
        status=columns["status"],
        waiting_since=max(opened, happened),
        last_useful_on=columns["last_useful_on"],
        next_what=columns["next_what"],
        next_who=columns["next_who"],
        next_due=columns["next_due"],
        snoozed_until=until,
    )


@pytest.mark.parametrize("seed", range(4))
def test_the_page_holds_what_the_rules_say_about_every_request(desk: Database, seed: int) -> None:
    rng = random.Random(seed)
    member = a_member(desk)
    facts = [_some_request(rng, desk, member) for _ in range(90)]
    expected = triage.lines(facts, TODAY)

    shown = page(desk)

    def of(kind: LineKind) -> list[RequestId]:
        return [line.request_id for line in expected if line.kind is kind]

    for kind in LineKind:
        found = [one.line.request_id for one in shown.lines if one.line.kind is kind]
        assert found == of(kind)[:MOST_LINES], kind
        assert shown.more.get(kind, 0) == max(0, len(of(kind)) - MOST_LINES), kind


@pytest.mark.parametrize("seed", range(3))
def test_people_are_those_the_rule_finds_among_everybody(desk: Database, seed: int) -> None:
    rng = random.Random(seed)
    for number in range(16):
        _someone(rng, desk, f"Member {number}")
    ids = desk.read(lambda s: list(members.find_ids(s, today=TODAY)))
    everybody = desk.read(lambda s: people_to_meet.presences(s, [*map(MemberId, ids)], NOW, None))
    expected = [one for _, one in presence.people_to_meet(everybody, TODAY)]

    shown = [one.reason for one in page(desk).people]

    assert sorted(map(str, shown)) == sorted(map(str, expected[:5]))


def _someone(rng: random.Random, desk: Database, name: str) -> None:
    channel = rng.choice((Channel.ANY, Channel.ANY, Channel.NONE))
    rhythm = rng.choice((None, None, 6, 12))
    member = a_member(desk, name, rhythm_months=rhythm, preferred_channel=channel)
    then = days_before(rng.randint(100, 300))
    request = a_request(
        desk,
        member,
        now=on(then),
        opened_on=then,
        type=rng.choice((RequestType.CLAIM, RequestType.CLAIM, RequestType.EMERGENCY)),
        status=rng.choice((RequestStatus.PREPARING, RequestStatus.REFUSED, RequestStatus.CLOSED)),
    )
    for number in range(rng.randint(0, 5)):
        a_contact(
            desk,
            member,
            f"{days_before(rng.randint(1, 400))} 1{number}:00",
            rng.choice(list(Way)),
            request_id=rng.choice((None, request)),
            reached=rng.random() < 0.8,
        )
    if rng.random() < 0.2:
        a_meeting(desk, member, "2026-12-10 09:00", mode=rng.choice(list(Mode)))
    if rng.random() < 0.4:
        missed = a_meeting(desk, member, f"{days_before(rng.randint(-9, 40))} 09:00")
        held(desk, missed, rng.choice(list(MeetingStatus)))


def test_the_page_looks_for_the_few_by_their_indexes(desk: Database) -> None:
    asked: list[str] = []

    def plans(s: Session) -> str:
        connection = raw(s)
        connection.set_trace_callback(asked.append)
        today.page(s, NOW)
        connection.set_trace_callback(None)
        queries = [sql for sql in asked if sql.lstrip().startswith(("SELECT", "WITH"))]
        found = [connection.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall() for sql in queries]
        return "\n".join(line[3] for lines in found for line in lines)

    found = desk.read(plans)

    assert "meeting_missed" in found
    assert "member_deceased" in found
    large = re.findall(
        r"^SCAN (?:m|t|r|c|meeting|member|request|contact)\b(?!.* USING )", found, re.MULTILINE
    )
    assert not large
