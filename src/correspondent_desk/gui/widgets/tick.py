"""A tick whose words go on in further lines where there is little room; Qt's own are cut."""

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QWidget

from correspondent_desk.gui.theme import characters

LEAST = 16  # characters of its words in a line


class Tick(QCheckBox):
    """For words that a person wrote, or long ones: no letter of them leads to it."""

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(words.replace("&", "&&"), parent)
        self._words = words
        self.setAccessibleName(words)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        """All in one line."""
        self.ensurePolished()
        width = self._beside() + self.fontMetrics().horizontalAdvance(self._words)
        return QSize(width, self._height_of(1))

    def minimumSizeHint(self) -> QSize:
        """Some letters in each line."""
        least = self._beside() + characters(self.font(), LEAST)
        return QSize(min(least, self.sizeHint().width()), self._height_of(1))

    def heightForWidth(self, width: int) -> int:
        """The height of all lines."""
        return self._height_of(len(self._lines_at(width)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the words anew."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        broken = "\n".join(self._lines_at(self.width())).replace("&", "&&")
        if broken != self.text():
            self.setText(broken)

    def _lines_at(self, width: int) -> list[str]:
        advance, room = self.fontMetrics().horizontalAdvance, width - self._beside()
        lines = [""]
        for word in self._words.split(" "):
            longer = f"{lines[-1]} {word}" if lines[-1] else word
            if lines[-1] and advance(longer) > room:
                lines.append(word)
            else:
                lines[-1] = longer
        return lines

    def _beside(self) -> int:
        """Pixels of all that is not words."""
        words = max(map(self.fontMetrics().horizontalAdvance, self._shown()))
        return super().sizeHint().width() - words

    def _height_of(self, count: int) -> int:
        more = count - len(self._shown())
        return super().sizeHint().height() + more * self.fontMetrics().lineSpacing()

    def _shown(self) -> list[str]:
        return self.text().replace("&&", "&").split("\n")
