"""Dates as people type them, and said in words."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from correspondent_desk.gui.widgets.dates import Lean, read_date

TODAY = date(2026, 12, 3)  # a Thursday


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("12/3/2026", "2026-03-12"),
        ("12.03.26", "2026-03-12"),
        ("12-3-2026", "2026-03-12"),
        ("12 3 2026", "2026-03-12"),
        ("12032026", "2026-03-12"),
        ("120326", "2026-03-12"),
        ("2026-03-12", "2026-03-12"),
        ("12 mars 2026", "2026-03-12"),
        ("jeudi 12 mars 2026", "2026-03-12"),
        ("1er mars 2027", "2027-03-01"),
        ("3 déc", "2026-12-03"),
        ("3 December", "2026-12-03"),
        ("5/1", "2027-01-05"),
        ("25/11", "2026-11-25"),
        ("aujourd’hui", "2026-12-03"),
        ("Demain", "2026-12-04"),
        ("après-demain", "2026-12-05"),
        ("hier", "2026-12-02"),
        ("tomorrow", "2026-12-04"),
        ("lundi", "2026-12-07"),
        ("jeudi", "2026-12-10"),
        ("vendredi prochain", "2026-12-04"),
        ("lundi dernier", "2026-11-30"),
        ("dans 10 jours", "2026-12-13"),
        ("dans 2 semaines", "2026-12-17"),
        ("in 3 months", "2027-03-03"),
        ("+ 7", "2026-12-10"),
        ("29/2/2028", "2028-02-29"),
        ("29/2/2027", None),
        ("31/4/2026", None),
        ("ma", None),
        ("mar", "2026-12-08"),
        ("12", None),
        ("bientôt", None),
        ("", None),
    ],
)
def test_dates_are_read_as_people_type_them(typed: str, meant: str | None) -> None:
    found = read_date(typed, TODAY)

    assert (found.isoformat() if found else None) == meant


@pytest.mark.parametrize(
    ("typed", "lean", "meant"),
    [
        ("4/5/71", Lean.PAST, "1971-05-04"),
        ("4/5/26", Lean.PAST, "2026-05-04"),
        ("4/5/27", Lean.PAST, "1927-05-04"),
        ("4/5/40", Lean.NEAREST, "2040-05-04"),
        ("25/12", Lean.PAST, "2025-12-25"),
        ("25/11", Lean.FUTURE, "2027-11-25"),
        ("3/12", Lean.FUTURE, "2026-12-03"),
        ("lundi", Lean.PAST, "2026-11-30"),
        ("3/12", Lean.LATELY, "2026-12-03"),
        ("2/12", Lean.LATELY, "2026-12-02"),
        ("5/12", Lean.LATELY, "2026-12-05"),
        ("3 janvier", Lean.LATELY, "2027-01-03"),
        ("5/2", Lean.LATELY, "2026-02-05"),
        ("lundi", Lean.LATELY, "2026-11-30"),
        ("5/12/26", Lean.LATELY, "2026-12-05"),
    ],
)
def test_short_dates_lean_where_the_field_does(typed: str, lean: Lean, meant: str) -> None:
    found = read_date(typed, TODAY, lean)

    assert found
    assert found.isoformat() == meant


@given(st.text(max_size=20))
def test_nothing_that_is_typed_is_an_accident(typed: str) -> None:
    read_date(typed, TODAY)


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31)))
def test_a_date_that_was_written_is_read_back(day: date) -> None:
    assert read_date(day.strftime("%d/%m/%Y"), TODAY) == day
    assert read_date(day.isoformat(), TODAY) == day
