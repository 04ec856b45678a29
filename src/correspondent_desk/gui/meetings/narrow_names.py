"""Names in boxes that are narrower than they are: squeezed or on two lines, before they are cut."""

import re

from PySide6.QtGui import QFont, QFontMetrics

from correspondent_desk.gui.widgets.squeezed import fits

LEAST = 0.55  # of the width of letters
_BOLD = 0.8  # where letters get narrower than this, they are not bold
_FEW = 5  # letters
_PITCH = 1.25  # from line to line, by the height of capitals
_BREAKS = re.compile(r"(?<=[ -])(?=[^ -])")
_ONE_LINE, _TWO_LINES = 0.92, 0.85  # of the size of letters

Line = tuple[str, QFont]


def fitted(words: str, room: int, height: int, bold: QFont) -> list[Line]:
    """words in one or two lines with their font, to be drawn as narrow as LEAST.

    room, height: pixels that the lines may take.
    """
    if fits(words, bold, room, _BOLD):
        return [(words, bold)]
    if room < _FEW * QFontMetrics(bold).averageCharWidth():  # of so many, none stays whole
        return [(words, bold)]
    two = _plain(bold, _TWO_LINES)
    if 2 * cap_height(two) > height:
        return [(words, _plain(bold, _ONE_LINE))]
    parts = _broken(words, QFontMetrics(two))
    if not all(fits(part, two, room, LEAST) for part in parts):
        parts = _broken_in_the_middle(words)
    return [(part, two) for part in parts]


def cap_height(font: QFont) -> int:
    """What a line of capitals takes with their accents and the space to the next."""
    return round(QFontMetrics(font).capHeight() * _PITCH)


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


def _plain(bold: QFont, scale: float) -> QFont:
    made = QFont(bold)
    made.setBold(False)
    made.setPointSizeF(bold.pointSizeF() * scale)
    return made
