"""What a person goes to next is loaded before they do, and the window does not wait for it.

Whatever defines a class of Qt is loaded on the window's thread, a part at a time: Qt asks PySide for
the classes of its objects without Python's lock, and a class made meanwhile on another thread may end
the program (ADR 42). What they stand on takes most of the time and is loaded in the background.
"""

import gc
import sys
from collections import deque
from collections.abc import Callable, Iterable
from functools import partial
from importlib import import_module
from time import sleep
from typing import NamedTuple

from PySide6.QtCore import QObject, QTimer, Slot

from correspondent_desk.gui.tasks import Tasks

BREATH_MS = 20  # for what the window has to do, between one part and the next


class Stage(NamedTuple):
    """Modules of ours, by their names in the package.

    beneath: what the window's parts stand on, free of Qt. window: parts in the order in which they
    need each other; each brings a few modules more, so that none stops the window for long.
    """

    beneath: tuple[str, ...]
    window: tuple[str, ...]


TODAY = Stage(
    beneath=(
        "store.database",
        "messages.errors",
        "messages.history",
        "messages.on_paper",
        "messages.problems",
        "records.finding",
        "records.today",
    ),
    window=(
        "gui.help.page",
        "gui.search_field",
        "gui.places",
        "gui.today.asking",
        "gui.today.page",
    ),
)
"""The frame and its first page."""

OTHER_PAGES = Stage(
    beneath=(
        "domain.passphrases",
        "messages.copies",
        "messages.erasing",
        "messages.exchange",
        "messages.exports",
        "messages.files",
        "messages.health",
        "messages.imports",
        "messages.relaying",
        "records.contacts",
        "records.erasures",
        "records.pasts",
        "sync.online.exchange",
    ),
    window=(
        "gui.filtered_list",
        "gui.exchange.on_card",
        "gui.members.member_form",
        "gui.members.card",
        "gui.members.page",
        "gui.requests.page",
        "gui.meetings.card",
        "gui.meetings.plan_form",
        "gui.meetings.page",
        "gui.exchange.import_view",
        "gui.exchange.page",
        "gui.settings.page",
    ),
)


class Ahead(QObject):
    """Loads stages, one after the other in the order asked."""

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._left: deque[Callable[[], object]] = deque()
        self._turn = QTimer(self, singleShot=True, interval=BREATH_MS)
        self._turn.timeout.connect(self._next)

    def load(
        self,
        stage: Stage,
        then: Callable[[], object],
        beside: Callable[[], object] | None = None,
    ) -> None:
        """Load stage and call then on this thread; beside, what else takes long, in the background."""
        self._tasks.read(partial(_load_beneath, stage, beside), partial(self._go_on, stage, then))

    def _go_on(self, stage: Stage, then: Callable[[], object], _nothing: None) -> None:
        self._left.extend(partial(import_module, name) for name in _missing(stage.window))
        # What is loaded stays; to look through all of it for garbage stops the window for 100 ms.
        self._left.extend((gc.freeze, then))
        self._turn.start()

    @Slot()
    def _next(self) -> None:
        part = self._left.popleft()
        if self._left:
            self._turn.start()
        part()


def _load_beneath(stage: Stage, beside: Callable[[], object] | None) -> None:
    if beside is not None:
        beside()
    for name in _missing(stage.beneath):
        import_module(name)
        sleep(BREATH_MS / 1000)


def _missing(names: Iterable[str]) -> list[str]:
    whole = [f"correspondent_desk.{name}" for name in names]
    return [name for name in whole if name not in sys.modules]
