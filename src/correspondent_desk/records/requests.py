"""Requests: lists, cards, documents, the path they go."""

import json
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from correspondent_desk.domain.fields import Kind
from correspondent_desk.domain.members import Civility, MemberId
from correspondent_desk.domain.requests import (
    NO_STEP,
    DocumentDraft,
    NextStep,
    Owes,
    RequestCard,
    RequestDraft,
    RequestFilter,
    RequestId,
    RequestRow,
    RequestStatus,
    RequestType,
    StepRow,
)
from correspondent_desk.domain.text import tokens
from correspondent_desk.records import catalogue
from correspondent_desk.records import documents as checklist
from correspondent_desk.records.documents import mark_document
from correspondent_desk.records.saving import (
    existing,
    open_disagreements,
    shows_anew,
    who,
    write,
    write_edit,
)
from correspondent_desk.records.trouble import EditConflict
from correspondent_desk.records.windows import as_date, fetch, fetch_ids, id_list, in_order, raw
from correspondent_desk.store import history, search
from correspondent_desk.store.tables import LACKING, Member, Record, Request, Step

__all__ = [
    "card", "create", "drop_step", "find_ids", "finish_step", "mark_document", "of_member", "remove",
    "replace_step", "rows", "save", "set_status", "with_step",
]  # fmt: skip

_OVER = ", ".join(f"'{status}'" for status in RequestStatus if not status.is_open)

_FILTERS: dict[RequestFilter, str] = {
    RequestFilter.OPEN: f"status NOT IN ({_OVER})",
    RequestFilter.MINE: f"status NOT IN ({_OVER}) AND next_who = '{Owes.ME}'",
    RequestFilter.WAITING: f"status NOT IN ({_OVER}) AND next_who <> '{Owes.ME}'",
    RequestFilter.CLOSED: f"status IN ({_OVER})",
    RequestFilter.ALL: "TRUE",
}
# What lapses first, then what has waited longest; of those that are over, the newest first.
_BY_URGENCY = "last_useful_on IS NULL, last_useful_on, opened_on, id"
_BY_AGE = "opened_on DESC, id DESC"

_WINDOW = """
    SELECT r.id, r.member_id, m.civility, m.first_name, m.usage_name, m.family_name, r.type,
           r.subject, r.benefit, r.is_sensitive, r.status, r.opened_on, r.last_useful_on,
           r.next_what, r.next_who, r.next_due
    FROM json_each(?) wanted CROSS JOIN request r ON r.id = wanted.value
    LEFT JOIN member m ON m.id = r.member_id
    WHERE r.removed_at IS NULL
"""

_DOCUMENTS = f"""
    SELECT request_id, count(*), sum({LACKING}) FROM document
    WHERE request_id IN (SELECT value FROM json_each(?)) AND removed_at IS NULL GROUP BY request_id
"""  # noqa: S608 - our own words


def find_ids(
    session: Session, words: str = "", which: RequestFilter = RequestFilter.OPEN, *, today: date
) -> "array[int]":
    """Ids of the requests that pass the filter and are found by words.

    Open ones: what lapses first, then what has waited longest; else the newest first. A request is
    found when each word is one of its member's or begins one of its subject or its benefit's name.
    """
    del today
    condition = f"removed_at IS NULL AND {_FILTERS[which]}"
    order = _BY_AGE if which in (RequestFilter.CLOSED, RequestFilter.ALL) else _BY_URGENCY
    values: list[str] = []
    if words.strip():
        ways = []
        for way, told in _ways(session, words, condition):
            ways.append(way)
            values += told
        condition += f" AND ({' OR '.join(ways)})"
    return fetch_ids(
        session,
        f"SELECT id FROM request WHERE {condition} ORDER BY {order}",  # noqa: S608
        *values,
    )


_OF_MEMBERS = "member_id IN (SELECT value FROM json_each(?))"
_ABOUT = "(subject, benefit) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?))"


def _ways(session: Session, words: str, condition: str) -> Iterator[tuple[str, list[str]]]:
    """In which ways a request can have all words: a condition with its values for each.

    Either its member has all of them, or what it is about has some and its member the others.
    """
    connection = raw(session)
    yield _OF_MEMBERS, [id_list(search.find_all(connection, words))]
    for others, about in _about(session, words, condition).items():
        if others:
            members = id_list(search.find_all(connection, " ".join(others)))
            yield f"({_ABOUT} AND {_OF_MEMBERS})", [json.dumps(about), members]
        else:
            yield _ABOUT, [json.dumps(about)]


