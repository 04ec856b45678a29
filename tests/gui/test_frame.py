"""The frame around the pages, as hands and eyes meet it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from correspondent_desk import language
from correspondent_desk.gui.frame import Frame
from correspondent_desk.gui.help.page import HelpPage
from correspondent_desk.gui.keys import KEYS, Command, document_keys, keyboard_map
from correspondent_desk.gui.main_window import MainWindow
from correspondent_desk.gui.page import Target, Task
from correspondent_desk.gui.workspace import Workspace
from tests.gui.a11y import nameless
from tests.gui.framing import (
    CTRL,
    KEYS_OF_PLACES,
    PageOfCalls,
    add_somebody,
    frame,
    index,
    page,
    page_at,
    window,
)
from tests.gui.hands import focused, press, type_here

__all__ = ["frame", "index", "window"]


def test_the_first_place_is_in_view_and_the_others_are_not_built(frame: Frame) -> None:
    assert frame.place == "today"
    assert [key for key, made in frame.navigation.buttons.items() if made.isChecked()] == ["today"]
    assert len(frame.findChildren(PageOfCalls)) == 1


def test_work_begins_on_the_page_without_a_click(frame: Frame) -> None:
    assert page(frame).field.hasFocus()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_enter_presses_a_place_as_space_does(frame: Frame, key: Qt.Key) -> None:
    frame.navigation.buttons["requests"].setFocus()
    press(key)

    assert frame.place == "requests"


@pytest.mark.parametrize("number", range(6))
def test_digits_lead_to_pages_and_put_the_focus_there(frame: Frame, number: int) -> None:
    page(frame).field.setFocus()

    press(Qt.Key(Qt.Key.Key_1.value + number), CTRL)

    assert frame.place == KEYS_OF_PLACES[number]
    assert focused() is page(frame).field
    assert frame.navigation.buttons[frame.place].isChecked()


def test_an_answer_that_comes_after_one_went_on_leaves_the_focus_in_view(
    qtbot: QtBot, frame: Frame
) -> None:
    left = page(frame)
    frame.go(Target(page="members"))
    frame.search.setFocus()

    left.field.setFocus()  # as where a form was asked for, and the answer comes late

    qtbot.waitUntil(frame.search.hasFocus)
    type_here("a")
    assert not left.field.text()


def test_where_nothing_in_view_had_the_focus_work_begins_on_the_page(
    qtbot: QtBot, frame: Frame
) -> None:
    left = page(frame)
    frame.go(Target(page="members"))
    frame.search.setFocus()

    left.field.setFocus()
    frame.search.hide()

    qtbot.waitUntil(page(frame).field.hasFocus)


def test_a_french_keyboard_needs_no_shift(frame: Frame) -> None:
    page(frame).field.setFocus()

    press(Qt.Key.Key_Eacute, CTRL)

    assert frame.place == "members"


def test_a_click_in_the_navigation_leads_there(frame: Frame) -> None:
    QTest.mouseClick(frame.navigation.buttons["meetings"], Qt.MouseButton.LeftButton)

    assert frame.place == "meetings"


def test_a_page_that_must_be_answered_stays(frame: Frame) -> None:
    page(frame).may_leave = False

    QTest.mouseClick(frame.navigation.buttons["meetings"], Qt.MouseButton.LeftButton)

    assert frame.place == "today"
    assert frame.navigation.buttons["today"].isChecked()


def test_escape_goes_back_step_by_step(frame: Frame) -> None:
    frame.go(Target(page="members", id=7))
    members = page(frame)
    members.steps_back = 1
    frame.search.setFocus()
    type_here("anne")

    press(Qt.Key.Key_Escape)
    assert (frame.search.is_open, frame.search.text()) == (False, "anne")
    press(Qt.Key.Key_Escape)
    assert focused() is members.field
    press(Qt.Key.Key_Escape)
    assert (frame.place, members.steps_back) == ("members", 0)
    press(Qt.Key.Key_Escape)
    assert frame.place == "today"
    press(Qt.Key.Key_Escape)
    assert frame.place == "today"


@pytest.mark.parametrize(
    ("key", "place", "call"),
    [
        (Qt.Key.Key_E, "members", ("log_contact", 7)),
        (Qt.Key.Key_R, "requests", ("new", 7)),
        (Qt.Key.Key_M, "meetings", ("new", 7)),
    ],
)
def test_keys_act_on_the_person_in_view(
    frame: Frame, key: Qt.Key, place: str, call: object
) -> None:
    page(frame).person = 7
    page(frame).field.setFocus()

    press(key, CTRL)

    assert frame.place == place
    assert page(frame).calls[-1] == call


def test_a_meeting_and_a_contact_are_about_the_request_in_view(frame: Frame) -> None:
    page(frame).person, page(frame).request = 7, 9
    page(frame).field.setFocus()

    press(Qt.Key.Key_M, CTRL)

    assert page(frame).calls[-1] == ("new", 7, 9)


def test_f6_goes_from_part_to_part_and_back(
    qtbot: QtBot, frame: Frame, workspace: Workspace
) -> None:
    add_somebody(qtbot, workspace)  # the quiet line offers to take it back
    frame.search.setFocus()
    seen = []
    for _part in range(4):
        press(Qt.Key.Key_F6)
        seen.append(focused())

    assert seen == [
        page(frame).field,
        frame.line.action,
        frame.navigation.buttons["today"],
        frame.search,
    ]
    press(Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert focused() is frame.navigation.buttons["today"]


def test_the_help_names_every_key_of_the_window() -> None:
    groups = keyboard_map(["Today", "Members"])
    shown = {line.keys for group in groups for line in group.lines}

    assert {keys[0] for keys in KEYS.values()} <= shown
    assert {"Ctrl+1", "Ctrl+2", *document_keys()} <= shown


def test_new_and_print_belong_to_the_page(frame: Frame) -> None:
    page(frame).field.setFocus()

    press(Qt.Key.Key_N, CTRL)
    press(Qt.Key.Key_P, CTRL)

    assert page(frame).calls == [("new", None), "print"]
    assert frame.line.words.text() == "There is nothing to print on this page."


def test_a_page_where_nothing_new_begins_says_so(frame: Frame) -> None:
    frame.run(Command.HELP)

    press(Qt.Key.Key_N, CTRL)

    assert frame.line.words.text() == "There is nothing new to begin on this page."


def test_pages_lead_to_one_another(frame: Frame) -> None:
    page(frame).wanted.emit(Target(page="requests", task=Task.NEW, person=8))

    assert page(frame).calls == [("new", 8)]


def test_what_was_open_before_a_lock_is_there_again_also_below_what_one_asks_for(
    frame: Frame,
) -> None:
    frame.come_back(
        [Target(page="requests", id=5), Target(page="exchange", id=6), Target(page="today")]
    )
    assert frame.place == "today"

    frame.go(Target(page="requests"))
    assert page(frame).calls == [("open", 5)]
    frame.go(Target(page="exchange", id=9))
    assert page(frame).calls == [("open", 6), ("open", 9)]
    frame.go(Target(page="exchange", id=9))
    assert page(frame).calls == [("open", 6), ("open", 9), ("open", 9)]


def test_locking_lets_every_page_keep_its_typing(qtbot: QtBot, frame: Frame) -> None:
    members = page_at(frame, "members")

    with qtbot.waitSignal(frame.lock_wanted):
        press(Qt.Key.Key_L, CTRL)

    assert members.calls == ["leave"]
    assert page(frame).calls[-1] == "leave"


def test_little_room_puts_the_words_under_the_icons(window: MainWindow, frame: Frame) -> None:
    wide = frame.navigation.width()

    window.resize(760, 700)

    members = frame.navigation.buttons["members"]
    assert frame.navigation.width() < wide * 0.75
    assert members.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonTextUnderIcon
    assert members.sizeHint().width() <= members.width(), "the word is cut"
    window.resize(1200, 700)
    assert frame.navigation.width() == wide


@pytest.mark.parametrize("code", language.LANGUAGES)
def test_every_control_has_a_name(frame: Frame, window: MainWindow, code: str) -> None:
    frame.search.setFocus()
    type_here("anne")
    frame.line.say("Said", "Undo")
    assert nameless(window) == []

    language.use(code)
    frame.go(Target(page="help"))

    assert nameless(window) == []


def test_tab_goes_around_everything(frame: Frame) -> None:
    frame.line.say("Said", "Undo")
    frame.search.setFocus()
    met = []
    for _ in range(12):
        met.append(focused())
        press(Qt.Key.Key_Tab)

    wanted = {
        frame.search,
        frame.help,
        frame.lock,
        page(frame).field,
        frame.line.action,
        frame.navigation.buttons["today"],
    }
    assert wanted <= set(met)


def test_help_shows_every_key_and_escape_leaves_it(frame: Frame) -> None:
    press(Qt.Key.Key_F1)
    assert frame.place == "help"
    shown = " ".join(
        label.text() for label in frame.page.findChildren(type(frame.navigation.office))
    )

    assert all(keys[0] in shown for keys in KEYS.values())
    press(Qt.Key.Key_Escape)
    assert frame.place == "today"


@pytest.mark.parametrize("by_mouse", [False, True])
def test_the_keys_scroll_the_help_also_when_it_was_called_from_the_search_field(
    frame: Frame, *, by_mouse: bool
) -> None:
    frame.window().resize(900, 500)
    frame.search.setFocus()
    if by_mouse:
        QTest.mouseClick(frame.help, Qt.MouseButton.LeftButton)
    else:
        press(Qt.Key.Key_F1)
    assert isinstance(frame.page, HelpPage)

    press(Qt.Key.Key_PageDown)

    assert frame.page.area.verticalScrollBar().value() > 0
