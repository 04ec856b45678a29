import os
import subprocess
import sys
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from correspondent_desk.domain.calendar_days import add_months, public_holidays


@pytest.mark.parametrize("department", ["57", "67", "68"])
def test_alsace_and_moselle_add_st_stephen_and_by_switch_good_friday(department: str) -> None:
    without = public_holidays([2026], department)
    with_it = public_holidays([2026], department, good_friday=True)

    assert without[date(2026, 12, 26)] == ["Saint-Étienne"]
    assert date(2026, 4, 3) not in without
    assert with_it[date(2026, 4, 3)] == ["Vendredi saint"]
    assert len(without) == 12


@pytest.mark.parametrize(
    ("department", "month", "day"),
    [
        ("976", 4, 27),
        ("972", 5, 22),
        ("971", 5, 27),
        ("978", 5, 28),
        ("973", 6, 10),
        ("977", 10, 9),
        ("974", 12, 20),
    ],
)
def test_overseas_the_abolition_of_slavery_has_its_day(
    department: str, month: int, day: int
) -> None:
    elsewhere = public_holidays([2026], "67")
    found = public_holidays([2026], department, language="en")

    assert found[date(2026, month, day)] == ["Abolition of Slavery"]
    assert date(2026, month, day) not in elsewhere


def test_good_friday_is_not_counted_twice() -> None:
    assert public_holidays([2026], "971", good_friday=True)[date(2026, 4, 3)] == ["Vendredi saint"]


def test_two_holidays_may_fall_on_one_day() -> None:
    found = public_holidays([2008, 2059], "75")

    assert found[date(2008, 5, 1)] == ["Ascension", "Fête du Travail"]
    assert found[date(2059, 5, 8)] == ["Ascension", "Fête de la Victoire"]


def test_a_year_of_which_nobody_knows_has_no_holidays() -> None:
    assert public_holidays([1, 2206, 9999], "67", good_friday=True) == {}


def test_holidays_come_in_the_order_of_the_calendar() -> None:
    days = list(public_holidays([2027, 2026], "971"))

    assert days == sorted(days)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2021, 12, 20), 6, date(2022, 6, 20)),
        (date(2022, 3, 22), 6, date(2022, 9, 22)),
        (date(2022, 3, 31), 6, date(2022, 9, 30)),
        (date(2022, 4, 11), 6, date(2022, 10, 11)),
        (date(2022, 7, 23), 6, date(2023, 1, 23)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 8, 31), 6, date(2025, 2, 28)),
        (date(2022, 1, 15), -1, date(2021, 12, 15)),
        (date(2022, 1, 15), 0, date(2022, 1, 15)),
    ],
)
def test_months_are_counted_as_the_committee_counts(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


@given(day=st.dates(date(1900, 1, 1), date(2200, 1, 1)), months=st.integers(0, 500))
def test_later_months_never_come_before_earlier_ones(day: date, months: int) -> None:
    assert day <= add_months(day, months) < add_months(day, months + 1)


def test_a_week_of_these_years_does_not_load_the_library() -> None:
    asked = (
        "import sys; from correspondent_desk.domain.calendar_days import public_holidays;"
        "print(len(public_holidays([2026, 2027], '67', good_friday=True)), 'holidays' in sys.modules)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", asked],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert ended.stdout.split() == ["26", "False"]
