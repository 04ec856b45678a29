"""Lists read as the program proposes: their people, their cells, or why they are refused."""

from datetime import date
from pathlib import Path

import pytest

from correspondent_desk.formats.files import UnreadableFile
from correspondent_desk.formats.spreadsheet import Sheet, open_sheet
from correspondent_desk.formats.staff_headings import (
    Mapping,
    Proposal,
    StaffField,
    propose,
    recognise,
)
from correspondent_desk.formats.staff_list import CellProblem, StaffRow, read

TODAY = date(2026, 11, 22)


def people(sheet: Sheet, width: int | None = None) -> tuple[list[StaffRow], list[CellProblem]]:
    """The rows and the problems of a list read as proposed."""
    problems: list[CellProblem] = []
    mapping = propose(sheet).mapping
    return list(read(sheet, mapping, problems.append, today=TODAY, matricule_width=width)), problems


def meant(proposal: Proposal, columns: dict[int, StaffField | None]) -> Mapping:
    """As proposed, but for the columns of which a person said otherwise, by their places."""
    return Mapping(tuple(columns.get(at, held) for at, held in enumerate(proposal.mapping.fields)))


def faults(problems: list[CellProblem]) -> list[tuple[int, str, str]]:
    """Row, column and fault of each."""
    return [(problem.row, problem.column, problem.fault.value) for problem in problems]


def column(sheet: Sheet, heading: str) -> list[str]:
    """The cells under a heading."""
    at = sheet.headings.index(heading)
    return [row[at] for _number, row in sheet.rows()]


def refused(path: Path) -> UnreadableFile:
    """Why the file is none."""
    with pytest.raises(UnreadableFile) as caught:
        list(open_sheet(path, recognise).rows())
    return caught.value
