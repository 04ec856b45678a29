"""Starting the program as people do: on any folder, by keyboard, up to an open desk."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from correspondent_desk import language
from correspondent_desk.app.program import Program
from correspondent_desk.gui.first_start.page import FirstStart
from correspondent_desk.gui.first_start.sheet import SheetStep
from correspondent_desk.gui.first_start.steps import RecoveryStep
from correspondent_desk.language import _
from correspondent_desk.records.demo.making import make_demo
from correspondent_desk.store.vault import DeskFolder
from tests.builders import PASSPHRASE, new_folder
from tests.gui.hands import focused, press, type_here

NOW = datetime(2026, 12, 3, 9, 0, tzinfo=ZoneInfo("Europe/Paris"))
OTHER = "un autre chemin vers la mer"

W = TypeVar("W", bound=QWidget)
Start = Callable[[Path], Program]


@pytest.fixture
def start(qapp: QApplication, qtbot: QtBot) -> Iterator[Start]:
    """Starts the program on a folder, in the language in use; closes it at the end."""
    started: list[Program] = []
    font, palette = qapp.font(), qapp.palette()  # a program sets them for all that comes after it

    def start(folder: Path) -> Program:
        program = Program(qapp, DeskFolder(folder), language.code(), clock=lambda: NOW)
        started.append(program)
        program.start()
        program.window.activateWindow()
        qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
        return program

    yield start
    for program in started:
        program.window.close()
    qapp.setFont(font)
    qapp.setPalette(palette)


def shown(program: Program, kind: type[W]) -> W:
    """What the window shows, which is of this kind."""
    page = program.window.presented
    assert isinstance(page, kind), page
    return page


def waiting_for(qtbot: QtBot, program: Program, kind: type[W]) -> W:
    """What the window shows, once it is of this kind."""
    qtbot.waitUntil(lambda: isinstance(program.window.presented, kind))
    return shown(program, kind)


def opened(qtbot: QtBot, program: Program) -> None:
    """Wait until the desk is open and its first page is shown."""
    qtbot.waitUntil(
        lambda: program.frame is not None and program.window.presented is program.frame,
    )


def go_to(widget: QWidget) -> None:
    """Press Tab until widget has the focus."""
    for _step in range(30):
        if focused() is widget:
            return
        press(Qt.Key.Key_Tab)
    raise AssertionError(f"no way to {widget} by keyboard")


def unlock(qtbot: QtBot, program: Program) -> None:
    """Type the passphrase and wait until the desk is open."""
    type_here(PASSPHRASE)
    press(Qt.Key.Key_Return)
    opened(qtbot, program)


def unlocked(qtbot: QtBot, start: Start, folder: Path) -> Program:
    """The program on a new desk in folder, which is open."""
    new_folder(folder)
    program = start(folder)
    unlock(qtbot, program)
    return program


def invented(qtbot: QtBot, start: Start, folder: Path) -> Program:
    """The program on a new desk of a few invented people, which opens by itself."""
    make_demo(DeskFolder(folder), members=3, today=NOW.date())
    program = start(folder)
    opened(qtbot, program)
    return program


def answer_office(page: FirstStart) -> None:
    """Fill in the first step and go on."""
    for text in ("Mairie d’Ys", "Gwenn Le Bihan", "29"):
        type_here(text)
        press(Qt.Key.Key_Tab)
    type_here("Quai")
    press(Qt.Key.Key_Return)
    type_here("Port")
    go_to(page.office.onward)
    press(Qt.Key.Key_Space)


def choose_passphrase(qtbot: QtBot, page: FirstStart) -> SheetStep:
    """Type the passphrase twice, each time with Enter, and wait for the sheet."""
    assert page.progress.text().endswith(_("step {n} of {all}").format(n=2, all=3))
    for _field in (page.passphrase.first, page.passphrase.again):
        type_here(PASSPHRASE)
        press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.recovery is not None)
    assert page.recovery is not None
    return page.recovery


def type_groups_back(step: RecoveryStep) -> None:
    """Type the two groups that are asked for, in small letters."""
    groups = step.code.text().split("-")
    asked = [int(name.removeprefix("group")) for name in step.form.rows if name.startswith("group")]
    for place, field in zip(asked, step.fields, strict=True):
        go_to(field)
        field.selectAll()
        type_here(groups[place].lower())
    press(Qt.Key.Key_Return)
