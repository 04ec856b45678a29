"""Words drawn narrower than their letters are, where that keeps a name whole.

By the painter and not by the font: of a family with narrow faces Qt takes the nearest one, which may
be too wide.
"""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter

LEAST = 0.8  # of the width of letters, where nothing else is said
_FLAGS = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)


def fits(text: str, font: QFont, room: int, least: float = LEAST) -> bool:
    """Whether text can be drawn whole."""
    return QFontMetrics(font).horizontalAdvance(text) * least <= room


def draw(painter: QPainter, text: str, where: QRect, font: QFont, least: float = LEAST) -> None:
    """Draw text at the left of where, in one line, cut only where squeezing does not help."""
    metrics = QFontMetrics(font)
    room = where.width()
    part = 1.0
    if metrics.horizontalAdvance(text) > room:
        part = least
        if fits(text, font, room, least):
            part = room / metrics.horizontalAdvance(text)
        else:
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, round(room / least))
    painter.save()
    painter.setFont(font)
    painter.translate(where.topLeft())
    painter.scale(part, 1)
    box = QRect(0, 0, round(room / part), where.height())
    painter.drawText(box, _FLAGS | int(Qt.TextFlag.TextDontClip), text)
    painter.restore()
