"""The staff list that a human-resources office sends, read row by row.

Names stay as typed; what spreadsheets lose (first zeros, date formats) is put back. A cell that
cannot be read is reported and left empty; its row still comes. An empty value means "not said":
it never asks that something known be erased.
"""

import re
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice, repeat
from typing import Any, NamedTuple

from correspondent_desk.domain.members import Civility, MemberStatus
from correspondent_desk.domain.text import tokens
from correspondent_desk.formats import staff_cells, staff_names
from correspondent_desk.formats.spreadsheet import Sheet, clean
from correspondent_desk.formats.staff_cells import LEAVE_ROW_OUT, CellFault, Reach
from correspondent_desk.formats.staff_columns import DATES, Column, column_of
from correspondent_desk.formats.staff_headings import (
    NAMES,
    Mapping,
    StaffField,
    check,
    in_line_order,
)

# Rows read at once. Columns are cheaper to read than rows, and few rows stay in the processor's
# cache: 100 000 rows take 0.9 s in blocks of 128, 1.5 s in blocks of 2 048.
_BLOCK = 128
_ADDRESS_LINES = 5


class StaffRow(NamedTuple):
    """One person of the list. row: its number as the spreadsheet shows it.

    usage_name is empty where it says the same as family_name. phones and mails: pairs of an E.164
    number (or a short extension as typed) or an address, and its label.
    """

    row: int
    civility: Civility
    family_name: str
    usage_name: str
    first_name: str
    birth_date: date | None
    matricule: str
    beneficiary_number: str
    phones: tuple[Reach, ...]
    mails: tuple[Reach, ...]
    address_lines: tuple[str, ...]
    postcode: str
    town: str
    service: str
    site: str
    status: MemberStatus | None
    entered_on: date | None
    left_on: date | None
    employer: str


_TOTAL = re.compile(r"(?:sous |grand )?tota(?:l|ux)\b.*|effectifs?\b.*|nombre\b.*")
_LAST_NAMES = (StaffField.FAMILY_NAME, StaffField.USAGE_NAME)
_M = frozenset("Mm")  # how civilities begin
_TELLING = StaffRow._fields.index("birth_date")  # what follows tells a person from a total


@dataclass(frozen=True, slots=True, kw_only=True)
class CellProblem:
    """What could not be read, and where: the row and column as the spreadsheet shows them.

    heading and column are empty where the fault is the whole row's.
    """

    row: int
    fault: CellFault
    column: str = ""
    heading: str = ""
    text: str = ""

    @property
    def is_row_left_out(self) -> bool:
        """Whether the person is missing from what was read, not only a cell."""
        return self.fault in LEAVE_ROW_OUT


Report = Callable[[CellProblem], None]
Series = Iterable[object]
_NumberedRows = list[tuple[int, list[str]]]
_Read = MappingOf[StaffField, Sequence[Any]]  # for each column of a field, its series


def read(
    sheet: Sheet,
    mapping: Mapping,
    report: Report,
    *,
    today: date,
    matricule_width: int | None = None,
) -> Iterator[StaffRow]:
    """The people of sheet in its order, while report is told of what could not be read.

    matricule_width: digits of the numbers that the office uses, unless the list has kept first
    zeros that say otherwise; None: as most of the list have.
    Raises UnreadableFile for a mapping that cannot be used (see check), or where the file breaks.
    """
    for trouble in check(sheet, mapping):
        raise trouble
    return _Reading(sheet, mapping, today, matricule_width).rows(report)


