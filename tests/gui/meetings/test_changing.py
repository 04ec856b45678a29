"""A planned meeting is changed or moved, also when a colleague was faster."""

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy.orm import Session

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.meetings import MeetingId, MeetingStatus, Outcome
from correspondent_desk.domain.members import MemberId
from correspondent_desk.gui.meetings.page import MeetingsPage
from correspondent_desk.gui.page import Target
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.records import meetings
from correspondent_desk.store.database import Database
from tests.gui.day_desk import (
    NOW,
    add_meeting,
    all_meetings,
    do,
    settled,
    wall,
)


def test_moving_leaves_a_trail(
    qtbot: QtBot, desk: Database, page: MeetingsPage, workspace: Workspace, anne: MemberId
) -> None:
    meeting = add_meeting(desk, anne, "2026-11-27 09:30")
    page.open(Target(page="meetings", id=meeting))
    page.card.change.click()

    page.form.set_time(wall("2026-11-30 11:00"))
    settled(qtbot, page)
    with qtbot.waitSignal(page.form.saved):
        page.form.save.click()

    assert all_meetings(workspace) == [
        ("27 09:30", MeetingStatus.MOVED),
        ("30 11:00", MeetingStatus.PLANNED),
    ]


@pytest.mark.parametrize(
    ("became", "said"),
    [
        (MeetingStatus.SEEN, "This meeting is not planned any more. Its status now: came."),
        (None, "This meeting was removed meanwhile."),
    ],
)
def test_a_meeting_that_took_place_or_is_gone_meanwhile_is_not_moved(
    qtbot: QtBot,
    desk: Database,
    page: MeetingsPage,
    workspace: Workspace,
    anne: MemberId,
    became: MeetingStatus | None,
    said: str,
) -> None:
    meeting = add_meeting(desk, anne, "2026-11-26 09:00")
    page.open(Target(page="meetings", id=meeting))
    page.card.change.click()
    page.form.set_time(wall("2026-11-30 11:00"))
    page.form.fields.bring.setPlainText("the certificate")
    settled(qtbot, page)

    with qtbot.waitSignal(page.said) as heard:
        workspace.do(Action.MEETING_OUTCOME, lambda s: _becomes(s, meeting, became))
    assert heard.args is not None
    assert heard.args[0].startswith(said)
    page.form.save.click()
    assert page.form.fields.date.hasFocus()
    assert page.form.save.text() == "&Plan another one"
    kept = [] if became is None else [("26 09:00", became)]
    assert all_meetings(workspace) == kept

    settled(qtbot, page)
    with qtbot.waitSignal(page.form.saved):
        page.form.save.click()
    assert all_meetings(workspace) == [*kept, ("30 11:00", MeetingStatus.PLANNED)]
    assert page.card.row
    assert page.card.row.draft.bring == "the certificate"


def test_what_became_of_a_meeting_is_said_when_one_saves_at_once(
    qtbot: QtBot, desk: Database, page: MeetingsPage, workspace: Workspace, anne: MemberId
) -> None:
    meeting = add_meeting(desk, anne, "2026-11-26 09:00")
    page.open(Target(page="meetings", id=meeting))
    page.card.change.click()
    page.form.set_time(wall("2026-11-30 11:00"))
    settled(qtbot, page)
    do(desk, lambda s: _becomes(s, meeting, MeetingStatus.SEEN))  # an exchange not shown yet

    page.form.save.click()
    qtbot.waitUntil(lambda: page.form.save.text() == "&Plan another one")

    assert page.form.fields.date.hasFocus()
    assert all_meetings(workspace) == [("26 09:00", MeetingStatus.SEEN)]


def test_a_form_in_which_nothing_is_typed_goes_with_its_meeting(
    qtbot: QtBot, desk: Database, page: MeetingsPage, workspace: Workspace, anne: MemberId
) -> None:
    meeting = add_meeting(desk, anne, "2026-11-26 09:00")
    page.open(Target(page="meetings", id=meeting))
    page.card.change.click()

    with qtbot.waitSignal(page.said):
        workspace.do(
            Action.MEETING_OUTCOME, lambda s: _becomes(s, meeting, MeetingStatus.CANCELLED)
        )

    assert page.sides.side is None


def _becomes(s: Session, meeting: MeetingId, status: MeetingStatus | None) -> None:
    if status is None:
        meetings.remove(s, meeting)
    else:
        meetings.set_outcome(s, meetings.row(s, meeting), Outcome(status=status), NOW)


def test_another_reason_changes_the_meeting_in_place(
    qtbot: QtBot, desk: Database, page: MeetingsPage, workspace: Workspace, anne: MemberId
) -> None:
    meeting = add_meeting(desk, anne, "2026-11-27 09:30", reason="first")
    page.open(Target(page="meetings", id=meeting))
    page.card.change.click()

    page.form.fields.reason.set_value("")
    page.form.fields.other_reason.setText("Le vélo électrique")
    with qtbot.waitSignal(page.form.saved):
        page.form.save.click()

    row = workspace.now(lambda s: meetings.row(s, meeting))
    assert (row.draft.reason, row.status) == ("Le vélo électrique", MeetingStatus.PLANNED)


def test_what_a_colleague_changed_as_well_is_shown_beside_what_one_typed(
    qtbot: QtBot, desk: Database, page: MeetingsPage, workspace: Workspace, anne: MemberId
) -> None:
    meeting = add_meeting(desk, anne, "2026-11-26 09:30", bring="Card")
    opened = desk.read(lambda s: meetings.row(s, meeting))
    page.open(Target(page="meetings", id=meeting))
    page.card.change.click()
    page.form.set_time(wall("2026-11-30 11:00"))
    settled(qtbot, page)
    theirs = replace(opened.draft, minutes=45, bring="Record")
    do(desk, lambda s: meetings.save(s, opened, theirs))  # an exchange not shown yet

    page.form.save.click()
    row = page.form.fields.form.rows["starts_at"]
    qtbot.waitUntil(row.problem.isVisible)

    assert "26/11/2026" in row.problem.text() or "26 November" in row.problem.text()
    assert page.form.fields.bring.toPlainText() == "Record"
    assert all_meetings(workspace) == [("26 09:30", MeetingStatus.PLANNED)]
    with qtbot.waitSignal(page.form.saved):
        page.form.save.click()
    assert all_meetings(workspace)[-1] == ("30 11:00", MeetingStatus.PLANNED)


def test_a_meeting_is_cancelled_and_brought_back(
    qtbot: QtBot, desk: Database, page: MeetingsPage, workspace: Workspace, anne: MemberId
) -> None:
    meeting = add_meeting(desk, anne, "2026-11-27 09:30")
    page.open(Target(page="meetings", id=meeting))

    page.card.cancel.click()
    page.card.cancelling.choose(MeetingStatus.CANCELLED)
    page.card.cancelling.save.click()
    qtbot.waitUntil(lambda: page.card.status.text() == "cancelled")
    assert not page.grid.days.meetings

    workspace.undo()
    qtbot.waitUntil(lambda: page.card.status.text() == "planned")


def test_a_change_of_a_meeting_that_was_begun_is_offered_again(
    page: MeetingsPage, desk: Database, anne: MemberId
) -> None:
    meeting = add_meeting(desk, anne, "2026-11-27 09:00")
    page.open(Target(page="meetings", id=meeting))
    page.card.change.click()
    page.form.fields.bring.setPlainText("the certificate")
    page.step_back()
    page.toolbar.begun.click()

    assert page.form.isVisible()
    assert page.form.fields.draft().starts_at == wall("2026-11-27 09:00")
    assert page.form.fields.bring.toPlainText() == "the certificate"
