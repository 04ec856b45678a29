"""Python's collector of garbage keeps still while work is under way, and only then."""

import gc

from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from correspondent_desk.gui.tasks import MOST_LOOKED_AT, Tasks


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


def test_what_large_work_leaves_is_not_looked_through_until_the_desk_is_closed(
    qtbot: QtBot, tasks: Tasks
) -> None:
    asker = Asker()
    gc.unfreeze()

    with qtbot.waitSignal(asker.heard) as told:
        tasks.read(lambda: [[] for _ in range(2 * MOST_LOOKED_AT)], asker.hear)

    assert told.args is not None
    assert len(told.args[0]) == 2 * MOST_LOOKED_AT
    assert gc.get_freeze_count() > 2 * MOST_LOOKED_AT
    tasks.close()
    assert gc.get_freeze_count() == 0


def test_little_work_leaves_nothing_uncollected(qtbot: QtBot, tasks: Tasks) -> None:
    asker = Asker()
    gc.collect()
    gc.unfreeze()

    with qtbot.waitSignal(asker.heard):
        tasks.read(list, asker.hear)

    assert gc.get_freeze_count() == 0
