"""Background work: each trap that the prototype fell into has its test."""

import gc
import threading
import time
from collections.abc import Iterator
from functools import partial
from threading import Thread, current_thread, main_thread
from typing import ClassVar
from weakref import ref

import pytest
from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from correspondent_desk.errors import DeskError
from correspondent_desk.gui.tasks import READERS, Tasks
from correspondent_desk.gui.today.page import TodayPage
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.store.database import Database
from tests.gui.meanwhile import LateTasks

LONG_S = 60  # on a busy computer


class Listener(QObject):
    """Hears answers, and remembers on which thread."""

    told = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[object] = []
        self.threads: set[int] = set()

    def hear(self, *answer: object) -> None:
        self.heard.append(answer[0] if len(answer) == 1 else answer)
        self.threads.add(threading.get_ident())
        self.told.emit()


def settle(qtbot: QtBot, tasks: Tasks) -> None:
    """Let everything asked so far end and be delivered."""
    last = Listener()
    with qtbot.waitSignals([last.told] * 3):
        held = threading.Barrier(2, timeout=LONG_S)  # both readers are done with what came before
        tasks.read(held.wait, last.hear)
        tasks.read(held.wait, last.hear)
        tasks.write(lambda: None, last.hear)


def test_the_answer_comes_on_the_thread_of_the_window(qtbot: QtBot, tasks: Tasks) -> None:
    listener = Listener()

    with qtbot.waitSignal(listener.told):
        tasks.read(threading.get_ident, listener.hear)

    assert listener.threads == {threading.get_ident()}
    assert listener.heard != [threading.get_ident()]


def test_work_that_ends_at_once_is_reported_after_the_asker_went_on(
    qtbot: QtBot, tasks: Tasks
) -> None:
    listener = Listener()

    tasks.read(lambda: 1, listener.hear)
    time.sleep(0.05)
    heard_before_going_on, is_busy = list(listener.heard), tasks.is_busy
    qtbot.waitUntil(lambda: not tasks.is_busy)

    assert heard_before_going_on == []
    assert is_busy, "the answer is still to come"
    assert listener.heard == [1]


def test_a_page_that_is_gone_is_not_called(qtbot: QtBot, tasks: Tasks) -> None:
    go_on = threading.Event()
    page = QLabel()
    tasks.read(lambda: str(go_on.wait(LONG_S)), page.setText)
    page.deleteLater()
    QApplication.sendPostedEvents(page, QEvent.Type.DeferredDelete.value)

    go_on.set()

    settle(qtbot, tasks)


def test_a_waiting_job_does_not_keep_its_page_alive(qtbot: QtBot, tasks: Tasks) -> None:
    go_on = threading.Event()
    gone = []
    page = Listener()
    page.destroyed.connect(lambda: gone.append(True))
    tasks.read(lambda: go_on.wait(LONG_S), page.hear)

    del page
    gc.collect()

    assert gone
    go_on.set()
    settle(qtbot, tasks)


def test_a_forgotten_answer_is_not_heard_and_the_next_one_is(qtbot: QtBot, tasks: Tasks) -> None:
    listener = Listener()
    old = tasks.read(lambda: "old", listener.hear)
    old.forget()
    with qtbot.waitSignal(listener.told):
        tasks.read(lambda: "new", listener.hear)

    settle(qtbot, tasks)

    assert listener.heard == ["new"]


def test_forgotten_reading_that_has_not_begun_is_left_out(qtbot: QtBot, tasks: Tasks) -> None:
    go_on, done, listener = threading.Event(), [], Listener()
    for _ in range(2):
        tasks.read(lambda: go_on.wait(LONG_S), listener.hear)
    third = tasks.read(lambda: done.append(3), listener.hear)

    third.forget()
    go_on.set()
    settle(qtbot, tasks)

    assert not done


def test_forgotten_writing_is_done_all_the_same(qtbot: QtBot, tasks: Tasks) -> None:
    go_on, done, listener = threading.Event(), [], Listener()
    tasks.write(lambda: go_on.wait(LONG_S))
    second = tasks.write(lambda: done.append(2), listener.hear)

    second.forget()
    go_on.set()
    settle(qtbot, tasks)

    assert done == [2]
    assert listener.heard == []


