"""Taking in what was uploaded, beside the requests; nothing that was committed is ever forgotten."""

import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Lock

from correspondent_desk.errors import DeskError
from correspondent_desk.hub import ingest, refused
from correspondent_desk.hub.database import Hub
from correspondent_desk.hub.service import uploads
from correspondent_desk.hub.service.limits import Limits
from correspondent_desk.sync.online.wire import Fate
from correspondent_desk.sync.rejection import BundleRejected

_log = logging.getLogger("correspondent_desk.hub")


class Imports:
    """Takes in committed uploads one after the other.

    What a killed process was about is taken up when a process starts, or when the desk asks.
    """

    def __init__(self, hub: Hub, limits: Limits) -> None:
        self._hub = hub
        self._limits = limits
        self._lock = Lock()
        self._asked: set[bytes] = set()
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="import")

    def take_up(self) -> None:
        """Everything that waits and that nobody is about."""
        for id_ in uploads.unclaimed(self._hub, self._limits):
            self.ask(id_)

    def ask(self, id_: bytes) -> None:
        """Take in this upload soon, unless somebody does."""
        with self._lock:
            if id_ in self._asked:
                return
            self._asked.add(id_)
        with suppress(RuntimeError):  # the service is stopping: the next one takes it up
            self._worker.submit(self._take_in, id_)

    def close(self) -> None:
        """End what is being taken in; what waits stays for the next process."""
        self._worker.shutdown(wait=True, cancel_futures=True)

    def _take_in(self, id_: bytes) -> None:
        try:
            if uploads.claim(self._hub, id_, self._limits):
                self._do(id_)
        except (DeskError, OSError) as error:
            _log.warning("upload %s waits: %s", id_.hex(), error)
            with suppress(DeskError):
                uploads.leave(self._hub, id_)
        finally:
            with self._lock:
                self._asked.discard(id_)

    def _do(self, id_: bytes) -> None:
        path = uploads.assemble(self._hub, id_)
        try:
            arrival = ingest.take_in(self._hub, path)
        except BundleRejected as error:
            _log.info("upload %s refused: %s", id_.hex(), error.full_code)
            refused.note(self._hub, path, error, desk=uploads.desk_of(self._hub, id_))
            uploads.finish(self._hub, id_, Fate.REFUSED, 0, error.full_code)
        else:
            fate = Fate(arrival.fate)
            uploads.finish(self._hub, id_, fate, arrival.operations, "")
        finally:
            with suppress(OSError):
                path.unlink(missing_ok=True)
