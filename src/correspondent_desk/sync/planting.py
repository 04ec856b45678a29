"""The bulk of a first snapshot: records that one operation wrote and of which nothing is here.

There is nothing to merge and nobody to ask, so such records are never made into objects: the columns
in which they travel become the columns of their tables. Indexes are made when the rows are there.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, repeat

from correspondent_desk.domain.delivery import Vector
from correspondent_desk.domain.fields import REMOVED, Kind
from correspondent_desk.store import indexes, landing, operations, stamps, values, writing
from correspondent_desk.store.values import NotOfType
from correspondent_desk.sync.columns import Columns, Head
from correspondent_desk.sync.merging import REFRESHING, Merging
from correspondent_desk.sync.snapshot import Snapshot

PLANTED_FROM = 2_000
"""Fewer operations are not worth making the indexes anew."""
_MOST_THERE = 10
"""Where one record in so many is here already, indexes are better kept up row by row."""


@dataclass(slots=True)
class Bed:
    """Operations of one origin on new records of one kind that write the same fields.

    places: where they stand in the section. fields: a column for each. ids: once they have one.
    uids, roots: the records and what they belong to.
    """

    section: Columns
    origin: bytes
    kind: Kind
    places: Sequence[int]
    fields: Mapping[int, Sequence[object]]
    ids: list[int] = field(default_factory=list)
    uids: list[bytes] = field(init=False)
    roots: list[bytes] = field(init=False)

    def __post_init__(self) -> None:
        section = self.section
        named = [section.records[section.record[at]] for at in self.places]
        self.uids = [uid for uid, _, _ in named]
        self.roots = [root for _, _, root in named]

    def along(self, column: Sequence[int]) -> list[int]:
        """What stands at their places in a column of the section."""
        return [column[at] for at in self.places]


@dataclass(slots=True)
class Planted:
    """Records that were put down, and the sections of which nothing is left to do."""

    records: set[bytes] = field(default_factory=set)
    sections: set[int] = field(default_factory=set)


class Planting(Merging):
    """An import that may put down whole columns."""

    def plant(
        self, snapshot: Snapshot, have: Vector, is_erased: Callable[[bytes, bytes], bool]
    ) -> Planted:
        """Put down what can be: these records are done with, and of all others nothing was done.

        have: how far this store has seen each origin.
        """
        planted = Planted()
        there: dict[bytes, int] = dict(self._connection.execute("SELECT uid, id FROM record"))
        is_much = snapshot.operations >= max(PLANTED_FROM, len(there) * _MOST_THERE)
        if not self._writes or not is_much:
            return planted
        self._ids.update(there)
        with indexes.following(self._connection, is_founding=True) as members:
            for number, found in enumerate(snapshot.columns()):
                left = len(found.seq)
                may = [
                    not (record in there or record in snapshot.repeated or is_erased(record, root))
                    for record, _, root in found.records
                ]
                for bed in _beds(found, may, have):
                    if self._put_down(bed, there.values()):
                        planted.records.update(bed.uids)
                        left -= len(bed.ids)
                        if bed.kind is Kind.MEMBER:
                            members.extend(bed.ids)
                if not left:
                    planted.sections.add(number)
            self._write_lines(())  # what was only referred to so far
        return planted

    def _put_down(self, bed: Bed, there: Collection[int]) -> bool:
        """Whether all of it fits the store; if one value does not, nothing is written."""
        try:
            columns = landing.table(bed.kind).columns_of(bed.fields, self._number_of)
        except NotOfType:
            return False
        bed.ids += map(self._number_of, bed.uids)
        for uid in bed.uids:
            self._fresh.pop(uid, None)
        roots = [self._number_of(root) for root in bed.roots]
        landing.insert(self._session, bed.kind, bed.ids, columns)
        self._write_down(bed, roots)
        self._note_planted(bed, set(roots).intersection(there))
        return True

    def _number_of(self, uid: bytes) -> int:
        """As _id_of, where all that the store has seen is known."""
        return self._ids.get(uid) or self._allot(uid)

    def _write_down(self, bed: Bed, roots: Sequence[int]) -> None:
        """Who wrote it, as record and history tell."""
        origin = self._origins.number(bed.origin)
        seqs, ticks = bed.along(bed.section.seq), bed.along(bed.section.stamp)
        written = map(stamps.stamper(origin, list(bed.fields)), seqs, ticks)
        writing.add_records(
            self._connection,
            zip(bed.ids, bed.uids, repeat(int(bed.kind), len(seqs)), roots, written, strict=True),
        )
        writing.log_made(
            self._connection,
            zip(
                repeat(origin, len(seqs)),
                seqs,
                bed.ids,
                ticks,
                self._actions(origin, bed, roots),
                _bodies(bed),
                strict=True,
            ),
        )
        self._origins.observe(origin, max(ticks))

    def _actions(self, origin: int, bed: Bed, roots: Sequence[int]) -> list[int]:
        """The action of each operation; those of one stand together."""
        found: list[int] = []
        for _, together in groupby(bed.places, key=bed.section.group.__getitem__):
            first, *others = together
            op = bed.section.op(bed.origin, first)
            last = bed.section.seq[others[-1]] if others else op.seq
            action = self.actions.several(origin, op, roots[len(found)], len(others) + 1, last)
            found += repeat(action, len(others) + 1)
        return found

    def _note_planted(self, bed: Bed, roots: Collection[int]) -> None:
        """roots: those of them that were here before."""
        outcome = self.outcome
        outcome.operations += len(bed.ids)
        outcome.people.update(bed.section.person[at] for at in bed.places)
        outcome.new[bed.kind].update(bed.ids)
        operations.of(self._session).note_changed(bed.kind, bed.ids, ())
        if bed.kind in REFRESHING:
            self._met.update(bed.ids)
        removals = zip(bed.ids, bed.fields.get(REMOVED, ()), strict=False)
        removed = [id_ for id_, at in removals if at is not None]
        outcome.removed[bed.kind].update(removed)
        self._touched.update(dict.fromkeys(removed, int(bed.kind)))
        self._roots.update(roots)


def _beds(found: Columns, may: Sequence[bool], have: Vector) -> Iterator[Bed]:
    """may: for each record of the section, whether it can be put down."""
    kinds = [
        landing.known_kind(kind) if is_wanted else None
        for is_wanted, (_, kind, _) in zip(may, found.records, strict=True)
    ]
    lines = found.lines()
    for head in found.heads:
        if not head.places or found.seq[head.places[0]] <= have.get(head.origin, 0):
            continue  # what was seen and is not here any more does not come back
        for (shape, kind), places in _alike(found, head, kinds).items():
            fields = zip(found.shapes[shape], found.values[shape], strict=True)
            if len(places) == len(found.shape):  # nothing else in this section
                yield Bed(found, head.origin, kind, places, dict(fields))
            else:
                chosen = [lines[at] for at in places]
                columns = {number: [column[at] for at in chosen] for number, column in fields}
                yield Bed(found, head.origin, kind, places, columns)


def _alike(
    found: Columns, head: Head, kinds: Sequence[Kind | None]
) -> dict[tuple[int, Kind], list[int]]:
    """The places of a run by shape and kind of record."""
    alike: dict[tuple[int, Kind], list[int]] = {}
    for at in head.places:
        kind = kinds[found.record[at]]
        if kind is not None:
            alike.setdefault((found.shape[at], kind), []).append(at)
    return alike


def _bodies(bed: Bed) -> Iterator[bytes]:
    numbers = tuple(bed.fields)
    if not numbers:
        return repeat(values.encode({}), len(bed.places))
    rows = zip(*bed.fields.values(), strict=True)
    return (values.encode(dict(zip(numbers, row, strict=True))) for row in rows)
