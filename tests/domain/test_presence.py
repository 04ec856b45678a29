from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from correspondent_desk.domain.contacts import ContactDraft, Way
from correspondent_desk.domain.meetings import MeetingDraft, MeetingId, MeetingStatus, Mode
from correspondent_desk.domain.members import Channel, MemberId, MemberStatus
from correspondent_desk.domain.presence import (
    Exchange,
    MemberPresence,
    MissedMeeting,
    Reason,
    RequestPresence,
    Why,
    last_contact,
    last_seen,
    of_contact,
    of_meeting,
    people_to_meet,
    person_needed,
    rhythm_due,
)
from correspondent_desk.domain.requests import RequestId, RequestStatus, RequestType

TODAY = date(2026, 11, 22)
CLAIM = RequestId(7)
OTHER = RequestId(8)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def exchanges(drawn: str) -> tuple[Exchange, ...]:
    """One line each: day, way, and the request's number if it is about one."""
    found = []
    for line in drawn.strip().splitlines():
        day, way, *about = line.split()
        request_id = RequestId(int(about[0])) if about else None
        found.append(Exchange(at(f"{day}T10:00"), Way(way), request_id))
    return tuple(found)


def request(**changes: Any) -> RequestPresence:
    usual = RequestPresence(
        id=CLAIM,
        type=RequestType.CLAIM,
        status=RequestStatus.WAITING,
        pressing_since=date(2026, 10, 1),
        status_since=at("2026-10-01T09:00"),
    )
    return replace(usual, **changes)


def member(*requests: RequestPresence, log: str = "", **changes: Any) -> MemberPresence:
    usual = MemberPresence(
        id=MemberId(1),
        status=MemberStatus.ACTIVE,
        known_since=date(2020, 1, 15),
        requests=requests,
        exchanges=exchanges(log),
    )
    return replace(usual, **changes)


@pytest.mark.parametrize(
    ("contact", "expected"),
    [
        (
            ContactDraft(at=at("2026-11-20T09:00"), way=Way.SMS, request_id=CLAIM),
            Exchange(at("2026-11-20T09:00"), Way.SMS, CLAIM),
        ),
        (ContactDraft(at=at("2026-11-20T09:00"), reached=False), None),
        (ContactDraft(), None),
    ],
)
def test_an_unanswered_call_is_an_attempt(contact: ContactDraft, expected: Exchange | None) -> None:
    assert of_contact(contact) == expected


@pytest.mark.parametrize(
    ("mode", "status", "way"),
    [
        (Mode.ON_SITE, MeetingStatus.SEEN, Way.VISIT),
        (Mode.HOME, MeetingStatus.SEEN, Way.HOME),
        (Mode.PHONE, MeetingStatus.SEEN, Way.PHONE),
        (Mode.VIDEO, MeetingStatus.SEEN, Way.VIDEO),
        (Mode.ON_SITE, MeetingStatus.PLANNED, None),
        (Mode.ON_SITE, MeetingStatus.NO_SHOW, None),
        (Mode.ON_SITE, MeetingStatus.CANCELLED, None),
    ],
)
def test_only_a_held_meeting_counts(mode: Mode, status: MeetingStatus, way: Way | None) -> None:
    meeting = MeetingDraft(mode=mode, starts_at=at("2026-11-20T09:00"))

    found = of_meeting(meeting, status)

    assert found == (Exchange(at("2026-11-20T09:00"), way) if way else None)


def test_a_meeting_without_a_time_never_took_place() -> None:
    assert of_meeting(MeetingDraft(), MeetingStatus.SEEN) is None


def test_last_seen_and_last_contact_are_two_dates() -> None:
    log = exchanges(
        """
        2026-11-21 phone
        2026-08-12 session
        2026-01-05 visit
        """
    )

    assert last_contact(log) == Exchange(at("2026-11-21T10:00"), Way.PHONE)
    assert last_seen(log) == Exchange(at("2026-08-12T10:00"), Way.SESSION)
    assert last_seen(exchanges("2026-11-21 video")) is None
    assert last_contact(()) is None


