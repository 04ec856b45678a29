"""Any list becomes headings and rows of text; what is no list is refused with its reason."""

import errno
import os
import tracemalloc
import zipfile
from itertools import islice
from pathlib import Path

import pytest
import xlsxwriter

from correspondent_desk.formats.failed_formulas import UNCALCULATED
from correspondent_desk.formats.files import UnreadableFile, unreadable
from correspondent_desk.formats.spreadsheet import MOST_BYTES, MOST_ROWS, Sheet, open_sheet
from correspondent_desk.formats.staff_cells import CellFault, read_matricule
from correspondent_desk.formats.staff_headings import recognise

from .conftest import Saved, Written

NAMES = ["KERVÉLEC", "NGUYEN VAN", "ÇELIK", "D'HÉROUVILLE", "DUPONT--MARTIN", "O'BRIEN"]


def column(sheet: Sheet, heading: str) -> list[str]:
    at = sheet.headings.index(heading)
    return [row[at] for _number, row in sheet.rows()]


def refused(path: Path) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as caught:
        list(open_sheet(path, recognise).rows())
    return caught.value


@pytest.mark.parametrize(
    ("name", "encoding", "separator", "heading_row"),
    [
        ("excel-fr-cp1252.csv", "cp1252", ";", 1),
        ("utf8-comma.csv", "utf-8-sig", ",", 1),
        ("utf8-bom.csv", "utf-8-sig", ";", 1),
        ("unicode-text.txt", "utf-16", "\t", 1),
        ("utf16-be-no-mark.csv", "utf-16-be", "\t", 1),
        ("dos-cp850.csv", "cp850", ";", 1),
        ("mac-roman.csv", "mac_roman", ";", 1),
        ("mixed.csv", "utf-8-sig", ";", 1),
        ("libreoffice.xlsx", "", "", 3),
        ("libreoffice.ods", "", "", 3),
        ("libreoffice.xls", "", "", 3),
        ("lost-zeros.xlsx", "", "", 3),
    ],
)
def test_the_same_list_reads_alike_however_it_was_saved(
    written_elsewhere: Path, name: str, encoding: str, separator: str, heading_row: int
) -> None:
    sheet = open_sheet(written_elsewhere / name, recognise)

    assert (sheet.encoding, sheet.separator, sheet.heading_row) == (
        encoding,
        separator,
        heading_row,
    )
    assert column(sheet, "Nom") == NAMES
    assert column(sheet, "Service") == [
        "Voirie", "Écoles", "État civil", "Retraités", "Crèche", "Informatique",
    ]  # fmt: skip
    assert [number - heading_row for number, _row in sheet.rows()] == [1, 2, 3, 4, 5, 6]


def test_what_stands_above_the_headings_is_no_example(tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_text("Mairie de Kerlouan\nListe du 12/11\nNom;Prénom\nLE GOFF;Anne\n", "utf-8")

    assert open_sheet(path, recognise).survey == (("LE GOFF", "Anne"),)


def test_cells_with_a_type_are_text_as_a_person_reads_them(written_elsewhere: Path) -> None:
    sheet = open_sheet(written_elsewhere / "libreoffice.ods", recognise)

    first = dict(zip(sheet.headings, next(sheet.rows())[1], strict=True))

    assert first["Date de naissance"] == "1971-03-12"
    assert first["CP"] == "35000"
    assert first["Matricule"] == "417"


def test_a_long_number_keeps_its_digits_or_is_shown_as_rounded(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ("Nom", "Matricule"))
        for row, number in enumerate((417, 1234567890123456, 9999999999999998, 12345678901234567)):
            sheet.write(row + 1, 0, "Roux")
            sheet.write_formula(row + 1, 1, str(number), None, number)

    found = column(open_sheet(path, recognise), "Matricule")

    assert found == ["417", "1234567890123456", "1.000000E+16", "1.234568E+16"]
    assert read_matricule(found[2], width=0) is CellFault.ROUNDED_NUMBER


def test_the_sheet_with_most_people_is_chosen_and_hidden_ones_are_not(
    written_elsewhere: Path,
) -> None:
    sheet = open_sheet(written_elsewhere / "lost-zeros.xlsx", recognise)

    assert sheet.name == "Agents"
    assert sheet.names == ("Lisez-moi", "Agents")
    assert sheet.headings[:3] == ("", "Civilité", "Nom")
    assert sheet.column(sheet.headings.index("Nom")) == "C"


def test_other_sheets_that_are_lists_are_named_unless_one_was_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "two.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Notice").write_row(0, 0, ["Nom", "Prénom"])  # headings of nobody
        for name, people in (("Agents A", ["Le Goff"]), ("Agents B", ["Le Bris", "Morvan"])):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["Nom", "Prénom"])
            for row, person in enumerate(people, 1):
                sheet.write_row(row, 0, [person, "Anne"])

    chosen = open_sheet(path, recognise)
    asked_for = open_sheet(path, recognise, name="Agents A")

    assert (chosen.name, chosen.others) == ("Agents B", {"Agents A": ["Nom", "Prénom"]})
    assert asked_for.others == {}


