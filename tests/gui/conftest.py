"""An open desk as windows see it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from correspondent_desk.gui.tasks import Tasks
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.store.database import Database
from tests.builders import open_desk


@pytest.fixture
def tasks(qapp: QApplication) -> Iterator[Tasks]:  # noqa: ARG001 - Qt delivers through it
    """Background work as the window does it."""
    tasks = Tasks()
    yield tasks
    tasks.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Database]:
    """A new, empty desk."""
    desk = open_desk(tmp_path / "desk")
    yield desk
    desk.close()


@pytest.fixture
def workspace(desk: Database, tasks: Tasks) -> Workspace:
    """The desk as pages see it."""
    return Workspace(desk, tasks)
