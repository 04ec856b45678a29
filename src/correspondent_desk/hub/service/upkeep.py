"""What a process that serves for months does by itself.

Once a day new keys if the month is over, what was replaced long ago dropped from the logs, uploads forgotten
that nobody goes on with, and what was held let go that its desk has brought otherwise; at every look, a
certificate that was renewed, and the erasures that another process confirmed noted in the file beside this
one too, which may be the one that is copied.
"""

import logging
import threading

from correspondent_desk.errors import DeskError
from correspondent_desk.hub import compaction, erasure_ledger, forked, identity
from correspondent_desk.hub.database import Hub
from correspondent_desk.hub.service import uploads
from correspondent_desk.hub.service.limits import Limits
from correspondent_desk.hub.service.paper import Paper

_log = logging.getLogger("correspondent_desk.hub")
_DAY_MS = 24 * 60 * 60 * 1000


class Upkeep:
    """Looks again and again, on a thread of its own, from start to close."""

    def __init__(self, hub: Hub, limits: Limits, paper: Paper | None) -> None:
        self._hub = hub
        self._limits = limits
        self._paper = paper
        self._due_ms = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._keep_looking, name="upkeep", daemon=True)

    def start(self) -> None:
        """Look for the first time now."""
        self._thread.start()

    def close(self) -> None:
        """Return when nothing is being done any more."""
        self._over.set()
        self._thread.join()

    def look(self) -> None:
        """Do what is due. What the database refuses is tried again the next time."""
        if self._paper is not None:
            self._paper.renew()
        try:
            erasure_ledger.replay(self._hub)
            self._do_daily()
        except DeskError as error:
            _log.warning("upkeep waits: %s", error)

    def _do_daily(self) -> None:
        now = self._hub.now_ms()
        if now >= self._due_ms:
            identity.rotate(self._hub)
            uploads.forget_stale(self._hub, self._limits)
            forked.settle(self._hub)
            worth_it = compaction.WORTH_IT
            compaction.compact(self._hub, worth_it=worth_it, is_over=self._over.is_set)
            self._due_ms = now + _DAY_MS

    def _keep_looking(self) -> None:
        self.look()
        while not self._over.wait(self._limits.look_s):
            self.look()