def test_a_sheet_can_be_asked_for_by_name(written_elsewhere: Path) -> None:
    with pytest.raises(UnreadableFile) as caught:
        open_sheet(written_elsewhere / "lost-zeros.xlsx", recognise, name="Ancien")

    assert caught.value.reason == "no-sheet"
    assert (
        open_sheet(written_elsewhere / "lost-zeros.xlsx", recognise, name="Agents").name == "Agents"
    )


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("empty.csv", "unreadable-file:empty"),
        ("picture.xlsx", "unreadable-file:not-a-spreadsheet"),
        ("cut.xlsx", "unreadable-file:damaged"),
        ("web-page.xls", "unreadable-file:web-page"),
        ("locked.xlsx", "unreadable-file:password"),
        ("locked.xls", "unreadable-file:password"),
        ("locked.ods", "unreadable-file:password"),
        ("nowhere.csv", "unreadable-file:missing"),
        (".", "unreadable-file:folder"),
    ],
)
def test_what_is_no_list_is_refused(written_elsewhere: Path, name: str, code: str) -> None:
    assert refused(written_elsewhere / name).full_code == code


def test_a_stray_cell_does_not_take_all_memory(written_elsewhere: Path) -> None:
    found = refused(written_elsewhere / "stray-cell.xlsx")

    assert found.reason == "stray-cell"
    assert found.details["cell"] == "XFD1048576"
    assert refused(written_elsewhere / "stray-cell.ods").reason == "stray-cell"


def test_a_workbook_of_headings_only_has_no_rows(written_elsewhere: Path) -> None:
    sheet = open_sheet(written_elsewhere / "headings-only.xls", recognise)

    assert sheet.headings[:2] == ("Civilité", "Nom")
    assert list(sheet.rows()) == []


@pytest.mark.parametrize(
    "content",
    ["", "\ufeff", "  \r\n \r\n", ";;;\r\n;;;\r\n"],
    ids=["nothing", "only a mark", "blanks", "separators"],
)
def test_a_list_of_nothing_is_empty(written: Written, content: str) -> None:
    assert refused(written(content)).reason == "empty"


@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.7\n\xe2\xe3", b"\xff\xd8\xff\xe0\0\x10JFIF", b"PK\x03\x04", bytes(range(256)) * 9],
    ids=["pdf", "jpeg", "the start of a zip", "noise"],
)
def test_bytes_of_another_kind_are_refused(written: Written, content: bytes) -> None:
    assert refused(written(content)).reason in ("not-a-spreadsheet", "damaged")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('<?xml version="1.0"?>\n<office:document xmlns:xhtml="http://www.w3.org/x">', "xml"),
        ('\ufeff<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook>', "xml"),
        ('<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML">', "web-page"),
        ('<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">', "web-page"),
    ],
)
def test_a_spreadsheet_in_xml_is_no_web_page(written: Written, content: str, reason: str) -> None:
    assert refused(written(content)).reason == reason


