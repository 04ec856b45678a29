"""Meetings: weeks and lists, planning in spite of warnings, moving, outcomes, free times."""

from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest
from sqlalchemy.orm import Session

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.contacts import Way
from correspondent_desk.domain.meetings import (
    MeetingDraft,
    MeetingFilter,
    MeetingId,
    MeetingStatus,
    Mode,
    Outcome,
)
from correspondent_desk.domain.members import MemberId, Phone
from correspondent_desk.domain.planning import WarningKind
from correspondent_desk.domain.requests import NextStep, Owes
from correspondent_desk.records import meetings, members, office
from correspondent_desk.records.trouble import EditConflict, NoSuchRecord, NotPlanned
from correspondent_desk.store.database import Database
from tests.records.acts import (
    NOW,
    TODAY,
    a_meeting,
    a_member,
    a_request,
    a_session,
    a_site,
    at,
    card,
    held,
    request_row,
)

MONDAY = date(2026, 11, 30)


def found(desk: Database, words: str = "", which: MeetingFilter = MeetingFilter.ALL) -> list[str]:
    """Days and hours in the list, in its order."""
    ids = desk.read(lambda s: meetings.find_ids(s, words, which, now=NOW))
    return [f"{one.draft.starts_at:%d %H:%M}" for one in desk.read(lambda s: meetings.rows(s, ids))]


def kinds(desk: Database, member: MemberId, when: str, **told: object) -> list[WarningKind]:
    """What speaks against a time."""
    draft = MeetingDraft(member_id=member, starts_at=at(when), **told)  # type: ignore[arg-type]
    return [one.kind for one in desk.read(lambda s: meetings.warnings(s, draft, NOW))]


def test_a_meeting_shows_whom_where_and_about_what(desk: Database) -> None:
    hall = a_site(desk, "Town hall")
    roux = a_member(desk, "Roux", phones=(Phone(number="+33639980001"),))
    request = a_request(desk, roux, subject="School start")

    meeting = a_meeting(
        desk, roux, "2026-12-10 09:30", site_id=hall, request_id=request, reason="file"
    )

    row = desk.read(lambda s: meetings.row(s, meeting))
    assert (row.family_name, row.site, row.request_subject, row.phone, row.person) == (
        "Roux", "Town hall", "School start", "+33639980001", "Yann",
    )  # fmt: skip
    assert row.draft.starts_at == at("2026-12-10 09:30")


def test_a_meeting_keeps_the_time_zone_of_its_site(desk: Database) -> None:
    saint_denis = a_site(desk, "Saint-Denis", department="974")

    meeting = a_meeting(desk, a_member(desk), "2026-12-10 09:30", site_id=saint_denis)

    row = desk.read(lambda s: meetings.row(s, meeting))
    assert row.draft.zone == "Indian/Reunion"


def test_lists_begin_with_the_next_meeting_or_with_the_newest(desk: Database) -> None:
    roux, petit = a_member(desk, "Roux"), a_member(desk, "Petit")
    a_meeting(desk, roux, "2026-12-10 09:00")
    a_meeting(desk, petit, "2026-12-04 09:00")
    a_meeting(desk, roux, "2026-12-01 09:00")
    held(desk, a_meeting(desk, roux, "2026-11-30 09:00"))

    assert found(desk, which=MeetingFilter.UPCOMING) == ["04 09:00", "10 09:00"]
    assert found(desk, which=MeetingFilter.WITHOUT_OUTCOME) == ["01 09:00"]
    assert found(desk, which=MeetingFilter.PAST) == ["01 09:00", "30 09:00"]
    assert found(desk, "roux") == ["10 09:00", "01 09:00", "30 09:00"]


def test_a_week_holds_meetings_sessions_absences_and_holidays(desk: Database) -> None:
    hall = a_site(desk, "Town hall", department="67")
    a_meeting(desk, a_member(desk), "2026-12-24 09:00", site_id=hall)
    a_session(desk, hall, "2026-12-08 10:00", weekly_until=date(2026, 12, 31))
    desk.do(
        Action.ABSENCE_ADDED,
        lambda s: meetings.add_absence(s, date(2026, 12, 25), date(2027, 1, 3), "Christmas"),
    )

    week = desk.read(lambda s: meetings.week(s, date(2026, 12, 21), "fr"))

    assert len(week.meetings) == 1
    assert [one.starts_at for one in week.sessions] == [at("2026-12-22 10:00")]
    assert [one.label for one in week.absences] == ["Christmas"]
    assert week.holidays == {
        date(2026, 12, 25): ("Noël",),
        date(2026, 12, 26): ("Saint-Étienne",),
    }


