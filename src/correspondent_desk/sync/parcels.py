"""The operations of a verified bundle, unpacked a section at a time.

A first bundle may hold millions of operations and each takes a thousand bytes in memory, so of a
large one only the numbers stay; its sections, compressed, are unpacked again when their turn comes.
"""

from array import array
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from operator import itemgetter
from types import MappingProxyType

from correspondent_desk.domain.delivery import Mark, Run, is_sound
from correspondent_desk.store.erasing import Entry
from correspondent_desk.sync import bundle, columns
from correspondent_desk.sync.bundle import Loaded
from correspondent_desk.sync.catalogue import CATALOGUE
from correspondent_desk.sync.columns import Columns, OpRow
from correspondent_desk.sync.directory import DIRECTORY
from correspondent_desk.sync.keys import ReceivingKey
from correspondent_desk.sync.ledger import LEDGER, unpack
from correspondent_desk.sync.manifest import Manifest
from correspondent_desk.sync.opening import Proof, Source, Trust
from correspondent_desk.sync.rejection import BundleRejected, Reason
from correspondent_desk.sync.snapshot import SNAPSHOT, Snapshot

OPS, LETTER, ROSTER = "ops", "letter", "roster"
_OTHERS = (LEDGER, DIRECTORY, LETTER, ROSTER, CATALOGUE)
ROOT_BYTES = 32
KEPT = 100_000
"""Operations that stay unpacked: enough for a month's work of an office."""


class Parcel:
    """A bundle that may be believed. runs: as delivery wants them. roots: all that are named.

    snapshot: of all that its sender has, in the place of operations; usually empty. carrier: the id of
    the bundle it came in, its own unless it is a letter. proof, stored: what a letter is made of.
    is_reduced: it is a snapshot that comes back as a letter; its operations are a log with gaps.
    letters: those in it that count, set by whoever judged them; unapproved: those of desks that are trusted
    no more, with what they came as.
    """

    def __init__(
        self,
        manifest: Manifest,
        proof: Proof,
        sections: Sequence[Callable[[], bytes]],
        *,
        stored: Sequence[bytes] = (),
        snapshot: Sequence[Callable[[], bytes]] = (),
        others: Mapping[str, Sequence[Callable[[], bytes]]] = MappingProxyType({}),
        is_reduced: bool = False,
    ) -> None:
        """sections: with operations, and stored as they came. others: by kind."""
        self.manifest = manifest
        self.proof = proof
        self.stored = stored
        self.is_reduced = is_reduced
        self.carrier = manifest.bundle
        self.letters: list[Parcel] = []
        self.unapproved: list[tuple[Parcel, bytes]] = []
        self.snapshot = Snapshot(snapshot, manifest.vector)
        self.runs: list[Run] = []
        self.roots = set(self.snapshot.roots)
        self.operations = self.snapshot.operations
        self._others = others
        self._sections = sections
        self._places: list[tuple[int, int]] = []
        self._kept: dict[int, Columns] = {}
        self._last: tuple[int, Columns] | None = None
        self._rows: dict[int, list[columns.Run]] = {}
        for number, inflate in enumerate(sections):
            self._read(number, columns.unfolded(inflate()))

    def _read(self, number: int, section: Columns) -> None:
        for place, head in enumerate(section.heads):
            found = Run(
                head.origin,
                head.first,
                head.to,
                array("q", section.seq[head.places.start : head.places.stop]),
                head.ctx0,
                [Mark(*mark) for mark in head.ctx],
            )
            if not is_sound(found):
                raise BundleRejected(Reason.BAD_STRUCTURE, what="a run that contradicts itself")
            self.runs.append(found)
            self._places.append((number, place))
            self.operations += len(head.places)
        self.roots.update(map(itemgetter(2), section.records))
        if self.operations <= KEPT:
            self._kept[number] = section

    def ledger(self, *signing: bytes) -> tuple[Entry, ...]:
        """The lines of the erasure ledger that came, signed by one of these keys. Raises BundleRejected."""
        return unpack(self._others.get(LEDGER, ()), self.manifest.office, signing)

    def directory(self) -> tuple[bytes, bytes]:
        """The root that signs for the hub and what it signed; both empty if nothing came."""
        came = self.first(DIRECTORY)
        return came[:ROOT_BYTES], came[ROOT_BYTES:]

    def first(self, kind: str) -> bytes:
        """The section of this kind; empty if none came."""
        return next((inflate() for inflate in self._others.get(kind, ())), b"")

    def contents(self, kind: str) -> Iterator[bytes]:
        """The sections of this kind, one after the other."""
        return (inflate() for inflate in self._others.get(kind, ()))

    def ops(self, run: int) -> Sequence[OpRow]:
        """The operations of the run of this index; sequential access is quick."""
        number, place = self._places[run]
        if number not in self._rows:
            # Of those that are not kept one at a time, dropped before the next one is unpacked.
            self._rows = {at: rows for at, rows in self._rows.items() if at in self._kept}
            self._rows[number] = self._section(number).runs()
            self._last = None
        return self._rows[number][place].ops

    def columns(self, run: int) -> tuple[Columns, range]:
        """As ops, still in columns: the section in which they are, and their places there."""
        number, place = self._places[run]
        section = self._section(number)
        return section, section.heads[place].places

    def _section(self, number: int) -> Columns:
        if number in self._kept:
            return self._kept[number]
        if self._last is None or self._last[0] != number:
            self._last = None  # as in ops
            self._last = number, columns.unfolded(self._sections[number]())
        return self._last[1]


class Parcels:
    """Several bundles as one: runs are numbered through."""

    def __init__(self, parcels: Sequence[Parcel]) -> None:
        self._parcels = parcels
        self.runs = [run for parcel in parcels for run in parcel.runs]
        self._owners = [(n, at) for n, one in enumerate(parcels) for at in range(len(one.runs))]

    def ops(self, run: int) -> Sequence[OpRow]:
        """The operations of the run of this index."""
        owner, at = self._owners[run]
        return self._parcels[owner].ops(at)

    def columns(self, run: int) -> tuple[Columns, range]:
        """As ops, still in columns: the section in which they are, and their places there."""
        owner, at = self._owners[run]
        return self._parcels[owner].columns(at)

    def owners(self, runs: Collection[int]) -> frozenset[bytes]:
        """The ids of the bundles that brought these runs."""
        return frozenset(self._parcels[self._owners[run][0]].carrier for run in runs)


def load(
    source: Source,
    receiving: Sequence[ReceivingKey],
    trust: Trust,
    *,
    retired: Collection[bytes] = (),
    check: Callable[[Loaded], None] = lambda _: None,
) -> Parcel:
    """The bundle source, verified to its end. Raises BundleRejected.

    check: looks at what came whole and is not unpacked yet, and raises BundleRejected.
    """
    loaded = bundle.load(source, receiving, trust, retired=retired)
    check(loaded)
    return Parcel(
        loaded.manifest,
        loaded.proof,
        loaded.inflaters(OPS),
        stored=loaded.stored(OPS, SNAPSHOT),
        snapshot=loaded.inflaters(SNAPSHOT),
        others={kind: loaded.inflaters(kind) for kind in _OTHERS},
    )
