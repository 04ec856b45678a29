"""The table model: ids at once, rows when seen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QTableView
from pytestqt.qtbot import QtBot

from correspondent_desk.gui.rows_model import ID_ROLE, Column, RowsModel

pytestmark = pytest.mark.usefixtures("qapp")


@dataclass(frozen=True)
class Town:
    id: int
    name: str


class Register:
    """Towns by id, and what was asked of them."""

    def __init__(self, count: int) -> None:
        self.names = {number: f"Town {number}" for number in range(count)}
        self.asked: list[Sequence[int]] = []

    def rows(self, ids: Sequence[int]) -> Iterable[Town]:
        self.asked.append(list(ids))
        return [Town(id_, self.names[id_]) for id_ in reversed(ids) if id_ in self.names]


def model_of(register: Register, ids: Iterable[int]) -> RowsModel[Town]:
    model = RowsModel(
        [
            Column[Town](title="Name", text=lambda town: town.name),
            Column[Town](
                title="Number",
                text=lambda town: str(town.id),
                spoken=lambda town: f"number {town.id}",
                align=Qt.AlignmentFlag.AlignRight,
            ),
        ],
        register.rows,
    )
    model.show(ids)
    return model


def test_qt_is_happy_with_it(qtbot: QtBot) -> None:
    register = Register(450)
    model = model_of(register, range(450))
    tester = QAbstractItemModelTester(
        model, QAbstractItemModelTester.FailureReportingMode.Fatal, None
    )

    view = QTableView()
    qtbot.addWidget(view)
    view.setModel(model)
    view.grab()
    model.refresh([3])
    model.show(range(10, 20))
    view.grab()
    model.show([])

    assert tester.model() is model


def test_nothing_is_fetched_until_it_is_seen() -> None:
    register = Register(100_000)
    model = model_of(register, range(100_000))

    assert model.rowCount() == 100_000
    assert register.asked == []


def test_a_window_of_rows_is_fetched_once() -> None:
    register = Register(1000)
    model = model_of(register, range(999, -1, -1))

    names = [model.index(position, 0).data() for position in range(150, 250)]

    assert names[0] == "Town 849"
    assert names[-1] == "Town 750"
    assert [(ids[0], len(ids)) for ids in register.asked] == [(999, 200), (799, 200)]


def test_long_scrolling_keeps_few_rows() -> None:
    register = Register(20_000)
    model = model_of(register, range(20_000))
    for position in range(0, 20_000, 100):
        model.index(position, 0).data()
    register.asked.clear()

    model.index(19_999, 0).data()
    model.index(0, 0).data()

    assert [ids[0] for ids in register.asked] == [0]


def test_a_change_is_fetched_again_and_told_to_the_view() -> None:
    register = Register(1000)
    model = model_of(register, range(1000))
    for position in (0, 500):
        model.index(position, 0).data()
    told: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))
    register.names[500] = "Renamed"

    model.refresh([500, 900])

    assert model.index(500, 0).data() == "Renamed"
    assert told == [(400, 599)]


def test_a_record_gone_since_is_an_empty_line() -> None:
    register = Register(3)
    model = model_of(register, range(3))
    del register.names[1]

    assert [model.index(position, 0).data() for position in range(3)] == ["Town 0", None, "Town 2"]
    assert model.index(1, 0).data(ID_ROLE) == 1


def test_the_same_ids_again_keep_the_place_in_the_list() -> None:
    register = Register(10)
    model = model_of(register, range(10))
    assert model.index(0, 0).data() == "Town 0"
    resets: list[bool] = []
    model.modelReset.connect(lambda: resets.append(True))
    register.names[0] = "Renamed"

    model.show(range(10))

    assert model.index(0, 0).data() == "Renamed"
    assert resets == []


def test_screen_readers_get_what_is_spoken() -> None:
    model = model_of(Register(1), [0])

    assert model.index(0, 1).data() == "0"
    assert model.index(0, 1).data(Qt.ItemDataRole.AccessibleTextRole) == "number 0"
    assert model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole) == "Town 0"
    assert model.headerData(1, Qt.Orientation.Horizontal) == "Number"


def test_a_record_is_found_by_its_id() -> None:
    model = model_of(Register(10), [5, 3, 8])

    assert model.position_of(8) == 2
    assert model.position_of(4) is None