def _about(
    session: Session, words: str, condition: str
) -> dict[tuple[str, ...], list[tuple[str, str]]]:
    """What some requests are about, subject and benefit, by the words that it does not have.

    What has none of the words is left out.
    """
    wanted = tuple(dict.fromkeys(tokens(words)))
    named = {one.code: (*tokens(one.fr), *tokens(one.en)) for one in catalogue.benefits()}
    found: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    in_use = f"SELECT DISTINCT subject, benefit FROM request WHERE {condition}"  # noqa: S608
    for subject, benefit in fetch(session, in_use):
        has = (*tokens(subject), *named.get(benefit, ()))
        others = tuple(word for word in wanted if not any(one.startswith(word) for one in has))
        if len(others) < len(wanted):
            found.setdefault(others, []).append((subject, benefit))
    return found


def rows(session: Session, ids: Sequence[int]) -> list[RequestRow]:
    """The requests with these ids, in this order; those that are gone are skipped.

    subject is the benefit's code where nothing else was typed; `messages.labels` has its name.
    """
    wanted = id_list(ids)
    counts = {id_: (all_, missing) for id_, all_, missing in fetch(session, _DOCUMENTS, wanted)}
    return [
        _row(found, counts.get(found[0], (0, 0)))
        for found in in_order(fetch(session, _WINDOW, wanted), ids)
    ]


def of_member(session: Session, member_id: MemberId) -> list[RequestRow]:
    """The member's requests: the open ones by urgency, then the others, newest first."""
    found = fetch_ids(
        session,
        f"SELECT id FROM request WHERE member_id = ? AND removed_at IS NULL AND status NOT IN ({_OVER})"  # noqa: S608
        f" ORDER BY {_BY_URGENCY}",
        member_id,
    )
    found += fetch_ids(
        session,
        "SELECT id FROM request WHERE member_id = ? AND removed_at IS NULL"  # noqa: S608
        f" AND status IN ({_OVER}) ORDER BY {_BY_AGE}",
        member_id,
    )
    return rows(session, found)


def _row(found: tuple[Any, ...], documents: tuple[int, int]) -> RequestRow:
    return RequestRow(
        id=found[0],
        member_id=found[1],
        civility=Civility.read(found[2] or ""),
        first_name=found[3] or "",
        usage_name=found[4] or "",
        family_name=found[5] or "",
        type=RequestType.read(found[6]),
        subject=found[7] or found[8],
        is_sensitive=bool(found[9]),
        status=RequestStatus.read(found[10]),
        opened_on=as_date(found[11]),
        last_useful_on=as_date(found[12]),
        next_what=found[13],
        next_who=Owes.read(found[14]),
        next_due=as_date(found[15]),
        documents=documents[0],
        documents_missing=documents[1],
    )


def card(session: Session, request_id: RequestId) -> RequestCard:
    """Everything the card shows. Raises NoSuchRecord."""
    request = existing(session, Request, request_id)
    shown = rows(session, [request_id])
    steps = fetch(
        session,
        "SELECT at, was, became, why, person FROM step"
        " WHERE request_id = ? AND removed_at IS NULL AND at IS NOT NULL ORDER BY at, id",
        request_id,
    )
    meetings = fetch_ids(
        session,
        "SELECT id FROM meeting WHERE request_id = ? AND removed_at IS NULL ORDER BY starts_at, id",
        request_id,
    )
    return RequestCard(
        id=request_id,
        uid=session.get_one(Record, request_id).uid.hex(),
        draft=_draft(request),
        member=shown[0],
        documents=checklist.of_request(session, request_id),
        steps=tuple(
            StepRow(at=datetime.fromisoformat(at), was=was, became=became, why=why, person=person)
            for at, was, became, why, person in steps
        ),
        meeting_ids=tuple(meetings),
        open_disagreements=open_disagreements(session, Kind.REQUEST, request_id),
    )


def create(
    session: Session, draft: RequestDraft, documents: Sequence[DocumentDraft], now: datetime
) -> RequestId:
    """A new request and its checklist; `catalogue.documents_for` proposes one.

    A sensitive benefit makes the request sensitive. Raises NoSuchRecord if the member is gone.
    """
    member = existing(session, Member, draft.member_id or 0)
    values = _columns(draft) | {"opened_on": draft.opened_on or now.date()}
    request = history.create(session, Request, root=member.id, **values)
    _record_step(session, request, "", now)
    for document in documents:
        checklist.add(session, request, document)
    return RequestId(request.id)