def test_holidays_of_all_sites_stand_in_the_week(desk: Database) -> None:
    a_site(desk, "Rennes", department="35")
    a_site(desk, "Strasbourg", department="67", good_friday=True)

    week = desk.read(lambda s: meetings.week(s, date(2027, 3, 22), "fr"))

    assert week.holidays == {date(2027, 3, 26): ("Vendredi saint",)}


def test_a_meeting_is_changed_also_after_its_site_was_found_to_lie_elsewhere(
    desk: Database,
) -> None:
    member, site = a_member(desk), a_site(desk, "Saint-Denis")
    meeting = a_meeting(desk, member, "2026-12-10 10:00", site_id=site)
    [known] = desk.read(office.sites)
    there = replace(known.draft, department="974")
    desk.do(Action.SITE_EDITED, lambda s: office.save_site(s, known, there))
    opened = desk.read(lambda s: meetings.row(s, meeting))

    noted = replace(opened.draft, bring="the certificate")
    desk.do(Action.MEETING_EDITED, lambda s: meetings.save(s, opened, noted))
    assert desk.read(lambda s: meetings.row(s, meeting)).draft == noted

    opened = desk.read(lambda s: meetings.row(s, meeting))
    later = replace(noted, starts_at=at("2026-12-10 14:00"))
    moved = desk.do(Action.MEETING_MOVED, lambda s: meetings.move(s, opened, later)).result

    found = desk.read(lambda s: meetings.row(s, moved)).draft
    assert (found.starts_at, found.zone) == (at("2026-12-10 14:00"), "Indian/Reunion")


def test_moved_and_cancelled_meetings_leave_the_week_but_not_the_timeline(desk: Database) -> None:
    roux = a_member(desk)
    moved = a_meeting(desk, roux, "2026-12-01 09:00")
    cancelled = a_meeting(desk, roux, "2026-12-02 09:00")
    later = MeetingDraft(member_id=roux, starts_at=at("2026-12-04 10:00"))

    new = desk.do(
        Action.MEETING_MOVED, lambda s: meetings.move(s, meetings.row(s, moved), later)
    ).result
    desk.do(Action.MEETING_CANCELLED, lambda s: meetings.cancel(s, cancelled))

    week = desk.read(lambda s: meetings.week(s, MONDAY, "fr"))
    assert [one.id for one in week.meetings] == [new]
    told = {one.id: one.what for one in desk.read(lambda s: members.timeline(s, roux))}
    assert told == {new: "planned", moved: "moved", cancelled: "cancelled"}


def test_undoing_a_move_puts_the_meeting_back(desk: Database) -> None:
    roux = a_member(desk)
    moved = a_meeting(desk, roux, "2026-12-01 09:00")
    later = MeetingDraft(member_id=roux, starts_at=at("2026-12-04 10:00"))
    desk.do(Action.MEETING_MOVED, lambda s: meetings.move(s, meetings.row(s, moved), later))

    desk.undo()

    assert [one.id for one in desk.read(lambda s: meetings.week(s, MONDAY, "fr")).meetings] == [
        moved
    ]


@pytest.mark.parametrize("status", [MeetingStatus.SEEN, MeetingStatus.MOVED])
def test_only_what_is_still_planned_is_moved(desk: Database, status: MeetingStatus) -> None:
    roux = a_member(desk)
    meeting = a_meeting(desk, roux, "2026-12-01 09:00")
    held(desk, meeting, status)
    later = MeetingDraft(member_id=roux, starts_at=at("2026-12-04 10:00"))

    with pytest.raises(NotPlanned) as refused:
        desk.do(Action.MEETING_MOVED, lambda s: meetings.move(s, meetings.row(s, meeting), later))

    assert refused.value.details == {"status": status}
    [row] = desk.read(lambda s: meetings.of_member(s, roux))
    assert (row.id, row.status) == (meeting, status)


def test_a_clash_warns_and_may_be_kept(desk: Database) -> None:
    roux, petit = a_member(desk, "Roux"), a_member(desk, "Petit")
    a_meeting(desk, roux, "2026-12-10 09:00")

    assert kinds(desk, petit, "2026-12-10 09:15") == [WarningKind.SAME_CORRESPONDENT]
    a_meeting(desk, petit, "2026-12-10 09:15")
    assert len(desk.read(lambda s: meetings.day(s, date(2026, 12, 10)))) == 2


