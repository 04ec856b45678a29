"""What Today asks of the store: it finds what the pure rules find, and looks at no more than it must."""

import random
import re
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from correspondent_desk.domain import presence, triage
from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.contacts import Way
from correspondent_desk.domain.meetings import MeetingStatus, Mode
from correspondent_desk.domain.members import Channel, MemberId
from correspondent_desk.domain.requests import (
    Owes,
    RequestId,
    RequestStatus,
    RequestType,
)
from correspondent_desk.domain.triage import LineKind, RequestFacts
from correspondent_desk.records import members, people_to_meet, today
from correspondent_desk.records.today import MOST_LINES
from correspondent_desk.records.windows import raw
from correspondent_desk.store import history
from correspondent_desk.store.database import Database
from correspondent_desk.store.tables import Answer
from tests.records.acts import (
    NOW,
    TODAY,
    a_contact,
    a_meeting,
    a_member,
    a_request,
    days_before,
    held,
    on,
    page,
)


def _some_request(rng: random.Random, desk: Database, member: MemberId) -> RequestFacts:
    def maybe(day: date, share: float) -> date | None:
        return day if rng.random() < share else None

    opened = days_before(rng.randint(0, 150))
    columns: dict[str, Any] = {
        "type": rng.choice(list(RequestType)),
        "status": rng.choice(list(RequestStatus)),
        "last_useful_on": maybe(TODAY + timedelta(days=rng.randint(-8, 40)), 0.6),
        "next_what": rng.choice(("", "Call")),
        "next_who": rng.choice(list(Owes)),
        "next_due": maybe(TODAY + timedelta(days=rng.randint(-5, 30)), 0.5),
        "opened_on": opened,
    }
    request = a_request(desk, member, now=on(opened), **columns)
    happened = opened
    if rng.random() < 0.5:
        happened = days_before(rng.randint(0, (TODAY - opened).days))
        a_contact(desk, member, f"{happened} 10:00", request_id=request)
    until = maybe(TODAY + timedelta(days=rng.randint(-3, 60)), 0.3)
    if until:
        desk.do(
            Action.LINE_SNOOZED,
            lambda s: (
                history.create(
                    s, Answer, about_id=request, line="request", answer="later", until=until
                ).id
            ),
        )
    return RequestFacts(
        id=request,
        member_id=member,
        type=columns["type"],
        status=columns["status"],
        waiting_since=max(opened, happened),
        last_useful_on=columns["last_useful_on"],
        next_what=columns["next_what"],
        next_who=columns["next_who"],
        next_due=columns["next_due"],
        snoozed_until=until,
    )


@pytest.mark.parametrize("seed", range(4))
def test_the_page_holds_what_the_rules_say_about_every_request(desk: Database, seed: int) -> None:
    rng = random.Random(seed)
    member = a_member(desk)
    facts = [_some_request(rng, desk, member) for _ in range(90)]
    expected = triage.lines(facts, TODAY)

    shown = page(desk)

    def of(kind: LineKind) -> list[RequestId]:
        return [line.request_id for line in expected if line.kind is kind]

    for kind in LineKind:
        found = [one.line.request_id for one in shown.lines if one.line.kind is kind]
        assert found == of(kind)[:MOST_LINES], kind
        assert shown.more.get(kind, 0) == max(0, len(of(kind)) - MOST_LINES), kind


@pytest.mark.parametrize("seed", range(3))
def test_people_are_those_the_rule_finds_among_everybody(desk: Database, seed: int) -> None:
    rng = random.Random(seed)
    for number in range(16):
        _someone(rng, desk, f"Member {number}")
    ids = desk.read(lambda s: list(members.find_ids(s, today=TODAY)))
    everybody = desk.read(lambda s: people_to_meet.presences(s, [*map(MemberId, ids)], NOW, None))
    expected = [one for _, one in presence.people_to_meet(everybody, TODAY)]

    shown = [one.reason for one in page(desk).people]

    assert sorted(map(str, shown)) == sorted(map(str, expected[:5]))


def _someone(rng: random.Random, desk: Database, name: str) -> None:
    channel = rng.choice((Channel.ANY, Channel.ANY, Channel.NONE))
    rhythm = rng.choice((None, None, 6, 12))
    member = a_member(desk, name, rhythm_months=rhythm, preferred_channel=channel)
    then = days_before(rng.randint(100, 300))
    request = a_request(
        desk,
        member,
        now=on(then),
        opened_on=then,
        type=rng.choice((RequestType.CLAIM, RequestType.CLAIM, RequestType.EMERGENCY)),
        status=rng.choice((RequestStatus.PREPARING, RequestStatus.REFUSED, RequestStatus.CLOSED)),
    )
    for number in range(rng.randint(0, 5)):
        a_contact(
            desk,
            member,
            f"{days_before(rng.randint(1, 400))} 1{number}:00",
            rng.choice(list(Way)),
            request_id=rng.choice((None, request)),
            reached=rng.random() < 0.8,
        )
    if rng.random() < 0.2:
        a_meeting(desk, member, "2026-12-10 09:00", mode=rng.choice(list(Mode)))
    if rng.random() < 0.4:
        missed = a_meeting(desk, member, f"{days_before(rng.randint(-9, 40))} 09:00")
        held(desk, missed, rng.choice(list(MeetingStatus)))


def test_the_page_looks_for_the_few_by_their_indexes(desk: Database) -> None:
    asked: list[str] = []

    def plans(s: Session) -> str:
        connection = raw(s)
        connection.set_trace_callback(asked.append)
        today.page(s, NOW)
        connection.set_trace_callback(None)
        queries = [sql for sql in asked if sql.lstrip().startswith(("SELECT", "WITH"))]
        found = [connection.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall() for sql in queries]
        return "\n".join(line[3] for lines in found for line in lines)

    found = desk.read(plans)

    assert "meeting_missed" in found
    assert "member_deceased" in found
    large = re.findall(
        r"^SCAN (?:m|t|r|c|meeting|member|request|contact)\b(?!.* USING )", found, re.MULTILINE
    )
    assert not large
