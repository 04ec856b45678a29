"""Contacts that were begun and not saved: whose, so that a way leads back to them."""

from typing import TYPE_CHECKING, NamedTuple

from correspondent_desk.domain.contacts import ContactId
from correspondent_desk.domain.members import MemberId
from correspondent_desk.gui.widgets.draft_keeper import number_in
from correspondent_desk.gui.workspace import Drafts
from correspondent_desk.messages import people
from correspondent_desk.records import contacts, members
from correspondent_desk.records.trouble import NoSuchRecord

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

NEW, CORRECTED = "contact.", "contact.correct."


class Begun(NamedTuple):
    """With whom, in words; contact: the one that is being corrected, None for a new one."""

    member: MemberId
    name: str
    contact: ContactId | None


def new_key(member: MemberId) -> str:
    """Under which key a new contact with this person is kept."""
    return f"{NEW}{member}"


def corrected_key(contact: ContactId) -> str:
    """Under which key the correction of a contact is kept."""
    return f"{CORRECTED}{contact}"


def corrected(drafts: Drafts) -> frozenset[ContactId]:
    """The contacts of which a correction was begun."""
    return frozenset(ContactId(number_in(key) or 0) for key in drafts.keys(CORRECTED))


def begun(session: "Session", drafts: Drafts) -> list[Begun]:
    """What was typed last first; of people who were removed, nothing."""
    found = []
    for key in drafts.keys(NEW):
        number = number_in(key) or 0
        is_new = not key.startswith(CORRECTED)
        contact = None if is_new else ContactId(number)
        member = MemberId(number) if contact is None else _member_of(session, contact)
        rows = members.rows(session, [member]) if member else []
        found += [Begun(row.id, people.shown_name(row), contact) for row in rows]
    return found


def _member_of(session: "Session", contact: ContactId) -> MemberId | None:
    try:
        return contacts.draft_of(session, contact).member_id
    except NoSuchRecord:
        return None
