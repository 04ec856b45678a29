"""A problem is a value: something the user can mend in the form, named by its field."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from correspondent_desk.domain.privacy import looks_like_nir, nir_in

LINE_LENGTH = 200  # characters in a field of one line
TEXT_LENGTH = 20_000  # characters in a note
YEARS = range(1900, 2200)  # in which what is written here takes place

_LINE_ENDS = "\t\n\v\f\r"
_HIDDEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class Fault(StrEnum):
    """What is wrong with a field. `messages.problems` has the sentences."""

    MISSING = "missing"
    NOBODY_CHOSEN = "nobody-chosen"  # something is typed, and no person of the list chosen
    DUE_ALONE = "due-alone"  # a day by when, and nothing that is to be done
    NOT_A_DATE = "not-a-date"
    NOT_A_TIME = "not-a-time"
    IN_THE_PAST = "in-the-past"
    IN_THE_FUTURE = "in-the-future"
    BEFORE_START = "before-start"
    BEFORE_BIRTH = "before-birth"
    NOT_A_PHONE = "not-a-phone"
    NOT_A_MAIL = "not-a-mail"
    NOT_A_POSTCODE = "not-a-postcode"
    NOT_A_DEPARTMENT = "not-a-department"
    NOT_A_NUMBER = "not-a-number"
    NOT_AN_AMOUNT = "not-an-amount"
    NOT_POSITIVE = "not-positive"
    UNLIKELY_AMOUNT = "unlikely-amount"
    TOO_LONG = "too-long"
    LOOKS_LIKE_NIR = "looks-like-nir"
    UNLIKELY_DATE = "unlikely-date"
    HIDDEN_SIGNS = "hidden-signs"
    UNKNOWN_CHOICE = "unknown-choice"


@dataclass(frozen=True, slots=True)
class Problem:
    """field is the draft's attribute name; text is what stands there, where it helps."""

    field: str
    fault: Fault
    text: str = ""


def has_hidden_signs(text: str) -> bool:
    """Whether text holds signs that command a terminal or turn the letters behind them around."""
    return bool(_HIDDEN.search(text))


def in_line(field: str, text: str) -> Iterator[Problem]:
    """What is wrong with a field of one line."""
    if len(text) > LINE_LENGTH:
        yield Problem(field, Fault.TOO_LONG)
    elif has_hidden_signs(text) or any(sign in text for sign in _LINE_ENDS):
        yield Problem(field, Fault.HIDDEN_SIGNS)
    elif looks_like_nir(text):
        yield Problem(field, Fault.LOOKS_LIKE_NIR, text)
    else:
        yield from _numbers(field, text)


def in_text(field: str, text: str) -> Iterator[Problem]:
    """What is wrong with a note; text of the problem: the first number that must not be kept."""
    if len(text) > TEXT_LENGTH:
        yield Problem(field, Fault.TOO_LONG)
    elif has_hidden_signs(text):
        yield Problem(field, Fault.HIDDEN_SIGNS)
    else:
        yield from _numbers(field, text)


def _numbers(field: str, text: str) -> Iterator[Problem]:
    for start, end in nir_in(text)[:1]:
        yield Problem(field, Fault.LOOKS_LIKE_NIR, text[start:end])


def is_likely(day: date) -> bool:
    """Whether something that is written here may take place on day; if not, the year is mistyped."""
    return day.year in YEARS


def in_calendar(field: str, day: date | None) -> Iterator[Problem]:
    """What is wrong with a date that may be left open."""
    if day and not is_likely(day):
        yield Problem(field, Fault.UNLIKELY_DATE)
