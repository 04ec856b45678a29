"""Random lives of one hub and its desks.

A world edits, exchanges by files that get lost, doubled, late or mixed up, sets clocks wrong,
restores desks and hub from old copies, works with a desk and a copy of it, lets desks join late,
forget what was replaced and pass files among themselves, altered ones too, and erases people. What
a desk gives the hub is what the program gives: its own work, and in letters what the hub lacks. In
the end it heals: all files arrive, then each desk exchanges three times. In the middle and at the
end every store must hold what the oracle says.

To put real stores through it, give World a `make` whose stores have the methods of `Store`, or
play single actions: all are public, and `roam` only chooses among them. Worlds of the same seed
and weights are the same for any kind of store.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import Generic, Protocol, Self, TypeVar

from correspondent_desk.domain.clock import LAST_MS, RELEASE_MS
from correspondent_desk.domain.delivery import Receipt, Vector
from correspondent_desk.domain.requests import DocumentState, RequestStatus
from correspondent_desk.domain.rules import Dot
from tests.worlds.carried import Write
from tests.worlds.oracle import Oracle, Readable

HUB = "hub"
STEPS = 70
MOST_DESKS = 6

WEIGHTS: Mapping[str, float] = {
    "edit": 42,
    "edit at the hub": 3,
    "send": 13,
    "answer": 10,
    "pass on": 5,
    "arrive": 15,
    "set a clock wrong": 3,
    "back up": 2.5,
    "restore": 1.5,
    "join": 1.5,
    "erase": 1,
    "back up the hub": 0.7,
    "restore the hub": 0.5,
    "reseed": 0.6,
    "open a copy": 0.7,
    "forge": 1,
    "compact": 1,
    "compact the hub": 0.7,
}

VALUES: Mapping[int, Sequence[object]] = {
    1: [None, None, "2027-01-01", "2027-02-01"],
    2: ["LE GOFF", "PETIT", ["1 rue Haute", "29000", "QUIMPER"], None],
    3: range(1000),
    4: [*RequestStatus, "a status of a newer version"],
    5: [*DocumentState],
    6: range(1000),
}

BundleT = TypeVar("BundleT")


class Store(Readable, Protocol[BundleT]):
    """What a world asks of a desk or hub; replica.py explains each."""

    @property
    def me(self) -> bytes: ...
    @property
    def last(self) -> int: ...
    def write(self, writes: Iterable[Write], wall_ms: int) -> Sequence[Dot | None]: ...
    def erase(self, roots: Iterable[bytes]) -> None: ...
    def bundle_for(self, known: Vector) -> BundleT: ...
    def file_for_hub(self, known: Vector) -> BundleT: ...
    def letter_for(self, known: Vector) -> BundleT: ...
    def forge_for(self, known: Vector) -> BundleT: ...
    def compact(self, limits: Vector) -> None: ...
    def snapshot(self) -> BundleT: ...
    def apply(self, bundle: BundleT) -> None: ...
    def backup(self) -> Self: ...
    def begin_incarnation(self) -> None: ...


@dataclass(frozen=True)
class File(Generic[BundleT]):
    """A bundle on its way. receipt: what the sender has; None where desks pass files on."""

    sender: str
    recipient: str
    bundle: BundleT
    receipt: Receipt | None


@dataclass(frozen=True)
class Backup(Generic[BundleT]):
    """A copy of a store with what it knew of its peers."""

    store: Store[BundleT]
    receipts: Mapping[str, Receipt]


class World(Generic[BundleT]):
    """One hub and up to six desks, and the oracle that watches them.

    make builds an empty store from its name and a source of ids. desks: how many, 0 for any.
    """

    def __init__(
        self,
        seed: int,
        make: Callable[[str, Callable[[], bytes]], Store[BundleT]],
        weights: Mapping[str, float] = WEIGHTS,
        desks: int = 0,
    ) -> None:
        self.random = Random(seed)
        self.make = make
        self.weights = weights
        self.oracle = Oracle()
        self.clocks: dict[str, int] = {}
        self.stores: dict[str, Store[BundleT]] = {}
        # Each store's newest receipts of its peers.
        self.receipts: defaultdict[str, dict[str, Receipt]] = defaultdict(dict)
        # Outside of what is backed up: numbers of the bundles, highest own op ever handed out.
        self.numbers: Counter[str] = Counter()
        self.handed_out: defaultdict[str, Counter[bytes]] = defaultdict(Counter)
        self.hub_incarnation = 1
        self.backups: dict[str, Backup[BundleT]] = {}
        self.files: list[File[BundleT]] = []
        self.roots = [self.new_id() for _ in range(4)]
        self.records = [(root, root) for root in self.roots]
        self.happened: Counter[str] = Counter()
        self._add(HUB)
        for _ in range(desks or self.random.randint(2, 5)):
            self._add(f"desk {len(self.stores)}")

    def new_id(self) -> bytes:
        """16 bytes that the seed decides."""
        return self.random.randbytes(16)

    def _add(self, name: str) -> None:
        self.clocks[name] = RELEASE_MS + self.random.randint(-(10**9), 10**9)
        self.stores[name] = self.make(name, self.new_id)

    @property
    def desks(self) -> list[str]:
        """Names of the desks."""
        return [name for name in self.stores if name != HUB]

    @property
    def hub(self) -> Store[BundleT]:
        """The store of the hub."""
        return self.stores[HUB]

    # What people do

    def edit(self, name: str, writes: Sequence[Write]) -> None:
        """Save writes, each of another record, as one action of a person."""
        store = self.stores[name]
        screens = [self.oracle.look(store, write) for write in writes]
        before = store.last
        dots = store.write(writes, self.clocks[name])
        for write, screen, dot in zip(writes, screens, dots, strict=True):
            if dot is not None:
                assert dot.stamp > before, "a stamp went backwards"
                before = dot.stamp
                self.oracle.note(dot, write, screen)
                self.happened["field writes"] += len(write.fields)

    def set_clock(self, name: str, wall_ms: int) -> None:
        """The computer of name believes that it is wall_ms."""
        self.clocks[name] = wall_ms

    def erase(self, root: bytes) -> None:
        """The hub erases a person and all that belongs to them."""
        self.oracle.erased.add(root)
        self.hub.erase([root])
        self.happened["erasures"] += 1

    # Files

    def send(self, name: str, *, is_lost: bool = False) -> None:
        """A desk makes a file for the hub of what the hub is not known to have."""
        self._make_file(name, HUB, is_lost=is_lost)

    def answer(self, name: str, *, is_lost: bool = False) -> None:
        """The hub makes a file for a desk."""
        self._make_file(HUB, name, is_lost=is_lost)

    def _make_file(self, sender: str, recipient: str, *, is_lost: bool) -> None:
        store = self.stores[sender]
        believed = self.receipts[sender].get(self.known_as(recipient))
        make = store.bundle_for if sender == HUB else store.file_for_hub
        bundle = make(believed.have if believed else {})
        self._hand_out(sender)
        self.numbers[sender] += 1
        incarnation = self.hub_incarnation if sender == HUB else 1
        receipt = Receipt(incarnation, self.numbers[sender], dict(store.have))
        if not is_lost:
            self.files.append(File(sender, recipient, bundle, receipt))

    def pass_on(self, sender: str, recipient: str) -> None:
        """A desk makes a file for another desk, which says what it has."""
        self._hand_out(sender)
        bundle = self.stores[sender].letter_for(dict(self.stores[recipient].have))
        self.files.append(File(sender, recipient, bundle, None))

    def forge(self, sender: str, recipient: str) -> None:
        """As pass_on, by a desk that alters what others signed."""
        self._hand_out(sender)
        bundle = self.stores[sender].forge_for(dict(self.stores[recipient].have))
        self.files.append(File(sender, recipient, bundle, None))

    def known_as(self, name: str) -> str:
        """What a store is told apart by: a copy of a desk is heard beside the desk."""
        return name

    def _hand_out(self, name: str) -> None:
        store = self.stores[name]
        ours = self.handed_out[name]
        ours[store.me] = max(ours[store.me], store.have.get(store.me, 0))

    def arrive(self, index: int, *, is_kept: bool = False) -> None:
        """The recipient imports the file at index; kept, it may arrive once more."""
        file = self.files[index] if is_kept else self.files.pop(index)
        store = self.stores[file.recipient]
        before = store.last
        store.apply(file.bundle)
        assert store.last >= before, "the clock went backwards"
        self.happened["imports"] += 1
        if file.receipt is not None:
            sender = self.known_as(file.sender)
            self.believe(self.receipts[file.recipient], sender, file.receipt)

    def believe(self, receipts: dict[str, Receipt], sender: str, receipt: Receipt) -> None:
        """Keep what the sender says it has, unless it has said otherwise since."""
        if receipt.is_later_than(receipts.get(sender)):
            receipts[sender] = receipt

    # Copies

    def back_up(self, name: str) -> None:
        """Copy a desk or the hub."""
        self.backups[name] = Backup(self.stores[name].backup(), dict(self.receipts[name]))

    def restore(self, name: str) -> None:
        """Put a desk back to its copy, if there is one."""
        if name in self.backups:
            store = self._put_back(name)
            mine = store.have.get(store.me, 0)
            if mine < self.handed_out[name][store.me]:
                self.begin_incarnation(store)
            else:
                self.oracle.forget(store.me, mine)

    def restore_hub(self) -> None:
        """Put the hub back to its copy, if there is one; it becomes another incarnation."""
        if HUB in self.backups:
            hub = self._put_back(HUB)
            self.begin_incarnation_of_hub(hub)
            self.replay_ledger(hub)

    def open_copy(self, name: str) -> None:
        """Somebody opens the copy of a desk on another computer, and both are worked with.

        As long as nothing has left the desk, the two cannot be told apart yet.
        """
        copied = f"{name} copied"
        if name in self.backups and copied not in self.stores and len(self.desks) < MOST_DESKS:
            backup = self.backups[name]
            store = backup.store.backup()
            if self.handed_out[name][store.me]:
                self.begin_copy(store)
                self.stores[copied], self.clocks[copied] = store, self.clocks[name]
                self.receipts[copied] = dict(backup.receipts)
                self.happened["copies"] += 1

    def begin_copy(self, store: Store[BundleT]) -> None:
        """What a desk does that finds itself on a computer which knows nothing of it."""
        store.begin_incarnation()

    def compact(self, name: str) -> None:
        """A store forgets what was replaced: a desk, what the hub has and will have if it is put back."""
        had = [self.hub.have]
        if name != HUB and HUB in self.backups:
            had.append(self.backups[HUB].store.have)
        limits = {origin: min(one.get(origin, 0) for one in had) for origin in self.hub.have}
        self.stores[name].compact(limits)
        self.happened["compactions"] += 1

    def _put_back(self, name: str) -> Store[BundleT]:
        backup = self.backups[name]
        self.stores[name] = backup.store.backup()
        self.receipts[name] = dict(backup.receipts)
        self.happened["restores of the hub" if name == HUB else "restores"] += 1
        return self.stores[name]

    def begin_incarnation(self, store: Store[BundleT]) -> None:
        """What a desk does that has handed out higher numbers than it finds in its store."""
        store.begin_incarnation()

    def begin_incarnation_of_hub(self, hub: Store[BundleT]) -> None:
        """What the hub does after a restore."""
        hub.begin_incarnation()
        self.hub_incarnation += 1

    def replay_ledger(self, hub: Store[BundleT]) -> None:
        """The ledger lives outside of backups too."""
        hub.erase(sorted(self.oracle.erased))

    def join(self) -> None:
        """A new desk begins with what the hub has."""
        if len(self.desks) < MOST_DESKS:
            name = f"desk {len(self.stores)}"
            self._add(name)
            self.reseed(name)
            self.receipts[name][HUB] = Receipt(self.hub_incarnation, 0, dict(self.hub.have))

    def reseed(self, name: str) -> None:
        """A desk unites what it has with a snapshot of the hub."""
        self.stores[name].apply(self.hub.snapshot())

    # Chance

    def roam(self, steps: int = STEPS) -> None:
        """Do steps random things."""
        actions: Mapping[str, Callable[[str], None]] = {
            "edit": self._edit_for_a_while,
            "edit at the hub": lambda _: self.edit(HUB, self.some_writes()),
            "send": lambda desk: self.send(desk, is_lost=self.random.random() < 0.3),
            "answer": lambda desk: self.answer(desk, is_lost=self.random.random() < 0.3),
            "pass on": lambda desk: self._among_desks(desk, self.pass_on),
            "forge": lambda desk: self._among_desks(desk, self.forge),
            "arrive": self._arrive,
            "set a clock wrong": self._set_clock,
            "back up": self.back_up,
            "restore": self.restore,
            "join": lambda _: self.join(),
            "erase": lambda _: self.erase(self.random.choice(self.roots)),
            "back up the hub": lambda _: self.back_up(HUB),
            "restore the hub": lambda _: self.restore_hub(),
            "reseed": self.reseed,
            "open a copy": self.open_copy,
            "compact": self.compact,
            "compact the hub": lambda _: self.compact(HUB),
        }
        chosen = self.random.choices(
            list(self.weights), cum_weights=list(accumulate(self.weights.values())), k=steps
        )
        for action in chosen:
            actions[action](self.random.choice(self.desks))

    def _edit_for_a_while(self, desk: str) -> None:
        self.edit(desk, self.some_writes())
        self.clocks[desk] += self.random.randint(0, 10**7)

    def _among_desks(self, desk: str, act: Callable[[str, str], None]) -> None:
        other = self.random.choice(self.desks)
        if other != desk:
            act(desk, other)

    def _arrive(self, _: str) -> None:
        if self.files:
            is_kept = self.random.random() < 0.25
            self.arrive(self.random.randrange(len(self.files)), is_kept=is_kept)

    def _set_clock(self, desk: str) -> None:
        later = RELEASE_MS + self.random.randint(0, 4 * 10**10)
        clocks = [0, RELEASE_MS - 10**11, later, LAST_MS, 4 * 10**12]
        self.set_clock(desk, self.random.choice(clocks))

    def some_writes(self) -> list[Write]:
        """One or two saves of any records; new ones come into being by the way."""
        if self.random.random() < 0.25:
            record = self.new_id()
            if self.random.random() < 0.2:
                self.roots.append(record)
                self.records.append((record, record))
            else:
                self.records.append((record, self.random.choice(self.roots)))
        chosen = dict.fromkeys(self.random.choices(self.records, k=self.random.randint(1, 2)))
        return [Write(record, root, self._some_fields()) for record, root in chosen]

    def _some_fields(self) -> dict[int, object]:
        numbers = self.random.sample(list(VALUES), self.random.randint(1, 2))
        return {number: self.random.choice(VALUES[number]) for number in numbers}

    # The end

    def heal(self) -> None:
        """All files under way arrive, then three clean exchanges each way."""
        self.random.shuffle(self.files)
        while self.files:
            self.arrive(0)
        for _ in range(3):
            for name in self.desks:
                self.send(name)
                self.arrive(0)
            for name in self.desks:
                self.answer(name)
                self.arrive(0)

    def findings(self) -> list[str]:
        """What is wrong at this moment, in words."""
        return self.oracle.findings(self.stores)

    def unfinished(self) -> list[str]:
        """What is wrong after `heal`, on top of that."""
        alive = {self.stores[name].me for name in self.desks}
        return self.oracle.unfinished(self.stores, self.hub, alive)

    def live(self) -> list[str]:
        """A whole life; what was found wrong in its middle and at its end."""
        self.roam()
        found = self.findings()
        self.heal()
        return found + self.findings() + self.unfinished()
