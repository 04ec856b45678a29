"""Finding a person in a form, by keys alone."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from correspondent_desk.gui.widgets.form import FormRow
from correspondent_desk.gui.widgets.person_field import PersonField
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.store.database import Database
from tests.builders import add_member
from tests.gui.hands import press, type_here


@pytest.fixture
def field(qtbot: QtBot, workspace: Workspace) -> Iterator[PersonField]:
    form = QWidget()
    qtbot.addWidget(form)
    column = QVBoxLayout(form)
    field = PersonField(workspace, "Person", offer_new=True)
    column.addWidget(field)
    column.addWidget(QLineEdit())
    form.show()
    form.activateWindow()
    qtbot.waitUntil(form.isActiveWindow)
    field.setFocus()
    yield field
    form.close()


def test_enter_takes_whom_the_last_letters_find_however_fast_it_comes(
    qtbot: QtBot, desk: Database, field: PersonField
) -> None:
    add_member(desk, "Roux")
    petit = add_member(desk, "Petit")
    type_here("roux")
    qtbot.waitUntil(field.results.isVisible)

    field.line.selectAll()
    type_here("petit")
    press(Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: field.value() is not None)
    assert field.value() == petit


def test_somebody_new_is_called_what_was_typed_last(qtbot: QtBot, field: PersonField) -> None:
    type_here("Trémeur")
    with qtbot.waitSignal(field.new_wanted) as wanted:
        press(Qt.Key.Key_Return)

    assert wanted.args == ["Trémeur"]


def test_who_went_on_with_tab_is_shown_no_list_any_more(
    qtbot: QtBot, desk: Database, workspace: Workspace, field: PersonField
) -> None:
    add_member(desk, "Roux")
    type_here("roux")
    press(Qt.Key.Key_Tab)

    qtbot.waitUntil(lambda: not workspace.is_busy)
    assert not field.line.hasFocus()
    assert not field.results.isVisible()


def test_the_line_one_types_in_is_marked_while_it_is_wrong(field: PersonField) -> None:
    row = FormRow("&Person", field)

    row.show_problem("Nobody is chosen yet.")
    assert field.line.property("wrong")

    row.show_problem()
    assert not field.line.property("wrong")
