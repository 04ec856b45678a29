"""Taking in what was uploaded, beside the requests; nothing that was committed is ever forgotten."""

import hashlib
import logging
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from threading import Lock

from correspondent_desk.errors import DeskError
from correspondent_desk.hub import ingest, refused
from correspondent_desk.hub.database import Hub
from correspondent_desk.hub.service import uploads
from correspondent_desk.hub.service.limits import Limits
from correspondent_desk.hub.service.uploads import Claimed
from correspondent_desk.sync.bundle import Source
from correspondent_desk.sync.online.wire import Fate, Import, State
from correspondent_desk.sync.rejection import BundleRejected

_log = logging.getLogger("correspondent_desk.hub")

Outcome = Future[Import | None]
"""What became of an upload; None: it waits, or another process is about it."""


class Imports:
    """Takes in committed uploads one after the other.

    What a killed process was about is taken up when a process starts, or when the desk asks.
    """

    def __init__(self, hub: Hub, limits: Limits) -> None:
        self._hub = hub
        self._limits = limits
        self._lock = Lock()
        self._asked: dict[bytes, Outcome] = {}
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="import")

    def take_up(self) -> None:
        """Everything that waits and that nobody is about."""
        for id_ in uploads.unclaimed(self._hub, self._limits):
            self.ask(id_)

    def ask(self, id_: bytes) -> Outcome | None:
        """Take in this upload soon, unless somebody does; None: not by this process any more."""
        with self._lock:
            if id_ not in self._asked:
                try:
                    self._asked[id_] = self._worker.submit(self._take_in, id_)
                except RuntimeError:  # the service is stopping: the next one takes it up
                    return None
            return self._asked[id_]

    def at_once(self, desk: int, content: bytes) -> Import:
        """Take in a bundle that came whole; what became of it.

        Killed meanwhile, the desk sends it again. Raises Refused (full), StoreBusy, CannotWrite.
        """
        uploads.require_disk(self._hub, len(content), self._limits)
        id_ = hashlib.sha256(content).digest()[:16]
        fate, operations, code = self._taken_in(id_, content, desk)
        return Import(id=id_.hex(), state=State.DONE, fate=fate, operations=operations, code=code)

    def close(self) -> None:
        """End what is being taken in; what waits stays for the next process."""
        self._worker.shutdown(wait=True, cancel_futures=True)

    def _take_in(self, id_: bytes) -> Import | None:
        try:
            claimed = uploads.claim(self._hub, id_, self._limits)
            return None if claimed is None else self._do(id_, claimed)
        except (DeskError, OSError) as error:
            _log.warning("upload %s waits: %s", id_.hex(), error)
            with suppress(DeskError):
                uploads.leave(self._hub, id_)
            return None
        finally:
            with self._lock:
                self._asked.pop(id_, None)

    def _do(self, id_: bytes, claimed: Claimed) -> Import:
        try:
            return uploads.finish(self._hub, id_, *self._taken_in(id_, claimed.path, claimed.desk))
        finally:
            with suppress(OSError):
                claimed.path.unlink(missing_ok=True)

    def _taken_in(self, id_: bytes, source: Source, desk: int) -> tuple[Fate, int, str]:
        """What became of the bundle, how many of its operations were new, and why it was refused."""
        try:
            arrival = ingest.take_in(self._hub, source, is_ours=True)
        except BundleRejected as error:
            _log.info("upload %s refused: %s", id_.hex(), error.full_code)
            # The desk did not say what its file is called, and ours would tell nobody anything.
            refused.note(self._hub, source, error, name="", desk=desk)
            return Fate.REFUSED, 0, error.full_code
        return Fate(arrival.fate), arrival.operations, ""
