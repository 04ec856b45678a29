"""What became of a meeting: three keys, drafts, one after the other."""

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy.orm import Session

from correspondent_desk import language
from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.meetings import MeetingFilter, MeetingId, MeetingStatus, Outcome
from correspondent_desk.domain.members import MemberId
from correspondent_desk.domain.requests import DocumentDraft, NextStep, RequestId
from correspondent_desk.domain.states import DocumentState
from correspondent_desk.gui.meetings.page import MeetingsPage
from correspondent_desk.gui.meetings.toolbar import View
from correspondent_desk.gui.page import Target
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.records import documents, meetings, members, requests
from correspondent_desk.store.database import Database
from tests.builders import add_member
from tests.gui.day_desk import (
    NOW,
    TODAY,
    add_meeting,
    add_request,
    do,
    press,
    settled,
    show,
    wall,
)
from tests.gui.hands import type_here

Key = Qt.Key


def test_the_outcome_takes_two_keys_and_shows_everywhere_at_once(
    qtbot: QtBot, desk: Database, page: MeetingsPage, workspace: Workspace, anne: MemberId
) -> None:
    request = add_request(desk, anne, next_what="Ask for the papers", next_due=TODAY)
    meeting = add_meeting(desk, anne, "2026-11-26 09:30", request_id=request)
    page.open(Target(page="meetings", id=meeting))
    assert page.card.outcome.buttons[MeetingStatus.SEEN].hasFocus()

    press(page, Key.Key_S)
    type_here("Gave her the list")
    with qtbot.waitSignals([page.card.outcome_saved, workspace.changed]):
        press(page, Key.Key_Return)

    assert workspace.now(lambda s: members.card(s, anne, TODAY)).last_seen_on == TODAY
    assert workspace.now(lambda s: meetings.row(s, meeting)).outcome == "Gave her the list"
    assert _step(workspace, request) == NextStep("Ask for the papers", due=TODAY)

    workspace.undo()
    qtbot.waitUntil(
        lambda: workspace.now(lambda s: members.card(s, anne, TODAY)).last_seen_on is None
    )


def test_a_note_that_a_colleague_wrote_meanwhile_is_shown_before_it_is_replaced(
    qtbot: QtBot, desk: Database, page: MeetingsPage, workspace: Workspace, anne: MemberId
) -> None:
    meeting = add_meeting(desk, anne, "2026-11-26 09:30")

    def tell(s: Session, note: str) -> None:
        told = Outcome(status=MeetingStatus.SEEN, note=note)
        meetings.set_outcome(s, meetings.row(s, meeting), told, NOW)

    do(desk, lambda s: tell(s, ""))
    page.open(Target(page="meetings", id=meeting))
    do(desk, lambda s: tell(s, "Brings the list"))  # an exchange not shown yet

    press(page, Key.Key_S)
    type_here("Came late")
    press(page, Key.Key_Return)
    problem = page.card.outcome.form.rows["outcome"].problem
    qtbot.waitUntil(problem.isVisible)

    assert "“Brings the list”" in problem.text()
    with qtbot.waitSignal(page.card.outcome_saved):
        press(page, Key.Key_Return)
    assert workspace.now(lambda s: meetings.row(s, meeting)).outcome == "Came late"


def test_an_outcome_begun_before_a_colleague_told_it_is_one_answer(
    qtbot: QtBot, desk: Database, page: MeetingsPage, workspace: Workspace, anne: MemberId
) -> None:
    meeting = add_meeting(desk, anne, "2026-11-26 09:30")
    page.open(Target(page="meetings", id=meeting))
    press(page, Key.Key_S)
    type_here("Came late")
    page.leave()

    def theirs(s: Session) -> None:
        told = Outcome(status=MeetingStatus.NO_SHOW, note="Nobody came")
        meetings.set_outcome(s, meetings.row(s, meeting), told, NOW)

    with qtbot.waitSignal(workspace.changed):
        workspace.do(Action.MEETING_OUTCOME, theirs)

    outcome = page.card.outcome
    assert [one for one, made in outcome.buttons.items() if made.isChecked()] == [
        MeetingStatus.SEEN
    ]
    assert outcome.overtaken.isVisible()
    assert outcome.overtaken.text() == (
        "! Somebody else answered meanwhile: no-show. Saving writes what you chose."
    )
    assert outcome.note.text() == "Came late"
    assert "Somebody else changed this" in outcome.form.rows["outcome"].problem.text()
    with qtbot.waitSignal(page.card.outcome_saved):
        outcome.save.click()
    assert not outcome.overtaken.isVisible()


