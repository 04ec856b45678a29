"""A list, and the card beside it or over it."""

from dataclasses import dataclass

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from correspondent_desk.gui.rows_model import Column, RowsModel
from correspondent_desk.gui.widgets.line_edit import LineEdit
from correspondent_desk.gui.widgets.rows_table import RowsTable, shared
from correspondent_desk.gui.widgets.split_view import SplitView
from tests.gui.a11y import nameless
from tests.gui.hands import press


@dataclass(frozen=True)
class Town:
    id: int
    name: str


@pytest.fixture
def table(qtbot: QtBot) -> RowsTable:
    """A shown list of thirty towns."""
    table = RowsTable("Towns")
    qtbot.addWidget(table)
    model = RowsModel(
        [
            Column[Town](title="Name", text=lambda town: town.name),
            Column[Town](title="Number in the list", text=lambda town: str(town.id), width=4),
        ],
        lambda ids: [Town(id_, f"Town {id_}") for id_ in ids],
        table,
    )
    table.set_rows(model)
    model.show(range(30))
    table.resize(400, 300)
    table.show()
    qtbot.waitExposed(table)
    table.activateWindow()
    QTest.qWaitForWindowActive(table)
    table.setFocus()
    return table


def test_who_comes_back_to_the_list_by_key_sees_the_chosen_line_whole(table: RowsTable) -> None:
    table.setFocus()
    press(Qt.Key.Key_End)
    bar = table.verticalScrollBar()
    bar.setValue(bar.value() - table.rowHeight(0) + 3)  # as by wheel
    seen = table.viewport().rect().contains
    table.clearFocus()
    assert not seen(table.visualRect(table.currentIndex()))

    table.setFocus(Qt.FocusReason.OtherFocusReason)

    assert seen(table.visualRect(table.currentIndex()))


def test_a_heading_is_whole_where_its_column_is_narrow(table: RowsTable) -> None:
    assert table.columnWidth(1) >= table.horizontalHeader().sectionSizeHint(1)


def test_the_chosen_record_stays_chosen_when_the_list_changes(table: RowsTable) -> None:
    chosen: list[int] = []
    table.choose(7)
    table.chosen.connect(chosen.append)

    table.show_ids([9, 8, 7, 6])

    assert table.current_id() == 7
    assert chosen == []


def test_when_the_chosen_record_goes_the_next_one_is_chosen_and_told(table: RowsTable) -> None:
    chosen: list[int] = []
    table.choose(7)
    table.chosen.connect(chosen.append)

    table.show_ids([5, 6, 8, 9])

    assert chosen == [9]
    table.show_ids([])
    assert table.current_id() is None


def test_a_list_goes_by_keyboard(table: RowsTable) -> None:
    chosen: list[int] = []
    opened: list[int] = []
    assert table.current_id() == 0  # it has the focus
    table.chosen.connect(chosen.append)
    table.opened.connect(opened.append)

    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Return)
    press(Qt.Key.Key_End)

    assert chosen == [1, 29]
    assert opened == [1]
    assert not table.choose(500)


def test_rows_grow_with_the_font(table: RowsTable) -> None:
    at_first = table.rowHeight(0)
    font = table.font()
    font.setPointSizeF(font.pointSizeF() * 2)

    table.setFont(font)

    assert at_first >= 36
    assert table.rowHeight(0) > at_first
    assert nameless(table) == []


@pytest.mark.parametrize(
    ("wished", "room", "widths"),
    [
        ([0, 100, 50], 400, [250, 100, 50]),
        ([0, 0, 100], 500, [200, 200, 100]),
        ([0, 100], 200, [120, 80]),
        ([0, 300], 100, [90, 180]),
        ([100, 100], 400, [100, 100]),
    ],
)
def test_columns_share_the_room(wished: list[int], room: int, widths: list[int]) -> None:
    assert shared(wished, room, least=150) == widths


# --- list and card


@pytest.fixture
def split(qtbot: QtBot) -> SplitView:
    """A list and a card in a wide window."""
    left, card = LineEdit(), LineEdit()
    left.setAccessibleName("List")
    card.setAccessibleName("Card")
    split = SplitView(left, card, "Choose somebody.")
    qtbot.addWidget(split)
    split.resize(1200, 600)
    split.show()
    qtbot.waitExposed(split)
    return split


def sides(split: SplitView) -> tuple[bool, bool]:
    """Whether the list and the card can be seen."""
    visible = {field.accessibleName(): field.isVisible() for field in split.findChildren(LineEdit)}
    return visible["List"], visible["Card"]


def test_a_wide_window_shows_list_and_card(split: SplitView) -> None:
    assert sides(split) == (True, False)

    split.open_card()

    assert sides(split) == (True, True)
    assert not split.step_back()


def test_a_narrow_window_shows_the_card_over_the_list_with_a_way_back(
    qtbot: QtBot, split: SplitView
) -> None:
    split.resize(700, 600)
    assert sides(split) == (True, False)
    split.open_card()
    assert sides(split) == (False, True)

    with qtbot.waitSignal(split.went_back):
        assert split.step_back()

    assert sides(split) == (True, False)
    split.open_card()
    split.resize(1200, 600)
    assert sides(split) == (True, True)


def test_a_card_that_covers_the_list_takes_its_focus_along(qtbot: QtBot) -> None:
    window, elsewhere, list_side = QWidget(), LineEdit(), QWidget()
    column = QVBoxLayout(window)
    column.addWidget(elsewhere)
    line = LineEdit()
    QVBoxLayout(list_side).addWidget(line)
    split = SplitView(list_side, QLabel("Card"), "Choose a line.")
    column.addWidget(split)
    qtbot.addWidget(window)
    window.resize(700, 600)
    window.show()
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)
    line.setFocus()

    split.open_card()

    focused = QApplication.focusWidget()
    assert focused is not None
    assert split.isAncestorOf(focused)
