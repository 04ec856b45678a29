"""Operations and what belongs to them: the one place where history is written.

Each record that an action changed becomes one operation, and all are written by one executemany.
`store.mapped` hears what features do to mapped objects; here nothing knows of SQLAlchemy.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from correspondent_desk.domain import clock
from correspondent_desk.domain.fields import REMOVED, Kind
from correspondent_desk.domain.fields import field as field_named
from correspondent_desk.store import contested, derived, stamps, values, writing
from correspondent_desk.store.below import IS_KEPT_WITH
from correspondent_desk.store.identity import id_of, raw
from correspondent_desk.store.session import Session
from correspondent_desk.store.values import Wire

_BEGIN = """
    SELECT id, hi, (SELECT max(stamp) FROM origin), (SELECT coalesce(max(id), 0) FROM action),
           EXISTS (SELECT 1 FROM sibling) OR EXISTS (SELECT 1 FROM extra),
           EXISTS (SELECT 1 FROM origin o WHERE o.hi > o.noted)
    FROM origin WHERE mine=1 ORDER BY id DESC LIMIT 1
"""
_MEMBER_OF = {kind: field_named(kind, "member_id").id for kind in (Kind.CONTACT, Kind.MEETING)}
# What is in view because what it was removed with is, is asked about with that, also once more.
_BESIDE = f"""
    WITH chosen(id) AS (SELECT value FROM json_each(?))
    SELECT record, field, value FROM (
        SELECT record, field, value, stamp, origin FROM sibling WHERE record IN chosen
        UNION ALL SELECT e.record, e.field, e.value, 0, 0 FROM extra e
        WHERE e.field=1 AND e.record IN chosen AND NOT {IS_KEPT_WITH}
    ) ORDER BY stamp DESC, origin DESC
"""  # noqa: S608 - our own words


class BypassesHistory(RuntimeError):
    """A synchronised table was written past the listener: a bug in our code, never a user's."""


@dataclass(slots=True)
class Operation:
    """One save of one record, ready to be written. before None: the record is new."""

    record: int
    kind: Kind
    body: Mapping[int, Wire]
    before: Mapping[int, Wire] | None