def test_another_step_follows_only_one_that_is_said_to_be_done(
    qtbot: QtBot, desk: Database, page: MeetingsPage, workspace: Workspace, anne: MemberId
) -> None:
    request = add_request(desk, anne, next_what="Ask for the papers")
    page.open(
        Target(page="meetings", id=add_meeting(desk, anne, "2026-11-26 09:30", request_id=request))
    )
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

    assert _step(workspace, request) == NextStep("Send the file")


def test_nothing_may_follow_a_step_that_is_done(
    qtbot: QtBot, desk: Database, page: MeetingsPage, workspace: Workspace, anne: MemberId
) -> None:
    request = add_request(desk, anne, next_what="Ask for the papers")
    page.open(
        Target(page="meetings", id=add_meeting(desk, anne, "2026-11-26 09:30", request_id=request))
    )
    press(page, Key.Key_S, Key.Key_Tab, Key.Key_Down)
    with qtbot.waitSignal(workspace.changed):
        press(page, Key.Key_Return)

    assert _step(workspace, request) == NextStep()


def test_a_request_without_a_step_may_get_one(
    qtbot: QtBot, desk: Database, page: MeetingsPage, workspace: Workspace, anne: MemberId
) -> None:
    request = add_request(desk, anne)
    page.open(
        Target(page="meetings", id=add_meeting(desk, anne, "2026-11-26 09:30", request_id=request))
    )
    press(page, Key.Key_S, Key.Key_Tab)
    assert page.card.outcome.next.what.hasFocus()
    type_here("Send the file")
    with qtbot.waitSignal(workspace.changed):
        press(page, Key.Key_Return)

    assert _step(workspace, request) == NextStep("Send the file")


def test_a_step_that_a_colleague_put_there_meanwhile_is_not_taken_for_done(
    qtbot: QtBot, desk: Database, page: MeetingsPage, workspace: Workspace, anne: MemberId
) -> None:
    request = add_request(desk, anne, next_what="Ask for the papers")
    page.open(
        Target(page="meetings", id=add_meeting(desk, anne, "2026-11-26 09:30", request_id=request))
    )
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
    assert _step(workspace, request) == NextStep("Call the town hall")

    with qtbot.waitSignal(page.card.outcome_saved):
        outcome.save.click()
    assert _step(workspace, request) == NextStep("Send the file")


def test_what_comes_next_does_not_hide_a_step_put_there_meanwhile(
    qtbot: QtBot, desk: Database, page: MeetingsPage, workspace: Workspace, anne: MemberId
) -> None:
    request = add_request(desk, anne)
    page.open(
        Target(page="meetings", id=add_meeting(desk, anne, "2026-11-26 09:30", request_id=request))
    )
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
    request = add_request(desk, anne, is_sensitive=True, documents=[DocumentDraft(label="Proof")])
    page.open(
        Target(page="meetings", id=add_meeting(desk, anne, "2026-11-26 09:30", request_id=request))
    )
    press(page, Key.Key_S)

    assert not page.card.outcome.handed_over.ticks


def test_the_outcome_can_be_saved_however_long_the_card_is(
    qtbot: QtBot, desk: Database, page: MeetingsPage, anne: MemberId
) -> None:
    request = add_request(desk, anne, next_what="Ask for the papers")
    bring = "\n".join(f"paper {number}" for number in range(40))
    page.open(
        Target(
            page="meetings",
            id=add_meeting(
                desk, anne, "2026-11-26 09:30", request_id=request, bring=bring, reason="file"
            ),
        )
    )
    page.resize(900, 420)
    press(page, Key.Key_S)

    save = page.card.outcome.save
    qtbot.waitUntil(lambda: save.visibleRegion().boundingRect() == save.rect())


def test_letters_follow_the_language_and_do_not_disturb_typing(
    qtbot: QtBot, desk: Database, workspace: Workspace, anne: MemberId
) -> None:
    language.use("fr")
    page = MeetingsPage(workspace)
    show(qtbot, page, workspace)
    meeting = add_meeting(desk, anne, "2026-11-26 09:30")
    page.open(Target(page="meetings", id=meeting))

    press(page, Key.Key_V)
    QTest.keyClick(page.card.outcome.note, Key.Key_A, Qt.KeyboardModifier.NoModifier)

    assert page.card.outcome.buttons[MeetingStatus.SEEN].isChecked()
    assert page.card.outcome.note.text() == "a"


def test_an_outcome_being_noted_is_kept_as_a_draft(
    desk: Database, page: MeetingsPage, anne: MemberId
) -> None:
    meeting = add_meeting(desk, anne, "2026-11-26 09:30")
    page.open(Target(page="meetings", id=meeting))
    press(page, Key.Key_E)
    type_here("will call back")

    page.step_back()
    page.card.row = None
    page.open(Target(page="meetings", id=meeting))

    assert page.card.outcome.note.text() == "will call back"
    assert page.card.outcome.buttons[MeetingStatus.EXCUSED].isChecked()


