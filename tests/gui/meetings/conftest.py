"""The page of meetings, open on a small desk."""

import pytest
from pytestqt.qtbot import QtBot

from correspondent_desk.domain.members import MemberId, SiteId
from correspondent_desk.gui.meetings.page import MeetingsPage
from correspondent_desk.gui.tasks import Tasks
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.store.database import Database
from tests.builders import add_member
from tests.gui.day_desk import (
    NOW,
    add_office,
    show,
)


@pytest.fixture
def workspace(desk: Database, tasks: Tasks) -> Workspace:
    return Workspace(desk, tasks, clock=lambda: NOW)


@pytest.fixture
def site(desk: Database) -> SiteId:
    return add_office(desk)


@pytest.fixture
def anne(desk: Database) -> MemberId:
    return MemberId(add_member(desk, "Le Goff", civility="mrs"))


@pytest.fixture
def page(qtbot: QtBot, workspace: Workspace, site: SiteId) -> MeetingsPage:  # noqa: ARG001 - where
    page = MeetingsPage(workspace)
    show(qtbot, page, workspace)
    qtbot.waitUntil(lambda: len(page.grid.days.days) == 5)
    return page
