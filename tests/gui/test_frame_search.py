"""The search of the frame: people and commands, one key away."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from correspondent_desk.gui.frame import Frame
from correspondent_desk.gui.workspace import Workspace
from tests.gui.framing import CTRL, Index, add_somebody, frame, index, page, window
from tests.gui.hands import press, type_here

__all__ = ["frame", "index", "window"]


def test_search_is_one_key_away_and_enter_opens(frame: Frame, index: Index) -> None:
    page(frame).field.setFocus()

    press(Qt.Key.Key_K, CTRL)
    type_here("le goff")
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Return)

    assert index.asked[-1] == "le goff"
    assert frame.place == "members"
    assert page(frame).calls == [("open", 8)]
    assert frame.search.text() == ""
    assert not frame.search.is_open


def test_only_the_newest_answer_of_the_search_is_shown(frame: Frame, index: Index) -> None:
    index.answers_at_once = False
    frame.search.setFocus()
    type_here("anne")
    frame.search.clear()
    type_here("yann")

    index.answer()

    assert frame.search.results.count() == 1
    assert frame.search.results.item(0).text() == "Yann LE GOFF"


def test_enter_opens_what_the_last_letters_find_however_fast_it_comes(
    frame: Frame, index: Index
) -> None:
    frame.search.setFocus()
    type_here("le goff")
    index.answers_at_once = False
    frame.search.selectAll()
    type_here("yann")

    press(Qt.Key.Key_Return)
    assert page(frame).calls == []
    index.answer()

    assert (frame.place, page(frame).calls) == ("members", [("open", 8)])


def test_enter_that_was_thought_better_of_opens_nothing(frame: Frame, index: Index) -> None:
    index.answers_at_once = False
    frame.search.setFocus()
    type_here("yan")
    press(Qt.Key.Key_Return)
    type_here("n")

    index.answer()

    assert frame.search.is_open
    assert page(frame).calls == []


def test_what_is_found_is_shown_also_where_the_window_just_got_another_width(
    frame: Frame, index: Index, qtbot: QtBot
) -> None:
    index.answers_at_once = False
    frame.search.setFocus()
    type_here("anne")
    width = frame.search.width()
    frame.window().resize(700, 700)
    qtbot.waitUntil(lambda: frame.search.width() < width)

    index.answer()

    assert frame.search.is_open


def test_nothing_found_lies_over_where_one_goes_on(frame: Frame) -> None:
    def look_for_anne() -> None:
        press(Qt.Key.Key_K, CTRL)
        type_here("anne")
        assert frame.search.is_open

    page(frame).field.setFocus()
    look_for_anne()
    press(Qt.Key.Key_F1)
    assert (frame.place, frame.search.is_open) == ("help", False)

    look_for_anne()
    QTest.mouseClick(frame.navigation.buttons["members"], Qt.MouseButton.LeftButton)
    assert (frame.place, frame.search.is_open) == ("members", False)

    look_for_anne()
    page(frame).field.setFocus(Qt.FocusReason.MouseFocusReason)
    assert not frame.search.is_open

    look_for_anne()
    QTest.mouseClick(page(frame), Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    assert not frame.search.is_open


def test_what_comes_after_the_list_was_put_away_opens_nothing(frame: Frame, index: Index) -> None:
    index.answers_at_once = False
    frame.search.setFocus()
    type_here("anne")
    page(frame).field.setFocus()

    index.answer()

    assert not frame.search.is_open


def test_after_escape_undo_takes_back_the_step_and_no_word(
    frame: Frame, qtbot: QtBot, workspace: Workspace
) -> None:
    add_somebody(qtbot, workspace)
    frame.search.setFocus()
    type_here("anne")
    press(Qt.Key.Key_Escape)
    press(Qt.Key.Key_Escape)
    assert not frame.search.hasFocus()
    frame.search.setFocus()

    with qtbot.waitSignal(workspace.happened):
        press(Qt.Key.Key_Z, CTRL)

    assert frame.search.text() == ""


def test_search_finds_commands_too(frame: Frame, qtbot: QtBot) -> None:
    frame.search.setFocus()
    type_here("lock")

    with qtbot.waitSignal(frame.lock_wanted):
        press(Qt.Key.Key_Return)


@pytest.mark.parametrize("nothing", ["zzz", "4"])  # a number of no request, but in Ctrl+4
def test_search_says_that_nothing_is_found(frame: Frame, nothing: str) -> None:
    frame.search.setFocus()
    type_here(nothing)

    assert f"“{nothing}”" in frame.search.results.item(0).text()
    press(Qt.Key.Key_Return)
    assert frame.place == "today"


def test_without_a_person_in_view_the_search_asks_for_one(frame: Frame) -> None:
    page(frame).field.setFocus()

    press(Qt.Key.Key_R, CTRL)
    said = frame.line.words.text()
    type_here("yann")
    press(Qt.Key.Key_Return)

    assert said
    assert frame.place == "requests"
    assert page(frame).calls == [("new", 8)]


def test_asking_for_a_person_can_be_given_up(frame: Frame) -> None:
    page(frame).field.setFocus()
    press(Qt.Key.Key_R, CTRL)
    press(Qt.Key.Key_Escape)

    press(Qt.Key.Key_K, CTRL)
    type_here("yann")
    press(Qt.Key.Key_Return)

    assert frame.place == "members"
    assert page(frame).calls == [("open", 8)]
