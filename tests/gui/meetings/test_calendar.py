"""The calendar and the list of meetings, absences and drop-in sessions."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QAccessible, QFont, QFontMetrics, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from correspondent_desk import language
from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.meetings import AbsenceId, AbsenceRow, MeetingStatus, Mode
from correspondent_desk.domain.members import MemberId, SiteId
from correspondent_desk.gui.meetings.days import Days
from correspondent_desk.gui.meetings.drawing import Drawing, Places, first_fitting, sign_of
from correspondent_desk.gui.meetings.meetings_list import MeetingsList
from correspondent_desk.gui.meetings.narrow_names import LEAST, cap_height, fitted
from correspondent_desk.gui.meetings.page import MeetingsPage
from correspondent_desk.gui.meetings.toolbar import View
from correspondent_desk.gui.page import Target
from correspondent_desk.gui.widgets import squeezed
from correspondent_desk.gui.widgets.two_lines import SIDE_PX
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.messages import people
from correspondent_desk.records import meetings
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
    do,
    press,
    settled,
    show,
    wall,
)

Key = Qt.Key


def test_absences_and_drop_in_sessions_are_added_and_taken_away(
    qtbot: QtBot, page: MeetingsPage, workspace: Workspace
) -> None:
    page.toolbar.times.click()
    page.times.absence.first.setText("30/11/2026")
    page.times.absence.last.setText("1/12/2026")
    page.times.absence.label.setText("Leave")
    page.times.absence.add.click()
    qtbot.waitUntil(lambda: len(page.times.remove_buttons) == 2)
    session = page.times.session
    session.day.setText("27/11/2026")
    session.time.setText("9h")
    session.add.click()
    qtbot.waitUntil(lambda: len(page.times.remove_buttons) == 3)

    assert "9" not in session.time.text()
    qtbot.waitUntil(lambda: len(page.grid.days.sessions_on(FRIDAY)) == 1)

    page.times.remove_buttons[0].click()
    qtbot.waitUntil(lambda: len(page.times.remove_buttons) == 2)
    assert not workspace.now(lambda s: meetings.absences(s, TODAY, date(2026, 12, 31)))


def test_what_is_wrong_with_a_drop_in_session_is_said_beside_it(
    page: MeetingsPage,
) -> None:
    page.toolbar.times.click()
    session = page.times.session
    session.day.setText("un jour")
    session.time.setText("le matin")
    session.label.setText("1 85 05 78 006 084 91")
    session.add.click()

    said = [session.form.rows[name].problem.text() for name in ("day", "time", "label")]
    assert said[0] == "! “un jour” is not a date: write it like 31/12/1970."
    assert said[1] == "! “le matin” is not a time: write it like 14:30."
    assert "social-security number" in said[2]
    session.label.clear()
    session.day.setText("3/12/2026")
    session.time.setText("10:00")
    session.until.setText("31/12/9999")
    session.add.click()

    assert session.form.rows["weekly_until"].problem.text() == (
        "! This date is too far in the past or the future to be right."
    )
    session.day.setText("3/12/2206")
    session.until.clear()
    session.add.click()

    assert session.form.rows["day"].problem.text() == (
        "! This date is too far in the past or the future to be right."
    )


@pytest.mark.parametrize("code", language.LANGUAGES)
def test_what_is_planned_on_days_away_is_named_beside_the_absence(
    qtbot: QtBot, desk: Database, page: MeetingsPage, anne: MemberId, code: str
) -> None:
    language.use(code)
    for moment in ("2026-11-27 09:30", "2026-11-27 14:00", "2026-11-30 09:00"):
        add_meeting(desk, anne, moment)
    cancelled = add_meeting(desk, anne, "2026-11-27 16:00")
    do(desk, lambda s: meetings.cancel(s, cancelled), Action.MEETING_CANCELLED)
    page.toolbar.times.click()
    page.times.absence.first.setText("27/11/2026")

    page.times.absence.add.click()

    named = {
        "en": "During this absence 2 meetings are planned: Friday 27 November, 09:30,"
        " Mrs Anne LE GOFF; Friday 27 November, 14:00, Mrs Anne LE GOFF.",
        "fr": "2 rendez-vous tombent dans cette absence : vendredi 27 novembre, 9 h 30,"
        " Mme Anne LE GOFF ; vendredi 27 novembre, 14 h, Mme Anne LE GOFF.",
    }[code]
    qtbot.waitUntil(lambda: named in said(page.times))


def said(panel: QWidget) -> str:
    """All the words of a panel."""
    shown = "\n".join(one.text() for one in panel.findChildren(QLabel) if one.isVisible())
    return shown.replace("\N{NO-BREAK SPACE}", " ")


def test_wrong_dates_of_an_absence_are_said_beside_them(page: MeetingsPage) -> None:
    page.toolbar.times.click()
    form = page.times.absence
    form.first.setText("2/12/2026")
    form.last.setText("1/12/2026")

    form.add.click()

    assert form.form.rows["last_day"].problem.text() == "! The end is before the start."


def test_an_absence_begins_on_a_day_of_work(page: MeetingsPage) -> None:
    page.views.show_day(date(2026, 11, 29))  # a Sunday
    page.toolbar.times.click()
    forms = page.times
    assert (forms.absence.first.text(), forms.session.day.text()) == ("30/11/2026", "30/11/2026")

    page.step_back()
    page.views.show_day(date(2026, 12, 2))
    page.toolbar.times.click()
    assert (forms.absence.first.text(), forms.session.day.text()) == ("02/12/2026", "02/12/2026")

    forms.absence.label.setText("Leave")
    page.step_back()
    page.views.show_day(date(2026, 12, 3))
    page.toolbar.times.click()
    assert (forms.absence.first.text(), forms.session.day.text()) == ("02/12/2026", "03/12/2026")


def test_a_drop_in_session_is_changed_where_it_is_listed(
    qtbot: QtBot, page: MeetingsPage, workspace: Workspace
) -> None:
    page.toolbar.times.click()
    qtbot.waitUntil(lambda: len(page.times.change_buttons) == 1)
    session = page.times.session
    page.times.absence.add.setFocus()
    press(page, Key.Key_Tab)
    assert page.times.change_buttons[0].hasFocus()
    session.label.setText("Begun")
    page.times.change_buttons[0].click()
    assert session.changing.text() == "Change: Drop-in session, Town hall, room B"
    assert (session.day.text(), session.time.text()) == ("26/11/2026", "14:00")
    assert (session.minutes.value(), session.until.text()) == (120, "30/06/2027")
    assert session.day.hasFocus()

    session.time.setText("9h30")
    with qtbot.waitSignal(workspace.changed):
        session.add.click()

    def hours() -> list[str]:
        found = workspace.now(lambda s: meetings.sessions(s, TODAY, date(2026, 12, 3)))
        return [f"{one.starts_at:%d %H:%M}" for one in found]

    assert hours() == ["26 09:30", "03 09:30"]
    assert session.changing.isHidden()
    assert session.label.text() == "Begun"  # of a new one, before

    qtbot.waitUntil(lambda: len(page.times.change_buttons) == 1)
    page.times.change_buttons[0].click()
    session.leave_it.click()
    assert session.changing.isHidden()
    page.times.change_buttons[0].click()
    page.times.remove_buttons[0].click()
    assert session.changing.isHidden()


def test_ctrl_enter_adds_an_absence_and_a_session(qtbot: QtBot, page: MeetingsPage) -> None:
    page.toolbar.times.click()
    qtbot.waitUntil(lambda: len(page.times.remove_buttons) == 1)
    absence, session = page.times.absence, page.times.session
    absence.first.setText("30/11/2026")
    absence.add.setFocus()
    ctrl = Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(absence.add, Key.Key_Enter, ctrl | Qt.KeyboardModifier.KeypadModifier)
    session.day.setText("27/11/2026")
    session.time.setText("9h")
    session.site.setFocus()
    QTest.keyClick(session.site, Key.Key_Return, ctrl)

    qtbot.waitUntil(lambda: len(page.times.remove_buttons) == 3)


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
    qtbot.waitUntil(page.print_panel.isHidden, timeout=20_000)

    assert told[-1] == f"The sheets of 2 days are saved in {tmp_path / 'week.pdf'}."


def test_the_week_prints_its_days_with_meetings(
    qtbot: QtBot, desk: Database, page: MeetingsPage, anne: MemberId
) -> None:
    add_meeting(desk, anne, "2026-11-27 09:30")
    page.shown()
    qtbot.waitUntil(lambda: len(page.grid.days.meetings) == 1)

    assert page.print_page()

    assert [sheet.day for sheet in page.print_panel.sheets] == [FRIDAY]


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


@pytest.mark.parametrize("name", ["D’HÉROUVILLE", "VANDENBROUCKE", "DE LA ROCHEFOUCAULD", "? ROUX"])
@pytest.mark.parametrize("points", [10, 12])
def test_a_name_stays_whole_in_a_narrow_day(qapp: QApplication, name: str, points: int) -> None:
    bold = QFont(qapp.font())
    bold.setPointSizeF(points)
    bold.setBold(True)
    half_an_hour = round(QFontMetrics(bold).height() * 1.55) - 2

    lines = fitted(name, 66, half_an_hour, bold)

    said = "".join(text.removesuffix("-") for text, _font in lines)
    assert said.replace(" ", "") == name.replace(" ", "")
    assert all(squeezed.fits(text, font, 66, LEAST) for text, font in lines)
    assert sum(cap_height(font) for _text, font in lines) <= half_an_hour


def test_no_sign_stands_in_a_line_of_its_own(
    qapp: QApplication, desk: Database, workspace: Workspace
) -> None:
    kowalski = add_member(desk, "Kowalski")
    past = add_meeting(desk, kowalski, "2026-11-25 09:00")
    row = workspace.now(lambda s: meetings.row(s, past))
    bold = QFont(qapp.font())
    bold.setBold(True)
    words = sign_of(row, NOW) + "KOWALSKI"
    room = round(QFontMetrics(bold).horizontalAdvance(words) * 0.75)

    assert [text for text, _font in fitted(words, room, 60, bold)] == [words]
    assert words.startswith("?")


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("VANDENBROUCKE", ["VANDEN-", "BROUCKE"]),
        ("ROCHEFOUCAULD", ["ROCHE-", "FOUCAULD"]),
        ("KATZENELLENBOGEN", ["KATZENEL-", "LENBOGEN"]),
    ],
)
def test_a_name_too_long_for_its_day_is_broken_between_syllables(
    qapp: QApplication, name: str, broken: list[str]
) -> None:
    bold = QFont(qapp.font())
    bold.setBold(True)
    room = round(QFontMetrics(bold).horizontalAdvance(name) * LEAST * 0.68)

    assert [text for text, _font in fitted(name, room, 60, bold)] == broken


def test_the_name_of_a_day_never_ends_in_dots(qapp: QApplication) -> None:
    names = ["Tue 24, today", "Tue 24", "24"]
    bold = QFont(qapp.font())
    bold.setBold(True)
    for points in (9.0, 9.5, 10.5, 12.0, 16.0):
        bold.setPointSizeF(points)
        metrics = QFontMetrics(bold)
        for room in range(metrics.horizontalAdvance("24") + 2, 300):
            shown = first_fitting(names, metrics, room)
            assert metrics.elidedText(shown, Qt.TextElideMode.ElideRight, room) == shown


def test_what_is_said_above_a_day_is_squeezed_rather_than_cut(qapp: QApplication) -> None:
    font, palette = qapp.font(), qapp.palette()
    room = round(QFontMetrics(font).horizontalAdvance("Permanence") * 0.8) + 8
    pictures = []

    for label in ("Permanence", "Permanenco"):  # cut, both would be "Perman…"
        away = AbsenceRow(
            id=AbsenceId(1), first_day=FRIDAY, last_day=FRIDAY, label=label, person=""
        )
        days = Days(days=(FRIDAY,), absences=(away,))
        gutter = Places(days, QSize(0, 300), 0, font, TODAY).gutter
        picture = QImage(gutter + room, 300, QImage.Format.Format_RGB32)
        picture.fill(Qt.GlobalColor.white)
        painter = QPainter(picture)
        places = Places(days, picture.size(), 0, font, TODAY)
        drawing = Drawing(painter, places, days, font, palette)
        drawing.draw(now=at(9), cursor=at(9), has_focus=False, chosen=None)
        painter.end()
        pictures.append(picture)

    assert pictures[0] != pictures[1]


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
    language.use("en")

    def room(column: int) -> int:
        return table.columnWidth(column) - SIDE_PX - 8

    assert row
    name, when = people.shown_name(row), str(listed.model.index(0, 1).data())
    needed = QFontMetrics(font).horizontalAdvance
    assert squeezed.fits(name, font, room(0))
    assert needed(when) <= room(0 if table.isColumnHidden(1) else 1)
    assert table.isColumnHidden(1) == (width < 1000)


def test_what_is_squeezed_stays_inside(qapp: QApplication) -> None:
    picture = QImage(200, 40, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.white)
    font, name = qapp.font(), "DE LA ROCHEFOUCAULD"
    room = round(QFontMetrics(font).horizontalAdvance(name) * 0.6)
    painter = QPainter(picture)

    squeezed.draw(painter, name, QRect(0, 0, room, 40), font, 0.5)
    painter.end()

    inked = [x for x in range(200) for y in range(40) if picture.pixelColor(x, y).lightness() < 128]
    assert room * 0.9 < max(inked) <= room
