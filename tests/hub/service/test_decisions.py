"""Decisions that another program sends, in the name of an operator."""

from collections.abc import Iterator

import httpx
import pytest

from correspondent_desk.domain.requests import RequestStatus
from correspondent_desk.hub import audit
from correspondent_desk.hub.pages import accounts
from correspondent_desk.hub.pages.accounts import Role
from correspondent_desk.sync.online.exchange import exchange_online
from tests.hub.pages.filling import CHEAP
from tests.hub.service.serving import TRUSTS_NOBODY, Served, online_desk, served
from tests.hub.test_decisions import number
from tests.keepers import ON_DISK
from tests.records.acts import a_member, a_request, page
from tests.sync.desks import Town

PASSWORD = "four calm words together"


@pytest.fixture
def town(town: Town) -> Town:
    for role in Role:
        accounts.add(town.hub, role.value, role, PASSWORD, stretching=CHEAP)
    return town


@pytest.fixture
def serving(town: Town) -> Iterator[Served]:
    with served(town.hub, None) as found:
        yield found


def post(
    serving: Served, told: object, name: str = "operator", password: str = PASSWORD
) -> httpx.Response:
    return httpx.post(
        f"{serving.url}/v1/decisions", json=told, auth=(name, password), verify=TRUSTS_NOBODY
    )


def test_a_decision_goes_from_a_program_to_the_desk(town: Town, serving: Served) -> None:
    desk = online_desk(town, serving)
    request = a_request(desk, a_member(desk), status=RequestStatus.SENT)
    exchange_online(desk)
    one = {"number": number(desk, request), "verdict": "granted", "amount": "320.00"}

    tried = post(serving, {"decisions": [one], "only_check": True})
    sent = post(serving, {"decisions": [one, one | {"number": "12"}]})
    again = post(serving, {"decisions": [one]})
    exchange_online(desk)

    assert tried.json()["new"] == sent.json()["new"] == 1
    assert sent.json()["left_out"] == [
        {"place": 2, "number": "", "field": "number", "fault": "not-a-number", "other": 0}
    ]
    assert (again.json()["new"], again.json()["known"]) == (0, 1)
    assert len(page(desk).decisions) == 1
    noted = audit.newest(town.hub, 20)
    assert [one.by for one in noted if one.what == "decisions-taken-in"] == ["operator"]


@ON_DISK
@pytest.mark.parametrize(
    ("name", "password"), [("operator", "wrong"), ("nobody", PASSWORD), ("auditor", PASSWORD)]
)
def test_only_an_operator_may(serving: Served, name: str, password: str) -> None:
    answer = post(serving, {"decisions": []}, name, password)

    assert (answer.status_code, answer.json()) == (401, {"code": "not-signed"})


def test_guessing_has_to_wait(serving: Served) -> None:
    answers = [post(serving, {"decisions": []}, password="wrong") for _ in range(6)]

    assert (answers[-1].status_code, answers[-1].json()) == (429, {"code": "too-early"})
    assert int(answers[-1].headers["retry-after"]) > 0


@ON_DISK
def test_what_is_no_list_is_refused(serving: Served) -> None:
    for told in ({}, {"decisions": [{"number": "1"}]}, {"decisions": "all"}):
        assert post(serving, told).json() == {"code": "bad-request"}
