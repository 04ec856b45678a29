"""Who needs a person: a few candidates of each reason, judged by the pure rule.

Reasons are looked for from the most pressing down and only until a day's worth of people is found,
because a calm page names five and the rarer reasons are the dearer ones to look for.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import chain, islice
from typing import TypeVar

from sqlalchemy.orm import Session

from correspondent_desk.domain import presence
from correspondent_desk.domain.clock import wall_ms
from correspondent_desk.domain.contacts import ContactDraft, Way
from correspondent_desk.domain.fields import Kind
from correspondent_desk.domain.fields import field as field_named
from correspondent_desk.domain.meetings import MeetingDraft, MeetingId, MeetingStatus, Mode
from correspondent_desk.domain.members import Channel, MemberId, MemberStatus
from correspondent_desk.domain.presence import (
    Exchange,
    MemberPresence,
    MissedMeeting,
    Reason,
    RequestPresence,
    Why,
)
from correspondent_desk.domain.requests import RequestId, RequestStatus, RequestType
from correspondent_desk.domain.today import PersonToMeet
from correspondent_desk.records import members, office, requests
from correspondent_desk.records.windows import as_date, fetch, id_list, raw
from correspondent_desk.store import stamps
from correspondent_desk.store.changes import as_time
from correspondent_desk.store.search import LISTED
from correspondent_desk.store.tables import STILL_OPEN, WAS_MISSED, of

A_DAY = 5  # people to meet that one page proposes
_BATCH = 20
_TYPE, _MEMBER = (field_named(Kind.REQUEST, name).id for name in ("type", "member_id"))
_MOST = 200  # candidates of one reason that are looked at
_UUID_OF_TIME = 7

_OPEN, _LISTED, _MISSED = of("r", STILL_OPEN), of("m", LISTED), of("t", WAS_MISSED)
_MANY = presence.REMOTE_IN_A_ROW
_WAYS = ", ".join(f"'{way}'" for way in Way if way.is_in_person)
_IN_PERSON = ", ".join(f"'{mode}'" for mode in Mode if mode.is_in_person)
_UNPLANNED = f"""NOT EXISTS (
    SELECT 1 FROM meeting t WHERE t.member_id = {{member}} AND t.starts_at >= :now
    AND t.status = 'planned' AND t.removed_at IS NULL AND t.mode IN ({_IN_PERSON}))"""  # noqa: S608
_UNDECLINED = """NOT EXISTS (
    SELECT 1 FROM answer a WHERE a.about_id = r.id AND a.line = 'meet' AND a.removed_at IS NULL
    AND (a.answer = 'no' OR a.until > :today))"""
_OF_REQUEST = f"""
    SELECT r.member_id FROM request r
    WHERE {_OPEN} AND {{condition}} AND {_UNDECLINED} AND {_UNPLANNED.format(member="r.member_id")}
    ORDER BY r.opened_on, r.id LIMIT {_MOST}
"""  # noqa: S608 - our own words
_OF_RHYTHM = f"""
    SELECT m.id FROM member m
    WHERE {_LISTED} AND {{condition}} AND m.status NOT IN ('left', 'deceased')
      AND m.preferred_channel <> 'none'
      AND {_UNPLANNED.format(member="m.id")}
      AND NOT EXISTS (SELECT 1 FROM answer a WHERE a.about_id = m.id AND a.line = 'meet'
                      AND a.answer = 'later' AND a.until > :today AND a.removed_at IS NULL)
    ORDER BY {{order}} LIMIT {_MOST}
