"""The platform for window tests, isolation of each test, and what a person's hands do."""

import gc
import os
import threading
from collections.abc import Iterator

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
if os.name == "nt":  # offscreen on Windows finds no fonts by itself
    os.environ.setdefault("QT_QPA_FONTDIR", os.path.expandvars(r"%WINDIR%\Fonts"))
os.environ["TZ"] = "Europe/Paris"

import pytest
from PySide6.QtCore import QEvent, QLocale
from PySide6.QtWidgets import QApplication

from correspondent_desk.gui.tasks import Tasks


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> QApplication:
    qapp.setStyle("Fusion")
    QLocale.setDefault(QLocale("fr_FR"))
    return qapp


@pytest.fixture(autouse=True)
def nothing_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """No thread and no open window outlives its test."""
    before = {thread.ident for thread in threading.enumerate()}
    yield
    if "qapp" not in request.fixturenames:
        return
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()
    left = [thread.name for thread in threading.enumerate() if thread.ident not in before]
    assert not left, f"threads still running: {left}"
    windows = [w for w in QApplication.topLevelWidgets() if w.isVisible()]
    assert not windows, f"windows left open: {windows}"


@pytest.fixture
def tasks(qapp: QApplication) -> Iterator[Tasks]:  # noqa: ARG001 - Qt delivers through it
    """Background work as the window does it."""
    tasks = Tasks()
    yield tasks
    tasks.close()
