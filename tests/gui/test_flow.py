"""Things in a row that goes on in the next line."""

import pytest
from PySide6.QtWidgets import QComboBox, QLabel, QWidget
from pytestqt.qtbot import QtBot

from correspondent_desk.gui.widgets.buttons import button
from correspondent_desk.gui.widgets.flow import flow_of


@pytest.mark.parametrize("points", [10, 16])
def test_words_stand_in_the_middle_of_the_field_they_belong_to(qtbot: QtBot, points: int) -> None:
    words, field, away = QLabel("Export the list of"), QComboBox(), button("Export to a file…")
    field.addItem("members")
    field.setMinimumHeight(60)
    row = flow_of(words, field, away)
    qtbot.addWidget(row)
    font = row.font()
    font.setPointSize(points)
    row.setFont(font)
    row.resize(600, 200)
    row.show()

    def middle(part: QWidget) -> int:
        return part.geometry().center().y()

    assert abs(middle(words) - middle(field)) <= 1
    assert away.geometry().top() == field.geometry().top()
    row.resize(max(words.width(), field.width(), away.width()) + 4, 300)
    qtbot.waitUntil(lambda: field.geometry().top() >= words.geometry().bottom())
