"""Dates and times in words, where words help more than figures."""

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from correspondent_desk.domain.calendar_days import add_months
from correspondent_desk.language import _, code, ngettext

_DAYS_TO_MONTHS = 60  # from here on, months say more than days
_MONTHS_TO_YEARS = 24


def day(when: date, today: date) -> str:
    """today, tomorrow, Thursday 3 December (in 11 days), 12 August (3 months ago)."""
    near = _near(when, today)
    if near:
        return near
    return _("{date} ({distance})").format(date=plain(when, today), distance=distance(when, today))


def since(when: date, today: date) -> str:
    """How long ago first: 3 months ago (12 August), yesterday."""
    near = _near(when, today)
    if near:
        return near
    return _("{distance} ({date})").format(distance=distance(when, today), date=_short(when, today))


def distance(when: date, today: date) -> str:
    """in 11 days, 3 months ago; today, tomorrow and yesterday by name."""
    near = _near(when, today)
    if near:
        return near
    n, unit = _count(min(when, today), max(when, today))
    match unit, when > today:
        case "days", True:
            return ngettext("in {n} day", "in {n} days", n).format(n=n)
        case "days", False:
            return ngettext("{n} day ago", "{n} days ago", n).format(n=n)
        case "months", True:
            return ngettext("in {n} month", "in {n} months", n).format(n=n)
        case "months", False:
            return ngettext("{n} month ago", "{n} months ago", n).format(n=n)
        case _, True:
            return ngettext("in {n} year", "in {n} years", n).format(n=n)
        case _:
            return ngettext("{n} year ago", "{n} years ago", n).format(n=n)


def length(first: date, last: date) -> str:
    """The time between two days, without a direction: 6 days, 14 months."""
    n, unit = _count(first, last)
    match unit:
        case "days":
            return ngettext("{n} day", "{n} days", n).format(n=n)
        case "months":
            return ngettext("{n} month", "{n} months", n).format(n=n)
        case _:
            return ngettext("{n} year", "{n} years", n).format(n=n)


def plain(when: date, today: date | None = None) -> str:
    """Thursday 3 December; with the year if it is not today's."""
    with_year = today is None or when.year != today.year
    return _formatted(when, "EEEE d MMMM y" if with_year else "EEEE d MMMM", code())


def short_day(when: date) -> str:
    """Thu 3, as the heads of a calendar show it."""
    return _formatted(when, "EEE d", code())


def weekday(number: int) -> str:
    """Mon; 1 is Monday, as the calendar of ISO 8601 counts."""
    return _formatted(date.min + timedelta(days=number - 1), "EEE", code())  # a Monday


def numeric(when: date) -> str:
    """03/12/2026, as tables and paper show it."""
    return f"{when:%d/%m}/{when.year:04}"


def clock(when: time | datetime, *, is_exact: bool = False) -> str:
    """14 h 30 in French, 14:30 in English; exactly: 14 h 30 min 05 s, 14:30:05."""
    if code() != "fr":
        return f"{when:%H:%M:%S}" if is_exact else f"{when:%H:%M}"
    if is_exact:
        return f"{when.hour} h {when.minute:02} min {when.second:02} s".replace(
            " ", "\N{NO-BREAK SPACE}"
        )
    minutes = f"\N{NO-BREAK SPACE}{when.minute:02}" if when.minute else ""
    return f"{when.hour}\N{NO-BREAK SPACE}h{minutes}"


def moment(when: datetime, today: date, *, is_exact: bool = False) -> str:
    """Thursday 3 December (in 11 days), 14:00; exactly: with the seconds."""
    time = clock(when, is_exact=is_exact)
    return _("{day}, {time}").format(day=day(when.date(), today), time=time)


def moment_plain(when: datetime, today: date | None = None, *, is_exact: bool = False) -> str:
    """Thursday 3 December, 14:00; exactly: with the seconds."""
    time = clock(when, is_exact=is_exact)
    return _("{day}, {time}").format(day=plain(when.date(), today), time=time)


def minutes(count: int) -> str:
    """How long something takes: 45 minutes, 1 h 30."""
    hours, rest = divmod(count, 60)
    if not hours:
        return ngettext("{n} minute", "{n} minutes", rest).format(n=rest)
    if not rest:
        return ngettext("{n} hour", "{n} hours", hours).format(n=hours)
    return f"{hours}\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}{rest:02}"


def span(first: date, last: date, today: date | None = None) -> str:
    """Thursday 3 December, or Thursday 3 December to Monday 7 December."""
    if first == last:
        return plain(first, today)
    return _("{first} to {last}").format(first=plain(first, today), last=plain(last, today))


def age(birth: date, today: date) -> int:
    """Years completed."""
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))


def age_in_words(birth: date, today: date) -> str:
    """55 years old; small children in months."""
    years = age(birth, today)
    if years < 2:  # noqa: PLR2004 - as people say it
        n, unit = _count(birth, today)
        if unit == "months":
            return ngettext("{n} month old", "{n} months old", n).format(n=n)
    return ngettext("{n} year old", "{n} years old", years).format(n=years)


def _near(when: date, today: date) -> str:
    match (when - today).days:
        case 0:
            return _("today")
        case 1:
            return _("tomorrow")
        case -1:
            return _("yesterday")
        case _:
            return ""


def _count(first: date, last: date) -> tuple[int, str]:
    days = (last - first).days
    if days < _DAYS_TO_MONTHS:
        return days, "days"
    months = (last.year - first.year) * 12 + last.month - first.month
    months -= add_months(first, months) > last
    if months < _MONTHS_TO_YEARS:
        return months, "months"
    return months // 12, "years"


def _short(when: date, today: date) -> str:
    pattern = "d MMMM" if when.year == today.year else "d MMMM y"
    return _formatted(when, pattern, code())


@lru_cache(1024)
def _formatted(when: date, pattern: str, language: str) -> str:
    from babel.dates import format_date

    text = format_date(when, pattern, locale=language)
    return re.sub(r"\b1 ", "1er ", text, count=1) if language == "fr" else text
