"""What became of a meeting: three keys, drafts, one after the other."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy.orm import Session

from correspondent_desk import language
from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.meetings import MeetingFilter, MeetingStatus, Outcome
from correspondent_desk.domain.members import MemberId
from correspondent_desk.domain.requests import NextStep
from correspondent_desk.gui.meetings.page import MeetingsPage
from correspondent_desk.gui.meetings.toolbar import View
from correspondent_desk.gui.page import Target
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.records import meetings, members
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
    step_of,
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
    assert step_of(workspace, request) == NextStep("Ask for the papers", due=TODAY)

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
    page.open(Target(page="meetings", id=first))
    assert page.list.at == first
    page.list.choose_filter(MeetingFilter.UPCOMING)
    qtbot.waitUntil(lambda: not page.list.model.ids)
    page.open(Target(page="meetings", id=second))
    qtbot.waitUntil(lambda: page.list.at == second)

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


def test_who_is_offered_another_meeting_reads_which_one_is_planned_already(
    qtbot: QtBot, desk: Database, page: MeetingsPage, anne: MemberId
) -> None:
    add_meeting(desk, anne, "2026-11-26 08:00")  # it waits for its outcome as well
    missed = add_meeting(desk, anne, "2026-11-25 09:30")
    page.open(Target(page="meetings", id=missed))

    press(page, Key.Key_N)
    with qtbot.waitSignal(page.card.outcome_saved):
        press(page, Key.Key_Return)
    assert page.card.again.isVisible()
    assert page.card.ahead.isHidden()

    add_meeting(desk, anne, "2026-12-10 10:00")
    page.open(Target(page="meetings", id=missed))
    said = "Already planned: Thursday 10 December (in 14 days), 10:00, at home"
    assert page.card.ahead.text() == said
    assert page.card.again.accessibleDescription() == said


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
