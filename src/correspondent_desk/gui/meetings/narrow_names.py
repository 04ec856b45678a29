"""Names in boxes that are narrower than they are: squeezed or on two lines, before they are cut."""

import re

from PySide6.QtGui import QFont, QFontMetrics

from correspondent_desk.gui.widgets.squeezed import fits

LEAST = 0.55  # of the width of letters
_BOLD = 0.8  # where letters get narrower than this, they are not bold
_FEW = 5  # letters
_PITCH = 1.25  # from line to line, by the height of capitals
_BREAKS = re.compile(r"(?<=[ -])(?=[^ -])")
_VOWEL, _OTHER = "[AEIOUYÀÂÄÉÈÊËÎÏÔÖÙÛÜŒÆ]", "[BCÇDFGHJKLMNPQRSTVWXZ]"
_TOGETHER = "[BCDFGPTV][LR]|[CPT]H|GN|[GQ]U"  # begin a syllable together
# Before a consonant and a vowel, after a vowel or after the consonant that ends its syllable.
_SYLLABLES = re.compile(
    rf"(?<={_VOWEL})(?=(?:{_TOGETHER}|{_OTHER}){_VOWEL})"
    rf"|(?<={_VOWEL}{_OTHER})(?={_OTHER}{_VOWEL}|(?:{_TOGETHER}){_VOWEL})",
    re.IGNORECASE,
)
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
    for broken in (_broken_at_a_syllable, _broken_in_the_middle):
        if all(fits(part, two, room, LEAST) for part in parts):
            break
        parts = broken(words)
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


def _broken_at_a_syllable(words: str) -> list[str]:
    """In two inside a word, where French would break it, as near to the middle as it allows."""
    places = [found.start() for found in _SYLLABLES.finditer(words)]
    middle = len(words) // 2
    return _hyphened(words, min(places, key=lambda place: abs(place - middle), default=middle))


def _broken_in_the_middle(words: str) -> list[str]:
    """In two, inside a word."""
    return _hyphened(words, len(words) // 2)


def _hyphened(words: str, place: int) -> list[str]:
    return [f"{words[:place].strip()}-", words[place:].strip()]


def _plain(bold: QFont, scale: float) -> QFont:
    made = QFont(bold)
    made.setBold(False)
    made.setPointSizeF(bold.pointSizeF() * scale)
    return made
