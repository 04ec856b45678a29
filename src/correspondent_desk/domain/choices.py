"""Closed lists of words that a later version of the program may lengthen."""

from enum import StrEnum
from typing import Any, Self


class Term(StrEnum):
    """One word of such a list. A word that a newer version added is kept as it came.

    It equals no member, iterating over the list does not give it, and it is written back unchanged.
    """

    @classmethod
    def read(cls, value: str) -> Self:
        """The member of this value; for a value of a newer version, a term that is not known."""
        known: Self | None = cls._value2member_map_.get(value)  # type: ignore[assignment]
        if known is not None:
            return known
        newer = str.__new__(cls, value)
        newer._name_, newer._value_ = "", value
        return newer

    @property
    def is_known(self) -> bool:
        """Whether this version of the program knows the word."""
        return bool(self._name_)

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, tuple[str]]:
        """Copies of a draft: Enum's own way knows members only."""
        return type(self).read, (self.value,)
