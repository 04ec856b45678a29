"""Python's collector of garbage keeps still while work is under way, and only then."""

import gc

from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from correspondent_desk.gui.tasks import Tasks


class Asker(QObject):
    heard = Signal(object)

    def hear(self, answer: object) -> None:
        self.heard.emit(answer)


def test_the_collector_waits_for_the_work(qtbot: QtBot, tasks: Tasks) -> None:
    asker = Asker()

    with qtbot.waitSignal(asker.heard) as told:
        tasks.read(gc.isenabled, asker.hear)

    assert told.args == [False]
    assert gc.isenabled()
