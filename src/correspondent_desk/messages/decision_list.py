"""What becomes of the rows of a list of decisions, in a sentence each."""

from typing import assert_never

from correspondent_desk.domain.decisions import Standing
from correspondent_desk.formats.decision_list import LeftOut, RowFault
from correspondent_desk.formats.staff_cells import CellFault
from correspondent_desk.formats.staff_list import CellProblem
from correspondent_desk.language import _
from correspondent_desk.messages import decisions, files, values


def why(one: LeftOut) -> str:
    """Why the row is left out, and what to do."""
    if isinstance(one.fault, CellFault):
        return files.cell(CellProblem(row=one.row, fault=one.fault, text=one.text))
    stands = "" if one.stands is None else standing(one.stands)
    return _why(one.fault).format(
        text=one.text, other=one.other, number=one.number, decision=stands
    )


def standing(stands: Standing) -> str:
    """granted, €320.00, taken in on 22/11/2026."""
    said = decisions.in_short(stands.verdict, stands.amount)
    if stands.came_on is None:
        return said
    return _("{decision}, taken in on {day}").format(decision=said, day=values.day(stands.came_on))


def replaces(stands: Standing) -> str:
    """What a decision takes the place of: replaces granted, €320.00, taken in on 22/11/2026."""
    return _("replaces {decision}").format(decision=standing(stands))


def as_parts(stands: Standing) -> dict[str, object]:
    """In the shape that docs/command-line.md promises."""
    return {
        "verdict": stands.verdict.value,
        "amount": None if stands.amount is None else str(stands.amount),
        "came_on": stands.came_on and stands.came_on.isoformat(),
    }


def _why(fault: RowFault) -> str:  # noqa: C901, PLR0912 - one case for each fault
    match fault:
        case RowFault.NO_NUMBER:
            return _("The number of the request is missing.")
        case RowFault.NOT_A_NUMBER:
            return _("“{text}” is not a number of a request: twelve signs, such as 7K3M-9QXT-4ZWJ.")
        case RowFault.MISTYPED_NUMBER:
            return _("“{text}” is mistyped: no request can have this number. Compare it.")
        case RowFault.NO_VERDICT:
            return _("It is not said what was decided.")
        case RowFault.UNKNOWN_VERDICT:
            return _("“{text}” is not understood: write granted, refused or documents asked for.")
        case RowFault.NOT_AN_AMOUNT:
            return _("“{text}” is not an amount: write it like 1234.50.")
        case RowFault.UNLIKELY_AMOUNT:
            return _("This amount is too great to be right.")
        case RowFault.TOO_FAR_AHEAD:
            return _("“{text}” is too far ahead to be right: compare the year.")
        case RowFault.AMOUNT_OF_REFUSAL:
            return _("An amount stands beside a refusal.")
        case RowFault.NO_REASON:
            return _("A refusal needs its reason.")
        case RowFault.NO_DOCUMENTS:
            return _("It is not said which documents are asked for.")
        case RowFault.TWICE:
            return _("Row {other} says something else about the same request.")
        case RowFault.UNKNOWN_OFFICE:
            return _("This hub has no office “{text}”.")
        case RowFault.UNKNOWN_REQUEST:
            return _("No desk has sent a request with the number {number}.")
        case RowFault.IN_TWO_OFFICES:
            return _("Two offices have a request with the number {number}: name the office.")
        case RowFault.REPLACED_SINCE:
            return _(
                "This was taken in before, and replaced since by: {decision}. If it is decided"
                " again, write the new date of decision in the list."
            )
        case _:
            assert_never(fault)


def place(one: LeftOut) -> str:
    """Where: row 12, Amount (column C)."""
    return files.place(
        CellProblem(row=one.row, fault=CellFault.TOO_LONG, column=one.column, heading=one.heading)
    )
