"""French postal addresses: window lines by NF Z10-011, postcodes and departments."""

import re

from correspondent_desk.domain.members import PostalAddress
from correspondent_desk.domain.text import folded

LINES = 6  # a seventh names the country of a letter abroad
WIDTH = 38

_STREET = re.compile(
    r"(?:[0-9]|(?:rue|avenue|av|boulevard|bd|place|pl|allee|all|chemin|che|route|rte|impasse|imp"
    r"|quai|cours|square|sq|passage|faubourg|lieu dit|lieudit|hameau|bp|cs|tsa)\b)"
)
_FRANCE = frozenset({"", "fr", "france"})
_OVERSEAS = frozenset({"971", "972", "973", "974", "975", "976", "977", "978", "986", "987", "988"})
_ISLANDS = {"97133": "977", "97150": "978"}  # they kept the postcodes of Guadeloupe
_NOT_IN_FRANCE = frozenset({"96", "99"})

_SHORTER = {
    "ALLEE": "ALL",
    "AVENUE": "AV",
    "BOULEVARD": "BD",
    "CHEMIN": "CHE",
    "FAUBOURG": "FG",
    "IMPASSE": "IMP",
    "LOTISSEMENT": "LOT",
    "PASSAGE": "PAS",
    "PLACE": "PL",
    "QUARTIER": "QUA",
    "RESIDENCE": "RES",
    "ROUTE": "RTE",
    "SQUARE": "SQ",
    "APPARTEMENT": "APT",
    "BATIMENT": "BAT",
    "ESCALIER": "ESC",
    "ETAGE": "ETG",
    "CAPITAINE": "CNE",
    "COLONEL": "CNL",
    "COMMANDANT": "CDT",
    "DOCTEUR": "DR",
    "GENERAL": "GAL",
    "LIEUTENANT": "LT",
    "MARECHAL": "MAL",
    "PRESIDENT": "PDT",
    "PROFESSEUR": "PR",
    "SAINT": "ST",
    "SAINTE": "STE",
}


def window_lines(identity: str, address: PostalAddress) -> tuple[str, ...]:
    """The lines that stand in an envelope's window, from the name to the town.

    From the street on in capitals without punctuation or accents, as sorting machines want;
    words are shortened only in a line that is too wide. At most six lines, seven abroad. A line
    that cannot be made to fit stays whole: see `too_wide`.
    """
    abroad = folded(address.country).strip() not in _FRANCE
    middle = [line for line in (_one_space(line) for line in address.lines) if line]
    town = _one_space(f"{address.postcode} {address.town}")
    if abroad:
        last = [line for line in (town, _one_space(address.country).upper()) if line]
    else:
        middle = [_fitting(line) for line in _with_plain_street(middle)]
        last = [_fitting(_plain(town))] if town else []
    room = LINES + abroad - 1 - len(last)
    return (_one_space(identity), *_joined(middle, room), *last)


def too_wide(lines: tuple[str, ...]) -> tuple[str, ...]:
    """The lines that are wider than the norm's 38 characters."""
    return tuple(line for line in lines if len(line) > WIDTH)


def _one_space(line: str) -> str:
    return " ".join(line.split())


def _plain(line: str) -> str:
    return _one_space(re.sub(r"[^\w\s]|_", " ", folded(line))).upper()


def _with_plain_street(middle: list[str]) -> list[str]:
    # The street is the first line that looks like one, else the last.
    street = next((n for n, line in enumerate(middle) if _STREET.match(folded(line))), None)
    first = len(middle) - 1 if street is None else street
    return [_plain(line) if n >= first else line for n, line in enumerate(middle)]


def _fitting(line: str) -> str:
    if len(line) <= WIDTH:
        return line
    words = line.split(" ")
    for n, word in enumerate(words[:-1]):  # the last word is the name of the street or the town
        words[n] = _SHORTER.get(folded(word).upper(), word)
        if len(" ".join(words)) <= WIDTH:
            break
    return " ".join(words)


def _joined(lines: list[str], room: int) -> list[str]:
    """lines, the two that are shortest together set in one line until there is room for all."""
    lines = list(lines)
    while len(lines) > room:
        n = min(range(len(lines) - 1), key=lambda n: len(lines[n]) + len(lines[n + 1]))
        lines[n : n + 2] = [f"{lines[n]} {lines[n + 1]}"]
    return lines


def postcode(text: str) -> str | None:
    """A French postcode as five digits, a zero lost by a spreadsheet put back; None: not one."""
    digits = re.sub(r"\s", "", text)
    if not re.fullmatch(r"[0-9]{4,5}", digits):
        return None
    full = digits.rjust(5, "0")
    return None if full[:2] in _NOT_IN_FRANCE else full


def department_of(code: str) -> str:
    """The department in which a five-digit postcode lies: "67", "2A", "971"; else nothing.

    A few communes are served from the next department, so it is a proposal, not a fact.
    """
    if not re.fullmatch(r"[0-9]{5}", code) or code[:2] in _NOT_IN_FRANCE | {"00"}:
        return ""
    if code[:2] == "20":
        return "2A" if code < "20200" else "2B"
    if code in _ISLANDS:
        return _ISLANDS[code]
    if code[:2] in {"97", "98"}:
        return code[:3] if code[:3] in _OVERSEAS else ""
    return code[:2]
