"""The committee's list of decisions: what of it is refused as a whole."""

from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from correspondent_desk.domain.decisions import number_of
from correspondent_desk.formats import decision_list, documents_cell
from correspondent_desk.formats.decision_list import DecisionField, RowFault
from correspondent_desk.formats.documents_cell import Names
from correspondent_desk.formats.failed_formulas import UNCALCULATED
from correspondent_desk.formats.files import UnreadableFile
from correspondent_desk.formats.staff_cells import CellFault
from correspondent_desk.messages.decision_list import why

TODAY = date(2026, 11, 22)


def a_list(folder: Path, *lines: str) -> Path:
    """A list of decisions of these lines."""
    path = folder / "decisions.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "headings", ["Numéro;Décision;Décision;Motif", "Numéro;Décision;Avis;Motif"]
)
def test_two_columns_for_one_thing_are_refused(tmp_path: Path, headings: str) -> None:
    path = a_list(tmp_path, headings, "7K3M-9QXT-4ZW2;accordé;refusé;hors délai")

    with pytest.raises(UnreadableFile) as refused:
        decision_list.read(path, today=TODAY)

    assert refused.value.reason == "two-decision-columns"
    second = headings.split(";")[2]
    assert refused.value.details["columns"] == ("Décision (B)", f"{second} (C)")


def test_a_workbook_with_two_lists_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "decisions.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name in ("Mars", "Avril"):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["Numéro", "Décision"])
            sheet.write_row(1, 0, ["7K3M-9QXT-4ZW2", "accordé"])
        sums = book.add_worksheet("Sommes")
        sums.write_row(0, 0, ["Structure", "Montant"])
        sums.write_row(1, 0, ["Mairie", "12"])

    with pytest.raises(UnreadableFile) as refused:
        decision_list.read(path, today=TODAY)

    assert refused.value.reason == "several-lists"
    assert refused.value.details["sheets"] == ("Mars", "Avril")


def test_a_formula_that_was_never_calculated_is_told_as_one(tmp_path: Path) -> None:
    path = a_list(tmp_path, "Numéro;Décision;Motif", f"7K3M-9QXT-4ZW2;refusé;{UNCALCULATED}")

    found, (left_out,) = decision_list.read(path, today=TODAY)

    assert not found
    assert (left_out.fault, left_out.heading) == (CellFault.NOT_CALCULATED, "Motif")
    assert "never calculated" in why(left_out)


def test_no_date_is_guessed_where_its_column_has_the_month_first(tmp_path: Path) -> None:
    numbers = [number_of(bytes([n] * 16)) for n in range(3)]
    days = ("04/05/2026", "04/18/2026", "2026-05-04")
    lines = [f"{number};accordé;{day}" for number, day in zip(numbers, days, strict=True)]

    found, left_out = decision_list.read(
        a_list(tmp_path, "Numéro;Décision;Décidé le", *lines), today=TODAY
    )

    assert [one.decided_on for one in found] == [date(2026, 5, 4)]
    assert [(one.row, one.fault) for one in left_out] == [
        (2, CellFault.DAY_OR_MONTH),
        (3, CellFault.MONTH_BEFORE_DAY),
    ]


def test_a_day_too_far_ahead_is_left_out_for_that() -> None:
    days = [(DecisionField.DECIDED_ON, day) for day in ("22/12/2026", "15/11/2027")]
    days += [(DecisionField.PAYS_ON, day) for day in ("15/11/2027", "15/11/2028")]

    found, left_out = decision_list.read_cells(
        [
            {
                DecisionField.NUMBER: number_of(bytes([row]) * 16),
                DecisionField.VERDICT: "accordé",
                field: day,
            }
            for row, (field, day) in enumerate(days)
        ],
        today=TODAY,
    )

    assert [one.row for one in found] == [1, 3]
    assert [(one.row, one.fault) for one in left_out] == [
        (row, RowFault.TOO_FAR_AHEAD) for row in (2, 4)
    ]
    assert why(left_out[0]) == "“15/11/2027” is too far ahead to be right: compare the year."


@pytest.mark.parametrize(
    ("cell", "documents"),
    [
        ("RIB, avis d’imposition", ["RIB", "avis d’imposition"]),
        ("RIB,", ["RIB"]),
        ("RIB,2 photos, devis de 12,50 €", ["RIB", "2 photos", "devis de 12,50 €"]),
        ("a" * 2000, ["a" * 2000]),
        ("Acte (original, daté), RIB", ["Acte (original, daté)", "RIB"]),
        ("Attestation, datée;", ["Attestation, datée"]),
        ("Attestation, datée; RIB", ["Attestation, datée", "RIB"]),
    ],
)
def test_documents_stand_between_commas_too(cell: str, documents: list[str]) -> None:
    said = {DecisionField.NUMBER: number_of(bytes(16)), DecisionField.VERDICT: "pièces"}

    [row], _ = decision_list.read_cells([said | {DecisionField.DOCUMENTS: cell}], today=TODAY)

    assert row.documents.splitlines() == documents
    again = said | {DecisionField.DOCUMENTS: documents_cell.write(documents)}
    assert decision_list.read_cells([again], today=TODAY)[0] == [row]


@pytest.mark.parametrize(
    ("cell", "documents"),
    [
        ("Avis d'impôt, à montrer et à reprendre", ["Avis d'impôt, à montrer et à reprendre"]),
        (
            "RIB, AVIS D’IMPÔT, à montrer et à reprendre, devis",
            ["RIB", "AVIS D’IMPÔT, à montrer et à reprendre", "devis"],
        ),
        ("Avis d’impôt, RIB", ["Avis d’impôt", "RIB"]),
    ],
)
def test_a_name_of_the_catalogue_is_one_document(
    tmp_path: Path, cell: str, documents: list[str]
) -> None:
    names = Names(["Avis d’impôt, à montrer et à reprendre", "Relevé d’identité bancaire"])
    path = a_list(tmp_path, "Numéro;Décision;Pièces", f"{number_of(bytes(16))};pièces;{cell}")

    [row], _ = decision_list.read(path, today=TODAY, names=names)

    assert row.documents.splitlines() == documents


@pytest.mark.parametrize("cell", ["", ",", " ; "])
def test_documents_that_are_not_named_are_asked_of_nobody(cell: str) -> None:
    said = {DecisionField.NUMBER: number_of(bytes(16)), DecisionField.VERDICT: "pièces"}

    found, left_out = decision_list.read_cells(
        [said | {DecisionField.DOCUMENTS: cell}], today=TODAY
    )

    assert not found
    assert [one.fault for one in left_out] == [RowFault.NO_DOCUMENTS]


def test_an_amount_too_great_to_be_right_is_left_out_for_that() -> None:
    said = {DecisionField.NUMBER: number_of(bytes(16)), DecisionField.VERDICT: "accordé"}
    amounts = ("1 000 000 €", "1 000 000,01 €", "beaucoup")

    found, left_out = decision_list.read_cells(
        [said | {DecisionField.AMOUNT: one} for one in amounts], today=TODAY
    )

    assert [one.row for one in found] == [1]
    assert [one.fault for one in left_out] == [RowFault.UNLIKELY_AMOUNT, RowFault.NOT_AN_AMOUNT]
    assert why(left_out[0]) == "This amount is too great to be right."
