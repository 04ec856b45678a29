"""Asking on a person's card that they are erased everywhere."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from correspondent_desk.errors import DeskError
from correspondent_desk.gui.members.page import MembersPage
from correspondent_desk.gui.page import Target
from correspondent_desk.gui.tasks import Tasks
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.hub import erasing
from correspondent_desk.store import erasure_wishes
from correspondent_desk.store.database import Database
from correspondent_desk.store.tables import Member
from correspondent_desk.sync import exchange
from tests.builders import add_member
from tests.sync.desks import Town


def test_the_card_goes_and_the_hub_is_asked(tmp_path: Path, tasks: Tasks, qtbot: QtBot) -> None:
    town = Town(tmp_path)
    desk = town.desk("Yann")
    gone = add_member(desk, "Quemeneur")
    workspace = Workspace(desk, tasks)
    page = MembersPage(workspace)
    qtbot.addWidget(page)
    page.show()
    page.open(Target(page="members", id=gone))
    qtbot.waitUntil(lambda: page.card.member is not None)

    with qtbot.waitSignal(page.said) as said:
        page.card.details.erase.click()
    assert "the committee is asked to erase them" in said.args[0]
    assert desk.read(erasure_wishes.rows)
    town.up(desk)
    [wish] = erasing.requests(town.hub)
    erasing.confirm(town.hub, wish.id)
    exchange.apply(desk, town.written_for(desk))

    assert desk.read(lambda s: s.query(Member).count()) == 0
    page.hide()
    town.close()


def test_a_desk_that_exchanges_with_nobody_has_nobody_to_ask(
    desk: Database, workspace: Workspace, qtbot: QtBot
) -> None:
    kept = add_member(desk)
    page = MembersPage(workspace)
    qtbot.addWidget(page)
    page.show()
    page.open(Target(page="members", id=kept))
    qtbot.waitUntil(lambda: page.card.member is not None)
    refused: list[DeskError] = []
    workspace.refused.connect(refused.append)

    page.card.details.erase.click()

    qtbot.waitUntil(lambda: bool(refused))
    assert [error.code for error in refused] == ["not-enrolled"]
    assert desk.read(lambda s: s.query(Member.removed_at).one()) == (None,)
    page.hide()
