"""What went wrong, with the technical text folded away."""

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from correspondent_desk.gui.widgets.trouble import Trouble, report_of
from tests.gui.a11y import nameless


def test_trouble_keeps_the_technical_text_folded(qtbot: QtBot, tmp_path: Path) -> None:
    trouble = Trouble("It stopped.", "All is safe.", "Go on.", "report: x.py:3\n")
    qtbot.addWidget(trouble)
    trouble.show()
    assert trouble.details.isHidden()

    QTest.mouseClick(trouble.fold, Qt.MouseButton.LeftButton)
    trouble.save_to(tmp_path / "report.txt")

    assert trouble.details.isVisible()
    assert (tmp_path / "report.txt").read_text(encoding="utf-8") == "report: x.py:3\n"
    assert str(tmp_path) in trouble.said.text()
    assert nameless(trouble) == []


class Shown(QObject):
    """Which widgets are shown."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[QObject] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show:
            self.found.append(watched)
        return False


def test_none_of_its_parts_is_a_window_before_it_is_shown(qtbot: QtBot, qapp: QApplication) -> None:
    shown = Shown()
    qapp.installEventFilter(shown)

    qtbot.addWidget(Trouble("It stopped.", "All is safe.", "Go on.", "report"))

    qapp.removeEventFilter(shown)
    assert shown.found == []


def test_a_report_that_cannot_be_saved_is_said(qtbot: QtBot, tmp_path: Path) -> None:
    trouble = Trouble("It stopped.", "All is safe.", "Go on.", "report")
    qtbot.addWidget(trouble)

    trouble.save_to(tmp_path / "nowhere" / "report.txt")

    assert trouble.said.text().startswith("The report could not be saved")


def open_card(name: str) -> None:
    try:
        int(name)
    except ValueError as error:
        raise RuntimeError(name) from error


def test_a_report_says_where_but_names_nobody() -> None:
    with pytest.raises(RuntimeError) as raised:
        open_card("Anne LE GOFF")

    report = report_of(raised.value)
    assert "open_card" in report
    assert "ValueError" in report
    assert "LE GOFF" not in report
