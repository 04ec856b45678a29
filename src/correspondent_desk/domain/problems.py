"""A problem is a value: something the user can mend in the form, named by its field."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from correspondent_desk.domain.privacy import looks_like_nir, nir_in

LINE_LENGTH = 200  # characters in a field of one line
TEXT_LENGTH = 20_000  # characters in a note


class Fault(StrEnum):
    """What is wrong with a field. `messages.problems` has the sentences."""

    MISSING = "missing"
    NOT_A_DATE = "not-a-date"
    IN_THE_PAST = "in-the-past"
    IN_THE_FUTURE = "in-the-future"
    BEFORE_START = "before-start"
    NOT_A_PHONE = "not-a-phone"
    NOT_A_MAIL = "not-a-mail"
    NOT_A_POSTCODE = "not-a-postcode"
    NOT_A_NUMBER = "not-a-number"
    NOT_POSITIVE = "not-positive"
    TOO_LONG = "too-long"
    LOOKS_LIKE_NIR = "looks-like-nir"
    UNKNOWN_CHOICE = "unknown-choice"


@dataclass(frozen=True, slots=True)
class Problem:
    """field is the draft's attribute name; text is what stands there, where it helps."""

    field: str
    fault: Fault
    text: str = ""


def in_line(field: str, text: str) -> Iterator[Problem]:
    """What is wrong with a field of one line."""
    if len(text) > LINE_LENGTH:
        yield Problem(field, Fault.TOO_LONG)
    elif looks_like_nir(text):
        yield Problem(field, Fault.LOOKS_LIKE_NIR, text)


def in_text(field: str, text: str) -> Iterator[Problem]:
    """What is wrong with a note; text of the problem: the first number that must not be kept."""
    if len(text) > TEXT_LENGTH:
        yield Problem(field, Fault.TOO_LONG)
    elif found := nir_in(text):
        start, end = found[0]
        yield Problem(field, Fault.LOOKS_LIKE_NIR, text[start:end])
