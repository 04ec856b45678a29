"""What importing a list would do, in sentences."""

from collections import Counter
from datetime import date

import pytest

from correspondent_desk import language
from correspondent_desk.domain.members import Civility
from correspondent_desk.formats.staff_cells import CellFault
from correspondent_desk.formats.staff_list import StaffRow
from correspondent_desk.messages import imports as words
from correspondent_desk.records.imports import (
    CellProblem,
    Change,
    ImportLine,
    ImportPreview,
    ImportReport,
    Outcome,
    RowTrouble,
)


def a_line(outcome: Outcome, **told: object) -> ImportLine:
    """A row about Mrs Anne Roux."""
    return ImportLine(
        row=7,
        outcome=outcome,
        civility=Civility.MRS,
        first_name="Anne",
        usage_name="",
        family_name="Roux",
        birth_date=date(1971, 3, 12),
        **told,  # type: ignore[arg-type]
    )


CHANGES = (
    Change("service", "Roads", "Parks"),
    Change("birth_date", None, date(1971, 3, 12)),
    Change("phones", ("+33639980001",), ("+33639980001", "+33639980002")),
    Change("status", "active", "leave"),
)


def test_a_row_says_what_it_changes_from_what_to_what() -> None:
    assert words.line(a_line(Outcome.UPDATED, changes=CHANGES)) == (
        "Mrs Anne ROUX: department of the office: Roads → Parks; birth date: 12/03/1971;"
        " phones: 06 39 98 00 01 → 06 39 98 00 01, 06 39 98 00 02;"
        " status: in service → on leave of absence"
    )


@pytest.mark.parametrize("spoken", ["fr", "en"])
@pytest.mark.parametrize("trouble", [None, *RowTrouble])
def test_every_row_left_out_says_why(spoken: str, trouble: RowTrouble | None) -> None:
    language.use(spoken)

    told = words.line(a_line(Outcome.LEFT_OUT, trouble=trouble, other_row=3))

    assert "ROUX" in told
    assert told.endswith(".")


@pytest.mark.parametrize("spoken", ["fr", "en"])
def test_every_outcome_has_a_word_and_a_sentence(spoken: str) -> None:
    language.use(spoken)

    lines = [words.line(a_line(one, changes=CHANGES)) for one in Outcome]

    assert len(set(lines)) == len(lines) == len({words.outcome(one) for one in Outcome})
    assert "12/03/1971" in words.line(a_line(Outcome.SUGGESTED))


def test_what_a_list_would_take_back_is_named_and_needs_a_word() -> None:
    back = Change("status", "deceased", "active")

    assert words.line(a_line(Outcome.SUGGESTED, changes=(back,), takes_back="deceased")) == (
        "Mrs Anne ROUX, born on 12/03/1971, is “deceased” on this desk, and no list takes that back"
        " unless you say so. It would change: status: deceased → in service"
    )


@pytest.mark.parametrize(
    ("before", "said"),
    [("Library", "site: Library → Simone Veil Library"), ("", "site: Simone Veil Library")],
)
def test_another_site_is_named(before: str, said: str) -> None:
    moved = Change("site_id", before, "Simone Veil Library")

    assert words.changes(a_line(Outcome.UPDATED, changes=(moved,))) == said


def test_entry_and_end_of_rights_are_named_apart() -> None:
    assert words.field(Change("entered_on", None, None)) == "entry"
    assert words.field(Change("left_on", None, None)) == "end of rights"


def test_a_report_is_one_line() -> None:
    report = ImportReport(
        new=2,
        updated=1,
        unchanged=0,
        waiting=1,
        left_out=0,
        cells_left_empty=1,
        new_sites=("École",),
    )

    assert words.done(report) == (
        "2 people were added. 1 card was changed."
        " 1 row waits for your answer."
        " 1 cell cannot be read and is left empty. 1 site was added: École."
    )


def a_preview(problems: tuple[CellProblem, ...] = ()) -> ImportPreview:
    """Of a list with three people of whom one is left out, and two cells that cannot be read."""
    return ImportPreview(
        name="liste.csv",
        sheet="",
        counts=Counter({Outcome.NEW: 3}),
        lines=(),
        problems=problems,
        faults=Counter({CellFault.NO_NAME: 1, CellFault.NOT_A_DATE: 2}),
        absent=4,
        new_sites=("Depot",),
        other_sheets=("Agents A",),
        plan=None,  # type: ignore[arg-type]
    )


def test_counts_of_nothing_are_not_mentioned() -> None:
    assert words.summary(a_preview()) == [
        "3 people are new.",
        "1 row is left out.",
        "2 cells cannot be read and are left empty.",
        "1 site will be added: Depot.",
        "4 people of this desk are not in the list, and stay as they are.",
        "Another sheet of the file looks like a list, and is not read: Agents A.",
    ]


def test_a_column_with_the_month_first_is_told_once_with_its_rows() -> None:
    problems = tuple(
        CellProblem(row=row, fault=fault, column="C", heading="Né le", text="04/18/1971")
        for row, fault in (
            (2, CellFault.DAY_OR_MONTH),
            (3, CellFault.MONTH_BEFORE_DAY),
            (5, CellFault.MONTH_BEFORE_DAY),
        )
    )

    (told,) = [one for one in words.summary(a_preview(problems)) if "month" in one]

    assert "Né le (column C) have the month before the day in rows 3, 5: none is taken" in told


@pytest.mark.parametrize(
    ("trouble", "same"),
    [
        (RowTrouble.SAME_MATRICULE, "staff number"),
        (RowTrouble.SAME_NUMBER, "beneficiary number"),
    ],
)
def test_whose_number_a_row_has_is_named(trouble: RowTrouble, same: str) -> None:
    other = StaffRow(
        2, Civility.NONE, "Petit", "", "Bea", None, "", "", (), (), (), "", "", "", "",
        None, None, None, "",
    )  # fmt: skip

    assert words.line(a_line(Outcome.LEFT_OUT, trouble=trouble, other_row=2, other=other)) == (
        f"Mrs Anne ROUX has the same {same} as Bea PETIT in row 2: this row was left out."
        " Correct the number in the list, then import it again."
    )
