"""Decisions of the committee: choose a list, see what would become of each row, pass them on."""

from collections.abc import Sequence
from typing import Annotated

import msgspec
from starlette.responses import Response

from correspondent_desk import decoding
from correspondent_desk.errors import DeskError
from correspondent_desk.formats import decision_list, documents_cell
from correspondent_desk.formats.decision_list import DecisionField, DecisionRow
from correspondent_desk.hub import catalogue, decisions
from correspondent_desk.hub.decisions import Report
from correspondent_desk.hub.pages import overview
from correspondent_desk.hub.pages.answers import Asked, page
from correspondent_desk.hub.pages.overview import Sifted
from correspondent_desk.language import _
from correspondent_desk.messages.errors import sentence

MOST_KEPT = 900_000
"""Letters of a list that wait in the form between the two steps; Starlette reads a million."""


class _Kept(msgspec.Struct, forbid_unknown_fields=True):
    """The rows that were shown: their numbers in the list, and their cells."""

    numbers: list[Annotated[int, msgspec.Meta(ge=1)]]
    rows: list[dict[DecisionField, str]]

    def __post_init__(self) -> None:
        if len(self.numbers) != len(self.rows):
            raise ValueError("numbers")


def ask(asked: Asked) -> Response:
    """Which list?"""
    return _show(asked)


def check(asked: Asked) -> Response:
    """What would become of the list; nothing is written."""
    if not asked.files:
        return _show(asked, 422, said=_("Choose a file."))
    try:
        names = catalogue.document_names(asked.hub)
        rows, left_out = decision_list.read(asked.files[0].path, today=asked.today, names=names)
    except DeskError as error:
        return _show(asked, 422, said=sentence(error))
    if not rows and not left_out:
        return _show(asked, 422, said=_("This list has headings and no decision below them."))
    kept = _packed(rows)
    if len(kept) > MOST_KEPT:
        return _show(
            asked, 422, said=_("This list is too long for a page: use hub decisions import.")
        )
    report = decisions.take_in(asked.hub, rows, left_out, is_meant=False)
    return _show(asked, report=report, kept=kept if report.new else "")


def pass_on(asked: Asked) -> Response:
    """Take in what was shown: each row is looked at again."""
    try:
        told = decoding.json(_Kept).decode(asked.form.get("rows", ""))
    except (msgspec.DecodeError, RecursionError):
        return page(asked, "unfit.html", 400, why="400")
    cells = [{field: row.get(field, "") for field in DecisionField} for row in told.rows]
    rows, left_out = decision_list.read_cells(cells, today=asked.today, numbers=told.numbers)
    report = decisions.take_in(asked.hub, rows, left_out, by=asked.who.name)
    return _show(asked, report=report, is_done=True)


def _packed(rows: Sequence[DecisionRow]) -> str:
    told: list[dict[DecisionField, str]] = [
        {
            DecisionField.NUMBER: one.number,
            DecisionField.OFFICE: one.office,
            DecisionField.VERDICT: one.verdict.value,
            DecisionField.AMOUNT: "" if one.amount is None else str(one.amount),
            DecisionField.REASON: one.reason,
            DecisionField.DOCUMENTS: documents_cell.write(one.documents.splitlines()),
            DecisionField.DECIDED_ON: one.decided_on.isoformat() if one.decided_on else "",
            DecisionField.PAYS_ON: one.pays_on.isoformat() if one.pays_on else "",
        }
        for one in rows
    ]
    kept = _Kept(numbers=[one.row for one in rows], rows=told)
    return msgspec.json.encode(kept).decode()


def _show(asked: Asked, status: int = 200, **filled: object) -> Response:
    nothing = Report(taken=(), left_out=())
    acts, has_older = overview.entries(asked.hub, Sifted(what=decisions.TAKEN_IN))
    known: dict[str, object] = {"said": "", "report": nothing, "kept": "", "is_done": False}
    known |= {"acts": acts, "older": f"/audit?what={decisions.TAKEN_IN}" if has_older else ""}
    return page(asked, "decisions.html", status, **(known | filled))