class Operations:
    """What one action writes; lives in the session's info."""

    def __init__(self, session: Session, *, code: str, person: str, wall_ms: int) -> None:
        self.session = session
        self.code = code
        self.person = person
        self.wall_ms = wall_ms
        self.connection = raw(session)
        own, hi, last, action, has_others, unseen = self.connection.execute(_BEGIN).fetchone()
        self.own: int = own
        self.seq: int = hi
        self.first: int = hi + 1
        self.last: int = last
        self.action: int = action + 1
        self.undoes: int | None = None
        self.subject: int | None = None
        self.subject_kind: int | None = None
        self.records = 0
        self.is_wanted = False
        self.changed: dict[Kind, set[int]] = {}
        self.fields: dict[Kind, dict[int, set[int]]] = {}
        self._worked: dict[Kind, dict[int, int]] = {}
        self._removed: dict[Kind, set[int]] = {}
        self._has_others = bool(has_others)
        self._must_note = bool(unseen)
        self._met_before: set[int] = set()

    def settle(self) -> None:
        """Write what was noted so far. Bulk work must be preceded by it: order is history.

        Of the driver's own transactions nothing is noted; `mapped.MappedOperations` has more to do.
        """

    def write(self, operations: Sequence[Operation]) -> None:
        """History, stamps and the end of disagreements for operations whose values are written."""
        if not operations:
            return
        first = self.begin_writing(len(operations))
        stamp = self._old_stamps([one.record for one in operations if one.before is not None])
        at = self.last - len(operations) + 1
        beside = self._beside([one.record for one in operations])
        log: list[writing.Line] = []
        written = []
        for place, one in enumerate(operations):
            dot = stamps.Dot(self.own, first + place, at + place)
            before = None if one.before is None else values.encode(_was(one, beside))
            body = values.encode(one.body)
            log.append((self.own, dot.seq, one.record, dot.stamp, self.action, body, before))
            was = stamps.groups(stamp.get(one.record))
            written.append((stamps.rewritten(was, one.body, dot), one.record))
            self.note_changed(one.kind, [one.record], one.body)
            self._note_met_before(one)
            if one.body.keys() != {REMOVED} or one.body[REMOVED] is None:
                self.note_work(one.kind, [one.record], dot.seq)
            if one.body.get(REMOVED) is not None:
                self._removed.setdefault(one.kind, set()).add(one.record)
        writing.log(self.connection, log)
        writing.restamp(self.connection, written)
        self.drop_others((one.record, number) for one in operations for number in one.body)
        self.about(operations[0].record)

    def begin_writing(self, count: int) -> int:
        """Allot count operation numbers and as many stamps, up to self.last; the first number."""
        first = self.seq + 1
        if self._must_note:
            self._note_context(first)
        self.is_wanted = True
        self.records += count
        self.seq += count
        leap = secrets.randbelow(clock.MOST_LEAP)
        self.last = clock.tick(self.last, self.wall_ms, leap) + count - 1
        return first

    def about(self, record: int) -> None:
        """The action's subject is the root of the first record it wrote."""
        if self.subject is None:
            found = self.connection.execute(
                "SELECT id, kind FROM record WHERE id=(SELECT root FROM record WHERE id=?)",
                (record,),
            )
            self.subject, self.subject_kind = found.fetchone()

    def note_changed(self, kind: Kind, ids: Iterable[int], fields: Iterable[int]) -> None:
        """Records of kind have other values in these fields: pages and derived columns care."""
        ids = list(ids)
        self.changed.setdefault(kind, set()).update(ids)
        by_field = self.fields.setdefault(kind, {})
        for number in fields:
            by_field.setdefault(number, set()).update(ids)

    def note_work(self, kind: Kind, ids: Iterable[int], seq: int) -> None:
        """Something was written to these records, up to this number, that is more than a removal."""
        self._worked.setdefault(kind, {}).update(dict.fromkeys(ids, seq))

    def _note_met_before(self, one: Operation) -> None:
        number = _MEMBER_OF.get(one.kind)
        was = one.before.get(number) if number and one.before else None
        if isinstance(was, bytes):
            self._met_before.add(id_of(self.session, was))

    def drop_others(self, fields: Iterable[tuple[int, int]]) -> None:
        """Forget what else stood in these (record, field): this write has seen it.

        Concurrent values, and values that could not be shown.
        """
        if self._has_others:
            dropped = list(fields)
            for table in ("sibling", "extra"):
                self.connection.executemany(
                    f"DELETE FROM {table} WHERE record=? AND field=?",  # noqa: S608 - our own names
                    dropped,
                )

    def _beside(self, ids: list[int]) -> dict[tuple[int, int], list[Wire]]:
        """What stands beside the shown values of these records, newest first."""
        found: dict[tuple[int, int], list[Wire]] = {}
        if self._has_others:
            for record, number, value in self.connection.execute(_BESIDE, (values.to_json(ids),)):
                found.setdefault((record, number), []).append(values.decode_one(value))
        return found

    def _old_stamps(self, ids: list[int]) -> dict[int, bytes | None]:
        if not ids:
            return {}
        return dict(
            self.connection.execute(
                "SELECT id, stamp FROM record WHERE id IN (SELECT value FROM json_each(?))",
                (values.to_json(ids),),
            )
        )

    def _note_context(self, seq: int) -> None:
        """From seq on, this desk's operations have seen what other origins wrote until now."""
        self._must_note = False
        self.connection.execute(
            "INSERT OR REPLACE INTO context(origin, seq, seen_origin, hi)"
            " SELECT ?, ?, id, hi FROM origin WHERE id<>? AND hi>noted",
            (self.own, seq, self.own),
        )
        self.connection.execute("UPDATE origin SET noted=hi WHERE id<>?", (self.own,))

    def finish(self) -> None:
        """Everything is written: the action's own row, and how far this origin's numbers go."""
        self.settle()
        if not self.is_wanted:
            return
        for kind, shown in contested.show(self.connection, self.own, self._worked).items():
            self.note_changed(kind, shown, (REMOVED,))
        if self._has_others:
            for kind, kept in contested.keep(self.connection, self._removed).items():
                self.note_changed(kind, kept, (REMOVED,))
        derived.after(self.session, self.fields, self._met_before)
        self.connection.execute(
            "UPDATE origin SET hi=?, stamp=?, noted=? WHERE id=?",
            (self.seq, self.last, self.seq, self.own),
        )
        self.connection.execute(
            "INSERT INTO action(id, at, person, code, subject, records, undoes, origin, number,"
            " first, last) VALUES(?,?,?,?,?,?,?,?,?,?,?)",
            (
                self.action, self.wall_ms, self.person, self.code, self.subject, self.records,
                self.undoes, self.own, self.action, self.first, self.seq,
            ),
        )  # fmt: skip


def _was(
    one: Operation, beside: Mapping[tuple[int, int], Sequence[Wire]]
) -> Mapping[int, Wire | list[Wire]]:
    """What an operation replaces: under minus a field's number, all values of which one was shown."""
    before = one.before or {}
    found: dict[int, Wire | list[Wire]] = dict(before)
    for number, shown in before.items():
        others: list[Wire] = []
        for other in beside.get((one.record, number), ()):
            if other != shown and other not in others:
                others.append(other)
        if others:
            found[-number] = [shown, *others]
    return found


def of(session: Session) -> Operations:
    """The operations of the session's action. Raises BypassesHistory outside of one."""
    found = session.info.get("operations")
    if not isinstance(found, Operations):
        raise BypassesHistory("nothing is written outside of an action")
    return found


def by_fields(operations: Iterable[Operation]) -> Iterable[tuple[tuple[int, ...], list[Operation]]]:
    """Operations grouped by the fields they write, for one statement each."""
    groups: dict[tuple[int, ...], list[Operation]] = {}
    for one in operations:
        groups.setdefault(tuple(sorted(one.body)), []).append(one)
    return groups.items()
