"""What is read for the calendar comes late: something newer stands there by then."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from correspondent_desk.gui.meetings.times_panel import TimesPanel
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.records import meetings, office
from correspondent_desk.store.database import Database
from tests.gui.day_desk import FRIDAY, do
from tests.gui.meanwhile import LateTasks


@pytest.fixture
def tasks(qapp: QApplication) -> Iterator[LateTasks]:  # noqa: ARG001 - Qt delivers through it
    tasks = LateTasks()
    yield tasks
    tasks.may_come.set()
    tasks.close()


@pytest.mark.usefixtures("site")
def test_absences_read_before_one_was_added_do_not_replace_it(
    qtbot: QtBot, desk: Database, tasks: LateTasks, workspace: Workspace
) -> None:
    panel = TimesPanel(workspace)
    qtbot.addWidget(panel)
    sites = workspace.now(office.sites)
    tasks.is_holding = True
    panel.load(sites)
    tasks.is_holding = False
    qtbot.waitUntil(lambda: tasks.held_back == 1)
    do(desk, lambda s: meetings.add_absence(s, FRIDAY, FRIDAY, "Leave"))

    panel.load(sites)
    qtbot.waitUntil(lambda: len(panel.remove_buttons) == 2)
    tasks.may_come.set()
    qtbot.waitUntil(lambda: not workspace.is_busy)

    assert len(panel.remove_buttons) == 2