def test_a_list_without_headings_is_refused(written: Written) -> None:
    assert refused(written("12;13\r\n14;15\r\n")).reason == "no-header"


def test_one_column_is_a_list_if_its_heading_is_understood(written: Written) -> None:
    names = "LE GOFF Anne\nROUX Zoé\n"

    found = open_sheet(written(f"Mairie de Kerlouan\nAgent\n{names}"), recognise)

    assert (found.headings, found.heading_row) == (("Agent",), 2)
    assert [row for _number, row in found.rows()] == [["LE GOFF Anne"], ["ROUX Zoé"]]
    assert refused(written(f"Gens\n{names}")).reason == "no-header"
    assert refused(written(f"Agent\n{names}MARTIN Paul;0612345678\n")).reason == "no-header"


def test_headings_nobody_knows_are_still_headings(sheet: Saved) -> None:
    opened = sheet("""
        Alpha;Beta
        LE GOFF;Anne
    """)

    assert opened.headings == ("Alpha", "Beta")


def test_titles_and_blank_lines_above_the_headings_are_passed_over(sheet: Saved) -> None:
    opened = sheet("""
        Mairie de Saint-Exemple;;
        ;;
        Service : tous;;
        Nom;Prénom;CP
        LE GOFF;Anne;35000
    """)

    assert opened.headings == ("Nom", "Prénom", "CP")
    assert list(opened.rows()) == [(5, ["LE GOFF", "Anne", "35000"])]


def test_blank_rows_are_skipped_and_numbers_stay_those_of_the_spreadsheet(sheet: Saved) -> None:
    opened = sheet("""
        Nom;Prénom

        LE GOFF;Anne
        ;
        "ROUX
        (épouse PETIT)";Zoé
        ÇELIK;Élodie
    """)

    assert [(number, row[1]) for number, row in opened.rows()] == [
        (3, "Anne"), (5, "Zoé"), (6, "Élodie"),
    ]  # fmt: skip


def test_short_rows_are_filled_and_empty_cells_at_the_end_dropped(sheet: Saved) -> None:
    opened = sheet("""
        Nom;Prénom;CP;;
        LE GOFF;Anne
        ROUX;Zoé;67000;;
    """)

    assert [row for _number, row in opened.rows()] == [
        ["LE GOFF", "Anne", ""],
        ["ROUX", "Zoé", "67000"],
    ]


def test_the_line_that_tells_excel_the_separator_is_obeyed_and_not_counted(sheet: Saved) -> None:
    opened = sheet("""
        sep=|
        Nom|Prénom
        LE GOFF|Anne, Marie; Zoé
    """)

    assert list(opened.rows()) == [(2, ["LE GOFF", "Anne, Marie; Zoé"])]


def test_a_quotation_mark_that_is_never_closed_says_so(sheet: Saved) -> None:
    opened = sheet("""
        Nom;Prénom
        LE GOFF;"Anne
        ROUX;Zoé
    """)

    with pytest.raises(UnreadableFile) as caught:
        list(opened.rows())

    assert caught.value.full_code == "unreadable-file:quote"


def test_quotation_marks_inside_a_cell_do_no_harm(sheet: Saved) -> None:
    opened = sheet("""
        Nom;Prénom;Adresse
        LE GOFF;Anne;Résidence "Le Clos"
        ROUX;Zoé;1 rue
    """)

    assert column(opened, "Adresse") == ['Résidence "Le Clos"', "1 rue"]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_a_text_kept_by_an_equals_sign_is_read_without_it(written: Written, encoding: str) -> None:
    text = (
        'Nom;="Prénom";Matricule\nA;Zoé;="00012"\n="B";Léa;"=""00013"""\nC;="l""été""";="1"&"2"\n'
    )

    sheet = open_sheet(written(text.encode(encoding)), recognise)

    assert sheet.headings == ("Nom", "Prénom", "Matricule")
    assert [cells for _number, cells in sheet.rows()] == [
        ["A", "Zoé", "00012"],
        ["B", "Léa", "00013"],
        ["C", 'l"été"', '="1"&"2"'],
    ]
    assert sheet.survey[0] == ("A", "Zoé", "00012")


