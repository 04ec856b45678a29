"""Dates as people type them, read against today."""

import re
from calendar import monthrange
from datetime import date, timedelta
from enum import Enum, auto

from correspondent_desk.domain.text import folded


class Lean(Enum):
    """Which of several dates a short form means: 3/12 may be last or next December."""

    NEAREST = auto()
    PAST = auto()
    LATELY = auto()  # past, but a day soon to come is a slip, and not that of last year
    FUTURE = auto()


_DAYS = {
    **dict.fromkeys(("aujourd'hui", "aujourdhui", "auj", "today"), 0),
    **dict.fromkeys(("demain", "tomorrow"), 1),
    **dict.fromkeys(("apres-demain", "apres demain"), 2),
    **dict.fromkeys(("hier", "yesterday"), -1),
    **dict.fromkeys(("avant-hier", "avant hier"), -2),
}
_WEEKDAYS = (
    ("lundi", "monday"),
    ("mardi", "tuesday"),
    ("mercredi", "wednesday"),
    ("jeudi", "thursday"),
    ("vendredi", "friday"),
    ("samedi", "saturday"),
    ("dimanche", "sunday"),
)
_MONTHS = (
    ("janvier", "january"),
    ("fevrier", "february"),
    ("mars", "march"),
    ("avril", "april"),
    ("mai", "may"),
    ("juin", "june"),
    ("juillet", "july"),
    ("aout", "august"),
    ("septembre", "september"),
    ("octobre", "october"),
    ("novembre", "november"),
    ("decembre", "december"),
)
_UNITS = {
    **dict.fromkeys(("jour", "jours", "j", "day", "days"), "days"),
    **dict.fromkeys(("semaine", "semaines", "sem", "week", "weeks"), "weeks"),
    **dict.fromkeys(("mois", "month", "months"), "months"),
    **dict.fromkeys(("an", "ans", "annee", "year", "years"), "years"),
}
_SHORTEST_WORD = 3
_A_SLIP = timedelta(days=62)  # of the day or the month that is typed


def read_date(text: str, today: date, lean: Lean = Lean.NEAREST) -> date | None:
    """The date text means: 12/3/2026, 12.3.26, 12032026, 3 décembre, demain, jeudi, dans 2 semaines.

    The day comes before the month. None where nothing, or nothing certain, can be read.
    """
    said = " ".join(folded(text).replace(",", " ").split())
    if said in _DAYS:
        return today + timedelta(days=_DAYS[said])
    return (
        _in_some_time(said, today)
        or _weekday(said, today, lean)
        or _numbers(said, today, lean)
        or _named_month(said, today, lean)
    )


def plus_months(day: date, months: int) -> date:
    """The same day of a later month, or the last day of a shorter one."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _in_some_time(said: str, today: date) -> date | None:
    if shift := re.fullmatch(r"(?:dans|in)\s+(\d{1,3})\s+(\w+)", said):
        count, unit = int(shift[1]), _UNITS.get(shift[2])
    elif shift := re.fullmatch(r"\+\s*(\d{1,3})", said):
        count, unit = int(shift[1]), "days"
    else:
        return None
    match unit:
        case "days" | "weeks":
            return today + timedelta(**{unit: count})
        case "months":
            return plus_months(today, count)
        case "years":
            return plus_months(today, 12 * count)
        case _:
            return None


def _weekday(said: str, today: date, lean: Lean) -> date | None:
    name = said.removesuffix(" prochain").removesuffix(" dernier").removeprefix("next ")
    place = _place(name.removeprefix("last "), _WEEKDAYS)
    if place is None:
        return None
    back = lean in (Lean.PAST, Lean.LATELY) or said.endswith(" dernier") or said.startswith("last ")
    if back:
        return today - timedelta(days=(today.weekday() - place - 1) % 7 + 1)
    return today + timedelta(days=(place - today.weekday() - 1) % 7 + 1)


def _numbers(said: str, today: date, lean: Lean) -> date | None:
    if iso := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", said):
        return _date(iso[1], iso[2], iso[3])
    if full := re.fullmatch(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})", said):
        return _date(_year(full[3], today, lean), full[2], full[1])
    if tight := re.fullmatch(r"(\d{2})(\d{2})(\d{4}|\d{2})", said):
        return _date(_year(tight[3], today, lean), tight[2], tight[1])
    if short := re.fullmatch(r"(\d{1,2})[/.\- ](\d{1,2})", said):
        return _without_year(int(short[1]), int(short[2]), today, lean)
    return None


def _named_month(said: str, today: date, lean: Lean) -> date | None:
    parts = re.fullmatch(r"(?:[a-z]+ )?(\d{1,2})(?:er|st|nd|rd|th)? ([a-z]+)\.?(?: (\d{4}))?", said)
    if not parts:
        return None
    month = _place(parts[2], _MONTHS)
    if month is None:
        return None
    if parts[3]:
        return _date(parts[3], month + 1, parts[1])
    return _without_year(int(parts[1]), month + 1, today, lean)


def _place(word: str, names: tuple[tuple[str, str], ...]) -> int | None:
    """Where word, or a name it begins, stands among names; None unless it is exactly one."""
    if len(word) < _SHORTEST_WORD:
        return None
    found = {place for place, both in enumerate(names) if any(n.startswith(word) for n in both)}
    return found.pop() if len(found) == 1 else None


def _without_year(day: int, month: int, today: date, lean: Lean) -> date | None:
    years = (today.year - 1, today.year, today.year + 1)
    # 29 February stands in one of these years at most; the others drop out.
    dates = [found for year in years if (found := _date(year, month, day))]
    if lean is Lean.PAST:
        dates = [found for found in dates if found <= today]
    elif lean is Lean.LATELY:
        dates = [found for found in dates if found <= today + _A_SLIP]
        return max(dates, default=None)
    elif lean is Lean.FUTURE:
        dates = [found for found in dates if found >= today]
    return min(dates, key=lambda found: abs(found - today), default=None)


def _year(digits: str, today: date, lean: Lean) -> int:
    year = int(digits)
    if len(digits) > 2:
        return year
    latest = today.year + (0 if lean in (Lean.PAST, Lean.LATELY) else 20)
    year += latest // 100 * 100
    return year if year <= latest else year - 100


def _date(year: str | int, month: str | int, day: str | int) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
