"""Hearing what happens to mapped objects: no feature can change one and forget its history.

A listener on the writing session notes what was changed; when the work of an action is over, each
record it changed becomes one operation. So saving the same record twice in one action is one step.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction
from sqlalchemy.orm import base as orm_base
from sqlalchemy.orm.attributes import instance_state
from sqlalchemy.sql import Delete, Insert, TextClause, Update

from correspondent_desk.domain.fields import Field
from correspondent_desk.store import operations, values
from correspondent_desk.store.operations import BypassesHistory, Operation, Operations
from correspondent_desk.store.tables import SYNCED, Synced
from correspondent_desk.store.values import Wire, layout

_TABLES = frozenset(str(table.__tablename__) for table in SYNCED.values())
_WRITE = re.compile(r"\s*(?:INSERT|UPDATE|DELETE|REPLACE|WITH)\b", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_UNKNOWN = (orm_base.NO_VALUE, orm_base.NEVER_SET)


class WritingSession(Session):
    """The session of an action; only here do the listeners below hear anything."""


@dataclass(slots=True)
class Touched:
    """A mapped object that was changed, and the columns it had before. is_new: none."""

    record: Synced
    before: dict[str, Any] = field(default_factory=dict)
    rewritten: set[int] = field(default_factory=set)
    is_new: bool = False


class MappedOperations(Operations):
    """What one action writes, mapped objects included."""

    def __init__(self, session: Session, *, code: str, person: str, wall_ms: int) -> None:
        super().__init__(session, code=code, person=person, wall_ms=wall_ms)
        self._mapped = session
        self._touched: dict[int, Touched] = {}

    # --- what the listener hears ------------------------------------------------------------------

    def created(self, record: Synced) -> None:
        """A new object of the session, whose id was allotted."""
        self._touched[record.id] = Touched(record, is_new=True)

    def knows(self, record: Synced) -> bool:
        """Whether record was made by history.create in this action."""
        touched = self._touched.get(record.id)
        return touched is not None and touched.record is record

    def note(self, record: Synced) -> None:
        """Remember the columns that record had before its coming flush."""
        state = instance_state(record)
        touched = self._touched.get(record.id) or Touched(record)
        fields = layout(record.kind).field_of
        for name, old in state.committed_state.items():
            if name in fields and not touched.is_new and name not in touched.before:
                touched.before[name] = self._stored(record, name) if old in _UNKNOWN else old
        if touched.before or touched.is_new:
            self._touched[record.id] = touched

    def rewrite(self, record: Synced, written: Field) -> None:
        """Write the field again though its value stays, to settle a disagreement."""
        touched = self._touched.setdefault(record.id, Touched(record))
        touched.rewritten.add(written.id)

    def _stored(self, record: Synced, name: str) -> Any:
        table = layout(record.kind).table
        found = self.connection.execute(
            f"SELECT {name} FROM {table} WHERE id=?",  # noqa: S608 - names of our own
            (record.id,),
        )
        return values.from_store(record.kind, {name: found.fetchone()[0]})[name]

    # --- writing ----------------------------------------------------------------------------------

    def settle(self) -> None:
        """Write what was noted so far. Bulk work must be preceded by it: order is history."""
        self._mapped.flush()
        if not self._touched:
            return
        touched, self._touched = self._touched, {}
        found = [self._operation(id_, one) for id_, one in touched.items()]
        self.write([operation for operation in found if operation is not None])

    def _operation(self, id_: int, touched: Touched) -> Operation | None:
        record = touched.record
        known = layout(record.kind)
        body: dict[int, Wire] = {}
        before: dict[int, Wire] = {}
        if touched.is_new:
            for number in known.fields:
                wire = self._wire(known.fields[number], record, {})
                if wire != known.blank_wire[number]:
                    body[number] = wire
            return Operation(id_, record.kind, body, None)
        numbers = {known.field_of[name].id for name in touched.before}
        for number in sorted(numbers | touched.rewritten):
            was = self._wire(known.fields[number], record, touched.before)
            wire = self._wire(known.fields[number], record, {})
            if wire != was or number in touched.rewritten:
                body[number], before[number] = wire, was
        return Operation(id_, record.kind, body, before) if body else None

    def _wire(self, of: Field, record: Synced, instead: Mapping[str, Any]) -> Wire:
        columns = [instead[c] if c in instead else getattr(record, c) for c in of.columns]
        return values.to_wire(self.session, record.kind, of, columns)


def of(session: Session) -> MappedOperations:
    """The operations of the session's action. Raises BypassesHistory outside of one."""
    found = operations.of(session)
    if not isinstance(found, MappedOperations):
        raise BypassesHistory("mapped objects in a transaction of the driver's own")
    return found


@event.listens_for(WritingSession, "before_flush")
def _note_changes(session: Session, _context: UOWTransaction, _instances: object) -> None:
    for record in session.deleted:
        if isinstance(record, Synced):
            raise BypassesHistory(f"{record.kind.name} deleted: remove it instead")
    for record in session.new:
        if isinstance(record, Synced) and not of(session).knows(record):
            raise BypassesHistory(f"{record.kind.name} added without history.create")
    for record in session.dirty:
        if isinstance(record, Synced):
            of(session).note(record)


@event.listens_for(WritingSession, "do_orm_execute")
def _refuse_core_writes(execution: ORMExecuteState) -> None:
    statement = execution.statement
    if isinstance(statement, Insert | Update | Delete):
        named = {getattr(statement.table, "name", "")}
    elif isinstance(statement, TextClause) and _WRITE.match(statement.text):
        named = set(_WORD.findall(statement.text))
    else:
        return
    if not _TABLES.isdisjoint(named):
        raise BypassesHistory(str(statement))
