"""Phones and addresses of mail in a form: several lines, each of which can be taken away."""

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from correspondent_desk.gui.members.reach_field import Reached, ReachField


def two_phones(qtbot: QtBot, width: int) -> tuple[QWidget, ReachField]:
    window, field = QWidget(), ReachField("Phone", "06 12 34 56 07", "Another phone")
    QVBoxLayout(window).addWidget(field)
    field.set_lines([Reached("06 12 34 56 07", "morning"), Reached("03 88 00 11 22")])
    qtbot.addWidget(window)
    window.resize(width, 300)
    window.show()
    QApplication.processEvents()
    return window, field


def test_what_takes_a_line_away_stands_at_its_end_however_narrow_the_form(qtbot: QtBot) -> None:
    window, field = two_phones(qtbot, 800)

    for width in range(800, 300, -20):
        window.resize(width, 300)
        QApplication.processEvents()
        for row in field.rows:
            what, remove = row.what.mapTo(row, QPoint()), row.remove.geometry()
            assert remove.top() <= what.y() + row.what.height()
            assert remove.right() == row.width() - 1


def test_a_line_grows_with_the_text(qtbot: QtBot) -> None:
    window, field = two_phones(qtbot, 800)
    row = field.rows[0]
    before = row.what.minimumWidth(), row.label.width()

    font = window.font()
    font.setPointSizeF(font.pointSizeF() * 2)
    window.setFont(font)
    QApplication.processEvents()

    assert row.what.minimumWidth() > 1.7 * before[0]
    assert row.label.width() > 1.7 * before[1]
