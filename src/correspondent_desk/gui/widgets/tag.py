"""A status as a word on a ground of its meaning's colour: never the colour alone."""

from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from correspondent_desk.gui.widgets.text import restyle


class Tone(StrEnum):
    """What a status means to the person who reads it."""

    PLAIN = "plain"
    LATE = "late"
    SOON = "soon"
    DONE = "done"


_SIGNS = {Tone.PLAIN: "", Tone.LATE: "! ", Tone.SOON: "", Tone.DONE: "✓ "}


class Tag(QLabel):
    """A word with a sign and a colour."""

    def __init__(
        self, word: str = "", tone: Tone = Tone.PLAIN, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
        self.say(word, tone)

    def say(self, word: str, tone: Tone = Tone.PLAIN) -> None:
        """Another word; none hides the tag."""
        self.setText(f"{_SIGNS[tone]}{word}")
        self.setAccessibleName(word)
        self.setProperty("tone", tone.value)
        if self.parentWidget() or not word:  # alone, it would be a window
            self.setVisible(bool(word))
        restyle(self)