class _Reading:
    """One list being read, block by block."""

    def __init__(
        self, sheet: Sheet, mapping: Mapping, today: date, matricule_width: int | None
    ) -> None:
        self._sheet = sheet
        self._name_column = next(filter(None, map(mapping.columns, NAMES)))[0]
        self._columns: dict[StaffField, list[Column]] = {}
        width = _width(sheet, mapping, matricule_width)
        self._is_m_civility = any(
            staff_names.is_m_civility([clean(cell) for cell in sheet.surveyed(index)])
            for field in _LAST_NAMES
            for index in mapping.columns(field)
        )
        for index, field in enumerate(mapping.fields):
            if field:
                column = column_of(
                    field,
                    index,
                    sheet.headings[index],
                    today=today,
                    width=width,
                    is_from_1904=sheet.is_from_1904,
                    doubtful=_doubtful_days(sheet, index) if field in DATES else (),
                )
                self._columns.setdefault(field, []).append(column)
        self._has_more = not self._columns.keys() <= {StaffField.CIVILITY, *_LAST_NAMES}
        addresses = {column.index: column for column in self._columns.get(StaffField.ADDRESS, ())}
        if addresses:
            order = in_line_order(sheet, list(addresses))
            self._columns[StaffField.ADDRESS] = [addresses[index] for index in order]

    def rows(self, report: Report) -> Iterator[StaffRow]:
        """The rows that are people."""
        source = self._sheet.rows()
        while block := list(islice(source, _BLOCK)):
            fitting = self._of_right_width(self._below_headings(block), report)
            if fitting:
                numbers, cells = zip(*fitting, strict=True)
                columns = list(zip(*cells, strict=True))
                values = _in_order(
                    {
                        field: [column.read(columns[column.index]) for column in held]
                        for field, held in self._columns.items()
                    }
                )
                rows = map(StaffRow._make, zip(numbers, *values, strict=False))
                found, nobody = _people(map(self._with_civility, rows), has_more=self._has_more)
                totals = {
                    number for number, one in nobody.items() if one.fault is CellFault.NOT_A_PERSON
                }
                self._report_faults(numbers, columns, totals, report)
                for problem in nobody.values():
                    report(problem)
                yield from found

    def _with_civility(self, row: StaffRow) -> StaffRow:
        """The row with what stands before its last names as civility, where none was said."""
        if row.family_name[:1] not in _M and row.usage_name[:1] not in _M:
            return row
        said, family = staff_names.split_civility(row.family_name, is_m_one=self._is_m_civility)
        other, usage = staff_names.split_civility(row.usage_name, is_m_one=self._is_m_civility)
        if not said and not other:
            return row
        return row._replace(
            civility=row.civility or said or other,
            family_name=family,
            usage_name=_other_name(family, usage),
        )

    def _below_headings(self, block: _NumberedRows) -> _NumberedRows:
        """The rows of block but for headings that come again on a second page."""
        at = self._name_column
        heading = self._sheet.headings[at]
        return [one for one in block if clean(one[1][at]) != heading or not self._repeats(one[1])]

    def _repeats(self, cells: Sequence[str]) -> bool:
        """Whether two cells say what the headings above them say, or all cells that are filled."""
        filled = [cell for cell in map(clean, cells) if cell]
        headings = self._sheet.headings
        same = sum(clean(cells[at]) == said for at, said in enumerate(headings) if said)
        return same >= min(2, len(filled))

    def _of_right_width(self, block: _NumberedRows, report: Report) -> _NumberedRows:
        width = len(self._sheet.headings)
        if all(len(cells) == width for _number, cells in block):
            return block
        for number, cells in block:
            if len(cells) > width:
                report(CellProblem(row=number, fault=CellFault.TOO_MANY_CELLS))
        return [(number, cells) for number, cells in block if len(cells) == width]

    def _report_faults(
        self,
        numbers: Sequence[int],
        columns: Sequence[Sequence[str]],
        totals: Container[int],
        report: Report,
    ) -> None:
        """Tell of the block's cells without a value, row by row; those of totals say nothing."""
        found = [
            (number, column.index, text, fault)
            for column in chain.from_iterable(self._columns.values())
            if column.faults and not column.faults.keys().isdisjoint(columns[column.index])
            for number, text in zip(numbers, columns[column.index], strict=True)
            if (fault := column.faults.get(text)) and number not in totals
        ]
        for number, index, text, fault in sorted(found):
            report(
                CellProblem(
                    row=number,
                    fault=fault,
                    column=self._sheet.column(index),
                    heading=self._sheet.headings[index],
                    text=text,
                )
            )


def _people(
    rows: Iterable[StaffRow], *, has_more: bool
) -> tuple[list[StaffRow], dict[int, CellProblem]]:
    """The rows that are about somebody; and by number, what is wrong with those that are not.

    has_more: than last names, so that a name with nothing beside it is a title or a total.
    """
    found: list[StaffRow] = []
    nobody: dict[int, CellProblem] = {}
    for row in rows:
        family, first = row.family_name, row.first_name
        if not family:
            if any(row[1:]):
                nobody[row.row] = CellProblem(row=row.row, fault=CellFault.NO_NAME)
        # Few names have no letters, and those of totals are counts.
        elif first and first.upper() != first.lower() and not family[0].isdigit():
            found.append(row)
        elif total := _total(row, has_more=has_more):
            fault = CellFault.NOT_A_PERSON
            nobody[row.row] = CellProblem(row=row.row, fault=fault, text=total)
        else:
            found.append(row)
    return found, nobody


def _total(row: StaffRow, *, has_more: bool) -> str:
    """What stands beside a count of people or is a title; nothing if the row is about somebody.

    Asked where a name begins with a figure, or no first name stands beside it.
    """
    family, first = row.family_name, row.first_name
    if family[0].isdigit():
        words = (first, *(cell for cell in row[_TELLING:] if isinstance(cell, str)))
        return next(filter(_says_total, words), "") or _lone(row)
    if _says_total(family):
        return family
    return _lone(row) if has_more else ""


