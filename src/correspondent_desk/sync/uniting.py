"""Taking in a snapshot: what this store holds is united with it, work that was never sent included.

A record that is not here yet is simply added. Of others both sides are compared field by field, for a
value that one side lacks although it has seen it was replaced there.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from correspondent_desk.domain.delivery import Mark, Vector, join
from correspondent_desk.domain.fields import REMOVED, Rule
from correspondent_desk.domain.merge import Held, merge, merge_snapshot
from correspondent_desk.domain.rules import RULES, Dot
from correspondent_desk.store import values
from correspondent_desk.store.erasing import Erased
from correspondent_desk.store.session import Session
from correspondent_desk.sync.columns import OpRow
from correspondent_desk.sync.held import Loaded
from correspondent_desk.sync.merging import BATCH, Due
from correspondent_desk.sync.origins import Origins
from correspondent_desk.sync.planting import Planted, Planting
from correspondent_desk.sync.snapshot import Snapshot


class Uniting(Planting):
    """One import of a snapshot. theirs: how far its maker has seen each origin."""

    def __init__(self, session: Session, origins: Origins, theirs: Vector, *, writes: bool) -> None:
        super().__init__(session, origins, writes=writes)
        self._have = origins.vector
        self._theirs = theirs
        self._marks: Mapping[bytes, Sequence[Mark]] = {}

    def take_all(self, snapshot: Snapshot, erased: Erased) -> None:
        """Unite, and afterwards `finish`. erased: records of which nothing is to be taken."""
        here = {
            uid
            for (uid,) in self._connection.execute("SELECT uid FROM record WHERE stamp IS NOT NULL")
        }
        self._marks = snapshot.marks
        planted = self.plant(snapshot, self._have, erased.covers)
        known: list[OpRow] = []
        for batch in _batched([op] for op in self._unknown(snapshot, planted, here, known, erased)):
            self.take(batch)
        for batch in _batched(_by_record(known)):
            self._compare(batch)

    def _unknown(
        self,
        snapshot: Snapshot,
        planted: Planted,
        here: Collection[bytes],
        known: list[OpRow],
        erased: Erased,
    ) -> Iterator[OpRow]:
        """Operations on records that are not here; those on records that are go into known."""
        for op in snapshot.ops(lambda record: record not in planted.records, planted.sections):
            if op.record in here:
                known.append(op)
            elif not erased.covers(op.record, op.root):
                yield op

    def take(self, batch: Sequence[Due]) -> None:
        """As of Merging, for records of which this store had nothing before the snapshot."""
        records = self._load(batch)
        new = [due for due in batch if self._is_new(due[0])]
        for op, _ in new:
            self._add(self._records[op.record], op)
        self._count(new, records)
        self._end(records)

    def _compare(self, batch: Sequence[Due]) -> None:
        """For records that are here; a batch holds all that the snapshot has of each."""
        ops = self._by_record(batch, self._load(batch))
        records = [one for one, of_record in ops if self._unite(one, of_record)]
        changed = {one.id for one in records}
        self._count(
            [
                (op, {})
                for one, of_record in ops
                if one.id in changed
                for op in of_record
                if self._is_new(op)
            ],
            records,
        )
        self._end(records)

    def _note_removers(self, batch: Iterable[Due]) -> None:
        for op, _ in batch:
            if REMOVED in op.fields:
                marks = self._marks.get(op.origin, ())
                self._removers_saw[_dot(op)] = join(
                    *({mark.origin: mark.hi} for mark in marks if mark.seq <= op.seq)
                )

    def _is_new(self, op: OpRow) -> bool:
        return op.seq > self._have.get(op.origin, 0)

    def _by_record(
        self, batch: Sequence[Due], records: Sequence[Loaded]
    ) -> list[tuple[Loaded, list[OpRow]]]:
        found: dict[int, list[OpRow]] = {}
        for op, _ in batch:
            found.setdefault(self._records[op.record].id, []).append(op)
        return [(one, found[one.id]) for one in records]

    def _add(self, record: Loaded, op: OpRow) -> None:
        """Nothing here has seen it and it has seen nothing here: as if both were written at once."""
        is_first = record.is_untouched
        if is_first:
            record.once = op
        else:
            merge(record.held, _dot(op), op.fields, {}, RULES.get(record.kind, {}))
        self._keep(record, op, is_creation=is_first)

    def _unite(self, record: Loaded, ops: Sequence[OpRow]) -> bool:
        """Whether that changed anything here."""
        was_new = record.is_untouched
        held, rules = record.held, RULES.get(record.kind, {})
        before = dict(held.dots), dict(held.beside)
        shown = {n: held.values[n] for op in ops for n in op.fields}
        merge_snapshot(held, _held(ops, rules), self._have, self._theirs, rules)
        if (held.dots, held.beside) == before:
            return False
        self._note_met_before(record, shown)
        for op in sorted(ops, key=lambda op: op.stamp):
            if self._is_new(op):
                self._keep(record, op, is_creation=was_new)
                was_new = False
        return True

    def _keep(self, record: Loaded, op: OpRow, *, is_creation: bool) -> None:
        """A line of history: who wrote what stands there; of what it replaced nothing is known."""
        if self._writes:
            self._log_op(record, op, None if is_creation else values.encode({}))


def _batched(together: Iterable[Sequence[OpRow]]) -> Iterator[list[Due]]:
    """Operations in batches; those given together are not parted."""
    batch: list[Due] = []
    for ops in together:
        batch += [(op, {}) for op in ops]
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _by_record(ops: Iterable[OpRow]) -> Iterator[list[OpRow]]:
    ordered = sorted(ops, key=lambda op: op.record)
    for _, together in groupby(ordered, key=lambda op: op.record):
        yield list(together)


def _dot(op: OpRow) -> Dot:
    return Dot(op.origin, op.seq, op.stamp)


def _held(ops: Sequence[OpRow], rules: Mapping[int, Rule]) -> Held:
    """One record of a snapshot. Which of several values is shown follows from the values."""
    held = Held()
    for op in sorted(ops, key=lambda op: op.seq):
        merge(held, _dot(op), op.fields, {}, rules)
    return held
