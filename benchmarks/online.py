"""A day of an office over HTTPS: what the serving process and its database work for it."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.hub import A_DAY, DAY_LIMIT_MS, Bench, Desk, bench
from benchmarks.measuring import Row
from correspondent_desk.sync.online.line import Line
from correspondent_desk.sync.online.transfer import Transfer
from tests.hub.service.serving import HOST, Certificate, certificate

DAYS = 10
OFFICE = "Mairie de Valbrune"


@dataclass(frozen=True, slots=True)
class Service:
    """A hub in a process of its own."""

    process: psutil.Process
    url: str
    paper: Certificate

    def worked(self) -> float:
        """Seconds that it worked so far."""
        times = self.process.cpu_times()
        return float(times.user + times.system)


@contextmanager
def _serving(here: Bench) -> Iterator[Service]:
    paper = certificate(here.path / "certificate")
    words = [sys.executable, "-m", "correspondent_desk", "--lang", "en", "hub", "serve"]
    words += ["--hub", str(here.hub.folder.path), "--port", "0"]
    words += ["--cert", str(paper.certificate), "--key", str(paper.key)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as started:
        assert started.stdout is not None
        port = started.stdout.readline().strip().rstrip(".").rsplit(":", 1)[1]
        process = psutil.Process(started.pid)  # type: ignore[no-untyped-call]
        yield Service(process, f"https://{HOST}:{port}", paper)
        started.terminate()


def _visit(service: Service, desk: Desk, file: Path, seen: dict[bytes, int], inbox: Path) -> None:
    """An exchange as a desk does it."""
    with Line(service.url, desk.keys, certificate=service.paper.der) as line:
        line.directory(lambda _found: None)
        transfer = Transfer(line, lambda _progress: None, lambda: False)
        transfer.send(file)
        fetched = transfer.fetch({**seen, **desk.vector}, inbox)
        assert fetched is not None  # a receipt, or what the other desk wrote
        fetched.unlink()


def online_rows(days: int = DAYS) -> list[Row]:
    """200 changes come over the network, and both desks fetch what they lack."""
    with bench() as here:
        one, other = here.desk(OFFICE), here.desk(OFFICE)
        here.take_in(one.bundle(0, here.file()), other.bundle(0, here.file()))
        with _serving(here) as service:
            worked = 0.0
            for day in range(days + 1):
                yesterday = one.vector
                files = one.bundle(A_DAY, here.file()), other.bundle(0, here.file(), yesterday)
                before = service.worked() + here.database_worked()
                for desk, file, seen in zip((one, other), files, ({}, yesterday), strict=True):
                    _visit(service, desk, file, seen, here.path / "fetched")
                if day:  # not the first, in which it learns
                    worked += service.worked() + here.database_worked() - before
    name = f"hub: processor for a day of an office over HTTPS, {A_DAY} changes"
    return [Row(name, worked / days * 1e3, "ms", DAY_LIMIT_MS)]
