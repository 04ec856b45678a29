"""What stands before a name. Apart from the other labels: a cold search has no time to load those."""

from typing import assert_never

from correspondent_desk.domain.members import Civility
from correspondent_desk.language import _
from correspondent_desk.messages.newer import newer


def civility(choice: Civility) -> str:
    """Mrs, Mr, or nothing."""
    if not choice.is_known:  # of a newer version: before a name, nothing is better than a note
        return ""
    match choice:
        case Civility.NONE:
            return ""
        case Civility.MRS:
            return _("Mrs")
        case Civility.MR:
            return _("Mr")
        case _:
            assert_never(choice)


def chosen(choice: Civility) -> str:
    """As civility, where it stands as a choice of its own and not before a name."""
    return civility(choice) if choice.is_known else newer()
