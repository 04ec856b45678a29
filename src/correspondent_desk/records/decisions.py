"""Decisions of the committee: what came, and what this desk makes of it."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from correspondent_desk.domain.decisions import (
    Answer,
    Decision,
    DecisionId,
    DecisionLine,
    Verdict,
    suggested,
)
from correspondent_desk.domain.fields import Kind
from correspondent_desk.domain.fields import field as field_named
from correspondent_desk.domain.requests import (
    DocumentDraft,
    DocumentState,
    NextStep,
    RequestId,
    RequestStatus,
)
from correspondent_desk.domain.text import squashed
from correspondent_desk.records import catalogue, requests
from correspondent_desk.records import documents as checklist
from correspondent_desk.records.saving import existing, shows_anew, write
from correspondent_desk.records.windows import as_date, fetch
from correspondent_desk.store import stamps, tables
from correspondent_desk.store.tables import UNANSWERED

MOST_LINES = 50  # of them, a page shows no more

_COLUMNS = "d.id, request_id, verdict, amount, reason, documents, decided_on, pays_on, came_on, person, answer"
_VERDICT = field_named(Kind.DECISION, "verdict").id
_STANDING = f"""
    SELECT {_COLUMNS}, r.stamp FROM decision d JOIN record r ON r.id = d.id
    WHERE d.removed_at IS NULL AND request_id"""  # noqa: S608 - our own words
_OF_REQUEST = f"{_STANDING} = ?"
_OF_THOSE_WAITING = f"""
    {_STANDING} IN (SELECT request_id FROM decision WHERE {UNANSWERED})"""  # noqa: S608 - our own words


def of_request(session: Session, request_id: RequestId) -> tuple[Decision, ...]:
    """The decisions about a request, in the order in which they were said."""
    return tuple(map(_decision, _as_said(session, _OF_REQUEST, request_id)))


def _as_said(session: Session, sql: str, *values: object) -> list[tuple[Any, ...]]:
    """The rows of sql without its last column, the stamp, by when the hub wrote the verdict.

    A hub that was put back hears of what it had said before from the desks, after what it said since.
    """

    def said_at(row: tuple[Any, ...]) -> tuple[int, int]:
        dot = stamps.unpack(row[-1]).get(_VERDICT)
        return dot.stamp if dot else 0, row[0]

    return [row[:-1] for row in sorted(fetch(session, sql, *values), key=said_at)]


def waiting(session: Session) -> tuple[DecisionLine, ...]:
    """The decisions that nobody has answered, in the order in which they were said.

    What a later decision of the same request has overtaken waits for nobody.
    """
    last: dict[RequestId, Decision] = {}
    for one in map(_decision, _as_said(session, _OF_THOSE_WAITING)):
        last.pop(one.request_id, None)
        last[one.request_id] = one
    found = [one for one in last.values() if one.answer is Answer.NONE][:MOST_LINES]
    rows = {row.id: row for row in requests.rows(session, [one.request_id for one in found])}
    return tuple(
        DecisionLine(
            decision=one,
            request=rows[one.request_id],
            suggested=suggested(one.verdict, rows[one.request_id].status),
        )
        for one in found
        if one.request_id in rows
    )


def follow(session: Session, line: DecisionLine, now: datetime, *, next_what: str = "") -> None:
    """Do what the decision suggests: status, amount, documents asked for, and what is next.

    next_what: what is to be done now, by who works here; empty leaves the step that stands there.
    Nothing where somebody has answered already. Raises NoSuchRecord, and EditConflict if the request
    has another step than line showed.
    """
    stored = existing(session, tables.Decision, line.decision.id)
    if stored.answer:
        return
    decision = _decision_of(stored)
    request = requests.with_step(session, decision.request_id, line.request.step)
    reached = suggested(decision.verdict, _status(session, decision.request_id))
    if reached is not None:
        requests.set_status(session, decision.request_id, reached, now, decision.reason)
    if decision.verdict is Verdict.GRANTED and decision.amount is not None:
        write(request, {"amount_granted": decision.amount})
    _ask_for(session, request, decision.documents)
    if next_what:
        requests.replace_step(session, decision.request_id, now, NextStep(next_what))
    _answer(session, stored, Answer.FOLLOWED)


def keep(session: Session, decision_id: DecisionId) -> None:
    """The decision was read, and the request stays as it is. Raises NoSuchRecord."""
    _answer(session, existing(session, tables.Decision, decision_id), Answer.KEPT)


def _ask_for(session: Session, request: tables.Request, documents: Sequence[str]) -> None:
    """What the checklist has under that name is missing after all; the rest is added to it."""
    named = {
        squashed(name): one
        for one in checklist.stored(session, RequestId(request.id))
        for name in (one.label, _catalogue_name(one.code))
        if name
    }
    codes = {squashed(kind.fr): kind.code for kind in catalogue.document_kinds()}
    for label in documents:
        listed = named.get(squashed(label))
        if listed is None:
            code = codes.get(squashed(label), "")
            checklist.add(session, request, DocumentDraft(code=code, label=label))
        else:
            write(listed, {"state": DocumentState.MISSING.value, "seen_on": None})


def _catalogue_name(code: str) -> str:
    known = catalogue.document_kind(code)
    return known.fr if known else ""


def _answer(session: Session, stored: tables.Decision, answer: Answer) -> None:
    """Those that this one has overtaken are answered with it."""
    for earlier in session.query(tables.Decision).filter(
        tables.Decision.request_id == stored.request_id,
        tables.Decision.id <= stored.id,
        tables.Decision.answer == "",
        tables.Decision.removed_at.is_(None),
    ):
        write(earlier, {"answer": answer.value})
    if stored.request_id is not None:
        shows_anew(session, Kind.REQUEST, [stored.request_id])


def _status(session: Session, request_id: RequestId) -> RequestStatus:
    [row] = requests.rows(session, [request_id])
    return row.status


def _decision_of(stored: tables.Decision) -> Decision:
    return Decision(
        id=DecisionId(stored.id),
        request_id=RequestId(stored.request_id or 0),
        verdict=Verdict.read(stored.verdict),
        amount=stored.amount,
        reason=stored.reason,
        documents=_listed(stored.documents),
        decided_on=stored.decided_on,
        pays_on=stored.pays_on,
        came_on=stored.came_on,
        person=stored.person,
        answer=Answer.read(stored.answer),
    )


def _decision(row: tuple[Any, ...]) -> Decision:
    id_, request, verdict, amount, reason, documents, decided, pays, came, person, answer = row
    return Decision(
        id=id_,
        request_id=request,
        verdict=Verdict.read(verdict),
        amount=None if amount is None else Decimal(amount),
        reason=reason,
        documents=_listed(documents),
        decided_on=as_date(decided),
        pays_on=as_date(pays),
        came_on=as_date(came),
        person=person,
        answer=Answer.read(answer),
    )


def _listed(documents: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in documents.splitlines() if line.strip())
