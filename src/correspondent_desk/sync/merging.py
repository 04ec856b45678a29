"""Taking in what other desks wrote: operations in batches, each read, merged and written at once.

`domain.merge` decides; here stands what it is given and what becomes of its answer. A preview does
the same with a reading session and writes nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from correspondent_desk.domain.delivery import Vector
from correspondent_desk.domain.fields import REMOVED, Kind, Rule
from correspondent_desk.domain.fields import field as field_named
from correspondent_desk.domain.merge import Held, merge
from correspondent_desk.domain.rules import RULES, Dot, Value, judge
from correspondent_desk.store import derived, identity, landing, operations, stamps, values
from correspondent_desk.store.identity import UNKNOWN_KIND, raw
from correspondent_desk.store.landing import Landed
from correspondent_desk.sync.columns import OpRow
from correspondent_desk.sync.foreign import ForeignActions
from correspondent_desk.sync.origins import Origins

BATCH = 4_000

_MEMBER_OF: Mapping[int, int] = {
    kind: field_named(kind, "member_id").id for kind in (Kind.CONTACT, Kind.MEETING)
}
_IN = "record IN (SELECT value FROM json_each(?))"


class Due(NamedTuple):
    """An operation whose turn has come, and what its author had seen."""

    op: OpRow
    seen: Vector


@dataclass(slots=True)
class Outcome:
    """What an import does to the records of this store; in a preview ids of new ones are made up.

    new, changed, removed: ids by number of the kind. open: by number of the kind and id, the values
    of fields that a person may settle. parallel: kinds and ids of records of which others wrote
    other fields at the same time. unshown: values of a wrong type or of a newer version, kept and
    not shown. people: operations by who made them.
    """

    operations: int = 0
    new: defaultdict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    changed: defaultdict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    removed: defaultdict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    open: dict[tuple[int, int], list[int]] = field(default_factory=dict)
    parallel: set[tuple[int, int]] = field(default_factory=set)
    unshown: int = 0
    people: Counter[str] = field(default_factory=Counter)


def to_settle(kind: int, held: Held) -> list[int]:
    """Fields with values that differ and that no rule of a machine has settled for good.

    Those whose newest value is shown are among them: nobody has to settle them, somebody may.
    """
    rules = RULES.get(kind, {})
    return [number for number in held.beside if may_settle(rules.get(number), held.at(number))]


def may_settle(rule: Rule | None, found: Sequence[Value]) -> bool:
    """Whether a field with these concurrent values is listed; None: a field of a newer version."""
    if rule is None or len(found) < 2:  # noqa: PLR2004 - one value agrees with itself
        return False
    if rule is Rule.NEWEST:
        return any(value.value != found[0].value for value in found)
    return judge(rule, found).is_open


def _is_parallel(held: Held, op: OpRow, seen: Vector) -> bool:
    """Whether somebody wrote other fields of the record while the author of op did not know."""
    return any(
        number not in op.fields and dot.origin != op.origin and dot.seq > seen.get(dot.origin, 0)
        for number, dot in held.dots.items()
    )


class _Shown(dict[int, object]):
    """Values set by this import; what is asked for besides is read and not kept."""

    def __init__(self, state: "_State") -> None:
        super().__init__()
        self._state = state

    def __missing__(self, number: int) -> object:
        return self._state.read(number)


class _State:
    """One record while operations on it are merged. is_new: it has no row yet."""

    __slots__ = ("columns", "extras", "had_beside", "held", "id", "is_first", "is_new", "kind",
                 "merging", "root")  # fmt: skip

    def __init__(self, merging: "Merging", id_: int, kind: int, root: int, *, is_new: bool) -> None:
        self.merging = merging
        self.id = id_
        self.kind = kind
        self.root = root
        self.is_new = self.is_first = is_new
        self.columns: Mapping[str, Any] = {}
        self.extras: dict[int, object] = {}
        self.had_beside = False
        self.held = Held(values=_Shown(self))

    def read(self, number: int) -> object:
        """The shown value of a field, as this store holds it."""
        if number in self.extras:
            return self.extras[number]
        kind = landing.known_kind(self.kind)
        if kind is None:
            return None
        known = landing.table(kind)
        if number not in known.fields or self.is_new:
            return known.blank_wire.get(number)
        if known.fields[number].columns[0] not in self.columns:
            self.columns = {**self.columns, **self.merging.one_row(kind, number, self.id)}
        return known.wire(number, self.columns, self.merging.uid_of)


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
        self._states: dict[bytes, _State] = {}
        self._log: list[tuple[object, ...]] = []
        self._met_before: set[int] = set()
        has_siblings, has_extras = self._connection.execute(
            "SELECT EXISTS (SELECT 1 FROM sibling), EXISTS (SELECT 1 FROM extra)"
        ).fetchone()
        self._has_siblings, self._has_extras = bool(has_siblings), bool(has_extras)

    def take(self, batch: Sequence[Due]) -> None:
        """Merge these operations, and write what became of their records."""
        states = self._load(batch)
        for due in batch:
            self._merge(self._states[due.op.record], due)
        self._count(states)
        if self._writes:
            self._write(states)
            self._states.clear()

    def finish(self) -> None:
        """After the last batch: what other rows repeat of the records written."""
        if self._writes:
            self.actions.write()
            derived.refresh_days(self._session, self._met_before)

    def uid_of(self, id_: int) -> bytes:
        """The id that travels of a record that has a line here."""
        return identity.uid_of(self._session, id_)

    def one_row(self, kind: Kind, number: int, id_: int) -> Mapping[str, Any]:
        """The columns of one field of one record."""
        return landing.stored_rows(self._connection, kind, [number], [id_])[id_]

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

    def _load(self, batch: Sequence[Due]) -> list[_State]:
        """The states of all records of the batch, each once."""
        named = {due.op.record: due.op for due in batch}
        wanted = named.keys() - self._states.keys()
        found = landing.places(self._connection, wanted | self._mentioned(batch))
        self._ids.update((uid, place.id) for uid, place in found.items())
        old: dict[int, _State] = {}
        for due in batch:
            uid = due.op.record
            if uid not in self._states:
                state = self._states[uid] = self._state(due.op, found.get(uid))
                if not state.is_new:
                    old[state.id] = state
        if old:
            self._load_beside(old)
            self._load_columns(batch, old)
        return [self._states[uid] for uid in named]

    def _mentioned(self, batch: Iterable[Due]) -> set[bytes]:
        found = set()
        for op, _ in batch:
            found.add(op.root)
            kind = landing.known_kind(op.kind)
            if kind is not None:
                known = landing.table(kind)
                for number in op.fields.keys() & known.references:
                    found.update(known.mentioned(number, op.fields[number]))
        return found - self._ids.keys()

    def _state(self, op: OpRow, place: landing.Place | None) -> _State:
        if place is None or place.kind == UNKNOWN_KIND:
            id_ = self._ids.get(op.record) or self._allot(op.record)
            return _State(self, id_, op.kind, self._id_of(op.root), is_new=True)
        state = _State(self, place.id, place.kind, place.root, is_new=False)
        for number, dot in stamps.unpack(place.stamp).items():
            state.held.dots[number] = Dot(self._origins.uid(dot.origin), dot.seq, dot.stamp)
        return state

    def _load_beside(self, states: Mapping[int, _State]) -> None:
        chosen = (values.to_json(list(states)),)
        if self._has_siblings:
            found: defaultdict[tuple[int, int], list[Value]] = defaultdict(list)
            for id_, number, origin, seq, stamp, value in self._connection.execute(
                f"SELECT record, field, origin, seq, stamp, value FROM sibling WHERE {_IN}",  # noqa: S608
                chosen,
            ):
                dot = Dot(self._origins.uid(origin), seq, stamp)
                found[id_, number].append(Value(dot, values.decode_one(value)))
            for (id_, number), beside in found.items():
                beside.sort(key=lambda v: (v.dot.stamp, v.dot.origin, v.dot.seq), reverse=True)
                states[id_].held.beside[number] = tuple(beside)
                states[id_].had_beside = True
        if self._has_extras:
            for id_, number, value in self._connection.execute(
                f"SELECT record, field, value FROM extra WHERE {_IN}",  # noqa: S608
                chosen,
            ):
                states[id_].extras[number] = values.decode_one(value)

    def _load_columns(self, batch: Iterable[Due], states: Mapping[int, _State]) -> None:
        numbers: defaultdict[Kind, set[int]] = defaultdict(set)
        ids: defaultdict[Kind, set[int]] = defaultdict(set)
        for op, _ in batch:
            state = self._states[op.record]
            kind = landing.known_kind(state.kind)
            if kind is not None and state.id in states:
                ids[kind].add(state.id)
                numbers[kind] |= op.fields.keys() & landing.table(kind).fields.keys()
        for kind, of_kind in ids.items():
            rows = landing.stored_rows(self._connection, kind, sorted(numbers[kind]), of_kind)
            for id_, columns in rows.items():
                states[id_].columns = columns

    # --- merging ----------------------------------------------------------------------------------

    def _merge(self, state: _State, due: Due) -> None:
        op, held = due.op, state.held
        dot = Dot(op.origin, op.seq, op.stamp)
        before = None
        if state.is_first:
            state.is_first = False
            held.dots.update(dict.fromkeys(op.fields, dot))
            held.values.update(op.fields)
        else:
            before = {number: held.values[number] for number in op.fields}
            if _is_parallel(held, op, due.seen):
                self.outcome.parallel.add((state.kind, state.id))
            self._note_met_before(state, before)
            merge(held, dot, op.fields, due.seen, RULES.get(state.kind, {}))
        self.outcome.operations += 1
        self.outcome.people[op.person] += 1
        if self._writes:
            origin = self._origins.number(op.origin)
            self._origins.observe(origin, op.stamp)
            action = self.actions.of(origin, op, state.root)
            was = None if before is None else values.encode(before)
            body = values.encode(op.fields)
            self._log.append((origin, op.seq, state.id, op.stamp, action, body, was))

    def _note_met_before(self, state: _State, before: Mapping[int, object]) -> None:
        """Whose contact or meeting it was until now: their last day changes too."""
        was = before.get(_MEMBER_OF.get(state.kind, 0))
        if isinstance(was, bytes):
            self._met_before.add(self._id_of(was))

    def _count(self, states: Iterable[_State]) -> None:
        outcome = self.outcome
        for state in states:
            if state.is_new:
                outcome.new[state.kind].add(state.id)
            elif state.id not in outcome.new[state.kind]:
                outcome.changed[state.kind].add(state.id)
            if dict.__contains__(state.held.values, REMOVED):
                gone = outcome.removed[state.kind]
                (gone.discard if state.held.values[REMOVED] is None else gone.add)(state.id)
            open_ = to_settle(state.kind, state.held) if state.held.beside else []
            if open_:
                outcome.open[state.kind, state.id] = open_
            else:
                outcome.open.pop((state.kind, state.id), None)

    # --- writing ----------------------------------------------------------------------------------

    def _write(self, states: Sequence[_State]) -> None:
        landed: defaultdict[Kind, list[Landed]] = defaultdict(list)
        shown: list[tuple[int, int]] = []
        unshown: list[tuple[int, int, bytes]] = []
        for state in states:
            kind = landing.known_kind(state.kind)
            columns: dict[str, Any] = {}
            for number in sorted(state.held.values):
                value = state.held.values[number]
                try:
                    columns.update(self._columns(kind, number, value))
                    shown.append((state.id, number))
                except values.NotOfType:
                    unshown.append((state.id, number, values.encode(value)))
            if kind is not None:
                landed[kind].append(Landed(state.id, state.is_new, columns))
        self._write_lines(states)
        for kind, rows in landed.items():
            landing.write(self._session, kind, rows)
            operations.of(self._session).note_changed(
                kind, [row.id for row in rows], _REFRESHING.get(kind, ())
            )
        self._connection.executemany(operations.LOG, self._log)
        self._log.clear()
        self._write_beside(states)
        self._write_unshown(shown, unshown)

    def _columns(self, kind: Kind | None, number: int, value: object) -> dict[str, Any]:
        """The columns of a field as stored. Raises NotOfType, also for what is unknown here."""
        known = landing.table(kind) if kind is not None else None
        if known is None or number not in known.fields:
            raise values.NotOfType
        stored = known.stored(number, value, self._id_of)
        return dict(zip(known.fields[number].columns, stored, strict=True))

    def _write_lines(self, states: Iterable[_State]) -> None:
        lines = {state.id: (self._stamp(state.held), state.kind, state.root) for state in states}
        new = []
        for uid, id_ in self._fresh.items():
            stamp, kind, root = lines.pop(id_, (None, UNKNOWN_KIND, id_))
            new.append((id_, uid, kind, root, stamp))
        self._fresh.clear()
        self._connection.executemany(
            "INSERT INTO record(id, uid, kind, root, stamp) VALUES(?,?,?,?,?)", new
        )
        self._connection.executemany(
            "UPDATE record SET stamp=?, kind=?, root=? WHERE id=?",
            [(*line, id_) for id_, line in lines.items()],
        )

    def _stamp(self, held: Held) -> bytes:
        return stamps.pack(
            {
                number: stamps.Dot(self._origins.number(origin), seq, at)
                for number, (origin, seq, at) in held.dots.items()
            }
        )

    def _write_beside(self, states: Iterable[_State]) -> None:
        touched = [state for state in states if state.had_beside or state.held.beside]
        if not touched:
            return
        self._has_siblings = True
        self._connection.executemany(
            "DELETE FROM sibling WHERE record=?", [(state.id,) for state in touched]
        )
        self._connection.executemany(
            "INSERT INTO sibling(record, field, origin, seq, stamp, value) VALUES(?,?,?,?,?,?)",
            [
                (
                    state.id,
                    number,
                    self._origins.number(value.dot.origin),
                    value.dot.seq,
                    value.dot.stamp,
                    values.encode(value.value),
                )
                for state in touched
                for number, beside in state.held.beside.items()
                for value in beside
            ],
        )

    def _write_unshown(
        self, shown: Sequence[tuple[int, int]], unshown: Sequence[tuple[int, int, bytes]]
    ) -> None:
        if self._has_extras:
            self._connection.executemany("DELETE FROM extra WHERE record=? AND field=?", shown)
        if unshown:
            self._has_extras = True
            self.outcome.unshown += len(unshown)
            self._connection.executemany("INSERT OR REPLACE INTO extra VALUES(?,?,?)", unshown)


# Whose last contact this is, is worked out for members of what is named here, after the action.
_REFRESHING: Mapping[Kind, tuple[int, ...]] = {
    Kind.CONTACT: (REMOVED,),
    Kind.MEETING: (REMOVED,),
}
