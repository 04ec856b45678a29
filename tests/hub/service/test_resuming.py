"""A line that is cut, a hub that is killed: the next exchange goes on, nothing is lost or doubled."""

import hashlib
import os
import random
import signal
from datetime import timedelta
from pathlib import Path

import pytest

from correspondent_desk.hub import desks
from correspondent_desk.hub.database import HubFolder, open_hub
from correspondent_desk.hub.service import uploads
from correspondent_desk.hub.service.limits import Limits
from correspondent_desk.store.database import Database
from correspondent_desk.sync.online.exchange import OnlineReport, exchange_online, plan
from correspondent_desk.sync.online.transfer import Progress, Stage
from correspondent_desk.sync.online.wire import Fate, UploadAsk
from tests.builders import add_member
from tests.hub.service.cutting import CuttingLine
from tests.hub.service.serving import Certificate, Process, Served, online_desk, reaches, serve
from tests.keepers import Keeper
from tests.sync.desks import Town, contents

PEOPLE = 40
NO_PATIENCE: tuple[float, ...] = ()
QUICK = (0.1, 0.4, 1.5, 5.0)


def write_much(desk: Database, people: int = PEOPLE) -> None:
    """Something that no compression makes small: some 20 kB for each of people."""
    chance = random.Random(1)
    for number in range(people):
        add_member(desk, f"Le Goff {number}", note=chance.randbytes(20_000).hex())


def cut_exchange(desk: Database, pauses_s: tuple[float, ...] = NO_PATIENCE) -> OnlineReport:
    return exchange_online(desk, pauses_s=pauses_s)


def sent_size(desk: Database) -> int:
    return sum(path.stat().st_size for path in desk.folder.outbox.glob("*.cdb"))


def test_an_upload_that_is_cut_goes_on_where_it_was(town: Town, hub: Served) -> None:
    desk = online_desk(town, hub)
    write_much(desk)
    with CuttingLine(hub.server.port, up=[400_000, 400_000]) as line:
        assert hub.certificate is not None
        reaches(desk, line.url, hub.certificate.der)

        first, second, third = (cut_exchange(desk) for _ in range(3))

        size = third.sent[0].size
    assert first.trouble is not None
    assert second.trouble is not None
    assert third.trouble is None
    assert third.receipt is not None
    assert third.receipt.fate is Fate.NEW
    assert line.cuts == 2
    assert size < line.sent < 1.4 * size
    assert [one.to_receive for one in desks.listed(town.hub)] == [0]


def test_a_download_that_is_cut_goes_on_where_it_was(town: Town, hub: Served) -> None:
    writer = online_desk(town, hub, "Yann")
    write_much(writer)
    exchange_online(writer)
    size = 0
    reader = online_desk(town, hub, "Anne")
    with CuttingLine(hub.server.port, down=[400_000, 300_000]) as line:
        assert hub.certificate is not None
        reaches(reader, line.url, hub.certificate.der)

        told: list[Progress] = []
        reports = [cut_exchange(reader), cut_exchange(reader)]
        reports.append(exchange_online(reader, told.append, pauses_s=NO_PATIENCE))
        size = max(one.total for one in told if one.stage is Stage.RECEIVING)

    assert [one.trouble is None for one in reports] == [False, False, True]
    assert line.cuts == 2
    assert size < line.received < 1.4 * size
    assert contents(reader) == contents(writer)


def test_a_short_cut_is_not_even_noticed(town: Town, hub: Served) -> None:
    desk = online_desk(town, hub)
    write_much(desk)
    with CuttingLine(hub.server.port, up=[300_000], down=[2_000]) as line:
        assert hub.certificate is not None
        reaches(desk, line.url, hub.certificate.der)

        report = cut_exchange(desk, pauses_s=(0.05, 0.05, 0.05))

    assert report.trouble is None
    assert line.cuts == 2


@pytest.mark.parametrize("people", [2, 4])
def test_a_line_that_never_carries_much_in_one_go_still_brings_it(
    town: Town, hub: Served, people: int
) -> None:
    desk = online_desk(town, hub)
    write_much(desk, people)
    with CuttingLine(hub.server.port, up=[25_000] * 20) as line:
        assert hub.certificate is not None
        reaches(desk, line.url, hub.certificate.der)

        reports = [cut_exchange(desk, pauses_s=(0, 0, 0)) for _ in range(3)]

    assert reports[-1].trouble is None
    assert line.cuts > 1
    assert [one.to_receive for one in desks.listed(town.hub)] == [0]


