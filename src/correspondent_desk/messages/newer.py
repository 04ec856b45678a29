"""The word for what only a newer version of the program knows. Alone: a form needs little more."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from correspondent_desk.domain.choices import Term
from correspondent_desk.language import _

T = TypeVar("T", bound=Term)


def newer() -> str:
    """What stands for a value that this version does not know."""
    return _("other (newer version)")


def or_newer(word: Callable[[T], str]) -> Callable[[T], str]:
    """A function that has a word for each known value has one for all others too."""

    @wraps(word)
    def say(choice: T) -> str:
        return word(choice) if choice.is_known else newer()

    return say
