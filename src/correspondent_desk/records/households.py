"""The people of a member's household."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from correspondent_desk.domain.members import (
    DependantDraft,
    DependantId,
    DependantRow,
    MemberId,
    Relation,
)
from correspondent_desk.records.saving import existing, write_edit
from correspondent_desk.store import history
from correspondent_desk.store.tables import Dependant, Member


def of_member(session: Session, member_id: MemberId) -> tuple[DependantRow, ...]:
    """The household: those who belong to it now first, each group by birth date."""
    found = session.scalars(
        select(Dependant)
        .where(Dependant.member_id == member_id, Dependant.removed_at.is_(None))
        .order_by(Dependant.until.is_not(None), Dependant.birth_date, Dependant.id)
    )
    return tuple(DependantRow(id=DependantId(one.id), draft=_draft(one)) for one in found)


def add_dependant(session: Session, member_id: MemberId, draft: DependantDraft) -> DependantId:
    """A new person in the member's household. Raises NoSuchRecord."""
    existing(session, Member, member_id)
    added = history.create(
        session, Dependant, root=member_id, member_id=member_id, **columns(draft)
    )
    return DependantId(added.id)


def save_dependant(session: Session, opened: DependantRow, draft: DependantDraft) -> None:
    """Write what was changed since it was opened.

    Raises NoSuchRecord, and EditConflict if somebody else changed the same since.
    """
    write_edit(existing(session, Dependant, opened.id), columns(opened.draft), columns(draft))


def remove_dependant(session: Session, dependant_id: DependantId) -> None:
    """Take a person entered by mistake from the household; who left it gets an end date instead."""
    history.remove(session, existing(session, Dependant, dependant_id))


def columns(draft: DependantDraft) -> dict[str, Any]:
    """The stored columns of a draft."""
    return {
        "relation": draft.relation.value,
        "first_name": draft.first_name,
        "family_name": draft.family_name,
        "birth_date": draft.birth_date,
        "since": draft.since,
        "until": draft.until,
    }


def _draft(stored: Dependant) -> DependantDraft:
    return DependantDraft(
        relation=Relation.read(stored.relation),
        first_name=stored.first_name,
        family_name=stored.family_name,
        birth_date=stored.birth_date,
        since=stored.since,
        until=stored.until,
    )
