"""What is typed on of a meeting while it is being saved is typed into what was saved."""

from datetime import datetime, timedelta

import pytest
from pytestqt.qtbot import QtBot

from correspondent_desk.domain.meetings import MeetingStatus
from correspondent_desk.domain.members import MemberId
from correspondent_desk.domain.requests import DocumentDraft
from correspondent_desk.gui.meetings.cancel_form import WHO
from correspondent_desk.gui.meetings.page import MeetingsPage
from correspondent_desk.gui.page import Target, Task
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.records import meetings, requests
from correspondent_desk.store.database import Database
from correspondent_desk.store.tables import Meeting
from tests.gui.day_desk import TODAY, add_meeting, add_request
from tests.gui.meanwhile import at_rest, busy


@pytest.mark.parametrize("is_new", [True, False])
def test_what_is_typed_on_of_a_plan_is_typed_into_the_meeting_that_was_saved(
    qtbot: QtBot,
    desk: Database,
    page: MeetingsPage,
    workspace: Workspace,
    anne: MemberId,
    *,
    is_new: bool,
) -> None:
    form = page.form
    if is_new:
        page.new(anne)
        form.set_time(datetime(2026, 11, 27, 9, 30))  # noqa: DTZ001 - of the wall
    else:
        one = add_meeting(desk, anne, "2026-11-27 09:30")
        page.open(Target(page="meetings", id=one, task=Task.CHANGE))
    form.fields.bring.setPlainText("her card")

    with busy(workspace):
        form.save.click()
        form.fields.bring.setPlainText("her card, and the record")
    at_rest(qtbot, workspace)

    assert page.planning.is_open
    assert form.opened
    assert form.opened.draft.bring == "her card"
    assert form.fields.bring.toPlainText() == "her card, and the record"
    form.save.click()
    qtbot.waitUntil(lambda: page.sides.side is page.card)
    written = desk.read(lambda s: [one.bring for one in s.query(Meeting)])
    assert written == ["her card, and the record"]


@pytest.mark.parametrize("is_left", [True, False])
def test_a_note_that_is_typed_on_after_saving_corrects_the_outcome(
    qtbot: QtBot,
    desk: Database,
    page: MeetingsPage,
    workspace: Workspace,
    anne: MemberId,
    *,
    is_left: bool,
) -> None:
    one = add_meeting(desk, anne, "2026-11-26 09:00")
    other = add_meeting(desk, anne, "2026-11-26 09:30")
    outcome = page.card.outcome
    page.open(Target(page="meetings", id=one))
    outcome.choose(MeetingStatus.SEEN)
    outcome.note.setText("about her card")

    with busy(workspace):
        outcome.save.click()
        outcome.note.setText("about her card, again")
        if is_left:
            page.open(Target(page="meetings", id=other))
    at_rest(qtbot, workspace)

    if is_left:
        page.open(Target(page="meetings", id=one))
    assert outcome.note.text() == "about her card, again"
    with qtbot.waitSignal(page.card.outcome_saved):
        outcome.save.click()
    assert desk.read(lambda s: meetings.row(s, one)).outcome == "about her card, again"
    assert workspace.drafts.keys("outcome") == []


def test_a_step_that_is_typed_on_after_saving_stays_in_view(
    qtbot: QtBot, desk: Database, page: MeetingsPage, workspace: Workspace, anne: MemberId
) -> None:
    request = add_request(desk, anne)
    one = add_meeting(desk, anne, "2026-11-26 09:00", request_id=request)
    outcome = page.card.outcome
    page.open(Target(page="meetings", id=one))
    outcome.choose(MeetingStatus.SEEN)
    outcome.next.what.setText("Call back")

    with busy(workspace):
        outcome.save.click()
        outcome.next.what.setFocus()
        outcome.next.what.setText("Call back on Monday")
    at_rest(qtbot, workspace)

    assert outcome.next.what.isVisible()
    assert outcome.next.what.hasFocus()
    with qtbot.waitSignal(page.card.outcome_saved):
        outcome.save.click()
    step = desk.read(lambda s: requests.card(s, request)).draft.next_what
    assert step == "Call back on Monday"


def test_what_was_handed_over_and_saved_is_not_typed_on(
    qtbot: QtBot, desk: Database, page: MeetingsPage, workspace: Workspace, anne: MemberId
) -> None:
    lacking = DocumentDraft(label="Proof of address")
    request = add_request(desk, anne, next_what="Bring it", documents=[lacking])
    one = add_meeting(desk, anne, "2026-11-26 09:00", request_id=request)
    outcome = page.card.outcome
    page.open(Target(page="meetings", id=one))
    outcome.choose(MeetingStatus.SEEN)
    for tick in outcome.handed_over.ticks.values():
        tick.setChecked(True)
    outcome.step.set_value(outcome.step.values[1])

    with qtbot.waitSignal(page.card.outcome_saved), busy(workspace):
        outcome.save.click()
    at_rest(qtbot, workspace)

    assert workspace.drafts.keys("outcome") == []


@pytest.mark.parametrize("status", WHO)
def test_a_reason_that_is_typed_on_after_saving_is_asked_as_the_note_of_what_was_cancelled(
    qtbot: QtBot,
    desk: Database,
    page: MeetingsPage,
    workspace: Workspace,
    anne: MemberId,
    status: MeetingStatus,
) -> None:
    one = add_meeting(desk, anne, "2026-11-26 09:00")
    asked, outcome = page.card.cancelling, page.card.outcome
    page.open(Target(page="meetings", id=one))
    page.card.cancel.click()
    asked.choose(status)
    asked.note.setText("is away")

    with busy(workspace):
        asked.save.click()
        asked.note.setText("is away until May")
    at_rest(qtbot, workspace)

    assert outcome.note.isVisible()
    assert not asked.isVisible()
    assert outcome.note.text() == "is away until May"
    assert outcome.note.hasFocus()
    outcome.save.click()
    at_rest(qtbot, workspace)
    row = desk.read(lambda s: meetings.row(s, one))
    assert (row.status, row.outcome) == (status, "is away until May")
    assert workspace.drafts.keys("cancel") + workspace.drafts.keys("outcome") == []


@pytest.mark.parametrize("starts", ["", "3/12/2026"])
def test_hours_that_are_typed_on_after_saving_are_those_that_were_saved(
    qtbot: QtBot, page: MeetingsPage, workspace: Workspace, starts: str
) -> None:
    """starts: empty where all of the hours are changed, else those from a day on."""
    [row] = workspace.now(lambda s: meetings.sessions(s, TODAY, TODAY))
    page.toolbar.times.click()
    form = page.times.session
    form.change(row)
    form.label.setText("Papers")
    form.day.setText(starts or form.day.text())

    with busy(workspace):
        form.add.click()
        form.label.setFocus()
        form.label.setText("Papers and cards")
    at_rest(qtbot, workspace)

    assert form.label.text() == "Papers and cards"
    assert form.label.hasFocus()
    assert form.changing.isVisible()
    form.add.click()
    at_rest(qtbot, workspace)
    assert form.changing.isHidden()
    ahead = workspace.now(lambda s: meetings.sessions(s, TODAY, TODAY + timedelta(days=14)))
    labels = [one.label for one in ahead]
    assert "Papers" not in labels
    assert labels[-1] == "Papers and cards"
    assert workspace.drafts.keys("session:") == []
