"""The script that sets up and checks: what it says, and when it fails."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import dev

GOOD: list[object] = [sys.executable, "-c", "print('quiet')"]
BAD: list[object] = [sys.executable, "-c", "print('see line 3'); raise SystemExit(1)"]


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The Python of these tests stands for the environment that dev.py makes."""
    monkeypatch.setattr(dev, "set_up", lambda _lock: None)
    monkeypatch.setattr(dev, "program", lambda _name: Path(sys.executable))


def test_a_step_shows_what_it_said_only_if_it_failed(capfd: pytest.CaptureFixture[str]) -> None:
    assert dev.check_step("format", GOOD)
    assert not dev.check_step("types", BAD)

    shown = capfd.readouterr().out.splitlines()
    assert [line.split()[:3] for line in shown] == [
        ["dev:", "format", "ok"],
        ["dev:", "types", "FAILED"],
        ["see", "line", "3"],
    ]


@pytest.mark.usefixtures("environment")
def test_every_step_runs_and_one_failure_fails_the_check(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dev, "steps", lambda: {"format": BAD, "lint": GOOD, "types": BAD})
    monkeypatch.setenv("PYTEST_ADDOPTS", "--co -q tests/test_language.py")

    assert dev.test([]) == 1

    shown = capfd.readouterr().out
    assert "test_language.py::test_english" in shown
    assert shown.splitlines()[-1].startswith("dev: failed: format, types, ")


@pytest.mark.usefixtures("environment")
def test_a_failing_test_fails_the_check(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    failing = tmp_path / "test_wrong.py"
    failing.write_text("def test_wrong():\n    assert 1 == 2\n", "utf-8")
    monkeypatch.setattr(dev, "steps", dict)

    assert dev.test([str(failing), "-q", "-p", "no:cacheprovider"]) == 1

    shown = capfd.readouterr().out.splitlines()
    assert any(line.startswith("1 failed in ") for line in shown)
    assert shown[-1].startswith("dev: failed: tests, ")


def test_the_check_has_the_steps_that_are_promised() -> None:
    assert list(dev.steps()) == [
        "format",
        "lint",
        "types",
        "layers",
        "dependencies",
        "translations",
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="Debian's packages")
def test_who_may_not_install_is_given_the_line_to_type(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("apt-get", "sudo"):
        (tmp_path / name).write_text("#!/bin/sh\nexit 1\n", "ascii")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    with pytest.raises(SystemExit) as ended:
        dev.apt_install(["libgl1"], "Qt lacks libraries of the system")

    assert ended.value.code == dev.SETUP_FAILED
    assert capfd.readouterr().out == (
        "dev: Qt lacks libraries of the system. Please type:\n"
        "  sudo apt-get update && sudo apt-get install -y --no-install-recommends libgl1\n"
    )


@pytest.mark.skipif(sys.platform == "win32", reason="there the launcher is asked")
def test_a_python_that_is_too_new_hands_over_to_one_that_will_do(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    older = tmp_path / "python3.12"
    older.write_text('#!/bin/sh\n[ "$1" = -c ] || echo "3.12 runs $2"\n', "ascii")
    older.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "version_info", (3, 15, 0))

    assert dev.begin(["doctor"]) == 0
    assert capfd.readouterr().out == "3.12 runs doctor\n"


def test_no_python_that_will_do_is_said(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "version_info", (3, 10, 0))

    assert dev.begin(["doctor"]) == dev.SETUP_FAILED
    assert capfd.readouterr().out.startswith("dev: Python 3.11 to 3.14 is needed, this is ")


def test_a_folder_whose_name_is_too_long_for_windows_is_said_before_anything_is_fetched(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(dev, "WINDOWS", True)
    (tmp_path / "takes none").write_text("no folder", "ascii")
    dev.require_short_name(tmp_path / "short")

    with pytest.raises(SystemExit) as ended:
        dev.require_short_name(tmp_path / "takes none" / ("x" * dev.MOST_LETTERS))

    assert ended.value.code == dev.SETUP_FAILED
    assert "too long for Windows" in capfd.readouterr().out


def test_a_lock_that_changed_is_installed_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(dev, "VENV", tmp_path)
    lock = tmp_path / "run.txt"
    lock.write_text("a==1\n", "ascii")
    assert not dev.is_installed(lock)

    stamp, wanted = dev.stamp_of(lock)
    stamp.write_text(wanted, "ascii")
    assert dev.is_installed(lock)

    lock.write_text("a==2\n", "ascii")
    assert not dev.is_installed(lock)


@pytest.mark.skipif(sys.platform != "linux", reason="has such a folder")
def test_files_of_the_tests_lie_in_memory_and_are_gone_afterwards(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(dev, "IN_MEMORY", tmp_path)
    monkeypatch.setattr(dev, "ENOUGH_MEMORY", 1)
    with dev.quick_folder() as told:
        place = Path(told["TMPDIR"])
        (place / "left").mkdir()
        assert place.parent == tmp_path

    assert list(tmp_path.iterdir()) == []

    monkeypatch.setattr(dev, "ENOUGH_MEMORY", 1 << 60)
    with dev.quick_folder() as told:
        assert told == {}


@pytest.mark.usefixtures("hears_ctrl_c")
@pytest.mark.skipif(sys.platform == "win32", reason="sends Ctrl+C to a whole console")
def test_what_runs_may_close_in_its_own_time_at_ctrl_c() -> None:
    closing = (
        "import sys, time\n"
        "try:\n    print('open', flush=True); time.sleep(60)\n"
        "except KeyboardInterrupt:\n    time.sleep(0.7); print('closed', flush=True); sys.exit(7)"
    )
    running = f"import dev, sys; sys.exit(dev.call(sys.executable, '-c', {closing!r}))"
    with subprocess.Popen(
        [sys.executable, "-c", running],
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(dev.ROOT), *sys.path])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as started:
        assert started.stdout is not None
        assert started.stdout.readline() == "open\n"
        os.killpg(started.pid, signal.SIGINT)
        said, trace = started.communicate(timeout=60)

    assert (said, trace, started.returncode) == ("closed\n", "", 7)
