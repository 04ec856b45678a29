"""What is read in the background comes late: meanwhile one went on to something else."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.fields import Kind
from correspondent_desk.domain.members import MemberId
from correspondent_desk.gui.members.page import MembersPage
from correspondent_desk.gui.page import Target, Task
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.records import members
from correspondent_desk.store.changes import Changed
from correspondent_desk.store.database import Database
from tests.gui.hands import press
from tests.gui.meanwhile import at_rest
from tests.gui.members_desk import add, anne, opened, page, workspace

__all__ = ["anne", "page", "workspace"]


@pytest.fixture
def zoe(desk: Database, page: MembersPage) -> MemberId:
    """Somebody who came after the list was read."""
    del page
    return add(desk, "Zoé", "Zola")


def change(member: int) -> Target:
    return Target(page="members", id=member, task=Task.CHANGE)


def test_a_card_that_is_being_read_comes_although_something_of_the_last_one_changed(
    qtbot: QtBot, workspace: Workspace, page: MembersPage, anne: MemberId, zoe: MemberId
) -> None:
    opened(qtbot, page, anne)

    page.open(Target(page="members", id=zoe))
    page.refresh(Changed({Kind.MEMBER: frozenset([anne])}))
    at_rest(qtbot, workspace)

    assert page.card.shows(zoe)


def test_whoever_went_on_to_another_line_keeps_the_focus_in_the_list(
    qtbot: QtBot, workspace: Workspace, page: MembersPage, anne: MemberId, zoe: MemberId
) -> None:
    page.open(change(anne))
    page.form.fields.first_name.setText("Annette")
    page.form.save.click()
    qtbot.waitUntil(lambda: page.right.currentWidget() is page.card)

    page.list.table.setFocus()
    page.open(Target(page="members", id=zoe))
    at_rest(qtbot, workspace)

    assert page.card.shows(zoe)
    assert page.list.table.hasFocus()


def test_a_line_chosen_while_the_list_is_read_stays_chosen(
    qtbot: QtBot, workspace: Workspace, page: MembersPage, anne: MemberId, zoe: MemberId
) -> None:
    page.list.fill()
    page.list.choose(zoe)
    page.list.choose(anne)
    at_rest(qtbot, workspace)

    assert zoe in page.list.rows.ids
    assert page.list.table.current_id() == anne


@pytest.mark.parametrize("is_in_list", [True, False], ids=["in the list", "on the card"])
@pytest.mark.parametrize("comes_first", ["card", "list"])
def test_no_card_opens_by_itself_in_the_place_of_one_that_goes(
    qtbot: QtBot,
    desk: Database,
    workspace: Workspace,
    page: MembersPage,
    anne: MemberId,
    comes_first: str,
    *,
    is_in_list: bool,
) -> None:
    opened(qtbot, page, anne)
    (page.list.table if is_in_list else page.card.head.first_action).setFocus()
    desk.do(Action.MEMBER_REMOVED, lambda s: members.remove(s, anne))

    if comes_first == "card":
        page.open(Target(page="members", id=anne))
    else:
        page.list.refresh()
    at_rest(qtbot, workspace)
    page.refresh(Changed({Kind.MEMBER: frozenset([anne])}))
    at_rest(qtbot, workspace)

    assert not page.split.is_card_open
    assert page.list.table.hasFocus()
    assert page.list.table.current_id() in set(page.list.rows.ids) - {anne}
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.card.shows(page.list.table.current_id() or 0))
