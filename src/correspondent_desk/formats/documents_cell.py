"""The documents that one cell of the committee's list asks for."""

import re
from collections.abc import Iterable, Sequence

from correspondent_desk.domain.text import tokens

_SEPARATED = re.compile(r"[;\n|]+")
_COMMA = re.compile(r"(?:(?<!\d),|,(?!\d))(?![^()]*\))")


class Names:
    """Names of documents in which commas stand, as the catalogue has them."""

    def __init__(self, every: Iterable[str] = ()) -> None:
        parts = {tokens(name): len(_COMMA.split(name)) for name in every}
        self._known = parts.keys()
        self._most = max(parts.values(), default=1)

    def end(self, parts: Sequence[str], begin: int) -> int:
        """Behind the parts from begin on that are one document; commas stood between all parts."""
        most = min(begin + self._most, len(parts))
        ends = range(most, begin + 1, -1)
        known = (end for end in ends if tokens(" ".join(parts[begin:end])) in self._known)
        return next(known, begin + 1)


def read(cell: str, names: Names | None = None) -> list[str]:
    """Each document: on a line of its own or between `;`, and between commas, where neither stands.

    But for those in parentheses, those of numbers and those of names.
    """
    if _SEPARATED.search(cell):
        parts = _SEPARATED.split(cell)
    else:
        parts = list(_together(_COMMA.split(cell), names or Names()))
    return [named for one in parts if (named := " ".join(one.split()))]


def _together(parts: Sequence[str], names: Names) -> Iterable[str]:
    begin = 0
    while begin < len(parts):
        end = names.end(parts, begin)
        yield ",".join(parts[begin:end])
        begin = end


def write(documents: Sequence[str]) -> str:
    """The cell in which these documents are read again; no longer than the one they stood in."""
    cell = ";".join(documents)
    return cell if read(cell) == list(documents) else f"{cell};"
