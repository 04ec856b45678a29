"""The card of the look in the settings: what follows a choice, and what is said if it is not kept."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea
from pytestqt.qtbot import QtBot

from correspondent_desk.gui.keyboard import UNFOLDED_MS
from correspondent_desk.gui.page import Target
from correspondent_desk.gui.settings.page import SettingsPage
from tests.builders import new_folder
from tests.gui import starting
from tests.gui.hands import press
from tests.gui.starting import Start, unlock, unlocked

start = starting.start


def test_the_field_stays_in_view_while_the_text_grows_by_key(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    program = unlocked(qtbot, start, tmp_path / "desk")
    program.window.resize(1240, 800)
    assert program.frame is not None
    program.frame.go(Target(page="settings"))
    settings = program.frame.page
    assert isinstance(settings, SettingsPage)
    percent = settings.look.percent
    percent.setFocus()
    qtbot.wait(2 * UNFOLDED_MS)  # the frame follows the focus that long
    bar = settings.findChildren(QScrollArea)[0].verticalScrollBar()
    before = bar.maximum()

    press(Qt.Key.Key_End)

    qtbot.waitUntil(lambda: bar.maximum() > before * 1.5)  # by now it lies lower
    qtbot.waitUntil(lambda: percent.visibleRegion().boundingRect() == percent.rect())
    assert percent.hasFocus()


@pytest.mark.parametrize("code", ["en", "fr"])
def test_a_look_that_cannot_be_kept_is_said_and_worn(
    qtbot: QtBot, start: Start, tmp_path: Path, code: str
) -> None:
    folder, _key = new_folder(tmp_path / "desk")
    program = start(folder.path)
    unlock(qtbot, program)
    (folder.path / "preferences.json").mkdir()
    program.choose(program.preferences._replace(language=code))

    assert program.preferences.language == code
    assert program.frame is not None
    shown = program.frame.line.words.text()
    assert ("not kept for the next time" if code == "en" else "ne sera pas gardé") in shown


def test_the_settings_begin_at_the_top_each_time(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    program = unlocked(qtbot, start, tmp_path / "desk")
    program.window.resize(1240, 500)
    assert program.frame is not None
    program.frame.navigation.asked.emit("settings")
    settings = program.frame.page
    assert isinstance(settings, SettingsPage)
    bar = settings.findChildren(QScrollArea)[0].verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    bar.setValue(bar.maximum())
    program.frame.navigation.asked.emit("today")

    program.frame.navigation.asked.emit("settings")
    qtbot.wait(2 * UNFOLDED_MS)  # the frame follows the focus that long

    assert settings.office.name.hasFocus()
    assert bar.value() == 0