@pytest.mark.parametrize(
    ("months", "last", "due"),
    [
        (12, date(2025, 11, 22), date(2026, 11, 22)),
        (6, date(2026, 8, 31), date(2027, 2, 28)),
        (12, None, date(2021, 1, 15)),
        (None, date(2010, 1, 1), None),
    ],
)
def test_a_rhythm_runs_from_the_last_contact(
    months: int | None, last: date | None, due: date | None
) -> None:
    assert rhythm_due(months, last, date(2020, 1, 15)) == due


def missed(when: str = "2026-11-20T10:00", **changes: Any) -> MissedMeeting:
    return replace(MissedMeeting(id=MeetingId(3), at=at(when)), **changes)


REMOTE = """
    2026-10-05 phone 7
    2026-10-20 mail 7
    2026-11-03 sms 7
"""


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        pytest.param(member(), None, id="nothing asked, no rhythm wished"),
        pytest.param(member(request(), log="2026-10-05 phone 7"), None, id="one call"),
        pytest.param(
            member(request(type=RequestType.EMERGENCY)),
            Reason(why=Why.EMERGENCY, since=date(2026, 10, 1), request_id=CLAIM),
            id="an emergency",
        ),
        pytest.param(
            member(request(type=RequestType.EMERGENCY), log="2026-09-30 visit"),
            Reason(
                why=Why.EMERGENCY,
                since=date(2026, 10, 1),
                request_id=CLAIM,
                last_seen_on=date(2026, 9, 30),
            ),
            id="an emergency, seen before it",
        ),
        pytest.param(
            member(request(type=RequestType.EMERGENCY), log="2026-10-02 home"),
            None,
            id="an emergency, seen since",
        ),
        pytest.param(
            member(
                request(
                    type=RequestType.EMERGENCY,
                    status=RequestStatus.SENT,
                    status_since=at("2026-10-05T09:00"),
                ),
                log="2026-10-02 home",
            ),
            None,
            id="an emergency, seen since, that got further",
        ),
        pytest.param(
            member(request(type=RequestType.EMERGENCY, status=RequestStatus.CLOSED)),
            None,
            id="an emergency that is over",
        ),
        pytest.param(
            member(request(status=RequestStatus.REFUSED)),
            Reason(why=Why.REFUSAL, since=date(2026, 10, 1), request_id=CLAIM),
            id="a refusal to announce",
        ),
        pytest.param(
            member(request(status=RequestStatus.REFUSED), log="2026-10-02 phone 8"),
            Reason(why=Why.REFUSAL, since=date(2026, 10, 1), request_id=CLAIM),
            id="a refusal, a call about something else",
        ),
        pytest.param(
            member(request(status=RequestStatus.REFUSED), log="2026-10-02 phone 7"),
            None,
            id="a refusal, told by phone",
        ),
        pytest.param(
            member(request(status=RequestStatus.REFUSED), log="2026-10-02 session"),
            None,
            id="a refusal, seen since",
        ),
        pytest.param(
            member(request(), log=REMOTE),
            Reason(
                why=Why.REMOTE_EXCHANGES, since=date(2026, 11, 3), request_id=CLAIM, exchanges=3
            ),
            id="three remote exchanges",
        ),
        pytest.param(
            member(request(), log=REMOTE + "2026-11-10 letter 7"),
            Reason(
                why=Why.REMOTE_EXCHANGES, since=date(2026, 11, 3), request_id=CLAIM, exchanges=4
            ),
            id="four remote exchanges",
        ),
        pytest.param(
            member(request(), log=REMOTE + "2026-10-10 visit"),
            None,
            id="seen in between, so not in a row",
        ),
        pytest.param(
            member(request(), log=REMOTE.replace("sms 7", "sms 8")),
            None,
            id="three remote exchanges about two requests",
        ),
        pytest.param(member(request(is_declined=True), log=REMOTE), None, id="declined"),
        pytest.param(
            member(request(is_declined=True), request(id=OTHER, status=RequestStatus.REFUSED)),
            Reason(why=Why.REFUSAL, since=date(2026, 10, 1), request_id=OTHER),
            id="declined for one request only",
        ),
        pytest.param(member(request(), log=REMOTE, is_planned=True), None, id="planned already"),
        pytest.param(
            member(request(), log=REMOTE, status=MemberStatus.DECEASED), None, id="deceased"
        ),
        pytest.param(
            member(rhythm_months=12, log="2025-09-20 visit"),
            Reason(
                why=Why.RHYTHM,
                since=date(2026, 9, 20),
                last_seen_on=date(2025, 9, 20),
                rhythm_months=12,
            ),
            id="a rhythm that has run out",
        ),
        pytest.param(
            member(rhythm_months=12, log="2025-09-20 visit\n2026-01-05 phone"),
            None,
            id="any contact restarts the rhythm",
        ),
        pytest.param(
            member(rhythm_months=12),
            Reason(why=Why.RHYTHM, since=date(2021, 1, 15), rhythm_months=12),
            id="never met",
        ),
        pytest.param(
            member(rhythm_months=12, rhythm_declined_on=date(2026, 9, 25)),
            None,
            id="the rhythm declined lately",
        ),
        pytest.param(
            member(rhythm_months=6, rhythm_declined_on=date(2026, 5, 22)),
            Reason(why=Why.RHYTHM, since=TODAY, rhythm_months=6),
            id="the rhythm declined, and run out once more",
        ),
        pytest.param(
            member(missed=missed(request_id=CLAIM), log="2026-11-19 visit"),
            Reason(
                why=Why.MISSED_MEETING,
                since=date(2026, 11, 20),
                request_id=CLAIM,
                meeting_id=MeetingId(3),
                last_seen_on=date(2026, 11, 19),
            ),
            id="a meeting was missed",
        ),
        pytest.param(
            member(missed=missed("2026-12-01T10:00", was_excused=True), log="2026-11-21 phone"),
            Reason(
                why=Why.MISSED_MEETING,
                since=date(2026, 12, 1),
                meeting_id=MeetingId(3),
                was_excused=True,
            ),
            id="a meeting to come was called off",
        ),
        pytest.param(member(missed=missed(), log="2026-11-20 visit"), None, id="came after all"),
        pytest.param(
            member(missed=missed(mode=Mode.PHONE), log="2026-11-21 phone"),
            None,
            id="a call was missed, called since",
        ),
        pytest.param(member(missed=missed(is_declined=True)), None, id="missed, declined"),
        pytest.param(member(missed=missed("2026-10-22T10:00")), None, id="missed long ago"),
        pytest.param(
            member(missed=missed(), channel=Channel.NONE), None, id="missed, wishes no contact"
        ),
        pytest.param(
            member(rhythm_months=12, status=MemberStatus.LEFT), None, id="left, no rhythm any more"
        ),
        pytest.param(
            member(
                request(),
                request(id=OTHER, type=RequestType.EMERGENCY),
                rhythm_months=1,
                log=REMOTE,
            ),
            Reason(why=Why.EMERGENCY, since=date(2026, 10, 1), request_id=OTHER),
            id="the most pressing reason wins",
        ),
    ],
)
def test_when_a_person_is_needed(who: MemberPresence, expected: Reason | None) -> None:
    assert person_needed(who, TODAY) == expected


