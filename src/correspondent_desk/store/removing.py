"""Removing and bringing back a record with all that lies below it, which is written first.

So it is known of what lies below whether it was in view only because the record was.
"""

from collections.abc import Sequence

from correspondent_desk.domain.fields import REMOVED, REMOVED_AT, Kind
from correspondent_desk.store import below, bulk, values
from correspondent_desk.store.identity import raw
from correspondent_desk.store.operations import Operation
from correspondent_desk.store.session import Session
from correspondent_desk.store.values import layout


def removed_at(session: Session, kind: Kind, id_: int) -> str | None:
    """When the record was removed, also where the removal does not stand and it is in view."""
    return _removed(session, kind, [id_]).get(id_)


def bring_back(session: Session, kind: Kind, id_: int) -> None:
    """Put the record into the lists again for good, and all below it that was removed with it."""
    at = removed_at(session, kind, id_)
    lying = below.below(raw(session), kind, id_) if at is not None else {}
    for lower, ids in lying.items():
        removed = _removed(session, lower, ids)
        _write(session, lower, [one for one in ids if removed[one] == at], None)
    _write(session, kind, [id_], None)


def remove(session: Session, kind: Kind, id_: int, at: str) -> None:
    """Take the record out of the lists, and all below it that is still in view."""
    for lower, ids in below.below(raw(session), kind, id_).items():
        shown = _shown(session, lower, ids)
        _write(session, lower, [one for one in ids if shown[one] is None], at)
    _write(session, kind, [id_], at)


def _removed(session: Session, kind: Kind, ids: Sequence[int]) -> dict[int, str | None]:
    found = _shown(session, kind, ids)
    for record, packed in raw(session).execute(
        "SELECT record, value FROM extra"
        " WHERE field=? AND record IN (SELECT value FROM json_each(?))",
        (REMOVED, values.to_json(list(ids))),
    ):
        value = values.decode_one(packed)
        found[record] = value if isinstance(value, str) else None
    return found


def _shown(session: Session, kind: Kind, ids: Sequence[int]) -> dict[int, str | None]:
    rows = bulk.stored_columns(session, layout(kind), [REMOVED_AT], ids)
    return {id_: columns[REMOVED_AT] for id_, columns in rows}


def _write(session: Session, kind: Kind, ids: Sequence[int], at: str | None) -> None:
    """Write it also where it is shown so already: that closes a disagreement."""
    shown = _shown(session, kind, ids)
    changes = [Operation(id_, kind, {REMOVED: at}, {REMOVED: shown[id_]}) for id_ in ids]
    bulk.write_changes(session, kind, changes)
