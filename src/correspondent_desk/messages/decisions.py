"""Decisions of the committee in words."""

from collections.abc import Iterator
from decimal import Decimal

from correspondent_desk.domain.decisions import Decision, DecisionLine, Verdict
from correspondent_desk.domain.requests import RequestStatus
from correspondent_desk.language import _
from correspondent_desk.messages import labels, people, values


def short(decision: Decision) -> str:
    """granted, 320,00 €; refused; documents asked for."""
    return in_short(decision.verdict, decision.amount)


def in_short(verdict: Verdict, amount: Decimal | None) -> str:
    """As short, given its parts."""
    said, euros = labels.verdict(verdict), values.amount(amount)
    return _("{verdict}, {amount}").format(verdict=said, amount=euros) if euros else said


def details(decision: Decision) -> Iterator[str]:
    """The rest of what the committee said, a sentence each."""
    if decision.reason:
        yield decision.reason
    if decision.documents:
        yield _("Asked for: {documents}").format(documents=", ".join(decision.documents))
    if decision.pays_on:
        yield _("Payment on {day}").format(day=values.day(decision.pays_on))
    if decision.decided_on:
        yield _("Decided on {day}").format(day=values.day(decision.decided_on))


def headline(decision: Decision) -> str:
    """Decision: granted, 320,00 €."""
    return _("Decision: {decision}").format(decision=short(decision))


def to_tell(line: DecisionLine) -> str:
    """What is to be done about it: tell Mme LE GOFF."""
    name = people.shown_name(line.request)
    if line.decision.verdict is Verdict.DOCUMENTS:
        return _("Ask {name} for the documents").format(name=name)
    return _("Tell {name} the decision").format(name=name)


def in_one_line(line: DecisionLine) -> str:
    """Decision: granted, 320,00 € — School start — Tell Mme LE GOFF the decision."""
    about = labels.subject(line.request.subject, is_sensitive=line.request.is_sensitive)
    return " — ".join((headline(line.decision), about, to_tell(line)))


def following(status: RequestStatus | None) -> str:
    """What the one key does."""
    if status is None:
        return _("N&ote, and tell it")
    return _("N&ote the request as: {status}").format(status=labels.request_status(status))


def as_object(decision: Decision) -> dict[str, object]:
    """The decision in the shape that docs/command-line.md promises."""
    return {
        "id": decision.id,
        "verdict": decision.verdict.value,
        "amount": None if decision.amount is None else str(decision.amount),
        "reason": decision.reason,
        "documents": list(decision.documents),
        "decided_on": decision.decided_on.isoformat() if decision.decided_on else None,
        "pays_on": decision.pays_on.isoformat() if decision.pays_on else None,
        "person": decision.person,
        "answer": decision.answer.value,
    }
