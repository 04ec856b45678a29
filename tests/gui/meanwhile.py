"""Something long is under way, and one goes on working."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from pytestqt.qtbot import QtBot

from correspondent_desk.errors import DeskError
from correspondent_desk.gui.tasks import Job, Tasks
from correspondent_desk.gui.workspace import Workspace

T = TypeVar("T")

LONG_S = 20


@contextmanager
def busy(workspace: Workspace) -> Iterator[None]:
    """Something long is being written, as an import is: what is asked inside is written afterwards."""
    over = threading.Event()
    workspace.keep(lambda _s: over.wait(LONG_S))
    try:
        yield
    finally:
        over.set()


def at_rest(qtbot: QtBot, workspace: Workspace) -> None:
    """Wait until all is written and every answer is told."""
    qtbot.waitUntil(lambda: not workspace.is_busy)


class LateTasks(Tasks):
    """Holds the answers of what is read while is_holding back, until they may come."""

    def __init__(self) -> None:
        super().__init__()
        self.is_holding = False
        self.held_back = 0  # answers that were found and wait
        self.may_come = threading.Event()

    def read(
        self,
        work: Callable[[], T],
        then: Callable[[T], object] | None = None,
        failed: Callable[[DeskError], object] | None = None,
    ) -> Job[T]:
        """As Tasks. There are two readers: a second one that is held back holds up all others."""

        def late() -> T:
            found = work()
            self.held_back += 1
            assert self.may_come.wait(LONG_S)
            return found

        return super().read(late if self.is_holding else work, then, failed)