"""  # noqa: S608 - our own words
# Planned anew, also in the place of one to come that was called off.
_NOT_MADE_UP = f"""t.starts_at >= :recent AND {_MISSED}
    AND NOT EXISTS (SELECT 1 FROM meeting p WHERE p.member_id = t.member_id
                    AND p.starts_at >= min(t.starts_at, :now)
                    AND p.status = 'planned' AND p.removed_at IS NULL)"""  # noqa: S608 - our own words
_ANSWERED = """EXISTS (
    SELECT 1 FROM answer a WHERE a.about_id = t.id AND a.line = 'meet' AND a.removed_at IS NULL
    AND (a.answer = 'no' OR a.until > :today))"""
_OF_MISSED = f"""
    SELECT t.member_id FROM meeting t
    WHERE {_NOT_MADE_UP} AND NOT {_ANSWERED} AND NOT EXISTS (
        SELECT 1 FROM member m WHERE m.id = t.member_id
        AND (m.preferred_channel = 'none' OR m.last_seen_on > substr(t.starts_at, 1, 10)))
    ORDER BY t.starts_at DESC, t.id DESC LIMIT {_MOST}
"""  # noqa: S608 - our own words
_RUN_OUT = "date(m.last_contact_on, '+' || {months} || ' months') <= date(:today, '+3 days')"
_OWN_DUE = "date(m.last_contact_on, '+' || m.rhythm_months || ' months'), m.id"

_QUERIES: tuple[tuple[Why, str], ...] = (
    (Why.EMERGENCY, _OF_REQUEST.format(condition="r.type = 'emergency'")),
    (Why.REFUSAL, _OF_REQUEST.format(condition="r.status = 'refused'")),
    (Why.MISSED_MEETING, _OF_MISSED),
    (
        Why.REMOTE_EXCHANGES,
        _OF_REQUEST.format(
            # The index alone leaves out nearly all; only the others are looked at closely.
            condition=f"""(SELECT count(*) FROM contact c WHERE c.request_id = r.id) >= {_MANY}
                AND (SELECT count(*) FROM contact c WHERE c.request_id = r.id AND c.reached
                     AND c.way NOT IN ({_WAYS}) AND c.removed_at IS NULL AND c.at >= coalesce(
                       (SELECT m.last_seen_on FROM member m WHERE m.id = r.member_id), '')
                    ) >= {_MANY}
                AND (SELECT m.preferred_channel FROM member m WHERE m.id = r.member_id)
                    <> 'none'"""  # noqa: S608
        ),
    ),
    (
        Why.RHYTHM,
        _OF_RHYTHM.format(
            condition=f"m.rhythm_months IS NOT NULL AND {_RUN_OUT.format(months='m.rhythm_months')}",
            order=_OWN_DUE,
        ),
    ),
    (
        Why.RHYTHM,
        _OF_RHYTHM.format(
            condition="m.rhythm_months IS NOT NULL AND m.last_contact_on IS NULL", order="m.id"
        ),
    ),
    (
        Why.RHYTHM,
        _OF_RHYTHM.format(
            condition="m.rhythm_months IS NULL AND m.last_contact_on <= date(:today, :office)",
            order="m.last_contact_on, m.id",
        ),
    ),
    (
        Why.RHYTHM,
        _OF_RHYTHM.format(
            condition=":office IS NOT NULL AND m.rhythm_months IS NULL"
            " AND m.last_contact_on IS NULL",
            order="m.id",
        ),
    ),
)


def find(session: Session, now: datetime) -> list[PersonToMeet]:
    """At most five members who need a person, the most pressing reason first. now: local time."""
    rhythm = office.office(session).rhythm_months
    found: dict[MemberId, Reason] = {}
    for why in Why:
        for query in (query for reason, query in _QUERIES if reason is why):
            found |= _search(session, query, now, rhythm, frozenset(found))
        if len(found) >= A_DAY:
            break
    pressing = sorted(found.items(), key=lambda one: presence.pressing(one[1]))
    return _shown(session, pressing[:A_DAY])


def _search(
    session: Session, query: str, now: datetime, rhythm: int | None, others: frozenset[MemberId]
) -> dict[MemberId, Reason]:
    """Who of one query's candidates needs a person, batch by batch until there are enough."""
    named = {
        **_moments(now),
        "office": None if rhythm is None else f"-{rhythm} months",
    }
    candidates = dict.fromkeys(chain.from_iterable(raw(session).execute(query, named)))
    remaining = (id_ for id_ in candidates if id_ not in others)
    found: dict[MemberId, Reason] = {}
    while len(found) < A_DAY and (batch := list(islice(remaining, _BATCH))):
        facts = presences(session, batch, now, rhythm)
        found |= dict(presence.people_to_meet(facts, now.date()))
    return found


