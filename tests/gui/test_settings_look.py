"""The card of the look in the settings: the page follows, and the keyboard stays where it is."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea
from pytestqt.qtbot import QtBot

from correspondent_desk.gui.frame import UNFOLDED_MS
from correspondent_desk.gui.page import Target
from correspondent_desk.gui.settings.page import SettingsPage
from tests.gui import starting
from tests.gui.hands import press
from tests.gui.starting import Start, unlocked

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
