"""A desk that is there already: unlocked, locked, and opened with the recovery sheet."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from correspondent_desk.app.program import Program
from correspondent_desk.gui.first_start.page import FirstStart
from correspondent_desk.gui.keys import Command
from correspondent_desk.gui.lock.page import LockPage
from correspondent_desk.gui.lock.recovery import RecoveryPage
from correspondent_desk.gui.members.page import MembersPage
from correspondent_desk.gui.page import Target
from correspondent_desk.gui.settings.page import SettingsPage
from correspondent_desk.gui.widgets.trouble import Trouble
from correspondent_desk.store.database import open_store
from correspondent_desk.store.vault import new_recovery_code, take_recovery_code
from tests.builders import PASSPHRASE, add_member, new_folder
from tests.gui import starting
from tests.gui.hands import focused, press, type_here
from tests.gui.starting import (
    OTHER,
    Start,
    answer_office,
    choose_passphrase,
    go_to,
    invented,
    opened,
    shown,
    type_groups_back,
    unlock,
    unlocked,
    waiting_for,
)

start = starting.start


def in_view(program: Program) -> int | None:
    """Whose card is open on the page in view."""
    assert program.frame is not None
    return program.frame.page.person_in_view()


def settings_of(program: Program) -> SettingsPage:
    """The settings, which are gone to unless they are in view."""
    assert program.frame is not None
    if program.frame.place != "settings":
        program.frame.go(Target(page="settings"))
    assert isinstance(program.frame.page, SettingsPage)
    return program.frame.page


def test_the_second_start_asks_for_the_passphrase_only(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    new_folder(tmp_path / "desk")
    program = start(tmp_path / "desk")
    shown(program, LockPage)
    unlock(qtbot, program)


def test_a_locked_desk_forgets_its_key_until_it_is_unlocked(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    program = unlocked(qtbot, start, tmp_path / "desk")
    press(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    page = waiting_for(qtbot, program, LockPage)

    assert program.database is None
    assert program.workspace is None
    type_here("not this one")
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(page.message.text()))
    assert page.message.text().startswith("This passphrase does not open the desk. Check")
    unlock(qtbot, program)


def test_who_comes_back_is_where_they_were(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    folder, key = new_folder(tmp_path / "desk")
    database = open_store(folder, key)
    anne = add_member(database, "Le Goff")
    database.close()
    program = start(tmp_path / "desk")
    unlock(qtbot, program)
    assert program.frame is not None
    program.frame.go(Target(page="members", id=anne))
    program.frame.setFocus()
    qtbot.waitUntil(lambda: in_view(program) == anne)
    press(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    waiting_for(qtbot, program, LockPage)
    unlock(qtbot, program)

    assert program.frame.place == "members"
    qtbot.waitUntil(lambda: in_view(program) == anne)
    assert program.frame.page.isAncestorOf(focused())


def test_who_chooses_a_language_goes_on_choosing(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    program = unlocked(qtbot, start, tmp_path / "desk")
    settings = settings_of(program)
    settings.look.language.setFocus()
    press(Qt.Key.Key_Up)

    qtbot.waitUntil(lambda: program.preferences.language == "fr")
    assert settings_of(program) is not settings
    assert focused() is settings_of(program).look.language


def test_the_recovery_sheet_opens_the_desk_and_replaces_the_passphrase(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    program = start(tmp_path / "desk")
    first = shown(program, FirstStart)
    answer_office(first)
    step = choose_passphrase(qtbot, first)
    code = step.code.text()
    type_groups_back(step)
    opened(qtbot, program)
    program.lock()
    lock = shown(program, LockPage)
    go_to(lock.lost)
    press(Qt.Key.Key_Space)
    page = shown(program, RecoveryPage)
    for field, text in (
        (page.code, code.replace("-", " ").lower()),
        (page.step.first, OTHER),
        (page.step.again, OTHER),
    ):
        go_to(field)
        type_here(text)
    go_to(page.step.onward)
    press(Qt.Key.Key_Space)
    opened(qtbot, program)
    program.lock()

    shown(program, LockPage)
    type_here(OTHER)
    press(Qt.Key.Key_Return)
    opened(qtbot, program)


def test_a_wrong_code_is_said_beside_its_field(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    new_folder(tmp_path / "desk")
    program = start(tmp_path / "desk")
    lock = shown(program, LockPage)
    lock.recovery_wanted.emit()
    page = shown(program, RecoveryPage)
    for field, text in ((page.code, "12345"), (page.step.first, OTHER), (page.step.again, OTHER)):
        field.setText(text)
    page.step.onward.click()
    qtbot.waitUntil(page.step.onward.isEnabled)

    assert focused() is page.code
    assert program.database is None


def test_the_other_pages_are_built_before_somebody_goes_to_them(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    program = invented(qtbot, start, tmp_path / "desk")
    frame = program.frame
    assert frame is not None
    qtbot.waitUntil(lambda: frame.findChildren(SettingsPage) != [])

    assert frame.place == "today"
    assert len(frame.findChildren(MembersPage)) == 1


def test_a_desk_locked_while_its_pages_are_built_stays_closed(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    program = invented(qtbot, start, tmp_path / "desk")
    frame = program.frame
    assert frame is not None
    qtbot.waitUntil(lambda: frame.findChildren(MembersPage) != [])
    frame.run(Command.LOCK)
    QTest.qWait(300)  # a page would have been begun by now

    assert program.database is None
    shown(program, LockPage)


def test_nobody_leaves_the_lock_while_the_desk_is_being_opened(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    new_folder(tmp_path / "desk")
    program = start(tmp_path / "desk")
    lock = shown(program, LockPage)
    type_here(PASSPHRASE)
    press(Qt.Key.Key_Return)
    lock.lost.click()

    opened(qtbot, program)


def test_nobody_leaves_the_recovery_while_the_desk_is_being_opened(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    folder, key = new_folder(tmp_path / "desk")
    take_recovery_code(folder, key, code := new_recovery_code())
    program = start(tmp_path / "desk")
    shown(program, LockPage).lost.click()
    page = shown(program, RecoveryPage)
    page.code.setText(code)
    page.step.first.setText(OTHER)
    page.step.again.setText(OTHER)
    page.step.onward.click()
    page.step.backward.click()

    opened(qtbot, program)


def test_a_desk_that_is_open_elsewhere_is_said_and_tried_again(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    new_folder(tmp_path / "desk")
    first = start(tmp_path / "desk")
    type_here(PASSPHRASE)
    press(Qt.Key.Key_Return)
    opened(qtbot, first)
    second = start(tmp_path / "desk")
    second.window.activateWindow()
    lock = shown(second, LockPage)
    lock.field.setText(PASSPHRASE)
    lock.button.click()
    trouble = waiting_for(qtbot, second, Trouble)
    first.lock()
    [again] = [one for one in trouble.findChildren(QPushButton) if "again" in one.text()]
    again.click()

    assert shown(second, LockPage).isVisible()
