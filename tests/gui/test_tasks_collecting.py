"""What holds itself is looked for on the window's thread, while no work is under way."""

import gc
from threading import Event, current_thread

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from correspondent_desk.gui.tasks import LOOK_MS, MOST_LOOKED_AT, Garbage, Tasks


class Asker(QObject):
    heard = Signal(object)

    def hear(self, answer: object) -> None:
        self.heard.emit(answer)


class InACircle(QWidget):
    """Of a class of ours, as nearly all of the program are."""

    def __init__(self) -> None:
        super().__init__()
        self.itself = self


def a_circle_with_a_widget() -> "list[str]":
    """Nobody holds it any more; the names of the threads on which it is destroyed."""
    seen: list[str] = []
    widget = InACircle()
    widget.destroyed.connect(
        lambda: seen.append(current_thread().name), Qt.ConnectionType.DirectConnection
    )
    return seen


def test_a_widget_in_a_circle_is_destroyed_on_the_windows_thread(
    qtbot: QtBot, tasks: Tasks
) -> None:
    destroyed_on = a_circle_with_a_widget()
    asker = Asker()
    kept: list[object] = []
    asker.heard.connect(kept.append)

    for _ in range(3):  # each makes more than Python leaves alone
        with qtbot.waitSignal(asker.heard):
            tasks.read(lambda: [[] for _ in range(MOST_LOOKED_AT // 2)], asker.hear)

    qtbot.waitUntil(lambda: bool(destroyed_on))
    assert destroyed_on == [current_thread().name]


def test_nothing_is_looked_through_while_work_is_under_way(qtbot: QtBot, tasks: Tasks) -> None:
    asker, look = Asker(), Event()
    destroyed_on = a_circle_with_a_widget()
    kept: list[list[object]] = [[] for _ in range(MOST_LOOKED_AT)]

    tasks.read(look.wait, asker.hear)
    qtbot.wait(2 * LOOK_MS)
    was_destroyed = bool(destroyed_on)
    with qtbot.waitSignal(asker.heard):
        look.set()
    assert not was_destroyed

    qtbot.waitUntil(lambda: bool(destroyed_on))
    assert kept


def test_python_looks_by_itself_again_once_nobody_watches() -> None:
    garbage = Garbage()
    garbage.watch()
    garbage.watch()

    garbage.let_be()
    assert not gc.isenabled()
    garbage.let_be()

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
