"""What people type against what is stored: one folding for both.

Done in Python at write and at query time, because SQLite's remove_diacritics leaves œ, æ, ø, đ,
ł and typographic apostrophes as they are.
"""

import re
import unicodedata
from functools import lru_cache

_REPLACED = {
    "œ": "oe",
    "æ": "ae",
    "ø": "o",
    "đ": "d",
    "ð": "d",
    "ħ": "h",
    "ł": "l",
    "ŧ": "t",
    "þ": "th",
    "ı": "i",
    "ß": "ss",
    **dict.fromkeys("\u2018\u2019\u201b\u02b9\u02bb\u02bc\u02bd\u2032\uff07\u00b4`", "'"),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d", "-"),
    **dict.fromkeys("\u00a0\u2007\u2009\u202f", " "),
    # Invisible marks that come along when a name is pasted from a letter or a web page.
    **dict.fromkeys("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff", ""),
}
_TABLE = str.maketrans(_REPLACED)
_TOKEN = re.compile(r"[^\W_]+")


@lru_cache(65_536)
def folded(text: str) -> str:
    """Text without case, accents, ligatures and typographic signs: what comparisons use.

    Apostrophes become ', hyphens and dashes -, special spaces a space. Letters of other scripts
    stay. Folding twice gives the same as folding once.
    """
    if text.isascii():
        return text.lower().replace("`", "'")
    # Signs go before the decomposition (´ decomposes to a space and an accent), letters after it
    # (ǽ decomposes to æ and an accent); case once more, for letters that only appear in between.
    text = unicodedata.normalize("NFKD", text.casefold().translate(_TABLE))
    text = unicodedata.normalize("NFKD", text.casefold()).translate(_TABLE)
    return "".join(ch for ch in text if not unicodedata.combining(ch))


@lru_cache(65_536)
def tokens(text: str) -> tuple[str, ...]:
    """The folded words and numbers of text, cut at everything that is neither."""
    if text.isalnum() and text.isascii():  # most names: half the time of a first reading
        return (text.lower(),)
    return tuple(_TOKEN.findall(folded(text)))


def squashed(text: str) -> str:
    """The tokens of text in one piece: "d'Hérouville" is "dherouville"."""
    return "".join(tokens(text))
