"""A copy takes the place of the store, in the window."""

from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from correspondent_desk import language
from correspondent_desk.gui.first_start.page import FirstStart
from correspondent_desk.gui.lock.bring_back import BringBackPage
from correspondent_desk.gui.page import Target
from correspondent_desk.gui.settings.page import SettingsPage
from correspondent_desk.gui.widgets.trouble import Trouble
from correspondent_desk.store.backup import Why, copies, hand_out, make
from correspondent_desk.store.database import open_store
from correspondent_desk.store.vault import is_set_up
from tests.builders import PASSPHRASE, new_folder
from tests.gui import starting
from tests.gui.a11y import nameless
from tests.gui.hands import press, type_here
from tests.gui.starting import Start, opened, shown, unlock, waiting_for

start = starting.start
YESTERDAY = datetime(2026, 12, 2, 8, 40)  # noqa: DTZ001 - local, as the names of copies are


@pytest.mark.parametrize("code", language.LANGUAGES)
def test_a_copy_is_brought_back_from_the_settings(
    qtbot: QtBot, start: Start, tmp_path: Path, code: str
) -> None:
    language.use(code)
    folder, key = new_folder(tmp_path / "desk")
    open_store(folder, key).close()
    make(folder, key, Why.ASKED, YESTERDAY)
    program = start(tmp_path / "desk")
    unlock(qtbot, program)
    frame = program.frame
    assert frame is not None
    frame.go(Target(page="settings"))
    settings = frame.page
    assert isinstance(settings, SettingsPage)
    settings.copies.bring_back.click()

    page = shown(program, BringBackPage)
    assert nameless(page) == []
    made = {"en": "made by hand", "fr": "faite à la demande"}
    assert page.step.copy.currentText().endswith(made[code])
    page.step.passphrase.setText("something else")
    page.step.onward.click()
    problem = page.step.form.rows["passphrase"].problem
    qtbot.waitUntil(lambda: problem.text() != "")
    assert [row.why for row in copies(folder)] == [Why.ASKED]
    page.step.passphrase.setText(PASSPHRASE)
    page.step.onward.click()

    opened(qtbot, program)
    assert [row.why for row in copies(folder)] == [Why.RESTORE, Why.ASKED]
    assert program.frame is not None
    told = {"en": "This desk is back at the copy of", "fr": "Ce bureau est revenu à la copie du"}
    assert program.frame.line.words.text().startswith(told[code])


def test_a_damaged_store_leads_to_its_copies(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    folder, key = new_folder(tmp_path / "desk")
    open_store(folder, key).close()
    make(folder, key, Why.ASKED, YESTERDAY)
    content = folder.store.read_bytes()
    folder.store.write_bytes(content[:4096] + bytes(len(content) - 4096))
    program = start(tmp_path / "desk")
    type_here(PASSPHRASE)
    press(Qt.Key.Key_Return)
    trouble = waiting_for(qtbot, program, Trouble)
    [lead] = [one for one in trouble.findChildren(QPushButton) if "copy" in one.text()]
    lead.click()
    page = shown(program, BringBackPage)
    page.step.passphrase.setText(PASSPHRASE)
    page.step.onward.click()

    opened(qtbot, program)
    assert list(folder.path.glob("*-damaged.db"))


def test_a_new_computer_takes_up_the_desk_of_a_stick(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    folder, key = new_folder(tmp_path / "desk")
    open_store(folder, key).close()
    (tmp_path / "stick").mkdir()
    copy = hand_out(make(folder, key, Why.ASKED, YESTERDAY).path, tmp_path / "stick")
    program = start(tmp_path / "new computer")
    office = shown(program, FirstStart).office
    type_here("Mairie d’Ys")
    office.copy.click()
    assert office.leave.isHidden()
    office.leave_for_copy.click()

    page = waiting_for(qtbot, program, BringBackPage)
    assert nameless(page) == []
    page.step.onward.click()
    assert page.step.form.rows["copy"].problem.text() == "! Choose a copy first."
    page.step.use(copy)
    type_here(PASSPHRASE)
    press(Qt.Key.Key_Return)

    opened(qtbot, program)
    assert is_set_up(program.folder)


def test_settings_bring_back_what_lies_on_a_stick(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    folder, key = new_folder(tmp_path / "desk")
    open_store(folder, key).close()
    (tmp_path / "stick").mkdir()
    made = make(folder, key, Why.ASKED, YESTERDAY)
    copy = hand_out(made.path, tmp_path / "stick")
    made.path.unlink()
    program = start(tmp_path / "desk")
    unlock(qtbot, program)
    assert program.frame is not None
    program.frame.go(Target(page="settings"))
    settings = program.frame.page
    assert isinstance(settings, SettingsPage)
    settings.copies.bring_back.click()
    page = waiting_for(qtbot, program, BringBackPage)
    page.step.use(copy)
    assert (
        page.step.copy.currentText()
        == f"Wednesday 2 December, 08:40, made by hand ({tmp_path / 'stick'})"
    )
    page.step.passphrase.setText(PASSPHRASE)
    page.step.onward.click()

    opened(qtbot, program)
    assert [row.why for row in copies(folder)] == [Why.RESTORE]
