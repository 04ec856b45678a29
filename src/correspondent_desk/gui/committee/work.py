"""What the hub is asked to do at the window, one act after the other, and what came of it.

It outlives the page, which goes when the desk is locked or another language is chosen.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from correspondent_desk.errors import DeskError
from correspondent_desk.gui.committee.acts import Acts, HubShown, Told
from correspondent_desk.gui.tasks import Job, Tasks
from correspondent_desk.messages.errors import sentence


class Where(Enum):
    """The card that something was asked in."""

    PLACE = auto()
    OFFICES = auto()
    FILES = auto()


@dataclass(frozen=True, slots=True)
class Asked:
    """An act. name: what was typed for it, and is not wanted any more once it is done."""

    where: Where
    what: str  # "Writing the files…"
    name: str = ""


class Work(QObject):
    """The hub that is kept at the window."""

    ended = Signal(object)  # Asked: that was done, or refused

    def __init__(
        self, tasks: Tasks, acts: Acts, folder: Path | None, keep: Callable[[Path | None], None]
    ) -> None:
        """folder: of the hub that was open last; keep is told of another one.

        tasks go on when the desk is locked, and hold up no lock: what a hub does may take long.
        """
        super().__init__()
        self.acts, self.folder = acts, folder
        self._tasks, self._keep = tasks, keep
        self.hub: HubShown | None = None  # as it was seen last
        self.under_way: Asked | None = None
        self.last: Asked | None = None  # if it was done
        self.told: dict[Where, Told] = {}  # what came of the last act of each card

    def turn_to(self, folder: Path | None) -> None:
        """From now on it is about the hub there; None: about none."""
        if folder != self.folder:
            self.folder, self.hub, self.last = folder, None, None
            self.told.clear()
            self._keep(folder)

    def look(
        self,
        folder: Path,
        then: Callable[[HubShown], object],
        failed: Callable[[DeskError], object],
    ) -> Job[HubShown]:
        """How the hub there stands."""
        return self._tasks.read(partial(self.acts.look, folder), then, failed)

    def do(self, asked: Asked, act: Callable[[], Told], opens: Path | None = None) -> None:
        """Begin; nothing else may be under way. opens: where the hub is that it makes.

        What was begun is done to its end, when the window is closed too.
        """
        self.under_way, self.last = asked, None
        self.told.pop(asked.where, None)
        self._tasks.write(act, partial(self._done, asked, opens), partial(self._refused, asked))

    def _done(self, asked: Asked, opens: Path | None, told: Told) -> None:
        if opens is not None:
            self.turn_to(opens)
        self.last = asked
        self._end(asked, told)

    def _refused(self, asked: Asked, error: DeskError) -> None:
        self._end(asked, Told((), (sentence(error),)))

    def _end(self, asked: Asked, told: Told) -> None:
        self.under_way = None
        self.told[asked.where] = told
        self.ended.emit(asked)
