"""The locked window: one field, a growing wait in words, nothing about anybody."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from correspondent_desk import language
from correspondent_desk.errors import DeskError
from correspondent_desk.gui.lock.page import LockPage
from correspondent_desk.gui.main_window import MainWindow
from correspondent_desk.gui.tasks import Tasks
from correspondent_desk.store.vault import DeskFolder, WrongPassphrase, unlock
from tests.builders import PASSPHRASE, new_folder
from tests.gui.a11y import heard, nameless
from tests.gui.hands import press, type_here

Unlock = Callable[[str], object]
Locked = Callable[[Unlock], LockPage]


@pytest.fixture
def window(qtbot: QtBot) -> MainWindow:
    window = MainWindow()
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    QTest.qWaitForWindowActive(window)
    return window


@pytest.fixture
def locked(window: MainWindow, tasks: Tasks) -> Locked:
    """Locks the window; the cursor is in the field."""

    def lock(unlock: Unlock) -> LockPage:
        page = LockPage(tasks, unlock)
        window.present(page)
        return page

    return lock


def test_the_right_passphrase_opens(qtbot: QtBot, locked: Locked) -> None:
    folder, key = new_folder(DeskFolder.default().path)
    page = locked(lambda passphrase: unlock(folder, passphrase))

    type_here(PASSPHRASE)
    with qtbot.waitSignal(page.unlocked) as opened:
        press(Qt.Key.Key_Return)

    assert opened.args == [key]
    assert page.field.text() == ""


def test_wrong_passphrases_wait_longer_and_longer(qtbot: QtBot, locked: Locked) -> None:
    folder, _key = new_folder(DeskFolder.default().path)
    page = locked(lambda passphrase: unlock(folder, passphrase))
    said: list[str] = []
    for _ in range(4):
        page.field.setText("wrong")
        press(Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: bool(page.message.text()))
        said.append(page.message.text())
        if page.button.isEnabled():
            page.message.setText("")

    assert said[0].startswith("This passphrase does not open the desk. Check capitals")
    assert "Try again in" in said[3]
    assert not page.button.isEnabled()
    qtbot.waitUntil(page.button.isEnabled)
    assert page.message.text() == ""


def test_the_lock_speaks_french_before_all_other_sentences_are_read(
    qtbot: QtBot, locked: Locked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, _key = new_folder(DeskFolder.default().path)
    messages = tmp_path / "fr" / "LC_MESSAGES"
    messages.mkdir(parents=True)
    lock = messages / "lock.mo"
    lock.write_bytes(language.I18N.joinpath(lock.relative_to(tmp_path)).read_bytes())
    messages.joinpath("correspondent_desk.mo").write_bytes(b"whoever reads this fails")
    monkeypatch.setattr(language, "I18N", tmp_path)
    language.use("fr")

    page = locked(lambda passphrase: unlock(folder, passphrase))
    type_here("wrong")
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(page.message.text()))

    assert page.button.text() == "&Déverrouiller"
    assert page.message.text().startswith("Cette phrase de passe n’ouvre pas le bureau. Vérifiez")
    assert page.capitals.text() == "La touche Verr. Maj est active."
    with pytest.raises(OSError, match="magic"):
        language._("Nothing is found for “{words}”.")


def test_nothing_is_tried_while_waiting_and_why_is_read_out_again(
    qtbot: QtBot, locked: Locked, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []

    def refuse(passphrase: str) -> object:
        tried.append(passphrase)
        raise WrongPassphrase(wait_s=30)

    page = locked(refuse)
    type_here("first")
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(page.message.text()))

    said = heard(monkeypatch)
    type_here("second")
    press(Qt.Key.Key_Return)
    qtbot.wait(50)

    assert tried == ["first"]
    assert said == [page.message.text()]


@pytest.mark.parametrize(
    ("wait_s", "reason", "words"),
    [
        (
            0,
            "",
            "This passphrase does not open the desk. Check capitals and keyboard, and type it again.",
        ),
        (1, "", "This passphrase does not open the desk. Try again in 1 second."),
        (80, "wait", "Try again in 80 seconds."),
        (200, "wait", "Try again in 4 minutes."),
    ],
)
def test_the_wait_is_said_in_words(
    qtbot: QtBot, locked: Locked, wait_s: int, reason: str, words: str
) -> None:
    def refuse(_passphrase: str) -> object:
        raise WrongPassphrase(reason, wait_s=wait_s)

    page = locked(refuse)
    type_here("x")
    press(Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: page.message.text() == words)


def test_other_refusals_are_for_others_to_tell(qtbot: QtBot, locked: Locked) -> None:
    class Damaged(DeskError):
        code = "damaged"

    def refuse(_passphrase: str) -> object:
        raise Damaged

    page = locked(refuse)
    type_here("x")
    with qtbot.waitSignal(page.refused) as told:
        press(Qt.Key.Key_Return)

    assert isinstance(told.args[0], Damaged)
    assert page.message.text() == ""
    assert page.button.isEnabled()


def test_caps_lock_is_noticed_from_what_is_typed(locked: Locked) -> None:
    page = locked(str)

    type_here("A")
    assert page.capitals.isVisible()
    type_here("1")
    assert page.capitals.isVisible()
    type_here("é")
    assert not page.capitals.isVisible()
    shifted = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_B, Qt.KeyboardModifier.ShiftModifier, "B")
    QApplication.sendEvent(page.field, shifted)

    assert page.field.text() == "A1éB"
    assert not page.capitals.isVisible()


def test_the_passphrase_can_be_looked_at(locked: Locked) -> None:
    page = locked(str)
    assert page.field.displayText() != "x"
    type_here("x")

    page.show_text.click()

    assert page.field.displayText() == "x"


@pytest.mark.parametrize("code", language.LANGUAGES)
def test_the_lock_has_names_for_everything_and_names_nobody(locked: Locked, code: str) -> None:
    language.use(code)
    page = locked(str)

    assert nameless(page.window()) == []
    words = " ".join(label.text() for label in page.findChildren(QLabel))
    assert not any(character.isdigit() for character in words)


def test_what_was_said_of_a_wrong_passphrase_goes_when_another_is_typed(
    qtbot: QtBot, locked: Locked
) -> None:
    def refuse(_passphrase: str) -> object:
        raise WrongPassphrase(wait_s=0)

    page = locked(refuse)
    type_here("wrong")
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.message.text() != "")

    type_here("r")

    assert page.message.text() == ""
