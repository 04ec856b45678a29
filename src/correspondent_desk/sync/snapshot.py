"""A whole office without its past: the operations of which something is still shown or in dispute.

A snapshot is a log from which all that was replaced is left out. Of each origin the operations with a
value that stands somewhere remain, with these fields only, and all marks of what the origin had seen:
by them a removal is judged (so field 1 needs no vector of its own). It is packed like `ops`, under the
section kind `snapshot`; its vector is the bundle's. `domain.merge.merge_snapshot` says how two stores
unite, `sync.uniting` does it here, and `hub.snapshots` makes one of the hub's log.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from correspondent_desk.domain.delivery import Mark, Vector
from correspondent_desk.sync import columns
from correspondent_desk.sync.columns import OPS_PER_SECTION, Columns, OpRow, Run, Seen
from correspondent_desk.sync.rejection import BundleRejected, Reason

SNAPSHOT = "snapshot"
FEATURE = "snapshot1"
"""What a bundle with a snapshot requires: a desk that skipped it would believe that it had it."""

_Entry = tuple[bytes, int, frozenset[int]]


class Survivors:
    """Which fields of which operations still stand, worked out from a log by reading it once.

    Operations must come as they were delivered: each after all that its author had seen. It keeps
    some 200 bytes a record and none of the values.
    """

    def __init__(self) -> None:
        self._records: dict[bytes, tuple[_Entry, ...]] = {}
        self._sets: dict[frozenset[int], frozenset[int]] = {}

    def take(
        self, origin: bytes, seq: int, record: bytes, fields: Collection[int], seen: Vector
    ) -> None:
        """The next operation: what its author had seen of its fields, it replaces."""
        written = self._one(frozenset(fields))
        kept: list[_Entry] = []
        for entry in self._records.get(record, ()):
            author, number, left = entry
            if author != origin and number > seen.get(author, 0):
                kept.append(entry)
            elif rest := left - written:
                kept.append((author, number, self._one(rest)))
        self._records[record] = (*kept, (origin, seq, written))

    def _one(self, fields: frozenset[int]) -> frozenset[int]:
        """The same set for equal ones: there are few, and millions of operations."""
        return self._sets.setdefault(fields, fields)

    def by_origin(self) -> dict[bytes, dict[int, frozenset[int]]]:
        """Of each origin, the numbers of the operations that still stand, with their fields."""
        found: dict[bytes, dict[int, frozenset[int]]] = {}
        for entries in self._records.values():
            for origin, seq, fields in entries:
                found.setdefault(origin, {})[seq] = fields
        return found


def runs(
    origin: bytes,
    hi: int,
    marks: Sequence[Mark],
    ops: Iterable[OpRow],
    standing: Mapping[int, frozenset[int]],
) -> Iterator[Run]:
    """What a snapshot holds of one origin, of which operations up to hi have been seen.

    ops: all of it that there are, in order; standing: as Survivors tells. Read lazily.
    """
    first, left = 0, [Seen(*mark) for mark in marks]
    kept: list[OpRow] = []
    for op in ops:
        fields = standing.get(op.seq)
        if fields is None:
            continue
        if len(kept) == OPS_PER_SECTION:
            last = kept[-1].seq
            yield Run(origin, first, last, {}, [m for m in left if m.seq <= last], kept)
            first, left, kept = last, [m for m in left if m.seq > last], []
        kept.append(
            op
            if len(fields) == len(op.fields)
            else op._replace(fields={n: v for n, v in op.fields.items() if n in fields})
        )
    yield Run(origin, first, hi, {}, left, kept)


def pack(found: Iterable[Run]) -> Iterator[bytes]:
    """The sections of a snapshot."""
    return columns.pack(found)


class Snapshot:
    """A snapshot that came. Its sections stay compressed and are unpacked one by one.

    repeated: the records that more than one operation wrote.
    """

    def __init__(self, sections: Sequence[Callable[[], bytes]], vector: Vector) -> None:
        """vector: of the bundle. Raises BundleRejected for sections that do not fit it or each other."""
        self._sections = sections
        self.operations = 0
        self.roots: set[bytes] = set()
        self.marks: dict[bytes, list[Mark]] = {}
        self.repeated: set[bytes] = set()
        met: set[bytes] = set()
        reached: dict[bytes, int] = {}
        for inflate in sections:
            found = columns.unfolded(inflate())
            for head in found.heads:
                if head.first < reached.get(head.origin, 0) or head.to > vector.get(head.origin, 0):
                    raise BundleRejected(Reason.BAD_STRUCTURE, what="a snapshot beyond its vector")
                reached[head.origin] = head.to
                self.marks.setdefault(head.origin, []).extend(Mark(*mark) for mark in head.ctx)
            self.operations += len(found.seq)
            self.roots.update(root for _, _, root in found.records)
            self._note_repeated(found, met)

    def __bool__(self) -> bool:
        return bool(self._sections)

    def columns(self) -> Iterator[Columns]:
        """The sections, one by one."""
        for inflate in self._sections:
            yield columns.unfolded(inflate(), is_again=True)

    def ops(
        self, wanted: Callable[[bytes], bool], besides: Collection[int] = ()
    ) -> Iterator[OpRow]:
        """The operations on wanted records, by origin; besides: sections in which there are none."""
        for number, inflate in enumerate(self._sections):
            if number not in besides:
                yield from columns.unfolded(inflate(), is_again=True).ops(wanted)

    def _note_repeated(self, found: Columns, met: set[bytes]) -> None:
        """met: records of the sections before."""
        named = {record for record, _, _ in found.records}
        self.repeated |= named & met
        met |= named
        if len(found.record) > len(found.records):
            often = Counter(found.record)
            self.repeated.update(found.records[n][0] for n, times in often.items() if times > 1)
