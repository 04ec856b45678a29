"""Whom Today names to be met and why, until that is done, declined or put off."""

from dataclasses import replace
from datetime import date

import pytest

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.contacts import Way
from correspondent_desk.domain.meetings import MeetingStatus, Mode
from correspondent_desk.domain.presence import Why
from correspondent_desk.domain.requests import (
    RequestStatus,
    RequestType,
)
from correspondent_desk.domain.today import TodayPage
from correspondent_desk.messages.reasons import of_person
from correspondent_desk.records import office, requests, today
from correspondent_desk.records.office import OfficeRow
from correspondent_desk.store.database import Database
from tests.records.acts import (
    TODAY,
    TOMORROW,
    a_contact,
    a_meeting,
    a_member,
    a_request,
    days_before,
    held,
    on,
    page,
)


def reasons(shown: TodayPage) -> list[tuple[str, Why]]:
    """Who should be met and why."""
    return [(one.member.family_name, one.reason.why) for one in shown.people]


def test_an_emergency_asks_for_a_meeting_until_one_is_planned(desk: Database) -> None:
    roux = a_member(desk, "Roux")
    a_request(desk, roux, type=RequestType.EMERGENCY)
    assert reasons(page(desk)) == [("Roux", Why.EMERGENCY)]

    a_meeting(desk, roux, "2026-12-08 09:30")

    assert page(desk).people == ()


def test_who_was_met_for_an_emergency_is_not_proposed_again_when_it_gets_further(
    desk: Database,
) -> None:
    roux = a_member(desk, "Roux")
    opened = days_before(9)
    request = a_request(desk, roux, type=RequestType.EMERGENCY, opened_on=opened, now=on(opened))
    a_contact(desk, roux, f"{days_before(5)} 10:00", Way.HOME)
    assert page(desk).people == ()

    desk.do(
        Action.REQUEST_EDITED,
        lambda s: requests.set_status(s, request, RequestStatus.SENT, on(days_before(2))),
    )

    assert page(desk).people == ()


def test_what_becomes_an_emergency_asks_for_a_meeting_since_then(desk: Database) -> None:
    roux = a_member(desk, "Roux")
    opened = days_before(40)
    request = a_request(desk, roux, opened_on=opened, now=on(opened))
    a_contact(desk, roux, f"{days_before(20)} 10:00", Way.VISIT)
    card = desk.read(lambda s: requests.card(s, request))
    pressing = replace(card.draft, type=RequestType.EMERGENCY)

    desk.do(Action.REQUEST_EDITED, lambda s: requests.save(s, card, pressing, (), on(TODAY)))

    shown = page(desk)
    assert reasons(shown) == [("Roux", Why.EMERGENCY)]
    assert shown.people[0].reason.since == TODAY
    behind = page(desk, on(days_before(3)))
    assert behind.people == (), "a stamp from a clock that is ahead counts for nothing"
    a_contact(desk, roux, f"{TODAY} 10:00", Way.VISIT)
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

    desk.do(Action.OFFICE_EDITED, lambda s: office.save_office(s, office.office(s), rhythm))

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
