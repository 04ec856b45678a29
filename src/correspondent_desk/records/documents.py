"""The checklist of a request: which proofs it needs and how each stands."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from correspondent_desk.domain.requests import (
    DocumentDraft,
    DocumentId,
    DocumentRow,
    DocumentState,
    RequestId,
)
from correspondent_desk.records.saving import existing, write, write_edit
from correspondent_desk.store import history, identity
from correspondent_desk.store.tables import Document, Request


def of_request(session: Session, request_id: RequestId) -> tuple[DocumentRow, ...]:
    """The checklist, in the order in which it was made."""
    return tuple(_row(one) for one in stored(session, request_id))


def request_of(session: Session, document: int) -> RequestId | None:
    """The request that needs it, if that has arrived here."""
    found = session.get(Document, document)
    return RequestId(found.request_id) if found and found.request_id else None


def lacking(session: Session, request_id: RequestId) -> list[DocumentRow]:
    """Those of the checklist that are missing, or were refused."""
    return [row for row in of_request(session, request_id) if row.draft.state.is_lacking]


def mark_received(
    session: Session, request_id: RequestId, received: Collection[DocumentId], on: date
) -> None:
    """These of the request's documents were handed over that day; what is not lacking stays."""
    for row in lacking(session, request_id):
        if row.id in received:
            mark_document(session, row.id, DocumentState.RECEIVED, on)


def mark_document(
    session: Session,
    document_id: DocumentId,
    state: DocumentState,
    on: date,
    because: str = "",
) -> None:
    """The document was seen, received or refused that day, or is missing after all.

    Raises NoSuchRecord.
    """
    document = existing(session, Document, document_id)
    missing = state is DocumentState.MISSING
    write(
        document,
        {
            "state": state.value,
            "seen_on": None if missing else on,
            "refused_because": because if state is DocumentState.REFUSED else "",
        },
    )


def save(
    session: Session,
    request: Request,
    opened: Sequence[DocumentRow],
    wanted: Sequence[DocumentDraft],
) -> None:
    """Make the checklist what is wanted; lines are the same when code, or label if none, is.

    Two desks may each have added a line of one name. What somebody marked since it was opened stays.
    """
    left = list(opened)
    for draft in sorted(wanted, key=lambda one: all(one != row.draft for row in left)):
        row = _same_line(left, draft)
        if row is None:
            add(session, request, draft)
            continue
        left.remove(row)
        if row.draft != draft:
            document = existing(session, Document, row.id)
            write_edit(document, _columns(row.draft), _columns(draft))
    for row in left:
        document = session.get_one(Document, row.id)
        if document.removed_at is None and _row(document).draft == row.draft:
            history.remove(session, document)


def _same_line(rows: Sequence[DocumentRow], draft: DocumentDraft) -> DocumentRow | None:
    """The one that is just so, else the first of that name."""
    alike = [row for row in rows if row.draft.line == draft.line]
    return next((row for row in alike if row.draft == draft), next(iter(alike), None))


def add(session: Session, request: Request, draft: DocumentDraft) -> None:
    # Two desks that open the same request offline must not make two checklists of it.
    uid = None
    if draft.code:
        uid = uuid5(UUID(bytes=identity.uid_of(session, request.id)), draft.code).bytes
        known = history.find(session, Document, uid)
        if known is not None:
            write(known, {"removed_at": None} | _columns(draft))
            return
    history.create(
        session,
        Document,
        root=request.member_id,
        uid=uid,
        request_id=request.id,
        **_columns(draft),
    )


def stored(session: Session, request_id: RequestId) -> list[Document]:
    found = session.scalars(
        select(Document)
        .where(Document.request_id == request_id, Document.removed_at.is_(None))
        .order_by(Document.id)
    )
    return list(found)


def _row(stored: Document) -> DocumentRow:
    return DocumentRow(
        id=DocumentId(stored.id),
        draft=DocumentDraft(
            code=stored.code,
            label=stored.label,
            state=DocumentState.read(stored.state),
            seen_on=stored.seen_on,
            valid_until=stored.valid_until,
            refused_because=stored.refused_because,
        ),
    )


def _columns(draft: DocumentDraft) -> dict[str, Any]:
    return {
        "code": draft.code,
        "label": draft.label,
        "state": draft.state.value,
        "seen_on": draft.seen_on,
        "valid_until": draft.valid_until,
        "refused_because": draft.refused_because,
    }
