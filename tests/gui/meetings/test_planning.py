"""Planning a meeting: a slot, a person, a reason; what is typed survives."""

from datetime import date, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from correspondent_desk import language
from correspondent_desk.domain.meetings import MeetingStatus
from correspondent_desk.domain.members import MemberId, SiteId
from correspondent_desk.gui.meetings.page import MeetingsPage
from correspondent_desk.gui.meetings.toolbar import View
from correspondent_desk.gui.tasks import Tasks
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.store.database import Database
from tests.gui.a11y import in_words, same_letters
from tests.gui.day_desk import (
    FRIDAY,
    NOW,
    add_meeting,
    add_request,
    all_meetings,
    at,
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


def test_a_double_click_in_a_slot_leaves_one_typing_who_it_is(
    qtbot: QtBot, page: MeetingsPage
) -> None:
    wednesday = at(16, day=FRIDAY - timedelta(days=2))
    where = page.grid.places().slot_box(wednesday).center()

    QTest.mouseClick(page.grid.viewport(), Qt.MouseButton.LeftButton, pos=where)
    qtbot.waitUntil(lambda: not page.grid.places().slot_box(wednesday).contains(where))
    QTest.mouseDClick(page.grid.viewport(), Qt.MouseButton.LeftButton, pos=where)

    assert page.form.fields.person.line.hasFocus()
    assert page.form.fields.draft().starts_at == wednesday


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


def test_a_saturday_that_is_typed_has_a_column_of_its_own(
    qtbot: QtBot, page: MeetingsPage, anne: MemberId
) -> None:
    page.new(anne)
    assert page.grid.days.days[-1].isoweekday() == 5

    page.form.fields.date.setText("28/11/2026")
    settled(qtbot, page)

    assert page.grid.days.days[-1] == page.grid.cursor_at.date() == date(2026, 11, 28)


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


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("code", language.LANGUAGES)
def test_every_letter_leads_to_one_thing_where_one_writes_the_reason(
    qtbot: QtBot, workspace: Workspace, code: str
) -> None:
    language.use(code)
    page = MeetingsPage(workspace)
    show(qtbot, page, workspace)
    page.new()

    page.form.fields.reason.set_value("")
    page.form.fields.reason.chosen.emit("")

    assert page.form.fields.other_reason.isVisible()
    assert same_letters(in_words(page)) == []
