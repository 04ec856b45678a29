"""What an outcome does to the step and the documents of its request."""

from datetime import date
from typing import Any

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.meetings import MeetingFilter, MeetingId, MeetingStatus
from correspondent_desk.domain.members import MemberId
from correspondent_desk.domain.requests import DocumentDraft, NextStep, RequestId
from correspondent_desk.domain.states import DocumentState
from correspondent_desk.gui.meetings.page import MeetingsPage
from correspondent_desk.gui.page import Target
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.records import documents, meetings, requests
from correspondent_desk.store.database import Database
from tests.gui.day_desk import (
    NOW,
    add_meeting,
    add_request,
    press,
    step_of,
)
from tests.gui.hands import type_here

Key = Qt.Key


def met_about(page: MeetingsPage, desk: Database, member: MemberId, **told: Any) -> RequestId:
    """A request of the member, and the card of a meeting about it, which was at half past nine."""
    request = add_request(desk, member, **told)
    meeting = add_meeting(desk, member, "2026-11-26 09:30", request_id=request)
    page.open(Target(page="meetings", id=meeting))
    return request


def test_another_step_follows_only_one_that_is_said_to_be_done(
    qtbot: QtBot, desk: Database, page: MeetingsPage, workspace: Workspace, anne: MemberId
) -> None:
    request = met_about(page, desk, anne, next_what="Ask for the papers")
    outcome = page.card.outcome
    press(page, Key.Key_S)
    assert outcome.step.currentText() == "Keep: Ask for the papers"
    assert not outcome.next.what.isVisible()

    press(page, Key.Key_Tab, Key.Key_Down)
    assert outcome.next.what.hasFocus()
    outcome.next.due.setText("31/12/9999")
    press(page, Key.Key_Return)
    said = [outcome.form.rows[name].problem.text() for name in ("next_what", "next_due")]
    assert said[0] == "! Say what is to be done by then."
    assert said[1].startswith("! This date is too far")

    outcome.next.due.clear()
    outcome.next.what.setFocus()
    type_here("Send the file")
    with qtbot.waitSignal(workspace.changed):
        press(page, Key.Key_Return)

    assert step_of(workspace, request) == NextStep("Send the file")


def test_nothing_may_follow_a_step_that_is_done(
    qtbot: QtBot, desk: Database, page: MeetingsPage, workspace: Workspace, anne: MemberId
) -> None:
    request = met_about(page, desk, anne, next_what="Ask for the papers")
    press(page, Key.Key_S, Key.Key_Tab, Key.Key_Down)
    with qtbot.waitSignal(workspace.changed):
        press(page, Key.Key_Return)

    assert step_of(workspace, request) == NextStep()


def test_a_request_without_a_step_may_get_one(
    qtbot: QtBot, desk: Database, page: MeetingsPage, workspace: Workspace, anne: MemberId
) -> None:
    request = met_about(page, desk, anne)
    press(page, Key.Key_S, Key.Key_Tab)
    assert page.card.outcome.next.what.hasFocus()
    type_here("Send the file")
    with qtbot.waitSignal(workspace.changed):
        press(page, Key.Key_Return)

    assert step_of(workspace, request) == NextStep("Send the file")


def test_a_step_that_a_colleague_put_there_meanwhile_is_not_taken_for_done(
    qtbot: QtBot, desk: Database, page: MeetingsPage, workspace: Workspace, anne: MemberId
) -> None:
    request = met_about(page, desk, anne, next_what="Ask for the papers")
    outcome = page.card.outcome
    press(page, Key.Key_S, Key.Key_Tab, Key.Key_Down)
    type_here("Send the file")
    before = workspace.now(lambda s: requests.rows(s, [request]))[0].step
    _changes(qtbot, workspace, request, before, NextStep("Call the town hall"))

    outcome.save.click()
    problem = outcome.form.rows["next_step"].problem
    qtbot.waitUntil(problem.isVisible)
    assert "Nothing is saved yet" in problem.text()
    assert outcome.step.itemText(0) == "Keep: Call the town hall"
    assert outcome.next.what.text() == "Send the file"
    assert step_of(workspace, request) == NextStep("Call the town hall")

    with qtbot.waitSignal(page.card.outcome_saved):
        outcome.save.click()
    assert step_of(workspace, request) == NextStep("Send the file")