def test_a_meeting_does_not_stand_in_its_own_way(desk: Database) -> None:
    roux = a_member(desk)
    meeting = a_meeting(desk, roux, "2026-12-10 09:00")
    draft = MeetingDraft(member_id=roux, starts_at=at("2026-12-10 09:15"))

    assert desk.read(lambda s: meetings.warnings(s, draft, NOW, meeting)) == []


def test_holidays_of_the_site_absences_and_closing_hours_warn(desk: Database) -> None:
    roux = a_member(desk)
    hall = a_site(desk, department="67", opens_at=time(9), closes_at=time(17))
    desk.do(Action.ABSENCE_ADDED, lambda s: meetings.add_absence(s, date(2026, 12, 11)))

    assert kinds(desk, roux, "2026-12-11 10:00", site_id=hall) == [WarningKind.ABSENCE]
    assert kinds(desk, roux, "2026-12-10 16:45", site_id=hall) == [WarningKind.OUTSIDE_HOURS]
    assert kinds(desk, roux, "2026-12-12 10:00", site_id=hall) == [WarningKind.CLOSED_DAY]
    assert kinds(desk, roux, "2026-12-25 10:00", site_id=hall) == [WarningKind.HOLIDAY]
    assert kinds(desk, roux, "2026-12-01 10:00", site_id=hall) == [WarningKind.IN_THE_PAST]


def test_no_time_yet_is_no_warning(desk: Database) -> None:
    assert desk.read(lambda s: meetings.warnings(s, MeetingDraft(), NOW)) == []


def test_an_outcome_counts_as_seen_and_sets_the_next_step(desk: Database) -> None:
    roux = a_member(desk)
    request = a_request(desk, roux, next_what="Meet")
    meeting = a_meeting(desk, roux, "2026-12-02 09:00", request_id=request)

    desk.do(
        Action.MEETING_OUTCOME,
        lambda s: meetings.set_outcome(
            s,
            meetings.row(s, meeting),
            Outcome(
                status=MeetingStatus.SEEN,
                note="brings the certificate on Monday",
                step=NextStep("Meet"),
                follows=NextStep("Check the certificate", Owes.ME, date(2026, 12, 7)),
            ),
            NOW,
        ),
    )

    assert card(desk, roux).last_seen_on == date(2026, 12, 2)
    row = request_row(desk, request)
    assert (row.next_what, row.next_due) == ("Check the certificate", date(2026, 12, 7))
    told = desk.read(lambda s: members.timeline(s, roux))
    assert [one.text for one in told if one.in_person] == ["brings the certificate on Monday"]


def test_an_outcome_without_a_next_step_leaves_the_request_as_it_is(desk: Database) -> None:
    roux = a_member(desk)
    request = a_request(desk, roux, next_what="Send the file")

    held(desk, a_meeting(desk, roux, "2026-12-02 09:00", request_id=request))

    assert request_row(desk, request).next_what == "Send the file"


def test_undoing_an_outcome_takes_back_all_of_it(desk: Database) -> None:
    roux = a_member(desk)
    meeting = a_meeting(desk, roux, "2026-12-02 09:00")
    held(desk, meeting)

    desk.undo()

    assert card(desk, roux).last_seen_on is None
    row = desk.read(lambda s: meetings.row(s, meeting))
    assert row.status is MeetingStatus.PLANNED


def test_changing_a_held_meeting_changes_who_was_seen_when(desk: Database) -> None:
    roux = a_member(desk)
    meeting = a_meeting(desk, roux, "2026-12-02 09:00")
    held(desk, meeting)
    draft = MeetingDraft(member_id=roux, starts_at=at("2026-12-01 09:00"), mode=Mode.HOME)

    desk.do(Action.MEETING_EDITED, lambda s: meetings.save(s, meetings.row(s, meeting), draft))

    shown = card(desk, roux)
    assert (shown.last_seen_on, shown.last_seen_how) == (date(2026, 12, 1), Way.HOME)


