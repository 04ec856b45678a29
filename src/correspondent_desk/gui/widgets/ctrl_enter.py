"""Ctrl+Enter ends a form, wherever one is in it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QWidget

KEYS = ("Ctrl+Return", "Ctrl+Enter")  # the latter is that of the number block


def ctrl_enter_presses(pressed: QAbstractButton, form: QWidget) -> None:
    """Press a button from every field of form, text of several lines included."""
    made = QShortcut(form)
    made.setKeys([QKeySequence(key) for key in KEYS])
    made.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    made.activated.connect(pressed.click)
