"""Importing a staff list in the window: three steps seen at once, and one step to take it back."""

import time
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from PySide6.QtCore import QMimeData, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QAccessible, QDropEvent
from PySide6.QtWidgets import QFileDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.members import MemberDraft
from correspondent_desk.formats.staff_headings import StaffField
from correspondent_desk.gui.exchange.import_items import Sort
from correspondent_desk.gui.exchange.page import ExchangePage
from correspondent_desk.gui.page import Target
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.records import members
from correspondent_desk.store.database import Database
from correspondent_desk.store.tables import Member
from tests.builders import add_member
from tests.gui.a11y import nameless
from tests.gui.hands import focused, press
from tests.gui.meanwhile import busy

LIST = """Liste du personnel
Matricule;Nom;Prénom;Date de naissance;Tél;Ville;Code interne
000900;Le Bihan;Maëlle;31/02/1980;0612345678;Quimper;x
000901;Çelik;Élif;04/05/1971;0611223344;Rennes;y
000901;Roux;Paul;12/03/66;;Brest;z
000417;Le Goff;Anne;04/05/1971;0611223344;Brest;z
"""


@pytest.fixture
def page(qtbot: QtBot, workspace: Workspace) -> ExchangePage:
    page = ExchangePage(workspace)
    workspace.changed.connect(page.refresh)
    qtbot.addWidget(page)
    page.resize(1240, 800)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    return page


@pytest.fixture
def staff(tmp_path: Path) -> Path:
    path = tmp_path / "personnel.csv"
    path.write_text(LIST, encoding="cp1252")
    return path


def names(desk: Database) -> list[str]:
    return sorted(desk.read(lambda s: [one.family_name for one in s.query(Member)]))


