"""Knows what a store must hold at any moment, without ever merging.

For each write it keeps which values were on the screen when it was made. A store that claims to
have seen some writes must hold a value of them if and only if no other of them had replaced it and
the store has not been told to erase it. So a lost write, an invented disagreement and an erased
person who comes back are found alike, which a comparison of the stores with each other would not
do; and they are found when they happen, not only where they last.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from typing import NamedTuple, Protocol, TypeAlias

from correspondent_desk.domain.delivery import Vector
from correspondent_desk.domain.fields import Rule
from correspondent_desk.domain.rules import Dot, Value, judge
from tests.worlds.carried import Write
from tests.worlds.replica import RULES, Answer

Place: TypeAlias = tuple[Dot, int]
"""A field of one write."""


class Readable(Protocol):
    """What the oracle asks of a store."""

    @property
    def have(self) -> Vector: ...
    @property
    def ledger(self) -> AbstractSet[bytes]: ...
    def at(self, record: bytes, number: int) -> tuple[Value, ...]: ...
    def state(self) -> frozenset[Answer]: ...
    def logged(self) -> set[bytes]: ...


class Written(NamedTuple):
    """One value that someone saved, and the values they saw in its place."""

    record: bytes
    root: bytes
    value: object
    replaced: frozenset[Place]


class Oracle:
    """Watches what people save and whom the hub erases."""

    def __init__(self) -> None:
        self.written: dict[Place, Written] = {}
        self.erased: set[bytes] = set()

    def look(self, store: Readable, write: Write) -> dict[int, frozenset[Place]]:
        """What is on the screen of someone about to save write: to be asked before."""
        return {
            number: frozenset((v.dot, number) for v in store.at(write.record, number))
            for number in write.fields
        }

    def note(self, dot: Dot, write: Write, on_screen: Mapping[int, frozenset[Place]]) -> None:
        """Someone saved write as dot."""
        for number, value in write.fields.items():
            self.written[dot, number] = Written(write.record, write.root, value, on_screen[number])

    def forget(self, origin: bytes, after: int) -> None:
        """A restore lost the ops of origin after this number, which nobody else ever had."""
        gone = {place for place in self.written if place[0].origin == origin}
        gone = {place for place in gone if place[0].seq > after}
        self.written = {
            place: written._replace(replaced=written.replaced - gone)
            for place, written in self.written.items()
            if place not in gone
        }

    def expected(self, have: Vector, ledger: AbstractSet[bytes]) -> frozenset[Answer]:
        """What a store with this vector and this ledger must hold."""
        fields = defaultdict(list)
        for (record, number), value in self._surviving(have, ledger):
            fields[record, number].append(value)
        return frozenset(
            Answer(record, number, v.dot, repr(v.value), is_shown=index == shown)
            for (record, number), values in fields.items()
            for shown in [judge(RULES.get(number, Rule.NEWEST), values).shown]
            for index, v in enumerate(values)
        )

    def _surviving(
        self, have: Vector, ledger: AbstractSet[bytes]
    ) -> list[tuple[tuple[bytes, int], Value]]:
        live = {
            place: written
            for place, written in self.written.items()
            if written.root not in ledger and place[0].seq <= have.get(place[0].origin, 0)
        }
        replaced = {place for written in live.values() for place in written.replaced}
        return [
            ((written.record, number), Value(dot, written.value))
            for (dot, number), written in live.items()
            if (dot, number) not in replaced
        ]

    def findings(self, stores: Mapping[str, Readable]) -> list[str]:
        """What is wrong now, in words; nothing: empty."""
        found = []
        for name, store in stores.items():
            state, expected = store.state(), self.expected(store.have, store.ledger)
            if state != expected:
                lacks, extra = len(expected - state), len(state - expected)
                found.append(f"{name} lacks {lacks}, has {extra} that should not be there")
            if store.logged() & store.ledger:
                found.append(f"{name} holds what it has erased")
        return found

    def unfinished(
        self, stores: Mapping[str, Readable], hub: Readable, alive: Collection[bytes]
    ) -> list[str]:
        """What is wrong once all have exchanged, on top of `findings`.

        alive: the incarnations of the desks, none of whose writes may be missing at the hub.
        """
        found = []
        for name, store in stores.items():
            if store.have != hub.have:
                found.append(f"{name} and the hub have seen different writes")
            if store.ledger != self.erased:
                found.append(f"{name} has not erased all")
        if any(
            dot.origin in alive and dot.seq > hub.have.get(dot.origin, 0) for dot, _ in self.written
        ):
            found.append("a write of a living desk never reached the hub")
        return found
