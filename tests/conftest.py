"""For every test: one platform, one zone, its own folders, the language as it was, no leaks."""

import gc
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

# Before Qt is loaded. An explicit QT_QPA_PLATFORM wins, so that the same tests can meet a screen.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
if sys.platform == "win32":
    # The offscreen platform finds no fonts by itself.
    os.environ.setdefault("QT_QPA_FONTDIR", str(Path(os.environ["WINDIR"]) / "Fonts"))
    # For the programs that tests start; this one keeps the zone it was started with, see dev.py.
    os.environ["TZ"] = "CET-1CES"
else:
    os.environ["TZ"] = "Europe/Paris"
    time.tzset()

import hypothesis
import pytest
from PySide6.QtCore import QEvent, QLocale, QSettings, QThread, QThreadPool, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from correspondent_desk import language
from tests import frugal
from tests.killing import forks
from tools import translations

PATIENCE_MS = 60_000  # a busy computer is no failure
ENDING_MS = 10_000  # for a thread that has nothing left to do


def pytest_configure() -> None:
    """Examples may take their time on a busy machine; French is compiled from the fragments."""
    hypothesis.settings.register_profile("desk", deadline=None)
    hypothesis.settings.load_profile("desk")
    frugal.begin()
    if translations.is_stale(language.I18N):
        translations.compile_french(language.I18N)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Who forks hundreds of times does so while this process is small: later, it costs three times as much."""
    items.sort(key=lambda item: forks.mark not in item.iter_markers(forks.name))


def pytest_collection_finish() -> None:
    """Thousands of tests are not looked through again and again; garbage is collected as in the program."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> Iterator[QApplication]:
    """The application with the same geometry and the same numbers and dates everywhere."""
    qapp.setStyle("Fusion")
    QLocale.setDefault(QLocale("fr_FR"))
    yield qapp
    QTimer.singleShot(0, qapp.quit)
    qapp.exec()  # a look removes its temporary files when the application says that it quits


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:  # noqa: ARG001 - as its own
    """As pytest-qt's, whose five seconds are too few on a busy computer."""
    bot = QtBot(request)
    for wait in (bot.waitUntil, bot.waitSignal, bot.waitSignals):
        setattr(bot, wait.__name__, partial(wait, timeout=PATIENCE_MS))
    return bot


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the settings and desks of whoever runs it."""
    for name in [it for it in os.environ if it.startswith("CORRESPONDENT_DESK_")]:
        monkeypatch.delenv(name)
    home = tmp_path / "home"
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(home / name.lower()))
    for name in ("LOCAL_APPDATA", "APPDATA"):
        monkeypatch.setenv(f"WIN_PD_OVERRIDE_{name}", str(home / name.lower()))
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(home))


@pytest.fixture(autouse=True)
def spoken_language() -> Iterator[None]:
    """English at the start of each test; a test of French says language.use("fr")."""
    language.use("en")
    yield
    language.use("en")


@pytest.fixture(autouse=True)
def no_leaks(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test leaves no thread running and no window open.

    What outlives it is set aside, or each test would look through all modules once more.
    """
    before = set(threading.enumerate())
    yield
    if "qapp" in request.fixturenames:
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()
        assert QThreadPool.globalInstance().waitForDone(PATIENCE_MS), (
            "the thread pool is still busy"
        )
        running = [it for it in gc.get_objects() if isinstance(it, QThread) and it.isRunning()]
        assert not running, f"threads left running: {running}"
        windows = [it for it in QApplication.topLevelWidgets() if it.isVisible()]
        assert not windows, f"windows left open: {windows}"
        gc.freeze()
    for thread in set(threading.enumerate()) - before:
        thread.join(timeout=ENDING_MS / 1000)  # one that is just ending is no leak
    left = [it for it in threading.enumerate() if it not in before]
    assert not left, f"threads left running: {left}"


@pytest.fixture
def hears_ctrl_c() -> Iterator[None]:
    """As at a terminal: what a shell starts in the background, and all that this starts, hears none."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
