"""Names as a staff list has them: civility, last name and first name, in one cell or in several.

Readers are as in `staff_cells`: the value or a CellFault, never a guess.
"""

import re
from collections.abc import Sequence

from correspondent_desk.domain.members import Civility
from correspondent_desk.domain.text import tokens
from correspondent_desk.formats.staff_cells import NEWER, CellFault, says_nothing

_CIVILITIES = {
    **dict.fromkeys(("m", "mr", "monsieur", "mister"), Civility.MR),
    **dict.fromkeys(
        ("mme", "madame", "mlle", "melle", "mademoiselle", "mrs", "ms", "miss"), Civility.MRS
    ),
}
# Before a name, but not before a second person ("M. et Mme").
_CIVILITY_FIRST = re.compile(
    rf"(m\. ?|(?:{'|'.join(said for said in _CIVILITIES if said != 'm')})\.? )"
    r"(?!(?:et|ou) )(?=[^\W\d_])(.+)",
    re.IGNORECASE,
)
_M_FIRST = re.compile(r"(m )(?!(?:et|ou) )(?=[^\W\d_])(.+)", re.IGNORECASE)
_OFTEN_M = 0.2  # share of the names of a column: fewer may be names that begin so
_NAME_PARTS = frozenset(
    {
        *("le", "la", "les", "l", "de", "du", "des", "d", "di", "da", "do", "dos"),
        *("van", "von", "den", "der", "ten", "saint", "sainte", "st", "ste"),
    }
)


def read_civility(text: str) -> Civility | CellFault:
    """Madame or Monsieur, in whatever short form."""
    if says_nothing(text) or " ".join(tokens(text)) in NEWER:
        return Civility.NONE
    return _CIVILITIES.get(" ".join(tokens(text)), CellFault.UNKNOWN_CIVILITY)


def split_civility(name: str, *, is_m_one: bool) -> tuple[Civility, str]:
    """The civility that a name begins with, and the rest of it.

    is_m_one: also M without its point, with which names begin too (M BAREK).
    """
    found = _CIVILITY_FIRST.fullmatch(name) or (is_m_one and _M_FIRST.fullmatch(name))
    # Letters of other alphabets count as the same without case, and are none of our words.
    civility = _CIVILITIES.get(found[1].rstrip(" .").lower()) if found else None
    return (civility, found[2]) if found and civility else (Civility.NONE, name)


def is_m_civility(names: Sequence[str]) -> bool:
    """Whether M before a name of this column is Monsieur: other names have a civility, or many an M."""
    if any(_CIVILITY_FIRST.fullmatch(name) for name in names):
        return True
    filled = [name for name in names if name]
    return sum(bool(_M_FIRST.fullmatch(name)) for name in filled) > _OFTEN_M * len(filled)


def read_full_name(
    text: str, *, is_first_name_first: bool
) -> tuple[Civility, str, str] | CellFault:
    """Civility, family name and first name of a cell that holds them all."""
    civility, name = split_civility(text, is_m_one=True)
    found = split_name(name, is_first_name_first=is_first_name_first)
    return found if isinstance(found, CellFault) else (civility, *found)


def split_name(text: str, *, is_first_name_first: bool) -> tuple[str, str] | CellFault:
    """Family name and first name of a cell that holds both; a fault if it can be cut in two ways.

    The family name is what stands in capitals or before a comma; of just two words, the order in
    the heading tells, unless the first is a part of a family name: then no first name is there.
    """
    if "," in text:
        family, _, first = text.partition(",")
        whole = family.strip() and first.strip()
        return (family.strip(), first.strip()) if whole else CellFault.NAME_NOT_SPLIT
    words = text.split()
    loud = [word == word.upper() and word != word.lower() for word in words]
    for names, is_loud in ((words, loud), (words[::-1], loud[::-1])):
        count = is_loud.index(False) if False in is_loud else 0
        if count and not any(is_loud[count:]):
            family_words, first_words = names[:count], names[count:]
            if names is not words:
                family_words, first_words = family_words[::-1], first_words[::-1]
            return " ".join(family_words), " ".join(first_words)
    if len(words) == 2 and words[0].lower() not in _NAME_PARTS:  # noqa: PLR2004
        first_name, family_name = words if is_first_name_first else words[::-1]
        return family_name, first_name
    return CellFault.NAME_NOT_SPLIT