def save(
    session: Session,
    opened: RequestCard,
    draft: RequestDraft,
    documents: Sequence[DocumentDraft],
    now: datetime,
) -> None:
    """Write what draft and documents changed since the card was opened; whose it is stays.

    Raises EditConflict if someone else changed one of these fields since, NoSuchRecord.
    """
    request = existing(session, Request, opened.id)
    was = request.status
    same_person = replace(draft, member_id=opened.draft.member_id)
    if "status" in write_edit(request, _columns(opened.draft), _columns(same_person)):
        _record_step(session, request, was, now)
    _shows_anew(session, request)
    checklist.save(session, request, opened.documents, documents)


def remove(session: Session, request_id: RequestId) -> None:
    """Take a request entered by mistake from all lists, with its documents. Raises NoSuchRecord."""
    request = existing(session, Request, request_id)
    for document in checklist.stored(session, request_id):
        history.remove(session, document)
    history.remove(session, request)
    _shows_anew(session, request)


def set_status(
    session: Session, request_id: RequestId, status: RequestStatus, now: datetime, why: str = ""
) -> None:
    """Move the request on its path; once it is over nobody owes a next step. Raises NoSuchRecord."""
    request = existing(session, Request, request_id)
    was = request.status
    if not write(request, {"status": status.value}):
        return
    _record_step(session, request, was, now, why)
    if not status.is_open:
        write(request, _step_columns(NO_STEP))


def finish_step(
    session: Session,
    request_id: RequestId,
    now: datetime,
    shown: NextStep,
    follows: NextStep = NO_STEP,
) -> None:
    """The step that was shown is done, the one that follows takes its place.

    Raises NoSuchRecord, and EditConflict if another step stands there by now: nobody saw that one,
    let alone did it.
    """
    with_step(session, request_id, shown)
    replace_step(session, request_id, now, follows)


def drop_step(session: Session, request_id: RequestId, shown: NextStep) -> None:
    """The step that was shown is not to be, and nothing comes next. Raises as finish_step does."""
    request = with_step(session, request_id, shown)
    write(request, _step_columns(NO_STEP))
    _shows_anew(session, request)


def replace_step(session: Session, request_id: RequestId, now: datetime, follows: NextStep) -> None:
    """Whatever the next step is, it is over, and this one takes its place. Raises NoSuchRecord.

    What was done stays in the request's steps, as one that does not change the status.
    """
    request = existing(session, Request, request_id)
    if request.next_what:
        _record_step(session, request, request.status, now, request.next_what)
    write(request, _step_columns(follows))
    _shows_anew(session, request)


def with_step(session: Session, request_id: RequestId, shown: NextStep) -> Request:
    """The request, which still has the step that was shown. Raises as finish_step does."""
    request = existing(session, Request, request_id)
    if _draft(request).step != shown:
        raise EditConflict(("next_step",))
    return request


def _step_columns(step: NextStep) -> dict[str, Any]:
    return {"next_what": step.what, "next_who": step.who.value, "next_due": step.due}


def _record_step(
    session: Session, request: Request, was: str, now: datetime, why: str = ""
) -> None:
    history.create(
        session,
        Step,
        root=request.member_id,
        request_id=request.id,
        at=now.replace(tzinfo=None),
        was=was,
        became=request.status,
        why=why,
        person=who(session),
    )
    _shows_anew(session, request)


def _shows_anew(session: Session, request: Request) -> None:
    """The member's row names the next step."""
    if request.member_id:
        shows_anew(session, Kind.MEMBER, [request.member_id])


_SAME = (
    "member_id", "benefit", "subject", "opened_on", "event_on", "last_useful_on", "next_what",
    "next_due", "situation", "amount_asked", "amount_granted",
)  # fmt: skip


def _columns(draft: RequestDraft) -> dict[str, Any]:
    benefit = catalogue.benefit(draft.benefit)
    return {name: getattr(draft, name) for name in _SAME} | {
        "type": draft.type.value,
        "status": draft.status.value,
        "next_who": draft.next_who.value,
        "is_sensitive": draft.is_sensitive or bool(benefit and benefit.sensitive),
    }


def _draft(stored: Request) -> RequestDraft:
    return RequestDraft(
        type=RequestType.read(stored.type),
        status=RequestStatus.read(stored.status),
        next_who=Owes.read(stored.next_who),
        is_sensitive=stored.is_sensitive,
        **{name: getattr(stored, name) for name in _SAME},
    )
