"""One card alone in the window: the lock, trouble."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from correspondent_desk.gui.widgets.scroll import Scroll


def stand_alone(page: QWidget, card: QWidget) -> None:
    """Put card in the middle of page, a little high; it scrolls where it has no room.

    What describes card is read out when the window turns to page.
    """
    page.setAccessibleDescription(card.accessibleDescription())
    inside = QWidget()
    column = QVBoxLayout(inside)
    column.addStretch(2)
    line = QHBoxLayout()
    line.addStretch(1)
    line.addWidget(card, 100)  # up to its greatest width, then the sides grow
    line.addStretch(1)
    column.addLayout(line)
    column.addStretch(3)
    scroll = Scroll(inside)
    scroll.setAlignment(Qt.AlignmentFlag.AlignCenter)
    whole = QVBoxLayout(page)
    whole.setContentsMargins(0, 0, 0, 0)
    whole.addWidget(scroll)
