"""What a person does at the keyboard, where the focus is."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.typing_keys import type_text


def type_here(text: str) -> None:
    """Type text where the focus is."""
    type_text(focused(), text)


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press and release one key where the focus is; shortcuts work as they do for people."""
    QTest.keyClick(focused(), key, modifiers)


def focused() -> QWidget:
    """The widget with the focus. QTest ends the whole process when given none."""
    widget = QApplication.focusWidget()
    assert widget, "nothing has the focus"
    return widget
