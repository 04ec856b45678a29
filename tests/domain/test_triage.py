from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations
from typing import Any

import pytest

from correspondent_desk.domain.members import MemberId
from correspondent_desk.domain.requests import Owes, RequestId, RequestStatus, RequestType
from correspondent_desk.domain.triage import Line, LineKind, RequestFacts, lines

TODAY = date(2026, 11, 22)


def day(offset: int) -> date:
    return TODAY + timedelta(days=offset)


def request(id_: int = 1, **changes: Any) -> RequestFacts:
    usual = RequestFacts(
        id=RequestId(id_),
        member_id=MemberId(100 + id_),
        type=RequestType.CLAIM,
        status=RequestStatus.WAITING,
        waiting_since=day(-6),
    )
    return replace(usual, **changes)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({}, ("waiting", -6), id="mine, no day: it waits"),
        pytest.param({"next_due": day(0)}, ("promised", 0), id="mine, for today"),
        pytest.param({"next_due": day(-3)}, ("promised", -3), id="mine, for three days ago"),
        pytest.param({"next_due": day(1)}, None, id="mine, for tomorrow"),
        pytest.param(
            {"next_who": Owes.MEMBER, "next_due": day(-2)}, ("overdue", -2), id="owed to me"
        ),
        pytest.param({"next_who": Owes.MEMBER, "next_due": day(2)}, None, id="owed, not yet late"),
        pytest.param({"next_who": Owes.COMMITTEE}, None, id="owed without a day, six days ago"),
        pytest.param(
            {"next_who": Owes.COMMITTEE, "waiting_since": day(-60)},
            ("silent", -60),
            id="owed without a day, two months ago",
        ),
        pytest.param({"last_useful_on": day(12)}, ("lapsing", 12), id="lapses soon"),
        pytest.param({"last_useful_on": day(30)}, ("lapsing", 30), id="lapses in thirty days"),
        pytest.param({"last_useful_on": day(31)}, ("waiting", -6), id="lapses later"),
        pytest.param({"last_useful_on": day(-2)}, ("lapsing", -2), id="lapsed"),
        pytest.param(
            {"last_useful_on": day(12), "next_who": Owes.MEMBER, "next_due": day(1)},
            None,
            id="lapses, awaited in good time",
        ),
        pytest.param(
            {"last_useful_on": day(12), "next_who": Owes.MEMBER, "next_due": day(2)},
            ("lapsing", 12),
            id="lapses, awaited too late to act",
        ),
        pytest.param(
            {"last_useful_on": day(12), "next_due": day(0)}, ("lapsing", 12), id="lapses, and due"
        ),
        pytest.param(
            {"last_useful_on": day(12), "status": RequestStatus.SENT, "next_who": Owes.COMMITTEE},
            None,
            id="sent: the right is safe",
        ),
        pytest.param({"type": RequestType.EMERGENCY}, ("emergency", -6), id="an emergency"),
        pytest.param(
            {"type": RequestType.EMERGENCY, "next_who": Owes.COMMITTEE},
            ("emergency", -6),
            id="an emergency that others work on",
        ),
        pytest.param(
            {"type": RequestType.EMERGENCY, "next_due": day(1)},
            None,
            id="an emergency that has its day",
        ),
        pytest.param({"status": RequestStatus.CLOSED}, None, id="closed"),
        pytest.param({"status": RequestStatus.ABANDONED}, None, id="abandoned"),
        pytest.param({"snoozed_until": day(1)}, None, id="put off"),
        pytest.param({"snoozed_until": day(0)}, ("waiting", -6), id="put off to today"),
        pytest.param(
            {"snoozed_until": day(20), "last_useful_on": day(12)},
            None,
            id="put off past the lapse, still far",
        ),
        pytest.param(
            {"snoozed_until": day(20), "last_useful_on": day(4)},
            ("lapsing", 4),
            id="put off past the lapse: back on the last day to post",
        ),
        pytest.param(
            {"snoozed_until": day(1), "last_useful_on": day(4)},
            None,
            id="put off to a day that is still useful",
        ),
        pytest.param(
            {"snoozed_until": day(20), "last_useful_on": day(-1)},
            None,
            id="lapsed, put off knowingly",
        ),
    ],
)
def test_why_a_request_is_there(changes: dict[str, Any], expected: tuple[str, int] | None) -> None:
    found = lines([request(**changes)], TODAY)

    assert [(line.kind.value, line.days) for line in found] == ([expected] if expected else [])


def test_a_line_says_all_that_a_sentence_needs() -> None:
    birth = request(
        3,
        last_useful_on=day(12),
        next_what="Apporter l’acte",
        next_who=Owes.MEMBER,
        missing=("Acte de naissance",),
    )

    assert lines([birth], TODAY) == [
        Line(
            kind=LineKind.LAPSING,
            request_id=RequestId(3),
            member_id=MemberId(103),
            on=day(12),
            days=12,
            next_what="Apporter l’acte",
            who=Owes.MEMBER,
            missing=("Acte de naissance",),
            until=day(8),
        )
    ]


def test_nobody_is_told_to_post_on_a_sunday() -> None:
    told = [
        line.until
        for days in range(7, 14)
        for line in lines([request(1, last_useful_on=day(days))], TODAY)
    ]

    assert {until.weekday() for until in told if until} == {0, 1, 2, 3, 4, 5}


def test_nobody_is_told_to_post_on_a_public_holiday() -> None:
    (line,) = lines([request(1, last_useful_on=date(2026, 12, 29))], date(2026, 12, 10))

    assert line.until == date(2026, 12, 24)


def test_the_order_is_kind_then_date_and_never_depends_on_the_order_of_arrival() -> None:
    requests = [
        request(1),
        request(2, last_useful_on=day(12)),
        request(3, next_due=day(0)),
        request(4, waiting_since=day(-9)),
        request(5, last_useful_on=day(3)),
        request(6, type=RequestType.EMERGENCY),
    ]
    orders = {
        tuple(line.request_id for line in lines(arrived, TODAY))
        for arrived in permutations(requests)
    }

    assert orders == {(6, 5, 2, 3, 4, 1)}


def test_equal_lines_keep_one_order() -> None:
    assert [line.request_id for line in lines([request(2), request(1)], TODAY)] == [1, 2]


def test_nothing_to_do_is_an_empty_page() -> None:
    assert lines([], TODAY) == []
