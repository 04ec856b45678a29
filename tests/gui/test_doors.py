"""Pages, and what they hold under a name of its own, are found where people are."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from correspondent_desk import language
from correspondent_desk.gui.exchange.page import ExchangePage
from correspondent_desk.gui.settings.page import SettingsPage
from tests.gui import starting
from tests.gui.framing import CTRL
from tests.gui.hands import press, type_here
from tests.gui.starting import Start, unlocked

start = starting.start


def test_words_lead_to_the_part_of_the_window_that_they_name(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    language.use("fr")
    program = unlocked(qtbot, start, tmp_path / "desk")
    frame = program.frame
    assert frame is not None

    def look_for(words: str) -> None:
        press(Qt.Key.Key_K, CTRL)
        type_here(words)
        qtbot.waitUntil(lambda: frame.search.is_open)
        press(Qt.Key.Key_Return)

    def has_focus(part: QWidget) -> bool:
        focused = QApplication.focusWidget()
        return focused is not None and part.isAncestorOf(focused)

    look_for("demandes")
    assert frame.place == "requests"
    look_for("importer")
    assert isinstance(frame.page, ExchangePage)
    assert frame.page.stack.currentWidget() is frame.page.importing

    look_for("reglages langue")
    settings = frame.page
    assert isinstance(settings, SettingsPage)
    assert has_focus(settings.look)
    for words, there in (
        ("mot de passe", settings.passphrase),
        ("thème sombre", settings.look),
        ("sauvegarde", settings.copies),
        ("taille du texte", settings.look),
    ):
        look_for(words)
        assert has_focus(there), words
    look_for("secours")
    assert has_focus(settings.recovery)
    qtbot.waitUntil(lambda: settings.recovery.visibleRegion().boundingRect().height() > 100)
    for number, name in enumerate(("structure", "sites", "phrase", "copies", "historique")):
        look_for(name)
        part = (
            settings.office,
            settings.sites,
            settings.passphrase,
            settings.copies,
            settings.past,
        )
        assert has_focus(part[number]), name
