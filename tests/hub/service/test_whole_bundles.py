"""A short bundle is sent by one request, taken in once whatever happens on the way."""

import pytest
from sqlalchemy import func, select

from correspondent_desk.hub import desks, refused
from correspondent_desk.hub.service.limits import Limits
from correspondent_desk.hub.service.tables import upload
from correspondent_desk.store.database import Database
from correspondent_desk.sync.online import wire
from correspondent_desk.sync.online.exchange import exchange_online, plan
from correspondent_desk.sync.online.line import Line
from correspondent_desk.sync.online.trouble import HubRefused
from correspondent_desk.sync.online.wire import Code, Fate, Import, State
from tests.builders import add_member
from tests.hub.service.cutting import CuttingLine
from tests.hub.service.serving import Certificate, Served, line, online_desk, reaches, served
from tests.keepers import ON_DISK
from tests.sync.desks import Town, contents

BUNDLE = {"Content-Type": wire.BUNDLE_TYPE}


def sent(of: Line, content: bytes) -> Import:
    return of.read(of.signed("POST", "/v1/bundles", content, BUNDLE), Import)


def waiting_for_parts(town: Town) -> int:
    with town.hub.transaction() as connection:
        return connection.scalar(select(func.count()).select_from(upload)) or 0


def a_bundle(desk: Database) -> bytes:
    prepared = plan(desk).sent
    assert prepared is not None
    return prepared.path.read_bytes()


def test_an_exchange_of_a_day_needs_no_parts(town: Town, hub: Served) -> None:
    desk = online_desk(town, hub)
    add_member(desk)

    report = exchange_online(desk)

    assert report.receipt is not None
    assert report.receipt.fate is Fate.NEW
    assert waiting_for_parts(town) == 0


def test_sent_twice_it_is_taken_in_once(town: Town, hub: Served) -> None:
    desk = online_desk(town, hub)
    exchange_online(desk)
    add_member(desk)
    content = a_bundle(desk)

    with line(desk) as of:
        first, again = sent(of, content), sent(of, content)

    assert (first.state, first.fate) == (State.DONE, Fate.NEW)
    assert first.operations > 0
    assert (again.fate, again.operations) == (Fate.DUPLICATE, 0)
    assert first.id == again.id


def test_what_is_no_bundle_is_refused_with_a_receipt_and_noted(town: Town, hub: Served) -> None:
    desk = online_desk(town, hub)
    exchange_online(desk)

    with line(desk) as of:
        found = sent(of, b"x" * 1000)

    assert (found.fate, found.code) == (Fate.REFUSED, "bundle:not-a-bundle")
    assert [one.code for one in refused.newest(town.hub, 5)] == ["not-a-bundle"]


@ON_DISK
def test_what_it_may_not_be(town: Town, hub: Served) -> None:
    desk = online_desk(town, hub)
    exchange_online(desk)
    told = []
    with line(desk) as of:
        for content, media in (
            (b"", wire.BUNDLE_TYPE),
            (b"x", "application/json"),
            (b"x" * (wire.MOST_AT_ONCE + 1), wire.BUNDLE_TYPE),
        ):
            with pytest.raises(HubRefused) as error:
                of.signed("POST", "/v1/bundles", content, {"Content-Type": media})
            told.append(error.value.reason)

    assert told == [Code.BAD_REQUEST, Code.BAD_REQUEST, Code.TOO_LARGE]


@ON_DISK
def test_a_full_disk_is_told_before_anything_is_written(town: Town, paper: Certificate) -> None:
    with served(town.hub, paper) as hub:
        desk = online_desk(town, hub)
        exchange_online(desk)
        add_member(desk)
        content = a_bundle(desk)
    with served(town.hub, paper, Limits(free=1 << 60)) as hub:
        reaches(desk, hub.url, paper.der)
        with line(desk) as of, pytest.raises(HubRefused) as error:
            sent(of, content)

    assert error.value.reason == Code.FULL
    assert [one.to_receive for one in desks.listed(town.hub)] == [0]


@ON_DISK
def test_a_line_that_is_cut_loses_and_doubles_nothing(town: Town, hub: Served) -> None:
    writer, reader = online_desk(town, hub, "Yann"), online_desk(town, hub, "Anne")
    for number in range(30):
        add_member(writer, f"Le Goff {number}")
    with CuttingLine(hub.server.port, up=[3_000], down=[2_500]) as cut:
        reaches(writer, cut.url, hub.certificate.der if hub.certificate else b"")

        report = exchange_online(writer, pauses_s=(0.05,) * 4)

    assert cut.cuts == 2
    assert report.trouble is None
    exchange_online(reader)
    assert contents(reader) == contents(writer)


@ON_DISK
def test_an_older_hub_gets_it_in_parts(
    town: Town, paper: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "MOST_AT_ONCE", 0)
    with served(town.hub, paper) as hub:
        desk = online_desk(town, hub)
        add_member(desk)

        report = exchange_online(desk)

    assert report.receipt is not None
    assert report.receipt.fate is Fate.NEW
    assert waiting_for_parts(town) == 1
