"""Windows in fresh processes: a bare one, the lock, the frame with Today; and a beating heart.

    python -m benchmarks.windows bare|lock|main|busy FOLDER      prints one JSON object
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from benchmarks import desks
from benchmarks.measuring import Row, percentile

RUNS = 5
BEAT_MS = 5
BUSY_S = 6.0


def window_rows() -> list[Row]:
    """First window, main window and memory, against a bare Qt window."""
    folder = desks.folder(desks.LARGE)
    found = {kind: [_run(kind, folder.path) for _ in range(RUNS)] for kind in ("bare", "lock", "main")}
    took = {kind: percentile([one["s"] for one in runs], 50) for kind, runs in found.items()}
    memory = {kind: percentile([one["mb"] for one in runs], 50) for kind, runs in found.items()}
    return [
        Row("first window, to a bare Qt window", took["lock"], "s", 1.5, took["bare"]),
        Row("main window with Today, to a bare one", took["main"], "s", 4, took["bare"]),
        Row("memory at the main window, to a bare one", memory["main"], "MB", 4, memory["bare"]),
    ]


def gap_rows() -> list[Row]:
    """The longest time the window did not answer while searching, scrolling, importing."""
    folder = desks.folder(desks.LARGE)
    found = _run("busy", folder.path)
    return [
        Row(f"longest gap while {what}", gap, "ms", 50) for what, gap in found["gaps"].items()
    ]


def _run(kind: str, folder: Path) -> dict[str, float]:
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join((str(desks.ROOT / "src"), str(desks.ROOT))),
        "QT_QPA_PLATFORM": "offscreen",
        "CORRESPONDENT_DESK_BEGUN": str(time.time()),
    }
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.windows_child", kind, str(folder)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])
