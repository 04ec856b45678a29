"""A status as a word on a ground of its meaning's colour: never the colour alone."""

from enum import StrEnum

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from correspondent_desk.gui.theme import characters
from correspondent_desk.gui.widgets.text import restyle

FEW = 24  # characters


class Tone(StrEnum):
    """What a status means to the person who reads it."""

    PLAIN = "plain"
    LATE = "late"
    SOON = "soon"
    DONE = "done"


_SIGNS = {Tone.PLAIN: "", Tone.LATE: "! ", Tone.SOON: "", Tone.DONE: "✓ "}


class Tag(QLabel):
    """A word with a sign and a colour; a sentence wraps only where there is no room for it."""

    def __init__(
        self, word: str = "", tone: Tone = Tone.PLAIN, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.say(word, tone)

    def say(self, word: str, tone: Tone = Tone.PLAIN) -> None:
        """Another word; none hides the tag."""
        self.setText(f"{_SIGNS[tone]}{word}")
        self.setAccessibleName(word)
        self.setProperty("tone", tone.value)
        if self.parentWidget() or not word:  # alone, it would be a window
            self.setVisible(bool(word))
        restyle(self)

    def sizeHint(self) -> QSize:
        """One line: Qt would wrap a sentence early."""
        width = self._width_of_line()
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """A few words are never wrapped."""
        least = super().minimumSizeHint()
        few = characters(self.font(), FEW)
        return QSize(max(least.width(), min(self._width_of_line(), few)), least.height())

    def _width_of_line(self) -> int:
        self.ensurePolished()
        metrics, margins = self.fontMetrics(), self.contentsMargins()
        inner = metrics.horizontalAdvance(self.text()) + metrics.horizontalAdvance("x")
        return inner + margins.left() + margins.right() + 4
