"""From nothing to an open desk, locked and unlocked, and opened with the recovery sheet."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from correspondent_desk import language
from correspondent_desk.app.program import Program
from correspondent_desk.gui.first_start.page import FirstStart
from correspondent_desk.gui.first_start.steps import RecoveryStep
from correspondent_desk.gui.help.page import HelpPage
from correspondent_desk.gui.keys import Command
from correspondent_desk.gui.lock.page import LockPage
from correspondent_desk.gui.lock.recovery import RecoveryPage
from correspondent_desk.gui.members.page import MembersPage
from correspondent_desk.gui.page import Target
from correspondent_desk.gui.settings.page import SettingsPage
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.widgets.trouble import Trouble
from correspondent_desk.language import _
from correspondent_desk.records import office
from correspondent_desk.records.demo.making import DEMO_PASSPHRASE, make_demo
from correspondent_desk.store.database import open_store
from correspondent_desk.store.stretching import Stretching
from correspondent_desk.store.vault import DeskFolder, is_set_up, renew_recovery_code
from tests import frugal
from tests.builders import PASSPHRASE, add_member, new_folder
from tests.gui.a11y import nameless
from tests.gui.hands import focused, press, type_here

NOW = datetime(2026, 12, 3, 9, 0, tzinfo=ZoneInfo("Europe/Paris"))
OTHER = "un autre chemin vers la mer"
WAIT_MS = 20_000

W = TypeVar("W", bound=QWidget)
Start = Callable[[Path], Program]


@pytest.fixture
def start(qapp: QApplication, qtbot: QtBot) -> Iterator[Start]:
    """Starts the program on a folder, in the language in use; closes it at the end."""
    started: list[Program] = []

    def start(folder: Path) -> Program:
        program = Program(qapp, DeskFolder(folder), language.code(), clock=lambda: NOW)
        started.append(program)
        program.start()
        program.window.activateWindow()
        qtbot.waitUntil(lambda: QApplication.focusWidget() is not None, timeout=WAIT_MS)
        return program

    yield start
    for program in started:
        program.window.close()


def shown(program: Program, kind: type[W]) -> W:
    """What the window shows, which is of this kind."""
    page = program.window.presented
    assert isinstance(page, kind), page
    return page


def waiting_for(qtbot: QtBot, program: Program, kind: type[W]) -> W:
    """What the window shows, once it is of this kind."""
    qtbot.waitUntil(lambda: isinstance(program.window.presented, kind), timeout=WAIT_MS)
    return shown(program, kind)


def opened(qtbot: QtBot, program: Program) -> None:
    """Wait until the desk is open and its first page is shown."""
    qtbot.waitUntil(
        lambda: program.frame is not None and program.window.presented is program.frame,
        timeout=WAIT_MS,
    )


def go_to(widget: QWidget) -> None:
    """Press Tab until widget has the focus."""
    for _step in range(30):
        if focused() is widget:
            return
        press(Qt.Key.Key_Tab)
    raise AssertionError(f"no way to {widget} by keyboard")


def answer_office(page: FirstStart) -> None:
    """Fill in the first step and go on."""
    for text in ("Mairie d’Ys", "Gwenn Le Bihan", "29"):
        type_here(text)
        press(Qt.Key.Key_Tab)
    type_here("Quai")
    press(Qt.Key.Key_Return)
    type_here("Port")
    go_to(page.office.onward)
    press(Qt.Key.Key_Space)


def choose_passphrase(qtbot: QtBot, page: FirstStart) -> RecoveryStep:
    """Type the passphrase twice, each time with Enter, and wait for the sheet."""
    assert page.progress.text().endswith(_("step {n} of {all}").format(n=2, all=3))
    for _field in (page.passphrase.first, page.passphrase.again):
        type_here(PASSPHRASE)
        press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.recovery is not None, timeout=WAIT_MS)
    assert page.recovery is not None
    return page.recovery


def type_groups_back(step: RecoveryStep) -> None:
    """Type the two groups that are asked for, in small letters."""
    groups = step.code.text().split("-")
    asked = [int(name.removeprefix("group")) for name in step.form.rows if name.startswith("group")]
    for place, field in zip(asked, step.fields, strict=True):
        go_to(field)
        field.selectAll()
        type_here(groups[place].lower())
    press(Qt.Key.Key_Return)


def test_three_steps_lead_to_an_open_desk(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    program = start(tmp_path / "desk")
    page = shown(program, FirstStart)
    answer_office(page)
    step = choose_passphrase(qtbot, page)
    page.save_sheet(tmp_path / "sheet.pdf")
    qtbot.waitUntil((tmp_path / "sheet.pdf").exists, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: "sheet.pdf" in step.said.text(), timeout=WAIT_MS)
    type_groups_back(step)
    opened(qtbot, program)

    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF")
    assert program.database is not None
    assert program.database.read(office.office).name == "Mairie d’Ys"
    assert [site.draft.name for site in program.database.read(office.sites)] == ["Port", "Quai"]
    assert {site.draft.department for site in program.database.read(office.sites)} == {"29"}
    assert program.database.person == "Gwenn Le Bihan"
    assert program.frame is not None
    assert program.frame.place == "today"


def test_an_office_without_a_name_does_not_go_on(start: Start, tmp_path: Path) -> None:
    page = shown(start(tmp_path / "desk"), FirstStart)
    go_to(page.office.onward)
    press(Qt.Key.Key_Space)

    assert page.steps.currentWidget() is page.office
    assert focused() is page.office.office
    assert not is_set_up(DeskFolder(tmp_path / "desk"))


def test_names_with_signs_that_nobody_sees_do_not_go_on(start: Start, tmp_path: Path) -> None:
    page = shown(start(tmp_path / "desk"), FirstStart)
    page.office.office.setText("Mairie de \u202eenurblaV")
    page.office.person.setText("Yann\x1b")
    page.office.sites.setPlainText("Hôtel de ville\nÉcole\u2067")

    page.office.onward.click()

    assert sorted(page.office.problems()) == ["office", "person", "sites"]
    assert page.steps.currentWidget() is page.office


def test_passphrases_that_are_short_or_differ_do_not_go_on(start: Start, tmp_path: Path) -> None:
    page = shown(start(tmp_path / "desk"), FirstStart)
    answer_office(page)
    said = []
    for first, again in (("trop court", "trop court"), ("court", "court"), (PASSPHRASE, OTHER)):
        page.passphrase.first.setText(first)
        page.passphrase.again.setText(again)
        said.append(sorted(page.passphrase.problems()))

    assert said == [[], ["first"], ["again"]]
    assert not is_set_up(DeskFolder(tmp_path / "desk"))


def test_a_group_typed_wrongly_is_said_and_typed_again(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    program = start(tmp_path / "desk")
    page = shown(program, FirstStart)
    answer_office(page)
    step = choose_passphrase(qtbot, page)
    go_to(step.fields[0])
    type_here("ZZZZZ")
    go_to(step.onward)
    press(Qt.Key.Key_Space)

    assert page.steps.currentWidget() is step
    assert len(step.problems()) == 2
    type_groups_back(step)
    opened(qtbot, program)


def test_a_sheet_that_cannot_be_saved_is_said(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    page = shown(start(tmp_path / "desk"), FirstStart)
    answer_office(page)
    choose_passphrase(qtbot, page)
    (tmp_path / "file").write_text("x", "utf-8")
    page.save_sheet(tmp_path / "file" / "sheet.pdf")
    qtbot.waitUntil(page.trouble.isVisible, timeout=WAIT_MS)

    assert "sheet.pdf" in page.trouble.text()


def test_the_second_start_asks_for_the_passphrase_only(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    new_folder(tmp_path / "desk")
    program = start(tmp_path / "desk")
    shown(program, LockPage)
    type_here(PASSPHRASE)
    press(Qt.Key.Key_Return)
    opened(qtbot, program)


def test_a_locked_desk_forgets_its_key_until_it_is_unlocked(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    new_folder(tmp_path / "desk")
    program = start(tmp_path / "desk")
    type_here(PASSPHRASE)
    press(Qt.Key.Key_Return)
    opened(qtbot, program)
    press(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    page = waiting_for(qtbot, program, LockPage)

    assert program.database is None
    assert program.workspace is None
    type_here("not this one")
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(page.message.text()), timeout=WAIT_MS)
    assert page.message.text() == "This passphrase does not open the desk."
    type_here(PASSPHRASE)
    press(Qt.Key.Key_Return)
    opened(qtbot, program)


def test_who_comes_back_is_where_they_were(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    folder, key = new_folder(tmp_path / "desk")
    database = open_store(folder, key)
    anne = add_member(database, "Le Goff")
    database.close()
    program = start(tmp_path / "desk")
    type_here(PASSPHRASE)
    press(Qt.Key.Key_Return)
    opened(qtbot, program)
    assert program.frame is not None
    program.frame.go(Target(page="members", id=anne))
    program.frame.setFocus()
    qtbot.waitUntil(lambda: in_view(program) == anne, timeout=WAIT_MS)
    press(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    waiting_for(qtbot, program, LockPage)
    type_here(PASSPHRASE)
    press(Qt.Key.Key_Return)
    opened(qtbot, program)

    assert program.frame.place == "members"
    qtbot.waitUntil(lambda: in_view(program) == anne, timeout=WAIT_MS)
    assert program.frame.page.isAncestorOf(focused())


def test_who_chooses_a_language_goes_on_choosing(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    new_folder(tmp_path / "desk")
    program = start(tmp_path / "desk")
    type_here(PASSPHRASE)
    press(Qt.Key.Key_Return)
    opened(qtbot, program)
    settings = settings_of(program)
    settings.look.language.setFocus()
    press(Qt.Key.Key_Up)

    qtbot.waitUntil(lambda: program.preferences.language == "fr", timeout=WAIT_MS)
    assert settings_of(program) is not settings
    assert focused() is settings_of(program).look.language


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
    qtbot.waitUntil(page.step.onward.isEnabled, timeout=WAIT_MS)

    assert focused() is page.code
    assert program.database is None


def test_invented_people_open_at_once(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    program = start(tmp_path / "data" / "desk")
    page = shown(program, FirstStart)
    go_to(page.office.demo)
    press(Qt.Key.Key_Space)
    assert not page.office.demo.isEnabled()
    opened(qtbot, program)

    assert program.place == tmp_path / "data" / "desk-demo"
    assert not is_set_up(DeskFolder(tmp_path / "data" / "desk"))


def test_the_other_pages_are_built_before_somebody_goes_to_them(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    make_demo(DeskFolder(tmp_path / "desk"), members=3, today=NOW.date())
    program = start(tmp_path / "desk")
    opened(qtbot, program)
    frame = program.frame
    assert frame is not None
    qtbot.waitUntil(lambda: frame.findChildren(SettingsPage) != [], timeout=WAIT_MS)

    assert frame.place == "today"
    assert len(frame.findChildren(MembersPage)) == 1


def test_a_desk_locked_while_its_pages_are_built_stays_closed(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    make_demo(DeskFolder(tmp_path / "desk"), members=3, today=NOW.date())
    program = start(tmp_path / "desk")
    opened(qtbot, program)
    frame = program.frame
    assert frame is not None
    qtbot.waitUntil(lambda: frame.findChildren(MembersPage) != [], timeout=WAIT_MS)
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
    code = renew_recovery_code(folder, key)
    program = start(tmp_path / "desk")
    shown(program, LockPage).lost.click()
    page = shown(program, RecoveryPage)
    page.code.setText(code)
    page.step.first.setText(OTHER)
    page.step.again.setText(OTHER)
    page.step.onward.click()
    page.step.backward.click()

    opened(qtbot, program)


def test_a_desk_of_invented_people_is_opened_once(
    qtbot: QtBot, start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Stretched as little as elsewhere, its passphrase would open it before anybody can press.
    monkeypatch.setattr(Stretching.__init__, "__kwdefaults__", frugal.ORDINARY)
    make_demo(DeskFolder(tmp_path / "desk"), members=3, today=NOW.date())
    program = start(tmp_path / "desk")
    lock = shown(program, LockPage)
    lock.field.setText(DEMO_PASSPHRASE)
    lock.button.click()
    opened(qtbot, program)
    QTest.qWait(300)  # the second one would have been refused by now

    assert program.window.presented is program.frame


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


@pytest.mark.parametrize("code", language.LANGUAGES)
def test_every_step_has_names_for_all_its_controls(
    qtbot: QtBot, start: Start, tmp_path: Path, code: str
) -> None:
    language.use(code)
    program = start(tmp_path / "desk")
    page = shown(program, FirstStart)

    assert nameless(page) == []
    answer_office(page)
    assert nameless(page) == []
    choose_passphrase(qtbot, page)
    assert nameless(page) == []


def test_who_typed_something_is_asked_before_leaving_for_invented_people(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    program = start(tmp_path / "data" / "desk")
    step = shown(program, FirstStart).office
    type_here("Mairie d’Ys")
    go_to(step.demo)
    press(Qt.Key.Key_Space)

    assert focused() is step.stay
    assert nameless(step) == []
    press(Qt.Key.Key_Space)
    assert step.asking.isHidden()
    assert step.office.text() == "Mairie d’Ys"
    assert focused() is step.demo
    assert not is_set_up(DeskFolder(tmp_path / "data" / "desk-demo"))

    make_demo(DeskFolder(tmp_path / "data" / "desk-demo"), members=3, today=NOW.date())
    step.demo.click()
    step.leave.click()
    opened(qtbot, program)


@pytest.mark.parametrize("code", language.LANGUAGES)
def test_invented_people_are_marked_and_lead_to_a_desk_of_ones_own(
    qtbot: QtBot, start: Start, tmp_path: Path, code: str
) -> None:
    language.use(code)
    make_demo(DeskFolder(tmp_path / "desk-demo"), members=3, today=NOW.date())
    program = start(tmp_path / "desk-demo")
    opened(qtbot, program)
    frame = program.frame
    assert frame is not None
    mark = {"en": "Invented people", "fr": "Personnes inventées"}[code]
    assert program.window.windowTitle() == f"{mark} – Correspondent Desk"
    assert frame.navigation.invented.isVisible()
    frame.navigation.show_narrow(True)
    assert frame.navigation.invented.text() == mark.replace(" ", "\n")

    frame.navigation.invented.click()
    assert isinstance(frame.page, HelpPage)
    assert focused() is frame.page.own_desk
    assert str(tmp_path / "desk") in "\n".join(w.text() for w in frame.page.findChildren(Words))
    press(Qt.Key.Key_Space)

    shown(program, FirstStart)
    assert program.place == tmp_path / "desk"
    assert program.window.windowTitle() == "Correspondent Desk"


def test_a_desk_of_ones_own_says_nothing_of_invented_people(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    new_folder(tmp_path / "desk")
    program = start(tmp_path / "desk")
    type_here(PASSPHRASE)
    press(Qt.Key.Key_Return)
    opened(qtbot, program)
    frame = program.frame
    assert frame is not None

    assert program.window.windowTitle() == "Correspondent Desk"
    assert not frame.navigation.invented.isVisible()
    frame.run(Command.HELP)
    assert "Invented people" not in "\n".join(w.text() for w in frame.page.findChildren(Words))


def test_a_folder_given_in_short_is_known_by_its_whole_path(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert start(Path("desk")).place == tmp_path / "desk"
