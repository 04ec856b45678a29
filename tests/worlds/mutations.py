"""Errors sown on purpose: worlds that do not find them would not find others either."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from correspondent_desk.domain.delivery import Delivery, Receipt, Run, Vector, join
from correspondent_desk.domain.merge import Held
from tests.worlds.carried import Bundle, Letter, Op, Snapshot
from tests.worlds.naive import deliver_slowly
from tests.worlds.replica import Replica
from tests.worlds.world import HUB, WEIGHTS, Store, World

Sent: TypeAlias = Bundle | Snapshot


class LastWriterWins(Replica):
    """The later stamp replaces the other value, though its author had not seen it."""

    def merge(self, held: Held, op: Op, seen: Vector) -> None:
        older = {n: v for n, v in op.fields.items() if self._is_older(held, n, op)}
        super().merge(held, op._replace(fields=older), join(seen, _everything(held)))

    def _is_older(self, held: Held, number: int, op: Op) -> bool:
        return number not in held.dots or held.dots[number].stamp <= op.dot.stamp


class ArrivalWins(Replica):
    """What comes later replaces what came before."""

    def merge(self, held: Held, op: Op, seen: Vector) -> None:
        super().merge(held, op, join(seen, _everything(held)))


def _everything(held: Held) -> dict[bytes, int]:
    return join(*({v.dot.origin: v.dot.seq} for number in held.dots for v in held.at(number)))


class AppliesAtOnce(Replica):
    """Ops do not wait for what their authors had seen."""

    def deliver(self, runs: Sequence[Run]) -> Delivery:
        return deliver_slowly(self.have, runs, waits=False)


class WaitsBeforeHoles(Replica):
    """An erased op is stepped over only once the next one can be applied."""

    def deliver(self, runs: Sequence[Run]) -> Delivery:
        return deliver_slowly(self.have, runs, steps_over_first=False)


class NotesNothing(Replica):
    """Ops do not say what their author had seen."""

    def _note(self, seq: int) -> None:
        pass


class ForwardsWithoutMarks(Replica):
    """What others had seen is forgotten when their ops are forwarded."""

    def _keep_marks(self, run: Run) -> None:
        pass


class ForgetsFloor(Replica):
    """A store that began with a snapshot claims to forward the ops before it."""

    def raise_floor(self, origin: bytes, hi: int) -> None:
        pass


class NeverSendsSnapshot(Replica):
    """Ops are sent though they do not reach back far enough."""

    def reaches(self, known: Vector) -> bool:
        del known
        return True


class TrustsSnapshot(Replica):
    """A snapshot replaces what is here, instead of being united with it."""

    def unite(self, held: Held, theirs: Held, their_have: Vector) -> None:
        held.dots.clear()
        held.beside.clear()
        super().unite(held, theirs, their_have)


class AcceptsErased(Replica):
    """Erases what is here, but not what comes later."""

    def _accept(self, op: Op, seen: Vector) -> None:
        self.merge(self._loaded(op.record, op.root), op, seen)
        self.logs[op.dot.origin].append(op)


class PassesOnNoLedger(Replica):
    """A desk sends no ledger, because only the hub decides on it."""

    def letter_for(self, known: Vector) -> Bundle:
        return replace(super().letter_for(known), ledger=frozenset())


class BelievesAnyLetter(Replica):
    """What others are said to have signed is taken as it comes."""

    def believes(self, letter: Letter) -> bool:
        del letter
        return True


class KeepsLetters(Replica):
    """Erases what is here, but not in what it keeps for others."""

    def erase(self, roots: Iterable[bytes]) -> None:
        kept = list(self.letters)
        super().erase(roots)
        self.letters = kept


class DropsLetters(Replica):
    """What speaks of somebody erased goes, though the hub may lack the rest of it."""

    def erase(self, roots: Iterable[bytes]) -> None:
        super().erase(roots)
        self.letters = [one for one in self.letters if not one.is_sealed]


class GivesNoSnapshotBack(Replica):
    """What came in a snapshot is nobody's any more, if the hub loses it."""

    def file_for_hub(self, known: Vector) -> Bundle:
        file = super().file_for_hub(known)
        return replace(file, letters=[one for one in file.letters if one.snapshot is None])


class KeepsItsFloor(Replica):
    """Forgets what was replaced, and claims to forward it still: as if it had been erased."""

    def begin_after(self, origin: bytes, upto: int) -> None:
        pass


class ForgetsWhatStands(Replica):
    """Of a field in dispute only what is shown is kept."""

    def standing(self, op: Op) -> dict[int, object]:
        return {
            n: v for n, v in super().standing(op).items() if self.at(op.record, n)[0].dot == op.dot
        }


class CopyKeepsOrigin(World[Sent]):
    """A desk and its copy go on writing under the same numbers."""

    def begin_copy(self, store: Store[Sent]) -> None:
        pass


