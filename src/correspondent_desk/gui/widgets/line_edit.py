"""A line of text with a clear button that has a name."""

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit, QToolButton, QWidget

from correspondent_desk.gui.icons import icon
from correspondent_desk.language import _


class LineEdit(QLineEdit):
    """As Qt's, with a clear button that screen readers can name."""

    def __init__(self, placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(placeholder)

    def show_clear_button(self) -> "LineEdit":
        """Offer to empty the field."""
        self.setClearButtonEnabled(True)
        for action in self.findChildren(
            QAction
        ):  # Qt's own, which has neither name nor our colours
            action.setIcon(icon("x", "muted"))
        for made in self.findChildren(QToolButton):
            made.setAccessibleName(_("Clear"))
        return self