def test_a_wrong_letter_spoils_its_cell_and_not_the_list(written: Written) -> None:
    text = "Nom;Prénom\r\n" + "MARTIN;Élodie\r\n" * 20
    path = written(text.encode("cp1252") + b"RO\x81UX;Zo\xe9\r\n")

    rows = [row for _number, row in open_sheet(path, recognise).rows()]

    assert rows[0] == ["MARTIN", "Élodie"]
    assert rows[-1] == ["RO\ufffdUX", "Zoé"]


def test_utf16_cut_in_the_middle_of_a_letter_is_refused(written: Written) -> None:
    whole = "Nom;Prénom\r\nLE GOFF;Anne\r\n".encode("utf-16")

    assert refused(written(whole[:-1])).full_code == "unreadable-file:encoding"


def test_more_than_a_spreadsheet_can_hold_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text("Nom;Prénom\n" + "a;b\n" * MOST_ROWS)

    found = refused(path)

    assert found.reason == "too-large"
    assert found.details["most_rows"] == MOST_ROWS


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.write(b"Nom;Prenom\r\n")
        file.truncate(MOST_BYTES + 1)

    assert refused(path).details["most"] == MOST_BYTES


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="an administrator may read all")
def test_a_file_one_may_not_read_says_so(written: Written) -> None:
    path = written("Nom;Prénom\r\n")
    path.chmod(0)

    assert refused(path).reason == "not-allowed"


@pytest.mark.parametrize(
    ("number", "reason"),
    [(errno.EACCES, "not-allowed"), (errno.EBUSY, "locked"), (errno.EIO, "damaged")],
)
def test_what_the_system_says_becomes_a_reason(tmp_path: Path, number: int, reason: str) -> None:
    assert unreadable(tmp_path / "x.csv", OSError(number, os.strerror(number))).reason == reason


def test_a_long_list_takes_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    row = ";".join(f"valeur {place}" for place in range(16))
    path.write_text("Nom;Prénom\n" + f"{row}\n" * 50_000)

    tracemalloc.start()
    opened = open_sheet(path, recognise)
    count = sum(1 for _row in opened.rows())
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert count == 50_000
    assert peak < 8_000_000


def test_rows_can_be_asked_for_again(sheet: Saved) -> None:
    opened = sheet("""
        Nom;Prénom
        LE GOFF;Anne
        ROUX;Zoé
    """)
    list(islice(opened.rows(), 1))

    assert len(list(opened.rows())) == 2


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_what_is_merged_downwards_counts_for_each_row(written_elsewhere: Path, kind: str) -> None:
    found = open_sheet(written_elsewhere / f"merged.{kind}", recognise)

    assert (found.headings, found.heading_row) == (("", "Service", "Nom", "Prénom"), 3)
    assert [(number, row[1:3]) for number, row in found.rows()] == [
        (4, ["Voirie", "Roux"]),
        (5, ["Voirie", "Petit"]),
        (7, ["Voirie", "Benali"]),
        (8, ["", "Martin"]),
    ]


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


def test_a_stray_control_sign_is_the_matter_of_its_cell(written: Written) -> None:
    stray = open_sheet(written("Nom;Prénom\nLe Goff;An\x07ne\nPetit;Jean\n"), recognise)

    assert column(stray, "Prénom") == ["An\x07ne", "Jean"]
    assert refused(written("Nom;Prénom\nLe Goff;" + "\x07" * 9)).reason == "not-a-spreadsheet"
    assert refused(written(b"Nom;Pr\xe9nom\nLe Goff;\x00")).reason == "not-a-spreadsheet"
