"""Decisions of the committee, and what a desk may make of them.

A decision never changes a request by itself: it suggests a status, and a person follows it or not.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NewType

from correspondent_desk.domain.choices import Term
from correspondent_desk.domain.requests import RequestId, RequestRow, RequestStatus

DecisionId = NewType("DecisionId", int)

NUMBER_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U
_PRIME = 31
_DIGITS = 11
_GROUP = 4
_TAIL_BITS = 55
_TAIL_BYTES = 7
_READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0"})


class Verdict(Term):
    """What was decided."""

    GRANTED = "granted"
    REFUSED = "refused"
    DOCUMENTS = "documents"  # asked for, before anything is decided


class Answer(Term):
    """What a desk made of a decision."""

    NONE = ""
    FOLLOWED = "followed"
    KEPT = "kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A decision as it came; amount in euros.

    documents: those asked for. pays_on: when the committee pays. came_on: when the hub took it in. person: who decided.
    """

    id: DecisionId
    request_id: RequestId
    verdict: Verdict
    amount: Decimal | None = None
    reason: str = ""
    documents: tuple[str, ...] = ()
    decided_on: date | None = None
    pays_on: date | None = None
    came_on: date | None = None
    person: str = ""
    answer: Answer = Answer.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What was said last of a request, in short. came_on: when the hub took it in, if it is known."""

    verdict: Verdict
    amount: Decimal | None = None
    came_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionLine:
    """A decision that nobody has answered, and its request; suggested None: it changes nothing."""

    decision: Decision
    request: RequestRow
    suggested: RequestStatus | None


_LEADS_TO = {
    Verdict.GRANTED: RequestStatus.GRANTED,
    Verdict.REFUSED: RequestStatus.REFUSED,
    Verdict.DOCUMENTS: RequestStatus.WAITING,
}
_BEYOND = (RequestStatus.PAID, RequestStatus.CLOSED, RequestStatus.ABANDONED)


def suggested(verdict: Verdict, status: RequestStatus) -> RequestStatus | None:
    """The status that a decision suggests for a request; None where it stands there or beyond."""
    reached = None if status in _BEYOND else _LEADS_TO.get(verdict)
    return None if reached is status else reached


# --- the number of a request ----------------------------------------------------------------------


def number_of(uid: bytes) -> str:
    """The number by which people name the request with this id: 7K3M-9QXT-4ZWJ.

    55 bits of chance and a sign that catches a slip of one sign or of two neighbours.
    """
    rest = int.from_bytes(uid[-_TAIL_BYTES:], "big") & ((1 << _TAIL_BITS) - 1)
    digits = [rest >> 5 * place & 0x1F for place in reversed(range(_DIGITS))]
    signs = "".join(NUMBER_SIGNS[digit] for digit in (*digits, _check(digits)))
    return "-".join(signs[at : at + _GROUP] for at in range(0, len(signs), _GROUP))


def is_as_long(typed: str) -> bool:
    """Whether somebody typed as many signs as a number has: it may be one with a slip."""
    return sum(map(str.isalnum, typed)) == _DIGITS + 1


def plain_number(typed: str) -> str | None:
    """The number as number_of writes it, given what somebody typed; None: it is none, or mistyped."""
    signs = "".join(filter(str.isalnum, typed)).upper().translate(_READ_AS)
    if len(signs) != _DIGITS + 1 or not set(signs) <= set(NUMBER_SIGNS):
        return None
    *digits, check = (NUMBER_SIGNS.index(sign) for sign in signs)
    if _check(digits) != check:
        return None
    return "-".join(signs[at : at + _GROUP] for at in range(0, len(signs), _GROUP))


def ends_of(number: str) -> tuple[bytes, bytes]:
    """The last bytes of the ids that have this number, as number_of writes it: two, by their first bit."""
    value = 0
    for sign in number.replace("-", "")[:_DIGITS]:
        value = value << 5 | NUMBER_SIGNS.index(sign)
    low, high = value, value | 1 << _TAIL_BITS
    return low.to_bytes(_TAIL_BYTES), high.to_bytes(_TAIL_BYTES)


def _check(digits: list[int]) -> int:
    return sum(place * digit for place, digit in enumerate(digits, 1)) % _PRIME
