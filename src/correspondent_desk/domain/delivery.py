"""Which ops of a bundle can be applied now, which wait, and what to send whom.

An op waits until everything its author had seen is here. Files may therefore be imported in any
order, twice, or late, with the same result; merge.py has the words used here.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from operator import lt
from typing import NamedTuple, TypeAlias

Vector: TypeAlias = Mapping[bytes, int]
"""How far each origin was seen: all its ops up to this number. An origin without entry: 0."""


class Mark(NamedTuple):
    """From its op seq on, the author had also seen the ops of origin up to hi."""

    seq: int
    origin: bytes
    hi: int


@dataclass(frozen=True, slots=True)
class Run:
    """What a bundle holds of one origin: its ops after `after`, up to and including `upto`.

    seqs: ascending numbers of the ops that are there; a number missing between after and upto is
    an op whose record was erased. seen: what the author had seen when writing op `after`, all
    origins but its own. marks: what it saw later, ascending by seq.
    """

    origin: bytes
    after: int
    upto: int
    seqs: Sequence[int]
    seen: Vector = field(default_factory=dict)
    marks: Sequence[Mark] = ()


class Step(NamedTuple):
    """Apply the ops runs[run].seqs[start:stop], whose author had seen `seen`."""

    run: int
    start: int
    stop: int
    seen: Vector


@dataclass(frozen=True, slots=True)
class Delivery:
    """What can be applied of some runs.

    steps: in the order to apply them. have: the vector afterwards. waiting: by index of the run,
    the origin and the number of the op that must come before the rest of the run can be applied.
    """

    steps: Sequence[Step]
    have: Vector
    waiting: Mapping[int, tuple[bytes, int]]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a peer says it has, in the bundle `number` of its `incarnation`, both counted from 1.

    A restore begins a new incarnation of the peer, whatever its bundles are numbered.
    """

    incarnation: int
    number: int
    have: Vector

    def is_later_than(self, other: "Receipt | None") -> bool:
        """Whether this one is to be believed, though its vector may be lower."""
        if other is None:
            return True
        return (self.incarnation, self.number) > (other.incarnation, other.number)


def deliver(have: Vector, runs: Sequence[Run]) -> Delivery:
    """Which ops of runs can be applied on a store that has `have`, in an order that respects
    what their authors had seen.

    runs may overlap, repeat, come from several bundles and lie in any order. Ops that are already
    here are left out.
    """
    reached = dict(have)
    steps: list[Step] = []
    blocked: defaultdict[bytes, list[_Cursor]] = defaultdict(list)
    cursors = [_Cursor(index, run) for index, run in enumerate(runs)]
    ready = deque(cursors)
    while ready:
        cursor = ready.popleft()
        origin = cursor.run.origin
        before = reached.get(origin, 0)
        cursor.lacking = cursor.advance(reached, steps)
        if cursor.lacking is not None:
            blocked[cursor.lacking[0]].append(cursor)
        if reached.get(origin, 0) > before:
            ready.extend(blocked.pop(origin, ()))
    waiting = {c.index: c.lacking for c in cursors if c.lacking is not None}
    return Delivery(steps, reached, waiting)


def _reach(have: dict[bytes, int], origin: bytes, seq: int) -> None:
    """All of origin up to seq is here. What was never seen has no place in a vector, not even 0."""
    if seq > have.get(origin, 0):
        have[origin] = seq


class _Cursor:
    """How far one run has been delivered."""

    __slots__ = ("_next_mark", "_seen", "_unmet", "index", "lacking", "run")

    def __init__(self, index: int, run: Run) -> None:
        self.index = index
        self.run = run
        self.lacking: tuple[bytes, int] | None = None
        self._seen = run.seen
        self._unmet = list(run.seen.items())
        self._next_mark = 0

    def advance(self, have: dict[bytes, int], steps: list[Step]) -> tuple[bytes, int] | None:
        """Add what can be applied to steps and have; what is lacking for the rest, if anything."""
        run, seqs = self.run, self.run.seqs
        hi = have.get(run.origin, 0)
        if run.after > hi:
            return run.origin, run.after
        start = bisect_right(seqs, hi)
        while start < len(seqs):
            # An erased op will never come. Stepping over it before waiting for others matters:
            # two origins may each wait for what the other's erased op had seen.
            _reach(have, run.origin, seqs[start] - 1)
            self._take_marks(seqs[start])
            lacking = self._lacking(have)
            if lacking is not None:
                return lacking
            stop = self._next_change(start)
            steps.append(Step(self.index, start, stop, self._seen))
            have[run.origin] = seqs[stop - 1]
            start = stop
        _reach(have, run.origin, run.upto)
        return None

    def _take_marks(self, seq: int) -> None:
        first = self._next_mark
        self._next_mark = bisect_right(self.run.marks, seq, lo=first, key=lambda mark: mark.seq)
        if self._next_mark > first:
            # Steps already made keep the vector they were given.
            taken = [(mark.origin, mark.hi) for mark in self.run.marks[first : self._next_mark]]
            self._unmet += taken
            self._seen = join(self._seen, *({origin: hi} for origin, hi in taken))

    def _lacking(self, have: Vector) -> tuple[bytes, int] | None:
        while self._unmet:
            origin, hi = self._unmet[-1]
            if have.get(origin, 0) < hi:
                return origin, hi
            self._unmet.pop()
        return None

    def _next_change(self, start: int) -> int:
        """Index of the first op after start whose author had seen more."""
        if self._next_mark == len(self.run.marks):
            return len(self.run.seqs)
        return bisect_left(self.run.seqs, self.run.marks[self._next_mark].seq, lo=start + 1)


def is_sound(run: Run) -> bool:
    """Whether a run from outside holds together; `deliver` relies on it."""
    inside = not run.seqs or (run.after < run.seqs[0] and run.seqs[-1] <= run.upto)
    return (
        0 <= run.after <= run.upto
        and inside
        and all(map(lt, run.seqs, run.seqs[1:]))
        and all(a.seq <= b.seq for a, b in pairwise(run.marks))
        and run.origin not in run.seen
        and all(mark.origin != run.origin for mark in run.marks)
    )


def reaches(have: Vector, floors: Vector, known: Vector) -> bool:
    """Whether a store's ops suffice to bring a recipient up to date; if not, send a snapshot.

    have: the store's vector. floors: its ops of each origin begin after this number, because it
    began with a snapshot or has dropped old ops. known: the recipient's vector.
    """
    return all(
        known.get(origin, 0) >= min(floors.get(origin, 0), hi) for origin, hi in have.items()
    )


def news(noted: Vector, have: Vector, me: bytes) -> dict[bytes, int]:
    """What was seen since the last note: the marks that this store's next op needs."""
    return {o: hi for o, hi in have.items() if o != me and hi > noted.get(o, 0)}


def lacking(have: Vector, known: Vector) -> int:
    """How many operations of a vector somebody with another one lacks."""
    return sum(max(0, hi - known.get(origin, 0)) for origin, hi in have.items())


def join(*vectors: Vector) -> dict[bytes, int]:
    """The least vector that covers all of vectors."""
    joined: dict[bytes, int] = {}
    for vector in vectors:
        for origin, hi in vector.items():
            joined[origin] = max(hi, joined.get(origin, 0))
    return joined
