"""A column of a staff list: the values of its cells, quickly, and which cells have none."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from correspondent_desk.domain.members import Civility
from correspondent_desk.domain.privacy import looks_like_nir
from correspondent_desk.domain.problems import LINE_LENGTH
from correspondent_desk.formats import staff_cells, staff_names
from correspondent_desk.formats.failed_formulas import UNCALCULATED
from correspondent_desk.formats.staff_cells import CellFault
from correspondent_desk.formats.staff_headings import StaffField, qualifier

_MOSTLY_DIFFERENT = 0.5  # share of different cells from which to look them up costs more
_JUDGED_AFTER = 2_000  # cells
_REMEMBERED = 30_000  # different cells of a column kept with their values
_SHORT = 12  # a cell longer than this may hold a social-security number

_OWN_GUARD = ("'=", "'+", "'-", "'@")  # what exported lists put before what looks like a formula
_FAILED_FORMULA = re.compile(r"#.*(?:[!?#]|/[AD])|Err ?:\d+", re.DOTALL)  # Excel; LibreOffice
# Marks without a shape, those that turn the direction of what follows, and commands to terminals.
_INVISIBLE = dict.fromkeys(
    [
        *map(ord, "\u00ad\u200b\u200e\u200f\u2060\ufeff\u202a\u202b\u202c\u202d\u202e"),
        *range(0x2066, 0x206A),
        *({*range(0x20), *range(0x7F, 0xA0)} - {ord("\n")}),
    ]
)
_LONG_NUMBER = re.compile(r"[0-9](?:[ .-]?[0-9]){12}")

# How cells look that need no reading, one in a line: nothing special, single spaces.
_SIGNS = r"[!-~\xa1-\xac\xae-\u024f\u2019]+"
_TEXT = re.compile(rf"^(?:((?!['#]|Err ?:){_SIGNS}(?: {_SIGNS})*)|.*)$", re.MULTILINE)
_DIGITS = re.compile(r"^(?:([0-9]{1,12})|.*)$", re.MULTILINE)
# No word, no number with an exponent, too short for a social-security number.
_NUMBER = re.compile(r"^(?:([A-DF-Z]{0,2}[0-9]{1,10})|.*)$", re.MULTILINE)
_PHONE = re.compile(  # the numbers shut out may be overseas, but for those of works of fiction
    r"^(?:0?((?!2[ .]?6[ .]?[239]|5[ .]?[09]|6[ .]?9|6[ .]?3(?![ .]?9[ .]?9[ .]?8))"
    r"[1-9](?:[ .]?[0-9]){8})|.*)$",
    re.MULTILINE,
)
_MAIL = re.compile(
    r"^(?:([A-Za-z][\w.+'-]*@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,})|.*)$", re.MULTILINE | re.ASCII
)


class Column(dict[str, object]):
    """The values of one column by the text of its cells; faults: the texts that have none.

    clean reads a text whose spaces are plain and single (with keeps_lines, line ends stay).
    plain finds, in a column joined by line ends, the cells from which make needs only its one
    group: four times as fast, for columns in which most cells come only once.
    """

    def __init__(
        self,
        index: int,
        clean: Callable[[str], object],
        blank: object,
        *,
        plain: re.Pattern[str] | None = None,
        make: Callable[[str], object] = str,
        keeps_lines: bool = False,
    ) -> None:
        super().__init__()
        self.index = index
        self.faults: dict[str, CellFault] = {}
        self._clean = clean
        self._blank = blank
        self._plain = plain
        self._make = make
        self._keeps_lines = keeps_lines
        self._seen = 0
        self._is_repetitive = True

    def read(self, cells: Sequence[str]) -> list[object]:
        """The value of each cell, blank where there is none."""
        self._keep_small(len(cells))
        if self._is_repetitive or self._plain is None:
            return list(map(self.__getitem__, cells))
        joined = "\n".join(cells)
        found = self._plain.findall(joined)
        if len(found) != len(cells) or (self._plain is _TEXT and _is_unusual(joined, cells)):
            return list(map(self.__getitem__, cells))
        pairs = zip(found, cells, strict=True)
        if self._make is str:
            return [plain or self[text] for plain, text in pairs]
        make = self._make
        return [make(plain) if plain else self[text] for plain, text in pairs]

    def _keep_small(self, cells: int) -> None:
        self._seen += cells
        if (
            self._is_repetitive
            and self._plain
            and self._seen > _JUDGED_AFTER
            and len(self) > _MOSTLY_DIFFERENT * self._seen
        ):
            self._is_repetitive = False
            self.clear()
        if len(self) > _REMEMBERED:
            self.clear()
        if len(self.faults) > _REMEMBERED:
            self.faults.clear()

    def __missing__(self, text: str) -> object:
        plain = " ".join(text.split())
        if not plain:
            self[text] = self._blank
            return self._blank
        if self._keeps_lines and "\n" in text:
            plain = _lines(text)
        found: object = None
        if not (plain.isascii() and plain.isprintable()):
            plain = unicodedata.normalize("NFC", plain.translate(_INVISIBLE)).strip()
        if not plain:
            self[text] = self._blank
            return self._blank
        if self._make is str and len(plain) > LINE_LENGTH:
            found = _too_long(plain)
        if found is None and (plain[0] in "'#E" or len(plain) > _SHORT or not plain.isascii()):
            plain, found = _special(plain)
        found = found or self._clean(plain)
        if isinstance(found, CellFault):
            self.faults[text] = found
            found = self._blank
        self[text] = found
        return found


def _is_unusual(joined: str, cells: Sequence[str]) -> bool:
    return _LONG_NUMBER.search(joined) is not None or max(map(len, cells)) > LINE_LENGTH


def _too_long(plain: str) -> CellFault | None:
    """A fault if one line holds more than a field may: people could not save the card again."""
    longest = max(map(len, plain.split("\n")))
    return CellFault.TOO_LONG if longest > LINE_LENGTH else None


def _lines(text: str) -> str:
    return "\n".join(line for part in text.splitlines() if (line := " ".join(part.split())))


def _special(plain: str) -> tuple[str, CellFault | None]:
    """What any cell may hold, whatever its column: the text to read, or why it cannot be."""
    if plain.startswith(_OWN_GUARD):
        plain = plain[1:]
    if plain == UNCALCULATED:
        return plain, CellFault.NOT_CALCULATED
    if plain[0] in "#E" and _FAILED_FORMULA.fullmatch(plain):
        return plain, CellFault.FORMULA_ERROR
    if "\ufffd" in plain:
        return plain, CellFault.UNREADABLE_LETTERS
    if plain[0].isdecimal() and looks_like_nir(plain):
        return plain, CellFault.SOCIAL_SECURITY_NUMBER
    return plain, None


_SIMPLE: dict[StaffField, tuple[Callable[[str], object], object]] = {
    StaffField.CIVILITY: (staff_names.read_civility, Civility.NONE),
    StaffField.STATUS: (staff_cells.read_status, None),
    StaffField.POSTCODE: (staff_cells.read_postcode, ""),
}
_WINDOWS: dict[StaffField, Callable[[date], staff_cells.Window]] = {
    StaffField.BIRTH_DATE: staff_cells.birth_window,
    StaffField.ENTERED_ON: staff_cells.entry_window,
    StaffField.LEFT_ON: staff_cells.exit_window,
}


DATES = frozenset(_WINDOWS)


def column_of(
    field: StaffField,
    index: int,
    heading: str,
    *,
    today: date,
    width: int,
    is_from_1904: bool,
    doubtful: staff_cells.Forms = (),
) -> Column:
    """The column at index that holds field. width: digits of a matricule; doubtful: of its dates."""
    if field in _SIMPLE:
        return Column(index, *_SIMPLE[field])
    if field in _WINDOWS:
        window = _WINDOWS[field](today)
        read_date = partial(
            staff_cells.read_date,
            window=window,
            is_from_1904=is_from_1904,
            doubtful=doubtful,
        )
        return Column(index, read_date, None)
    label = qualifier(heading)
    match field:
        case StaffField.MATRICULE:
            return Column(
                index,
                partial(staff_cells.read_matricule, width=width),
                "",
                plain=_DIGITS,
                make=lambda digits: digits.zfill(width),
            )
        case StaffField.BENEFICIARY_NUMBER:
            return Column(index, staff_cells.read_number, "", plain=_NUMBER)
        case StaffField.PHONE:
            return Column(
                index,
                partial(staff_cells.read_phones, label=label),
                (),
                plain=_PHONE,
                make=lambda found: (("+33" + found.replace(" ", "").replace(".", ""), label),),
            )
        case StaffField.MAIL:
            return Column(
                index,
                partial(staff_cells.read_mails, label=label),
                (),
                plain=_MAIL,
                make=lambda address: ((address, label),),
            )
        case StaffField.FULL_NAME:
            first_name_first = heading.strip().lower().startswith(("p", "f"))
            read_name = partial(staff_names.read_full_name, is_first_name_first=first_name_first)
            return Column(index, read_name, (Civility.NONE, "", ""))
        case StaffField.ADDRESS:
            return Column(index, str, "", plain=_TEXT, keeps_lines=True)
        case _:
            return Column(index, str, "", plain=_TEXT)
