"""Another passphrase, by keys alone."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from correspondent_desk.gui.page import Target
from correspondent_desk.gui.settings.safety import PassphraseCard
from correspondent_desk.store.vault import WrongPassphrase, unlock
from tests.builders import PASSPHRASE, new_folder
from tests.gui import starting
from tests.gui.hands import press, type_here
from tests.gui.starting import OTHER, Start

start = starting.start
CTRL = Qt.KeyboardModifier.ControlModifier


def test_the_passphrase_is_changed_by_whoever_knows_it(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    folder, key = new_folder(tmp_path / "desk")
    program = start(folder.path)
    starting.unlock(qtbot, program)
    assert program.frame is not None
    program.frame.go(Target(page="settings"))
    [card] = program.frame.page.findChildren(PassphraseCard)
    card.after.setFocus()
    type_here(OTHER)
    card.again.setFocus()
    type_here(OTHER)
    card.before.setFocus()
    type_here("I do not know")

    press(Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(card.form.rows["before"].problem.isVisible)
    card.before.selectAll()
    type_here(PASSPHRASE)
    press(Qt.Key.Key_Return, CTRL)

    qtbot.waitUntil(lambda: not card.again.text())
    assert unlock(folder, OTHER) == key
    with pytest.raises(WrongPassphrase):
        unlock(folder, PASSPHRASE)
