"""What of a staff list is not taken: cells that cannot be read, rows that are nobody."""

from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from correspondent_desk.domain.members import Civility
from correspondent_desk.formats.failed_formulas import UNCALCULATED
from correspondent_desk.formats.spreadsheet import Sheet, open_sheet
from correspondent_desk.formats.staff_cells import CellFault
from correspondent_desk.formats.staff_headings import recognise
from correspondent_desk.formats.staff_list import StaffRow
from tests.formats.conftest import Saved, Written
from tests.formats.reading import faults, people


def test_bare_day_numbers_of_a_1904_workbook_are_reported(written_elsewhere: Path) -> None:
    rows, problems = people(open_sheet(written_elsewhere / "lost-zeros-1904.xlsx", recognise))

    assert [row.entered_on for row in rows][:2] == [date(1998, 9, 1), date(2020, 1, 15)]
    assert {row.birth_date for row in rows} == {None}
    assert {problem.fault for problem in problems} == {CellFault.AMBIGUOUS_DAY_NUMBER}
    assert {(problem.column, problem.heading) for problem in problems} == {
        ("F", "Date de naissance"),
        ("S", "Sortie"),
    }


def test_a_cell_that_cannot_be_read_is_left_and_its_person_comes(sheet: Saved) -> None:
    rows, problems = people(
        sheet("""
            Nom;Prénom;Date de naissance;Tél;Mél;CP;Statut
            LE GOFF;Anne;29/02/1971;06 12 34 5;anne@;35;Divers
            ROUX;Zoé;7/4/99;#N/A;zoe@exemple.fr;67000;Parti
        """)
    )

    assert [row.first_name for row in rows] == ["Anne", "Zoé"]
    assert rows[0][3:] == StaffRow(
        2, Civility.NONE, "LE GOFF", "", "Anne", None, "", "", (), (), (), "", "", "", "",
        None, None, None, "",
    )[3:]  # fmt: skip
    assert faults(problems) == [
        (2, "C", "no-such-day"),
        (2, "D", "not-a-phone"),
        (2, "E", "not-a-mail"),
        (2, "F", "not-a-postcode"),
        (2, "G", "unknown-status"),
        (3, "D", "formula-error"),
    ]
    assert not any(problem.is_row_left_out for problem in problems)


def test_a_formula_that_was_never_calculated_is_told_in_its_cell(sheet: Saved) -> None:
    rows, problems = people(
        sheet(f"""
        Nom;Prénom;Matricule
        LE GOFF;Anne;{UNCALCULATED}
        {UNCALCULATED};{UNCALCULATED};
    """)
    )

    assert [row.matricule for row in rows] == [""]
    assert faults(problems) == [
        (2, "C", "not-calculated"),
        (3, "A", "not-calculated"),
        (3, "B", "not-calculated"),
    ]


def test_a_formula_in_a_text_file_was_never_calculated(written: Written) -> None:
    rows, problems = people(
        open_sheet(
            written(
                'Nom;Prénom;Matricule;Service\r\n=A7&B7;Anne;="00012";"=SI(B2="""";1;2)"\r\n'
                "LE GOFF;Anne; =C2;'=Accueil\r\n"
            ),
            recognise,
        )
    )

    assert [(row.matricule, row.service) for row in rows] == [("", "=Accueil")]
    assert faults(problems) == [
        (2, "A", "not-calculated"),
        (2, "D", "not-calculated"),
        (3, "C", "not-calculated"),
        (2, "", "no-name"),
    ]


def test_what_the_spreadsheet_took_for_true_or_false_is_a_name_and_no_number(
    tmp_path: Path,
) -> None:
    path = tmp_path / "list.xlsx"
    with xlsxwriter.Workbook(path) as book:
        cells = book.add_worksheet()
        cells.write_row(0, 0, ["Nom", "Prénom", "Matricule", "N° bénéficiaire"])
        cells.write_row(1, 0, [False, "Anne", True, 1])
        cells.write_row(2, 0, ["LE GOFF", "Zoé", 7, "TRUE"])

    rows, problems = people(open_sheet(path, recognise))

    assert [(row.family_name, row.matricule) for row in rows] == [("FAUX", ""), ("LE GOFF", "7")]
    assert faults(problems) == [(2, "C", "true-or-false"), (3, "D", "true-or-false")]


