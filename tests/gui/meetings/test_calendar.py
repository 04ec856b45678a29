"""The calendar and the list of meetings."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QFont, QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QSlider
from pytestqt.qtbot import QtBot

from correspondent_desk import language
from correspondent_desk.domain.meetings import MeetingFilter, MeetingStatus, Mode
from correspondent_desk.domain.members import MemberId, SiteId
from correspondent_desk.gui.meetings.meetings_list import MeetingsList
from correspondent_desk.gui.meetings.page import MeetingsPage
from correspondent_desk.gui.meetings.toolbar import Toolbar, View
from correspondent_desk.gui.page import Target
from correspondent_desk.gui.tasks import Tasks
from correspondent_desk.gui.widgets import squeezed
from correspondent_desk.gui.widgets.two_lines import SIDE_PX
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.messages import people
from correspondent_desk.store.database import Database
from tests.builders import add_member
from tests.gui.a11y import nameless
from tests.gui.day_desk import (
    FRIDAY,
    NOW,
    TODAY,
    add_meeting,
    add_office,
    add_request,
    at,
    press,
    settled,
    show,
    wall,
)
from tests.gui.hands import focused

Key = Qt.Key


def test_weeks_turn_and_the_cursor_says_where_it_is(qtbot: QtBot, page: MeetingsPage) -> None:
    page.take_focus()
    press(page, Key.Key_Home, Key.Key_Left)
    qtbot.waitUntil(lambda: page.grid.days.days[0] == date(2026, 11, 16))

    assert page.toolbar.title.text() == "Week of Monday 16 November"
    assert page.grid.cursor_at.date() in page.grid.days.days

    page.toolbar.today.click()
    qtbot.waitUntil(lambda: TODAY in page.grid.days.days)
    assert page.grid.words_at(wall("2026-11-26 14:00")) == (
        "Thursday 26 November 2026, 14:00. free. Drop-in session, Town hall, room B"
    )


@pytest.mark.usefixtures("site")
def test_a_low_window_opens_at_the_hour_with_what_comes_next_in_view(
    qtbot: QtBot, desk: Database, tasks: Tasks
) -> None:
    page = MeetingsPage(Workspace(desk, tasks, clock=lambda: NOW.replace(hour=15)))
    page.resize(1240, 400)
    qtbot.addWidget(page)
    page.show()
    page.shown()
    qtbot.waitUntil(lambda: len(page.grid.days.days) == 5)
    grid = page.grid

    def is_in_view(hour: int) -> bool:
        box = grid.places().slot_box(at(hour))
        return grid.places().head <= box.top() and box.bottom() < grid.viewport().height()

    qtbot.waitUntil(lambda: is_in_view(15) and is_in_view(16))

    grid.verticalScrollBar().triggerAction(QSlider.SliderAction.SliderToMinimum)
    page.resize(1240, 420)
    QApplication.processEvents()
    assert grid.verticalScrollBar().value() == 0


def test_a_day_is_shown_alone(page: MeetingsPage) -> None:
    page.show_view(View.DAY)

    assert page.grid.days.days == (TODAY,)
    assert page.toolbar.title.text() == "Thursday 26 November"


def test_one_site_is_shown_alone(
    qtbot: QtBot, desk: Database, page: MeetingsPage, anne: MemberId, site: SiteId
) -> None:
    here = add_meeting(desk, anne, "2026-11-27 09:30", mode=Mode.ON_SITE, site_id=site)
    add_meeting(desk, anne, "2026-11-27 11:00")
    page.shown()
    qtbot.waitUntil(lambda: len(page.grid.days.meetings) == 2)

    page.toolbar.site_field.set_value(site)
    page.toolbar.site_chosen.emit()

    assert [row.id for row in page.grid.days.meetings] == [here]
    qtbot.waitUntil(lambda: list(page.list.model.ids) == [here])


def test_the_list_finds_by_name(
    qtbot: QtBot, desk: Database, page: MeetingsPage, anne: MemberId
) -> None:
    hers = add_meeting(desk, anne, "2026-11-27 09:30")
    add_meeting(desk, add_member(desk, "Petit"), "2026-11-27 11:00")
    page.show_view(View.LIST)
    page.list.words.setText("legoff")

    qtbot.waitUntil(lambda: list(page.list.model.ids) == [hers])


def test_a_list_without_lines_says_why_and_searches_further(
    qtbot: QtBot, desk: Database, page: MeetingsPage, anne: MemberId
) -> None:
    hers = add_meeting(desk, anne, "2026-11-27 09:30")
    nothing = page.list.nothing
    page.show_view(View.LIST)
    page.list.choose_filter(MeetingFilter.WITHOUT_OUTCOME)
    kept = "No past meeting lacks its outcome."
    qtbot.waitUntil(lambda: nothing.isVisible() and nothing.sentence.text() == kept)
    assert nothing.action.isHidden()

    page.list.words.setText("legoff")
    qtbot.waitUntil(nothing.action.isVisible)
    assert nothing.sentence.text() == "No meeting is found for “legoff”."
    nothing.action.click()

    qtbot.waitUntil(lambda: list(page.list.model.ids) == [hers])
    assert page.list.which is MeetingFilter.ALL


def test_ctrl_r_and_e_are_about_the_person_in_view(page: MeetingsPage, anne: MemberId) -> None:
    assert page.person_in_view() is None

    page.new(anne)

    assert page.person_in_view() == anne


def test_the_sheets_of_a_week_are_not_called_that_of_the_day(
    qtbot: QtBot, desk: Database, page: MeetingsPage, anne: MemberId, tmp_path: Path
) -> None:
    for moment in ("2026-11-26 14:00", "2026-11-27 09:30"):
        add_meeting(desk, anne, moment)
    page.shown()
    qtbot.waitUntil(lambda: len(page.grid.days.meetings) == 2)
    assert page.print_page()
    told: list[str] = []
    page.said.connect(told.append)

    page.print_panel.save_to(tmp_path / "week.pdf")
    qtbot.waitUntil(page.print_panel.isHidden)

    assert told[-1] == f"The sheets of 2 days are saved in {tmp_path / 'week.pdf'}."


def test_the_week_prints_its_days_with_meetings(
    qtbot: QtBot, desk: Database, page: MeetingsPage, anne: MemberId
) -> None:
    add_meeting(desk, anne, "2026-11-27 09:30")
    page.shown()
    qtbot.waitUntil(lambda: len(page.grid.days.meetings) == 1)

    assert page.print_page()

    assert [sheet.day for sheet in page.print_panel.sheets] == [FRIDAY]


def test_a_week_without_meetings_is_not_printed(
    qtbot: QtBot, desk: Database, page: MeetingsPage, anne: MemberId
) -> None:
    add_meeting(desk, anne, "2026-11-27 09:30")
    page.shown()
    qtbot.waitUntil(lambda: len(page.grid.days.meetings) == 1)
    assert page.print_page()
    told: list[str] = []
    page.said.connect(told.append)

    page.toolbar.onward.click()
    qtbot.waitUntil(lambda: not page.grid.days.meetings)
    page.toolbar.print.click()

    assert told == ["No meeting stands in these days: there is nothing to print."]
    assert not page.print_panel.isVisible()


def test_meetings_that_overlap_stand_side_by_side(
    qtbot: QtBot, desk: Database, page: MeetingsPage, anne: MemberId
) -> None:
    for start in ("09:00", "09:15", "11:00"):
        add_meeting(desk, anne, f"2026-11-27 {start}")
    page.shown()
    qtbot.waitUntil(lambda: len(page.grid.days.meetings) == 3)
    boxes = [box for _block, box in page.grid.places().blocks(FRIDAY)]

    assert not boxes[0].intersects(boxes[1])
    assert boxes[2].width() > 1.8 * boxes[0].width()

    clicked = boxes[1].center()
    QTest.mouseClick(page.grid.viewport(), Qt.MouseButton.LeftButton, pos=clicked)
    assert page.card.row is not None
    assert page.card.row.draft.starts_at == wall("2026-11-27 09:15")


def test_what_covers_the_calendar_has_the_focus_of_the_page(
    qtbot: QtBot, page: MeetingsPage, anne: MemberId
) -> None:
    page.resize(700, 700)
    page.toolbar.plan.setFocus()
    page.new(anne)
    settled(qtbot, page)
    assert not page.grid.isVisible()

    page.take_focus()
    assert page.form.isAncestorOf(focused())

    page.step_back()
    page.toolbar.times.click()
    settled(qtbot, page)
    assert not page.grid.isVisible()
    page.take_focus()
    assert page.times.isAncestorOf(focused())


@pytest.mark.parametrize("code", ["fr", "en"])
def test_every_control_has_a_name(
    qtbot: QtBot, desk: Database, workspace: Workspace, anne: MemberId, code: str
) -> None:
    language.use(code)
    add_office(desk)
    meeting = add_meeting(desk, anne, "2026-11-26 09:30", request_id=add_request(desk, anne))
    page = MeetingsPage(workspace)
    show(qtbot, page, workspace)
    qtbot.waitUntil(lambda: len(page.grid.days.days) == 5)

    assert nameless(page) == []
    page.new(anne)
    settled(qtbot, page)
    assert nameless(page) == []
    page.open(Target(page="meetings", id=meeting))
    page.card.outcome.choose(MeetingStatus.SEEN)
    page.print_page()
    assert nameless(page) == []
    page.toolbar.times.click()
    qtbot.waitUntil(lambda: bool(page.times.remove_buttons))
    assert nameless(page) == []


def test_in_a_narrow_window_the_form_covers_the_calendar(
    qtbot: QtBot, page: MeetingsPage, anne: MemberId
) -> None:
    page.resize(700, 700)
    page.new(anne)
    qtbot.waitUntil(page.form.isVisible)

    assert not page.grid.isVisible()
    assert not page.toolbar.isVisible()

    assert page.step_back()
    assert page.grid.isVisible()
    assert page.toolbar.isVisible()

    page.grid.slot_wanted.emit(at(11, day=FRIDAY))
    assert page.form.person == anne
    page.form.later.click()
    page.grid.slot_wanted.emit(at(12, day=FRIDAY))
    assert page.form.person is None


@pytest.fixture
def listener() -> Iterator[None]:
    """Somebody listens, such as a screen reader."""
    before = QAccessible.isActive()
    QAccessible.setActive(True)
    yield
    QAccessible.setActive(before)


@pytest.mark.usefixtures("listener")
def test_each_meeting_of_the_week_is_there_for_screen_readers(
    qtbot: QtBot, desk: Database, page: MeetingsPage, anne: MemberId
) -> None:
    add_meeting(desk, anne, "2026-11-27 09:00")
    page.shown()
    qtbot.waitUntil(lambda: len(page.grid.days.meetings) == 1)

    tree = QAccessible.queryAccessibleInterface(page.grid.viewport())
    [meeting] = [tree.child(place) for place in range(tree.childCount())]

    assert meeting.role() == QAccessible.Role.StaticText
    assert meeting.text(QAccessible.Text.Name).startswith(
        "Friday 27 November, 09:00  Mrs Anne LE GOFF"
    )
    [(_block, box)] = page.grid.places().blocks(date(2026, 11, 27))
    assert page.grid.spoken.labels[0].geometry() == box


@pytest.mark.parametrize("code", ["fr", "en"])
def test_printing_takes_no_line_for_itself(qtbot: QtBot, code: str) -> None:
    language.use(code)
    toolbar = Toolbar()
    qtbot.addWidget(toolbar)
    toolbar.show()

    for width in range(400, 1000, 10):
        toolbar.resize(width, 200)
        QApplication.processEvents()
        tops = {one.mapTo(toolbar, QPoint()).y() for one in (toolbar.times, toolbar.print)}
        assert len(tops) == 1, width


@pytest.mark.parametrize(("width", "percent"), [(420, 160), (690, 200), (1000, 100)])
@pytest.mark.parametrize("code", ["fr", "en"])
def test_the_list_keeps_names_and_days_whole(
    qtbot: QtBot, desk: Database, workspace: Workspace, width: int, percent: int, code: str
) -> None:
    member = add_member(desk, "d’Hérouville--Martin", first_name="Marie-Anne", civility="mrs")
    add_meeting(desk, member, "2026-12-23 14:30")
    language.use(code)
    listed = MeetingsList(workspace)
    qtbot.addWidget(listed)
    font = QFont(listed.font())
    font.setPointSizeF(font.pointSizeF() * percent / 100)
    for widget in (listed, listed.table):
        widget.setFont(font)
    listed.resize(width, 500)
    listed.show()
    listed.load()
    qtbot.waitUntil(lambda: bool(listed.model.ids))

    table, row = listed.table, listed.model.row_at(0)

    def room(column: int) -> int:
        return table.columnWidth(column) - SIDE_PX - 8

    assert row
    name, when = people.shown_name(row), str(listed.model.index(0, 1).data())
    needed = QFontMetrics(font).horizontalAdvance
    assert squeezed.fits(name, font, room(0))
    assert needed(when) <= room(0 if table.isColumnHidden(1) else 1)
    assert table.isColumnHidden(1) == (width < 1000)
