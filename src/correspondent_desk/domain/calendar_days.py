"""Public holidays by the site's department, and months counted as rights and rhythms count them."""

import calendar
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache

from correspondent_desk.domain import french_holidays

# The library's name for a department whose holidays are not those of the whole country.
_SUBDIVISION: Mapping[str, str] = {
    "57": "57", "67": "6AE", "68": "6AE", "971": "971", "972": "972", "973": "973", "974": "974",
    "975": "PM", "976": "976", "977": "BL", "978": "MF", "986": "WF", "987": "PF", "988": "NC",
}  # fmt: skip
# Only in communes with a Protestant church or a shared one, so it is a switch of the site; the
# library has it in the whole of these departments.
_GOOD_FRIDAY = "Vendredi saint"
_GOOD_FRIDAY_IS_A_SWITCH = frozenset({"57", "67", "68"})


def public_holidays(
    years: Iterable[int], department: str, *, good_friday: bool = False, language: str = "fr"
) -> dict[date, list[str]]:
    """Public holidays at a site, by date; two may fall on one day.

    department: "67", "2A", "971"…, anything else has the national ones. good_friday: the site's
    own switch. Names are in language, "fr" or "en". The first call about a year that the table lacks
    takes a second: a library is loaded then. Years of which it knows nothing, such as those after
    2100, have no holidays.
    """
    found: dict[date, list[str]] = {}
    for year in sorted(set(years)):
        found |= _of_year(year, department, language)
        moselle = _of_year(year, "57", "fr")
        friday = next((day for day, names in moselle.items() if _GOOD_FRIDAY in names), None)
        if friday is None:  # a year of which nobody knows
            continue
        if good_friday:
            found.setdefault(friday, _of_year(year, "57", language)[friday])
        elif department in _GOOD_FRIDAY_IS_A_SWITCH:
            del found[friday]
    return dict(sorted(found.items()))


def _of_year(year: int, department: str, language: str) -> dict[date, list[str]]:
    if not french_holidays.is_known(year):
        return {day: list(names) for day, names in _of_the_library(year, department, language)}
    found: dict[date, list[str]] = {}
    for day, (french, english) in french_holidays.of_year(year, department):
        found.setdefault(day, []).append(english if language == "en" else french)
    return {day: sorted(names) for day, names in found.items()}


@lru_cache(maxsize=32)
def _of_the_library(
    year: int, department: str, language: str
) -> tuple[tuple[date, tuple[str, ...]], ...]:
    import holidays

    code = "en_US" if language == "en" else "fr"
    found = holidays.country_holidays("FR", _SUBDIVISION.get(department), (year,), language=code)
    return tuple((day, tuple(names.split("; "))) for day, names in found.items())


def add_months(day: date, months: int) -> date:
    """The same day so many months later or, negative, earlier; the last of a shorter month.

    31 March and six months is 30 September, as the committee counts.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
