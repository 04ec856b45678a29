"""A meeting that will not take place: by whom, why, and another one."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from correspondent_desk import language
from correspondent_desk.domain.meetings import MeetingStatus
from correspondent_desk.domain.members import MemberId, SiteId
from correspondent_desk.gui.meetings.card import MeetingCard
from correspondent_desk.gui.meetings.page import MeetingsPage
from correspondent_desk.gui.page import Target
from correspondent_desk.gui.tasks import Tasks
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.records import meetings
from correspondent_desk.store.database import Database
from tests.gui.a11y import in_words, same_letters
from tests.gui.day_desk import NOW, add_meeting, add_request, press, show
from tests.gui.hands import focused, type_here


def opened(page: MeetingsPage, meeting: int) -> MeetingCard:
    page.open(Target(page="meetings", id=meeting))
    return page.card


def test_who_cannot_come_is_asked_and_the_focus_goes_on_to_another_meeting(
    qtbot: QtBot, desk: Database, page: MeetingsPage, workspace: Workspace, anne: MemberId
) -> None:
    request = add_request(desk, anne)
    meeting = add_meeting(desk, anne, "2026-11-27 09:30", request_id=request)
    card = opened(page, meeting)

    card.cancel.click()
    assert focused() is card.cancelling.buttons[MeetingStatus.EXCUSED]
    assert not card.cancelling.buttons[MeetingStatus.NO_SHOW].isVisible()  # nobody knows yet
    press(page, Qt.Key.Key_Return)
    type_here("Her train")
    press(page, Qt.Key.Key_Return)
    qtbot.waitUntil(card.again.isVisible)

    row = workspace.now(lambda s: meetings.row(s, meeting))
    assert (row.status, row.outcome) == (MeetingStatus.EXCUSED, "Her train")
    assert card.note.text() == "Her train"
    assert focused() is card.again
    card.again.click()
    assert (page.form.person, page.form.request) == (anne, request)

    workspace.undo()
    qtbot.waitUntil(
        lambda: workspace.now(lambda s: meetings.row(s, meeting)).status is MeetingStatus.PLANNED
    )


def test_of_a_day_that_has_come_nobody_may_have_come(
    qtbot: QtBot, desk: Database, page: MeetingsPage, workspace: Workspace, anne: MemberId
) -> None:
    meeting = add_meeting(desk, anne, f"{NOW:%Y-%m-%d} 09:30")
    card = opened(page, meeting)
    card.cancel.click()

    card.cancelling.buttons[MeetingStatus.NO_SHOW].click()
    card.cancelling.save.click()

    qtbot.waitUntil(card.again.isVisible)
    row = workspace.now(lambda s: meetings.row(s, meeting))
    assert row.status is MeetingStatus.NO_SHOW


def test_the_question_can_be_left_and_what_was_typed_comes_back(
    qtbot: QtBot, desk: Database, page: MeetingsPage, workspace: Workspace, anne: MemberId
) -> None:
    meeting = add_meeting(desk, anne, "2026-11-27 09:30")
    card = opened(page, meeting)
    card.cancel.click()
    card.cancelling.choose(MeetingStatus.CANCELLED)
    type_here("I am ill")

    assert page.step_back()
    assert focused() is card.cancel
    assert page.sides.side is card
    assert workspace.now(lambda s: meetings.row(s, meeting)).status is MeetingStatus.PLANNED

    card.cancel.click()
    assert card.cancelling.status is MeetingStatus.CANCELLED
    assert card.cancelling.note.text() == "I am ill"
    card.cancelling.save.click()
    qtbot.waitUntil(lambda: workspace.drafts.load(f"cancel:{meeting}") is None)


@pytest.mark.parametrize("spoken", ["fr", "en"])
def test_the_letters_of_the_card_are_each_their_own(
    qtbot: QtBot, desk: Database, tasks: Tasks, site: SiteId, anne: MemberId, spoken: str
) -> None:
    assert site
    language.use(spoken)
    workspace = Workspace(desk, tasks, clock=lambda: NOW)
    page = MeetingsPage(workspace)
    show(qtbot, page, workspace)
    card = opened(page, add_meeting(desk, anne, f"{NOW:%Y-%m-%d} 09:30"))
    card.again.show()
    assert same_letters(in_words(page)) == []

    card.cancel.click()
    card.cancelling.choose(MeetingStatus.EXCUSED)
    assert card.cancelling.save.isVisible()
    assert same_letters(in_words(page)) == []
