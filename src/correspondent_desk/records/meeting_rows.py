"""Meetings as weeks, days and lists show them."""

from array import array
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from correspondent_desk.domain.meetings import (
    MeetingDraft,
    MeetingFilter,
    MeetingId,
    MeetingRow,
    MeetingStatus,
    Mode,
)
from correspondent_desk.domain.members import Civility, MemberId, SiteId
from correspondent_desk.domain.requests import RequestId
from correspondent_desk.records.members import usable_phone
from correspondent_desk.records.trouble import NoSuchRecord
from correspondent_desk.records.windows import fetch, fetch_ids, id_list, in_order, raw
from correspondent_desk.store import search

_WINDOW = """
    SELECT t.id, t.member_id, t.request_id, t.reason, t.mode, t.starts_at, t.minutes, t.zone,
           t.site_id, t.room, t.bring, t.status, t.outcome, t.person, m.civility, m.first_name,
           m.usage_name, m.family_name, m.phones, site.name, r.subject, r.benefit, r.is_sensitive
    FROM json_each(?) wanted CROSS JOIN meeting t ON t.id = wanted.value
    LEFT JOIN member m ON m.id = t.member_id
    LEFT JOIN site ON site.id = t.site_id
    LEFT JOIN request r ON r.id = t.request_id
    WHERE t.removed_at IS NULL
"""
_FILTERS: dict[MeetingFilter, str] = {
    MeetingFilter.UPCOMING: "status = 'planned' AND starts_at >= :now ORDER BY starts_at, id",
    MeetingFilter.WITHOUT_OUTCOME: (
        "status = 'planned' AND starts_at < :now ORDER BY starts_at DESC, id DESC"
    ),
    MeetingFilter.PAST: "starts_at < :now ORDER BY starts_at DESC, id DESC",
    MeetingFilter.ALL: "starts_at IS NOT NULL ORDER BY starts_at DESC, id DESC",
}


def find_ids(
    session: Session,
    words: str = "",
    which: MeetingFilter = MeetingFilter.UPCOMING,
    *,
    now: datetime,
    site_id: SiteId | None = None,
) -> "array[int]":
    """Ids of the meetings that pass the filter with the members found by words, in list order.

    Coming ones begin with the next, others with the newest. now is local wall-clock time.
    site_id: only those at this site.
    """
    condition = ""
    if words.strip():
        condition = "member_id IN (SELECT value FROM json_each(:members)) AND "
    if site_id is not None:
        condition += "site_id = :site AND "
    rows_ = raw(session).execute(
        f"SELECT id FROM meeting WHERE removed_at IS NULL AND {condition}{_FILTERS[which]}",  # noqa: S608
        {
            "now": _minute(now),
            "members": id_list(search.find_all(raw(session), words)) if words.strip() else "[]",
            "site": site_id,
        },
    )
    return array("q", (id_ for (id_,) in rows_))


def rows(session: Session, ids: Sequence[int]) -> list[MeetingRow]:
    """The meetings with these ids, in this order; those that are gone are skipped."""
    return [_row(found) for found in in_order(fetch(session, _WINDOW, id_list(ids)), ids)]


def row(session: Session, meeting_id: MeetingId) -> MeetingRow:
    """One meeting. Raises NoSuchRecord."""
    for found in rows(session, [meeting_id]):
        return found
    raise NoSuchRecord(kind="meeting", id=meeting_id)


def between(session: Session, first: date, last: date) -> list[MeetingRow]:
    """The meetings of these days, both included, by time; without the cancelled and moved ones."""
    ids = fetch_ids(
        session,
        "SELECT id FROM meeting WHERE starts_at >= ? AND starts_at < ? AND removed_at IS NULL"
        " AND status NOT IN ('cancelled', 'moved') ORDER BY starts_at, id",
        first.isoformat(),
        (last + timedelta(days=1)).isoformat(),
    )
    return rows(session, ids)


def day(session: Session, day: date) -> list[MeetingRow]:
    """The meetings of one day, by time; without the cancelled and moved ones."""
    return between(session, day, day)


def of_member(session: Session, member_id: MemberId) -> list[MeetingRow]:
    """The member's meetings, the newest first."""
    ids = fetch_ids(
        session,
        "SELECT id FROM meeting WHERE member_id = ? AND removed_at IS NULL"
        " ORDER BY starts_at DESC, id DESC",
        member_id,
    )
    return rows(session, ids)


def _minute(when: datetime) -> str:
    return when.strftime("%Y-%m-%dT%H:%M")


def _row(found: tuple[Any, ...]) -> MeetingRow:
    return MeetingRow(
        id=found[0],
        draft=MeetingDraft(
            member_id=MemberId(found[1]) if found[1] else None,
            request_id=RequestId(found[2]) if found[2] else None,
            reason=found[3],
            mode=Mode.read(found[4]),
            starts_at=datetime.fromisoformat(found[5]) if found[5] else None,
            minutes=found[6],
            zone=found[7],
            site_id=SiteId(found[8]) if found[8] else None,
            room=found[9],
            bring=found[10],
        ),
        status=MeetingStatus.read(found[11]),
        outcome=found[12],
        civility=Civility.read(found[14] or ""),
        first_name=found[15] or "",
        usage_name=found[16] or "",
        family_name=found[17] or "",
        phone=usable_phone(found[18]) if found[18] else "",
        site=found[19] or "",
        request_subject=found[20] or found[21] or "",
        is_sensitive=bool(found[22]),
        person=found[13],
    )
