"""A staff list becomes people, whatever program wrote it."""

from datetime import date
from pathlib import Path

import pytest

from correspondent_desk.domain.members import Civility, MemberStatus
from correspondent_desk.formats.files import UnreadableFile
from correspondent_desk.formats.spreadsheet import open_sheet
from correspondent_desk.formats.staff_cells import CellFault
from correspondent_desk.formats.staff_headings import Mapping, StaffField, recognise
from correspondent_desk.formats.staff_list import StaffRow, read
from tests.formats.conftest import Saved, Written
from tests.formats.reading import TODAY, faults, people

ANNE = StaffRow(
    row=2,
    civility=Civility.MRS,
    family_name="KERVÉLEC",
    usage_name="LE GOFF",
    first_name="Anne",
    birth_date=date(1971, 3, 12),
    matricule="000417",
    beneficiary_number="",
    phones=(("+33299001122", ""), ("+33612345607", "")),
    mails=(("anne.legoff@mairie-exemple.fr", ""),),
    address_lines=("3 bis, rue des Îles",),
    postcode="35000",
    town="RENNES",
    service="Voirie",
    site="Centre technique",
    status=MemberStatus.ACTIVE,
    entered_on=date(1998, 9, 1),
    left_on=None,
    employer="",
)


@pytest.mark.parametrize(
    "name",
    [
        "excel-fr-cp1252.csv", "utf8-comma.csv", "utf8-bom.csv", "unicode-text.txt",
        "utf16-be-no-mark.csv", "dos-cp850.csv", "mac-roman.csv", "mixed.csv",
        "libreoffice.xlsx", "libreoffice.ods", "libreoffice.xls", "lost-zeros.xlsx",
    ],
)  # fmt: skip
def test_the_same_people_come_out_of_every_kind_of_file(written_elsewhere: Path, name: str) -> None:
    sheet = open_sheet(written_elsewhere / name, recognise)

    rows, problems = people(sheet, width=6)

    assert problems == []
    assert rows[0]._replace(row=2) == ANNE
    assert [row.matricule for row in rows] == [
        "000417", "001203", "000988", "000031", "002050", "001777",
    ]  # fmt: skip
    assert [row.postcode for row in rows] == ["35000", "01000", "06000", "97110", "67000", "35400"]
    assert [row.birth_date for row in rows] == [
        date(1971, 3, 12), date(1984, 11, 5), date(1988, 2, 29),
        date(1959, 12, 31), date(1999, 4, 7), date(1990, 7, 14),
    ]  # fmt: skip
    assert [row.phones[-1][0] for row in rows] == [
        "+33612345607", "+33755000018", "+33142000033",
        "+590690123456", "+33388000001", "+442079460958",
    ]  # fmt: skip
    assert [row.status for row in rows] == [
        MemberStatus.ACTIVE, MemberStatus.CONTRACT, MemberStatus.LEAVE,
        MemberStatus.RETIRED, MemberStatus.APPRENTICE, MemberStatus.ACTIVE,
    ]  # fmt: skip
    assert rows[4].family_name == "DUPONT--MARTIN"


def test_a_civility_in_a_column_of_last_names_is_none_of_them(sheet: Saved) -> None:
    rows, problems = people(
        sheet("""
        Civilité;Nom de naissance;Nom d'usage;Prénom
        ;Mme LE GOFF;Mme LE GOFF;Anne
        ;M DURAND;;Luc
        M.;Mme MARTIN;;Paul
        ;PETIT;Melle ROUX;Léa
        ;MARTIN;;Zoé
    """)
    )

    assert [tuple(row[1:5]) for row in rows] == [
        (Civility.MRS, "LE GOFF", "", "Anne"),
        (Civility.MR, "DURAND", "", "Luc"),
        (Civility.MR, "MARTIN", "", "Paul"),
        (Civility.MRS, "PETIT", "ROUX", "Léa"),
        (Civility.NONE, "MARTIN", "", "Zoé"),
    ]
    assert not problems


