"""What must be mended in a form or a cell, in one sentence each."""

from typing import assert_never

from correspondent_desk.domain.problems import Fault, Problem, in_line
from correspondent_desk.language import _
from correspondent_desk.messages.fields import any_field_name

QUOTED = 60  # characters of what stands there


def named(problem: Problem) -> str:
    """The sentence behind the name of its field, for where no field stands beside it."""
    name = any_field_name(problem.field)
    return _("{what}: {name}").format(what=name, name=sentence(problem))


def of_line(text: str, *, is_needed: bool = False) -> str:
    """What is wrong with a line of text, in a sentence; nothing if it is right."""
    if is_needed and not text.strip():
        return sentence(Problem("", Fault.MISSING))
    return next((sentence(problem) for problem in in_line("", text)), "")


def shortened(text: str, most: int) -> str:
    """text, or its first characters with a sign that there are more."""
    return text if len(text) <= most else f"{text[:most].rstrip()}…"


def sentence(problem: Problem) -> str:  # noqa: C901, PLR0912 - one case for each fault
    """What is wrong and what would be right; stands beside the field, so it does not name it."""
    text = shortened(problem.text, QUOTED)  # pasted by mistake: pages of it would part the fields
    match problem.fault:
        case Fault.MISSING:
            return _("This field is empty.")
        case Fault.NOBODY_CHOSEN:
            return _("Nobody is chosen yet: type a name or a number, then choose in the list.")
        case Fault.DUE_ALONE:
            return _("Say what is to be done by then.")
        case Fault.NOT_A_DATE:
            return _("“{text}” is not a date: write it like 31/12/1970.").format(text=text)
        case Fault.NOT_A_TIME:
            return _("“{text}” is not a time: write it like 14:30.").format(text=text)
        case Fault.IN_THE_PAST:
            return _("This date is in the past.")
        case Fault.IN_THE_FUTURE:
            return _("This date is in the future.")
        case Fault.BEFORE_START:
            return _("The end is before the start.")
        case Fault.BEFORE_BIRTH:
            return _("This date is before the birth.")
        case Fault.NOT_A_PHONE:
            return _("“{text}” is not a phone number: ten digits, or + and a country code.").format(
                text=text
            )
        case Fault.NOT_A_MAIL:
            return _("“{text}” is not an e-mail address: it needs an @ and a domain.").format(
                text=text
            )
        case Fault.NOT_A_POSTCODE:
            return _("“{text}” is not a postcode: five digits.").format(text=text)
        case Fault.NOT_A_DEPARTMENT:
            return _("No department is called “{text}”: write its number, 67, 2A or 971.").format(
                text=text
            )
        case Fault.NOT_A_NUMBER:
            return _("“{text}” is not a number.").format(text=text)
        case Fault.NOT_AN_AMOUNT:
            return _("“{text}” is not an amount: write it like 1234.50.").format(text=text)
        case Fault.NOT_POSITIVE:
            return _("This number must be greater than zero.")
        case Fault.UNLIKELY_AMOUNT:
            return _("This amount is too great to be right.")
        case Fault.TOO_LONG:
            return _("This text is too long.")
        case Fault.LOOKS_LIKE_NIR:
            return _("This looks like a social-security number, which must not be kept here.")
        case Fault.UNLIKELY_DATE:
            return _("This date is too far in the past or the future to be right.")
        case Fault.HIDDEN_SIGNS:
            return _("This text holds signs that cannot be seen. Type it again.")
        case Fault.UNKNOWN_CHOICE:
            return _("“{text}” is not one of the possible answers.").format(text=text)
        case _:
            assert_never(problem.fault)