def test_a_number_that_the_spreadsheet_has_rounded_is_nobodys(sheet: Saved) -> None:
    rows, problems = people(
        sheet("""
        Nom;Prénom;Numéro bénéficiaire;Matricule
        LE GOFF;Anne;1,234568E+16;1.000000E+16
        ROUX;Zoé;0012-7;12E5
    """)
    )

    assert [(row.beneficiary_number, row.matricule) for row in rows] == [
        ("", ""),
        ("0012-7", "12E5"),
    ]
    assert faults(problems) == [(2, "C", "rounded-number"), (2, "D", "rounded-number")]


def birth_dates(sheet: Sheet) -> tuple[list[date | None], list[tuple[int, str]]]:
    rows, problems = people(sheet)
    return [row.birth_date for row in rows], [(one.row, one.fault.value) for one in problems]


def test_no_date_is_guessed_where_its_column_has_the_month_first(sheet: Saved) -> None:
    opened = sheet("""
        Nom;Prénom;Né le
        A;Anne;04/05/1971
        B;Bea;04/18/1971
        C;Cid;12-31-80
        D;Dan;01/02/1980 12:00 AM
        E;Eve;03/03/1980
        F;Fay;1980-02-01
    """)

    assert birth_dates(opened) == (
        [None, None, None, None, date(1980, 3, 3), date(1980, 2, 1)],
        [
            (2, "day-or-month"),
            (3, "month-before-day"),
            (4, "month-before-day"),
            (5, "day-or-month"),
        ],
    )


@pytest.mark.parametrize(
    ("beyond", "expected"),
    [
        (None, [None, None, date(1980, 3, 3), None]),
        (date(1980, 5, 13), [date(1971, 5, 4), None, date(1980, 3, 3), date(1980, 5, 13)]),
    ],
)
def test_dates_that_a_spreadsheet_has_turned_are_not_taken(
    tmp_path: Path, beyond: date | None, expected: list[date | None]
) -> None:
    path = tmp_path / "list.xlsx"
    with xlsxwriter.Workbook(path, {"default_date_format": "dd/mm/yyyy"}) as book:
        table = book.add_worksheet()
        table.write_row(0, 0, ("Nom", "Prénom", "Né le"))
        cells = (date(1971, 5, 4), "04/18/1971", date(1980, 3, 3), beyond or "")
        for row, cell in enumerate(cells, 1):
            table.write_row(row, 0, ("Roux", "Anne", cell))

    found, problems = birth_dates(open_sheet(path, recognise))

    assert found == expected
    assert ((2, "day-or-month") in problems) is (beyond is None)


def test_one_date_with_the_day_first_makes_another_order_a_mistake(sheet: Saved) -> None:
    opened = sheet("""
        Nom;Prénom;Né le
        A;Anne;04/05/1971
        B;Bea;04/18/1971
        C;Cid;13/05/1980
    """)

    assert birth_dates(opened) == (
        [date(1971, 5, 4), None, date(1980, 5, 13)],
        [(3, "no-such-day")],
    )


@pytest.mark.parametrize("shown", ["#N/D", "#NOM ?", "#DIV/0 !", "#REF!", "Err:502", "Err :508"])
def test_a_failed_formula_is_told_in_french_words_too(sheet: Saved, shown: str) -> None:
    rows, problems = people(
        sheet(f"""
        Nom;Prénom;Service
        LE GOFF;Anne;{shown}
    """)
    )

    assert rows[0].service == ""
    assert faults(problems) == [(2, "C", "formula-error")]


def test_a_row_without_a_name_is_left_out_with_its_reason(sheet: Saved) -> None:
    rows, problems = people(
        sheet("""
            Nom;Prénom;Matricule;Service
            LE GOFF;Anne;12;Voirie
            ;Zoé;13;Voirie
            Total : 2 agents;;;
            ;;; \u00a0
            O'BRIEN;;14;
        """)
    )

    assert [row.family_name for row in rows] == ["LE GOFF", "O'BRIEN"]
    assert faults(problems) == [(3, "", "no-name"), (4, "", "not-a-person")]
    assert all(problem.is_row_left_out for problem in problems)


def test_a_line_of_totals_is_nobody(sheet: Saved) -> None:
    rows, problems = people(
        sheet("""
            Nom;Prénom;Matricule;Service
            LE GOFF;Anne;12;Voirie
            TOTAL;1;;
            Sous-total Voirie;1;1;Voirie
            TOTAL;Zoé;14;Parcs
        """)
    )

    assert [(row.family_name, row.first_name) for row in rows] == [
        ("LE GOFF", "Anne"), ("TOTAL", "Zoé"),
    ]  # fmt: skip
    assert faults(problems) == [(3, "", "not-a-person"), (4, "", "not-a-person")]


