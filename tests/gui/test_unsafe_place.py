"""A desk in a folder that is not safe: Today says so, and leads to what to do."""

from pathlib import Path

from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from correspondent_desk.app.program import Program
from correspondent_desk.gui.settings.page import SettingsPage
from correspondent_desk.gui.today.page import TodayPage
from correspondent_desk.store import origins
from correspondent_desk.store.bare import open_bare
from correspondent_desk.store.opened import this_computers_ms
from tests.builders import new_folder
from tests.gui import starting
from tests.gui.starting import Start, unlock

start = starting.start


def test_a_desk_in_a_synchronised_folder_is_told_on_today(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    new_folder(tmp_path / "OneDrive")

    title, told = seen(qtbot, start(tmp_path / "OneDrive"))

    assert title == "OneDrive copies the folder of this desk while it is in use"
    assert told.startswith("This folder is copied by OneDrive")


def test_what_the_disk_lost_is_told_on_today(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    folder, key = new_folder(tmp_path / "desk")
    open_bare(folder, key).close()
    origins.note_log_broke(folder, this_computers_ms())

    title, told = seen(qtbot, start(folder.path))

    assert title == "The disk may have lost what was saved last on this desk"
    assert "Look at what you saved last" in told


def seen(qtbot: QtBot, program: Program) -> tuple[str, str]:
    """The one line on Today, and what it leads to."""
    unlock(qtbot, program)
    assert program.frame is not None
    today = program.frame.page
    assert isinstance(today, TodayPage)

    qtbot.waitUntil(lambda: bool(today.sections.lines))

    [line] = today.sections.lines
    line.buttons["look"].click()
    settings = program.frame.page
    assert isinstance(settings, SettingsPage)
    qtbot.waitUntil(lambda: not settings.about.visibleRegion().isEmpty())
    focused = QApplication.focusWidget()
    assert isinstance(focused, QLabel)
    return line.entry.title, focused.text()
