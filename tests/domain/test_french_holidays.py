"""Our own holidays, which load at once, against the library's, which know the law of every year."""

from collections import defaultdict
from datetime import date

import holidays
import pytest

from correspondent_desk.domain.french_holidays import (
    FIRST_YEAR,
    LAST_YEAR,
    easter_sunday,
    of_year,
)

# The library's name for each department with holidays of its own; none for the others.
SUBDIVISIONS = {
    "75": None, "57": "57", "67": "6AE", "68": "6AE", "971": "971", "972": "972", "973": "973",
    "974": "974", "975": "PM", "976": "976", "977": "BL", "978": "MF", "986": "WF", "987": "PF",
    "988": "NC",
}  # fmt: skip
YEARS = range(FIRST_YEAR, LAST_YEAR + 1)


@pytest.mark.parametrize("department", SUBDIVISIONS)
@pytest.mark.parametrize(("place", "language"), [(0, "fr"), (1, "en_US")])
def test_they_are_those_of_the_library(department: str, place: int, language: str) -> None:
    known = holidays.country_holidays("FR", SUBDIVISIONS[department], YEARS, language=language)
    ours: defaultdict[date, list[str]] = defaultdict(list)
    for year in YEARS:
        for day, names in of_year(year, department):
            ours[day].append(names[place])

    assert {day: sorted(names) for day, names in ours.items()} == {
        day: sorted(names.split("; ")) for day, names in known.items()
    }


@pytest.mark.parametrize(
    "sunday",
    [date(1818, 3, 22), date(1943, 4, 25), date(2000, 4, 23), date(2026, 4, 5), date(2285, 3, 22)],
)
def test_easter_falls_where_the_calendars_of_the_church_have_it(sunday: date) -> None:
    assert easter_sunday(sunday.year) == sunday
