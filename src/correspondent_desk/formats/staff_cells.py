"""Cells of a staff list as values, with what spreadsheets do to them undone.

Every reader takes the text of a cell, its spaces already plain, and gives the value or a
CellFault. None of them guesses: what can be read in two ways is a fault.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from correspondent_desk.domain import phones
from correspondent_desk.domain.members import MemberStatus
from correspondent_desk.domain.text import tokens


class CellFault(StrEnum):
    """Why a cell is left, or a row left out; `messages.files` has the sentences."""

    NOT_A_DATE = "not-a-date"
    NO_SUCH_DAY = "no-such-day"
    UNLIKELY_DATE = "unlikely-date"
    MONTH_BEFORE_DAY = "month-before-day"
    DAY_OR_MONTH = "day-or-month"
    AMBIGUOUS_DAY_NUMBER = "ambiguous-day-number"
    NOT_A_PHONE = "not-a-phone"
    ROUNDED_NUMBER = "rounded-number"
    TRUE_OR_FALSE = "true-or-false"
    NOT_A_MAIL = "not-a-mail"
    NOT_A_POSTCODE = "not-a-postcode"
    UNKNOWN_STATUS = "unknown-status"
    UNKNOWN_CIVILITY = "unknown-civility"
    FORMULA_ERROR = "formula-error"
    NOT_CALCULATED = "not-calculated"
    UNREADABLE_LETTERS = "unreadable-letters"
    TOO_LONG = "too-long"
    SOCIAL_SECURITY_NUMBER = "social-security-number"
    NAME_NOT_SPLIT = "name-not-split"
    NO_NAME = "no-name"
    NOT_A_PERSON = "not-a-person"
    TOO_MANY_CELLS = "too-many-cells"


LEAVE_ROW_OUT = frozenset({CellFault.NO_NAME, CellFault.NOT_A_PERSON, CellFault.TOO_MANY_CELLS})

_BOOLEANS = frozenset({"TRUE", "FALSE", "VRAI", "FAUX"})
ROUNDED = re.compile(r"\d(?:[.,]\d+)?E\+?\d+", re.IGNORECASE)

# --- dates ----------------------------------------------------------------------------------------

_DAY_FIRST = re.compile(r"(?P<first>\d{1,2})[/.\- ](?P<second>\d{1,2})[/.\- ](\d{4}|\d{2})")
_YEAR_FIRST = re.compile(r"(\d{4})[/.\-](?P<first>\d{1,2})[/.\-](?P<second>\d{1,2})")
_IN_WORDS = re.compile(r"(\d{1,2})(?:er|st|nd|rd|th)? ([a-z]{3,9}) (\d{4}|\d{2})")
_IN_ONE = re.compile(r"\d{7,8}")
_DAY_NUMBER = re.compile(r"(\d{1,5})(?:[.,]\d+)?")
_CLOCK = re.compile(r"[ T]\d{1,2}[:h]\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:Z| ?[AP]M)?$", re.IGNORECASE)
_YEAR_ALONE = re.compile(r"(?:19|20)\d\d")
_PLAIN_DATE = len("12/03/1970")
_MONTHS_OF_A_YEAR = range(1, 13)
_BEYOND_MONTHS = range(13, 32)
_NO_DATE = re.compile(r"[0/.\- ]+|00:00(?::00)?|31/12/(?:9999|2999|2099)|(?:9999|2999|2099)-12-31")
_MONTH_STARTS = (
    *("janv jan", "fev feb", "mars mar", "avr apr", "mai may", "juin jun"),
    *("juil jul", "aout aug", "sept sep", "oct", "nov", "dec"),
)
_MONTHS = {
    start: month for month, starts in enumerate(_MONTH_STARTS, 1) for start in starts.split()
}
_BEFORE_1900 = date(1899, 12, 30)  # day 0 for every day after the 29 February 1900 of spreadsheets

Window = tuple[date, date]


def birth_window(today: date) -> Window:
    """Birth dates that someone on a staff list can have: 14 to 110 years ago."""
    return _years_from(today, -110), _years_from(today, -14)


def entry_window(today: date) -> Window:
    """Days on which someone may have been hired, or will be."""
    return _years_from(today, -75), _years_from(today, 3)


def exit_window(today: date) -> Window:
    """Days on which someone may have left, or will: a permanent post ends at retirement."""
    return _years_from(today, -60), _years_from(today, 39)


def _years_from(day: date, years: int) -> date:
    return date(day.year + years, day.month, min(day.day, 28))


Forms = tuple[re.Pattern[str], ...]  # ways to write a day


def doubtful_days(cells: Iterable[str], *, knows_dates: bool) -> Forms:
    """How days are written that are not to be trusted in this column, since it has the month first.

    It has where some cells can be read as 12/31/1970 only, and none as 31/12/1970 only.
    knows_dates: the cells are of a spreadsheet, which may have read a list written month first as
    if the day were first: what it could not read stayed a text, and no day it has read is beyond 12.
    """
    said = list(map(_without_clock, cells))
    pairs = [(int(one["first"]), int(one["second"])) for one in _all(_DAY_FIRST, said)]
    if not any(_is_month_first(*pair) for pair in pairs):
        return ()
    if any(_is_month_first(second, first) for first, second in pairs):
        return ()
    is_turned = all(int(one["second"]) in _MONTHS_OF_A_YEAR for one in _all(_YEAR_FIRST, said))
    return (_DAY_FIRST, _YEAR_FIRST) if knows_dates and is_turned else (_DAY_FIRST,)


def _all(form: re.Pattern[str], texts: Iterable[str]) -> list[re.Match[str]]:
    return [found for text in texts if (found := form.fullmatch(text))]


def _is_month_first(first: int, second: int) -> bool:
    return first in _MONTHS_OF_A_YEAR and second in _BEYOND_MONTHS


def _without_clock(text: str) -> str:
    return text if len(text) <= _PLAIN_DATE else _CLOCK.sub("", text)


def read_date(
    text: str, *, window: Window, is_from_1904: bool = False, doubtful: Forms = ()
) -> date | CellFault | None:
    """The day that text names; None: it says that there is none (00/00/0000, 31/12/9999).

    A year of two digits is the one inside window, which is shorter than a century.
    doubtful: what `doubtful_days` says of its column.
    """
    said = _without_clock(text)
    if doubtful and (doubt := _doubt(said, doubtful)):
        return doubt
    if _NO_DATE.fullmatch(said):
        return None
    if number := _DAY_NUMBER.fullmatch(said):
        if is_from_1904:
            return CellFault.AMBIGUOUS_DAY_NUMBER
        found = _within(_BEFORE_1900 + timedelta(int(number[1])), window)
        # As a number for a day, 1970 would be in 1905.
        is_year = isinstance(found, CellFault) and _YEAR_ALONE.fullmatch(said)
        return CellFault.NOT_A_DATE if is_year else found
    parts = _date_parts(said)
    if parts is None:
        return CellFault.NOT_A_DATE
    year, month, day = parts
    try:
        found = date(_full_year(year, month, day, window), month, day)
    except ValueError:
        return CellFault.NO_SUCH_DAY
    return _within(found, window)


def _doubt(said: str, forms: Forms) -> CellFault | None:
    """Why a day in a doubtful form is not taken; nothing if it reads alike both ways."""
    for found in filter(None, (form.fullmatch(said) for form in forms)):
        first, second = int(found["first"]), int(found["second"])
        if first in _MONTHS_OF_A_YEAR and second in _MONTHS_OF_A_YEAR and first != second:
            return CellFault.DAY_OR_MONTH
        if found.re is _DAY_FIRST and _is_month_first(first, second):
            return CellFault.MONTH_BEFORE_DAY
    return None


def _date_parts(said: str) -> tuple[str, int, int] | None:
    """Year as written, month and day."""
    if found := _DAY_FIRST.fullmatch(said):
        return found[3], int(found[2]), int(found[1])
    if found := _YEAR_FIRST.fullmatch(said):
        return found[1], int(found[2]), int(found[3])
    if _IN_ONE.fullmatch(said):
        digits = said.zfill(8)
        if digits[:2] in ("19", "20") and int(digits[4:6]) <= 12:  # noqa: PLR2004 - months
            return digits[:4], int(digits[4:6]), int(digits[6:])
        return digits[4:], int(digits[2:4]), int(digits[:2])
    return _date_in_words(said)


def _date_in_words(said: str) -> tuple[str, int, int] | None:
    words = tokens(said)
    found = _IN_WORDS.fullmatch(" ".join(words[-3:]))
    if not found:
        return None
    month = _MONTHS.get(found[2][:4]) or _MONTHS.get(found[2][:3])
    return (found[3], month, int(found[1])) if month else None


def _full_year(year: str, month: int, day: int, window: Window) -> int:
    if len(year) == 4:  # noqa: PLR2004
        return int(year)
    earliest, latest = window
    for century in range(latest.year // 100 * 100, earliest.year - 100, -100):
        full = century + int(year)
        # Compared as numbers: 29 February need not exist in that year.
        if earliest.timetuple()[:3] <= (full, month, day) <= latest.timetuple()[:3]:
            return full
    return latest.year // 100 * 100 + int(year)


def _within(day: date, window: Window) -> date | CellFault:
    return day if window[0] <= day <= window[1] else CellFault.UNLIKELY_DATE


# --- how to reach someone -------------------------------------------------------------------------

Reach = tuple[str, str]  # a number or an address, and its label

# Numbers that may be overseas are left to the rules, but for those kept for works of fiction.
_PLAIN_PHONE = re.compile(r"0?((?!26|5[09]|69|63(?!998))[1-9][0-9]{8})")
_NOTHING = re.compile(r"[0\s.,;:/\\_-]*|n(?:eant|on|one|il)|aucune?|x+|sans|n a", re.IGNORECASE)
_MAIL = re.compile(r"[^@\s,;:<>()\"]+@[^@\s,;:<>()\"]+\.[^\W\d_]{2,}")
_MAIL_GAP = re.compile(r"[\s,;/|<>()\"]+")


def read_phones(text: str, *, label: str = "") -> tuple[Reach, ...] | CellFault:
    """The numbers in a cell; label is what the heading adds ("pro"), unless the cell says more."""
    # Nearly all numbers of a list: three times as fast as the rules for all the others.
    plain = _PLAIN_PHONE.fullmatch(text.replace(" ", "").replace(".", ""))
    if plain:
        return (("+33" + plain[1], label),)
    if says_nothing(text):
        return ()
    if ROUNDED.fullmatch(text):
        return CellFault.ROUNDED_NUMBER
    found = phones.parse_all(text)
    if found is None:
        return CellFault.NOT_A_PHONE
    return tuple((one.number, one.label or label) for one in found)


def read_mails(text: str, *, label: str = "") -> tuple[Reach, ...] | CellFault:
    """The addresses in a cell, as typed."""
    if _MAIL.fullmatch(text):
        return ((text, label),)
    if says_nothing(text):
        return ()
    parts = [part for part in _MAIL_GAP.split(text) if "@" in part]
    found = [part.removeprefix("mailto:").rstrip(".") for part in parts]
    if not found or not all(map(_MAIL.fullmatch, found)):
        return CellFault.NOT_A_MAIL
    return tuple((address, label) for address in dict.fromkeys(found))


def says_nothing(text: str) -> bool:
    """Whether text only fills a cell: "-", "néant", zeros."""
    return bool(_NOTHING.fullmatch(text) or _NOTHING.fullmatch(" ".join(tokens(text))))


_POSTCODE = re.compile(r"(?:FR?[- ]?)?(\d{2}) ?(\d{3})", re.IGNORECASE)
_WITHOUT_ZERO = re.compile(r"(\d) ?(\d{3})")
_CORSICAN_OR_FOREIGN = re.compile(r"(?=.*[A-Z])(?=.*\d)[A-Z0-9][A-Z0-9 -]{1,9}", re.IGNORECASE)
_CEDEX = r"(?: cedex(?: [0-9]{1,2})?)?"
_ADDRESS_END = re.compile(
    r"(?:(?P<street>.*?[^\s,;-])[\s,;-]+)?(?:FR?-)?(?P<postcode>(?:0[1-9]|[1-8]\d|9[0-578])\d{3}),? "
    rf"(?P<town>[^\W\d_][^\d,;:]*?{_CEDEX})",
    re.IGNORECASE,
)
_POST_BOX = re.compile(
    r"\b(?:B\.? ?P\.?|C\.? ?S\.?|TSA|bo[iî]te(?: postale)?|n[°o])$", re.IGNORECASE
)
_POSTCODE_AND_TOWN = re.compile(r"((?:FR?[- ])?\d{2} ?\d{3}|\d{4})[ -]+(\D.*)")


def read_postcode(text: str) -> str | CellFault:
    """Five digits with the lost first zero put back; codes with letters as typed."""
    if found := _POSTCODE.fullmatch(text):
        return found[1] + found[2]
    if found := _WITHOUT_ZERO.fullmatch(text):
        return f"0{found[1]}{found[2]}"
    if says_nothing(text):
        return ""
    return text if _CORSICAN_OR_FOREIGN.fullmatch(text) else CellFault.NOT_A_POSTCODE


@lru_cache(8192)
def split_town(text: str) -> tuple[str, str]:
    """Postcode and town of a cell that may hold both; the postcode is "" if it holds none."""
    found = _POSTCODE_AND_TOWN.fullmatch(text)
    postcode = read_postcode(found[1]) if found else CellFault.NOT_A_POSTCODE
    if found is None or isinstance(postcode, CellFault):
        return "", text
    return postcode, found[2]


def split_address(lines: tuple[str, ...]) -> tuple[tuple[str, ...], str, str]:
    """Lines, postcode and town of an address that ends with both; else lines as they are.

    Five digits before the last words are a postcode, but for those of a post-office box.
    """
    found = _ADDRESS_END.fullmatch(lines[-1]) if lines else None
    if found is None or _POST_BOX.search(found["street"] or ""):
        return lines, "", ""
    street = (found["street"],) if found["street"] else ()
    return (*lines[:-1], *street), found["postcode"], found["town"]


# --- where someone stands ---------------------------------------------------------------------------

_STATUSES = {
    word.strip(): status
    for status, words in {
        MemberStatus.ACTIVE: (
            "actif, active, en activite, activite, present, en poste, en fonction, titulaire,"
            " stagiaire, fonctionnaire, permanent, cdi, employed, in post, in service, ok, oui, vrai, true"
        ),
        MemberStatus.CONTRACT: (
            "contractuel, contractuelle, cdd, vacataire, auxiliaire, non titulaire, saisonnier,"
            " saisonniere, remplacant, interimaire, contrat, sous contrat, contract, on contract, fixed term, temporary"
        ),
        MemberStatus.APPRENTICE: (
            "apprenti, alternant, apprentissage, en apprentissage, contrat d apprentissage, apprentice"
        ),
        MemberStatus.LEAVE: (
            "conge, en conge, disponibilite, en disponibilite, dispo, detachement, en detachement,"
            " detache, maladie, longue maladie, clm, cld, maternite, suspendu, position speciale,"
            " absent, leave, on leave, on leave of absence, long term sick, sick, suspended, secondment"
        ),
        MemberStatus.RETIRED: (
            "retraite, a la retraite, en retraite, pensionne, retired, pensioner"
        ),
        MemberStatus.LEFT: (
            "parti, sorti, a quitte, radie, demissionnaire, demission, mute, mutation, licencie, inactif,"
            " inactive, fin de contrat, sortie, depart, left, left the office, resigned, former, non, faux, false"
        ),
        MemberStatus.DECEASED: "decede, deces, deceased, dead",
    }.items()
    for word in words.split(",")
}


# What our own lists say of a value that only a newer version knows: it is left as it stands.
NEWER = frozenset({"autre version plus recente", "other newer version"})


def read_status(text: str) -> MemberStatus | CellFault | None:
    """Where someone stands with the employer, from the first words that say so."""
    words = tuple(word for word in tokens(text) if word not in ("agent", "personnel"))
    for count in range(len(words), 0, -1):
        said = " ".join(words[:count])
        for form in (said, said.removesuffix("s"), said.removesuffix("e"), said.removesuffix("es")):
            if form in _STATUSES:
                return _STATUSES[form]
    return None if says_nothing(text) or " ".join(words) in NEWER else CellFault.UNKNOWN_STATUS


def read_number(text: str) -> str | CellFault:
    """A number that tells who somebody is, as it stands."""
    if text.upper() in _BOOLEANS:
        return CellFault.TRUE_OR_FALSE
    is_rounded = "+" in text and ROUNDED.fullmatch(text)
    return CellFault.ROUNDED_NUMBER if is_rounded else text


def read_matricule(text: str, *, width: int) -> str | CellFault:
    """A number of the payroll program, its lost first zeros put back up to width digits."""
    if text.isdecimal():
        return text.zfill(width)
    return "" if text in ("-", "/") else read_number(text)


_LEAST_WIDTH = 4  # shorter numbers are counted, not issued with zeros
_SHARE_OF_WIDTH = 0.5


def width_by_zeros(cells: Sequence[str]) -> int:
    """How many digits the numbers of a column have that kept their first zeros; 0: none did."""
    return _most_often(
        [cell for cell in cells if cell.strip().startswith("0") and cell.strip("0 ")]
    )


def usual_width(cells: Sequence[str]) -> int:
    """How many digits the numbers of a column should have; 0: as they are."""
    return max(width_by_zeros(cells), _most_often(cells))


def _most_often(cells: Sequence[str]) -> int:
    widths = [len(cell.strip()) for cell in cells if cell.strip().isdecimal()]
    if not widths:
        return 0
    width = max(set(widths), key=lambda one: (widths.count(one), one))
    often = widths.count(width) >= _SHARE_OF_WIDTH * len(widths)
    return width if often and width >= _LEAST_WIDTH else 0
