"""What is higher than the window scrolls; nothing scrolls sideways."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QWidget


class Scroll(QScrollArea):
    """inside takes the width there is and the height it needs; the focus stays in view."""

    def __init__(self, inside: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFocusProxy(inside)
        self.setWidget(inside)
        inside.setAutoFillBackground(False)  # setWidget has just turned it on

    def let_focus(self, name: str) -> "Scroll":
        """Let the arrow keys scroll it, where nothing inside can have the focus."""
        self.setFocusProxy(None)  # type: ignore[arg-type]  # the stubs know no way back
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)
        return self