def _moments(now: datetime) -> dict[str, str]:
    today = now.date()
    return {
        "now": now.strftime("%Y-%m-%dT%H:%M"),
        "today": today.isoformat(),
        "recent": (today - presence.MISSED_FOR).isoformat(),
    }


def _shown(session: Session, people: Sequence[tuple[MemberId, Reason]]) -> list[PersonToMeet]:
    rows = {row.id: row for row in members.rows(session, [id_ for id_, _ in people])}
    about = {
        row.id: row
        for row in requests.rows(
            session, [reason.request_id for _, reason in people if reason.request_id]
        )
    }
    return [
        PersonToMeet(
            member=rows[id_],
            reason=reason,
            request=about.get(reason.request_id) if reason.request_id else None,
        )
        for id_, reason in people
        if id_ in rows
    ]


# --- the facts of some members --------------------------------------------------------------------

T = TypeVar("T")


def presences(
    session: Session, ids: Sequence[MemberId], now: datetime, rhythm: int | None
) -> list[MemberPresence]:
    """What the rule must know of these members; rhythm: of those who named none."""
    if not ids:
        return []
    wanted = id_list(ids)
    exchanges = _by_member(_exchanges(session, wanted))
    of_requests = _by_member(_requests(session, wanted, now.date()))
    declined = _rhythms_declined(session, wanted)
    planned = _planned(session, wanted, now)
    missed = dict(_missed(session, wanted, now))
    return [
        MemberPresence(
            id=id_,
            status=MemberStatus.read(status),
            channel=Channel.read(channel),
            known_since=_known_since(uid, as_date(entered_on)),
            requests=tuple(of_requests.get(id_, ())),
            exchanges=tuple(exchanges.get(id_, ())),
            rhythm_months=own_rhythm if own_rhythm is not None else rhythm,
            rhythm_declined_on=declined.get(id_),
            is_planned=id_ in planned,
            missed=missed.get(id_),
        )
        for id_, status, channel, own_rhythm, entered_on, uid in fetch(
            session,
            "SELECT m.id, m.status, m.preferred_channel, m.rhythm_months, m.entered_on, record.uid"
            " FROM member m JOIN record ON record.id = m.id"
            " WHERE m.id IN (SELECT value FROM json_each(?))",
            wanted,
        )
    ]


def _by_member(pairs: Iterable[tuple[MemberId, T]]) -> dict[MemberId, list[T]]:
    found: dict[MemberId, list[T]] = {}
    for id_, one in pairs:
        found.setdefault(id_, []).append(one)
    return found


def _exchanges(session: Session, wanted: str) -> Iterator[tuple[MemberId, Exchange]]:
    for id_, at, way, request_id in fetch(
        session,
        "SELECT member_id, at, way, request_id FROM contact"
        " WHERE member_id IN (SELECT value FROM json_each(?))"
        " AND reached AND at IS NOT NULL AND removed_at IS NULL",
        wanted,
    ):
        contact = ContactDraft(
            at=datetime.fromisoformat(at),
            way=Way.read(way),
            request_id=request_id,
        )
        if took_place := presence.of_contact(contact):
            yield id_, took_place
    for id_, at, mode, request_id in fetch(
        session,
        "SELECT member_id, starts_at, mode, request_id FROM meeting"
        " WHERE member_id IN (SELECT value FROM json_each(?))"
        " AND status = 'seen' AND starts_at IS NOT NULL AND removed_at IS NULL",
        wanted,
    ):
        meeting = MeetingDraft(
            starts_at=datetime.fromisoformat(at),
            mode=Mode.read(mode),
            request_id=request_id,
        )
        if took_place := presence.of_meeting(meeting, MeetingStatus.SEEN):
            yield id_, took_place


