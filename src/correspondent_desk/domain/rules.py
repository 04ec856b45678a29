"""What becomes of one field that several desks wrote without knowing of each other.

A rule is a pure function of the set of concurrent values: order, repetition and the desk that asks
change nothing, so every desk shows the same value. Equal values are never a disagreement.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import NamedTuple, assert_never

from correspondent_desk.domain.fields import FIELDS, Kind, Rule
from correspondent_desk.domain.states import DocumentState, RequestStatus


class Dot(NamedTuple):
    """Which write a value comes from: the seq-th (from 1) of origin, made at stamp.

    origin: 16 bytes that name one incarnation of one store. A tuple and not a dataclass: an import
    makes one for each write, and a frozen dataclass costs twice the time.
    """

    origin: bytes
    seq: int
    stamp: int


class Value(NamedTuple):
    """One of the concurrent values of a field, and where it comes from."""

    dot: Dot
    value: object


class Verdict(NamedTuple):
    """shown: index of the value to show. is_open: a person has to settle it."""

    shown: int
    is_open: bool


RULES: Mapping[int, Mapping[int, Rule]] = MappingProxyType(
    {kind: MappingProxyType({f.id: f.rule for f in FIELDS[kind]}) for kind in Kind}
)
"""The rule of each field of each kind. A kind or field missing here comes from a newer version."""

_PATH: Mapping[object, int] = MappingProxyType(
    {
        RequestStatus.PREPARING: 0,
        RequestStatus.WAITING: 1,
        RequestStatus.COMPLETE: 2,
        RequestStatus.SENT: 3,
        RequestStatus.REFUSED: 4,
        RequestStatus.GRANTED: 4,
        RequestStatus.PAID: 5,
        RequestStatus.CLOSED: -2,
        RequestStatus.ABANDONED: -2,
    }
)
_ENDINGS: frozenset[object] = frozenset({RequestStatus.CLOSED, RequestStatus.ABANDONED})
_YES: frozenset[object] = frozenset({RequestStatus.GRANTED, RequestStatus.PAID})
_PROOF: Mapping[object, int] = MappingProxyType(
    {
        DocumentState.MISSING: 0,
        DocumentState.SEEN: 1,
        DocumentState.REFUSED: 2,
        DocumentState.RECEIVED: 2,
    }
)

_NO_DAY = -date.max.toordinal() - 1


def judge(rule: Rule, values: Sequence[Value]) -> Verdict:
    """Which of values (at least one) is shown, and whether someone has to choose.

    Values no rule knows, those of a newer version, are never dropped and never refused.
    """
    if all(v.value == values[0].value for v in values):
        return Verdict(_newest(values), is_open=False)
    match rule:
        case Rule.ASK | Rule.LONG_TEXT:
            return Verdict(_newest(values), is_open=True)
        case Rule.EARLIEST:
            return Verdict(_best(values, _urgency), is_open=True)
        case Rule.NEWEST:
            return Verdict(_newest(values), is_open=False)
        case Rule.SEEN_WINS:
            return _proof(values)
        case Rule.FURTHEST:
            return _furthest(values)
        case Rule.REMOVAL:
            return _removal(values)
    assert_never(rule)


def _urgency(one: Value) -> int:
    """The earlier the day by which something is due, the more; a day comes last in a list of columns."""
    day = one.value[-1] if isinstance(one.value, list) and one.value else one.value
    try:
        return -date.fromisoformat(day).toordinal() if isinstance(day, str) else _NO_DAY
    except ValueError:  # of a newer version
        return _NO_DAY


def _proof(values: Sequence[Value]) -> Verdict:
    """A document someone saw is not missing; seen or received here and refused there: ask."""
    states = _words(values)
    contradict = DocumentState.REFUSED in states and bool(
        states & {DocumentState.SEEN, DocumentState.RECEIVED}
    )
    known = states <= _PROOF.keys()
    return Verdict(_highest(values, _PROOF), is_open=contradict or not known)


def _furthest(values: Sequence[Value]) -> Verdict:
    """Live work beats an ending, which someone then confirms; else the furthest on the path."""
    statuses = _words(values)
    known = statuses <= _PATH.keys()
    if statuses <= _ENDINGS:
        return Verdict(_newest(values), is_open=True)
    contradict = RequestStatus.REFUSED in statuses and bool(statuses & _YES)
    ended = bool(statuses & _ENDINGS)
    return Verdict(_highest(values, _PATH), is_open=contradict or ended or not known)


def _removal(values: Sequence[Value]) -> Verdict:
    """None says that the record lives, and life beats any removal until someone confirms it."""
    alive = [v.value is None for v in values]
    return Verdict(
        _best(values, lambda v: 1 if v.value is None else 0),
        is_open=any(alive),
    )


def _words(values: Sequence[Value]) -> frozenset[object]:
    # A hostile or newer value may be a list, which cannot be in a set.
    return frozenset(v.value if isinstance(v.value, str) else "" for v in values)


def _highest(values: Sequence[Value], ranks: Mapping[object, int]) -> int:
    return _best(values, lambda v: ranks.get(v.value, -1) if isinstance(v.value, str) else -1)


def _newest(values: Sequence[Value]) -> int:
    return _best(values, lambda _: 0)


def _best(values: Sequence[Value], rank: Callable[[Value], int]) -> int:
    """Index of the value of the highest rank, among those the newest."""

    def key(index: int) -> tuple[int, int, bytes, int]:
        dot = values[index].dot
        return rank(values[index]), dot.stamp, dot.origin, dot.seq

    return max(range(len(values)), key=key)
