"""A desk in a folder that another program copies: Today says so, and leads to what to do."""

from pathlib import Path

from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from correspondent_desk.gui.settings.page import SettingsPage
from correspondent_desk.gui.today.page import TodayPage
from tests.builders import new_folder
from tests.gui import starting
from tests.gui.starting import Start, unlock

start = starting.start


def test_a_desk_in_a_synchronised_folder_is_told_on_today(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    new_folder(tmp_path / "OneDrive")
    program = start(tmp_path / "OneDrive")
    unlock(qtbot, program)
    assert program.frame is not None
    today = program.frame.page
    assert isinstance(today, TodayPage)

    qtbot.waitUntil(lambda: bool(today.sections.lines))

    [line] = today.sections.lines
    assert line.entry.title == "OneDrive copies the folder of this desk while it is in use"
    line.buttons["look"].click()
    settings = program.frame.page
    assert isinstance(settings, SettingsPage)
    qtbot.waitUntil(lambda: not settings.about.visibleRegion().isEmpty())
    focused = QApplication.focusWidget()
    assert isinstance(focused, QLabel)
    assert focused.text().startswith("This folder is copied by OneDrive")
