"""A desk whose folder, stick or network drive is not there, as the window tells of it."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from correspondent_desk import language
from correspondent_desk.app.program import Program
from correspondent_desk.gui.first_start.page import FirstStart
from correspondent_desk.gui.lock.bring_back import BringBackPage
from correspondent_desk.gui.lock.page import LockPage
from correspondent_desk.gui.page import Target
from correspondent_desk.gui.settings.safety import CopiesCard
from correspondent_desk.gui.widgets.trouble import Trouble
from correspondent_desk.store import lock
from correspondent_desk.store.vault import DeskFolder
from tests.builders import PASSPHRASE, new_folder
from tests.dead_drive import dead_drive
from tests.gui import starting
from tests.gui.a11y import in_words, same_letters
from tests.gui.hands import press, type_here
from tests.gui.starting import Start, invented, opened, shown, unlocked, waiting_for

start = starting.start


def words(trouble: Trouble) -> str:
    """All that the page says."""
    return " ".join(one.text() for one in trouble.findChildren(QLabel))


def button(trouble: Trouble, text: str) -> QPushButton:
    """The button whose words hold text."""
    [found] = [one for one in trouble.findChildren(QPushButton) if text in one.text()]
    return found


def buttons(trouble: Trouble) -> list[str]:
    """What can be done, in words."""
    return [one.text() for one in trouble.findChildren(QPushButton)]


def lets_in(qtbot: QtBot, program: Program, way: str = "again") -> None:
    """The button whose words hold way, then the passphrase."""
    button(shown(program, Trouble), way).click()
    asked = shown(program, LockPage)
    asked.field.setText(PASSPHRASE)
    asked.button.click()
    opened(qtbot, program)


def test_a_desk_whose_stick_is_out_is_asked_for_and_never_begun_anew(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    desk, away = tmp_path / "desk", tmp_path / "away"
    new_folder(desk)
    program = start(desk)
    desk.rename(away)

    type_here(PASSPHRASE)
    press(Qt.Key.Key_Return)
    told = [waiting_for(qtbot, program, Trouble)]
    button(told[0], "again").click()
    told.append(shown(program, Trouble))
    for trouble in told:
        assert f"The folder of the desk is not there: {desk}." in words(trouble)
        assert "Your data is" not in words(trouble)
        assert not any("new desk" in text for text in buttons(trouble))
    away.rename(desk)

    lets_in(qtbot, program)


def test_a_desk_that_is_open_elsewhere_is_said_before_a_passphrase_is_typed(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    folder, _key = new_folder(tmp_path / "desk")
    held = lock.acquire(folder)

    program = start(folder.path)

    trouble = waiting_for(qtbot, program, Trouble)
    assert "This desk is open already" in words(trouble)
    button(trouble, "again").click()
    assert isinstance(program.window.presented, LockPage)
    waiting_for(qtbot, program, Trouble)
    lock.release(folder, held)
    lets_in(qtbot, program)


def test_who_starts_while_the_stick_is_out_is_told_so(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    desk, away = tmp_path / "stick" / "desk", tmp_path / "away"
    unlocked(qtbot, start, desk).close()
    desk.rename(away)
    program = start(desk)

    told = words(shown(program, Trouble))
    assert f"The desk that was open in this folder before is not there: {desk}." in told
    assert "connect it" in told
    away.rename(desk)
    lets_in(qtbot, program)


def test_who_knows_that_the_stick_is_lost_begins_anew(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    desk = tmp_path / "stick" / "desk"
    unlocked(qtbot, start, desk).close()
    desk.rename(tmp_path / "away")
    program = start(desk)
    trouble = shown(program, Trouble)
    button(trouble, "ring a copy").click()
    shown(program, BringBackPage).left.emit()
    button(shown(program, Trouble), "new desk").click()

    shown(program, FirstStart)


def test_a_desk_of_invented_people_is_not_missed(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    desk = tmp_path / "demo"
    invented(qtbot, start, desk).close()
    desk.rename(tmp_path / "away")

    shown(start(desk), FirstStart)


@pytest.mark.parametrize("code", language.LANGUAGES)
def test_a_drive_that_does_not_answer_is_told_wherever_it_is_asked(
    start: Start, tmp_path: Path, code: str
) -> None:
    language.use(code)
    desk = tmp_path / "drive" / "desk"
    new_folder(desk)
    silent = "does not answer" if code == "en" else "ne répond pas"
    again, copies = ("again", "ring a copy") if code == "en" else ("e&ssayer", "Revenir")
    with dead_drive(desk.parent):
        program = start(desk)
        for _time in range(2):
            assert silent in words(shown(program, Trouble))
            button(shown(program, Trouble), again).click()
        button(shown(program, Trouble), copies).click()
        assert silent in words(shown(program, Trouble))
    button(shown(program, Trouble), again).click()
    shown(program, LockPage)


def test_a_drive_that_stops_answering_at_the_lock_is_told(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    desk = tmp_path / "drive" / "desk"
    new_folder(desk)
    program = start(desk)
    shown(program, LockPage)
    with dead_drive(desk.parent):
        type_here(PASSPHRASE)
        press(Qt.Key.Key_Return)
        assert "does not answer" in words(waiting_for(qtbot, program, Trouble))

    lets_in(qtbot, program)


def test_settings_say_that_the_copies_cannot_be_looked_at(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    program = unlocked(qtbot, start, tmp_path / "desk")
    assert program.frame is not None
    program.frame.go(Target(page="settings"))
    [card] = program.frame.page.findChildren(CopiesCard)
    copies = DeskFolder(tmp_path / "desk").copies
    copies.mkdir()
    with dead_drive(copies):
        card.show_copies()
        assert "does not answer" in card.problem.text()
        card.problem.clear()
        card.hand_out(tmp_path)
        qtbot.waitUntil(lambda: "does not answer" in card.problem.text())
        card.open_folder.click()
    with qtbot.waitSignal(card.said):
        card.hand_out(tmp_path)
    card.show_copies()

    assert not card.problem.isVisibleTo(card)


def test_damaged_slots_are_replaced_by_their_copy_at_a_click(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    folder, _key = new_folder(tmp_path / "desk")
    program = start(folder.path)
    folder.slots.write_bytes(b"")
    type_here(PASSPHRASE)
    press(Qt.Key.Key_Return)
    trouble = waiting_for(qtbot, program, Trouble)
    assert "A sound copy lies beside it" in words(trouble)

    lets_in(qtbot, program, "ut the copy")


@pytest.mark.parametrize("code", language.LANGUAGES)
def test_every_way_out_can_be_read_and_has_a_letter_of_its_own(
    qtbot: QtBot, start: Start, tmp_path: Path, code: str
) -> None:
    desk = tmp_path / "stick" / "desk"
    unlocked(qtbot, start, desk).close()
    desk.rename(tmp_path / "away")
    language.use(code)
    program = start(desk)
    program.theme.choose(program.theme.appearance._replace(text_percent=160))
    program.window.resize(1024, 720)
    ways = [one for one in shown(program, Trouble).findChildren(QPushButton) if "&" in one.text()]
    qtbot.waitUntil(lambda: all(one.width() >= one.sizeHint().width() for one in ways))

    assert len(ways) == 3
    assert same_letters(in_words(program.window)) == []
