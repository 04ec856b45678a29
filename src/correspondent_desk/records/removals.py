"""Bringing back who was removed, without mapped objects: a list may bring back many."""

from correspondent_desk.domain.fields import Kind
from correspondent_desk.domain.members import MemberId
from correspondent_desk.records.trouble import NoSuchRecord
from correspondent_desk.records.windows import fetch
from correspondent_desk.store import removing
from correspondent_desk.store.session import Session


def bring_back(session: Session, member_id: MemberId) -> None:
    """The contrary of members.remove, with all that was removed with them. Raises NoSuchRecord.

    Of somebody whose removal does not stand, as others worked on them, it is taken back for good.
    """
    if not fetch(session, "SELECT 1 FROM member WHERE id=?", member_id):
        raise NoSuchRecord(kind="member", id=member_id)
    removing.bring_back(session, Kind.MEMBER, member_id)