def _requests(
    session: Session, wanted: str, today: date
) -> Iterator[tuple[MemberId, RequestPresence]]:
    for member_id, id_, type_, status, opened_on, stamp, since, answered in fetch(
        session,
        "SELECT r.member_id, r.id, r.type, r.status, r.opened_on,"  # noqa: S608 - our own words
        " CASE WHEN r.type = 'emergency' THEN (SELECT stamp FROM record WHERE id = r.id) END,"
        " (SELECT max(s.at) FROM step s WHERE s.request_id = r.id AND s.was <> s.became"
        "   AND s.removed_at IS NULL),"
        " EXISTS (SELECT 1 FROM answer a WHERE a.about_id = r.id AND a.line = 'meet'"
        "   AND a.removed_at IS NULL AND (a.answer = 'no' OR a.until > ?))"
        f" FROM request r WHERE r.member_id IN (SELECT value FROM json_each(?)) AND {_OPEN}",
        today.isoformat(),
        wanted,
    ):
        status_since = datetime.fromisoformat(since or opened_on or "0001-01-01")
        yield (
            member_id,
            RequestPresence(
                id=RequestId(id_),
                type=RequestType.read(type_),
                status=RequestStatus.read(status),
                pressing_since=_pressing_since(
                    as_date(opened_on) or status_since.date(), stamp, today
                ),
                status_since=status_since,
                is_declined=bool(answered),
            ),
        )


def _pressing_since(opened_on: date, stamp: bytes | None, today: date) -> date:
    """When a request became an emergency, by the stamp of one: as a rule the day it was opened.

    Whom it is about is written once, when it is made. A clock that was ahead counts for nothing.
    """
    dots = stamps.unpack(stamp)
    written = dots.get(_TYPE)
    if written is None or written == dots.get(_MEMBER):
        return opened_on
    changed_on = as_time(wall_ms(written.stamp)).astimezone().date()
    return changed_on if opened_on < changed_on <= today else opened_on


def _rhythms_declined(session: Session, wanted: str) -> dict[MemberId, date]:
    return {
        id_: date.fromisoformat(on)
        for id_, on in fetch(
            session,
            "SELECT about_id, max(until) FROM answer"
            " WHERE about_id IN (SELECT value FROM json_each(?)) AND line = 'meet'"
            " AND answer = 'no' AND until IS NOT NULL AND removed_at IS NULL GROUP BY about_id",
            wanted,
        )
    }


def _planned(session: Session, wanted: str, now: datetime) -> frozenset[MemberId]:
    found = fetch(
        session,
        "SELECT member_id FROM meeting WHERE member_id IN (SELECT value FROM json_each(?))"  # noqa: S608
        " AND status = 'planned' AND removed_at IS NULL AND starts_at >= ?"
        f" AND mode IN ({_IN_PERSON})",
        wanted,
        now.strftime("%Y-%m-%dT%H:%M"),
    )
    return frozenset(id_ for (id_,) in found)


def _missed(
    session: Session, wanted: str, now: datetime
) -> Iterator[tuple[MemberId, MissedMeeting]]:
    """The oldest first: the last one holds."""
    for member_id, id_, at, mode, request_id, status, answered in raw(session).execute(
        "SELECT t.member_id, t.id, t.starts_at, t.mode, t.request_id, t.status,"  # noqa: S608
        f" {_ANSWERED} FROM meeting t"
        " WHERE t.member_id IN (SELECT value FROM json_each(:wanted))"
        f" AND {_NOT_MADE_UP} ORDER BY t.starts_at, t.id",
        {"wanted": wanted, **_moments(now)},
    ):
        yield (
            member_id,
            MissedMeeting(
                id=MeetingId(id_),
                at=datetime.fromisoformat(at),
                mode=Mode.read(mode),
                request_id=request_id,
                was_excused=status == MeetingStatus.EXCUSED,
                is_declined=bool(answered),
            ),
        )


def _known_since(uid: bytes, entered_on: date | None) -> date:
    """When the desk came to know a member: a version 7 id begins with the time it was made.

    Someone who entered years ago and was imported today is not overdue for years.
    """
    if uid[6] >> 4 == _UUID_OF_TIME:
        return as_time(int.from_bytes(uid[:6], "big")).date()
    return entered_on or date.min