def test_the_civility_of_a_full_name_counts_where_no_column_says_one(sheet: Saved) -> None:
    rows, _problems = people(
        sheet("""
        Nom et prénom;Titre
        Mme LE GOFF Anne;
        Mme DURAND Luc;M.
    """)
    )

    assert [(row.civility, row.family_name) for row in rows] == [
        (Civility.MRS, "LE GOFF"),
        (Civility.MR, "DURAND"),
    ]


def test_names_stay_as_typed_but_for_stray_spaces(sheet: Saved) -> None:
    rows, _problems = people(
        sheet("""
            Nom;Prénom
            \u00a0 DUPONT--MARTIN ;jean - marie
            de La  Tour;E\u0301lodie
            D’ANGELO;ZOÉ
        """)
    )

    assert [(row.family_name, row.first_name) for row in rows] == [
        ("DUPONT--MARTIN", "jean - marie"),
        ("de La Tour", "Élodie"),
        ("D’ANGELO", "ZOÉ"),
    ]


def test_a_usage_name_that_says_the_same_is_none(sheet: Saved) -> None:
    rows, _problems = people(
        sheet("""
            Nom;Nom de naissance;Prénom
            LE GOFF;KERVÉLEC;Anne
            Roux;ROUX;Zoé
            ÇELIK;;Élodie
            ;PETIT;Jean
        """)
    )

    assert [(row.family_name, row.usage_name) for row in rows] == [
        ("KERVÉLEC", "LE GOFF"),
        ("ROUX", ""),
        ("ÇELIK", ""),
        ("PETIT", ""),
    ]


def test_names_of_one_column_are_parted(sheet: Saved) -> None:
    rows, problems = people(
        sheet("""
            Nom et prénom;Service
            LE GOFF Anne;Voirie
            LE GOFF ANNE;Voirie
        """)
    )

    assert [(row.family_name, row.first_name) for row in rows] == [("LE GOFF", "Anne")]
    assert [problem.fault for problem in problems] == [CellFault.NAME_NOT_SPLIT, CellFault.NO_NAME]


def test_address_lines_keep_their_order_and_lose_their_blanks(sheet: Saved) -> None:
    rows, _problems = people(
        sheet("""
            Nom;Prénom;Adresse 1;Adresse 2;Adresse 3;Adresse 4;Adresse 5;CP Ville;Ville
            LE GOFF;Anne;Appt 3;;Rés.  Les Îles;3 bis, rue;Lieu-dit;;1000 BOURG
        """)
    )

    assert rows[0].address_lines == ("Appt 3", "Rés. Les Îles", "3 bis, rue", "Lieu-dit")
    assert (rows[0].postcode, rows[0].town) == ("01000", "BOURG")


def test_an_address_typed_in_one_cell_is_cut_at_its_line_ends(written: Written) -> None:
    path = written('Nom;Prénom;Adresse\r\nLE GOFF;Anne;"Appt 3\nLes Îles\n\n3, rue\na\nb\nc"\r\n')

    rows, _problems = people(open_sheet(path, recognise))

    assert rows[0].address_lines == ("Appt 3", "Les Îles", "3, rue", "a", "b, c")


