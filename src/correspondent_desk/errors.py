"""The world said no: what a user can cause and be told in a sentence.

Errors carry data, never words; `messages.errors` has one sentence for each class and reason.
Anything else that is raised is a bug.
"""

from collections.abc import Mapping
from typing import ClassVar


class DeskError(Exception):
    """Something outside the program prevents the action; nothing was changed.

    code is stable and documented: the command line prints it after the sentence.
    details fill the sentence's named places.
    """

    code: ClassVar[str] = "desk"

    def __init__(self, reason: str = "", **details: object) -> None:
        super().__init__(reason, details)
        self.reason = reason
        self.details: Mapping[str, object] = details

    @property
    def full_code(self) -> str:
        """code, or code:reason where the class has several reasons."""
        return f"{self.code}:{self.reason}" if self.reason else self.code
