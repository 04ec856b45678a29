"""The fuzzer for a moment; `python -m tests.fuzz RUNS` goes on as long as one likes."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

RUNS = 600


@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="atheris is not here")
def test_no_bytes_of_strangers_break_a_reader() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz", str(RUNS)],
        cwd=Path(__file__).parents[2],
        env={"PYTHONPATH": "src"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert done.returncode == 0, done.stderr[-4000:]
    assert f"Done {RUNS} runs" in done.stderr
