"""What pages of list and card have in common."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from correspondent_desk.gui.members.page import MembersPage
from correspondent_desk.gui.page import Target, Task
from correspondent_desk.gui.requests.page import RequestsPage
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.store.database import Database
from tests.builders import add_member
from tests.gui.day_desk import add_request, show


@pytest.mark.parametrize("kind", [MembersPage, RequestsPage])
def test_an_empty_list_takes_the_whole_width_and_asks_for_no_choice(
    qtbot: QtBot, desk: Database, workspace: Workspace, kind: type[MembersPage | RequestsPage]
) -> None:
    page = kind(workspace)
    show(qtbot, page, workspace)
    qtbot.waitUntil(page.list.empty.isVisible)

    qtbot.waitUntil(lambda: page.list.width() > 0.9 * page.width() - 48)
    assert not page.right.isVisible()

    add_request(desk, add_member(desk))
    page.list.refresh()
    qtbot.waitUntil(lambda: page.list.width() < 0.6 * page.width())


def test_a_card_that_was_saved_on_is_shown_from_its_head(
    qtbot: QtBot, desk: Database, workspace: Workspace
) -> None:
    member = add_member(desk, note="a line\n" * 60)
    page = MembersPage(workspace)
    show(qtbot, page, workspace)
    page.resize(900, 300)
    page.open(Target(page="members", id=member))
    qtbot.waitUntil(lambda: page.card.member is not None)
    page.log_contact(member)
    bar = page.card.area.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    bar.setValue(bar.maximum())

    page.card.log.fields.note.setPlainText("called")
    QTest.keyClick(page.card.log.fields.note, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: not page.card.log.isVisible())
    assert bar.value() == 0


def test_an_empty_desk_offers_to_import_a_list(qtbot: QtBot, workspace: Workspace) -> None:
    page = MembersPage(workspace)
    show(qtbot, page, workspace)
    qtbot.waitUntil(page.list.empty.isVisible)

    with qtbot.waitSignal(page.wanted) as led:
        page.list.empty.action.click()

    assert led.args == [Target(page="exchange", task=Task.NEW)]


@pytest.mark.parametrize("kind", [MembersPage, RequestsPage])
def test_a_card_of_nobody_offers_nothing(
    qtbot: QtBot, desk: Database, workspace: Workspace, kind: type[MembersPage | RequestsPage]
) -> None:
    member = add_member(desk)
    record = {MembersPage: member, RequestsPage: add_request(desk, member)}[kind]
    page = kind(workspace)
    show(qtbot, page, workspace)

    page.open(Target(page="any", id=record))
    while_reading = page.card.area.isVisible()
    qtbot.waitUntil(page.card.area.isVisible)

    assert not while_reading
    assert page.card.accessibleName() != ""