@pytest.mark.parametrize(
    ("cell", "lines", "postcode", "town"),
    [
        ("3 rue Haute 67990 VALBRUNE", ("3 rue Haute",), "67990", "VALBRUNE"),
        ("3, rue Haute, 67990, Val-d'Or", ("3, rue Haute",), "67990", "Val-d'Or"),
        ("67990 VALBRUNE", (), "67990", "VALBRUNE"),
        ("BP 12 - F-67990 VALBRUNE CEDEX 9", ("BP 12",), "67990", "VALBRUNE CEDEX 9"),
        ("CS 12345 97400 Saint-Denis", ("CS 12345",), "97400", "Saint-Denis"),
        ("Appt 3\nrue Haute\n01000 BOURG", ("Appt 3", "rue Haute"), "01000", "BOURG"),
        ("BP 12345 VALBRUNE", ("BP 12345 VALBRUNE",), "", ""),
        ("3 rue Haute", ("3 rue Haute",), "", ""),
        ("rue du 8 mai 1945 VALBRUNE", ("rue du 8 mai 1945 VALBRUNE",), "", ""),
        ("67990 VALBRUNE, 3 rue Haute", ("67990 VALBRUNE, 3 rue Haute",), "", ""),
        ("00123 Ailleurs", ("00123 Ailleurs",), "", ""),
    ],
)
def test_postcode_and_town_at_the_end_of_an_address_are_read_where_no_column_has_them(
    written: Written, cell: str, lines: tuple[str, ...], postcode: str, town: str
) -> None:
    path = written(f'Nom;Prénom;Adresse\r\nLE GOFF;Anne;"{cell}"\r\nROUX;Zoé;\r\n')

    (row, other), problems = people(open_sheet(path, recognise))

    assert (row.address_lines, row.postcode, row.town) == (lines, postcode, town)
    assert (other.address_lines, other.postcode, problems) == ((), "", [])


def test_a_number_in_two_columns_comes_once_with_its_label(sheet: Saved) -> None:
    rows, _problems = people(
        sheet("""
            Nom;Prénom;Tél;Tél pro;Portable
            LE GOFF;Anne;0299001122;02 99 00 11 22;0612345607
        """)
    )

    assert rows[0].phones == (("+33299001122", "pro"), ("+33612345607", ""))


def test_the_guard_of_exported_lists_is_taken_away(sheet: Saved) -> None:
    rows, problems = people(sheet("Nom;Prénom;Tél;Service\nLE GOFF;Anne;'+33612345607;'-"))

    assert rows[0].phones == (("+33612345607", ""),)
    assert problems == []


def test_a_long_list_reads_like_a_short_one(written: Written) -> None:
    """Columns of which no cell comes twice take another way from the second block on."""
    lines = ["Nom;Prénom;Matricule;Tél;Mél;Adresse;Date de naissance"]
    for n in range(7_000):
        odd = n % 1_000 == 999
        lines.append(
            ";".join(
                (
                    "LE  GOFF" if odd else f"NOM {n}",
                    f" Prénom {n}",
                    f"A{n}" if odd else str(n),
                    "+44 20 7946 0958" if odd else f"6{n:08}",
                    "nobody" if odd else f"a.{n}@exemple.fr",
                    f"{n},  rue des Îles" if odd else f"{n}, rue des Îles",
                    "30/02/1980" if odd else "12/03/1971",
                )
            )
        )
    rows, problems = people(open_sheet(written("\r\n".join(lines)), recognise))

    assert len(rows) == 7_000
    assert faults(problems) == [
        (n + 2, column, fault)
        for n in range(999, 7_000, 1_000)
        for column, fault in (("E", "not-a-mail"), ("G", "no-such-day"))
    ]
    for n in (0, 998, 5_000, 6_998):
        row = rows[n]
        assert row.matricule == f"{n:04}"
        assert row.phones == ((f"+336{n:08}", ""),)
        assert row.mails == ((f"a.{n}@exemple.fr", ""),)
        assert row.address_lines == (f"{n}, rue des Îles",)
        assert row.first_name == f"Prénom {n}"
    for n in (999, 6_999):
        row = rows[n]
        assert (row.family_name, row.matricule) == ("LE GOFF", f"A{n}")
        assert row.phones == (("+442079460958", ""),)
        assert row.address_lines == (f"{n}, rue des Îles",)
        assert (row.mails, row.birth_date) == ((), None)


def test_a_mapping_that_cannot_be_used_is_refused(sheet: Saved) -> None:
    opened = sheet("Nom;Prénom\nLE GOFF;Anne")

    with pytest.raises(UnreadableFile) as caught:
        read(opened, Mapping((None, StaffField.FIRST_NAME)), print, today=TODAY)

    assert caught.value.reason == "no-name-column"


def test_a_list_of_headings_only_has_nobody(sheet: Saved) -> None:
    assert people(sheet("Nom;Prénom;Matricule")) == ([], [])
