"""The program as it is ended from outside: Ctrl+C, a session or a terminal that ends."""

import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from correspondent_desk.records.demo.making import make_demo
from correspondent_desk.store.vault import DeskFolder
from tests.programs import SOURCES, bare

PATIENCE_S = 60

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no process is sent these there")


@pytest.mark.usefixtures("hears_ctrl_c")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_it_closes_as_a_window_that_is_closed(tmp_path: Path, name: str) -> None:
    desk = DeskFolder(tmp_path / "desk")
    make_demo(desk, members=3, today=date(2026, 12, 3))
    with subprocess.Popen(
        [sys.executable, "-m", "correspondent_desk", "--desk", desk.path],
        stderr=subprocess.PIPE,
        env=bare(PYTHONPATH=str(SOURCES), HOME=str(tmp_path), QT_QPA_PLATFORM="offscreen"),
        text=True,
    ) as program:
        until = time.monotonic() + PATIENCE_S
        while not desk.holder.exists() and time.monotonic() < until:
            time.sleep(0.01)
        program.send_signal(signal.Signals[name])
        try:
            told = program.communicate(timeout=PATIENCE_S)[1]
        except subprocess.TimeoutExpired:
            program.kill()
            raise

    assert (program.returncode, told) == (0, "")
    assert not desk.holder.exists()
