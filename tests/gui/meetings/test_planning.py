"""Planning, changing and moving a meeting; what is typed survives."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea
from pytestqt.qtbot import QtBot
from sqlalchemy.orm import Session

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.meetings import MeetingId, MeetingStatus
from correspondent_desk.domain.members import MemberId, MemberStatus, SiteId
from correspondent_desk.gui.meetings.page import MeetingsPage
from correspondent_desk.gui.meetings.toolbar import View
from correspondent_desk.gui.page import Target
from correspondent_desk.gui.tasks import Tasks
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.records import meetings, members
from correspondent_desk.store.database import Database
from tests.builders import add_member
from tests.gui.day_desk import (
    FRIDAY,
    NOW,
    add_meeting,
    add_request,
    all_meetings,
    at,
    do,
    press,
    settled,
    show,
    wall,
)
from tests.gui.hands import type_here

Key = Qt.Key


def test_a_slot_is_chosen_with_arrows_and_a_meeting_planned_with_the_keyboard(
    qtbot: QtBot, page: MeetingsPage, workspace: Workspace, anne: MemberId
) -> None:
    page.take_focus()
    press(page, Key.Key_Right, Key.Key_Down, Key.Key_Down, Key.Key_Return)
    type_here("le gof")
    qtbot.waitUntil(page.form.fields.person.results.isVisible)
    press(page, Key.Key_Return)
    assert page.form.person == anne
    settled(qtbot, page)

    with qtbot.waitSignal(page.form.saved):
        page.form.save.click()

    assert all_meetings(workspace) == [("27 11:00", MeetingStatus.PLANNED)]
    row = page.card.row
    assert row is not None
    assert (row.draft.reason, row.site, row.draft.room) == ("first", "Town hall", "room B")
    assert page.sides.side is page.card


def test_a_click_in_a_slot_begins_a_meeting_there(page: MeetingsPage) -> None:
    where = page.grid.places().slot_box(at(16, day=FRIDAY)).center()
    QTest.mouseClick(page.grid.viewport(), Qt.MouseButton.LeftButton, pos=where)

    draft = page.form.fields.draft()
    assert page.sides.side is page.form
    assert draft.starts_at == wall("2026-11-27 16:00")

    where = page.grid.places().slot_box(at(9, 30, day=FRIDAY)).center()
    QTest.mouseClick(page.grid.viewport(), Qt.MouseButton.LeftButton, pos=where)

    assert page.form.fields.draft().starts_at == wall("2026-11-27 09:30")


def test_planning_on_a_sunday_begins_in_the_week_that_comes(
    qtbot: QtBot, desk: Database, tasks: Tasks, site: SiteId, anne: MemberId
) -> None:
    assert site
    workspace = Workspace(desk, tasks, clock=lambda: datetime(2026, 11, 29, 10, tzinfo=NOW.tzinfo))
    page = MeetingsPage(workspace)
    page.new(anne)  # before anything is read
    assert page.views.day == date(2026, 11, 30)

    page.views.show_day(FRIDAY)
    show(qtbot, page, workspace)
    qtbot.waitUntil(lambda: FRIDAY in page.grid.days.days)
    page.toolbar.plan.click()

    assert page.views.day == date(2026, 11, 30)
    qtbot.waitUntil(lambda: page.grid.days.days[0] == date(2026, 11, 30))
    page.grid.slot_wanted.emit(wall("2026-11-25 09:00"))
    qtbot.waitUntil(page.form.warnings.isVisible)
    assert page.form.warnings.words.text().startswith("This time has passed")
    assert page.form.warnings.is_kept


def test_a_week_that_is_not_over_stays_when_planning_begins(page: MeetingsPage) -> None:
    page.views.show_day(date(2026, 11, 23))
    page.toolbar.plan.click()

    assert page.views.day == date(2026, 11, 23)


def test_the_calendar_comes_along_to_the_day_that_is_typed(
    qtbot: QtBot, page: MeetingsPage, anne: MemberId
) -> None:
    page.new(anne)
    page.form.fields.date.setFocus()
    type_here("15/12/2026")

    qtbot.waitUntil(lambda: date(2026, 12, 15) in page.grid.days.days)
    assert page.grid.cursor_at.date() == date(2026, 12, 15)
    assert page.form.fields.date.hasFocus()


@pytest.mark.parametrize("typed", ["01/01/0001", "3/12/2206", "31/12/9999"])
def test_the_calendar_does_not_follow_to_a_mistyped_year(
    page: MeetingsPage, anne: MemberId, typed: str
) -> None:
    page.new(anne)
    page.form.fields.date.setFocus()
    page.form.fields.date.setText(typed)
    press(page, Key.Key_Tab)

    assert page.views.day == NOW.date()
    assert page.step_back()
    assert page.grid.hasFocus()


@pytest.mark.parametrize("typed", ["01/01/0001", "3/12/2206", "31/12/9999"])
def test_a_mistyped_year_is_said_as_one(
    qtbot: QtBot, page: MeetingsPage, anne: MemberId, typed: str
) -> None:
    too_far = "This date is too far in the past or the future to be right."
    page.new(anne)
    page.form.fields.date.setText(typed)
    page.form.fields.time.setText("23:45")
    settled(qtbot, page)
    assert page.form.fields.when.text() == too_far
    page.form.save.click()
    assert page.form.fields.form.rows["starts_at"].problem.text() == f"! {too_far}"

    page.step_back()
    page.new(anne)
    settled(qtbot, page)

    assert page.form.fields.draft().starts_at is not None
    assert page.form.fields.when.text() == too_far


def test_the_calendar_turns_as_far_as_dates_are_likely(page: MeetingsPage) -> None:
    page.show_view(View.DAY)
    page.views.show_day(date(1900, 1, 1))
    press(page.grid, Key.Key_Left)
    page.grid.days_wanted.emit(-1)

    assert page.views.day == page.grid.cursor_at.date() == date(1900, 1, 1)


def test_after_a_slot_is_chosen_enter_plans_the_meeting(
    qtbot: QtBot, page: MeetingsPage, workspace: Workspace, anne: MemberId
) -> None:
    page.new(anne)
    where = page.grid.places().slot_box(at(16, day=FRIDAY)).center()
    QTest.mouseClick(page.grid.viewport(), Qt.MouseButton.LeftButton, pos=where)
    settled(qtbot, page)

    assert page.form.save.hasFocus()
    with qtbot.waitSignal(page.form.saved):
        press(page, Key.Key_Return)

    assert all_meetings(workspace) == [("27 16:00", MeetingStatus.PLANNED)]


def test_ctrl_enter_plans_from_any_field(
    qtbot: QtBot, page: MeetingsPage, workspace: Workspace, anne: MemberId
) -> None:
    page.new(anne)
    page.form.set_time(at(16, day=FRIDAY))
    settled(qtbot, page)
    page.form.fields.bring.setFocus()

    with qtbot.waitSignal(page.form.saved):
        QTest.keyClick(page.form.fields.bring, Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    assert all_meetings(workspace) == [("27 16:00", MeetingStatus.PLANNED)]


def test_looking_at_a_meeting_does_not_lose_the_one_being_planned(
    page: MeetingsPage, desk: Database, anne: MemberId
) -> None:
    other = add_meeting(desk, anne, "2026-11-27 09:00")
    page.new(anne)
    page.form.set_time(at(16, day=FRIDAY))
    page.grid.meeting_wanted.emit(other)
    assert page.card.isVisible()

    page.card.close_button.click()

    assert page.form.isVisible()
    assert page.form.person == anne
    assert page.form.fields.draft().starts_at == at(16, day=FRIDAY)

    page.grid.meeting_wanted.emit(other)
    page.grid.slot_wanted.emit(at(11, day=FRIDAY))

    assert page.form.person == anne
    assert page.form.fields.draft().starts_at == at(11, day=FRIDAY)


def test_a_meeting_looked_at_is_closed_where_none_was_being_planned(
    page: MeetingsPage, desk: Database, anne: MemberId
) -> None:
    other = add_meeting(desk, anne, "2026-11-27 09:00")
    page.new()
    page.grid.meeting_wanted.emit(other)

    assert page.step_back()
    assert page.sides.side is None


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


def test_what_is_missing_is_said_beside_the_field(page: MeetingsPage) -> None:
    page.new()
    page.form.fields.date.setText("27/11/2026")
    page.form.fields.time.setText("quarter past")

    page.form.save.click()

    rows = page.form.fields.form.rows
    assert rows["member_id"].problem.text() == "! This field is empty."
    assert rows["time"].problem.text() == "! “quarter past” is not a time: write it like 14:30."
    assert rows["starts_at"].problem.text() == ""

    page.form.fields.time.clear()
    page.form.save.click()
    assert rows["time"].problem.text() == "! This field is empty."
    assert rows["starts_at"].problem.text() == ""

    page.form.fields.date.setText("one day")
    page.form.save.click()
    said = rows["starts_at"].problem.text()
    assert said == "! “one day” is not a date: write it like 31/12/1970."


def test_a_meeting_being_planned_survives_the_lock(
    qtbot: QtBot, desk: Database, workspace: Workspace, page: MeetingsPage, anne: MemberId
) -> None:
    request = add_request(desk, anne)
    add_request(desk, anne, subject="School start")
    page.new(anne)
    fields = page.form.fields
    fields.request.set_value(request)
    fields.bring.setPlainText("Le certificat de scolarité")
    fields.date.setText("3/12/2026")

    workspace.close()
    again = MeetingsPage(Workspace(desk, tasks := Tasks(), clock=lambda: NOW))
    qtbot.addWidget(again)
    again.new(anne)

    draft = again.form.fields.draft()
    assert (draft.bring, draft.request_id) == ("Le certificat de scolarité", request)
    assert again.form.fields.date.value() == date(2026, 12, 3)
    tasks.close()


def test_a_meeting_is_planned_for_the_request_it_was_begun_from(
    desk: Database, page: MeetingsPage, anne: MemberId
) -> None:
    first = add_request(desk, anne)
    second = add_request(desk, anne, subject="School start")

    page.new(anne, second)
    page.form.fields.bring.setPlainText("A pen")
    chosen = page.form.fields.draft().request_id
    page.step_back()
    page.new(anne, first)

    assert chosen == second
    assert page.form.fields.draft().request_id == first
    assert page.form.fields.bring.toPlainText() == "A pen"
    assert (page.person_in_view(), page.request_in_view()) == (anne, first)


def test_while_the_form_is_open_its_action_is_the_only_main_one(
    page: MeetingsPage, anne: MemberId
) -> None:
    assert page.toolbar.plan.property("role") == "main"

    page.new(anne)
    in_form = (page.form.save.property("role"), page.toolbar.plan.property("role"))
    page.step_back()

    assert in_form == ("main", None)
    assert page.toolbar.plan.property("role") == "main"


def test_escape_closes_and_keeps_what_is_typed(page: MeetingsPage, anne: MemberId) -> None:
    page.new(anne)
    page.form.fields.bring.setPlainText("A pen")

    assert page.step_back()
    assert page.sides.side is None

    page.new(anne)
    assert page.form.fields.bring.toPlainText() == "A pen"


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
        (MeetingStatus.SEEN, "This meeting is not planned any more, but: came."),
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
        meetings.set_outcome(s, meeting, status, "", NOW)


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


def test_a_meeting_that_was_begun_is_offered_again_after_the_lock(
    qtbot: QtBot, desk: Database, tasks: Tasks, page: MeetingsPage, anne: MemberId
) -> None:
    assert not page.toolbar.begun.isVisible()
    page.new(anne)
    page.form.fields.bring.setPlainText("the certificate")
    assert not page.toolbar.begun.isVisible()
    page.leave()
    workspace = Workspace(desk, tasks, clock=lambda: NOW)
    qtbot.waitUntil(lambda: workspace.drafts.keys("meeting:") == [f"meeting:new:{anne}"])

    unlocked = MeetingsPage(workspace)
    show(qtbot, unlocked, workspace)
    unlocked.toolbar.begun.click()

    assert unlocked.form.person == anne
    assert unlocked.form.fields.bring.toPlainText() == "the certificate"
    assert not unlocked.toolbar.begun.isVisible()
    unlocked.form.discard.click()
    assert not unlocked.toolbar.begun.isVisible()


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
