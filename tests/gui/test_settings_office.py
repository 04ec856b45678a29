"""The card of the office in the settings: what is saved, what is not, and what is said of it."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from correspondent_desk.domain.actions import Action
from correspondent_desk.gui.page import Target
from correspondent_desk.gui.settings.office import OfficeCard
from correspondent_desk.gui.settings.page import SettingsPage
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.records import office
from correspondent_desk.store.database import Database
from tests.builders import new_folder
from tests.gui import starting
from tests.gui.hands import press
from tests.gui.starting import Start, unlock

start = starting.start


@pytest.fixture
def card(qtbot: QtBot, workspace: Workspace, desk: Database) -> OfficeCard:
    draft = replace(workspace.now(office.office), name="Town hall")
    desk.do(Action.OFFICE_EDITED, lambda s: office.save_office(s, office.office(s), draft))
    made = OfficeCard(workspace)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def test_another_name_of_who_works_here_is_said_to_be_saved(
    qtbot: QtBot, card: OfficeCard, workspace: Workspace
) -> None:
    card.person.setText("Camille")
    assert card.unsaved.isVisible()

    with qtbot.waitSignal(card.said) as said:
        card.save.click()

    assert "bears the name Camille" in said.args[0]
    assert workspace.person() == "Camille"
    assert not card.unsaved.isVisible()
    with qtbot.waitSignal(card.said) as said:
        card.save.click()
    assert said.args == ["Nothing to change."]


def test_the_office_is_saved_by_key(
    qtbot: QtBot, card: OfficeCard, workspace: Workspace, desk: Database
) -> None:
    workspace.changed.connect(lambda _changed: card.show_again())
    card.rhythm.setFocus()
    card.name.setText("Mairie de Valbrune ")
    card.rhythm.set_value(12)

    with qtbot.waitSignal(workspace.happened):
        press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    qtbot.waitUntil(lambda: not card.unsaved.isVisible())
    found = desk.read(office.office)
    assert (found.name, found.rhythm_months) == ("Mairie de Valbrune", 12)
    assert card.form.rows["name"].problem.isHidden()


def test_what_is_typed_and_not_saved_is_kept_and_said(
    qtbot: QtBot, card: OfficeCard, workspace: Workspace
) -> None:
    assert not card.unsaved.isVisible()
    card.name.setText("Mairie")
    card.rhythm.set_value(24)
    card.keep()

    other = OfficeCard(workspace)
    qtbot.addWidget(other)
    other.show()

    assert (other.name.text(), other.rhythm.value()) == ("Mairie", 24)
    assert other.unsaved.isVisible()
    other.discard.click()
    assert (other.name.text(), other.rhythm.value()) == ("Town hall", None)
    assert not other.unsaved.isVisible()


def test_what_comes_from_elsewhere_leaves_what_is_being_typed(
    card: OfficeCard, workspace: Workspace, desk: Database
) -> None:
    card.name.setText("Mairie")
    theirs = replace(workspace.now(office.office), code="T42")

    desk.do(Action.OFFICE_EDITED, lambda s: office.save_office(s, office.office(s), theirs))
    card.show_again()

    assert (card.name.text(), card.code.text()) == ("Mairie", "T42")
    assert card.unsaved.isVisible()


def test_a_name_that_a_colleague_wrote_as_well_is_shown_beside_what_one_typed(
    qtbot: QtBot, card: OfficeCard, workspace: Workspace, desk: Database
) -> None:
    card.name.setText("Mairie")
    before = workspace.now(office.office)
    theirs = replace(before, name="Hôtel de ville")
    desk.do(Action.OFFICE_EDITED, lambda s: office.save_office(s, before, theirs))

    card.save.click()
    qtbot.waitUntil(card.form.rows["name"].problem.isVisible)

    assert "“Hôtel de ville”" in card.form.rows["name"].problem.text()
    card.save.click()
    qtbot.waitUntil(lambda: workspace.now(office.office).name == "Mairie")


def test_on_leaving_one_is_told_and_the_side_bar_follows_what_is_saved(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    new_folder(tmp_path / "desk")
    program = start(tmp_path / "desk")
    unlock(qtbot, program)
    program.window.resize(1240, 800)
    frame = program.frame
    assert frame is not None
    frame.go(Target(page="settings"))
    settings = frame.page
    assert isinstance(settings, SettingsPage)
    settings.office.name.setText("Mairie de Valbrune")

    frame.go(Target(page="today"))

    assert "is not saved" in frame.line.words.text()
    settings.office.save.click()
    qtbot.waitUntil(lambda: frame.navigation.office.text() == "Mairie de Valbrune")
    assert frame.navigation.office.isVisible()
    frame.go(Target(page="settings"))
    frame.line.say("")
    frame.go(Target(page="today"))
    assert frame.line.words.text() == ""
