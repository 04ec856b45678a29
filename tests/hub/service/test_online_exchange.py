"""Desks exchange with a hub that really serves over HTTPS."""

from correspondent_desk.hub import offices
from correspondent_desk.store.database import Database
from correspondent_desk.sync import exchange
from correspondent_desk.sync.online.exchange import OnlineReport, exchange_online
from correspondent_desk.sync.online.transfer import Progress, Stage
from correspondent_desk.sync.online.wire import Fate
from tests.builders import add_member
from tests.hub.service.serving import Served, online_desk
from tests.sync.desks import Town, contents


def online(desk: Database) -> OnlineReport:
    report = exchange_online(desk)
    assert report.trouble is None
    assert not report.refused
    return report


def test_two_desks_of_an_office_hold_the_same_after_exchanging(town: Town, hub: Served) -> None:
    first, second = (online_desk(town, hub, person) for person in ("Yann", "Anne"))
    add_member(first, "Le Goff")
    add_member(second, "Petit")

    for desk in (first, second, first):
        online(desk)

    assert contents(first) == contents(second)
    assert len(contents(first)["member"]) == 2
    assert [one.to_receive for one in offices.desks(town.hub)] == [0, 0]


def test_an_exchange_leaves_nothing_to_say(town: Town, hub: Served) -> None:
    desk = online_desk(town, hub)
    add_member(desk)

    first = online(desk)
    again = online(desk)

    assert [sent.operations > 0 for sent in first.sent] == [True]
    assert first.receipt is not None
    assert first.receipt.fate is Fate.NEW
    assert not again.did_something
    assert exchange.status(desk).to_send == 0
    assert exchange.status(desk).is_welcomed


def test_an_exchange_tells_how_far_it_is(town: Town, hub: Served) -> None:
    desk = online_desk(town, hub)
    add_member(desk)
    told: list[Progress] = []

    exchange_online(desk, told.append)

    stages = list(dict.fromkeys(one.stage for one in told))
    assert stages == [
        Stage.CONNECTING, Stage.SENDING, Stage.WAITING, Stage.RECEIVING, Stage.TAKING_IN,
    ]  # fmt: skip
    sent = [one for one in told if one.stage is Stage.SENDING]
    assert sent[-1].done == sent[-1].total > 0
