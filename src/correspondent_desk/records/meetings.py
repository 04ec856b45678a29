"""Meetings: planning, moving, what came of them; and all that weeks and lists show of them."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from correspondent_desk.domain import planning
from correspondent_desk.domain.fields import Kind
from correspondent_desk.domain.meetings import MeetingDraft, MeetingId, MeetingRow, MeetingStatus
from correspondent_desk.domain.requests import NO_STEP, DocumentId, NextStep, RequestId
from correspondent_desk.records import documents, requests
from correspondent_desk.records.agenda import (
    absences,
    add_absence,
    add_session,
    change_session,
    remove_absence,
    remove_session,
    session_draft,
    sessions,
    warnings,
    week,
)
from correspondent_desk.records.free_times import next_free
from correspondent_desk.records.meeting_rows import (
    between,
    day,
    find_ids,
    of_member,
    row,
    rows,
)
from correspondent_desk.records.saving import existing, shows_anew, who, write
from correspondent_desk.records.trouble import NotPlanned
from correspondent_desk.store import history
from correspondent_desk.store.tables import Meeting, Member, Request, Site

__all__ = [
    "absences", "add_absence", "add_session", "between", "cancel", "change_session", "day", "find_ids",
    "move", "next_free", "of_member", "plan", "remove", "remove_absence",
    "remove_session", "row", "rows", "save", "session_draft", "sessions", "set_outcome", "warnings", "week",
]  # fmt: skip


def plan(session: Session, draft: MeetingDraft) -> MeetingId:
    """A new meeting, clash or not: a warning was shown and the user may keep it.

    Raises NoSuchRecord if the member is gone.
    """
    member = existing(session, Member, draft.member_id or 0)
    made = history.create(
        session, Meeting, root=member.id, person=who(session), **_columns(session, draft)
    )
    return MeetingId(made.id)


def save(session: Session, opened: MeetingRow, draft: MeetingDraft) -> None:
    """Write what differs from opened; what a colleague wrote in other fields since then stays.

    A meeting promised for another time is moved instead. Raises NoSuchRecord.
    """
    meeting = existing(session, Meeting, opened.id)
    before = meeting.member_id
    if write(meeting, _edited(session, opened, draft)) and meeting.status == MeetingStatus.SEEN:
        shows_anew(session, Kind.MEMBER, {id_ for id_ in (before, meeting.member_id) if id_})


def move(session: Session, opened: MeetingRow, draft: MeetingDraft) -> MeetingId:
    """The meeting at another time or place: a new one, while the old one says it was moved.

    As in save, what a colleague wrote in other fields stays.

    Raises NotPlanned if it became something else meanwhile, which it stays; NoSuchRecord.
    """
    meeting = existing(session, Meeting, opened.id)
    if meeting.status != MeetingStatus.PLANNED:
        raise NotPlanned(status=meeting.status)
    kept = {name: getattr(meeting, name) for name in _columns(session, draft)}
    columns = kept | _edited(session, opened, draft)
    write(meeting, {"status": MeetingStatus.MOVED.value})
    made = history.create(
        session,
        Meeting,
        root=draft.member_id or meeting.member_id,
        person=who(session),
        moved_from_id=meeting.id,
        **columns,
    )
    return MeetingId(made.id)


def cancel(
    session: Session,
    meeting_id: MeetingId,
    status: MeetingStatus = MeetingStatus.CANCELLED,
    why: str = "",
) -> None:
    """The meeting will not take place; it stays in the member's timeline. Raises NoSuchRecord.

    status: who did not come: CANCELLED, we; EXCUSED, the member; NO_SHOW, the member without a word.
    """
    meeting = existing(session, Meeting, meeting_id)
    write(meeting, {"status": status.value, **({"outcome": why} if why else {})})


def remove(session: Session, meeting_id: MeetingId) -> None:
    """Take a meeting entered by mistake from everywhere. Raises NoSuchRecord."""
    meeting = existing(session, Meeting, meeting_id)
    history.remove(session, meeting)
    if meeting.member_id:
        shows_anew(session, Kind.MEMBER, [meeting.member_id])


def set_outcome(  # noqa: PLR0913 - all that is told of one meeting
    session: Session,
    meeting_id: MeetingId,
    status: MeetingStatus,
    outcome: str,
    now: datetime,
    follows: NextStep | None = None,
    *,
    shown: NextStep = NO_STEP,
    received: Collection[DocumentId] = (),
) -> None:
    """How the meeting ended, and what comes next for its request.

    follows: the request's step, which was shown, is done and this one takes its place; None: it
    keeps the one it has. received: the documents of the request that were handed over, on the day
    of the meeting. Seen in person counts from then on for the member. Raises NoSuchRecord,
    and EditConflict, with nothing written, if the request has another step by now.
    """
    meeting = existing(session, Meeting, meeting_id)
    write(meeting, {"status": status.value, "outcome": outcome})
    if meeting.member_id:
        shows_anew(session, Kind.MEMBER, [meeting.member_id])
    if follows and meeting.request_id and session.get(Request, meeting.request_id):
        requests.finish_step(session, RequestId(meeting.request_id), now, shown, follows)
    if received and meeting.request_id:
        held = meeting.starts_at.date() if meeting.starts_at else now.date()
        request = RequestId(meeting.request_id)
        documents.mark_received(session, request, received, min(held, now.date()))


def _edited(session: Session, opened: MeetingRow, draft: MeetingDraft) -> dict[str, Any]:
    before = _columns(session, opened.draft)
    return {
        name: value for name, value in _columns(session, draft).items() if value != before[name]
    }


def _columns(session: Session, draft: MeetingDraft) -> dict[str, Any]:
    starts_at = draft.starts_at
    site = session.get(Site, draft.site_id) if draft.site_id else None
    return {
        "member_id": draft.member_id,
        "request_id": draft.request_id,
        "reason": draft.reason,
        "mode": draft.mode.value,
        "starts_at": starts_at.replace(tzinfo=None, second=0, microsecond=0) if starts_at else None,
        "minutes": draft.minutes,
        "zone": planning.zone_of(site.department) if site else draft.zone,
        "site_id": draft.site_id,
        "room": draft.room,
        "bring": draft.bring,
    }
