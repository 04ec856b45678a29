"""A desk of invented people: opened at once, marked as such, and left for one of one's own."""

import threading
from pathlib import Path
from typing import Any

import nacl.bindings
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from correspondent_desk import language
from correspondent_desk.gui.first_start.page import FirstStart
from correspondent_desk.gui.help.page import HelpPage
from correspondent_desk.gui.keys import Command
from correspondent_desk.gui.lock.page import LockPage
from correspondent_desk.gui.theme import Look
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.records import catalogue
from correspondent_desk.records.demo.making import DEMO_PASSPHRASE, make_demo
from correspondent_desk.store.tables import Document
from correspondent_desk.store.vault import DeskFolder, is_set_up
from tests.gui import starting
from tests.gui.a11y import nameless
from tests.gui.hands import focused, press, type_here
from tests.gui.starting import (
    NOW,
    Start,
    answer_office,
    choose_passphrase,
    go_to,
    invented,
    opened,
    shown,
    type_groups_back,
    unlocked,
)

start = starting.start


def test_invented_people_open_at_once(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    program = start(tmp_path / "data" / "desk")
    page = shown(program, FirstStart)
    go_to(page.office.demo)
    press(Qt.Key.Key_Space)
    assert not page.office.demo.isEnabled()
    opened(qtbot, program)

    assert program.folder.path == tmp_path / "data" / "desk-demo"
    assert not is_set_up(DeskFolder(tmp_path / "data" / "desk"))
    assert program.database is not None
    codes = program.database.read(lambda s: {code for (code,) in s.query(Document.code)})
    known = {kind.code for kind in catalogue.document_kinds()}
    assert codes  # their names follow the language
    assert codes <= known


def test_a_desk_of_invented_people_is_opened_once(
    qtbot: QtBot, start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_demo(DeskFolder(tmp_path / "desk"), members=3, today=NOW.date())
    pressed, stretch = threading.Event(), nacl.bindings.crypto_pwhash_alg
    begun: list[tuple[Any, ...]] = []

    def stretch_later(*words: Any) -> bytes:
        begun.append(words)
        assert pressed.wait(20)
        return stretch(*words)

    monkeypatch.setattr(nacl.bindings, "crypto_pwhash_alg", stretch_later)
    program = start(tmp_path / "desk")
    lock = shown(program, LockPage)
    lock.field.setText(DEMO_PASSPHRASE)
    lock.button.click()
    pressed.set()
    opened(qtbot, program)
    QTest.qWait(300)  # the second one would have begun by now

    assert len(begun) == 1
    assert program.window.presented is program.frame


def test_who_typed_something_is_asked_before_leaving_for_invented_people(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    program = start(tmp_path / "data" / "desk")
    step = shown(program, FirstStart).office
    type_here("Mairie d’Ys")
    go_to(step.demo)
    press(Qt.Key.Key_Space)

    assert focused() is step.stay
    assert nameless(step) == []
    press(Qt.Key.Key_Space)
    assert step.asking.isHidden()
    assert step.office.text() == "Mairie d’Ys"
    assert focused() is step.demo
    assert not is_set_up(DeskFolder(tmp_path / "data" / "desk-demo"))

    make_demo(DeskFolder(tmp_path / "data" / "desk-demo"), members=3, today=NOW.date())
    step.demo.click()
    step.leave.click()
    opened(qtbot, program)


@pytest.mark.parametrize("code", language.LANGUAGES)
def test_invented_people_are_marked_and_lead_to_a_desk_of_ones_own(
    qtbot: QtBot, start: Start, tmp_path: Path, code: str
) -> None:
    language.use(code)
    program = invented(qtbot, start, tmp_path / "desk-demo")
    frame = program.frame
    assert frame is not None
    mark = {"en": "Invented people", "fr": "Personnes inventées"}[code]
    assert program.window.windowTitle() == f"{mark} – Correspondent Desk"
    assert frame.navigation.invented.isVisible()
    frame.navigation.show_narrow(True)
    assert frame.navigation.invented.text() == mark.replace(" ", "\n")
    program.theme.choose(program.theme.appearance._replace(text_percent=160))
    QApplication.processEvents()
    assert frame.navigation.invented.width() >= frame.navigation.invented.sizeHint().width()

    frame.navigation.invented.click()
    assert isinstance(frame.page, HelpPage)
    assert focused() is frame.page.own_desk
    assert str(tmp_path / "desk") in "\n".join(w.text() for w in frame.page.findChildren(Words))
    press(Qt.Key.Key_Space)

    shown(program, FirstStart)
    assert program.folder.path == tmp_path / "desk"
    assert program.window.windowTitle() == "Correspondent Desk"


@pytest.mark.parametrize("code", language.LANGUAGES)
def test_who_locks_invented_people_finds_the_way_back(
    qtbot: QtBot, start: Start, tmp_path: Path, code: str
) -> None:
    language.use(code)
    program = invented(qtbot, start, tmp_path / "desk-demo")
    told = {
        "en": "The people here are invented: their passphrase is demo.",
        "fr": "Les personnes sont inventées ici : leur phrase de passe est demo.",
    }

    program.lock()

    lock = shown(program, LockPage)
    assert lock.invented.isVisible()
    assert lock.invented.text().replace("\N{NO-BREAK SPACE}", " ") == told[code]
    type_here(DEMO_PASSPHRASE)
    press(Qt.Key.Key_Return)
    opened(qtbot, program)


def test_a_new_desk_of_ones_own_keeps_the_look_chosen_among_invented_people(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    program = invented(qtbot, start, tmp_path / "desk-demo")
    large = program.preferences.appearance._replace(look=Look.DARK, text_percent=140)
    program.choose(program.preferences._replace(appearance=large))
    assert program.frame is not None
    program.frame.own_desk_wanted.emit()
    page = shown(program, FirstStart)
    answer_office(page)
    type_groups_back(choose_passphrase(qtbot, page))
    opened(qtbot, program)
    program.window.close()

    assert start(tmp_path / "desk").theme.appearance == large


def test_a_desk_of_ones_own_says_nothing_of_invented_people(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    program = unlocked(qtbot, start, tmp_path / "desk")
    frame = program.frame
    assert frame is not None

    assert program.window.windowTitle() == "Correspondent Desk"
    assert not frame.navigation.invented.isVisible()
    frame.run(Command.HELP)
    assert "Invented people" not in "\n".join(w.text() for w in frame.page.findChildren(Words))
    program.lock()
    assert not shown(program, LockPage).invented.isVisible()
