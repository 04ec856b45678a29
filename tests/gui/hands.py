"""What a person does at the keyboard."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget


def type_text(text: str, widget: QWidget | None = None) -> None:
    """Type text where the focus is, or in widget.

    QTest.keyClicks aborts the whole process on any character outside ASCII.
    """
    target = widget or focused()
    for character in text:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, character)
            QApplication.sendEvent(target, event)


def press(
    key: Qt.Key,
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    widget: QWidget | None = None,
) -> None:
    """Press and release one key, with shortcuts working as they do for people."""
    QTest.keyClick(widget or focused(), key, modifiers)


def focused() -> QWidget:
    """The widget with the focus. QTest aborts the process when given none."""
    widget = QApplication.focusWidget()
    assert widget, "nothing has the focus"
    return widget
