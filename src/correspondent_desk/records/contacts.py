"""The contact log: writing down what took place with a member.

A held meeting is not written down a second time here: the timeline shows the meeting itself, and
the dates of last contact look at both.
"""

from typing import Any

from sqlalchemy.orm import Session

from correspondent_desk.domain.contacts import ContactDraft, ContactId, Direction, Way
from correspondent_desk.domain.fields import Kind
from correspondent_desk.domain.members import MemberId
from correspondent_desk.domain.requests import RequestId
from correspondent_desk.records.saving import (
    edited_whole,
    existing,
    pass_on,
    shows_anew,
    who,
    write_edit,
)
from correspondent_desk.store import history
from correspondent_desk.store.tables import Contact, Member


def log(session: Session, draft: ContactDraft) -> ContactId:
    """A new entry; an unanswered call (reached False) leaves the last contact as it was.

    Raises NoSuchRecord if the member is gone.
    """
    member = existing(session, Member, draft.member_id or 0)
    entry = history.create(session, Contact, root=member.id, person=who(session), **columns(draft))
    shows_anew(session, Kind.MEMBER, [member.id])
    return ContactId(entry.id)


def is_there(session: Session, contact_id: ContactId) -> bool:
    """Whether the entry stands, and was not taken back."""
    entry = session.get(Contact, contact_id)
    return entry is not None and entry.removed_at is None


def draft_of(session: Session, contact_id: ContactId) -> ContactDraft:
    """The entry, to be corrected. Raises NoSuchRecord."""
    entry = existing(session, Contact, contact_id)
    return ContactDraft(
        member_id=MemberId(entry.member_id) if entry.member_id else None,
        request_id=RequestId(entry.request_id) if entry.request_id else None,
        at=entry.at,
        way=Way.read(entry.way),
        direction=Direction.read(entry.direction),
        reached=entry.reached,
        note=entry.note,
    )


def save(
    session: Session, contact_id: ContactId, opened: ContactDraft, draft: ContactDraft
) -> None:
    """Write what was changed since it was opened; one about somebody else is passed on to them.

    Raises NoSuchRecord, and EditConflict if somebody else changed the same since.
    """
    entry = existing(session, Contact, contact_id)
    before, after = columns(opened), columns(draft)
    if draft.member_id and draft.member_id != entry.member_id:
        whole = edited_whole(entry, before, after)
        pass_on(session, entry, draft.member_id, {**whole, "person": entry.person})
    elif write_edit(entry, before, after) and entry.member_id:
        shows_anew(session, Kind.MEMBER, [entry.member_id])


def remove(session: Session, contact_id: ContactId) -> None:
    """Take back an entry written by mistake. Raises NoSuchRecord."""
    entry = existing(session, Contact, contact_id)
    history.remove(session, entry)
    if entry.member_id:
        shows_anew(session, Kind.MEMBER, [entry.member_id])


def columns(draft: ContactDraft) -> dict[str, Any]:
    """The stored columns of a draft."""
    return {
        "member_id": draft.member_id,
        "request_id": draft.request_id,
        "at": draft.at.replace(tzinfo=None, second=0, microsecond=0) if draft.at else None,
        "way": draft.way.value,
        "direction": draft.direction.value,
        "reached": draft.reached,
        "note": draft.note,
    }