def test_people_to_meet_stand_by_reason_then_by_how_long() -> None:
    def known(id_: int, *requests: RequestPresence, **changes: Any) -> MemberPresence:
        return member(*requests, id=MemberId(id_), **changes)

    older = at("2026-09-01T09:00")
    found = people_to_meet(
        [
            known(1, rhythm_months=12),
            known(2, request(status=RequestStatus.REFUSED)),
            known(3, request(status=RequestStatus.REFUSED, status_since=older)),
            known(4),
            known(5, request(type=RequestType.EMERGENCY)),
            known(6, rhythm_months=12, known_since=date(2019, 1, 1)),
            known(7, missed=missed("2026-11-19T10:00")),
            known(8, missed=missed("2026-11-20T10:00")),
        ],
        TODAY,
    )

    assert [(id_, reason.why.value) for id_, reason in found] == [
        (5, "emergency"),
        (3, "refusal"),
        (2, "refusal"),
        (8, "missed-meeting"),
        (7, "missed-meeting"),
        (6, "rhythm"),
        (1, "rhythm"),
    ]


def test_who_wishes_no_contact_is_met_for_what_they_asked_and_for_no_rhythm() -> None:
    alone = member(rhythm_months=1, channel=Channel.NONE)
    by_phone = member(request(), log=REMOTE, channel=Channel.NONE)
    asking = member(request(type=RequestType.EMERGENCY), channel=Channel.NONE)

    assert person_needed(alone, TODAY) is None
    assert person_needed(by_phone, TODAY) is None
    assert person_needed(asking, TODAY)