def test_a_meeting_entered_by_mistake_leaves_everything(desk: Database) -> None:
    roux = a_member(desk)
    meeting = a_meeting(desk, roux, "2026-12-02 09:00")
    held(desk, meeting)

    desk.do(Action.MEETING_CANCELLED, lambda s: meetings.remove(s, meeting))

    assert card(desk, roux).last_seen_on is None
    assert desk.read(lambda s: meetings.of_member(s, roux)) == []
    with pytest.raises(NoSuchRecord):
        desk.read(lambda s: meetings.row(s, meeting))


def test_meetings_of_a_member_are_newest_first(desk: Database) -> None:
    roux = a_member(desk)
    first = a_meeting(desk, roux, "2026-12-02 09:00")
    second = a_meeting(desk, roux, "2026-12-10 09:00")

    rows = desk.read(lambda s: meetings.of_member(s, roux))

    assert [one.id for one in rows] == [second, first]


def test_a_meeting_with_nobody_is_refused(desk: Database) -> None:
    with pytest.raises(NoSuchRecord):
        a_meeting(desk, MemberId(4_711), "2026-12-10 09:00")
    with pytest.raises(NoSuchRecord):
        desk.do(Action.MEETING_CANCELLED, lambda s: meetings.cancel(s, MeetingId(4_711)))


def test_a_session_no_longer_held_leaves_every_week(desk: Database) -> None:
    hall = a_site(desk)
    a_session(desk, hall, "2026-12-08 10:00", weekly_until=date(2026, 12, 31))
    session = desk.read(lambda s: meetings.sessions(s, TODAY, date(2026, 12, 31)))[0].id

    desk.do(Action.SESSION_REMOVED, lambda s: meetings.remove_session(s, session))

    assert desk.read(lambda s: meetings.sessions(s, TODAY, date(2026, 12, 31))) == []


def test_hours_that_a_colleague_changed_as_well_are_asked_about(desk: Database) -> None:
    hall = a_site(desk)
    a_session(desk, hall, "2026-12-03 10:00", weekly_until=date(2026, 12, 31), room="A")
    one = desk.read(lambda s: meetings.sessions(s, TODAY, TODAY))[0].id
    opened = desk.read(lambda s: meetings.session_draft(s, one))

    def save(**told: Any) -> None:
        draft = replace(opened, **told)
        desk.do(Action.SESSION_CHANGED, lambda s: meetings.change_session(s, one, opened, draft))

    save(room="B")
    save(label="Retirement")
    with pytest.raises(EditConflict):
        save(room="C")

    now = desk.read(lambda s: meetings.session_draft(s, one))
    assert (now.room, now.label) == ("B", "Retirement")


def test_hours_change_from_a_day_on_and_those_before_stay(desk: Database) -> None:
    hall = a_site(desk)
    first, last = date(2026, 12, 1), date(2026, 12, 31)
    a_session(desk, hall, "2026-12-03 10:00", weekly_until=last)

    def change(day: str) -> None:
        def write(s: Session) -> None:
            one = meetings.sessions(s, first, last)[-1].id
            draft = meetings.session_draft(s, one)
            meetings.change_session(s, one, draft, replace(draft, starts_at=at(day)))

        desk.do(Action.SESSION_CHANGED, write)

    def held() -> list[str]:
        found = desk.read(lambda s: meetings.sessions(s, first, last))
        return [f"{one.starts_at:%d %H:%M}" for one in found]

    change("2026-12-15 14:00")
    assert held() == ["03 10:00", "10 10:00", "15 14:00", "22 14:00", "29 14:00"]
    change("2026-12-15 09:00")  # from its first day: the same one
    assert held() == ["03 10:00", "10 10:00", "15 09:00", "22 09:00", "29 09:00"]
    assert desk.read(lambda s: len({one.id for one in meetings.sessions(s, first, last)})) == 2

    desk.undo()
    desk.undo()
    assert held() == ["03 10:00", "10 10:00", "17 10:00", "24 10:00", "31 10:00"]


def test_an_absence_that_is_over_or_taken_back_is_gone(desk: Database) -> None:
    away = desk.do(
        Action.ABSENCE_ADDED, lambda s: meetings.add_absence(s, date(2026, 12, 7))
    ).result
    assert len(desk.read(lambda s: meetings.absences(s, TODAY, date(2026, 12, 7)))) == 1
    assert desk.read(lambda s: meetings.absences(s, date(2026, 12, 8), date(2026, 12, 9))) == []

    desk.do(Action.ABSENCE_REMOVED, lambda s: meetings.remove_absence(s, away))

    assert desk.read(lambda s: meetings.absences(s, TODAY, date(2026, 12, 7))) == []
