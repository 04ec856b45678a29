"""What was asked to be saved of a meeting is written late: what was begun since stays as it is."""

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.meetings import MeetingStatus, Outcome
from correspondent_desk.domain.members import MemberId
from correspondent_desk.gui.meetings.page import MeetingsPage
from correspondent_desk.gui.meetings.toolbar import View
from correspondent_desk.gui.page import Target, Task
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.records import meetings
from correspondent_desk.store.database import Database
from tests.gui.day_desk import FRIDAY, NOW, TODAY, add_meeting, do
from tests.gui.meanwhile import at_rest, busy


def test_the_plan_of_another_meeting_stays_open(
    qtbot: QtBot, desk: Database, page: MeetingsPage, workspace: Workspace, anne: MemberId
) -> None:
    one = add_meeting(desk, anne, "2026-11-27 09:30")
    other = add_meeting(desk, anne, "2026-11-30 09:30")
    form = page.form
    page.open(Target(page="meetings", id=one, task=Task.CHANGE))
    form.fields.bring.setPlainText("her card")

    with busy(workspace):
        form.save.click()
        page.open(Target(page="meetings", id=other, task=Task.CHANGE))
        form.fields.bring.setPlainText("the record")
    at_rest(qtbot, workspace)

    assert desk.read(lambda s: meetings.row(s, one)).draft.bring == "her card"
    assert page.planning.is_open
    assert (form.opened and form.opened.id, form.fields.bring.toPlainText()) == (
        other,
        "the record",
    )


def test_a_plan_that_was_closed_meanwhile_does_not_come_back(
    qtbot: QtBot, desk: Database, page: MeetingsPage, workspace: Workspace, anne: MemberId
) -> None:
    one = add_meeting(desk, anne, "2026-11-27 09:30")
    page.open(Target(page="meetings", id=one, task=Task.CHANGE))
    page.form.fields.bring.setPlainText("her card")

    with busy(workspace):
        page.form.save.click()
        page.planning.close()
    at_rest(qtbot, workspace)

    assert page.sides.side is None


def test_what_a_colleague_changed_of_one_is_not_said_in_the_plan_of_another(
    qtbot: QtBot, desk: Database, page: MeetingsPage, workspace: Workspace, anne: MemberId
) -> None:
    one = add_meeting(desk, anne, "2026-11-27 09:30")
    other = add_meeting(desk, anne, "2026-11-30 09:30")
    page.open(Target(page="meetings", id=one, task=Task.CHANGE))
    page.form.fields.bring.setPlainText("her card")
    row = desk.read(lambda s: meetings.row(s, one))
    theirs = replace(row.draft, bring="her passport")
    do(desk, lambda s: meetings.save(s, row, theirs), Action.MEETING_EDITED)

    with qtbot.waitSignal(workspace.refused), busy(workspace):
        page.form.save.click()
        page.open(Target(page="meetings", id=other, task=Task.CHANGE))

    assert page.form.opened
    assert page.form.opened.id == other
    assert not page.form.fields.form.rows["bring"].problem.isVisible()


def test_the_outcome_of_another_meeting_stays_as_it_is_told(
    qtbot: QtBot, desk: Database, page: MeetingsPage, workspace: Workspace, anne: MemberId
) -> None:
    one = add_meeting(desk, anne, "2026-11-26 09:00")
    other = add_meeting(desk, anne, "2026-11-26 09:30")
    outcome = page.card.outcome
    page.open(Target(page="meetings", id=one))
    outcome.choose(MeetingStatus.SEEN)

    with busy(workspace):
        outcome.save.click()
        page.open(Target(page="meetings", id=other))
        outcome.choose(MeetingStatus.SEEN)
        outcome.note.setText("about the grant")
        page.leave()
    at_rest(qtbot, workspace)

    assert desk.read(lambda s: meetings.row(s, one)).status is MeetingStatus.SEEN
    assert page.card.row
    assert page.card.row.id == other
    assert outcome.note.text() == "about the grant"
    assert outcome.keeper.has_typed


