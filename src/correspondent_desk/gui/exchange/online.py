"""The exchange over the network, beside everything else: only its short moments with the store queue.

One for each workspace, whether the page of exchanges was ever opened or not.
"""

import threading
import time
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from correspondent_desk.domain.fields import Kind
from correspondent_desk.errors import DeskError
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.store import history
from correspondent_desk.store.changes import Changed
from correspondent_desk.store.database import Database
from correspondent_desk.sync import link
from correspondent_desk.sync.online import exchange
from correspondent_desk.sync.online.exchange import Carried, OnlineReport, Plan
from correspondent_desk.sync.online.transfer import PAUSES_S, Progress, Stage

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

AUTOMATIC = "exchange.automatic"
NEVER, OPENING, HOURLY = "", "opening", "hourly"
_AFTER_OPENING_MS = 15_000
_HOUR_MS = 3_600_000
_TELL_EVERY_S = 0.1


class OnlineExchange(QObject):
    """Exchanges when asked, and by itself if somebody chose so; one exchange at a time."""

    began = Signal()
    progressed = Signal(object)  # Progress
    ended = Signal(object)  # OnlineReport
    refused = Signal(object)  # DeskError: this desk itself could not
    _heard = Signal(object, object)  # Progress or Carried, of which exchange

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._workspace = workspace
        self.pauses_s: tuple[float, ...] = (
            PAUSES_S  # before each further attempt, when the line was cut
        )
        self._stopped = threading.Event()
        self._telling, self._is_closed = threading.Lock(), False
        self._report: OnlineReport | None = None
        self._rounds = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._by_itself)
        self._heard.connect(self._hear, Qt.ConnectionType.QueuedConnection)
        workspace.closing.connect(self._close)

    @classmethod
    def of(cls, workspace: Workspace) -> "OnlineExchange":
        """The one of this workspace."""
        found = workspace.findChild(cls, options=Qt.FindChildOption.FindDirectChildrenOnly)
        return found if isinstance(found, cls) else cls(workspace)

    @property
    def is_under_way(self) -> bool:
        """Whether an exchange is under way."""
        return self._report is not None

    def begin(self) -> None:
        """Exchange now; nothing if that is under way already."""
        if self.is_under_way:
            return
        self._stopped = threading.Event()
        self._report = OnlineReport()
        self._rounds = 0
        self.began.emit()
        self._plan()

    @Slot()
    def stop(self) -> None:
        """Stop; what was carried stays, and the next exchange goes on."""
        self._stopped.set()

    def watch(self) -> None:
        """From now on, exchange by itself as somebody chose; the desk was just opened."""
        chosen = self.automatic()
        if chosen != NEVER:
            self._timer.start(_AFTER_OPENING_MS)

    def automatic(self) -> str:
        """When to exchange by itself: NEVER, OPENING or HOURLY."""
        found = self._workspace.now(lambda s: history.read_setting(s, AUTOMATIC, str))
        return found if found in (OPENING, HOURLY) else NEVER

    def set_automatic(self, chosen: str) -> None:
        """Exchange by itself from now on; at the opening means the next one."""
        self._workspace.keep(lambda s: history.write_setting(s, AUTOMATIC, chosen))
        self._timer.stop()
        if chosen == HOURLY:
            self._timer.start(_HOUR_MS)

    # --- one round: with the store, over the network, with the store

    def _plan(self) -> None:
        def work(db: Database) -> tuple[Plan, Changed]:
            return exchange.plan(db), Changed({})

        self._rounds += 1
        self.progressed.emit(Progress(Stage.CONNECTING))
        self._workspace.lend(work, then=self._carry, failed=self._fail)

    def _carry(self, planned: Plan) -> None:
        stopped = self._stopped
        pauses_s = self.pauses_s
        tell = partial(self._tell, stopped, [0.0])

        def work() -> None:
            carried = exchange.carry(planned, tell, stopped.is_set, pauses_s)
            self._emit((planned, carried), stopped)

        # No Qt and no store in it, and a window that is closed waits for no network.
        threading.Thread(target=work, name="network", daemon=True).start()

    def _tell(self, stopped: threading.Event, last: list[float], progress: Progress) -> None:
        now = time.monotonic()
        if now - last[0] >= _TELL_EVERY_S or progress.done == progress.total:
            last[0] = now
            self._emit(progress, stopped)

    def _emit(self, what: object, stopped: threading.Event) -> None:
        """Tell the window what it is still there to hear.

        A program that ends takes Qt down while this thread goes on: told then, it crashed.
        """
        with self._telling:
            if not self._is_closed:
                self._heard.emit(what, stopped)

    @Slot(object, object)
    def _hear(self, what: object, stopped: object) -> None:
        if stopped is not self._stopped or self._report is None:
            return
        if isinstance(what, Progress):
            self.progressed.emit(what)
        elif isinstance(what, tuple):
            planned, carried = what
            self._take_in(planned, carried)

    def _take_in(self, planned: Plan, carried: Carried) -> None:
        report = self._report
        if report is None:
            return

        def work(db: Database) -> tuple[bool, Changed]:
            before = len(report.received)
            is_more = exchange.take_in(db, planned, carried, report)
            return is_more, _changed(report, before)

        self.progressed.emit(Progress(Stage.TAKING_IN))
        self._workspace.lend(work, then=self._go_on, failed=self._fail)

    def _go_on(self, is_more: bool) -> None:
        if is_more and self._rounds < exchange.MOST_ROUNDS and not self._stopped.is_set():
            self._plan()
            return
        report, self._report = self._report, None
        self._again()
        self.ended.emit(report)

    def _fail(self, error: DeskError) -> None:
        self._report = None
        self._again()
        self.refused.emit(error)

    # --- by itself

    @Slot()
    def _by_itself(self) -> None:
        is_reachable = self._workspace.now(_is_reachable)
        if is_reachable:
            self.begin()
        else:
            self._again()

    def _again(self) -> None:
        if self.automatic() == HOURLY:
            self._timer.start(_HOUR_MS)

    @Slot()
    def _close(self) -> None:
        self._timer.stop()
        self._stopped.set()
        self._report = None
        with self._telling:
            self._is_closed = True


def _is_reachable(session: "Session") -> bool:
    known = link.find(session)
    return known is not None and bool(known.url)


def _changed(report: OnlineReport, before: int) -> Changed:
    found: dict[Kind, set[int]] = {}
    for one in report.received[before:]:
        for kind, ids in one.changed.items():
            found.setdefault(kind, set()).update(ids)
    return Changed(found)
