"""Passphrase and sheet are lost: the window asks the committee and opens with its answer."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from correspondent_desk import language
from correspondent_desk.gui.lock.committee import CommitteePage
from correspondent_desk.gui.lock.page import LockPage
from correspondent_desk.gui.lock.recovery import RecoveryPage
from correspondent_desk.hub import recovering, root
from correspondent_desk.store import committee
from correspondent_desk.store.database import open_store
from correspondent_desk.store.vault import unlock
from tests.builders import PASSPHRASE, new_folder
from tests.gui import starting
from tests.gui.a11y import in_words, nameless, same_letters
from tests.gui.hands import type_here
from tests.gui.starting import Start, opened, shown
from tests.sync.desks import Town

start = starting.start
SECRET = "the lamp is lit at dusk"
NEW = "four herons at the weir"


@pytest.mark.parametrize("code", language.LANGUAGES)
def test_the_committee_opens_the_desk(
    qtbot: QtBot, start: Start, tmp_path: Path, code: str
) -> None:
    language.use(code)
    town = Town(tmp_path)
    root.make(town.hub, tmp_path / "root", SECRET)
    desk = town.desk("Yann")
    town.round()
    folder = desk.folder
    assert committee.recipient_of(folder), "Settings say so beforehand"
    desk.close()
    program = start(folder.path)
    lock = shown(program, LockPage)
    lock.lost.click()
    recovery = shown(program, RecoveryPage)
    recovery.step.no_sheet.click()
    page = shown(program, CommitteePage)
    assert nameless(page) == []

    page.step.onward.click()
    assert page.step.form.rows["answer"].problem.text()
    page.ask_at(tmp_path)
    qtbot.waitUntil(page.step.numbers.isVisible)
    [asked] = tmp_path.glob("*.cdrecover")
    told = recovering.look(town.hub, asked, tmp_path / "root", SECRET)
    assert page.step.numbers.text() == told.numbers
    page.left.emit()
    shown(program, RecoveryPage).step.no_sheet.click()
    page = shown(program, CommitteePage)
    assert page.step.numbers.isVisible()
    assert page.step.numbers.text() == told.numbers
    assert same_letters(in_words(program.window)) == []
    answer = tmp_path / "answer.cdunlock"
    recovering.answer(town.hub, asked, tmp_path / "root", SECRET, answer)
    page.step.answer.setText(str(answer))
    for field in (page.step.first, page.step.again):
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        type_here(NEW)
    page.step.onward.click()

    opened(qtbot, program)
    assert program.frame is not None
    still = {
        "en": "The lost recovery sheet still",
        "fr": "La feuille de secours perdue ouvre encore",
    }
    assert program.frame.line.words.text().startswith(still[code])
    assert unlock(folder, NEW)
    assert committee.recipient_of(folder) == "", "until the next exchange"
    town.desks.clear()
    town.close()


def test_a_desk_without_such_a_key_is_told(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    folder, key = new_folder(tmp_path / "desk")
    open_store(folder, key).close()
    program = start(folder.path)
    shown(program, LockPage).lost.click()
    shown(program, RecoveryPage).step.no_sheet.click()
    page = shown(program, CommitteePage)

    page.ask_at(tmp_path)

    qtbot.waitUntil(page.step.problem.isVisible)
    assert page.step.problem.text().startswith("! The committee cannot open this desk")
    assert not list(tmp_path.glob("*.cdrecover"))
    assert unlock(folder, PASSPHRASE)
