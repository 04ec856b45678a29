"""Amounts of euros as people write them."""

import re
from decimal import Decimal

_MOST = Decimal(1_000_000)  # euros: more was mistyped
_LONGEST = 20  # signs
_THOUSANDS = re.compile(r"(?<=\d)[ .'](?=\d{3}(?!\d))")
_ENGLISH = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d+\.\d{1,2}")
_IN_TWO_WAYS = re.compile(r"\d{1,3}[.,]\d{3}")  # thousands to some, to others a rounded number
_AMOUNT = re.compile(r"\d+(?:,\d{1,2})?")


def read_amount(text: str) -> Decimal | None:
    """1 234,50 €, 1.234,50, 1234.5 or 1,234.50, in euros and cents; None where it is no amount.

    A French comma parts cents from euros. Never less than nothing.
    """
    plain = " ".join(text.replace("€", " ").replace("EUR", " ").split())
    if _IN_TWO_WAYS.fullmatch(plain):
        return None
    if _ENGLISH.fullmatch(plain) and not _THOUSANDS.search(plain):
        plain = plain.replace(",", "").replace(".", ",")
    plain = _THOUSANDS.sub("", plain)
    if len(plain) > _LONGEST or not _AMOUNT.fullmatch(plain):
        return None
    return Decimal(plain.replace(",", ".")).quantize(Decimal("0.01"))


def is_likely_amount(euros: Decimal) -> bool:
    """Whether somebody may ask for or be granted as much; if not, it is mistyped."""
    return euros <= _MOST