class HearsOneCopy(World[Sent]):
    """What a copy of a desk has is taken for what the desk has, and the other way round."""

    def known_as(self, name: str) -> str:
        return name.removesuffix(" copied")


class KeepsIncarnation(World[Sent]):
    """A restored desk uses numbers again that others know already."""

    def begin_incarnation(self, store: Store[Sent]) -> None:
        pass


class HubKeepsIncarnation(World[Sent]):
    """A restored hub uses numbers again that desks know already."""

    def begin_incarnation_of_hub(self, hub: Store[Sent]) -> None:
        pass


class LedgerInBackup(World[Sent]):
    """A restored hub has forgotten whom it erased since."""

    def replay_ledger(self, hub: Store[Sent]) -> None:
        pass


class BelievesHighest(World[Sent]):
    """A peer that once had something is believed to have it for ever."""

    def believe(self, receipts: dict[str, Receipt], sender: str, receipt: Receipt) -> None:
        known = receipts[sender].have if sender in receipts else {}
        receipts[sender] = replace(receipt, have=join(known, receipt.have))


@dataclass(frozen=True)
class Mutation:
    """Who errs. worlds: by then it is found; measured, with a wide margin.

    weights: some errors need a rare meeting of events, and worlds where these are not so rare.
    """

    worlds: int
    world: type[World[Sent]] = World
    desk: type[Replica] = Replica
    hub: type[Replica] = Replica
    weights: Mapping[str, float] = field(default_factory=lambda: WEIGHTS)

    def make(self, name: str, new_id: Callable[[], bytes]) -> Replica:
        """An empty store that errs."""
        is_hub = name == HUB
        return (self.hub if is_hub else self.desk)(new_id, is_hub)

    def findings(self, seed: int) -> Sequence[str]:
        """What is wrong in the end of the world of this seed."""
        return self.world(seed, self.make, self.weights).live()


def _everyone(
    worlds: int, store: type[Replica], weights: Mapping[str, float] = WEIGHTS
) -> Mutation:
    return Mutation(worlds, desk=store, hub=store, weights=weights)


_RESTORES = {**WEIGHTS, "back up the hub": 4, "restore the hub": 4, "join": 6}
_AMONG_DESKS = {**WEIGHTS, "pass on": 25, "arrive": 25, "erase": 5, "send": 2, "answer": 2}
_FORGED = {**WEIGHTS, "forge": 12, "arrive": 25, "erase": 0.1}
_SHORT = {**WEIGHTS, "compact": 8, "compact the hub": 5, "join": 4, "pass on": 10}
_COPIES = {**WEIGHTS, "back up": 6, "open a copy": 4}

NONE = Mutation(worlds=0)
MUTATIONS: Mapping[str, Mutation] = {
    "last-writer-wins": _everyone(10, LastWriterWins),
    "arrival-wins": _everyone(10, ArrivalWins),
    "applies-at-once": _everyone(100, AppliesAtOnce),
    "waits-before-holes": _everyone(600, WaitsBeforeHoles, _AMONG_DESKS),
    "notes-nothing": _everyone(20, NotesNothing),
    "forwards-without-marks": _everyone(20, ForwardsWithoutMarks),
    "forgets-floor": _everyone(100, ForgetsFloor, _RESTORES),
    "never-sends-snapshot": _everyone(200, NeverSendsSnapshot, _RESTORES),
    "trusts-snapshot": _everyone(50, TrustsSnapshot),
    "accepts-erased": _everyone(20, AcceptsErased),
    "passes-on-no-ledger": Mutation(100, desk=PassesOnNoLedger, weights=_AMONG_DESKS),
    "keeps-incarnation": Mutation(100, KeepsIncarnation),
    "hub-keeps-incarnation": Mutation(100, HubKeepsIncarnation, weights=_RESTORES),
    "ledger-in-backup": Mutation(100, LedgerInBackup, weights=_RESTORES),
    "believes-highest": Mutation(100, BelievesHighest, weights=_RESTORES),
    "believes-any-letter": Mutation(100, desk=BelievesAnyLetter, weights=_FORGED),
    "keeps-letters": Mutation(20, desk=KeepsLetters),
    "drops-letters": Mutation(100, desk=DropsLetters, weights=_RESTORES),
    "gives-no-snapshot-back": Mutation(100, desk=GivesNoSnapshotBack, weights=_RESTORES),
    "keeps-its-floor": _everyone(600, KeepsItsFloor, _SHORT),
    "forgets-what-stands": _everyone(100, ForgetsWhatStands, _SHORT),
    "copy-keeps-origin": Mutation(100, CopyKeepsOrigin, weights=_COPIES),
    "hears-one-copy": Mutation(100, HearsOneCopy, weights=_COPIES),
}
