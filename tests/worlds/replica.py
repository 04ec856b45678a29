"""A desk or hub in memory, made of the product's own merge, delivery and clock.

It keeps what a store keeps, in dicts where the store has tables, and does an import in the order
that `domain.merge` asks for. A test of the real store gives its worlds a class with the same
methods (`Store` in world.py names them), and meets the same oracle.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from correspondent_desk.domain import clock
from correspondent_desk.domain.delivery import (
    Delivery,
    Mark,
    Run,
    Vector,
    deliver,
    join,
    news,
    reaches,
)
from correspondent_desk.domain.fields import Rule
from correspondent_desk.domain.merge import Held, merge, merge_snapshot, overwrite
from correspondent_desk.domain.rules import Dot, Value
from tests.worlds import carried
from tests.worlds.carried import Bundle, Letter, Loaded, Op, Snapshot, Write, seal

RULES: Mapping[int, Rule] = {
    1: Rule.REMOVAL,
    2: Rule.ASK,
    3: Rule.NEWEST,
    4: Rule.FURTHEST,
    5: Rule.SEEN_WINS,
}
"""Of the only kind of record there is in these worlds; field 6 comes from a newer version."""


class Answer(NamedTuple):
    """A concurrent value as tests compare it; value is its repr, which fits in a set."""

    record: bytes
    field: int
    dot: Dot
    value: str
    is_shown: bool


@dataclass
class Replica:
    """One store under one incarnation, me. Whatever it receives it can forward."""

    new_id: Callable[[], bytes]
    is_hub: bool = False
    me: bytes = b""
    last: int = 0
    have: dict[bytes, int] = field(default_factory=dict)
    floors: dict[bytes, int] = field(default_factory=dict)
    noted: dict[bytes, int] = field(default_factory=dict)
    records: dict[bytes, Loaded] = field(default_factory=dict)
    logs: defaultdict[bytes, list[Op]] = field(default_factory=lambda: defaultdict(list))
    marks: defaultdict[bytes, set[Mark]] = field(default_factory=lambda: defaultdict(set))
    ledger: set[bytes] = field(default_factory=set)
    waiting: list[Letter] = field(default_factory=list)
    mine: set[bytes] = field(default_factory=set)
    letters: list[Letter] = field(default_factory=list)
    unconfirmed: list[Letter] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not self.me:
            self.begin_incarnation()

    # What people do here

    def write(self, writes: Iterable[Write], wall_ms: int) -> list[Dot | None]:
        """Save each; None for a record that was erased."""
        return [self._write(write, wall_ms) for write in writes]

    def _write(self, write: Write, wall_ms: int) -> Dot | None:
        if self.is_erased(write.record, write.root):
            return None
        seq = self.have.get(self.me, 0) + 1
        self._note(seq)
        self.last = clock.tick(self.last, wall_ms)
        dot = Dot(self.me, seq, self.last)
        overwrite(self._loaded(write.record, write.root), dot, write.fields)
        self.logs[self.me].append(Op(dot, *write))
        self.have[self.me] = seq
        return dot

    def _note(self, seq: int) -> None:
        seen = news(self.noted, self.have, self.me)
        self.marks[self.me] |= {Mark(seq, origin, hi) for origin, hi in seen.items()}
        self.noted |= seen

    def at(self, record: bytes, number: int) -> tuple[Value, ...]:
        """The concurrent values of a field, the shown one first."""
        loaded = self.records.get(record)
        return loaded.held.at(number) if loaded else ()

    def erase(self, roots: Iterable[bytes]) -> None:
        """Carry out a part of the ledger."""
        new = set(roots) - self.ledger
        self.letters = [
            one if new.isdisjoint(carried.roots(one)) else seal(one) for one in self.letters
        ]
        for root in new:
            self.ledger.add(root)
            self.records = {r: loaded for r, loaded in self.records.items() if loaded.root != root}
            for origin, ops in self.logs.items():
                self.logs[origin] = [op for op in ops if op.root != root]

    def is_erased(self, record: bytes, root: bytes) -> bool:
        """Whether the ledger names the record or what it belongs to."""
        return record in self.ledger or root in self.ledger

    # What travels

    def bundle_for(self, known: Vector) -> Bundle | Snapshot:
        """What brings a recipient with this vector up to date."""
        return self.ops_for(known) if self.reaches(known) else self.snapshot()

    def reaches(self, known: Vector) -> bool:
        """Whether ops are enough for a recipient with this vector."""
        return reaches(self.have, self.floors, known)

    def ops_for(self, known: Vector) -> Bundle:
        """All ops that a recipient with this vector lacks."""
        return self._bundle(self.have, known)

    def letter_for(self, known: Vector) -> Bundle:
        """What a desk gives another: its own ops, and unopened what others signed."""
        own = {origin: hi for origin, hi in self.have.items() if origin in self.mine}
        along = [
            one
            for one in self.letters
            if carried.brings(one, known) and not one.is_sealed and one.snapshot is None
        ]
        return replace(self._bundle(own, known), letters=along)

    def file_for_hub(self, known: Vector) -> Bundle:
        """What a desk gives the hub: its own ops, and what others signed that the hub lacks.

        Of the hub itself only if it has spoken since: it is known to lack that.
        """
        own = {origin: hi for origin, hi in self.have.items() if origin in self.mine}
        along = [
            one
            for one in self.letters
            if carried.brings(one, known) and not carried.is_among(one, self.unconfirmed)
        ]
        return replace(self._bundle(own, known), letters=along)

    def forge_for(self, known: Vector) -> Bundle:
        """As letter_for, by somebody who alters what others signed."""
        honest = self.letter_for(known)
        return replace(honest, letters=[carried.altered(one) for one in honest.letters])

    def _bundle(self, have: Vector, known: Vector) -> Bundle:
        runs, ops = [], []
        for origin, upto in have.items():
            after = max(known.get(origin, 0), self.floors.get(origin, 0))
            if after < upto:
                log = self.logs[origin]
                first = bisect_right(log, after, key=lambda op: op.dot.seq)
                ops.append(log[first:])
                runs.append(self._run(origin, after, upto, [op.dot.seq for op in ops[-1]]))
        return Bundle(runs, ops, frozenset(self.ledger), dict(self.have), self.is_hub)

    def _run(self, origin: bytes, after: int, upto: int, seqs: Sequence[int]) -> Run:
        marks = sorted(self.marks[origin])
        earlier = bisect_right(marks, after, key=lambda mark: mark.seq)
        seen = join(*({mark.origin: mark.hi} for mark in marks[:earlier]))
        return Run(origin, after, upto, seqs, seen, marks[earlier:])

    def snapshot(self) -> Snapshot:
        """All that is held here."""
        return Snapshot(
            carried.copied(self.records), frozenset(self.ledger), dict(self.have), self.last
        )

    def apply(self, bundle: Bundle | Snapshot) -> None:
        """Import what came; in any order, any number of times."""
        self.erase(bundle.ledger)
        match bundle:
            case Snapshot():
                self._unite(bundle)
                self._import(self.waiting)  # which may have been waiting for it
                none: list[list[Op]] = []
                self._keep([Letter([], none, none, is_of_hub=True, snapshot=bundle)])
            case Bundle():
                signed = Letter(bundle.runs, bundle.ops, bundle.ops, bundle.is_of_hub)
                came = [signed, *filter(self.believes, bundle.letters)]
                for one in came:
                    if one.snapshot is not None:
                        self._unite(one.snapshot)
                self._import([*self.waiting, *came])
                self._keep(came)

    def believes(self, letter: Letter) -> bool:
        """Whether what somebody passed on is what its author signed."""
        return letter.is_genuine

    def _keep(self, came: Sequence[Letter]) -> None:
        """For whoever lacks it; what speaks of somebody erased for the hub alone, which keeps none."""
        if self.is_hub:
            return
        whole = [one for one in came if one.snapshot or one.runs]
        new = [one for one in whole if not carried.is_among(one, self.letters)]
        self.letters += [
            one if self.ledger.isdisjoint(carried.roots(one)) else seal(one) for one in new
        ]
        if came[0].is_of_hub:
            self.unconfirmed.clear()
        else:
            self.unconfirmed += [one for one in new if one.is_of_hub]

    def _import(self, letters: Sequence[Letter]) -> None:
        runs = [run for letter in letters for run in letter.runs]
        ops = [ops for letter in letters for ops in letter.ops]
        delivery = self.deliver(runs)
        for step in delivery.steps:
            for op in ops[step.run][step.start : step.stop]:
                self._accept(op, step.seen)
        self.have = dict(delivery.have)
        for run in runs:
            self._keep_marks(run)
        late = {id(runs[index]) for index in delivery.waiting}
        self.waiting = [one for one in letters if any(id(run) in late for run in one.runs)]
        self.last = clock.observe(
            self.last, max((op.dot.stamp for some in ops for op in some), default=0)
        )

    def deliver(self, runs: Sequence[Run]) -> Delivery:
        """Which ops of runs come now."""
        return deliver(self.have, runs)

    def _accept(self, op: Op, seen: Vector) -> None:
        if not self.is_erased(op.record, op.root):
            self.merge(self._loaded(op.record, op.root), op, seen)
            self.logs[op.dot.origin].append(op)

    def merge(self, held: Held, op: Op, seen: Vector) -> None:
        """Apply one op that came from elsewhere."""
        merge(held, op.dot, op.fields, seen, RULES)

    def _keep_marks(self, run: Run) -> None:
        reached = self.have.get(run.origin, 0)
        kept = self.marks[run.origin]
        kept |= {mark for mark in run.marks if mark.seq <= reached}
        if run.after <= reached:
            kept |= {Mark(run.after, origin, hi) for origin, hi in run.seen.items()}

    def _unite(self, snapshot: Snapshot) -> None:
        for record, theirs in snapshot.records.items():
            if not self.is_erased(record, theirs.root):
                self.unite(self._loaded(record, theirs.root), theirs.held, snapshot.have)
        for origin, hi in snapshot.have.items():
            if hi > self.have.get(origin, 0):
                self.raise_floor(origin, hi)
        self.have = join(self.have, snapshot.have)
        self.last = clock.observe(self.last, snapshot.highest)

    def unite(self, held: Held, theirs: Held, their_have: Vector) -> None:
        """Unite a record with that of a snapshot."""
        merge_snapshot(held, theirs, self.have, their_have, RULES)

    def raise_floor(self, origin: bytes, hi: int) -> None:
        """The ops of origin up to hi came in a snapshot: they cannot be forwarded."""
        self.floors[origin] = hi

    def _loaded(self, record: bytes, root: bytes) -> Held:
        return self.records.setdefault(record, Loaded(root, Held())).held

    # What was replaced

    def compact(self, limits: Vector) -> None:
        """Forget what was replaced up to these numbers; of each origin the last op stays.

        Letters as old as that went long ago.
        """
        self.letters = [one for one in self.letters if carried.brings(one, limits)]
        for origin, limit in limits.items():
            upto = min(limit, self.have.get(origin, 0) - 1)
            if upto > self.floors.get(origin, 0):
                self._shorten(origin, upto)
                self.begin_after(origin, upto)

    def _shorten(self, origin: bytes, upto: int) -> None:
        log = self.logs[origin]
        end = bisect_right(log, upto, key=lambda op: op.dot.seq)
        left = [op._replace(fields=self.standing(op)) for op in log[:end]]
        for op, one in zip(log, left, strict=False):
            for number in op.fields.keys() - one.fields.keys():
                self._lose(op.record, number, op.dot)
        self.logs[origin] = [op for op in left if op.fields] + log[end:]
        marks = self.marks[origin]
        seen = join(*({mark.origin: mark.hi} for mark in marks if mark.seq <= upto))
        self.marks[origin] = {mark for mark in marks if mark.seq > upto}
        self.marks[origin] |= {Mark(upto, other, hi) for other, hi in seen.items()}

    def standing(self, op: Op) -> dict[int, object]:
        """The fields of an op that are still shown or in dispute."""
        return {
            number: value
            for number, value in op.fields.items()
            if any(v.dot == op.dot for v in self.at(op.record, number))
        }

    def begin_after(self, origin: bytes, upto: int) -> None:
        """The log of origin begins after this number from now on."""
        self.floors[origin] = upto

    def _lose(self, record: bytes, number: int, dot: Dot) -> None:
        """The hub keeps nothing but its log: what is not there any more cannot be shown or sent."""
        if any(v.dot == dot for v in self.at(record, number)):
            held = self.records[record].held
            del held.dots[number], held.values[number]
            held.beside.pop(number, None)

    # Copies

    def backup(self) -> "Replica":
        """A copy that nothing here changes any more."""
        return type(self)(
            new_id=self.new_id,
            is_hub=self.is_hub,
            me=self.me,
            last=self.last,
            have=dict(self.have),
            floors=dict(self.floors),
            noted=dict(self.noted),
            records=carried.copied(self.records),
            logs=defaultdict(list, {origin: list(ops) for origin, ops in self.logs.items()}),
            marks=defaultdict(set, {origin: set(marks) for origin, marks in self.marks.items()}),
            ledger=set(self.ledger),
            waiting=list(self.waiting),
            mine=set(self.mine),
            letters=list(self.letters),
            unconfirmed=list(self.unconfirmed),
        )

    def begin_incarnation(self) -> None:
        """Number from 1 under a new id: numbers used before may be taken by lost writes."""
        self.me = self.new_id()
        self.mine.add(self.me)
        self.noted = {}

    def state(self) -> frozenset[Answer]:
        """Everything that is kept."""
        return frozenset(
            Answer(record, number, kept.dot, repr(kept.value), is_shown=kept.dot == dot)
            for record, loaded in self.records.items()
            for number, dot in loaded.held.dots.items()
            for kept in loaded.held.at(number)
        )

    def logged(self) -> set[bytes]:
        """Roots of everything that this store could forward or show."""
        return {op.root for ops in self.logs.values() for op in ops}.union(
            (loaded.root for loaded in self.records.values()),
            *(carried.roots(one) for one in self.letters if not one.is_sealed),
        )