def test_a_line_of_totals_is_told_once(sheet: Saved) -> None:
    rows, problems = people(
        sheet("""
            Civilité;Nom;Prénom;Date de naissance
            Mme;LE GOFF;Anne;31/02/1971
            300 agents;TOTAL;;300
            M.;;Paul;31/02/1971
        """)
    )

    assert [row.family_name for row in rows] == ["LE GOFF"]
    assert faults(problems) == [
        (2, "D", "no-such-day"), (4, "D", "no-such-day"), (3, "", "not-a-person"),
        (4, "", "no-name"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "line",
    ["Total;2;;", "Total;2 agents;;", ";2;Effectif;", ";2;;Grand total", "2;Total;;", ";12;;"],
)
def test_a_count_under_the_names_is_nobody(sheet: Saved, line: str) -> None:
    rows, problems = people(
        sheet(f"""
            Matricule;Nom;Prénom;Service
            12;LE GOFF;Anne;Voirie
            13;3 RIVIERES;Zoé;Parcs
            14;1234;;Parcs
            {line}
        """)
    )

    assert [row.family_name for row in rows] == ["LE GOFF", "3 RIVIERES", "1234"]
    assert faults(problems) == [(5, "", "not-a-person")]
    assert problems[0].text in line


def test_a_list_of_last_names_alone_names_people(sheet: Saved) -> None:
    rows, problems = people(
        sheet("""
            Nom
            LE GOFF
            ROUX
            Total : 2
        """)
    )

    assert [row.family_name for row in rows] == ["LE GOFF", "ROUX"]
    assert faults(problems) == [(4, "", "not-a-person")]


def test_headings_that_come_again_on_a_second_page_are_nobody(sheet: Saved) -> None:
    rows, problems = people(
        sheet("""
            Nom;Prénom;Date  de naissance
            LE GOFF;Anne;12/03/1970
            Nom;Prénom;Date de naissance
            ROUX;Zoé;12/03/1971
            Nom;Luc;12/03/1972
        """)
    )

    assert [row.family_name for row in rows] == ["LE GOFF", "ROUX", "Nom"]
    assert problems == []


def test_a_row_whose_cells_slipped_is_left_out(sheet: Saved) -> None:
    many = "\n".join(f"MARTIN;Paul {place};Voirie" for place in range(20))
    rows, problems = people(sheet(f"Nom;Prénom;Service\n{many}\nROUX;Zoé;Voirie; parcs; jardins"))

    assert len(rows) == 20
    assert faults(problems) == [(22, "", "too-many-cells")]


def test_a_social_security_number_in_another_column_is_not_read(sheet: Saved) -> None:
    many = "\n".join(f"MARTIN;Paul {place};{place}" for place in range(20))

    rows, problems = people(sheet(f"Nom;Prénom;Matricule\n{many}\nROUX;Zoé;269054958815780"))

    assert rows[-1].matricule == ""
    assert faults(problems) == [(22, "C", "social-security-number")]


def test_a_text_that_no_form_would_take_is_left(sheet: Saved) -> None:
    long = "X" * 201
    rows, problems = people(sheet(f"Nom;Prénom;Service\nROUX;Léa;{long}\n{long};Ana;Voirie"))

    assert [(row.family_name, row.service) for row in rows] == [("ROUX", "")]
    assert [(one.row, one.fault) for one in problems] == [
        (2, CellFault.TOO_LONG),
        (3, CellFault.TOO_LONG),
        (3, CellFault.NO_NAME),
    ]


def test_marks_that_nobody_sees_are_no_name(sheet: Saved) -> None:
    rows, problems = people(sheet("Nom;Prénom\n\u200b;Léa\n\u202eROUX\u202c;Ana"))

    assert [row.family_name for row in rows] == ["ROUX"]
    assert [(one.row, one.fault) for one in problems] == [(2, CellFault.NO_NAME)]


def test_damaged_letters_are_reported_and_not_kept(written: Written) -> None:
    text = "Nom;Prénom;Service\r\n" + "MARTIN;Élodie;Écoles\r\n" * 20
    path = written(text.encode("cp1252") + b"ROUX;Zo\xe9;Cr\x81che\r\n")

    rows, problems = people(open_sheet(path, recognise))

    assert (rows[-1].first_name, rows[-1].service) == ("Zoé", "")
    assert faults(problems) == [(22, "C", "unreadable-letters")]
