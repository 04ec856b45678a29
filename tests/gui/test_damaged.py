"""A damaged store in the window: it is closed, and the way to its copies shown."""

import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from correspondent_desk.app import program as program_
from correspondent_desk.gui.lock.bring_back import BringBackPage
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.widgets.trouble import Trouble
from correspondent_desk.store.backup import Why, make
from correspondent_desk.store.database import open_store
from correspondent_desk.store.vault import DataKey, DeskFolder
from tests.builders import PASSPHRASE, new_folder
from tests.gui import starting
from tests.gui.hands import press, type_here
from tests.gui.starting import Start, opened, shown, unlock, waiting_for
from tests.gui.test_bring_back import YESTERDAY
from tests.records.acts import a_member

start = starting.start
PAGE = 4096


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The store is looked through as soon as the pages are loaded."""
    monkeypatch.setattr(program_, "A_WHILE_MS", 0)


@pytest.fixture
def kept(tmp_path: Path) -> tuple[DeskFolder, DataKey]:
    """A desk of which there is one copy."""
    folder, key = new_folder(tmp_path / "desk")
    desk = open_store(folder, key)
    a_member(desk, "Roux")
    desk.close()
    make(folder, key, Why.ASKED, YESTERDAY)
    return folder, key


def damage(folder: DeskFolder, page: int) -> None:
    """Turn some bytes in the middle of a page; negative: from the end."""
    content = bytearray(folder.store.read_bytes())
    at = page * PAGE % len(content) + PAGE // 2
    content[at : at + 8] = bytes(byte ^ 0xFF for byte in content[at : at + 8])
    folder.store.write_bytes(content)


@pytest.mark.qt_no_exception_capture
@pytest.mark.parametrize("page", [1, 7, -1], ids=["read at once", "read later", "read by nobody"])
def test_damage_that_is_found_in_an_open_desk_leads_to_its_copies(
    qtbot: QtBot,
    start: Start,
    kept: tuple[DeskFolder, DataKey],
    monkeypatch: pytest.MonkeyPatch,
    page: int,
) -> None:
    folder, _key = kept
    damage(folder, page)
    program = start(folder.path)
    monkeypatch.setattr(sys, "excepthook", program.report_bug)  # as the program itself does
    type_here(PASSPHRASE)
    press(Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: isinstance(program.window.presented, Trouble))
    told = " ".join(words.text() for words in shown(program, Trouble).findChildren(Words))
    assert "1 copy of your data was kept" in told
    buttons = {
        button.text(): button for button in shown(program, Trouble).findChildren(QPushButton)
    }
    assert shown(program, Trouble).focusProxy() is buttons["B&ring a copy back…"]
    buttons["B&ring a copy back…"].click()
    page_of_copies = shown(program, BringBackPage)
    page_of_copies.step.passphrase.setText(PASSPHRASE)
    page_of_copies.step.onward.click()

    opened(qtbot, program)
    qtbot.waitUntil(lambda: program.found_whole == folder)


def test_a_desk_whose_file_is_gone_leads_to_its_copies(
    qtbot: QtBot, start: Start, kept: tuple[DeskFolder, DataKey]
) -> None:
    folder, _key = kept
    program = start(folder.path)
    folder.store.unlink()
    type_here(PASSPHRASE)
    press(Qt.Key.Key_Return)

    trouble = waiting_for(qtbot, program, Trouble)
    told = " ".join(words.text() for words in trouble.findChildren(Words))
    assert "1 copy of your data was kept" in told
    back = trouble.focusProxy()
    assert isinstance(back, QPushButton)
    assert back.text() == "B&ring a copy back…"
    back.click()
    hints = [one.text() for one in shown(program, BringBackPage).findChildren(QLabel)]
    assert any("a damaged one is kept beside it" in hint for hint in hints)
    assert not any("come back to it" in hint for hint in hints)


def test_a_desk_is_read_through_once_it_is_open(
    qtbot: QtBot, start: Start, kept: tuple[DeskFolder, DataKey]
) -> None:
    program = start(kept[0].path)
    unlock(qtbot, program)

    qtbot.waitUntil(lambda: program.found_whole == kept[0])
