"""Phone numbers: read as people type them, stored as E.164, shown as people read them.

`phonenumbers` takes longer to import than a desk may take to answer a key, so it is asked only
about numbers that are not French.
"""

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from correspondent_desk.domain.members import Phone

# Overseas numbers are dialled like French ones but have their own country codes (numbering plan).
_OVERSEAS = {
    **dict.fromkeys(("590", "690", "691"), "590"),
    **dict.fromkeys(("594", "694"), "594"),
    **dict.fromkeys(("596", "696", "697"), "596"),
    **dict.fromkeys(("262", "263", "269", "692", "693", "639"), "262"),
}
_FICTION = "63998"  # kept for works of fiction in metropolitan France, inside Mayotte's 0639

_REGIONS = {
    "971": "GP",
    "972": "MQ",
    "973": "GF",
    "974": "RE",
    "975": "PM",
    "976": "YT",
    "977": "BL",
    "978": "MF",
    "986": "WF",
    "987": "PF",
    "988": "NC",
}
_OWN_PLAN = frozenset({"975", "986", "987", "988"})  # shorter numbers, dialled without a 0

_TRUNK_ZERO = re.compile(r"\(\s*0\s*\)")
_SEPARATORS = re.compile(r"[\s.\-/()\u2010-\u2015]+")
_AROUND = re.compile(r"([^0-9+(]*)([+(]*[0-9][0-9\s().+\-/\u2010-\u2015]*)([^0-9]*)")
_BETWEEN = re.compile(r"[;,|/\n]|\bou\b|\bet\b|\bor\b|\band\b", re.IGNORECASE)
_FRENCH = re.compile(r"(?:(?:\+|00)33|33(?=0?[1-9][0-9]{8}$))?0?([1-9][0-9]{8})")
_OVERSEAS_CODE = re.compile(r"(?:\+|00)(262|590|594|596)0?([1-9][0-9]{8})")
_E164_FRENCH = re.compile(r"\+33([0-9])([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})")
_E164_OVERSEAS = re.compile(r"\+(262|590|594|596)([0-9]{3})([0-9]{2})([0-9]{2})([0-9]{2})")
_TYPED_CODE = re.compile(r"(?:\+|00)(?:33|262|590|594|596)0?")
_EXTENSION_DIGITS = range(2, 7)


def parse(text: str, department: str | None = None) -> "Phone | None":
    """The number in text, as E.164, or as typed if it is a short extension; None: no number.

    department ("67", "974"…) decides how a number of another French numbering plan is read. Words
    before or behind the number become its label: "06 12 34 56 07 (le matin)". A lost first zero
    and a code written as +33, 0033 or +33 (0) are understood.
    """
    from correspondent_desk.domain.members import Phone

    found = _AROUND.fullmatch(text.strip())
    if not found:
        return None
    before, dialled, after = found.groups()
    digits = re.sub(r"[^0-9]", "", dialled)
    own_plan = department in _OWN_PLAN
    number = _french(dialled) or (_elsewhere(dialled, department) if own_plan else None)
    if number is None and len(digits) in _EXTENSION_DIGITS and "+" not in dialled:
        return Phone(number=" ".join(text.split()))
    number = number or _elsewhere(dialled, department)
    if number is None:
        return None
    return Phone(number=number, label=_label(before, after))


def parse_all(text: str, department: str | None = None) -> "tuple[Phone, ...] | None":
    """All numbers of a cell that may hold several, in their order; None if one cannot be read."""
    single = parse(text, department)
    if single:
        return (single,)
    parts = [part for part in _BETWEEN.split(text) if part.strip()]
    found = [phone for part in parts if (phone := parse(part, department))]
    return tuple(found) if len(found) == len(parts) else None


def _label(before: str, after: str) -> str:
    words = (word.strip(" \t:;,.()-–—") for word in (before, after))
    return " ".join(word for word in words if word)


def _french(dialled: str) -> str | None:
    compact = _SEPARATORS.sub("", _TRUNK_ZERO.sub("", dialled))
    if overseas := _OVERSEAS_CODE.fullmatch(compact):
        return f"+{overseas[1]}{overseas[2]}"
    found = _FRENCH.fullmatch(compact)
    if not found:
        return None
    national = found[1]
    if national.startswith("508"):  # Saint-Pierre-et-Miquelon: six digits behind its code
        return f"+{national}"
    code = "33" if national.startswith(_FICTION) else _OVERSEAS.get(national[:3], "33")
    return f"+{code}{national}"


def _elsewhere(dialled: str, department: str | None) -> str | None:
    import phonenumbers

    international = re.sub(r"^\s*00", "+", dialled)
    try:
        parsed = phonenumbers.parse(international, _REGIONS.get(department or "", "FR"))
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


@lru_cache(4096)
def display(number: str) -> str:
    """A stored number as people read it: 06 12 34 56 07, +590 690 12 34 56, +41 22 345 67 89."""
    if french := _E164_FRENCH.fullmatch(number):
        return "0" + " ".join(french.groups())
    if overseas := _E164_OVERSEAS.fullmatch(number):
        return "+" + " ".join(overseas.groups())
    if not number.startswith("+"):
        return number
    import phonenumbers

    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:  # a number that another program put in a bundle
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def national_digits(number: str) -> str:
    """The digits of a stored number as dialled in France: 0612345607; a foreign one with code."""
    if number.startswith("+33"):
        return "0" + number[3:]
    if number.startswith(("+262", "+590", "+594", "+596")):
        return "0" + number[4:]
    if number.startswith("+508"):
        return "0" + number[1:]
    return re.sub(r"[^0-9]", "", number)


def typed_digits(typed: str) -> str:
    """The digits of a number being typed, +33 and the overseas codes as the 0 they stand for."""
    compact = _SEPARATORS.sub("", _TRUNK_ZERO.sub("", typed))
    if compact.startswith(("+508", "00508")):
        return "0508" + compact.partition("508")[2]
    if code := _TYPED_CODE.match(compact):
        return "0" + compact[code.end() :]
    # Four digits are the end of a number as often as the start of one from abroad.
    return re.sub(r"^(?:\+|00(?=\d{3}))", "", compact)
