"""Public holidays by the site's department, and months counted as rights and rhythms count them.

The rules stand here and not behind the `holidays` library, because importing that costs half a
second and 50 MB; the tests hold them against it, for every department and all years to 2100.
"""

import calendar
from collections.abc import Iterable
from datetime import date, timedelta
from typing import TypeAlias

# Month and day, or days after Easter Sunday; name in French; name in English.
_Holiday: TypeAlias = tuple[tuple[int, int] | int, str, str]

_EVERYWHERE: tuple[_Holiday, ...] = (
    ((1, 1), "Jour de l’an", "New Year’s Day"),
    (1, "Lundi de Pâques", "Easter Monday"),
    ((5, 1), "Fête du Travail", "Labour Day"),
    ((5, 8), "Fête de la Victoire", "Victory Day"),
    (39, "Ascension", "Ascension Day"),
    (50, "Lundi de Pentecôte", "Pentecost Monday"),
    ((7, 14), "Fête nationale", "National Day"),
    ((8, 15), "Assomption", "Assumption Day"),
    ((11, 1), "Toussaint", "All Saints’ Day"),
    ((11, 11), "Armistice", "Armistice Day"),
    ((12, 25), "Noël", "Christmas Day"),
)
_GOOD_FRIDAY: _Holiday = (-2, "Vendredi saint", "Good Friday")
_ST_STEPHEN: _Holiday = ((12, 26), "Saint-Étienne", "Saint Stephen’s Day")
_SCHOELCHER: _Holiday = ((7, 21), "Fête de Victor Schoelcher", "Victor Schoelcher Day")


def _abolition(month: int, day: int) -> _Holiday:
    return ((month, day), "Abolition de l’esclavage", "Abolition of Slavery")


_LOCAL: dict[str, tuple[_Holiday, ...]] = {
    # In Alsace-Moselle Good Friday is one only in communes with a Protestant church or a shared
    # one, so it is a switch of the site; in Guadeloupe and Polynesia it is one everywhere.
    "57": (_ST_STEPHEN,),
    "67": (_ST_STEPHEN,),
    "68": (_ST_STEPHEN,),
    "971": ((-24, "Mi-Carême", "Mi-Carême"), _GOOD_FRIDAY, _abolition(5, 27), _SCHOELCHER),
    "972": (_abolition(5, 22), _SCHOELCHER),
    "973": (_abolition(6, 10),),
    "974": (_abolition(12, 20),),
    "976": (_abolition(4, 27),),
    "977": (_abolition(10, 9),),
    "978": (_abolition(5, 28), _SCHOELCHER),
    "986": (
        ((4, 28), "Saint Pierre Chanel", "Feast of Saint Peter Chanel"),
        ((6, 29), "Saints Pierre et Paul", "Saints Peter and Paul Day"),
        ((7, 29), "Fête du Territoire", "Territory Day"),
    ),
    "987": (
        ((3, 5), "Arrivée de l’Évangile", "Missionary Day"),
        _GOOD_FRIDAY,
        ((11, 20), "Matāri’i", "Matāri’i"),
    ),
    "988": (((9, 24), "Fête de la Citoyenneté", "Citizenship Day"),),
}


def public_holidays(
    years: Iterable[int], department: str, *, good_friday: bool = False, language: str = "fr"
) -> dict[date, list[str]]:
    """Public holidays at a site, by date; two may fall on one day.

    department: "67", "2A", "971"…, anything else has the national ones. good_friday: the site's
    own switch. Names are in language, "fr" or "en". The law as it stands from 2025 on.
    """
    rules = [*_EVERYWHERE, *_LOCAL.get(department, ())]
    if good_friday and _GOOD_FRIDAY not in rules:
        rules.append(_GOOD_FRIDAY)
    found: dict[date, list[str]] = {}
    for year in years:
        sunday = easter(year)
        for when, french, english in rules:
            day = sunday + timedelta(when) if isinstance(when, int) else date(year, *when)
            found.setdefault(day, []).append(english if language == "en" else french)
    return dict(sorted(found.items()))


def easter(year: int) -> date:
    """Easter Sunday of a year of the Gregorian calendar (Butcher, 1876)."""
    century, rest = divmod(year, 100)
    leap_centuries, left_over = divmod(century, 4)
    moon_shift = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * (year % 19) + century - leap_centuries - moon_shift + 15) % 30
    weekday = (32 + 2 * left_over + 2 * (rest // 4) - epact - rest % 4) % 7
    correction = (year % 19 + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * correction + 114, 31)
    return date(year, month, day + 1)


def add_months(day: date, months: int) -> date:
    """The same day so many months later or, negative, earlier; the last of a shorter month.

    31 March and six months is 30 September, as the committee counts.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
