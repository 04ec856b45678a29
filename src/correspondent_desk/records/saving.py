"""Writing only what an edit changed, and seeing what someone else changed meanwhile."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from correspondent_desk.domain.fields import FIELDS, Kind, Rule
from correspondent_desk.records.trouble import EditConflict, NoSuchRecord
from correspondent_desk.records.windows import fetch
from correspondent_desk.store import operations
from correspondent_desk.store.tables import Synced

Columns = Mapping[str, Any]
T = TypeVar("T", bound=Synced)

# Where the newest value holds, or the one that says more, nobody is asked.
_TO_SETTLE = frozenset({Rule.ASK, Rule.LONG_TEXT})


def shows_anew(session: Session, kind: Kind, ids: Iterable[int]) -> None:
    """Rows of these records show something else from now on, though nothing was written to them."""
    operations.of(session).note_changed(kind, ids, ())


def existing(session: Session, table: type[T], id_: int) -> T:
    """The record, to be changed. Raises NoSuchRecord if it is not there or was removed."""
    found = session.get(table, id_)
    if found is None or found.removed_at is not None:
        raise NoSuchRecord(kind=table.kind.name.lower(), id=id_)
    return found


def who(session: Session) -> str:
    """The name of the person who works at this desk, as it stands on what they write."""
    return str(session.info["person"])


def write_edit(record: Synced, opened: Columns, draft: Columns) -> frozenset[str]:
    """Write to record the fields in which draft differs from what was opened; their names.

    Raises EditConflict, with nothing written, if one of them has another value by now.
    """
    edited = []
    conflicts = []
    for field in FIELDS[record.kind]:
        columns = [name for name in field.columns if name in draft]
        wanted = [draft[name] for name in columns]
        seen = [opened[name] for name in columns]
        now = [getattr(record, name) for name in columns]
        if wanted in (seen, now):
            continue
        if now != seen:
            conflicts.append(field.name)
        edited.append((field.name, columns))
    if conflicts:
        raise EditConflict(tuple(conflicts))
    for _, columns in edited:
        write(record, {name: draft[name] for name in columns})
    return frozenset(name for name, _ in edited)


def write(record: Synced, values: Columns) -> bool:
    """Write to record what differs from it; whether anything did."""
    differing = {name: value for name, value in values.items() if getattr(record, name) != value}
    for name, value in differing.items():
        setattr(record, name, value)
    return bool(differing)


def open_disagreements(session: Session, kind: Kind, id_: int) -> tuple[str, ...]:
    """Names of the record's fields that desks wrote at the same time and a person must settle."""
    numbers = {row[0] for row in fetch(session, "SELECT field FROM sibling WHERE record = ?", id_)}
    return tuple(
        field.name for field in FIELDS[kind] if field.id in numbers and field.rule in _TO_SETTLE
    )


def count_disagreements(session: Session) -> int:
    """How many fields of this desk a person must settle."""
    found = fetch(
        session,
        "SELECT DISTINCT r.kind, s.record, s.field FROM sibling s JOIN record r ON r.id = s.record",
    )
    to_settle = {
        (kind, field.id) for kind, fields in FIELDS.items() for field in fields
        if field.rule in _TO_SETTLE
    }  # fmt: skip
    return sum((kind, field) in to_settle for kind, _record, field in found)