def test_writing_keeps_the_order_asked(qtbot: QtBot, tasks: Tasks) -> None:
    done: list[int] = []
    for number in range(50):
        tasks.write(partial(done.append, number))

    settle(qtbot, tasks)

    assert done == list(range(50))


@pytest.mark.usefixtures("qapp")
def test_closing_waits_for_what_is_to_be_written_and_tells_nobody() -> None:
    tasks, done, listener = Tasks(), [], Listener()
    tasks.write(lambda: time.sleep(0.05))
    tasks.write(lambda: done.append(1), listener.hear)

    tasks.close()
    QApplication.processEvents()

    assert done == [1]
    assert listener.heard == []


class Refused(DeskError):
    """What the world says in these tests."""

    code = "refused"


def _refuse() -> None:
    raise Refused("full")


@pytest.mark.usefixtures("qapp")
def test_a_page_that_asks_once_more_when_all_is_closed_is_not_answered() -> None:
    tasks, listener, looked = Tasks(), Listener(), []
    tasks.close()
    tasks.read(lambda: looked.append("still"), listener.hear)
    QApplication.processEvents()

    assert looked == listener.heard == []


def test_a_refusal_goes_to_the_asker(qtbot: QtBot, tasks: Tasks) -> None:
    listener, everyone = Listener(), Listener()
    tasks.refused.connect(everyone.hear)

    with qtbot.waitSignal(listener.told):
        tasks.write(_refuse, failed=listener.hear)

    assert [type(error) for error in listener.heard] == [Refused]
    assert everyone.heard == []


def test_a_refusal_nobody_asked_about_is_still_said(qtbot: QtBot, tasks: Tasks) -> None:
    everyone = Listener()
    tasks.refused.connect(everyone.hear)

    with qtbot.waitSignal(everyone.told):
        tasks.write(_refuse)

    assert [str(error.reason) for error in everyone.heard if isinstance(error, Refused)] == ["full"]


def test_a_bug_is_raised_on_the_thread_of_the_window(qtbot: QtBot, tasks: Tasks) -> None:
    listener = Listener()
    with qtbot.captureExceptions() as bugs:
        tasks.read(lambda: 1 // 0, listener.hear)
        qtbot.waitUntil(lambda: bool(bugs))

    assert bugs[0][0] is ZeroDivisionError
    assert listener.heard == []


def test_what_the_asker_knew_comes_along(qtbot: QtBot, tasks: Tasks) -> None:
    listener = Listener()

    with qtbot.waitSignal(listener.told):
        tasks.read(lambda: "answer", partial(listener.hear, "asked"))

    assert listener.heard == [("asked", "answer")]


def test_a_function_of_nobody_is_refused(tasks: Tasks) -> None:
    with pytest.raises(TypeError):
        tasks.read(lambda: 1, print)


class Work:
    """Work that remembers on which thread the last one let go of it, as of a page it belongs to."""

    went: ClassVar[list[Thread]] = []

    def __call__(self) -> int:
        return 7

    def __del__(self) -> None:
        self.went.append(current_thread())


@pytest.mark.parametrize("is_wanted", [True, False], ids=["wanted", "forgotten"])
def test_what_work_holds_goes_on_the_windows_thread(
    qtbot: QtBot, tasks: Tasks, *, is_wanted: bool
) -> None:
    Work.went.clear()
    may_go_on = threading.Event()
    for _reader in range(READERS):
        tasks.read(may_go_on.wait)
    job = tasks.read(Work())
    if not is_wanted:
        job.forget()
    may_go_on.set()

    qtbot.waitUntil(lambda: bool(Work.went))

    assert Work.went == [main_thread()]


@pytest.fixture
def late(qapp: QApplication) -> Iterator[LateTasks]:  # noqa: ARG001 - Qt delivers through it
    tasks = LateTasks()
    yield tasks
    tasks.may_come.set()
    tasks.close()


def test_no_page_is_held_by_what_is_read_for_it(
    qtbot: QtBot, desk: Database, late: LateTasks
) -> None:
    """Held by that alone, it would be destroyed on the thread that reads."""
    page = TodayPage(Workspace(desk, late))
    page.shown()
    late.is_holding = True  # from the second question on, which follows the first answer
    qtbot.waitUntil(lambda: late.held_back == 1)
    gone = ref(page)

    del page
    gc.collect()

    assert gone() is None
