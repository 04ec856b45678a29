"""A picture among words, as large as they are."""

from PySide6.QtCore import QEvent, QRect, QSize
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from correspondent_desk.gui.icons import icon


class Picture(QWidget):
    """Decoration only: screen readers pass it by. lines: its height in lines of text."""

    def __init__(
        self, name: str, tone: str = "text", lines: float = 1, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._icon, self._lines = icon(name, tone), lines
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Square, following the font."""
        side = round(QFontMetrics(self.font()).height() * self._lines)
        return QSize(side, side)

    def changeEvent(self, event: QEvent) -> None:
        """The font gives the size, the palette the colour."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.PaletteChange):
            self.updateGeometry()
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it sharp."""
        painter = QPainter(self)
        self._icon.paint(painter, QRect(0, 0, self.width(), self.height()))
        painter.end()