def test_meetings_without_outcome_are_gone_through_one_by_one(
    qtbot: QtBot, desk: Database, page: MeetingsPage, anne: MemberId
) -> None:
    first = add_meeting(desk, anne, "2026-11-23 09:30")
    second = add_meeting(desk, anne, "2026-11-25 09:30")
    page.open(Target(page="meetings", id=second))
    assert page.toolbar.view is View.LIST
    qtbot.waitUntil(lambda: list(page.list.model.ids) == [second, first])

    press(page, Key.Key_S)
    with qtbot.waitSignal(page.card.outcome_saved):
        press(page, Key.Key_Return)
    qtbot.waitUntil(lambda: list(page.list.model.ids) == [first])
    page.list.table.setFocus()
    press(page, Key.Key_Return)

    assert page.card.row is not None
    assert page.card.row.id == first


def test_after_nobody_came_another_meeting_is_offered_before_the_next_is_shown(
    qtbot: QtBot, desk: Database, page: MeetingsPage, workspace: Workspace, anne: MemberId
) -> None:
    first = add_meeting(desk, anne, "2026-11-23 09:30")
    second = add_meeting(desk, anne, "2026-11-25 09:30")
    page.open(Target(page="meetings", id=second))
    qtbot.waitUntil(lambda: list(page.list.model.ids) == [second, first])
    page.list.choose(second)

    press(page, Key.Key_N)
    with qtbot.waitSignal(page.card.outcome_saved):
        press(page, Key.Key_Return)
    qtbot.waitUntil(lambda: list(page.list.model.ids) == [first])

    assert page.card.row is not None
    assert page.card.row.id == second
    assert page.card.again.hasFocus()
    assert page.card.outcome.save.isHidden()
    assert not list(workspace.drafts.keys("outcome:"))

    page.card.onward.click()
    assert page.card.row.id == first
    assert page.list.table.hasFocus()
    assert page.card.onward.isHidden()


def test_the_outcome_is_asked_of_a_woman_of_a_man_and_of_somebody(
    qtbot: QtBot, desk: Database, workspace: Workspace, anne: MemberId
) -> None:
    language.use("fr")
    page = MeetingsPage(workspace)
    show(qtbot, page, workspace)
    people = (anne, add_member(desk, "Petit", civility="mr"), add_member(desk, "Roux"))
    said = []
    for member in people:
        page.open(Target(page="meetings", id=add_meeting(desk, member, "2026-11-26 09:30")))
        said.append([made.text() for made in page.card.outcome.buttons.values()])

    assert said == [
        ["V — vue", "E — excusée", "A — absente"],
        ["V — vu", "E — excusé", "A — absent"],
        ["V — vu(e)", "E — excusé(e)", "A — absent(e)"],
    ]


def test_what_is_asked_next_comes_into_view_whole(
    desk: Database, page: MeetingsPage, anne: MemberId
) -> None:
    request = add_request(desk, anne, next_what="Ask for the papers")
    meeting = add_meeting(desk, anne, "2026-11-26 09:30", request_id=request, bring="a\n" * 9)
    page.resize(1240, 520)
    page.open(Target(page="meetings", id=meeting))
    press(page, Key.Key_S)
    QApplication.processEvents()
    press(page, Key.Key_Tab, Key.Key_Down)

    what, due = page.card.outcome.next.what, page.card.outcome.next.due
    assert what.hasFocus()
    QApplication.processEvents()  # the form has its height
    for field in (what, due):
        assert field.visibleRegion().boundingRect() == field.rect()


def test_a_past_meeting_can_be_entered_and_its_outcome_noted_at_once(
    qtbot: QtBot, page: MeetingsPage, anne: MemberId
) -> None:
    page.new(anne)
    page.form.set_time(wall("2026-11-24 10:00"))
    settled(qtbot, page)

    with qtbot.waitSignal(page.form.saved):
        page.form.save.click()

    assert page.card.outcome.buttons[MeetingStatus.SEEN].hasFocus()


def test_a_meeting_days_ahead_has_no_outcome_yet(
    desk: Database, page: MeetingsPage, anne: MemberId
) -> None:
    tomorrow = add_meeting(desk, anne, "2026-11-27 09:30")
    page.open(Target(page="meetings", id=tomorrow))
    press(page, Key.Key_S)

    assert page.card.row
    assert page.card.row.id == tomorrow
    assert not page.card.outcome.isVisible()
    assert not page.card.outcome.save.isVisible()
    assert page.card.change.hasFocus()


def _step(workspace: Workspace, request: RequestId) -> NextStep:
    row = workspace.now(lambda s: requests.rows(s, [request]))[0]
    return NextStep(row.next_what, row.next_who, row.next_due)


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
