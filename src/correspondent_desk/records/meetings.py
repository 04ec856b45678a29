"""Meetings: planning, moving, what came of them; and all that weeks and lists show of them."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from correspondent_desk.domain import planning
from correspondent_desk.domain.fields import Kind
from correspondent_desk.domain.meetings import (
    MeetingDraft,
    MeetingId,
    MeetingRow,
    MeetingStatus,
    Outcome,
)
from correspondent_desk.domain.requests import RequestId
from correspondent_desk.records import documents, requests
from correspondent_desk.records.agenda import (
    absences,
    add_absence,
    add_session,
    change_session,
    remove_absence,
    remove_session,
    session_columns,
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
from correspondent_desk.records.saving import (
    edited_whole,
    existing,
    pass_on,
    shows_anew,
    who,
    write,
    write_edit,
)
from correspondent_desk.records.trouble import NotPlanned
from correspondent_desk.store import history
from correspondent_desk.store.tables import Meeting, Member, Request, Site

__all__ = [
    "absences", "add_absence", "add_session", "between", "cancel", "change_session", "columns", "day", "find_ids",
    "move", "next_free", "of_member", "plan", "remove", "remove_absence",
    "remove_session", "row", "rows", "save", "session_columns", "session_draft", "sessions", "set_outcome", "warnings", "week",
]  # fmt: skip


def plan(session: Session, draft: MeetingDraft) -> MeetingId:
    """A new meeting, clash or not: a warning was shown and the user may keep it.

    Raises NoSuchRecord if the member is gone.
    """
    member = existing(session, Member, draft.member_id or 0)
    made = history.create(
        session, Meeting, root=member.id, person=who(session), **columns(session, draft)
    )
    return MeetingId(made.id)


def save(session: Session, opened: MeetingRow, draft: MeetingDraft) -> MeetingId:
    """Write what was changed since it was opened; one with somebody else is passed on to them.

    A meeting promised for another time is moved instead. Gives the one to show. Raises
    NoSuchRecord, and EditConflict if somebody else changed the same since.
    """
    meeting = existing(session, Meeting, opened.id)
    before, after = _compared(session, opened.draft, draft)
    if draft.member_id and draft.member_id != meeting.member_id:
        return _pass_on(session, meeting, edited_whole(meeting, before, after))
    is_seen = meeting.status == MeetingStatus.SEEN
    if write_edit(meeting, before, after) and is_seen and meeting.member_id:
        shows_anew(session, Kind.MEMBER, [meeting.member_id])
    return opened.id


def move(session: Session, opened: MeetingRow, draft: MeetingDraft) -> MeetingId:
    """The meeting at another time or place: a new one, while the old one says it was moved.

    One with somebody else is passed on to them, as in save. Raises as save does, and NotPlanned if
    it became something else meanwhile, which it stays.
    """
    meeting = existing(session, Meeting, opened.id)
    _require_status(meeting, MeetingStatus.PLANNED)
    whole = edited_whole(meeting, *_compared(session, opened.draft, draft))
    if draft.member_id and draft.member_id != meeting.member_id:
        return _pass_on(session, meeting, whole)
    write(meeting, {"status": MeetingStatus.MOVED.value})
    made = history.create(
        session,
        Meeting,
        root=meeting.member_id,
        person=who(session),
        moved_from_id=meeting.id,
        **whole,
    )
    return MeetingId(made.id)


def cancel(
    session: Session,
    meeting_id: MeetingId,
    status: MeetingStatus = MeetingStatus.CANCELLED,
    why: str = "",
) -> None:
    """The meeting will not take place; it stays in the member's timeline.

    status: who did not come: CANCELLED, we; EXCUSED, the member; NO_SHOW, the member without a word.
    Raises NoSuchRecord, and NotPlanned if it became something else meanwhile.
    """
    meeting = existing(session, Meeting, meeting_id)
    _require_status(meeting, MeetingStatus.PLANNED)
    write(meeting, {"status": status.value, **({"outcome": why} if why else {})})


def remove(session: Session, meeting_id: MeetingId) -> None:
    """Take a meeting entered by mistake from everywhere. Raises NoSuchRecord."""
    meeting = existing(session, Meeting, meeting_id)
    history.remove(session, meeting)
    if meeting.member_id:
        shows_anew(session, Kind.MEMBER, [meeting.member_id])


def set_outcome(session: Session, opened: MeetingRow, told: Outcome, now: datetime) -> None:
    """How the meeting ended, or did as it turns out, and what comes next for its request.

    Documents were handed over on the day of the meeting. Seen in person counts from then on for
    the member. Raises NoSuchRecord; with nothing written NotPlanned, if it ended otherwise since it
    was opened, and EditConflict, if its note or the next step of its request is another by now.
    """
    meeting = existing(session, Meeting, opened.id)
    _require_status(meeting, opened.status)
    before = {"status": meeting.status, "outcome": opened.outcome}
    write_edit(meeting, before, {"status": told.status.value, "outcome": told.note})
    if meeting.member_id:
        shows_anew(session, Kind.MEMBER, [meeting.member_id])
    request = session.get(Request, meeting.request_id) if meeting.request_id else None
    if request is None:
        return
    about = RequestId(request.id)
    if told.follows:
        requests.finish_step(session, about, now, told.step, told.follows)
    if told.received:
        held = meeting.starts_at.date() if meeting.starts_at else now.date()
        documents.mark_received(session, about, told.received, min(held, now.date()))


def _require_status(meeting: Meeting, status: MeetingStatus) -> None:
    """Raises NotPlanned: what is said about the meeting was said of another state of it."""
    if meeting.status != status:
        raise NotPlanned(status=meeting.status)


def _pass_on(session: Session, meeting: Meeting, whole: dict[str, Any]) -> MeetingId:
    """With its outcome, by whoever holds it, as whole says now."""
    names = ("person", "status", "outcome", "moved_from_id")
    kept = {name: getattr(meeting, name) for name in names}
    return MeetingId(pass_on(session, meeting, whole["member_id"], kept | whole).id)


def _compared(
    session: Session, opened: MeetingDraft, draft: MeetingDraft
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The columns of both; a time stays in its zone until it, or its place, is changed.

    What is known of a site may have changed since a meeting was planned there.
    """
    before = columns(session, opened) | {"zone": opened.zone}
    after = columns(session, draft)
    if all(after[name] == before[name] for name in ("starts_at", "minutes", "site_id", "room")):
        after["zone"] = opened.zone
    return before, after


def columns(session: Session, draft: MeetingDraft) -> dict[str, Any]:
    """The stored columns of a draft."""
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