def shown(qtbot: QtBot, page: ExchangePage, path: Path) -> None:
    """Drop the file onto the page and wait until its lines are there."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    page.dropEvent(
        QDropEvent(
            QPointF(9, 9),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )
    qtbot.waitUntil(lambda: not page.importing.columns.waiting.is_waiting)
    qtbot.waitUntil(lambda: not page.importing.lines.waiting.is_waiting)


def told(page: ExchangePage) -> str:
    """All that the second step says."""
    lines = page.importing.lines
    model = lines.table.model()
    rows = [str(model.index(row, 2).data()) for row in range(model.rowCount())]
    return "\n".join([lines.summary.text(), *rows])


def test_a_list_is_shown_before_anything_is_written(
    qtbot: QtBot, page: ExchangePage, desk: Database, staff: Path
) -> None:
    add_member(desk, "Le Goff", matricule="000417", town="Quimper")

    shown(qtbot, page, staff)

    text = told(page)
    assert "2 people are new." in text
    assert "Quimper → Brest" in text
    assert "31/02/1980" in text
    assert "column D" in text
    assert "in row 4: this row was left out" in text
    assert names(desk) == ["Le Goff"]
    assert nameless(page) == []


def test_a_line_is_said_whole_where_an_arrow_leads_to_it(
    qtbot: QtBot, page: ExchangePage, staff: Path
) -> None:
    shown(qtbot, page, staff)
    model = page.importing.lines.table.model()

    said = [
        str(model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole))
        for row in range(model.rowCount())
    ]

    assert any(one.startswith("Row 3: ") and "31/02/1980" in one for one in said)


def test_a_list_is_imported_and_taken_back_in_one_step(
    qtbot: QtBot, page: ExchangePage, desk: Database, staff: Path
) -> None:
    shown(qtbot, page, staff)

    page.importing.lines.apply.setFocus()
    press(Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: page.importing.done.is_done)

    assert names(desk) == ["Le Bihan", "Le Goff", "Çelik"]
    assert page.importing.done.words.text().startswith("3 people were added.")
    assert page.importing.done.open.hasFocus()
    assert "in row 4: this row was left out" in told(page)

    page.importing.done.undo.click()
    qtbot.waitUntil(lambda: names_in_use(desk) == [])
    qtbot.waitUntil(lambda: "taken back" in page.importing.done.words.text())
    assert not page.importing.done.undo.isVisible()
    assert "taken back" in page.importing.lines.summary.text()


def test_a_list_that_is_being_written_is_told_of_before_another_one_is_read(
    qtbot: QtBot, page: ExchangePage, workspace: Workspace, staff: Path
) -> None:
    other = staff.with_name("other.csv")
    other.write_text("Nom;Prénom\nRoux;Paul\n", encoding="utf-8")
    shown(qtbot, page, staff)
    said: list[str] = []
    page.said.connect(said.append)

    with busy(workspace):
        page.importing.lines.apply.click()
        page.take_file(other)
        page.lists.import_wanted.emit()  # no dialog asks for a file that would not be read
    qtbot.waitUntil(lambda: page.importing.done.is_done)

    writing, *refused = said
    assert writing == "Writing the list. You may go on working meanwhile."
    assert refused == ["Another list can be opened once this one is written."] * 2
    assert page.importing.columns.file.text() == str(staff)


def test_the_letter_of_import_leaves_the_keyboard_with_what_to_do_next(
    qtbot: QtBot, page: ExchangePage, staff: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown(qtbot, page, staff)
    assert page.importing.columns.isAncestorOf(focused())
    at_each_word: list[QWidget] = []
    with monkeypatch.context() as patch:
        patch.setattr(QAccessible, "updateAccessibility", lambda _: at_each_word.append(focused()))

        press(Qt.Key.Key_I, Qt.KeyboardModifier.AltModifier)
        qtbot.waitUntil(lambda: page.importing.done.is_done)

    assert at_each_word[-1] is page.importing.done.open
    assert page.importing.done.open.hasFocus()
    QPushButton(page).show()  # to which the keys would go, as to the navigation of the frame
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_told: (str(staff), ""))
    press(Qt.Key.Key_F, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: not page.importing.done.is_done)
    assert page.importing.columns.choose.hasFocus()


def names_in_use(desk: Database) -> list[str]:
    return desk.read(
        lambda s: [one.family_name for one in s.query(Member).filter_by(removed_at=None)]
    )


def test_the_same_list_again_changes_nothing_until_its_import_is_undone(
    qtbot: QtBot, page: ExchangePage, workspace: Workspace, staff: Path
) -> None:
    staff.write_text("Matricule;Nom;Prénom\n7;Roux;Paul\n8;Petit;Zoé\n", encoding="utf-8")
    shown(qtbot, page, staff)
    page.importing.lines.apply.click()
    qtbot.waitUntil(lambda: page.importing.done.is_done)

    shown(qtbot, page, staff)

    assert "Nothing would change" in told(page)
    assert not page.importing.lines.apply.isVisible()
    workspace.undo()
    qtbot.waitUntil(lambda: "2 people are new." in told(page))
    assert page.importing.lines.apply.isVisible()

    page.hide()
    with qtbot.waitSignal(workspace.happened):
        workspace.redo()
    assert "2 people are new." in told(page)  # nobody sees it
    page.show()
    qtbot.waitUntil(lambda: "Nothing would change" in told(page))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [("", "The list names nobody."), ("Total;12\n", "1 row is left out.")],
    ids=["nobody", "a row left out"],
)
def test_a_list_that_was_not_all_understood_is_not_called_known(
    qtbot: QtBot, page: ExchangePage, staff: Path, rows: str, expected: str
) -> None:
    staff.write_text(f"Nom;Prénom\n{rows}", encoding="utf-8")

    shown(qtbot, page, staff)

    assert told(page).splitlines()[:2] == ["Nothing would change.", expected]


def test_a_column_of_social_security_numbers_is_refused_in_words(
    qtbot: QtBot, page: ExchangePage, desk: Database, tmp_path: Path
) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Nom;Prénom;N° SS\nRoux;Paul;1660329001234\n", encoding="utf-8")

    shown(qtbot, page, path)

    assert "social-security numbers" in page.importing.columns.problem.text()
    assert not page.importing.lines.apply.isVisible()
    assert names(desk) == []


def test_what_a_column_holds_can_be_changed_and_is_remembered(
    qtbot: QtBot, page: ExchangePage, desk: Database, tmp_path: Path
) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Nom;Prénom;Unité\nRoux;Paul;Voirie\n", encoding="utf-8")
    shown(qtbot, page, path)
    columns = page.importing.columns
    columns.fold.click()

    columns.choices[2].set_value(StaffField.EMPLOYER)
    columns.choices[2].chosen.emit(StaffField.EMPLOYER)
    qtbot.waitUntil(page.importing.lines.apply.isVisible)
    page.importing.lines.apply.click()
    qtbot.waitUntil(lambda: page.importing.done.is_done)

    assert desk.read(lambda s: s.query(Member).one().employer) == "Voirie"
    shown(qtbot, page, path)
    columns.fold.click()
    assert columns.choices[2].value() is StaffField.EMPLOYER


def test_two_columns_for_one_thing_wait_for_a_person(
    qtbot: QtBot, page: ExchangePage, workspace: Workspace, tmp_path: Path
) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Nom;Prénom;Ville;Commune\nRoux;Paul;Brest;Brest\n", encoding="utf-8")

    shown(qtbot, page, path)

    columns = page.importing.columns
    assert "Ville (C), Commune (D)" in columns.problem.text()
    assert columns.grid.isVisible()
    columns.choices[3].set_value(None)
    columns.choices[3].chosen.emit(None)
    qtbot.waitUntil(page.importing.lines.apply.isVisible)
    assert not columns.problem.isVisible()

    columns.choices[3].set_value(StaffField.TOWN)
    columns.choices[3].chosen.emit(StaffField.TOWN)
    with qtbot.waitSignal(workspace.happened):  # a card is written elsewhere meanwhile
        workspace.do(
            Action.MEMBER_CREATED, lambda s: members.create(s, MemberDraft(family_name="Petit"))
        )
    assert page.importing.lines.summary.text() == "Say first what the columns hold."


def test_what_is_asked_of_columns_is_settled_as_shown_by_one_press(
    qtbot: QtBot, page: ExchangePage, tmp_path: Path
) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Nom;Prénom;Ville;Commune;\nRoux;Paul;Brest;Rennes;x\n", encoding="utf-8")

    shown(qtbot, page, path)

    columns = page.importing.columns
    assert "Ville (C), Commune (D)" in columns.problem.text()
    assert "Column E" in columns.problem.text()
    columns.go_on.setFocus()
    press(Qt.Key.Key_Space)
    qtbot.waitUntil(page.importing.lines.apply.isVisible)
    assert "Brest" in told(page)
    assert not columns.problem.isVisible()
    assert not columns.go_on.isVisible()
    assert columns.fold.hasFocus()
    path.write_text("Ville;\nBrest;x\n", encoding="utf-8")
    shown(qtbot, page, path)
    assert columns.problem.isVisible()
    assert not columns.go_on.isVisible()  # it would be no list of people


def test_who_may_be_known_is_answered_by_a_person(
    qtbot: QtBot, page: ExchangePage, desk: Database, tmp_path: Path
) -> None:
    add_member(desk, "Roux", first_name="Paul", birth_date=date(1966, 3, 12))
    path = tmp_path / "list.csv"
    path.write_text(
        "Nom;Prénom;Date de naissance;Ville\nRoux;Paul;12/03/1966;Brest\nPetit;Zoé;;Brest\n",
        encoding="utf-8",
    )
    shown(qtbot, page, path)
    lines = page.importing.lines

    lines.filters[Sort.SUGGESTED].click()
    assert lines.table.model().rowCount() == 1
    lines.is_same.click()
    way = page.way_back()
    assert way is not None

    shown(qtbot, page, path)
    page.open(way)  # in another language, of a window that is built anew
    qtbot.waitUntil(lambda: page.way_back() == way)
    qtbot.waitUntil(lines.apply.isVisible)
    lines.apply.click()
    qtbot.waitUntil(lambda: page.importing.done.is_done)

    assert page.way_back() is None
    assert names(desk) == ["Petit", "Roux"]
    assert desk.read(lambda s: s.query(Member).filter_by(family_name="Roux").one().town) == "Brest"


def test_a_status_that_a_list_would_take_back_waits_for_an_answer(
    qtbot: QtBot, page: ExchangePage, desk: Database, tmp_path: Path
) -> None:
    add_member(desk, "Roux", first_name="Paul", matricule="417", status="deceased")
    path = tmp_path / "list.csv"
    path.write_text("Matricule;Nom;Prénom;Statut\n417;Roux;Paul;en poste\n", encoding="utf-8")
    shown(qtbot, page, path)
    lines = page.importing.lines

    assert "is “deceased” on this desk" in lines.chosen.text()
    assert lines.leave.isChecked()
    assert lines.is_same.text() == "A&mend as the list says"
    lines.is_same.click()
    assert str(lines.table.model().index(0, 1).data()) == "as in the list"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("csv", "1979-08-10 · 1979-02-30"), ("xlsx", "10/08/1979 · 1979-02-30")],
)
def test_examples_of_dates_stand_as_in_the_file(
    qtbot: QtBot, page: ExchangePage, tmp_path: Path, kind: str, expected: str
) -> None:
    path = tmp_path / f"list.{kind}"
    rows = [
        ["Nom", "Prénom", "Date de naissance"],
        ["Roux", "Paul", "1979-08-10"],
        ["Petit", "Zoé", "1979-02-30"],
    ]
    if kind == "csv":
        path.write_text("\n".join(map(";".join, rows)), encoding="utf-8")
    else:
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet()
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
            sheet.write_datetime(1, 2, date(1979, 8, 10), book.add_format({"num_format": "dd/mm"}))
    shown(qtbot, page, path)

    page.importing.columns.fold.click()

    told = [one.text() for one in page.importing.columns.findChildren(Words)]
    assert expected in told


def test_who_is_not_in_the_list_is_named_and_led_to(
    qtbot: QtBot, page: ExchangePage, desk: Database, tmp_path: Path
) -> None:
    add_member(desk, "Roux", first_name="Paul", matricule="417")
    gone = add_member(desk, "Petit", first_name="Zoé", matricule="418")
    path = tmp_path / "list.csv"
    path.write_text("Matricule;Nom;Prénom\n417;Roux;Paul\n", encoding="utf-8")
    shown(qtbot, page, path)
    lines = page.importing.lines

    assert lines.filters[Sort.ABSENT].text() == "Not in the list (1)"
    assert not lines.table.isVisible()  # an empty one would look broken
    lines.filters[Sort.ABSENT].click()
    assert lines.table.isVisible()
    assert lines.chosen.text() == "Zoé PETIT · 418: not in the list; nothing changes."
    assert not lines.answers.isVisible()
    with qtbot.waitSignal(page.wanted) as led:
        lines.open_card.click()
    assert (led.args[0].page, led.args[0].id) == ("members", gone)


def test_escape_goes_back_and_the_list_is_still_there(
    qtbot: QtBot, page: ExchangePage, staff: Path
) -> None:
    shown(qtbot, page, staff)

    assert page.step_back()
    assert page.stack.currentWidget() is page.overview
    page.new()

    assert page.importing.lines.apply.isVisible()


def test_the_next_step_is_in_sight_from_the_first_one(
    qtbot: QtBot, page: ExchangePage, staff: Path
) -> None:
    page.resize(900, 500)
    shown(qtbot, page, staff)

    assert page.importing.columns.choose.hasFocus()
    assert page.importing.columns.choose.visibleRegion().rectCount()
    apply = page.importing.lines.apply
    assert apply.visibleRegion().boundingRect() == apply.rect()


def test_a_list_one_went_back_from_waits_with_its_answers_in_another_language(
    qtbot: QtBot, page: ExchangePage, workspace: Workspace, staff: Path
) -> None:
    shown(qtbot, page, staff)
    columns = page.importing.columns
    columns.fold.click()
    columns.choices[5].set_value(None)
    columns.choices[5].chosen.emit(None)
    page.step_back()
    way = page.way_back()
    assert way is not None

    again = ExchangePage(workspace)
    qtbot.addWidget(again)
    again.show()
    again.open(way)
    assert again.way_back() == way  # also while the list is being read

    assert again.stack.currentWidget() is again.overview
    assert again.lists.begun.isVisible()
    qtbot.waitUntil(lambda: not again.importing.columns.waiting.is_waiting)
    assert again.way_back() == way
    qtbot.waitUntil(lambda: not workspace.is_busy)


def test_a_list_one_went_elsewhere_from_is_offered_to_go_on_with_until_it_is_written(
    qtbot: QtBot, page: ExchangePage, staff: Path
) -> None:
    assert page.lists.begun.isHidden()
    shown(qtbot, page, staff)
    page.open(Target(page="exchange"))  # as after another page
    assert page.lists.begun.isVisible()

    page.lists.begun.click()
    assert page.stack.currentWidget() is page.importing
    page.importing.lines.apply.click()
    qtbot.waitUntil(lambda: page.importing.done.is_done)
    page.step_back()
    assert page.lists.begun.isHidden()


def test_a_list_of_which_nothing_is_to_be_imported_is_not_offered_again(
    qtbot: QtBot, page: ExchangePage, desk: Database, tmp_path: Path
) -> None:
    add_member(desk, "Le Goff", matricule="000417")
    known, empty = tmp_path / "known.csv", tmp_path / "empty.csv"
    known.write_text("Matricule;Nom\n000417;Le Goff\n", encoding="utf-8")
    empty.write_bytes(b"")

    for path in (known, empty):
        shown(qtbot, page, path)
        page.step_back()
        assert page.lists.begun.isHidden()


def test_a_long_list_does_not_block_the_window(
    qtbot: QtBot, page: ExchangePage, tmp_path: Path
) -> None:
    path = tmp_path / "long.csv"
    rows = (
        f"{n:06d};Nom{n};Prénom{n % 977};{1 + n % 28:02}/0{1 + n % 9}/19{50 + n % 50};06{n:08d}"
        for n in range(20_000)
    )
    path.write_text(
        "Matricule;Nom;Prénom;Date de naissance;Tél\n" + "\n".join(rows), encoding="utf-8"
    )
    gaps, last = [0.0], [time.thread_time()]
    timer = QTimer(page)
    timer.setInterval(0)

    def beat() -> None:
        now = time.thread_time()
        gaps.append(now - last[0])
        last[0] = now

    timer.timeout.connect(beat)
    timer.start()
    shown(qtbot, page, path)
    page.importing.lines.apply.click()
    qtbot.waitUntil(lambda: page.importing.done.is_done)
    timer.stop()

    assert page.importing.done.words.text().startswith("20000 people were added.")
    # Of this thread's own time, as others share the machine; the benchmarks hold the 50 ms.
    assert max(gaps) < 0.5
