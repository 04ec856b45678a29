"""A list that is asked for anew with every word."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy.orm import Session

from correspondent_desk.gui.filtered_list import FilteredList, Listing
from correspondent_desk.gui.rows_model import Column
from correspondent_desk.gui.workspace import Workspace

WAIT_S = 20


@dataclass(frozen=True)
class Boat:
    """A line of the list."""

    id: int


class Harbour:
    """Finds boat 1 by "old", as soon as it may, and boat 2 by any other words."""

    def __init__(self) -> None:
        self.may_answer = threading.Event()
        self.asked: list[str] = []

    def find(self, words: str, which: str) -> Callable[[Session], Sequence[int]]:
        del which
        self.asked.append(words)

        def find(_session: Session) -> Sequence[int]:
            if words != "old":
                return [2]
            assert self.may_answer.wait(WAIT_S)
            return [1]

        return find


@pytest.fixture
def harbour() -> Harbour:
    return Harbour()


@pytest.fixture
def boats(qtbot: QtBot, workspace: Workspace, harbour: Harbour) -> FilteredList[str, Boat]:
    listing = Listing(
        name="Boats",
        hint="",
        picture="users",
        least=1,
        filters=["all"],
        first="all",
        everything="all",
        label=str,
        explained=str,
        columns=[Column(title="Number", text=lambda boat: str(boat.id))],
        find=harbour.find,
        rows=lambda _session, ids: [Boat(id_) for id_ in ids],
        count=str,
        nothing=lambda _which, _words: "",
        new="",
        new_with=[],
    )
    made = FilteredList(workspace, listing)
    qtbot.addWidget(made)
    return made


def test_an_answer_that_comes_late_does_not_replace_a_newer_one(
    qtbot: QtBot, workspace: Workspace, harbour: Harbour, boats: FilteredList[str, Boat]
) -> None:
    boats.filter.setText("old")
    qtbot.waitUntil(lambda: harbour.asked == ["old"])
    boats.filter.setText("new")
    qtbot.waitUntil(lambda: list(boats.rows.ids) == [2])

    harbour.may_answer.set()
    qtbot.waitUntil(lambda: not workspace.is_busy)
    QApplication.processEvents()

    assert list(boats.rows.ids) == [2]
