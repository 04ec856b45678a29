"""The frame tells who does not see it what was found, and what was done."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from correspondent_desk.gui.frame import Frame
from correspondent_desk.gui.lock.page import LockPage
from correspondent_desk.gui.lock.recovery import RecoveryPage
from correspondent_desk.gui.main_window import MainWindow
from correspondent_desk.gui.tasks import Tasks
from correspondent_desk.gui.widgets.trouble import Trouble
from correspondent_desk.store.vault import WrongRecoveryCode
from tests.builders import PASSPHRASE
from tests.gui.a11y import heard
from tests.gui.framing import frame, index, window
from tests.gui.hands import press

__all__ = ["frame", "index", "window"]


def test_the_search_says_how_much_it_has_found(
    frame: Frame, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame.search.setFocus()
    said = heard(monkeypatch)

    frame.search.setText("le goff")
    frame.search.textEdited.emit("le goff")
    press(Qt.Key.Key_Down)
    frame.search.setText("zzz")
    frame.search.textEdited.emit("zzz")

    assert said == [
        "Anne LE GOFF, Town hall. 1 of 2",
        "Yann LE GOFF, Town hall. 2 of 2",
        "Nothing is found for “zzz”.",
    ]


def test_what_was_done_is_read_out_after_where_the_focus_went(
    qtbot: QtBot, frame: Frame, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = heard(monkeypatch)

    frame.line.say("Saved.")
    frame.line.say_more("Saved, and printed.")
    frame.search.setFocus()

    assert said == []
    qtbot.waitUntil(lambda: said == ["Saved, and printed."])


def test_what_has_a_key_is_named_once_with_its_key(frame: Frame) -> None:
    search, today = frame.search, frame.navigation.first_stop()

    told = [(one.accessibleName(), one.accessibleDescription()) for one in (search, today)]

    assert told == [
        ("Search for a person, a request, a command…", "Ctrl+K"),
        ("Today", "Ctrl+1"),
    ]


def test_what_the_window_turns_to_is_read_out(
    window: MainWindow, tasks: Tasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = heard(monkeypatch)

    window.turn_to(Trouble("It stopped.", "All is safe.", "Go on."))
    window.turn_to(RecoveryPage(tasks, lambda *_typed: None))

    assert said == ["It stopped. All is safe. Go on.", said[-1]]
    assert said[-1].startswith("Open with the recovery sheet. ")


def test_the_passphrase_of_invented_people_is_said_with_the_field(
    qtbot: QtBot, tasks: Tasks
) -> None:
    page = LockPage(tasks, lambda _typed: None, known="the tide")
    qtbot.addWidget(page)

    assert "the tide" in page.field.accessibleDescription()


def test_a_recovery_code_that_opens_nothing_is_read_out(
    qtbot: QtBot, window: MainWindow, tasks: Tasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_typed: str) -> None:
        raise WrongRecoveryCode

    page = RecoveryPage(tasks, refuse)
    window.turn_to(page)
    page.code.setText("AAAAA-BBBBB")
    for field in (page.step.first, page.step.again):
        field.setText(PASSPHRASE)
    said = heard(monkeypatch)

    page.step.onward.click()

    qtbot.waitUntil(lambda: said == [page.step.form.rows["code"].problem.text()])
    assert page.code.hasFocus()
