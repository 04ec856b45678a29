"""The table model: ids at once, rows when seen."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QTableView
from pytestqt.qtbot import QtBot

from correspondent_desk.gui.rows_model import ID_ROLE, AskedRows, Column, RowsModel
from correspondent_desk.gui.tasks import Job

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
    assert [(ids[0], len(ids)) for ids in register.asked] == [(899, 100), (799, 100)]


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
    assert told == [(500, 599)]


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


class Archive(Register):
    """Towns that are told when the archive is open."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.under_way: list[tuple[list[int], Job[list[Town]]]] = []

    def ask(self, ids: Sequence[int], then: Callable[[Iterable[Town]], None]) -> Job[list[Town]]:
        job: Job[list[Town]] = Job(then)
        self.under_way.append((list(ids), job))
        return job

    def open(self) -> None:
        under_way, self.under_way = self.under_way, []
        for ids, job in under_way:
            job.succeed(list(self.rows(ids)))


def asked_of(archive: Archive, ids: Iterable[int]) -> AskedRows[Town]:
    model = AskedRows([Column[Town](title="Name", text=lambda town: town.name)], archive.ask)
    model.show(ids)
    return model


def test_rows_that_are_asked_for_are_shown_when_they_come() -> None:
    archive = Archive(1000)
    model = asked_of(archive, range(1000))
    told: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))

    before = model.index(340, 0).data()
    archive.open()

    assert before is None
    assert told == [(300, 399)]
    assert model.index(340, 0).data() == "Town 340"


def test_qt_is_happy_with_rows_that_come_later(qtbot: QtBot) -> None:
    archive = Archive(450)
    model = asked_of(archive, range(450))
    tester = QAbstractItemModelTester(
        model, QAbstractItemModelTester.FailureReportingMode.Fatal, None
    )
    view = QTableView()
    qtbot.addWidget(view)
    view.setModel(model)

    view.grab()
    archive.open()
    view.grab()
    model.show(range(10, 20), archive.rows(range(10, 20)))
    model.refresh([12])
    view.grab()
    archive.open()

    assert tester.model() is model
    assert model.index(2, 0).data() == "Town 12"


def test_going_down_line_by_line_meets_no_empty_line() -> None:
    archive = Archive(1000)
    model = asked_of(archive, range(1000))
    model.show(range(1000), archive.rows(range(100)))

    met = []
    for position in range(1000):
        met.append(model.index(position, 0).data())
        archive.open()

    assert met == list(archive.names.values())


def test_a_changed_row_stays_as_it_was_until_it_comes_again() -> None:
    archive = Archive(1000)
    model = asked_of(archive, range(1000))
    model.index(50, 0).data()
    archive.open()
    archive.names[50] = "Renamed"

    model.refresh([50])
    before = model.index(50, 0).data()
    model.show(range(40, 60))
    in_another_list = model.index(10, 0).data()
    archive.open()

    assert (before, in_another_list) == ("Town 50", "Town 50")
    assert model.index(10, 0).data() == "Renamed"


def test_what_came_before_a_change_is_asked_again() -> None:
    archive = Archive(100)
    model = asked_of(archive, range(100))
    model.index(0, 0).data()
    _ids, job = archive.under_way.pop()
    old = list(archive.rows(range(100)))
    archive.names[0] = "Renamed"

    model.refresh([0])
    job.succeed(old)
    assert model.index(0, 0).data() is None
    archive.open()

    assert model.index(0, 0).data() == "Renamed"


def test_whoever_scrolls_past_is_not_waited_for() -> None:
    archive = Archive(100_000)
    model = asked_of(archive, range(100_000))

    for position in range(50, 100_000, 1000):
        model.index(position, 0).data()
    archive.open()

    assert model.index(99_050, 0).data() == "Town 99050"
    assert model.index(50_050, 0).data() is None
