"""Who removed a record, and bringing it back without mapped objects: a list may bring back many."""

from correspondent_desk.domain.fields import REMOVED_AT, Kind
from correspondent_desk.domain.members import MemberId
from correspondent_desk.records.trouble import NoSuchRecord
from correspondent_desk.records.windows import fetch
from correspondent_desk.store import journal, removing
from correspondent_desk.store.session import Session


def bring_back(session: Session, member_id: MemberId) -> None:
    """The contrary of members.remove, with all that was removed with them. Raises NoSuchRecord.

    Of somebody whose removal does not stand, as others worked on them, it is taken back for good.
    """
    if not fetch(session, "SELECT 1 FROM member WHERE id=?", member_id):
        raise NoSuchRecord(kind="member", id=member_id)
    removing.bring_back(session, Kind.MEMBER, member_id)


def is_from_elsewhere(session: Session, record: int) -> bool:
    """Whether it was another desk that took the record out of the lists, or put it there, last."""
    for row in journal.history_of(session, record):
        if any(REMOVED_AT in change.after for change in row.changes):
            return not row.action.is_mine
    return False
