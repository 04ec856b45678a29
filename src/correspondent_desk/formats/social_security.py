"""Columns of social-security numbers, told from their heading or from their values.

The desk must not hold them (a decree names who may). They are recognised only to be refused.
"""

import re
from collections.abc import Iterable

from correspondent_desk.domain.text import tokens

_FORM = re.compile(
    r"[1-478][0-9]{2}(?:0[1-9]|1[0-2]|[2-3][0-9]|4[0-2]|[5-9][0-9])"
    r"(?:[0-9]{2}|2[AB])[0-9]{6}"
)
_GAPS = str.maketrans("", "", " \u00a0\u202f.-/")
_CORSICA = {"2A": "19", "2B": "18"}
_NUMBERS = frozenset({"numero", "no", "n", "num", "immatriculation", "matricule", "code", "cle"})
_OFFICES = frozenset({"caisse", "centre", "organisme", "regime", "adresse", "taux", "cotisation"})
_BARE = 13  # digits without the key
_KEYED = 15
_ENOUGH_KEYED = 0.2  # share of the filled cells
_ENOUGH_BARE = 0.8  # without a key any number of that length may fit
_LEAST_BARE = 3


def is_heading(heading: str) -> bool:
    """Whether heading announces social-security numbers.

    The INSEE also numbers places and firms: "Code INSEE" and "Code commune INSEE" do not.
    """
    words = tokens(heading)
    said = " ".join(words)
    if {"nir", "ssn"}.intersection(words) or "inscription au repertoire" in said:
        return True
    if "insee" in words:
        return bool({"numero", "no", "n", "num", "immatriculation"}.intersection(words))
    if _OFFICES.intersection(words):
        return False
    if "securite sociale" in said or "social security" in said or "secu" in words:
        return True
    return "ss" in words and (len(words) == 1 or bool(_NUMBERS.intersection(words)))


def is_number(text: str) -> bool:
    """Whether text is a social-security number whose key is right."""
    if len(text) < _KEYED:
        return False
    compact = text.translate(_GAPS).upper()
    if (
        len(compact) != _KEYED
        or not _FORM.fullmatch(compact[:_BARE])
        or not compact[_BARE:].isdecimal()
    ):
        return False
    department = compact[5:7]
    digits = compact[:5] + _CORSICA.get(department, department) + compact[7:_BARE]
    return int(compact[_BARE:]) == 97 - int(digits) % 97


def fills(cells: Iterable[str]) -> bool:
    """Whether the cells of a column hold social-security numbers, with their keys or without."""
    filled = keyed = bare = 0
    for cell in cells:
        compact = cell.translate(_GAPS).upper()
        filled += bool(compact)
        keyed += is_number(compact)
        bare += len(compact) == _BARE and bool(_FORM.fullmatch(compact))
    if keyed and keyed >= _ENOUGH_KEYED * filled:
        return True
    return bare >= max(_LEAST_BARE, _ENOUGH_BARE * filled)
