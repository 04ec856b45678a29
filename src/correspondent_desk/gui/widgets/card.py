"""What holds things together on a page: cards, headers, an empty page."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from correspondent_desk.gui.widgets.buttons import main_button
from correspondent_desk.gui.widgets.picture import Picture
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.widgets.turning import Ends


class Card(QFrame):
    """A titled surface. Add to body; actions stand at the right of the title."""

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.title = Words(title, "heading")
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addWidget(self.title)
        column.addLayout(self.body, 1)
        self._column = column
        self.title.setVisible(bool(title))

    def set_title(self, title: str) -> None:
        """Another title; none hides it."""
        self.title.setText(title)
        self.title.setVisible(bool(title))
        self.setAccessibleName(title)

    def pin(self, widget: QWidget) -> None:
        """Put widget at the lower edge, under a line: what scrolls above it ends there."""
        line = QFrame()
        line.setProperty("role", "line")
        self.body.addWidget(line)
        self.body.addWidget(widget)

    def add_action(self, widget: QWidget) -> None:
        """Put widget at the right of the title, once."""
        self._column.insertWidget(0, Ends(self.title, widget))


class SectionHeader(QWidget):
    """A quiet title over a part of a page, with a line; actions stand at its right."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = Words(title, "section")
        line = QFrame()
        line.setProperty("role", "line")
        self._row = QHBoxLayout()
        self._row.addWidget(self.title, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 0)
        column.setSpacing(4)
        column.addLayout(self._row)
        column.addWidget(line)

    def set_title(self, title: str) -> None:
        """Another title."""
        self.title.setText(title)

    def add_action(self, widget: QWidget) -> None:
        """Put widget at the right of the title."""
        self._row.addWidget(widget)


class EmptyState(QWidget):
    """Nothing to show: a sentence that says why, and at most one thing to do about it."""

    acted = Signal()

    def __init__(
        self, sentence: str, action: str = "", picture: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.sentence = Words(sentence, "muted")
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.action = main_button(action)
        self.action.clicked.connect(self.acted)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 32, 24, 32)
        column.setSpacing(12)
        column.addStretch(2)
        if picture:
            column.addWidget(Picture(picture, "muted", 2), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.sentence)
        column.addWidget(self.action, 0, Qt.AlignmentFlag.AlignHCenter)
        self.action.setVisible(bool(action))
        column.addStretch(3)

    def say(self, sentence: str, action: str = "") -> None:
        """Another sentence, and the one thing to do."""
        self.sentence.setText(sentence)
        self.action.setText(action)
        self.action.setVisible(bool(action))
