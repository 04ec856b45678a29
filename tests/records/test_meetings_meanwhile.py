"""Meetings that were changed, told or given to somebody else meanwhile."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.fields import Kind
from correspondent_desk.domain.meetings import (
    MeetingDraft,
    MeetingId,
    MeetingRow,
    MeetingStatus,
    Outcome,
)
from correspondent_desk.domain.members import MemberId
from correspondent_desk.records import meetings, pasts
from correspondent_desk.records.trouble import EditConflict, NotPlanned
from correspondent_desk.store.database import Database
from tests.records.acts import (
    NOW,
    a_meeting,
    a_member,
    at,
    card,
    held,
)

WAYS = pytest.mark.parametrize("way", [meetings.save, meetings.move])


@WAYS
def test_what_a_colleague_changed_meanwhile_stays(
    desk: Database, way: Callable[..., MeetingId]
) -> None:
    meeting = a_meeting(desk, a_member(desk), "2026-12-10 10:00", reason="first", bring="Card")
    opened = desk.read(lambda s: meetings.row(s, meeting))
    theirs = replace(opened.draft, bring="Record")
    desk.do(Action.MEETING_EDITED, lambda s: meetings.save(s, opened, theirs))
    draft = replace(opened.draft, reason="follow-up", room="B")

    written = desk.do(Action.MEETING_EDITED, lambda s: way(s, opened, draft)).result

    found = desk.read(lambda s: meetings.row(s, written)).draft
    assert (found.reason, found.room, found.bring) == ("follow-up", "B", "Record")


@WAYS
def test_what_a_colleague_changed_as_well_is_asked_about(
    desk: Database, way: Callable[..., MeetingId]
) -> None:
    meeting = a_meeting(desk, a_member(desk), "2026-12-10 10:00", room="A")
    opened = desk.read(lambda s: meetings.row(s, meeting))
    theirs = replace(opened.draft, room="B")
    desk.do(Action.MEETING_EDITED, lambda s: meetings.save(s, opened, theirs))
    draft = replace(opened.draft, starts_at=at("2026-12-10 11:00"))

    with pytest.raises(EditConflict) as refused:
        desk.do(Action.MEETING_EDITED, lambda s: way(s, opened, draft))

    assert refused.value.fields == ("slot",)
    [row] = desk.read(lambda s: meetings.of_member(s, opened.draft.member_id or MemberId(0)))
    assert (row.draft, row.status) == (theirs, MeetingStatus.PLANNED)


@WAYS
def test_a_meeting_that_was_with_somebody_else_belongs_to_them(
    desk: Database, way: Callable[..., MeetingId]
) -> None:
    roux, petit = a_member(desk), a_member(desk, "Petit")
    meeting = a_meeting(desk, roux, "2026-12-10 09:00", bring="Card")
    opened = desk.read(lambda s: meetings.row(s, meeting))
    draft = replace(opened.draft, member_id=petit, starts_at=at("2026-12-10 10:00"))

    done = desk.do(Action.MEETING_EDITED, lambda s: way(s, opened, draft))

    # Whoever is erased takes along what is under their root, and nothing of anybody else.
    assert done.result in desk.read(lambda s: pasts.of_member(s, petit))
    assert desk.read(lambda s: meetings.of_member(s, roux)) == []
    assert desk.read(lambda s: meetings.row(s, done.result)).draft == draft
    assert {roux, petit} <= set(done.changed[Kind.MEMBER])


def test_a_held_meeting_that_was_somebody_elses_counts_for_them(desk: Database) -> None:
    roux, petit = a_member(desk), a_member(desk, "Petit")
    meeting = a_meeting(desk, roux, "2026-12-02 09:00")
    held(desk, meeting)
    draft = MeetingDraft(member_id=petit, starts_at=at("2026-12-02 09:00"))

    desk.do(Action.MEETING_EDITED, lambda s: meetings.save(s, meetings.row(s, meeting), draft))

    assert card(desk, roux).last_seen_on is None
    assert card(desk, petit).last_seen_on == date(2026, 12, 2)


def test_only_what_is_still_planned_is_cancelled(desk: Database) -> None:
    meeting = a_meeting(desk, a_member(desk), "2026-12-02 09:00")
    held(desk, meeting)

    with pytest.raises(NotPlanned):
        desk.do(Action.MEETING_CANCELLED, lambda s: meetings.cancel(s, meeting))

    assert desk.read(lambda s: meetings.row(s, meeting)).status is MeetingStatus.SEEN


def test_an_outcome_is_not_written_over_one_that_nobody_saw(desk: Database) -> None:
    meeting = a_meeting(desk, a_member(desk), "2026-12-02 09:00")
    planned = desk.read(lambda s: meetings.row(s, meeting))
    held(desk, meeting)
    seen = desk.read(lambda s: meetings.row(s, meeting))

    def tell(opened: MeetingRow, note: str, status: MeetingStatus) -> None:
        told = Outcome(status=status, note=note)
        desk.do(Action.MEETING_OUTCOME, lambda s: meetings.set_outcome(s, opened, told, NOW))

    with pytest.raises(NotPlanned):
        tell(planned, "", MeetingStatus.NO_SHOW)
    tell(seen, "brings the certificate", MeetingStatus.SEEN)
    with pytest.raises(EditConflict) as refused:
        tell(seen, "was late", MeetingStatus.SEEN)

    assert refused.value.fields == ("outcome",)
    row = desk.read(lambda s: meetings.row(s, meeting))
    assert (row.status, row.outcome) == (MeetingStatus.SEEN, "brings the certificate")
