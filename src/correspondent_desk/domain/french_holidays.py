"""The public holidays of France as the law has them since 2025, overseas as well.

Names in French and English. The library `holidays` knows every year; it takes a second and 23 MB to
load, and stops the window meanwhile, so it is asked for earlier years only. The tests compare the
two for every department until 2099.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

FIRST_YEAR, LAST_YEAR = 2025, 2099

Names = tuple[str, str]
_Fixed = Mapping[tuple[int, int], Names]  # by month and day
_Moving = Mapping[int, Names]  # by days after Easter Sunday

_EVERYWHERE: _Fixed = {
    (1, 1): ("Jour de l'an", "New Year's Day"),
    (5, 1): ("Fête du Travail", "Labor Day"),
    (5, 8): ("Fête de la Victoire", "Victory Day"),
    (7, 14): ("Fête nationale", "National Day"),
    (8, 15): ("Assomption", "Assumption Day"),
    (11, 1): ("Toussaint", "All Saints' Day"),
    (11, 11): ("Armistice", "Armistice Day"),
    (12, 25): ("Noël", "Christmas Day"),
}
_BY_EASTER: _Moving = {
    1: ("Lundi de Pâques", "Easter Monday"),
    39: ("Ascension", "Ascension Day"),
    50: ("Lundi de Pentecôte", "Pentecost Monday"),
}
_ABOLITION: Names = ("Abolition de l'esclavage", "Abolition of Slavery")
_SCHOELCHER: _Fixed = {(7, 21): ("Fête de Victor Schoelcher", "Victor Schoelcher Day")}
_SAINT_STEPHEN: _Fixed = {(12, 26): ("Saint-Étienne", "Saint Stephen's Day")}
_GOOD_FRIDAY: _Moving = {-2: ("Vendredi saint", "Good Friday")}

# By department; "75" and every other that is not here have what there is everywhere.
_FIXED: Mapping[str, _Fixed] = {
    "57": _SAINT_STEPHEN,
    "67": _SAINT_STEPHEN,
    "68": _SAINT_STEPHEN,
    "971": {(5, 27): _ABOLITION, **_SCHOELCHER},
    "972": {(5, 22): _ABOLITION, **_SCHOELCHER},
    "973": {(6, 10): _ABOLITION},
    "974": {(12, 20): _ABOLITION},
    "976": {(4, 27): _ABOLITION},
    "977": {(10, 9): _ABOLITION},
    "978": {(5, 28): _ABOLITION, **_SCHOELCHER},
    "986": {
        (4, 28): ("Saint Pierre Chanel", "Feast of Saint Peter Chanel"),
        (6, 29): ("Saints Pierre et Paul", "Saints Peter and Paul Day"),
        (7, 29): ("Fête du Territoire", "Territory Day"),
    },
    "987": {
        (3, 5): ("Arrivée de l'Évangile", "Missionary Day"),
        (11, 20): ("Matāri'i", "Matāri'i"),
    },
    "988": {(9, 24): ("Fête de la Citoyenneté", "Citizenship Day")},
}
_MOVING: Mapping[str, _Moving] = {
    "57": _GOOD_FRIDAY,
    "67": _GOOD_FRIDAY,
    "68": _GOOD_FRIDAY,
    "971": {-24: ("Mi-Carême", "Mi-Careme"), **_GOOD_FRIDAY},
    "987": _GOOD_FRIDAY,
}


def of_year(year: int, department: str) -> Iterator[tuple[date, Names]]:
    """The holidays of year in department, each with its names in French and English; unsorted.

    Two may fall on one day. Good Friday stands with the whole of the departments that have it in
    some communes.
    """
    for (month, day), names in {**_EVERYWHERE, **_FIXED.get(department, {})}.items():
        yield date(year, month, day), names
    easter = easter_sunday(year)
    for days, names in {**_BY_EASTER, **_MOVING.get(department, {})}.items():
        yield easter + timedelta(days=days), names


def easter_sunday(year: int) -> date:
    """By the Gregorian calendar, after Meeus."""
    golden, (century, rest) = year % 19, divmod(year, 100)
    leaps, late = divmod(century, 4)
    moon = (19 * golden + century - leaps - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * late + 2 * (rest // 4) - moon - rest % 4) % 7
    shift = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)
