"""A page that is one column: its title, then cards no wider than is easily read."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from correspondent_desk.gui.theme import characters
from correspondent_desk.gui.widgets.text import Words

WIDEST = 110  # characters
SIDE_PX = 24


class CardColumn(QWidget):
    """Put it in a Scroll. Its title stands where it stands on pages with an action beside it."""

    def __init__(
        self, title: str, back: QWidget | None = None, parent: QWidget | None = None
    ) -> None:
        """back: the way to where one came from, above the title."""
        super().__init__(parent)
        self._cards: list[QWidget] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(SIDE_PX, 20, SIDE_PX, 24)
        self._column.setSpacing(16)
        if back:
            self._column.addWidget(back, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addWidget(Words(title, "title"))
        self._column.addStretch(1)

    def add(self, card: QWidget) -> None:
        """A card at the end."""
        self._cards.append(card)
        self._column.insertWidget(self._column.count() - 1, card)
        self._fit()

    def heightForWidth(self, width: int) -> int:
        """At the width that cards get: Qt asks them how high they are at all of it."""
        widest = characters(self.font(), WIDEST) + 2 * SIDE_PX
        return super().heightForWidth(min(width, widest))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        for card in self._cards:
            card.setMaximumWidth(characters(self.font(), WIDEST))


class Foot(QWidget):
    """What stays in sight below a column of cards, at the right edge that they have."""

    def __init__(self, action: QWidget) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(SIDE_PX, 8, SIDE_PX, 8)
        row.addWidget(action, 0, Qt.AlignmentFlag.AlignRight)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        self.setMaximumWidth(characters(self.font(), WIDEST) + 2 * SIDE_PX)
