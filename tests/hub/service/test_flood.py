"""Thousands of connections at once: they are bounded, and a desk that is under way goes on."""

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from correspondent_desk.hub import desks
from correspondent_desk.hub.database import HubFolder, open_hub
from correspondent_desk.hub.service.limits import Limits
from correspondent_desk.sync.online.exchange import exchange_online, plan
from correspondent_desk.sync.online.transfer import Transfer
from correspondent_desk.sync.online.wire import Fate
from tests.builders import add_member
from tests.hub.service.serving import HOST, Certificate, Process, line, reaches
from tests.sync.desks import Town, contents
from tests.volume import VOLUME

MANY = 10_000 if VOLUME > 1 else 700
MOST_MEMORY = (
    350e6  # a connection in its greeting takes 256 kB in asyncio, and 512 are open at most
)
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="counts files and memory")


@contextmanager
def flood(port: int, count: int) -> Iterator[list[socket.socket]]:
    """So many connections that say nothing, or half a greeting; none waits for another."""
    opened: list[socket.socket] = []
    try:
        for number in range(count):
            one = socket.socket()
            one.setblocking(False)
            opened.append(one)
            one.connect_ex((HOST, port))
            if number % 2:
                try:
                    one.send(b"\x16\x03\x01")
                except OSError:
                    continue  # not connected yet, or let go already
        yield opened
    finally:
        for one in opened:
            one.close()


def test_they_are_bounded_and_desks_under_way_go_on(tmp_path: Path, paper: Certificate) -> None:
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < MANY + 500:
        pytest.skip(f"this system lets a program open {hard} files only")
    resource.setrlimit(resource.RLIMIT_NOFILE, (MANY + 500, hard))
    town = Town(tmp_path)
    here, there = town.desk("Yann"), town.desk("Rozenn")
    town.round()
    town.hub.close()
    hub = Process(town.hub.folder.path, paper)
    try:
        url = f"https://{HOST}:{hub.port}"
        for desk in (here, there):
            reaches(desk, url, paper.der)
        add_member(here, "Le Goff")
        planned = plan(here)
        assert planned.sent is not None
        process = psutil.Process(hub.pid)  # type: ignore[no-untyped-call]
        with line(here) as under_way:
            under_way.directory(lambda _found: None)
            with flood(hub.port, MANY):
                transfer = Transfer(under_way, lambda _progress: None, lambda: False, ())

                receipt = transfer.send(planned.sent.path)

                assert receipt.fate is Fate.NEW
                assert len(list(Path(f"/proc/{hub.pid}/fd").iterdir())) < Limits().connections + 100
                assert process.memory_info().rss < MOST_MEMORY
        # Those that were let go leave room for the next, at the latest when their time is over.
        report = exchange_online(there, pauses_s=(0.5, 1.0, 3.0, 8.0))
        assert report.trouble is None
        assert contents(there) == contents(here)
    finally:
        hub.end(15)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    again = open_hub(HubFolder(town.hub.folder.path), wall=town.clock)
    assert [one.to_receive for one in desks.listed(again)] == [0, 0]
    again.close()
    for desk in town.desks:
        desk.close()