def test_who_stops_an_exchange_goes_on_with_it_later(town: Town, hub: Served) -> None:
    desk = online_desk(town, hub)
    write_much(desk)
    told: list[Progress] = []

    def is_enough() -> bool:
        return any(one.stage is Stage.SENDING and one.done > 0 for one in told)

    stopped = exchange_online(desk, told.append, is_enough)
    begun = max(one.done for one in told)
    told.clear()
    report = exchange_online(desk, told.append)

    assert stopped.trouble is not None
    assert stopped.trouble.full_code == "exchange-stopped"
    assert min(one.done for one in told if one.stage is Stage.SENDING) >= begun
    assert report.trouble is None


def test_a_hub_that_stops_lets_the_next_one_go_on(town: Town, paper: Certificate) -> None:
    hub = serve(town.hub, paper)
    desk = online_desk(town, hub)
    write_much(desk)
    hubs = [hub]

    def tell(progress: Progress) -> None:
        if progress.stage is Stage.SENDING and progress.done > 300_000 and len(hubs) == 1:
            hubs[0].stop()
            hubs.append(serve(town.hub, paper, port=hub.server.port))

    report = exchange_online(desk, tell, pauses_s=(0.1, 0.2, 0.5))
    hubs[-1].stop()

    assert report.trouble is None
    assert len(hubs) == 2


def test_what_a_killed_process_was_about_is_taken_in_a_minute_later(
    town: Town, hub: Served
) -> None:
    desk = online_desk(town, hub)
    exchange_online(desk)
    add_member(desk)
    prepared = plan(desk).sent
    assert prepared is not None
    content, limits = prepared.path.read_bytes(), Limits()
    asked = UploadAsk(length=len(content), sha256=hashlib.sha256(content).digest())
    upload, _ = uploads.begin(town.hub, 1, asked, limits)
    id_ = bytes.fromhex(upload.id)
    uploads.append(town.hub, 1, id_, 0, content)
    uploads.commit(town.hub, 1, id_)
    claimed = uploads.claim(town.hub, id_, limits)  # and here it dies
    assert claimed is not None
    assert uploads.claim(town.hub, id_, limits) is None

    town.clock.at += timedelta(seconds=61)
    report = exchange_online(desk)

    assert report.receipt is not None
    assert report.receipt.fate is Fate.NEW
    assert [one.to_receive for one in desks.listed(town.hub)] == [0]


# --- killed ---------------------------------------------------------------------------------------


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
def test_a_hub_that_is_killed_loses_and_doubles_nothing(
    tmp_path: Path, paper: Certificate, keeper: Keeper
) -> None:
    town = Town(tmp_path, database=keeper.fresh())
    writer, reader = town.desk("Yann"), town.desk("Anne")
    town.hub.close()
    hubs = [Process(town.hub.folder.path, paper)]
    url = f"https://127.0.0.1:{hubs[0].port}"
    for desk in (writer, reader):
        reaches(desk, url, paper.der)
    write_much(writer)

    stages = [Stage.SENDING, Stage.WAITING, Stage.RECEIVING]

    def kill(progress: Progress) -> None:
        is_midway = progress.done > 200_000 or progress.stage is Stage.WAITING
        if is_midway and progress.stage in stages:
            stages.remove(progress.stage)
            hubs[-1].end(signal.SIGKILL)
            hubs.append(Process(town.hub.folder.path, paper, hubs[0].port))

    reports = [exchange_online(one, kill, pauses_s=QUICK) for one in (writer, reader, writer)]
    assert hubs[-1].end(signal.SIGTERM) == 0

    assert [one.trouble for one in reports] == [None] * 3
    assert not stages
    assert contents(writer) == contents(reader)
    assert len(contents(reader)["member"]) == PEOPLE
    hub = open_hub(HubFolder(town.hub.folder.path))
    assert [one.to_receive for one in desks.listed(hub)] == [0, 0]
    hub.close()
    for desk in town.desks:
        desk.close()
