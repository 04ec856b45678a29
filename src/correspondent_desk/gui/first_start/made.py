"""What a first start makes; free of Qt, for it is made in the background."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Made:
    """A desk that was just made, its recovery code, and what lets the code open the desk once it is kept."""

    desk: object
    recovery_code: str
    take_code: Callable[[], None]