def test_what_a_colleague_wrote_of_one_meeting_is_not_asked_about_another(
    qtbot: QtBot, desk: Database, page: MeetingsPage, workspace: Workspace, anne: MemberId
) -> None:
    one = add_meeting(desk, anne, "2026-11-26 09:00")
    other = add_meeting(desk, anne, "2026-11-26 09:30")
    outcome = page.card.outcome

    def tell(note: str) -> None:
        row = desk.read(lambda s: meetings.row(s, one))
        told = Outcome(status=MeetingStatus.SEEN, note=note)
        do(desk, lambda s: meetings.set_outcome(s, row, told, NOW), Action.MEETING_OUTCOME)

    tell("")
    page.open(Target(page="meetings", id=one))
    outcome.choose(MeetingStatus.SEEN)
    outcome.note.setText("about her card")
    tell("about her passport")

    with qtbot.waitSignal(workspace.refused), busy(workspace):
        outcome.save.click()
        page.open(Target(page="meetings", id=other))
        outcome.choose(MeetingStatus.SEEN)
        outcome.note.setText("about the grant")
    with qtbot.waitSignal(page.card.outcome_saved):
        outcome.save.click()

    said = desk.read(lambda s: [meetings.row(s, id_).outcome for id_ in (one, other)])
    assert said == ["about her passport", "about the grant"]


def test_a_question_about_another_meeting_stays_open(
    qtbot: QtBot, desk: Database, page: MeetingsPage, workspace: Workspace, anne: MemberId
) -> None:
    one = add_meeting(desk, anne, "2026-11-27 09:30")
    other = add_meeting(desk, anne, "2026-11-30 09:30")
    asked = page.card.cancelling
    page.open(Target(page="meetings", id=one))
    page.card.cancel.click()
    asked.choose(MeetingStatus.EXCUSED)

    with busy(workspace):
        asked.save.click()
        page.open(Target(page="meetings", id=other))
        page.card.cancel.click()
        asked.choose(MeetingStatus.EXCUSED)
        asked.note.setText("is away")
    at_rest(qtbot, workspace)

    assert desk.read(lambda s: meetings.row(s, one)).status is MeetingStatus.EXCUSED
    assert asked.isVisible()
    assert asked.note.text() == "is away"


@pytest.mark.parametrize("view", [View.WEEK, View.LIST])
@pytest.mark.parametrize("status", [MeetingStatus.SEEN, MeetingStatus.NO_SHOW])
def test_whoever_plans_another_meeting_by_then_goes_on_with_it(
    qtbot: QtBot,
    desk: Database,
    page: MeetingsPage,
    workspace: Workspace,
    anne: MemberId,
    view: View,
    status: MeetingStatus,
) -> None:
    one = add_meeting(desk, anne, "2026-11-26 09:00")
    page.show_view(view)
    page.open(Target(page="meetings", id=one))
    page.card.outcome.choose(status)

    with busy(workspace):
        page.card.outcome.save.click()
        page.new(anne)
        page.form.fields.bring.setFocus()
    at_rest(qtbot, workspace)

    assert page.planning.is_open
    assert page.form.fields.bring.hasFocus()


def test_whoever_cancelled_one_and_plans_another_by_then_goes_on_with_it(
    qtbot: QtBot, desk: Database, page: MeetingsPage, workspace: Workspace, anne: MemberId
) -> None:
    one = add_meeting(desk, anne, "2026-11-26 09:00")
    page.open(Target(page="meetings", id=one))
    page.card.cancel.click()
    page.card.cancelling.choose(MeetingStatus.EXCUSED)

    with busy(workspace):
        page.card.cancelling.save.click()
        page.new(anne)
        page.form.fields.bring.setFocus()
    at_rest(qtbot, workspace)

    assert page.form.fields.bring.hasFocus()


def test_another_absence_stays_typed(
    qtbot: QtBot, page: MeetingsPage, workspace: Workspace
) -> None:
    page.toolbar.times.click()
    form = page.times.absence
    form.first.setText("30/11/2026")

    with busy(workspace):
        form.add.click()
        form.first.setText("4/12/2026")
    at_rest(qtbot, workspace)

    assert "4" in form.first.text()
    assert len(workspace.now(lambda s: meetings.absences(s, TODAY, FRIDAY.replace(day=30)))) == 1


def test_other_hours_stay_typed(qtbot: QtBot, page: MeetingsPage, workspace: Workspace) -> None:
    [row] = workspace.now(lambda s: meetings.sessions(s, TODAY, TODAY))
    page.toolbar.times.click()
    form = page.times.session
    form.change(row)
    form.label.setText("Papers")

    with busy(workspace):
        form.add.click()
        form.leave_it.click()
        form.label.setText("Housing")
    at_rest(qtbot, workspace)

    assert form.label.text() == "Housing"
