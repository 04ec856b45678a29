"""What is removed together, a member with all that belongs to them, a request with its documents."""

from collections import defaultdict
from collections.abc import Sequence

from correspondent_desk.domain.fields import REMOVED, REMOVED_AT, Kind
from correspondent_desk.store import bulk, landing, values
from correspondent_desk.store.identity import raw
from correspondent_desk.store.operations import Operation
from correspondent_desk.store.session import Session
from correspondent_desk.store.values import layout

_BELOW = {
    Kind.MEMBER: "SELECT id, kind FROM record WHERE root=?1 AND id<>?1",
    Kind.REQUEST: (
        "SELECT r.id, r.kind FROM document d JOIN record r ON r.id=d.id WHERE d.request_id=?1"
    ),
}


def removed_at(session: Session, kind: Kind, id_: int) -> str | None:
    """When the record was removed, also where the removal does not stand and it is in view."""
    return _removed(session, kind, [id_]).get(id_)


def bring_back(session: Session, kind: Kind, id_: int) -> None:
    """Put the record into the lists again for good, and all below it that was removed with it."""
    at = removed_at(session, kind, id_)
    _write(session, kind, [id_], None)
    if at is None:
        return
    for below, ids in _below(session, kind, id_).items():
        removed = _removed(session, below, ids)
        _write(session, below, [one for one in ids if removed[one] == at], None)


def remove(session: Session, kind: Kind, id_: int, at: str) -> None:
    """Take the record out of the lists, and all below it that is still in view."""
    _write(session, kind, [id_], at)
    for below, ids in _below(session, kind, id_).items():
        shown = _shown(session, below, ids)
        _write(session, below, [one for one in ids if shown[one] is None], at)


def _below(session: Session, kind: Kind, id_: int) -> dict[Kind, list[int]]:
    found: defaultdict[Kind, list[int]] = defaultdict(list)
    if kind in _BELOW:
        for below, number in raw(session).execute(_BELOW[kind], (id_,)).fetchall():
            known = landing.known_kind(number)
            if known is not None:
                found[known].append(below)
    return found


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
