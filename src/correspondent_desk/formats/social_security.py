"""Columns of social-security numbers, told from their heading or from their values.

The desk must not hold them (a decree names who may). They are recognised only to be refused.
"""

from collections.abc import Iterable

from correspondent_desk.domain.privacy import looks_like_nir
from correspondent_desk.domain.text import tokens

_NUMBERS = frozenset({"numero", "no", "n", "num", "immatriculation", "matricule", "code", "cle"})
_OFFICES = frozenset({"caisse", "centre", "organisme", "regime", "adresse", "taux", "cotisation"})
_ENOUGH = 0.2  # share of the filled cells
_LENGTH_WITH_KEY = 15
_LEAST_WITHOUT_KEY = 3  # one number of 13 digits may be anything


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


def fills(cells: Iterable[str]) -> bool:
    """Whether the cells of a column hold social-security numbers."""
    filled = [cell for cell in cells if cell.strip()]
    found = [cell for cell in filled if looks_like_nir(cell)]
    certain = any(len(cell.strip()) >= _LENGTH_WITH_KEY for cell in found)
    return len(found) > _ENOUGH * len(filled) and (certain or len(found) >= _LEAST_WITHOUT_KEY)
