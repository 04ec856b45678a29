"""The table of holidays against the library it was made from, which follows the law."""

from collections import defaultdict
from datetime import date

import holidays
import pytest

from correspondent_desk.domain.french_holidays import is_known, of_year
from tools.holidays_table import SUBDIVISIONS, YEARS


@pytest.mark.parametrize("department", ["75", *SUBDIVISIONS])
@pytest.mark.parametrize(("place", "language"), [(0, "fr"), (1, "en_US")])
def test_they_are_those_of_the_library(department: str, place: int, language: str) -> None:
    subdivision = SUBDIVISIONS.get(department)
    known = holidays.country_holidays("FR", subdivision, YEARS, language=language)
    ours: defaultdict[date, list[str]] = defaultdict(list)
    for year in YEARS:
        for day, names in of_year(year, department):
            ours[day].append(names[place])

    assert {day: sorted(names) for day, names in ours.items()} == {
        day: sorted(names.split("; ")) for day, names in known.items()
    }


def test_the_table_reaches_far_enough_for_plans_and_records() -> None:
    assert is_known(date.today().year - 5)  # noqa: DTZ011 - a year, wherever one is
    assert is_known(date.today().year + 10)  # noqa: DTZ011
    assert not is_known(1789)
