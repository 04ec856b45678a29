"""What becomes of a list, line by line, as the second step of an import shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from correspondent_desk.language import _, pgettext
from correspondent_desk.messages import files
from correspondent_desk.messages import imports as messages
from correspondent_desk.records import imports
from correspondent_desk.records.imports import ImportLine, ImportPreview, Outcome

if TYPE_CHECKING:
    from datetime import date

    from correspondent_desk.formats.spreadsheet import Sheet
    from correspondent_desk.formats.staff_headings import Mapping as Columns
    from correspondent_desk.store.database import Query


class Sort(StrEnum):
    """The filters above the lines."""

    ALL = "all"
    NEW = "new"
    UPDATED = "updated"
    SUGGESTED = "suggested"
    LEFT_OUT = "left-out"
    CELLS = "cells"
    ABSENT = "absent"


_SORTS: Mapping[Outcome, Sort] = {
    Outcome.NEW: Sort.NEW,
    Outcome.UPDATED: Sort.UPDATED,
    Outcome.SUGGESTED: Sort.SUGGESTED,
    Outcome.LEFT_OUT: Sort.LEFT_OUT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line: a row of the list, a cell of it that cannot be read, or somebody it does not name.

    id: its place among all. row: 0 for somebody who has none. member: whose card it is about.
    is_of_status: whether it is the list's word on a status, not on who somebody is, that waits.
    """

    id: int
    row: int
    sort: Sort
    what: str
    told: str
    member: int = 0
    is_of_status: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A preview with its lines in words. counts: how many there are in the whole list."""

    preview: ImportPreview
    items: tuple[Item, ...]
    counts: Mapping[Sort, int]


def look(sheet: "Sheet", columns: "Columns", today: "date") -> "Query[Shown]":
    """What importing sheet would do. Takes seconds with a large list; writes nothing."""
    return lambda session: _shown(imports.preview(session, sheet, columns, today=today))


def _shown(preview: ImportPreview) -> Shown:
    found = [
        *((line.row, _of_line(line)) for line in preview.lines),
        *((problem.row, _of_problem(problem)) for problem in preview.problems),
    ]
    found.sort(key=lambda one: one[0])
    of_status = {line.row for line in preview.lines if line.takes_back}
    members = {line.row: line.member for line in preview.lines}
    items = tuple(
        Item(
            id=place,
            row=row,
            sort=sort,
            what=what,
            told=told,
            member=0 if sort is Sort.CELLS else members.get(row, 0),
            is_of_status=sort is Sort.SUGGESTED and row in of_status,
        )
        for place, (row, (sort, what, told)) in enumerate(found)
    )
    absent = tuple(
        Item(
            id=place,
            row=0,
            sort=Sort.ABSENT,
            what=messages.absent_word(),
            told=messages.absent(person),
            member=person.id,
        )
        for place, person in enumerate(preview.absentees, len(items))
    )
    return Shown(preview=preview, items=items + absent, counts=_counts(preview))


def _of_line(line: ImportLine) -> tuple[Sort, str, str]:
    return _SORTS[line.outcome], messages.outcome(line.outcome), messages.line(line)


def _of_problem(problem: imports.CellProblem) -> tuple[Sort, str, str]:
    told = files.cell(problem)
    if problem.column:
        told = _("{heading} (column {column}): {why}").format(
            heading=problem.heading or "—", column=problem.column, why=told
        )
    if problem.is_row_left_out:
        return Sort.LEFT_OUT, messages.outcome(Outcome.LEFT_OUT), told
    return Sort.CELLS, pgettext("cell", "left empty"), told


def _counts(preview: ImportPreview) -> dict[Sort, int]:
    counts = {sort: preview.counts[outcome] for outcome, sort in _SORTS.items()}
    counts[Sort.LEFT_OUT] = preview.left_out
    counts[Sort.CELLS] = preview.cells_left_empty
    counts[Sort.ALL] = sum(counts.values())
    counts[Sort.ABSENT] = preview.absent
    return counts


def sort_name(sort: Sort) -> str:
    """The word of a filter."""
    match sort:
        case Sort.ALL:
            return pgettext("rows", "All")
        case Sort.ABSENT:
            return pgettext("rows", "Not in the list")
        case Sort.NEW:
            return pgettext("rows", "New")
        case Sort.UPDATED:
            return pgettext("rows", "Updates")
        case Sort.SUGGESTED:
            return pgettext("rows", "To confirm")
        case Sort.LEFT_OUT:
            return pgettext("rows", "Left out")
        case Sort.CELLS:
            return pgettext("rows", "Cells left empty")
