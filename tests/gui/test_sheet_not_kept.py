"""A first start that ends before its recovery sheet was kept: the code opens nothing, and one is told."""

from pathlib import Path

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from correspondent_desk.app.program import Program
from correspondent_desk.gui.first_start.page import FirstStart
from correspondent_desk.gui.first_start.sheet import SheetStep
from correspondent_desk.gui.page import Target
from correspondent_desk.gui.settings.page import SettingsPage
from correspondent_desk.gui.today.page import TodayPage
from correspondent_desk.messages import health, today_page
from correspondent_desk.store.vault import DeskFolder, has_recovery, unlock_with_recovery
from tests.builders import PASSPHRASE
from tests.gui import starting
from tests.gui.starting import (
    Start,
    answer_office,
    choose_passphrase,
    shown,
    type_groups_back,
    unlock,
)

start = starting.start


def begun(qtbot: QtBot, program: Program) -> tuple[FirstStart, SheetStep]:
    """At the third step: the desk is made, and its sheet is offered."""
    page = shown(program, FirstStart)
    answer_office(page)
    return page, choose_passphrase(qtbot, page)


def to_check(qtbot: QtBot, program: Program) -> list[str]:
    """The lines of Today, where nothing else is to be done, once they were read."""
    assert program.frame is not None
    program.frame.go(Target(page="today"))
    page, workspace = program.frame.page, program.workspace
    assert isinstance(page, TodayPage)
    assert workspace is not None
    qtbot.waitUntil(lambda: not workspace.is_busy)
    assert page.nothing.isVisible()  # there is nobody on the desk yet
    return [line.entry.title for line in page.sections.lines]


def is_said_by_doctor(program: Program) -> bool:
    assert program.database is not None
    told, is_well = health.report(program.folder, program.database)
    return not is_well and any(one.startswith("No recovery code opens this desk.") for one in told)


def test_who_never_kept_the_sheet_is_led_to_a_new_one(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    program = start(tmp_path / "desk")
    begun(qtbot, program)
    program.window.close()
    program = start(tmp_path / "desk")
    unlock(qtbot, program)

    assert to_check(qtbot, program) == [today_page.no_sheet()]
    assert is_said_by_doctor(program)
    assert program.frame is not None
    [line] = program.frame.page.sections.lines  # type: ignore[attr-defined]
    line.buttons["look"].click()
    settings = program.frame.page
    assert isinstance(settings, SettingsPage)
    assert QApplication.focusWidget() is settings.recovery.passphrase
    qtbot.waitUntil(lambda: settings.recovery.print.visibleRegion().boundingRect().height() > 20)
    assert settings.recovery.what.text().startswith("No recovery sheet of this desk")

    settings.recovery.passphrase.setText(PASSPHRASE)
    with qtbot.waitSignal(settings.recovery.said):
        settings.recovery.save_sheet(tmp_path / "sheet.pdf")
    assert settings.recovery.what.text().startswith("A new sheet replaces")
    assert to_check(qtbot, program) == []
    assert not is_said_by_doctor(program)


def test_a_sheet_that_was_saved_counts_though_its_groups_were_not_read_back(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    program = start(tmp_path / "desk")
    _page, step = begun(qtbot, program)
    step.save_sheet(tmp_path / "sheet.pdf")
    qtbot.waitUntil(lambda: "sheet.pdf" in step.said.text())
    program.window.close()

    assert unlock_with_recovery(DeskFolder(tmp_path / "desk"), step.code.text())


def test_groups_that_were_read_back_are_enough(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    program = start(tmp_path / "desk")
    _page, step = begun(qtbot, program)
    code = step.code.text()
    assert not has_recovery(program.folder)

    type_groups_back(step)
    starting.opened(qtbot, program)

    assert unlock_with_recovery(program.folder, code)
    assert to_check(qtbot, program) == []
