"""Bringing back who was removed, without mapped objects: a list may bring back many."""

from correspondent_desk.domain.fields import REMOVED, Kind
from correspondent_desk.domain.members import MemberId
from correspondent_desk.records.trouble import NoSuchRecord
from correspondent_desk.records.windows import fetch, fetch_ids
from correspondent_desk.store import bulk
from correspondent_desk.store.operations import Operation
from correspondent_desk.store.session import Session
from correspondent_desk.store.values import layout


def bring_back(session: Session, member_id: MemberId) -> None:
    """The contrary of members.remove, with all that was removed with them. Raises NoSuchRecord.

    Of somebody whose removal does not stand, as others worked on them, it is taken back for good.
    """
    found = fetch(session, "SELECT removed_at FROM member WHERE id=?", member_id)
    if not found:
        raise NoSuchRecord(kind="member", id=member_id)
    ((removed_at,),) = found
    if removed_at is None:
        back = Operation(member_id, Kind.MEMBER, {REMOVED: None}, {REMOVED: None})
        bulk.write_changes(session, Kind.MEMBER, [back])
        return
    kinds = fetch(session, "SELECT DISTINCT kind FROM record WHERE root=?", member_id)
    for kind in (Kind(number) for (number,) in kinds):
        owned = fetch_ids(
            session,
            f"SELECT id FROM {layout(kind).table} WHERE removed_at=?"  # noqa: S608 - a name of ours
            " AND id IN (SELECT id FROM record WHERE root=? AND kind=?)",
            removed_at,
            member_id,
            int(kind),
        )
        bulk.bulk_update(session, kind, ["removed_at"], ((one, (None,)) for one in owned))
