"""What was asked to be saved in the settings is written late: whatever was begun since stays as it is."""

from functools import partial

import pytest
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.meetings import SiteDraft
from correspondent_desk.gui.settings.office import OfficeCard
from correspondent_desk.gui.settings.sites import SitesCard
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.records import office
from correspondent_desk.store.database import Database
from tests.gui.day_desk import do
from tests.gui.meanwhile import at_rest, busy


def test_another_site_stays_open(qtbot: QtBot, desk: Database, workspace: Workspace) -> None:
    for name in ("Mairie", "Médiathèque"):
        do(desk, partial(office.add_site, draft=SiteDraft(name=name)), Action.SITE_ADDED)
    card = SitesCard(workspace)
    qtbot.addWidget(card)
    card.show()
    hall, library = desk.read(office.sites)
    card.edit(hall)
    card.editor.town.setText("Valbrune")

    with busy(workspace):
        card.editor.save.click()
        card.edit(library)
        card.editor.town.setText("Dys")
    at_rest(qtbot, workspace)

    assert card.editor.isVisible()
    assert (card.editor.opened, card.editor.town.text()) == (library, "Dys")
    assert [row.draft.town for row in desk.read(office.sites)] == ["Valbrune", ""]


@pytest.mark.parametrize("is_new", [True, False])
def test_what_is_typed_on_of_a_site_is_typed_into_the_site_that_was_saved(
    qtbot: QtBot, desk: Database, workspace: Workspace, *, is_new: bool
) -> None:
    if not is_new:
        do(desk, partial(office.add_site, draft=SiteDraft(name="Hall")), Action.SITE_ADDED)
    card = SitesCard(workspace)
    qtbot.addWidget(card)
    card.show()
    if is_new:
        card.add.click()
    else:
        card.edit(*desk.read(office.sites))
    card.editor.name.setText("Mairie")

    with busy(workspace):
        card.editor.save.click()
        card.editor.name.setText("Mairie annexe")
    at_rest(qtbot, workspace)

    assert card.editor.isVisible()
    assert card.editor.name.text() == "Mairie annexe"
    card.editor.save.click()
    at_rest(qtbot, workspace)
    assert [row.draft.name for row in desk.read(office.sites)] == ["Mairie annexe"]
    assert not card.editor.isVisible()


def test_whoever_went_on_to_another_card_is_not_led_to_the_sites(
    qtbot: QtBot, workspace: Workspace
) -> None:
    page, card, other = QWidget(), SitesCard(workspace), QLineEdit()
    row = QHBoxLayout(page)
    row.addWidget(card)
    row.addWidget(other)
    qtbot.addWidget(page)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    card.add.click()
    card.editor.name.setText("Mairie")

    with busy(workspace):
        card.editor.save.click()
        other.setFocus()
    at_rest(qtbot, workspace)

    assert not card.editor.isVisible()
    assert other.hasFocus()


def test_what_is_typed_on_of_the_office_stays_typed(
    qtbot: QtBot, desk: Database, workspace: Workspace
) -> None:
    card = OfficeCard(workspace)
    qtbot.addWidget(card)
    workspace.changed.connect(card.show_again)
    card.name.setText("Valbrune")

    with busy(workspace):
        card.save.click()
        card.name.setText("Valbrune and Dys")
    at_rest(qtbot, workspace)
    card.show_again()  # as after any change

    assert desk.read(office.office).name == "Valbrune"
    assert card.name.text() == "Valbrune and Dys"
    assert card.is_unsaved
    card.save.click()
    at_rest(qtbot, workspace)
    assert desk.read(office.office).name == "Valbrune and Dys"
    assert workspace.drafts.keys("settings") == []
