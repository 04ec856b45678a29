"""What was done, refused and changed, as the frame says it; undo and redo."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from correspondent_desk.domain.fields import Kind
from correspondent_desk.gui.frame import Frame
from correspondent_desk.gui.page import Target
from correspondent_desk.gui.workspace import Workspace
from tests.gui.framing import CTRL, add_somebody, frame, index, page, page_at, window
from tests.gui.hands import focused, press, type_here

__all__ = ["frame", "index", "window"]


def test_what_was_done_is_said_and_can_be_undone_on_the_spot(
    qtbot: QtBot, frame: Frame, workspace: Workspace
) -> None:
    add_somebody(qtbot, workspace)
    assert frame.line.words.text() == "Saved: New member"
    assert frame.line.action.accessibleName() == "Undo “New member”"

    with qtbot.waitSignal(workspace.happened):
        QTest.mouseClick(frame.line.action, Qt.MouseButton.LeftButton)

    assert frame.line.words.text() == "Taken back: New member"
    with qtbot.waitSignal(workspace.happened):
        QTest.mouseClick(frame.line.action, Qt.MouseButton.LeftButton)
    assert frame.line.words.text() == "Done again: New member"


def test_a_page_may_say_it_better_and_undo_stays(
    qtbot: QtBot, frame: Frame, workspace: Workspace
) -> None:
    add_somebody(qtbot, workspace)

    page(frame).said.emit("Anne X is on the list.")

    assert frame.line.words.text() == "Anne X is on the list."
    assert not frame.line.action.isHidden()


def test_what_a_page_says_of_a_change_is_not_said_over(
    qtbot: QtBot, frame: Frame, workspace: Workspace
) -> None:
    workspace.changed.connect(lambda _changed: page(frame).said.emit("Anne was removed meanwhile."))

    add_somebody(qtbot, workspace)

    assert frame.line.words.text() == "Anne was removed meanwhile."
    assert not frame.line.action.isHidden()


def test_undo_and_redo_by_key(qtbot: QtBot, frame: Frame, workspace: Workspace) -> None:
    add_somebody(qtbot, workspace)
    frame.navigation.buttons["today"].setFocus()

    with qtbot.waitSignal(workspace.happened):
        press(Qt.Key.Key_Z, CTRL)
    assert workspace.undoable is None
    with qtbot.waitSignal(workspace.happened):
        press(Qt.Key.Key_Y, CTRL)

    assert workspace.redoable is None
    press(Qt.Key.Key_Y, CTRL)
    assert frame.line.words.text() == "There is nothing to do again."


def test_undo_in_a_text_field_is_the_fields_own(
    qtbot: QtBot, frame: Frame, workspace: Workspace
) -> None:
    add_somebody(qtbot, workspace)
    field = page(frame).field
    field.setFocus()
    type_here("x")

    press(Qt.Key.Key_Z, CTRL)

    assert field.text() == ""
    assert workspace.undoable


class GreedyField(QLineEdit):
    """Takes every key for itself, as text fields on X11 take Ctrl+K and Ctrl+E."""

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)


def test_text_fields_do_not_take_the_frames_keys(frame: Frame) -> None:
    field = GreedyField(page(frame))
    field.show()
    field.setFocus()

    press(Qt.Key.Key_N, CTRL)
    press(Qt.Key.Key_K, CTRL)

    assert page(frame).calls == [("new", None)]
    assert focused() is frame.search


def test_changes_reach_the_page_in_view_at_once_and_the_others_when_shown(
    qtbot: QtBot, frame: Frame, workspace: Workspace
) -> None:
    members = page_at(frame, "members")

    add_somebody(qtbot, workspace)
    add_somebody(qtbot, workspace)

    told = [call for call in page(frame).calls if isinstance(call, dict)]
    assert [set(call) for call in told] == [{Kind.MEMBER}, {Kind.MEMBER}]
    assert members.calls == []
    frame.go(Target(page="members"))
    (late,) = members.calls
    assert isinstance(late, dict)
    assert len(late[Kind.MEMBER]) == 2


def test_a_refusal_nobody_has_a_place_for_is_said(
    qtbot: QtBot, frame: Frame, workspace: Workspace
) -> None:
    frame.line.fade_after(20)
    with qtbot.waitSignal(workspace.refused):
        workspace.undo()
    qtbot.wait(80)  # anything else would be gone by now

    assert frame.line.words.text().startswith("! Refused: ")
    assert frame.line.words.property("role") == "problem"


def test_the_line_stays_while_it_has_the_focus(
    qtbot: QtBot, frame: Frame, workspace: Workspace
) -> None:
    add_somebody(qtbot, workspace)
    frame.line.action.setFocus()
    frame.line.fade_after(10)
    qtbot.wait(60)
    assert frame.line.words.text() == "Saved: New member"

    frame.search.setFocus()

    qtbot.waitUntil(lambda: not frame.line.words.text())
    assert frame.line.action.isHidden()
