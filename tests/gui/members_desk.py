"""A desk with Anne and two others, and the page that shows them."""

from collections.abc import Iterator
from datetime import date, datetime

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.members import MemberDraft, MemberId, Phone
from correspondent_desk.gui.members.page import MembersPage
from correspondent_desk.gui.page import Target
from correspondent_desk.gui.tasks import Tasks
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.records import members
from correspondent_desk.store.database import Database
from tests.gui.day_desk import show

CTRL = Qt.KeyboardModifier.ControlModifier
NOW = datetime(2026, 12, 3, 9, 30).astimezone()


def add(desk: Database, first_name: str, family_name: str, **told: object) -> MemberId:
    """A member made as the form makes one."""
    draft = MemberDraft(first_name=first_name, family_name=family_name, **told)  # type: ignore[arg-type]
    return desk.do(Action.MEMBER_CREATED, lambda s: members.create(s, draft)).result


@pytest.fixture
def anne(desk: Database) -> MemberId:
    """Anne LE GOFF, with a phone."""
    phone = Phone(number="+33612345607", label="le matin")
    return add(desk, "Anne", "Le Goff", phones=(phone,), birth_date=date(1971, 3, 12))


@pytest.fixture
def workspace(desk: Database, tasks: Tasks) -> Workspace:
    """The desk on the morning of 3 December 2026."""
    return Workspace(desk, tasks, clock=lambda: NOW)


@pytest.fixture
def page(
    qtbot: QtBot, desk: Database, workspace: Workspace, anne: MemberId
) -> Iterator[MembersPage]:
    """The page in a window, with Anne and two others."""
    others = [add(desk, "Yann", "Petit"), add(desk, "Élif", "Çelik")]
    page = MembersPage(workspace)
    show(qtbot, page, workspace)
    qtbot.waitUntil(lambda: set(page.list.rows.ids) == {anne, *others})
    yield page
    page.hide()


def opened(qtbot: QtBot, page: MembersPage, member: int) -> MembersPage:
    """The page with this person's card in view."""
    page.open(Target(page="members", id=member))
    qtbot.waitUntil(lambda: page.card.shows(member))
    return page


def listed(page: MembersPage) -> list[str]:
    """The first lines of the list."""
    model = page.list.rows
    return [str(model.data(model.index(row, 0))).split("\n")[0] for row in range(model.rowCount())]
