"""The list of requests: its order, its reasons, its filters."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from correspondent_desk.domain.members import MemberId
from correspondent_desk.domain.requests import RequestDraft, RequestFilter, RequestId
from correspondent_desk.gui.requests.page import RequestsPage
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.records import catalogue
from correspondent_desk.store.database import Database
from tests.gui.hands import press, type_here
from tests.gui.requests_desk import anne, ask, claim, opened, page, stored, workspace

__all__ = ["anne", "claim", "page", "workspace"]


def lines(page: RequestsPage) -> list[tuple[str, ...]]:
    """What the list shows: both lines of the first column, and the second column."""
    model = page.list.rows
    found: list[tuple[str, ...]] = []
    for row in range(model.rowCount()):
        first, second = str(model.data(model.index(row, 0))).split("\n")
        found.append((first, second, str(model.data(model.index(row, 1)))))
    return found


def test_what_lapses_first_comes_first_and_every_line_says_why(page: RequestsPage) -> None:
    needed = len(catalogue.documents_for("ALSH"))
    assert lines(page) == [
        (
            "Anne LE GOFF: Day leisure centre",
            f"rappeler la mairie (tomorrow) · {needed} documents are missing",
            "in 12 days",
        ),
        ("Anne LE GOFF: Confidential request", "next step (the committee)", "in 2 months"),
        ("Anne LE GOFF: une question", "no next step is noted", ""),
    ]


def test_filters_are_words_and_text(qtbot: QtBot, page: RequestsPage, claim: RequestId) -> None:
    page.list.filters[RequestFilter.WAITING].click()
    qtbot.waitUntil(lambda: [line[0] for line in lines(page)] == [
        "Anne LE GOFF: Confidential request"
    ])  # fmt: skip

    page.list.filters[RequestFilter.ALL].click()
    page.list.filter.setFocus()
    type_here("day")

    qtbot.waitUntil(lambda: list(page.list.rows.ids) == [claim])


def test_what_a_filter_leaves_out_is_found_from_where_it_is_missed(
    qtbot: QtBot, page: RequestsPage, claim: RequestId
) -> None:
    empty = page.list.empty
    page.list.filters[RequestFilter.WAITING].click()
    page.list.filter.setFocus()
    type_here("day")
    qtbot.waitUntil(empty.isVisible)
    assert empty.action.text() == "Search the whole list"

    empty.action.setFocus()
    press(Qt.Key.Key_Space)

    qtbot.waitUntil(lambda: list(page.list.rows.ids) == [claim])
    assert page.list.filter.text() == "day"
    assert page.list.filter.hasFocus()
    type_here("zzz")
    qtbot.waitUntil(empty.isVisible)
    assert empty.action.isHidden()


def test_going_to_a_request_at_once_keeps_the_filter_that_has_it(
    qtbot: QtBot, workspace: Workspace, claim: RequestId
) -> None:
    page = RequestsPage(workspace)
    qtbot.addWidget(page)
    page.show()

    opened(qtbot, page, claim)  # the list is still being asked for

    qtbot.waitUntil(lambda: page.list.table.current_id() == claim)
    assert page.list.filters[RequestFilter.OPEN].isChecked()


def test_a_request_that_the_filters_leave_out_is_found_all_the_same(
    qtbot: QtBot, desk: Database, page: RequestsPage, claim: RequestId
) -> None:
    page.list.filter.setText("nothing like it")
    qtbot.waitUntil(lambda: not page.list.rows.ids)

    opened(qtbot, page, claim)

    qtbot.waitUntil(lambda: page.list.table.current_id() == claim)
    assert stored(desk, claim).id == claim


def test_the_chosen_line_stays_in_view_in_a_lower_window(
    qtbot: QtBot, desk: Database, page: RequestsPage, anne: MemberId
) -> None:
    table = page.list.table
    for number in range(6):
        ask(desk, RequestDraft(member_id=anne, subject=f"thing {number}"))
    page.list.refresh()
    qtbot.waitUntil(lambda: len(page.list.rows.ids) == 9)
    table.setFocus()
    press(Qt.Key.Key_End)

    page.resize(1240, 500)
    QApplication.processEvents()

    assert table.viewport().rect().contains(table.visualRect(table.currentIndex()))


@pytest.mark.parametrize("key", [Qt.Key.Key_Down, Qt.Key.Key_Return])
def test_from_the_filter_one_key_leads_into_the_list(
    qtbot: QtBot, page: RequestsPage, key: Qt.Key
) -> None:
    page.list.filter.setFocus()
    type_here("question")
    press(key)

    qtbot.waitUntil(page.list.table.hasFocus)
    assert len(page.list.rows.ids) == 1
    assert page.list.table.current_id() == page.list.rows.ids[0]


def test_where_names_have_too_little_room_the_date_goes_below_them(
    qtbot: QtBot, page: RequestsPage
) -> None:
    page.resize(900, 700)
    assert page.list.table.isColumnHidden(1)
    assert page.list.table.columnWidth(0) <= page.list.table.viewport().width()

    page.resize(1800, 800)
    qtbot.waitUntil(lambda: not page.list.table.isColumnHidden(1))
