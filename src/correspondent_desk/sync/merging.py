"""Taking in what other desks wrote: operations in batches, each read, merged and written at once.

`domain.merge` decides; here stands what it is given and what becomes of its answer. A preview does
the same with a reading session and writes nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import TypeAlias

from correspondent_desk.domain import clock
from correspondent_desk.domain.delivery import Vector
from correspondent_desk.domain.fields import REMOVED, Kind
from correspondent_desk.domain.fields import field as field_named
from correspondent_desk.domain.merge import Held, merge
from correspondent_desk.domain.rules import RULES, Dot
from correspondent_desk.store import derived, identity, landing, operations, stamps, values, writing
from correspondent_desk.store.identity import UNKNOWN_KIND, raw
from correspondent_desk.store.landing import Landed, Place, Unfit
from correspondent_desk.store.session import Session
from correspondent_desk.sync import removals
from correspondent_desk.sync.beside import Beside
from correspondent_desk.sync.columns import OpRow
from correspondent_desk.sync.foreign import ForeignActions
from correspondent_desk.sync.held import Loaded
from correspondent_desk.sync.origins import Origins
from correspondent_desk.sync.outcome import Outcome
from correspondent_desk.sync.replaced import Replaced
from correspondent_desk.sync.written import Foreseen, Written

BATCH = 20_000
MOST_PREVIEWED = 200_000
"""A preview that forgets, to spare memory, may count a disagreement of a huge bundle wrongly."""

_MEMBER_OF: Mapping[int, int] = {
    kind: field_named(kind, "member_id").id for kind in (Kind.CONTACT, Kind.MEETING)
}


Due: TypeAlias = tuple[OpRow, Vector]
"""An operation whose turn has come, and what its author had seen."""


def _unseen(held: Held, op: OpRow, seen: Vector) -> set[int]:
    """Fields that somebody else wrote while the author of op did not know."""
    return {
        number
        for number, dot in held.dots.items()
        if dot.origin != op.origin and dot.seq > seen.get(dot.origin, 0)
    }


class Merging:
    """One import. Give it batches in the order of delivery, then `finish`."""

    def __init__(self, session: Session, origins: Origins, *, writes: bool) -> None:
        self.outcome = Outcome()
        self.actions = ForeignActions(session)
        self._session = session
        self._connection = raw(session)
        self._writes = writes
        self._origins = origins
        self._ids: dict[bytes, int] = {}
        self._next_id = landing.next_id(self._connection)
        self._fresh: dict[bytes, int] = {}
        self._records: dict[bytes, Loaded] = {}
        self._log: list[writing.Line] = []
        self._replaced = Replaced(self._connection, origins)
        self._met_before: set[int] = set()
        self._met: set[int] = set()
        self._touched: dict[int, int] = {}
        self._roots: set[int] = set()
        self._removers_saw: dict[Dot, Vector] = {}
        self._beside = Beside(self._connection, origins)
        self._author = b""
        self._seen: Vector | None = None
        self._reach: Mapping[int, int] = {}

    def take(self, batch: Sequence[Due]) -> None:
        """Merge these operations, and write what became of their records."""
        records = self._load(batch)
        for op, seen in batch:
            self._merge(self._records[op.record], op, seen)
        self._count(batch, records)
        self._end(records)

    def _end(self, records: Sequence[Loaded]) -> None:
        """Write what became of the records of a batch."""
        self._note_touched(records)
        if self._writes:
            self._write(records)
        if self._writes or len(self._records) > MOST_PREVIEWED:
            self._records.clear()

    def _note_touched(self, records: Sequence[Loaded]) -> None:
        """Whose removal may be shown otherwise from now on: a new record was not removed before."""
        for one in records:
            # But a new document may keep its request in view.
            if not one.is_new or REMOVED in one.written or one.kind == Kind.DOCUMENT:
                self._touched[one.id] = one.kind
            if not one.is_new or one.root != one.id:
                self._roots.add(one.root)

    def finish(self) -> None:
        """After the last batch and the marks: removals, and what other rows repeat."""
        if self._writes:
            self.actions.write()
            written = Written(self._session, self._origins)
        else:
            written = Foreseen(
                self._session,
                self._origins,
                self._records.values(),
                self._removers_saw,
                self._id_of,
            )
        found = removals.judge(self._session, written, self._touched, self._roots)
        self.outcome.keep(found)
        if self._writes:
            removals.show(self._session, found)
            derived.refresh_days(self._session, self._met_before)
            derived.raise_days(self._session, self._met)

    def _id_of(self, uid: bytes) -> int:
        """The number of a record; one that was never seen gets a place."""
        found = self._ids.get(uid)
        if found is None:
            found = identity.find_id(self._session, uid)
            if found is None:
                return self._allot(uid)
            self._ids[uid] = found
        return found

    def _allot(self, uid: bytes) -> int:
        id_ = self._ids[uid] = self._fresh[uid] = self._next_id
        self._next_id += 1
        return id_

    # --- reading ----------------------------------------------------------------------------------

    def _load(self, batch: Sequence[Due]) -> list[Loaded]:
        """The records of the batch, each once."""
        named = {op.record: op for op, _ in batch}
        wanted = named.keys() - self._records.keys()
        found = landing.places(self._connection, wanted | self._mentioned(batch))
        self._ids.update((uid, place.id) for uid, place in found.items())
        old: dict[int, Loaded] = {}
        for uid, op in named.items():
            if uid in wanted:
                one = self._records[uid] = self._loaded(op, found.get(uid))
                if not one.is_new:
                    old[one.id] = one
        if old:
            self._load_columns(batch, old)
            self._beside.load(old)
        # In the order of their rows: neighbours stand on one page of the file.
        return sorted(map(self._records.__getitem__, named), key=attrgetter("id"))

    def _mentioned(self, batch: Iterable[Due]) -> set[bytes]:
        """Records that operations refer to or stand below, as far as they are not known yet."""
        found = {op.root for op, _ in batch if op.root != op.record}
        for op, _ in batch:
            known = landing.table_of(op.kind)
            if known is not None and not known.referring.isdisjoint(op.fields):
                found.update(known.mentioned(op.fields))
        return found - self._ids.keys()

    def _loaded(self, op: OpRow, place: Place | None) -> Loaded:
        if place is not None and place.kind != UNKNOWN_KIND:
            return Loaded(self._session, self._origins.uid, place, is_new=False)
        id_ = self._ids.get(op.record) or self._allot(op.record)
        place = Place(id_, op.kind, self._id_of(op.root), None)
        return Loaded(self._session, self._origins.uid, place, is_new=True)

    def _load_columns(self, batch: Iterable[Due], records: Mapping[int, Loaded]) -> None:
        numbers: defaultdict[int, set[int]] = defaultdict(set)
        ids: defaultdict[int, set[int]] = defaultdict(set)
        for op, _ in batch:
            one = self._records[op.record]
            if one.id in records:
                ids[one.kind].add(one.id)
                numbers[one.kind].update(op.fields)
        for number, of_kind in ids.items():
            kind = landing.known_kind(number)
            if kind is None:
                continue
            known = sorted(numbers[number] & landing.table(kind).fields.keys())
            rows = landing.stored_rows(self._connection, kind, known, of_kind)
            for id_, columns in rows.items():
                records[id_].columns = columns

    # --- merging ----------------------------------------------------------------------------------

    def _merge(self, record: Loaded, op: OpRow, seen: Vector) -> None:
        was = None
        is_unmerged = record.is_unmerged
        if is_unmerged and record.is_new:  # nobody has written it yet
            record.once = op
        elif is_unmerged and self._saw_all(record, op.origin, seen):
            if self._writes or record.kind in _MEMBER_OF:
                before = record.standing(op.fields)
                self._note_met_before(record, before)
                was = values.encode(before)
            record.once = op
        else:
            held = record.held
            before = {number: held.values[number] for number in op.fields}
            unseen = _unseen(held, op, seen)
            if not unseen <= op.fields.keys():
                self.outcome.parallel.add((record.kind, record.id))
            if self._writes:
                contested = op.fields.keys() & (unseen | held.beside.keys())
                was = values.encode(self._was(record, (op, seen), before, contested))
            self._note_met_before(record, before)
            dot = Dot(op.origin, op.seq, op.stamp)
            merge(held, dot, op.fields, seen, RULES.get(record.kind, {}))
        if self._writes:
            self._log_op(record, op, was)

    def _saw_all(self, record: Loaded, author: bytes, seen: Vector) -> bool:
        """Whether the author had seen all that stands there, so that it is replaced and no more."""
        if seen is not self._seen or author != self._author:  # the same for thousands
            self._seen, self._author = seen, author
            self._reach = self._origins.reach(author, seen)
        reach, saw_all = self._reach, not record.had_beside
        for origin, seq, _, _ in record.groups:
            saw_all = saw_all and seq <= reach.get(origin, 0)
        return saw_all

    def _log_op(self, record: Loaded, op: OpRow, was: bytes | None) -> None:
        origin = self._origins.number(op.origin)
        action = self.actions.of(origin, op, record.root)
        body = values.encode(op.fields)
        self._log.append((origin, op.seq, record.id, op.stamp, action, body, was))

    def _was(
        self, record: Loaded, due: Due, before: dict[int, object], contested: AbstractSet[int]
    ) -> dict[int, object]:
        """What an operation replaced, as its author knew it; see history.before in store.tables."""
        if not contested:
            return before
        op, seen = due
        found = dict(before)
        known = self._replaced.of(record, op.origin, op.seq, seen, self._log)
        for number in contested:
            every = [value.value for value in record.held.at(number)]
            found[-number] = [every[0], *(one for one in every[1:] if one != every[0])]
            found[number] = known.get(number, record.shown.blank(number))
        return found

    def _note_met_before(self, record: Loaded, before: Mapping[int, object]) -> None:
        """Whose contact or meeting it was until now: their last day changes too."""
        was = before.get(_MEMBER_OF.get(record.kind, 0))
        if isinstance(was, bytes):
            self._met_before.add(self._id_of(was))

    def _count(self, batch: Sequence[Due], records: Iterable[Loaded]) -> None:
        outcome = self.outcome
        outcome.operations += len(batch)
        outcome.people.update(op.person for op, _ in batch)
        if not self._writes:
            self._note_removers(batch)
        for one in records:
            outcome.count(one)

    def _note_removers(self, batch: Iterable[Due]) -> None:
        """What they had seen; nothing of a preview is written, where it could be read again."""
        for op, seen in batch:
            if REMOVED in op.fields:
                self._removers_saw[Dot(op.origin, op.seq, op.stamp)] = seen

    # --- writing ----------------------------------------------------------------------------------

    def _write(self, records: Sequence[Loaded]) -> None:
        landed: defaultdict[int, list[Landed]] = defaultdict(list)
        for one in records:
            landed[one.kind].append(Landed(one.id, one.is_new, one.written))
        unfit: list[Unfit] = []
        for number, rows in landed.items():
            kind = landing.known_kind(number)
            if kind is None:
                unfit += [Unfit(one.id, n, v) for one in rows for n, v in one.values.items()]
                continue
            unfit += landing.write(self._session, kind, rows, self._id_of)
            self._note_changed(kind, rows)
        self._write_lines(records)
        for origin, lines in groupby(self._log, itemgetter(0)):
            self._origins.observe(origin, clock.highest(line[3] for line in lines))
        writing.log(self._connection, self._log)
        self._log.clear()
        self._replaced.forget()
        self._beside.write(records, unfit)
        self.outcome.unshown += len(unfit)

    def _note_changed(self, kind: Kind, rows: Sequence[Landed]) -> None:
        """What is new can only raise a member's last day; of other changes it is worked out again."""
        current = operations.of(self._session)
        current.note_changed(kind, [row.id for row in rows if row.is_new], ())
        old = [row.id for row in rows if not row.is_new]
        current.note_changed(kind, old, REFRESHING.get(kind, ()))
        if kind in REFRESHING:
            self._met.update(row.id for row in rows if row.is_new)

    def _write_lines(self, records: Sequence[Loaded]) -> None:
        written = {one.id: one for one in records if one.is_new}
        new, mentioned = [], []
        for uid, id_ in self._fresh.items():
            one = written.pop(id_, None)
            if one is None:
                mentioned.append((id_, uid, UNKNOWN_KIND, id_))
            else:
                new.append((id_, uid, one.kind, one.root, self._stamp(one)))
        self._fresh.clear()
        writing.add_records(self._connection, new)
        self._connection.executemany(
            "INSERT INTO record(id, uid, kind, root) VALUES(?,?,?,?)", mentioned
        )
        self._connection.executemany(
            "UPDATE record SET stamp=?, kind=?, root=? WHERE id=?",
            [(self._stamp(one), one.kind, one.root, id_) for id_, one in written.items()],
        )
        known = [(self._stamp(one), one.id) for one in records if not one.is_new]
        writing.restamp(self._connection, known)

    def _stamp(self, one: Loaded) -> bytes:
        if one.once is not None:
            op = one.once
            dot = self._origins.number(op.origin), op.seq, op.stamp
            return stamps.rewritten(one.groups, op.fields, dot)
        groups: defaultdict[Dot, list[int]] = defaultdict(list)
        for number, origin_dot in one.held.dots.items():
            groups[origin_dot].append(number)
        return stamps.packed(
            (self._origins.number(origin), seq, at, numbers)
            for (origin, seq, at), numbers in groups.items()
        )


# Whose last contact this is, is worked out for members of what is named here, after the action.
REFRESHING: Mapping[Kind, tuple[int, ...]] = {
    Kind.CONTACT: (REMOVED,),
    Kind.MEETING: (REMOVED,),
}
