"""What is planned with somebody who has died is found, and taken back in the step that says so."""

from dataclasses import replace

from sqlalchemy.orm import Session

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.meetings import MeetingDraft, MeetingStatus
from correspondent_desk.domain.members import Channel, MemberFilter, MemberStatus
from correspondent_desk.domain.planning import WarningKind
from correspondent_desk.domain.requests import NextStep, Owes
from correspondent_desk.messages.history import named
from correspondent_desk.records import meetings, members, plans, requests
from correspondent_desk.records.plans import TakenBack
from correspondent_desk.store.database import Database
from tests.records.acts import (
    NOW,
    TODAY,
    a_contact,
    a_meeting,
    a_member,
    a_request,
    at,
    card,
    edit,
    held,
    names_of,
    page,
    request_row,
)


def test_what_is_to_come_is_planned_and_what_is_over_is_not(desk: Database) -> None:
    anne, other = a_member(desk), a_member(desk, "Petit")
    held(desk, a_meeting(desk, anne, "2026-12-03 08:00"))
    a_meeting(desk, anne, "2026-12-02 10:00")  # without an outcome, but no plan any more
    a_meeting(desk, other, "2026-12-04 10:00")
    second = a_meeting(desk, anne, "2026-12-10 10:00")
    first = a_meeting(desk, anne, "2026-12-03 08:30")
    a_request(desk, anne)
    owed = a_request(desk, anne, next_what="Call back", next_who=Owes.MEMBER)

    found = desk.read(lambda s: plans.of_member(s, anne, TODAY))

    assert [row.id for row in found.meetings] == [first, second]
    assert [row.id for row in found.steps] == [owed]
    assert not desk.read(lambda s: plans.of_member(s, a_member(desk, "Autre"), TODAY))


def test_what_is_taken_back_comes_again_with_one_undo(desk: Database) -> None:
    anne = a_member(desk)
    opened = card(desk, anne)
    meeting = a_meeting(desk, anne, "2026-12-10 10:00")
    kept = a_meeting(desk, anne, "2026-12-11 10:00")
    request = a_request(desk, anne, next_what="Call back", next_due=TODAY)
    owed = request_row(desk, request)

    def write(session: Session) -> None:
        members.save(session, opened, replace(opened.draft, status=MemberStatus.DECEASED))
        plans.take_back(session, TakenBack(meetings=[meeting], steps=[owed]))

    desk.do(Action.MEMBER_EDITED, write)
    assert desk.read(lambda s: meetings.row(s, meeting)).status is MeetingStatus.CANCELLED
    assert desk.read(lambda s: meetings.row(s, kept)).status is MeetingStatus.PLANNED
    assert request_row(desk, request).next_what == ""
    step = desk.next_undo()
    assert step is not None
    assert desk.read(lambda s: named(s, step)) == (
        "Change: status of Anne LE GOFF; meeting cancelled: on site, Thursday 10 December 2026"
    )

    desk.undo()
    assert desk.read(lambda s: meetings.row(s, meeting)).status is MeetingStatus.PLANNED
    assert (request_row(desk, request).next_what, request_row(desk, request).next_due) == (
        "Call back",
        TODAY,
    )
    assert card(desk, anne).draft.status is MemberStatus.ACTIVE


def test_what_is_planned_no_more_stays_as_it_became(desk: Database) -> None:
    anne = a_member(desk)
    took_place, gone, coming = (a_meeting(desk, anne, f"2026-12-0{day} 10:00") for day in (3, 4, 5))
    ticked = TakenBack(meetings=(took_place, gone, coming))
    held(desk, took_place)
    desk.do(Action.MEETING_REMOVED, lambda s: meetings.remove(s, gone))
    request = a_request(desk, anne, next_what="Call back")
    ticked = replace(ticked, steps=[request_row(desk, request)])
    other = NextStep("Announce the grant")
    desk.do(Action.STEP_CHANGED, lambda s: requests.replace_step(s, request, NOW, other))

    desk.do(Action.PLANS_TAKEN_BACK, lambda s: plans.take_back(s, ticked))

    rows = desk.read(lambda s: meetings.rows(s, [took_place, gone, coming]))
    assert [row.status for row in rows] == [MeetingStatus.SEEN, MeetingStatus.CANCELLED]
    assert request_row(desk, request).step == other


def test_a_meeting_with_who_has_died_or_wishes_no_contact_is_warned_of(desk: Database) -> None:
    dead = a_member(desk, status=MemberStatus.DECEASED)
    alone = a_member(desk, "Petit", preferred_channel=Channel.NONE)

    def kinds(draft: MeetingDraft) -> list[WarningKind]:
        return [one.kind for one in desk.read(lambda s: meetings.warnings(s, draft, NOW))]

    assert kinds(MeetingDraft(member_id=dead)) == [WarningKind.DECEASED]
    at_night = MeetingDraft(member_id=dead, starts_at=at("2026-12-01 10:00"))
    assert kinds(at_night) == [WarningKind.DECEASED, WarningKind.IN_THE_PAST]
    assert kinds(MeetingDraft(member_id=alone)) == [WarningKind.NO_CONTACT]
    assert kinds(MeetingDraft(member_id=a_member(desk, "Roux"))) == []


def test_who_wishes_no_contact_is_not_called_upon(desk: Database) -> None:
    member = a_member(desk, rhythm_months=1)
    a_contact(desk, member, "2025-06-01 10:00")
    assert [one.member.id for one in page(desk).people] == [member]

    edit(desk, card(desk, member), preferred_channel=Channel.NONE)

    assert page(desk).people == ()
    without_news = desk.read(
        lambda s: members.find_ids(s, which=MemberFilter.WITHOUT_NEWS, today=TODAY)
    )
    assert names_of(desk, without_news) == []


def test_today_names_who_has_died_and_is_still_expected(desk: Database) -> None:
    anne, seen = a_member(desk), a_member(desk, "Petit")
    meeting = a_meeting(desk, anne, "2026-12-10 10:00")
    a_meeting(desk, seen, "2026-12-02 10:00")
    assert page(desk).to_check.planned_with_deceased == ()

    for one in (anne, seen):  # as a staff list would say it
        edit(desk, card(desk, one), status=MemberStatus.DECEASED)
    assert page(desk).to_check.planned_with_deceased == (anne,)

    desk.do(Action.PLANS_TAKEN_BACK, lambda s: plans.take_back(s, TakenBack(meetings=[meeting])))
    assert page(desk).to_check.planned_with_deceased == ()
