"""What speaks against the time of a meeting, and the free times offered beside it."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QScrollArea
from pytestqt.qtbot import QtBot
from sqlalchemy.orm import Session

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.members import MemberId, MemberStatus
from correspondent_desk.gui.meetings.page import MeetingsPage
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.records import meetings, members
from correspondent_desk.store.database import Database
from tests.builders import add_member
from tests.gui.a11y import heard
from tests.gui.day_desk import (
    NOW,
    add_meeting,
    all_meetings,
    do,
    press,
    settled,
    wall,
)

Key = Qt.Key


def test_a_clash_is_a_sentence_and_may_be_kept(
    qtbot: QtBot, desk: Database, page: MeetingsPage, workspace: Workspace, anne: MemberId
) -> None:
    add_meeting(desk, add_member(desk, "Petit"), "2026-11-27 09:00")
    page.new(anne)
    page.form.set_time(wall("2026-11-27 09:15"))
    settled(qtbot, page)
    assert page.form.warnings.words.text() == "You already meet Anne PETIT at 09:00."

    page.form.save.click()
    assert page.form.warnings.keep.hasFocus()
    assert len(all_meetings(workspace)) == 1

    page.form.warnings.keep.click()
    with qtbot.waitSignal(page.form.saved):
        page.form.save.click()
    assert len(all_meetings(workspace)) == 2


def test_what_speaks_against_a_time_is_read_out_as_it_appears_and_when_one_saves(
    qtbot: QtBot, page: MeetingsPage, anne: MemberId, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.new(anne)
    said = heard(monkeypatch)

    page.form.set_time(wall("2026-11-27 19:00"))
    settled(qtbot, page)
    page.form.warnings.keep.setFocus()
    page.form.save.click()

    assert said == ["Town hall is open from 08:30 to 17:30."] * 2
    assert page.form.warnings.keep.accessibleDescription() == said[0]


def test_the_reasons_come_into_view_with_the_question(
    qtbot: QtBot, page: MeetingsPage, anne: MemberId
) -> None:
    page.resize(1240, 400)
    page.new(anne)
    page.form.set_time(wall("2026-11-28 19:00"))  # closed
    settled(qtbot, page)
    bar = page.form.findChildren(QScrollArea)[0].verticalScrollBar()
    bar.setValue(bar.maximum())

    page.form.save.click()
    QApplication.processEvents()

    notice = page.form.warnings
    assert notice.keep.hasFocus()
    assert notice.visibleRegion().boundingRect() == notice.rect()


@pytest.mark.parametrize(
    ("moment", "sentence"),
    [
        (wall("2026-12-25 10:00"), "Public holiday on Friday 25 December: Christmas Day."),
        (wall("2026-11-28 10:00"), "Town hall is closed on this day."),
        (wall("2026-11-27 19:00"), "Town hall is open from 08:30 to 17:30."),
        (wall("2026-11-30 10:00"), "You are away. Leave, Monday 30 November."),
        (
            wall("2026-11-26 09:00"),
            "This time has passed. The outcome can be noted right after.",
        ),
    ],
)
def test_what_speaks_against_a_time_is_said(
    qtbot: QtBot,
    desk: Database,
    page: MeetingsPage,
    anne: MemberId,
    moment: datetime,
    sentence: str,
) -> None:
    do(desk, lambda s: meetings.add_absence(s, date(2026, 11, 30), label="Leave"))
    page.new(anne)

    page.form.set_time(moment)
    settled(qtbot, page)

    assert page.form.warnings.words.text() == sentence


def test_who_dies_while_a_meeting_is_planned_is_not_met_unawares(
    qtbot: QtBot, page: MeetingsPage, workspace: Workspace, anne: MemberId
) -> None:
    page.new(anne)
    page.form.set_time(wall("2026-11-27 09:30"))
    settled(qtbot, page)
    assert page.form.warnings.isHidden()

    with qtbot.waitSignal(workspace.changed):
        workspace.do(Action.MEMBER_EDITED, lambda s: _dies(s, anne))
    qtbot.waitUntil(page.form.warnings.isVisible)

    assert "is deceased" in page.form.warnings.words.text()


def test_a_warning_is_there_when_one_saves_at_once(
    qtbot: QtBot, desk: Database, page: MeetingsPage, workspace: Workspace, anne: MemberId
) -> None:
    page.new(anne)
    page.form.set_time(wall("2026-11-27 09:30"))
    settled(qtbot, page)
    do(desk, lambda s: _dies(s, anne))  # as an exchange that is not shown yet

    page.form.save.click()

    assert page.form.warnings.keep.hasFocus()
    assert all_meetings(workspace) == []


def _dies(s: Session, member: MemberId) -> None:
    opened = members.card(s, member, NOW.date())
    members.save(s, opened, replace(opened.draft, status=MemberStatus.DECEASED))


def test_the_next_free_time_is_taken_with_one_button(
    qtbot: QtBot, page: MeetingsPage, anne: MemberId
) -> None:
    page.new(anne)
    settled(qtbot, page)

    page.form.free.buttons[0].click()

    assert page.form.fields.draft().starts_at == wall("2026-11-26 14:00")
    assert page.form.save.hasFocus()


def test_tab_goes_from_the_hour_over_what_stands_below_it(
    qtbot: QtBot, page: MeetingsPage, anne: MemberId
) -> None:
    page.new(anne)
    page.form.set_time(wall("2026-11-28 10:00"))  # closed
    settled(qtbot, page)
    form = page.form
    form.fields.time.setFocus()
    for expected in (form.warnings.keep, *form.free.buttons, form.fields.mode):
        press(page, Key.Key_Tab)
        assert expected.hasFocus()


def test_free_times_follow_the_day_that_is_typed(
    qtbot: QtBot, page: MeetingsPage, anne: MemberId
) -> None:
    page.new(anne)
    fields = page.form.fields

    fields.date.setText("13/3/2027")
    settled(qtbot, page)
    assert page.form.free.title.text() == "Free times from Saturday 13 March 2027 on"
    assert page.form.free.buttons[0].text().startswith("Thursday 18 March 2027, 14:00")

    fields.date.setText("13/3/9999")  # a year that is mistyped leads nowhere
    settled(qtbot, page)
    assert page.form.free.title.text() == "Next free times"
