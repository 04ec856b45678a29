"""What stands before a name. Apart from the other labels: a cold search has no time to load those."""

from typing import assert_never

from correspondent_desk.domain.members import Civility
from correspondent_desk.language import _


def civility(choice: Civility) -> str:
    """Mrs, Mr, or nothing."""
    match choice:
        case Civility.NONE:
            return ""
        case Civility.MRS:
            return _("Mrs")
        case Civility.MR:
            return _("Mr")
        case _:
            assert_never(choice)
