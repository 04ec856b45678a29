"""Windows in fresh processes: a bare one, the lock, the frame with Today; and a beating heart."""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from benchmarks import busy, commands, desks
from benchmarks.measuring import Row
from correspondent_desk.store.vault import DeskFolder

T = TypeVar("T")

RUNS = 7
KINDS = ("bare", "lock", "typed", "main")
LIST_ROWS = 100_000


class Shown(msgspec.Struct, frozen=True):
    """What one window took: seconds, since its process was asked for or its passphrase was typed,
    processor seconds of the same time, memory.
    """

    s: float
    cpu: float
    mb: float


def window_rows(members: int = desks.LARGE, runs: int = RUNS) -> list[Row]:
    """First window, main window and memory, against a bare Qt window of the same round."""
    large = desks.folder(members).path
    with tempfile.TemporaryDirectory() as place:
        asked = {**dict.fromkeys(KINDS, large), "lock": _of_real_people(Path(place))}
        rounds = [
            {kind: _child(Shown, kind, str(folder)) for kind, folder in asked.items()}
            for _ in range(1 + runs)
        ]
    rounds = rounds[1:]  # from here on files were in memory and modules compiled for all
    return [
        _against_bare("first window, to a bare Qt window", "lock", 1.5, rounds),
        _against_bare("Today from the typed passphrase on, to a bare window", "typed", 4, rounds),
        _against_bare("Today from the start of the program, to a bare one", "main", 4, rounds),
        Row(
            "memory at the main window, to a bare one",
            statistics.median(one["main"].mb for one in rounds),
            "MB",
            4,
            statistics.median(one["bare"].mb for one in rounds),
        ),
    ]


def _of_real_people(place: Path) -> Path:
    """A copy of a desk, under the name the program looks for, that asks for its passphrase."""
    copy = place / "correspondent-desk"
    shutil.copytree(desks.folder(desks.SMALL).path, copy)
    DeskFolder(copy).demo.unlink()
    return copy


def _against_bare(name: str, kind: str, limit: float, rounds: Sequence[dict[str, Shown]]) -> Row:
    cpu = statistics.median(one[kind].cpu / one["bare"].cpu for one in rounds)
    return Row(
        name,
        statistics.median(one[kind].s for one in rounds),
        "s",
        limit,
        statistics.median(one["bare"].s for one in rounds),
        worked=cpu,
    )


def gap_rows(members: int = desks.LARGE, rows: int = LIST_ROWS) -> list[Row]:
    """The longest time the window did not answer, work by work."""
    with tempfile.TemporaryDirectory() as place:
        here = Path(place)
        staff = here / "list.csv"
        commands.write_list(staff, rows, numbers="77")
        found = []
        # An exchange of everything: what a desk sends the first time.
        for kind, size in (("look", members), ("import", members), ("exchange", desks.SMALL)):
            folder = here / kind
            shutil.copytree(desks.folder(min(size, members)).path, folder)
            found += _child(list[busy.Silence], kind, str(folder), str(staff))
            shutil.rmtree(folder)
    return [
        Row(
            f"longest gap while {one.while_}",
            one.ms,
            "ms",
            50,
            worked=one.computing_ms,
        )
        for one in found
    ]


def _child(of: type[T], *words: str) -> T:
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join((str(desks.ROOT / "src"), str(desks.ROOT))),
        "QT_QPA_PLATFORM": "offscreen",
        "CORRESPONDENT_DESK_BEGUN": str(time.time()),
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # a person's modules are compiled
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.windows_child", *words],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return msgspec.convert(json.loads(done.stdout.splitlines()[-1]), of)
