"""Absences and drop-in sessions: added, changed, taken away, and told what is wrong with them."""

from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from correspondent_desk import language
from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.meetings import SessionRow
from correspondent_desk.domain.members import MemberId
from correspondent_desk.gui.meetings.page import MeetingsPage
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.records import meetings
from correspondent_desk.store.database import Database
from tests.gui.day_desk import (
    FRIDAY,
    TODAY,
    add_meeting,
    at,
    do,
    press,
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


def test_hours_that_a_colleague_changed_as_well_are_shown_beside_what_one_typed(
    qtbot: QtBot, desk: Database, page: MeetingsPage, workspace: Workspace
) -> None:
    [row] = workspace.now(lambda s: meetings.sessions(s, TODAY, TODAY))
    page.toolbar.times.click()
    form = page.times.session
    form.change(row)
    form.room.setText("room A")
    opened = workspace.now(lambda s: meetings.session_draft(s, row.id))
    theirs = replace(opened, room="room C", label="Retirement")
    do(desk, lambda s: meetings.change_session(s, row.id, opened, theirs))

    form.save()
    qtbot.waitUntil(form.form.rows["room"].problem.isVisible)

    assert "“room C”" in form.form.rows["room"].problem.text()
    assert (form.room.text(), form.label.text()) == ("room A", "Retirement")
    form.save()
    qtbot.waitUntil(
        lambda: workspace.now(lambda s: meetings.sessions(s, TODAY, TODAY))[0].room == "room A"
    )


def test_hours_that_a_colleague_moved_as_well_stay_where_they_are_now(
    qtbot: QtBot, desk: Database, page: MeetingsPage, workspace: Workspace
) -> None:
    [row] = workspace.now(lambda s: meetings.sessions(s, TODAY, TODAY))
    page.toolbar.times.click()
    form = page.times.session
    form.change(row)
    form.label.setText("Retirement")
    opened = workspace.now(lambda s: meetings.session_draft(s, row.id))
    theirs = replace(opened, label="Help with forms", starts_at=at(16))
    do(desk, lambda s: meetings.change_session(s, row.id, opened, theirs))

    form.save()
    qtbot.waitUntil(form.form.rows["label"].problem.isVisible)
    assert form.time.text() == "16:00"
    form.save()

    def now() -> SessionRow:
        return workspace.now(lambda s: meetings.sessions(s, TODAY, TODAY))[0]

    qtbot.waitUntil(lambda: now().label == "Retirement")
    assert now().starts_at == at(16)


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
    qtbot.waitUntil(lambda: [one.isVisible() for one in page.times.change_buttons] == [True])
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
