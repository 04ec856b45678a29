"""The page of the day with two lines, for those who test what it shows and what is answered there."""

from datetime import date

import pytest
from pytestqt.qtbot import QtBot

from correspondent_desk.gui.tasks import Tasks
from correspondent_desk.gui.today.page import TodayPage
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.store.database import Database
from tests.builders import add_member
from tests.gui.day_desk import NOW, TODAY, add_office, add_request, show

PROMISED = {"next_what": "Call back", "next_due": TODAY}


@pytest.fixture
def workspace(desk: Database, tasks: Tasks) -> Workspace:
    return Workspace(desk, tasks, clock=lambda: NOW)


@pytest.fixture
def page(qtbot: QtBot, desk: Database, workspace: Workspace) -> TodayPage:
    """A day with two lines: a right that lapses, and a promise."""
    add_office(desk)
    roux = add_member(desk, "Roux", civility="mrs", first_name="Hélène")
    petit = add_member(desk, "Petit", civility="mr", first_name="Bernard")
    add_request(desk, roux, last_useful_on=date(2026, 12, 8), next_what="Get the record")
    add_request(desk, petit, subject="Retirement", **PROMISED)
    page = TodayPage(workspace)
    show(qtbot, page, workspace)
    qtbot.waitUntil(lambda: len(page.sections.lines) == 2)
    return page


def lines(page: TodayPage) -> list[str]:
    return [line.entry.title for line in page.sections.lines]


def answer(page: TodayPage, line: int, key: str) -> None:
    page.sections.lines[line].buttons[key].click()
