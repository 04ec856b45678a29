"""Names in boxes that are narrower than they are: squeezed or on two lines, before they are cut."""

import re

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics

NARROW, NARROWEST = 80, 55  # percent of the width of letters
_BREAKS = re.compile(r"(?<=[ -])(?=[^ -])")
_ONE_LINE, _TWO_LINES = 0.92, 0.85  # of the size of letters

Line = tuple[str, QFont]


def fitted(words: str, room: int, height: int, bold: QFont) -> list[Line]:
    """words in one or two lines, each with the font in which it has room, cut only as a last resort.

    height: pixels that both lines may take.
    """
    for stretch in (100, NARROW):
        font = _stretched(bold, stretch, 1)
        if QFontMetrics(font).horizontalAdvance(words) <= room:
            return [(words, font)]
    plain = QFont(bold)
    plain.setBold(False)
    if 2 * cap_height(_stretched(plain, 100, _TWO_LINES)) > height:
        return [_squeezed(words, room, plain, _ONE_LINE)]
    metrics = QFontMetrics(_stretched(plain, NARROWEST, _TWO_LINES))
    parts = _broken(words, metrics)
    if max(map(metrics.horizontalAdvance, parts)) > room:
        parts = _broken_in_the_middle(words)
    return [_squeezed(part, room, plain, _TWO_LINES) for part in parts]


def cap_height(font: QFont) -> int:
    """What a line of capitals takes with their accents and the space to the next."""
    metrics = QFontMetrics(font)
    return metrics.capHeight() + max(metrics.descent(), 4)


def _broken(words: str, metrics: QFontMetrics) -> list[str]:
    """In two at the space or hyphen that makes the longer part shortest; whole without one."""
    places = [found.end() for found in _BREAKS.finditer(words)]
    if not places:
        return [words]

    def longest(place: int) -> int:
        return max(map(metrics.horizontalAdvance, (words[:place], words[place:])))

    best = min(places, key=longest)
    return [words[:best].strip(), words[best:]]


def _broken_in_the_middle(words: str) -> list[str]:
    """In two, inside a word."""
    middle = len(words) // 2
    return [f"{words[:middle].strip()}-", words[middle:].strip()]


def _squeezed(part: str, room: int, font: QFont, scale: float) -> Line:
    stretch = 100
    while True:
        made = _stretched(font, stretch, scale)
        metrics = QFontMetrics(made)
        if metrics.horizontalAdvance(part) <= room:
            return part, made
        if stretch <= NARROWEST:
            return metrics.elidedText(part, Qt.TextElideMode.ElideRight, room), made
        stretch = max(NARROWEST, stretch - 5)


def _stretched(font: QFont, stretch: int, scale: float) -> QFont:
    made = QFont(font)
    made.setPointSizeF(font.pointSizeF() * scale)
    if stretch != 100:
        made.setStretch(stretch)
    return made
