"""Times that are offered for a meeting: free, and no warning speaks against them."""

from dataclasses import replace
from datetime import date, time
from functools import partial

import pytest
from sqlalchemy.orm import Session

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.meetings import (
    MeetingDraft,
    Mode,
)
from correspondent_desk.domain.members import MemberId, SiteId
from correspondent_desk.domain.planning import FreeSlot, SlotWarning
from correspondent_desk.records import meetings
from correspondent_desk.store.database import Database
from correspondent_desk.store.tables import Meeting
from tests.records.acts import (
    NOW,
    a_meeting,
    a_member,
    a_session,
    a_site,
    at,
)


def free(desk: Database, site: SiteId | None = None, minutes: int = 30) -> list[str]:
    """The free times offered."""
    draft = MeetingDraft(site_id=site, minutes=minutes)
    found = desk.read(lambda s: meetings.next_free(s, draft, NOW))
    return [f"{one.starts_at:%d %H:%M}" for one in found]


def test_free_times_are_in_drop_in_sessions_around_what_is_planned(desk: Database) -> None:
    hall = a_site(desk)
    a_session(desk, hall, "2026-12-08 10:00", minutes=60, weekly_until=date(2026, 12, 22))
    a_meeting(desk, a_member(desk), "2026-12-08 10:00", site_id=hall)
    a_meeting(desk, a_member(desk), "2026-12-15 10:00", minutes=60, site_id=hall)

    assert free(desk, hall) == ["08 10:30", "22 10:00"]


def test_without_sessions_free_times_are_in_opening_hours(desk: Database) -> None:
    hall = a_site(desk, opens_at=time(8, 30), closes_at=time(12, 0))
    desk.do(Action.ABSENCE_ADDED, lambda s: meetings.add_absence(s, date(2026, 12, 4)))

    assert free(desk, hall)[:2] == ["03 09:00", "07 08:30"]


def test_free_times_are_looked_for_from_a_far_day_on(desk: Database) -> None:
    hall = a_site(desk, opens_at=time(8, 30), closes_at=time(12, 0))
    far = date(2027, 3, 13)  # a Saturday

    draft = MeetingDraft(site_id=hall)
    found = desk.read(lambda s: meetings.next_free(s, draft, NOW, far))

    assert found[0].starts_at == at("2027-03-15 08:30")
    before_today = desk.read(lambda s: meetings.next_free(s, draft, NOW, date(2026, 1, 1)))
    assert before_today[0].starts_at == at("2026-12-03 09:00")


def test_no_time_is_free_on_a_holiday_or_in_the_past(desk: Database) -> None:
    hall = a_site(desk)
    a_session(desk, hall, "2026-12-25 10:00")
    a_session(desk, hall, "2026-12-03 08:00", minutes=30)

    assert free(desk, hall) == []


def test_sessions_of_any_site_are_offered_by_time(desk: Database) -> None:
    hall, depot = a_site(desk, "Town hall"), a_site(desk, "Depot")
    a_session(desk, hall, "2026-12-09 10:00")
    a_session(desk, depot, "2026-12-08 10:00")

    assert free(desk) == ["08 10:00", "09 10:00"]
    assert free(desk, depot) == ["08 10:00"]


@pytest.mark.parametrize("mode", [Mode.ON_SITE, Mode.PHONE])
def test_no_free_time_that_is_offered_meets_with_a_warning(desk: Database, mode: Mode) -> None:
    hall, depot = a_site(desk, "Town hall", room="A"), a_site(desk, "Depot")
    late = date(2027, 6, 30)
    a_session(desk, depot, "2026-12-03 09:00", minutes=90, weekly_until=late)
    a_session(desk, depot, "2026-12-04 17:00", minutes=120, weekly_until=late)  # after closing
    roux, petit = a_member(desk, "Roux"), a_member(desk, "Petit")
    a_meeting(desk, roux, "2026-12-07 08:30", mode=Mode.PHONE)
    theirs = MeetingDraft(starts_at=at("2026-12-08 08:30"), site_id=hall, room="a")
    held_by_another(desk, replace(theirs, member_id=petit))  # in that room
    held_by_another(
        desk, replace(theirs, member_id=roux, starts_at=at("2026-12-09 08:30"), site_id=depot)
    )

    for site in (hall, depot):
        draft = MeetingDraft(member_id=roux, mode=mode, site_id=site)
        slots, warned = desk.read(partial(tried, draft))

        assert len(slots) == 6
        assert warned == []


def tried(draft: MeetingDraft, s: Session) -> tuple[list[FreeSlot], list[SlotWarning]]:
    """The free times offered, and what speaks against any of them."""
    slots = meetings.next_free(s, draft, NOW)
    taken = [
        replace(draft, starts_at=it.starts_at, site_id=it.site_id, room=it.room) for it in slots
    ]
    return slots, [one for it in taken for one in meetings.warnings(s, it, NOW)]


def held_by_another(desk: Database, draft: MeetingDraft) -> None:
    """A meeting of a colleague."""
    meeting = a_meeting(desk, draft.member_id or MemberId(0), "2026-12-08 08:30")

    def hand_over(s: Session) -> None:
        meetings.save(s, meetings.row(s, meeting), draft)
        s.get_one(Meeting, meeting).person = "M. Petit"

    desk.do(Action.MEETING_EDITED, hand_over)


def test_a_meeting_that_is_moved_does_not_stand_in_its_own_way(desk: Database) -> None:
    hall = a_site(desk)
    a_session(desk, hall, "2026-12-08 10:00", minutes=30)
    meeting = a_meeting(desk, a_member(desk), "2026-12-08 10:00", site_id=hall)
    draft = MeetingDraft(site_id=hall)

    assert desk.read(lambda s: meetings.next_free(s, draft, NOW, ignoring=meeting))
    assert not desk.read(lambda s: meetings.next_free(s, draft, NOW))
