"""200 desks at once with one process of a hub on PostgreSQL, over HTTPS, and the hub killed meanwhile."""

import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from sqlalchemy import func, select

from benchmarks.hub import Bench, Desk, bench
from benchmarks.measuring import Row, percentile
from correspondent_desk.errors import DeskError
from correspondent_desk.hub import ingest, offices, tables
from correspondent_desk.hub.schema import EVERY_OFFICE
from correspondent_desk.sync.online.line import Line
from correspondent_desk.sync.online.transfer import Transfer
from correspondent_desk.sync.online.wire import Fate, State
from tests.hub.service.serving import Certificate, Process, certificate

DESKS, OF_AN_OFFICE, CHANGES, ROUNDS = 200, 2, 20, 2
_PAUSES_S = (0.5, 1.0, 2.0, 4.0)
_ATTEMPTS, _AGAIN_S = 8, 0.5
met: Counter[str] = Counter()
"""What kept exchanges from going on."""


@dataclass
class Crowd:
    """What the desks met. took: seconds of an exchange, from its first request to its last answer."""

    took: list[float] = field(default_factory=list)
    again: int = 0
    worked: float = 0
    memory: float = 0


def crowd_rows() -> list[Row]:
    """Without trouble, then with the hub killed half-way."""
    with bench() as here:
        paper = certificate(here.path / "paper")
        desks = _known_desks(here)
        here.hub.close()
        hubs = [Process(here.path / "hub", paper)]
        try:
            calm = Crowd()
            _look_at(hubs[-1], calm)
            begun = calm.worked
            clock = _run(here, desks, paper, hubs, calm, ROUNDS, lambda _done: None)
            _look_at(hubs[-1], calm)
            calm.worked -= begun  # what starting the program takes
            cut = Crowd()
            half = threading.Event()

            def killing(done: int) -> None:
                if done >= DESKS // 2 and not half.is_set():
                    half.set()
                    hubs[-1].end(signal.SIGKILL)
                    hubs.append(Process(here.path / "hub", paper, hubs[-1].port))

            _run(here, desks, paper, hubs, cut, 1, killing)
            assert len(hubs) == 2
            wrong = _lost_or_doubled(here, (ROUNDS + 1) * CHANGES, ROUNDS + 2)
        finally:
            hubs[-1].end(signal.SIGTERM)
    return _rows(calm, cut, clock, wrong)


def _rows(calm: Crowd, cut: Crowd, clock: float, wrong: int) -> list[Row]:
    count = DESKS * ROUNDS
    rate = f"{count / clock:.1f} exchanges a second"
    name = f"hub: {DESKS} desks at once, {rate}"
    return [
        Row(f"{name}: processor of the hub for each", calm.worked / count * 1e3, "ms", 50),
        Row("the same: an exchange, p99", percentile(calm.took, 99), "s", 30),
        Row("the same: memory of the hub", calm.memory, "MB", 300),
        Row(
            f"hub killed meanwhile ({cut.again} tried again): p99",
            percentile(cut.took, 99),
            "s",
            60,
        ),
        Row("the same: operations or bundles lost or doubled", wrong, "", 0),
    ]


def _known_desks(here: Bench) -> list[Desk]:
    """Desks that the hub knows, two an office."""
    desks = []
    for number in range(DESKS // OF_AN_OFFICE):
        office = offices.add(here.hub, f"École {number}")
        for _ in range(OF_AN_OFFICE):
            desk = here.desk(office.name)
            ingest.take_in(here.hub, desk.bundle(0, here.file()))
            desks.append(desk)
    return desks


def _run(
    here: Bench,
    desks: list[Desk],
    paper: Certificate,
    hubs: list[Process],
    crowd: Crowd,
    rounds: int,
    tell: Callable[[int], None],
) -> float:
    """All desks exchange, rounds times each; seconds from the first to the last."""
    url = f"https://127.0.0.1:{hubs[0].port}"
    lines = [Line(url, desk.keys, certificate=paper.der) for desk in desks]
    files = [[desk.bundle(CHANGES, here.file()) for _ in range(rounds)] for desk in desks]
    lock = threading.Lock()

    def exchange(number: int) -> None:
        place = here.path / "fetched" / str(number)
        for file in files[number]:
            begun = time.perf_counter()
            again = _one(lines[number], file, place)
            with lock:
                crowd.took.append(time.perf_counter() - begun)
                crowd.again += again
                tell(len(crowd.took))

    begun = time.perf_counter()
    with ThreadPoolExecutor(len(desks)) as pool:
        list(pool.map(exchange, range(len(desks))))
    clock = time.perf_counter() - begun
    for line in lines:
        line.__exit__()
    return clock


def _one(line: Line, file: Path, place: Path) -> int:
    """Send and fetch; how often it had to begin again, as the program does at its next exchange."""
    for attempt in range(_ATTEMPTS):
        try:
            line.directory(lambda _found: None)
            transfer = Transfer(line, lambda _progress: None, lambda: False, _PAUSES_S)
            receipt = transfer.send(file)
            if receipt.state is not State.DONE:  # a killed process is still thought to be about it
                met["not known yet"] += 1
                continue
            assert receipt.fate in (Fate.NEW, Fate.DUPLICATE), receipt
            fetched = transfer.fetch({}, place)
        except DeskError as error:
            met[error.full_code] += 1
            time.sleep(_AGAIN_S)
            continue
        if fetched is not None:
            fetched.unlink()
        return attempt
    raise AssertionError(f"a desk never came through: {met}")


def _look_at(hub: Process, crowd: Crowd) -> None:
    process = psutil.Process(hub.pid)  # type: ignore[no-untyped-call]
    times = process.cpu_times()
    crowd.worked = times.user + times.system
    crowd.memory = process.memory_info().rss / 1e6


def _lost_or_doubled(here: Bench, changes: int, bundles: int) -> int:
    """How many desks have not exactly so many operations and bundles in the hub."""
    wrong = 0
    with here.hub.transaction(EVERY_OFFICE) as connection:
        his = connection.execute(select(tables.origin.c.office, tables.origin.c.hi)).all()
        taken = connection.execute(
            select(tables.bundle_in.c.desk, func.count()).group_by(tables.bundle_in.c.desk)
        ).all()
    wrong += sum(row.hi != changes for row in his) + abs(DESKS - len(his))
    wrong += sum(count != bundles for _desk, count in taken) + abs(DESKS - len(taken))
    for office in {row.office for row in his}:
        with here.hub.transaction(office) as connection:
            count = connection.scalar(select(func.count()).select_from(tables.op)) or 0
        wrong += abs(count - OF_AN_OFFICE * changes)
    return int(wrong)
