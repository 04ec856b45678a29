"""Formulas that failed or were never calculated, in the workbooks of several programs."""

import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from correspondent_desk.formats.failed_formulas import UNCALCULATED
from correspondent_desk.formats.spreadsheet import open_sheet
from correspondent_desk.formats.staff_headings import recognise
from tests.formats.reading import column


def test_a_formula_that_failed_is_read_as_what_the_spreadsheet_shows(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Autre").write_formula("A1", "=1/0", None, "#DIV/0!")
        sheet = book.add_worksheet("Personnel & co")
        for row, cells in enumerate((("Nom", "Prénom", "Matricule"), ("Petit", "Jean", "12"))):
            sheet.write_row(row, 0, cells)
        sheet.write_row(2, 0, ("Roux", "Paul"))
        sheet.write_formula("C3", "=VLOOKUP(A3,Ailleurs!A:B,2)", None, "#REF!")

    found = open_sheet(path, recognise, "Personnel & co")

    assert column(found, "Matricule") == ["12", "#REF!"]
    assert column(found, "Nom") == ["Petit", "Roux"]


OPENPYXL = '<c r="{place}"><f>"MAR"&amp;"TIN"</f><v /></c>'
POI = '<c r="{place}" s="1"><f>UPPER("p")</f></c>'
CLOSED_XML = '<x:c r="{place}"><x:f>1/0</x:f><x:v></x:v></x:c>'
EMPTY_TEXT = '<c r="{place}" t="str"><f>""</f><v></v></c>'


def a_workbook(path: Path, *rows: tuple[str, ...]) -> Path:
    """A workbook of names and first names, and below them these cells as its file holds them."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Personnel")
        sheet.write_row(0, 0, ("Nom", "Prénom"))
        sheet.write_row(1, 0, ("Petit", "Jean"))
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    cells = "".join(
        f'<row r="{number}">'
        + "".join(cell.format(place=f"{'ABC'[at]}{number}") for at, cell in enumerate(row))
        + "</row>"
        for number, row in enumerate(rows, 3)
    )
    name = "xl/worksheets/sheet1.xml"
    parts[name] = parts[name].replace(b"</sheetData>", cells.encode() + b"</sheetData>")
    with zipfile.ZipFile(path, "w") as package:
        for part, content in parts.items():
            package.writestr(part, content)
    return path


def test_a_formula_that_was_never_calculated_is_no_empty_cell(tmp_path: Path) -> None:
    rows = ((OPENPYXL, POI), (EMPTY_TEXT, EMPTY_TEXT), (CLOSED_XML, EMPTY_TEXT, OPENPYXL))

    found = open_sheet(a_workbook(tmp_path / "list.xlsx", *rows), recognise)

    assert list(found.rows()) == [
        (2, ["Petit", "Jean"]),
        (3, [UNCALCULATED, UNCALCULATED]),
        (5, [UNCALCULATED, ""]),
    ]


def with_other_cells(source: Path, path: Path, before: bytes, after: bytes) -> Path:
    """At path, the LibreOffice file with these cells altered."""
    with zipfile.ZipFile(source) as whole, zipfile.ZipFile(path, "w") as altered:
        for part in whole.infolist():
            content = whole.read(part)
            if part.filename == "content.xml":
                content = content.replace(before, after)
            altered.writestr(part, content)
    return path


def test_a_formula_that_was_never_calculated_is_told_of_libreoffice_files_too(
    written_elsewhere: Path, tmp_path: Path
) -> None:
    failed = (
        b' office:value-type="string" office:string-value="" calcext:value-type="error">'
        b"<text:p>#N/A</text:p></table:table-cell>"
    )
    source = written_elsewhere / "failed-formulas.ods"

    found = open_sheet(
        with_other_cells(source, tmp_path / "list.ods", failed, b"/>"), recognise, "Personnel"
    )

    assert column(found, "Matricule") == ["12", UNCALCULATED, "#DIV/0!", "#VALUE!", "#N/A"]


@pytest.mark.parametrize(("kind", "no_root"), [("ods", "Err:502"), ("xls", "#VALUE!")])
def test_other_workbooks_tell_of_failed_formulas_too(
    written_elsewhere: Path, kind: str, no_root: str
) -> None:
    found = open_sheet(written_elsewhere / f"failed-formulas.{kind}", recognise, "Personnel")

    assert column(found, "Nom") == ["Petit", "Roux", "Le Goff", "Benali", "Nguyen"]
    assert column(found, "Matricule") == ["12", "#N/A", "#DIV/0!", "#VALUE!", "#N/A"]
    assert column(found, "Service") == ["Voirie", "#DIV/0!", "#NAME?", "#VALUE!", "#REF!"]
    assert column(found, "Entrée") == ["", "", "#REF!", no_root, "#N/A"]


def test_a_comment_on_a_failed_cell_is_not_read_for_it(
    written_elsewhere: Path, tmp_path: Path
) -> None:
    source = written_elsewhere / "failed-formulas.ods"
    comment = b"<office:annotation><text:p>Hello</text:p></office:annotation>"

    path = with_other_cells(
        source, tmp_path / "list.ods", b"<text:p>#DIV", comment + b"<text:p>#DIV"
    )
    found = open_sheet(path, recognise, "Personnel")

    assert column(found, "Matricule")[2] == "#DIV/0!"
