"""Areas that scroll, as a screen reader asks for their parts."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractScrollArea, QLabel
from pytestqt.qtbot import QtBot

from correspondent_desk.gui.meetings.grid import Grid
from correspondent_desk.gui.widgets.areas import ScrollArea
from correspondent_desk.gui.widgets.scroll import Scroll, Whole


def _plain() -> ScrollArea:
    area = ScrollArea()
    area.setWidget(QLabel("words"))
    return area


@pytest.mark.parametrize(
    "make",
    [
        _plain,
        lambda: Scroll(QLabel("words")),
        lambda: Whole(QLabel("words")),
        lambda: Grid(lambda: datetime(2026, 12, 3, 9, tzinfo=UTC)),
    ],
)
def test_a_part_that_is_gone_since_it_was_counted_is_told_to_be_none(
    qtbot: QtBot, make: Callable[[], QAbstractScrollArea]
) -> None:
    area = make()
    qtbot.addWidget(area)
    area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
    area.show()
    qtbot.waitUntil(area.verticalScrollBar().isVisible)
    heard = QAccessible.queryAccessibleInterface(area)
    counted = heard.childCount()

    area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    qtbot.waitUntil(lambda: not area.verticalScrollBar().isVisible())

    assert heard.childCount() == counted  # else Qt reads where nothing is, and the program ends
    assert heard.child(counted) is None
    assert heard.child(0).object() is area.viewport()
