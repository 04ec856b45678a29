"""Things in a row that goes on in the next line."""

import pytest
from PySide6.QtWidgets import QComboBox, QLabel, QWidget
from pytestqt.qtbot import QtBot

from correspondent_desk.gui.widgets.buttons import button
from correspondent_desk.gui.widgets.flow import flow_of
from correspondent_desk.gui.widgets.form import Form
from correspondent_desk.gui.widgets.line_edit import LineEdit


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


def test_a_long_problem_has_the_whole_width_and_a_short_one_stays_beside(qtbot: QtBot) -> None:
    form = Form()
    qtbot.addWidget(form)
    form.add_beside(("site", "Site", LineEdit()), ("room", "Room", LineEdit()))
    form.resize(440, 400)
    form.show()
    site, room = form.rows["site"], form.rows["room"]

    def is_beside() -> bool:
        return site.geometry().top() == room.geometry().top()

    room.show_problem("This field is empty.")
    assert is_beside()
    room.show_problem("Somebody else changed this meanwhile: “council room”. " * 2)
    qtbot.waitUntil(lambda: not is_beside() and room.problem.width() > 400)
    room.show_problem()
    qtbot.waitUntil(is_beside)