def _says_total(text: str) -> bool:
    return bool(_TOTAL.fullmatch(" ".join(tokens(text))))


def _lone(row: StaffRow) -> str:
    """The name, if nothing else is said but a count."""
    is_named = row.first_name.upper() != row.first_name.lower()
    return "" if is_named or any(row[_TELLING:]) else row.family_name


def _in_order(read: _Read) -> list[Series]:
    """The values of a block, one series for each field of StaffRow behind its number."""

    def one(field: StaffField, blank: object = "") -> Series:
        return read[field][0] if field in read else repeat(blank)

    def reached(field: StaffField) -> Series:
        columns = read.get(field, [repeat(())])
        return columns[0] if len(columns) == 1 else map(_all_reached, *columns)

    return [
        *_names(read),
        one(StaffField.BIRTH_DATE, None),
        one(StaffField.MATRICULE),
        one(StaffField.BENEFICIARY_NUMBER),
        reached(StaffField.PHONE),
        reached(StaffField.MAIL),
        *_places(read),
        one(StaffField.SERVICE),
        one(StaffField.SITE),
        one(StaffField.STATUS, None),
        one(StaffField.ENTERED_ON, None),
        one(StaffField.LEFT_ON, None),
        one(StaffField.EMPLOYER),
    ]


def _names(read: _Read) -> tuple[Series, Series, Series, Series]:
    """Civilities, and family, usage and first names."""
    civility = read.get(StaffField.CIVILITY, [repeat(Civility.NONE)])[0]
    if StaffField.FULL_NAME in read:
        said, family, first = zip(*read[StaffField.FULL_NAME][0], strict=True)
        told = [one or other for one, other in zip(civility, said, strict=False)]
        return told, family, repeat(""), first
    families = read.get(StaffField.FAMILY_NAME)
    usages = read.get(StaffField.USAGE_NAME)
    first = read.get(StaffField.FIRST_NAME, [repeat("")])[0]
    if not families or not usages:
        return civility, (families or usages or [repeat("")])[0], repeat(""), first
    either = [family or usage for family, usage in zip(families[0], usages[0], strict=True)]
    return civility, either, map(_other_name, families[0], usages[0]), first


def _other_name(family: str, usage: str) -> str:
    """The usage name where it says something else than the family name."""
    return usage if usage and family and usage.casefold() != family.casefold() else ""


def _places(read: _Read) -> tuple[Series, Series, Series]:
    """Address lines, postcodes and towns, even from a column that holds two of them, or all."""
    lines = map(_address_lines, *read.get(StaffField.ADDRESS, [repeat("")]))
    towns = read[StaffField.TOWN][0] if StaffField.TOWN in read else None
    if StaffField.POSTCODE in read:
        return lines, read[StaffField.POSTCODE][0], towns or repeat("")
    if towns is not None:
        postcodes, names = zip(*map(staff_cells.split_town, towns), strict=True)
        return lines, postcodes, names
    if StaffField.ADDRESS not in read:
        return lines, repeat(""), repeat("")
    streets, postcodes, names = zip(*map(staff_cells.split_address, lines), strict=True)
    return streets, postcodes, names


def _all_reached(*cells: tuple[Reach, ...]) -> tuple[Reach, ...]:
    """What several cells hold, each number once, with its first label."""
    filled = [reached for reached in cells if reached]
    if len(filled) < 2:  # noqa: PLR2004
        return filled[0] if filled else ()
    labels: dict[str, str] = {}
    for number, label in chain.from_iterable(filled):
        labels[number] = labels.get(number) or label
    return tuple(labels.items())


def _address_lines(*cells: str) -> tuple[str, ...]:
    """The filled lines of an address, at most five: what is beyond stays on the last one."""
    lines = tuple(filter(None, cells))
    if "\n" in "".join(lines):
        lines = tuple(chain.from_iterable(line.split("\n") for line in lines))
    if len(lines) > _ADDRESS_LINES:
        return (*lines[: _ADDRESS_LINES - 1], ", ".join(lines[_ADDRESS_LINES - 1 :]))
    return lines


def _doubtful_days(sheet: Sheet, index: int) -> staff_cells.Forms:
    cells = map(clean, sheet.surveyed(index))
    return staff_cells.doubtful_days(cells, knows_dates=sheet.knows_dates)


def _width(sheet: Sheet, mapping: Mapping, known: int | None) -> int:
    """Zeros that the list has kept say more than numbers of the desk, which may have lost theirs."""
    columns = mapping.columns(StaffField.MATRICULE)
    cells = [cell for at in columns for cell in sheet.surveyed(at)]
    usual = staff_cells.usual_width(cells) if known is None else known
    return max(staff_cells.width_by_zeros(cells), usual)
