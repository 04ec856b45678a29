"""Any list becomes headings and rows of text."""

import tracemalloc
from itertools import islice
from pathlib import Path

import pytest
import xlsxwriter

from correspondent_desk.formats.failed_formulas import UNCALCULATED
from correspondent_desk.formats.files import UnreadableFile
from correspondent_desk.formats.spreadsheet import open_sheet
from correspondent_desk.formats.staff_cells import CellFault, read_matricule
from correspondent_desk.formats.staff_headings import recognise
from tests.formats.conftest import Saved, Written
from tests.formats.reading import column, refused

NAMES = ["KERVÉLEC", "NGUYEN VAN", "ÇELIK", "D'HÉROUVILLE", "DUPONT--MARTIN", "O'BRIEN"]


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


@pytest.mark.parametrize("ending", ["xls", "xlsx", "ods", "xlsb", "csv"])
@pytest.mark.parametrize("kind", ["xls", "xlsx", "ods"])
def test_a_workbook_is_what_it_holds_whatever_it_is_called(
    written_elsewhere: Path, tmp_path: Path, kind: str, ending: str
) -> None:
    path = tmp_path / f"export.{ending}"
    path.write_bytes((written_elsewhere / f"libreoffice.{kind}").read_bytes())

    assert column(open_sheet(path, recognise), "Nom") == NAMES


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


def test_a_workbook_of_headings_only_has_no_rows(written_elsewhere: Path) -> None:
    sheet = open_sheet(written_elsewhere / "headings-only.xls", recognise)

    assert sheet.headings[:2] == ("Civilité", "Nom")
    assert list(sheet.rows()) == []


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
        ["C", 'l"été"', UNCALCULATED],
    ]
    assert sheet.survey[0] == ("A", "Zoé", "00012")


def test_a_wrong_letter_spoils_its_cell_and_not_the_list(written: Written) -> None:
    text = "Nom;Prénom\r\n" + "MARTIN;Élodie\r\n" * 20
    path = written(text.encode("cp1252") + b"RO\x81UX;Zo\xe9\r\n")

    rows = [row for _number, row in open_sheet(path, recognise).rows()]

    assert rows[0] == ["MARTIN", "Élodie"]
    assert rows[-1] == ["RO\ufffdUX", "Zoé"]


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


def test_a_stray_control_sign_is_the_matter_of_its_cell(written: Written) -> None:
    stray = open_sheet(written("Nom;Prénom\nLe Goff;An\x07ne\nPetit;Jean\n"), recognise)

    assert column(stray, "Prénom") == ["An\x07ne", "Jean"]
    assert refused(written("Nom;Prénom\nLe Goff;" + "\x07" * 9)).reason == "not-a-spreadsheet"
    assert refused(written(b"Nom;Pr\xe9nom\nLe Goff;\x00")).reason == "not-a-spreadsheet"
