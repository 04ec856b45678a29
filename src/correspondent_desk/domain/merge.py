"""How the writes of several desks become one state, the same on every desk.

Each field is a causal multi-value register: a write replaces exactly the values its author had
seen; whatever else there is was written concurrently and stays beside it, until a rule (rules.py)
or a person settles it. Neither a clock nor the order of arrival decides what is kept.

One save of one record is one op: (origin, seq, stamp, record, fields). An origin numbers its ops
from 1 without gaps. A *vector* says how far each origin has been seen. What the author of an op
had seen travels as the run's vector and *marks*, which say "from op seq on, also origin up to hi".

An import, in one transaction:
1. carry out the erasure ledger that the bundle brings; it explains the holes in the runs;
2. `delivery.deliver` the runs of this bundle *and of all those still waiting*, given the stored
   vector;
3. for each step in order, for each op of its slice that is not of an erased record: load the
   record once as `Held`, `merge` the op; keep the op and the marks of runs if this store forwards;
4. store what changed in each Held, the new vector, `clock.observe` of the highest stamp;
5. a run that `deliver` left waiting stays with its bundle in the inbox, and the next import of
   anything tries it again.

A write here: the first one after an import or a new incarnation notes
`delivery.news` as marks of that op; each gets `clock.tick` as its stamp, and `overwrite` applies
it: a person replaces what they saw.
A snapshot is all Held of a store with its vector; `merge_snapshot` unites it with unsent work here.
`tests/worlds/replica.py` is a complete, small example of all of this.
"""

from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field

from correspondent_desk.domain.delivery import Vector
from correspondent_desk.domain.fields import Rule
from correspondent_desk.domain.rules import Dot, Value, judge


@dataclass(slots=True)
class Held:
    """What one store holds of one record, by number of the field; the working state of an import.

    dots: where the shown value comes from. values: the shown values. beside: concurrent values
    that are not shown, newest first; a field that has none is absent, so it is normally empty.

    values is read only for a field that is concurrent, so a store may pass a dict whose
    `__missing__` reads its table without keeping what it read: what is in the dict afterwards is
    what must be written.
    """

    dots: dict[int, Dot] = field(default_factory=dict)
    values: MutableMapping[int, object] = field(default_factory=dict)
    beside: dict[int, tuple[Value, ...]] = field(default_factory=dict)

    def at(self, number: int) -> tuple[Value, ...]:
        """All concurrent values of a field, the shown one first; empty if never written."""
        dot = self.dots.get(number)
        if dot is None:
            return ()
        return (Value(dot, self.values[number]), *self.beside.get(number, ()))


def merge(
    held: Held, dot: Dot, fields: Mapping[int, object], seen: Vector, rules: Mapping[int, Rule]
) -> None:
    """Apply to held an op that came from elsewhere, when `deliver` says so and never before.

    seen: that of the step. rules: of the record's kind (`rules.RULES`); a field without one comes
    from a newer version, its newest value is shown until that version is here.
    """
    dots, values, beside = held.dots, held.values, held.beside
    origin = dot.origin
    for number, value in fields.items():
        old = dots.get(number)
        if old is None or (
            number not in beside and (old[0] == origin or old[1] <= seen.get(old[0], 0))
        ):
            dots[number] = dot
            values[number] = value
        else:
            survivors = [
                v
                for v in held.at(number)
                if v.dot.origin != origin and v.dot.seq > seen.get(v.dot.origin, 0)
            ]
            _put(held, number, [*survivors, Value(dot, value)], rules)


def overwrite(held: Held, dot: Dot, fields: Mapping[int, object]) -> None:
    """Apply a write made here: its author saw, and therefore replaces, all that held holds."""
    for number, value in fields.items():
        held.dots[number] = dot
        held.values[number] = value
        held.beside.pop(number, None)


def disagreements(held: Held, rules: Mapping[int, Rule]) -> list[int]:
    """Numbers of the fields that a person has to settle, by writing them again."""
    return [
        number
        for number in held.beside
        if judge(rules.get(number, Rule.NEWEST), held.at(number)).is_open
    ]


def removal_stands(removal: Dot, seen: Vector, dots: Iterable[Dot]) -> bool:
    """Whether a removed record stays out of sight: who removed it had seen every write to it.

    seen: what that person had seen. dots: those of the record and of all records below it.
    """
    return all(
        d.seq <= removal.seq if d.origin == removal.origin else d.seq <= seen.get(d.origin, 0)
        for d in dots
    )


def merge_snapshot(
    held: Held, theirs: Held, have: Vector, their_have: Vector, rules: Mapping[int, Rule]
) -> None:
    """Unite held with what a snapshot holds of the same record.

    have, their_have: the vectors of both stores before any record is united. Afterwards the
    store has `delivery.join` of both, and where the snapshot was ahead its log begins after that: a store
    must not claim to forward ops it never had.
    A record or field that the snapshot lacks stays as it is: absence never removes anything.
    Records of the ledger must not be given: what was erased would come back.
    """
    for number, dot in theirs.dots.items():
        known = held.dots.get(number)
        is_single = number not in theirs.beside and number not in held.beside
        if is_single and known is None:
            held.dots[number] = dot
            held.values[number] = theirs.values[number]
        elif not is_single or known != dot:
            mine = held.at(number)
            united = merge_states(mine, theirs.at(number), have, their_have)
            if _dots(united) != _dots(mine):
                _put(held, number, united, rules)


def merge_states(
    mine: Sequence[Value], theirs: Sequence[Value], have: Vector, their_have: Vector
) -> list[Value]:
    """The values of one field that two stores with these vectors hold together.

    A value that one side lacks although its vector covers it was replaced there. If that leaves
    nothing, a vector claims writes that were never stored: all values are kept, for a person.
    """
    my_dots, their_dots = _dots(mine), _dots(theirs)
    kept = [
        v for v in mine if v.dot in their_dots or v.dot.seq > their_have.get(v.dot.origin, 0)
    ] + [v for v in theirs if v.dot not in my_dots and v.dot.seq > have.get(v.dot.origin, 0)]
    return kept or [*mine, *(v for v in theirs if v.dot not in my_dots)]


def _dots(values: Iterable[Value]) -> set[Dot]:
    return {v.dot for v in values}


def _put(held: Held, number: int, values: Sequence[Value], rules: Mapping[int, Rule]) -> None:
    shown = judge(rules.get(number, Rule.NEWEST), values).shown
    dot, value = values[shown]
    if held.dots.get(number) != dot:
        held.dots[number] = dot
        held.values[number] = value
    others = [v for index, v in enumerate(values) if index != shown]
    if others:
        others.sort(key=lambda v: (v.dot.stamp, v.dot.origin, v.dot.seq), reverse=True)
        held.beside[number] = tuple(others)
    else:
        held.beside.pop(number, None)
