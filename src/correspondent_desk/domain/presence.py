"""Who was seen when, and whether a person is needed: suggestions with their reason, in data."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from correspondent_desk.domain.calendar_days import add_months
from correspondent_desk.domain.contacts import ContactDraft, Way
from correspondent_desk.domain.meetings import MeetingDraft, MeetingId, MeetingStatus, Mode
from correspondent_desk.domain.members import Channel, MemberId, MemberStatus
from correspondent_desk.domain.requests import RequestId, RequestStatus, RequestType

REMOTE_IN_A_ROW = 3
MISSED_FOR = timedelta(days=30)  # a missed meeting is old afterwards: rhythm and requests tell more

_WAY_OF = {
    Mode.ON_SITE: Way.VISIT,
    Mode.HOME: Way.HOME,
    Mode.PHONE: Way.PHONE,
    Mode.VIDEO: Way.VIDEO,
}


@dataclass(frozen=True, slots=True)
class Exchange:
    """Something that truly took place between the desk and a member, at local time.

    site: the name of the site where a meeting was held; empty where there was none.
    """

    at: datetime
    way: Way
    request_id: RequestId | None = None
    site: str = ""

    @property
    def is_in_person(self) -> bool:
        """Whether two people were in the same room."""
        return self.way.is_in_person


def of_contact(contact: ContactDraft) -> Exchange | None:
    """The entry as an exchange; None for an attempt, which is not one."""
    if not contact.reached or contact.at is None:
        return None
    return Exchange(contact.at, contact.way, contact.request_id)


def of_meeting(meeting: MeetingDraft, status: MeetingStatus, site: str = "") -> Exchange | None:
    """The meeting as an exchange; None unless it was held."""
    if status is not MeetingStatus.SEEN or meeting.starts_at is None:
        return None
    where = site if meeting.mode is Mode.ON_SITE else ""
    return Exchange(meeting.starts_at, _way_of(meeting.mode), meeting.request_id, where)


def _way_of(mode: Mode) -> Way:
    """A kind of meeting of a newer version is a way of a newer version."""
    return _WAY_OF.get(mode) or Way.read(mode.value)


def last_contact(exchanges: Iterable[Exchange]) -> Exchange | None:
    """The latest exchange of any kind."""
    return max(exchanges, key=lambda one: one.at, default=None)


def last_seen(exchanges: Iterable[Exchange]) -> Exchange | None:
    """The latest exchange in person."""
    return last_contact(one for one in exchanges if one.is_in_person)


def rhythm_due(rhythm_months: int | None, last_contact_on: date | None, since: date) -> date | None:
    """The day from which the wished rhythm has run out; None if none is wished.

    Any real contact restarts it. since counts until there is one: when the member came.
    """
    if rhythm_months is None:
        return None
    return add_months(last_contact_on or since, rhythm_months)


class Why(StrEnum):
    """Why a person is needed, the most pressing first."""

    EMERGENCY = "emergency"
    REFUSAL = "refusal"
    MISSED_MEETING = "missed-meeting"
    REMOTE_EXCHANGES = "remote-exchanges"
    RHYTHM = "rhythm"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why this member should be met.

    since: the day it arose, of a missed meeting its day, which may be to come where the member has
    said so. request_id: the request it is about; None for a rhythm. meeting_id, was_excused: of a
    missed meeting. exchanges: how many remote ones in a row. last_seen_on and rhythm_months help
    to say it.
    """

    why: Why
    since: date
    request_id: RequestId | None = None
    meeting_id: MeetingId | None = None
    was_excused: bool = False
    exchanges: int = 0
    last_seen_on: date | None = None
    rhythm_months: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestPresence:
    """What presence must know of a request.

    pressing_since: when it was opened, or became an emergency if that was later: an emergency asks
    for one meeting since that day, however far it gets afterwards.
    status_since: when it got its status.
    """

    id: RequestId
    type: RequestType
    status: RequestStatus
    pressing_since: date
    status_since: datetime
    is_declined: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedMeeting:
    """A meeting to which the member did not come; was_excused: they said so."""

    id: MeetingId
    at: datetime
    mode: Mode = Mode.ON_SITE
    request_id: RequestId | None = None
    was_excused: bool = False
    is_declined: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberPresence:
    """What presence must know of a member; requests and exchanges in any order.

    rhythm_months: the member's own wish, else the office's. known_since: when the member came.
    is_planned: a meeting in person is planned. rhythm_declined_on: when a suggestion because of
    the rhythm was last declined. channel: how the member wishes to be reached. missed: the last
    meeting that the member missed, if nothing of any kind has been planned since.
    """

    id: MemberId
    status: MemberStatus
    channel: Channel = Channel.ANY
    known_since: date
    requests: tuple[RequestPresence, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    rhythm_months: int | None = None
    rhythm_declined_on: date | None = None
    is_planned: bool = False
    missed: MissedMeeting | None = None


def person_needed(member: MemberPresence, today: date) -> Reason | None:
    """The most pressing reason to meet this member, None if there is none.

    None while a meeting is planned. A suggestion that was declined does not come back for that
    request; one because of the rhythm comes back when the rhythm has run out once more. Who wishes
    no contact is not called upon by anything but an emergency or a refusal of what they asked for.
    """
    if member.is_planned or member.status is MemberStatus.DECEASED:
        return None
    found = [
        reason
        for request in member.requests
        if request.status.is_open and not request.is_declined
        for reason in (_of_request(request, member),)
        if reason
    ]
    others = (_of_missed(member, today), _of_rhythm(member, today))
    found += [reason for reason in others if reason]
    return min(found, key=_pressing, default=None)


def _of_request(request: RequestPresence, member: MemberPresence) -> Reason | None:
    seen = last_seen(member.exchanges)
    seen_on = seen.at.date() if seen else None
    is_met = seen_on is not None and seen_on >= request.pressing_since
    if request.type is RequestType.EMERGENCY and not is_met:
        return Reason(
            why=Why.EMERGENCY,
            since=request.pressing_since,
            request_id=request.id,
            last_seen_on=seen_on,
        )
    if request.status is RequestStatus.REFUSED and not _told_since(request, member):
        return Reason(
            why=Why.REFUSAL,
            since=request.status_since.date(),
            request_id=request.id,
            last_seen_on=seen_on,
        )
    if member.channel is Channel.NONE:
        return None
    remote = sorted(
        one.at
        for one in member.exchanges
        if one.request_id == request.id and not (seen and one.at <= seen.at)
    )
    if len(remote) < REMOTE_IN_A_ROW:
        return None
    return Reason(
        why=Why.REMOTE_EXCHANGES,
        since=remote[REMOTE_IN_A_ROW - 1].date(),
        request_id=request.id,
        exchanges=len(remote),
        last_seen_on=seen_on,
    )


def _met_since(seen: Exchange | None, moment: datetime) -> bool:
    return seen is not None and seen.at >= moment


def _told_since(request: RequestPresence, member: MemberPresence) -> bool:
    return any(
        one.at >= request.status_since and (one.is_in_person or one.request_id == request.id)
        for one in member.exchanges
    )


def _of_missed(member: MemberPresence, today: date) -> Reason | None:
    """Whoever missed a meeting is owed another until they are seen, by phone if it was by phone."""
    missed = member.missed
    if missed is None or missed.is_declined or member.channel is Channel.NONE:
        return None
    if missed.at.date() < today - MISSED_FOR:
        return None
    seen = last_seen(member.exchanges)
    made_up = seen if missed.mode.is_in_person else last_contact(member.exchanges)
    if _met_since(made_up, missed.at):
        return None
    return Reason(
        why=Why.MISSED_MEETING,
        since=missed.at.date(),
        request_id=missed.request_id,
        meeting_id=missed.id,
        was_excused=missed.was_excused,
        last_seen_on=seen.at.date() if seen else None,
    )


def _of_rhythm(member: MemberPresence, today: date) -> Reason | None:
    if member.channel is Channel.NONE:
        return None
    latest = last_contact(member.exchanges)
    heard = [latest.at.date()] if latest else []
    if member.rhythm_declined_on:
        heard.append(member.rhythm_declined_on)
    due = rhythm_due(member.rhythm_months, max(heard, default=None), member.known_since)
    if due is None or due > today or member.status is MemberStatus.LEFT:
        return None
    seen = last_seen(member.exchanges)
    return Reason(
        why=Why.RHYTHM,
        since=due,
        last_seen_on=seen.at.date() if seen else None,
        rhythm_months=member.rhythm_months,
    )


_ORDER = {why: place for place, why in enumerate(Why)}


def _pressing(reason: Reason) -> tuple[int, int, int]:
    return (*pressing(reason), reason.request_id or 0)


def pressing(reason: Reason) -> tuple[int, int]:
    """The order of reasons: by what they are, then the oldest; of missed meetings the last one.

    Somebody is called while they still know what the meeting was about.
    """
    day = reason.since.toordinal()
    return _ORDER[reason.why], -day if reason.why is Why.MISSED_MEETING else day


def people_to_meet(members: Iterable[MemberPresence], today: date) -> list[tuple[MemberId, Reason]]:
    """Members who need a person: the most pressing reason first, then the oldest."""
    found = [(member.id, reason) for member in members if (reason := person_needed(member, today))]
    return sorted(found, key=lambda one: (*_pressing(one[1]), one[0]))
