"""The card of sites in the settings."""

from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.meetings import SiteDraft
from correspondent_desk.gui.settings.sites import SitesCard
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.records import office
from correspondent_desk.store.database import Database
from tests.gui.a11y import nameless
from tests.gui.hands import press


def test_ctrl_enter_saves_a_site(qtbot: QtBot, desk: Database, workspace: Workspace) -> None:
    card = SitesCard(workspace)
    qtbot.addWidget(card)
    card.show()
    card.activateWindow()
    qtbot.waitUntil(card.isActiveWindow)
    card.add.click()
    card.editor.name.setText("Hôtel de ville")
    card.editor.town.setFocus()

    press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    qtbot.waitUntil(lambda: len(desk.read(office.sites)) == 1)


def test_looking_at_one_site_after_another_mixes_nothing(
    qtbot: QtBot, desk: Database, workspace: Workspace
) -> None:
    for name in ("Mairie", "Médiathèque"):
        draft = SiteDraft(name=name, town=f"Town of {name}")
        desk.do(Action.SITE_ADDED, partial(office.add_site, draft=draft))
    card = SitesCard(workspace)
    qtbot.addWidget(card)
    hall, library = desk.read(office.sites)

    for row in (hall, library, hall):
        card.edit(row)

    assert card.editor.draft() == hall.draft
    assert workspace.drafts.keys("settings") == []


def test_what_a_colleague_changed_as_well_is_shown_beside_what_one_typed(
    qtbot: QtBot, desk: Database, workspace: Workspace
) -> None:
    desk.do(Action.SITE_ADDED, lambda s: office.add_site(s, SiteDraft(name="Mairie")))
    card = SitesCard(workspace)
    qtbot.addWidget(card)
    card.show()
    [row] = desk.read(office.sites)
    card.edit(row)
    card.editor.town.setText("VALBRUNE")
    theirs = replace(row.draft, town="VALBRUN", room="B")
    desk.do(Action.SITE_EDITED, lambda s: office.save_site(s, row, theirs))

    card.editor.save.click()
    problem = card.editor.form.rows["address_lines"].problem
    qtbot.waitUntil(problem.isVisible)

    assert "“VALBRUN”" in problem.text()
    assert (card.editor.town.text(), card.editor.room.text()) == ("VALBRUNE", "B")
    card.editor.save.click()
    qtbot.waitUntil(card.editor.isHidden)
    assert desk.read(office.sites)[0].draft == replace(theirs, town="VALBRUNE")


def test_sites_of_one_name_become_one_by_one_key(
    qtbot: QtBot, desk: Database, workspace: Workspace
) -> None:
    for name in ("Hôtel de ville", "Médiathèque", "hotel de ville"):
        draft = SiteDraft(name=name)
        desk.do(Action.SITE_ADDED, partial(office.add_site, draft=draft))
    card = SitesCard(workspace)
    workspace.changed.connect(lambda _changed: card.show_sites())
    qtbot.addWidget(card)
    card.show()
    card.activateWindow()
    qtbot.waitUntil(card.isActiveWindow)

    assert card.unite.isVisible()
    assert "de ville" in card.twice.text()  # made within one millisecond, either is the oldest
    assert nameless(card) == []
    card.unite.setFocus()
    press(Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: len(desk.read(office.sites)) == 2)
    qtbot.waitUntil(lambda: not card.unite.isVisible())
    assert card.add.hasFocus()
    desk.undo()
    assert len(desk.read(office.sites)) == 3
