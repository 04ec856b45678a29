"""Everything that took place with one member, as one list."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from correspondent_desk.domain import presence
from correspondent_desk.domain.contacts import ContactDraft, Way
from correspondent_desk.domain.meetings import MeetingDraft, MeetingStatus, Mode
from correspondent_desk.domain.members import EntryKind, MemberId, TimelineEntry
from correspondent_desk.domain.presence import Exchange
from correspondent_desk.records.windows import fetch

_IN_PERSON = frozenset(
    [way.value for way in Way if way.is_in_person]
    + [mode.value for mode in Mode if mode.is_in_person]
)

_SEEN = f"removed_at IS NULL AND status = '{MeetingStatus.SEEN}'"
_SITE = "(SELECT name FROM site WHERE site.id = meeting.site_id)"
_REACHED = "removed_at IS NULL AND reached"
_WAYS = ", ".join(f"'{way}'" for way in Way if way.is_in_person)
_MODES = ", ".join(f"'{mode}'" for mode in Mode if mode.is_in_person)
_ABOUT = "coalesce(nullif(r.subject, ''), r.benefit)"

# id, at, what, about, text, person, way or mode, reached; of a meeting site and room as well
_QUERIES: dict[EntryKind, str] = {
    EntryKind.CONTACT: f"""
        SELECT c.id, c.at, c.way, {_ABOUT}, c.note, c.person, c.way, c.reached
        FROM contact c LEFT JOIN request r ON r.id = c.request_id
        WHERE c.member_id = ? AND c.removed_at IS NULL AND c.at IS NOT NULL
        ORDER BY c.at DESC LIMIT ?""",  # noqa: S608 - our own words
    EntryKind.MEETING: f"""
        SELECT id, starts_at, status, reason, outcome, person, mode, status = 'seen', {_SITE}, room
        FROM meeting
        WHERE member_id = ? AND removed_at IS NULL AND starts_at IS NOT NULL
        ORDER BY starts_at DESC LIMIT ?""",  # noqa: S608 - our own words
    EntryKind.REQUEST: f"""
        SELECT r.id, coalesce(min(s.at), r.opened_on), r.status, {_ABOUT}, '', coalesce(s.person, ''), '', 1
        FROM request r LEFT JOIN step s ON s.request_id = r.id AND s.was = ''
        WHERE r.member_id = ? AND r.removed_at IS NULL AND r.opened_on IS NOT NULL
        GROUP BY r.id ORDER BY r.opened_on DESC LIMIT ?""",  # noqa: S608 - our own words
    EntryKind.STEP: f"""
        SELECT s.id, s.at, CASE WHEN s.was = s.became THEN '' ELSE s.became END, {_ABOUT}, s.why,
               s.person, '', 1
        FROM request r JOIN step s ON s.request_id = r.id
        WHERE r.member_id = ? AND r.removed_at IS NULL AND s.removed_at IS NULL
          AND s.at IS NOT NULL AND s.was <> ''
        ORDER BY s.at DESC LIMIT ?""",  # noqa: S608 - our own words
    EntryKind.DOCUMENT: f"""
        SELECT d.id, d.seen_on, d.state, {_ABOUT}, d.label, '', '', 1
        FROM request r JOIN document d ON d.request_id = r.id
        WHERE r.member_id = ? AND r.removed_at IS NULL AND d.removed_at IS NULL
          AND d.seen_on IS NOT NULL
        ORDER BY d.seen_on DESC LIMIT ?""",  # noqa: S608 - our own words
    EntryKind.DECISION: f"""
        SELECT d.id, coalesce(d.decided_on, d.came_on) AS day, d.verdict, {_ABOUT}, d.reason,
               d.person, '', 1
        FROM request r JOIN decision d ON d.request_id = r.id
        WHERE r.member_id = ? AND r.removed_at IS NULL AND d.removed_at IS NULL
          AND day IS NOT NULL
        ORDER BY day DESC LIMIT ?""",  # noqa: S608 - our own words
}


def timeline(session: Session, member_id: MemberId, limit: int = 200) -> list[TimelineEntry]:
    """What took place with the member and what is planned, newest first, at most limit lines.

    about is the subject of the request, or its benefit's code; `messages.labels` has its name.
    what is empty for a step of a request that was done without a change of its status.
    Days without a time (a request's opening, a document seen) stand at midnight.
    """
    entries = [
        _entry(kind, found)
        for kind, query in _QUERIES.items()
        for found in fetch(session, query, member_id, limit)
    ]
    return sorted(entries, key=lambda entry: (entry.at, entry.id), reverse=True)[:limit]


def _entry(kind: EntryKind, found: tuple[Any, ...]) -> TimelineEntry:
    id_, at, what, about, text, person, way, reached, *place = found
    return TimelineEntry(
        kind=kind,
        id=id_,
        at=datetime.fromisoformat(at),
        what=what,
        about=about or "",
        text=text,
        person=person,
        in_person=way in _IN_PERSON and bool(reached),
        reached=bool(reached),
        way=way,
        place=", ".join(filter(None, place)),
    )


def latest(session: Session, member_id: int, *, in_person: bool) -> Exchange | None:
    """The last contact or held meeting; in_person: the last time in one room. None: never.

    An unanswered call is an attempt and does not count, nor does a meeting without outcome.
    """
    contact = fetch(
        session,
        f"SELECT at, way FROM contact WHERE member_id = ? AND {_REACHED}"  # noqa: S608
        f"{f' AND way IN ({_WAYS})' if in_person else ''} AND at IS NOT NULL"
        " ORDER BY at DESC LIMIT 1",
        member_id,
    )
    meeting = fetch(
        session,
        f"SELECT starts_at, mode, {_SITE} FROM meeting WHERE member_id = ? AND {_SEEN}"  # noqa: S608
        f"{f' AND mode IN ({_MODES})' if in_person else ''} AND starts_at IS NOT NULL"
        " ORDER BY starts_at DESC LIMIT 1",
        member_id,
    )
    found = [
        *(
            presence.of_contact(ContactDraft(at=datetime.fromisoformat(at), way=Way.read(way)))
            for at, way in contact
        ),
        *(
            presence.of_meeting(
                MeetingDraft(starts_at=datetime.fromisoformat(at), mode=Mode.read(mode)),
                MeetingStatus.SEEN,
                site or "",
            )
            for at, mode, site in meeting
        ),
    ]
    return presence.last_contact(one for one in found if one)
