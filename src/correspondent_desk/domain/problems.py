"""A problem is a value: something the user can mend in the form, named by its field."""

from dataclasses import dataclass
from enum import StrEnum


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