def test_what_comes_next_does_not_hide_a_step_put_there_meanwhile(
    qtbot: QtBot, desk: Database, page: MeetingsPage, workspace: Workspace, anne: MemberId
) -> None:
    request = met_about(page, desk, anne)
    outcome = page.card.outcome
    press(page, Key.Key_S, Key.Key_Tab)
    type_here("Send the file")
    _changes(qtbot, workspace, request, NextStep(), NextStep("Call the town hall"))

    outcome.save.click()
    qtbot.waitUntil(outcome.form.rows["next_step"].problem.isVisible)

    assert outcome.step.itemText(0) == "Keep: Call the town hall"
    assert outcome.next.what.isVisible()
    assert outcome.next.what.text() == "Send the file"


def test_documents_handed_over_are_ticked_as_the_outcome_is_noted(
    qtbot: QtBot, desk: Database, page: MeetingsPage, workspace: Workspace, anne: MemberId
) -> None:
    there = DocumentDraft(label="Pay slip", state=DocumentState.SEEN, seen_on=date(2026, 11, 20))
    lacking = [DocumentDraft(label=label) for label in ("Family book", "School certificate")]
    request = add_request(desk, anne, documents=[there, *lacking])
    page.open(
        Target(page="meetings", id=add_meeting(desk, anne, "2026-11-25 09:30", request_id=request))
    )
    outcome = page.card.outcome
    press(page, Key.Key_N)
    assert not outcome.handed_over.isVisible()

    outcome.choose(MeetingStatus.SEEN)
    ticks = [*outcome.handed_over.ticks.values()]
    assert [tick.text() for tick in ticks] == ["Family book", "School certificate"]
    press(page, Key.Key_Tab, Key.Key_Tab, Key.Key_Space)
    assert ticks[1].hasFocus()

    page.step_back()  # what was ticked is kept
    page.card.row = None
    page.open(Target(page="meetings", id=first_meeting(workspace)))
    with qtbot.waitSignal(page.card.outcome_saved):
        outcome.save.click()

    found = workspace.now(lambda s: documents.of_request(s, request))
    day = date(2026, 11, 25)  # of the meeting
    assert [(one.draft.state, one.draft.seen_on) for one in found] == [
        (DocumentState.SEEN, date(2026, 11, 20)),
        (DocumentState.MISSING, None),
        (DocumentState.RECEIVED, day),
    ]


def first_meeting(workspace: Workspace) -> MeetingId:
    return MeetingId(
        workspace.now(lambda s: meetings.find_ids(s, which=MeetingFilter.ALL, now=NOW))[0]
    )


def test_of_a_confidential_request_no_document_is_named(
    desk: Database, page: MeetingsPage, anne: MemberId
) -> None:
    met_about(page, desk, anne, is_sensitive=True, documents=[DocumentDraft(label="Proof")])
    press(page, Key.Key_S)

    assert not page.card.outcome.handed_over.ticks


def _changes(
    qtbot: QtBot, workspace: Workspace, request: RequestId, shown: NextStep, step: NextStep
) -> None:
    """As an exchange brings it from a colleague."""
    with qtbot.waitSignal(workspace.changed):
        workspace.do(
            Action.STEP_FINISHED, lambda s: requests.finish_step(s, request, NOW, shown, step)
        )


def test_a_draft_says_of_no_other_step_that_it_is_done(
    qtbot: QtBot, desk: Database, page: MeetingsPage, workspace: Workspace, anne: MemberId
) -> None:
    request = add_request(desk, anne, next_what="Ask for the papers")
    meeting = add_meeting(desk, anne, "2026-11-26 09:30", request_id=request)
    page.open(Target(page="meetings", id=meeting))
    press(page, Key.Key_S, Key.Key_Tab, Key.Key_Down)
    page.step_back()
    before = workspace.now(lambda s: requests.rows(s, [request]))[0].step
    _changes(qtbot, workspace, request, before, NextStep("Call the town hall"))

    page.card.outcome.show_row(workspace.now(lambda s: meetings.row(s, meeting)))

    assert page.card.outcome.step.currentText() == "Keep: Call the town hall"
