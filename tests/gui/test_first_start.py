"""From nothing to an open desk, in three steps."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtWidgets import QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from correspondent_desk import language
from correspondent_desk.gui import printing
from correspondent_desk.gui.first_start.page import FirstStart
from correspondent_desk.gui.first_start.steps import PassphraseStep
from correspondent_desk.records import office
from correspondent_desk.store.vault import DeskFolder, is_set_up
from tests.builders import PASSPHRASE
from tests.gui import starting
from tests.gui.a11y import nameless
from tests.gui.hands import focused, press, type_here
from tests.gui.starting import (
    OTHER,
    Start,
    answer_office,
    choose_passphrase,
    go_to,
    opened,
    shown,
    type_groups_back,
)

start = starting.start


def test_a_question_below_a_low_window_comes_into_view(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    program = start(tmp_path / "desk")
    program.window.resize(700, 320)
    office = shown(program, FirstStart).office
    type_here("Mairie d’Ys")

    office.demo.click()

    qtbot.waitUntil(lambda: office.stay.visibleRegion().boundingRect().height() > 20)


def test_a_lower_step_after_a_higher_one_begins_at_its_top(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    program = start(tmp_path / "desk")
    program.window.resize(1000, 420)
    page = shown(program, FirstStart)
    area = page.findChild(QScrollArea)
    assert area is not None
    bar = area.verticalScrollBar()
    answer_office(page)
    bar.setValue(bar.maximum())
    higher = bar.maximum()

    step = choose_passphrase(qtbot, page)

    qtbot.waitUntil(lambda: bar.maximum() < higher)
    assert bar.value() == 0
    assert not page.passphrase.isVisible()
    assert step.height() <= step.heightForWidth(step.width())


def test_the_way_on_is_in_view_where_the_step_is_higher_than_the_window(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    program = start(tmp_path / "desk")
    program.window.resize(700, 420)
    page = shown(program, FirstStart)

    def is_in_view(way: QWidget) -> bool:
        return way.visibleRegion().boundingRect().size() == way.size()

    qtbot.waitUntil(lambda: is_in_view(page.office.onward))
    answer_office(page)
    qtbot.waitUntil(lambda: is_in_view(page.passphrase.onward))
    assert is_in_view(page.passphrase.backward)
    assert not page.office.onward.isVisible()
    step = choose_passphrase(qtbot, page)
    qtbot.waitUntil(lambda: is_in_view(step.onward))


def test_a_step_ends_by_key_from_a_field_of_several_lines(start: Start, tmp_path: Path) -> None:
    page = shown(start(tmp_path / "desk"), FirstStart)
    type_here("Mairie d’Ys")
    page.office.sites.setFocus()
    type_here("Quai")

    press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    assert page.passphrase.isVisible()
    assert page.office.answers().sites == ("Quai",)


def test_three_steps_lead_to_an_open_desk(
    qtbot: QtBot, start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def to_file(asked: QPrintDialog) -> QPrintDialog.DialogCode:
        asked.printer().setOutputFileName(str(tmp_path / "printed.pdf"))
        return QPrintDialog.DialogCode.Accepted

    monkeypatch.setattr(QPrintDialog, "exec", to_file)
    monkeypatch.setattr(printing, "DPI", 72)  # is quick
    program = start(tmp_path / "desk")
    page = shown(program, FirstStart)
    answer_office(page)
    step = choose_passphrase(qtbot, page)
    step.print.click()
    qtbot.waitUntil(lambda: step.said.text() == "The sheet was sent to the printer.")
    step.save_sheet(tmp_path / "sheet.pdf")
    qtbot.waitUntil((tmp_path / "sheet.pdf").exists)
    qtbot.waitUntil(lambda: "sheet.pdf" in step.said.text())
    type_groups_back(step)
    opened(qtbot, program)

    for name in ("printed.pdf", "sheet.pdf"):
        assert (tmp_path / name).read_bytes().startswith(b"%PDF")
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

    assert page.office.isVisible()
    assert focused() is page.office.office
    assert not is_set_up(DeskFolder(tmp_path / "desk"))


def test_names_with_signs_that_nobody_sees_do_not_go_on(start: Start, tmp_path: Path) -> None:
    page = shown(start(tmp_path / "desk"), FirstStart)
    page.office.office.setText("Mairie de \u202eenurblaV")
    page.office.person.setText("Yann\x1b")
    page.office.sites.setPlainText("Hôtel de ville\nÉcole\u2067")

    page.office.onward.click()

    assert sorted(page.office.problems()) == ["office", "person", "sites"]
    assert page.office.isVisible()


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

    assert step.isVisible()
    wrong, empty = (int(name.removeprefix("group")) + 1 for name in step.problems())
    assert list(step.problems().values()) == [
        f"This is not group {wrong} of the sheet.",
        f"Type group {empty} as it stands on the sheet.",
    ]
    type_groups_back(step)
    opened(qtbot, program)


def test_a_sheet_that_cannot_be_saved_is_said(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    page = shown(start(tmp_path / "desk"), FirstStart)
    answer_office(page)
    step = choose_passphrase(qtbot, page)
    (tmp_path / "file").write_text("x", "utf-8")
    step.save_sheet(tmp_path / "file" / "sheet.pdf")
    qtbot.waitUntil(page.trouble.isVisible)

    assert "sheet.pdf" in page.trouble.text()


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


def test_a_folder_given_in_short_is_known_by_its_whole_path(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert start(Path("desk")).folder.path == tmp_path / "desk"


def test_who_looks_at_a_new_passphrase_is_offered_to_hide_it_again(qtbot: QtBot) -> None:
    step = PassphraseStep()
    qtbot.addWidget(step)
    step.first.setText("the tide")

    step.show_text.click()
    assert step.first.displayText() == "the tide"
    assert step.show_text.text() == "Hide what is typed"
    step.show_text.click()

    assert step.first.displayText() != "the tide"
    assert step.show_text.text() == "Show what is typed"
