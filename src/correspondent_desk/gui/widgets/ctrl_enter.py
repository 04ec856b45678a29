"""Ctrl+Enter ends a form, wherever one is in it."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QWidget

KEYS = ("Ctrl+Return", "Ctrl+Enter")  # the latter is that of the number block


def ctrl_enter_presses(pressed: QAbstractButton, form: QWidget) -> None:
    """Press a button from every field of form, text of several lines included."""
    ctrl_enter_does(pressed.click, form)


def ctrl_enter_does(act: Callable[[], object], form: QWidget) -> None:
    """Do act from every field of form, where no one button stands for it."""
    made = QShortcut(form)
    made.setKeys([QKeySequence(key) for key in KEYS])
    made.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    made.activated.connect(act)
