"""What happens is read out to who does not see the window, and in an order in which it is heard."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from correspondent_desk.gui.exchange.lists_card import ListsCard
from correspondent_desk.gui.first_start.page import FirstStart
from correspondent_desk.gui.keys import Command
from correspondent_desk.gui.lock.page import LockPage
from correspondent_desk.gui.members.page import MembersPage
from correspondent_desk.gui.page import Target
from correspondent_desk.gui.widgets.choice_field import ChoiceField
from correspondent_desk.gui.widgets.form import FormRow
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.records import members
from tests.builders import new_folder
from tests.gui import starting
from tests.gui.a11y import heard
from tests.gui.hands import focused, press, type_here
from tests.gui.starting import (
    NOW,
    Start,
    answer_office,
    choose_passphrase,
    go_to,
    invented,
    shown,
)

start = starting.start


def test_words_are_read_out_where_they_are_seen_alone(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    words = Words(parent=page)
    said = heard(monkeypatch)

    words.tell("Nobody sees this yet.")
    page.show()
    words.tell("The file is read.")
    words.tell("")

    assert said == ["The file is read."]
    assert words.isHidden()


def test_a_choice_with_a_hint_has_its_label_once(qtbot: QtBot) -> None:
    field = ChoiceField([(1, "every year")])
    row = FormRow("&Rhythm", field, "For those who wished for none.")
    qtbot.addWidget(row)
    row.show()

    related = QAccessible.queryAccessibleInterface(field).relations()

    labels = [one for one, flag in related if flag & QAccessible.RelationFlag.Label]
    assert [one.text(QAccessible.Text.Name) for one in labels] == ["Rhythm"]


def test_a_wrong_passphrase_is_read_out(
    qtbot: QtBot, start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_folder(tmp_path / "desk")
    page = shown(start(tmp_path / "desk"), LockPage)
    said = heard(monkeypatch)

    type_here("not this one")
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(page.message.text()))

    assert said == [page.message.text()]


def test_each_step_of_the_first_start_is_read_out(
    qtbot: QtBot, start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = shown(start(tmp_path / "desk"), FirstStart)
    said = heard(monkeypatch)

    answer_office(page)
    step = choose_passphrase(qtbot, page)
    step.save_sheet(tmp_path / "sheet.pdf")
    qtbot.waitUntil(lambda: bool(step.said.text()))

    second, third, saved = said
    assert "step 2 of 3. A passphrase. " in second
    assert "step 3 of 3. The recovery sheet. Without the passphrase" in third
    assert saved == step.said.text()


def test_the_recovery_code_is_said_itself(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    page = shown(start(tmp_path / "desk"), FirstStart)
    answer_office(page)
    step = choose_passphrase(qtbot, page)

    assert focused() is step.code
    told = QAccessible.queryAccessibleInterface(step.code).text(QAccessible.Text.Name)
    assert step.code.text() in told


def test_no_cursor_stands_beside_the_code_as_one_more_letter(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    page = shown(start(tmp_path / "desk"), FirstStart)
    answer_office(page)
    step = choose_passphrase(qtbot, page)
    step.code.setStyleSheet("border-color: transparent")  # the ring alone may tell the focus

    step.code.setFocus()
    with_focus = step.code.grab().toImage()
    step.save.setFocus()

    assert step.code.grab().toImage() == with_focus


def test_tab_goes_round_the_step_in_view_alone(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    page = shown(start(tmp_path / "desk"), FirstStart)
    answer_office(page)
    step = choose_passphrase(qtbot, page)
    go_to(step.onward)

    press(Qt.Key.Key_Tab)

    assert focused() is step.code


def test_the_focus_goes_along_to_the_card_that_another_page_leads_to(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    program = invented(qtbot, start, tmp_path / "desk")
    frame, desk = program.frame, program.database
    assert frame is not None
    assert desk is not None
    everybody = desk.read(lambda s: members.find_ids(s, "", today=NOW.date()))
    somebody = everybody[-1]
    program.window.resize(1240, 800)
    frame.go(Target(page="members"))
    people = frame.page
    assert isinstance(people, MembersPage)
    qtbot.waitUntil(lambda: list(people.list.rows.ids) == list(everybody))
    frame.run(Command.BACK)
    assert frame.place == "today"

    frame.page.wanted.emit(Target(page="members", id=somebody))

    assert focused() is people.list.table
    qtbot.waitUntil(lambda: people.list.table.current_id() == somebody)
    qtbot.waitUntil(lambda: people.card.shows(somebody))


def test_what_could_not_be_kept_is_read_out_at_the_lock(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_folder(tmp_path / "desk")
    program = start(tmp_path / "desk")
    page = shown(program, LockPage)
    said = heard(monkeypatch)

    program.entrance.say_on_lock("What was typed last could not be kept.")

    assert said == [page.message.text()]


def test_what_an_export_came_to_is_read_out(
    qtbot: QtBot, workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = ListsCard(workspace)
    qtbot.addWidget(card)
    card.show()
    said = heard(monkeypatch)

    card.export_to(tmp_path / "list.csv")
    qtbot.waitUntil(card.words.isVisible)

    assert said[-1] == card.words.text()
