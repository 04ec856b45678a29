"""Buttons in words: one main action a page, the others beside it, dangerous ones apart."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from correspondent_desk.gui.icons import icon

ICON = QSize(18, 18)


def main_button(text: str, picture: str = "", parent: QWidget | None = None) -> QPushButton:
    """The one main action of a page."""
    return _button(text, picture, "main", parent, "on_accent")


def button(text: str, picture: str = "", parent: QWidget | None = None) -> QPushButton:
    """Any other action."""
    return _button(text, picture, "", parent)


def quiet_button(text: str, picture: str = "", parent: QWidget | None = None) -> QPushButton:
    """An action within text or a line, drawn like a link."""
    return _button(text, picture, "quiet", parent, "accent")


def danger_button(text: str, picture: str = "", parent: QWidget | None = None) -> QPushButton:
    """An action that takes something away; never beside the main one."""
    return _button(text, picture, "danger", parent, "late")


def filter_button(text: str, parent: QWidget | None = None) -> QPushButton:
    """One word of a row of filters; the caller puts the row in a QButtonGroup."""
    made = _button(text, "", "filter", parent)
    made.setCheckable(True)
    return made


def icon_button(picture: str, name: str, parent: QWidget | None = None) -> QToolButton:
    """A picture alone, where everybody knows it; name is read out and shown on hover."""
    made = QToolButton(parent)
    made.setIcon(icon(picture))
    made.setIconSize(QSize(20, 20))
    made.setMinimumSize(36, 36)
    made.setToolTip(name)
    made.setAccessibleName(name)
    return made


def _button(
    text: str, picture: str, role: str, parent: QWidget | None, tone: str = "text"
) -> QPushButton:
    made = QPushButton(text, parent)
    made.setMinimumHeight(34)
    made.setAutoDefault(False)
    if role:
        made.setProperty("role", role)
    if picture:
        made.setIcon(icon(picture, tone))
        made.setIconSize(ICON)
    return made
