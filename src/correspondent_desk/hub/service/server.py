"""Serving a hub from this process until it is told to stop."""

import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import uvicorn
from uvicorn.server import HANDLED_SIGNALS

from correspondent_desk.hub.database import Hub
from correspondent_desk.hub.service import app
from correspondent_desk.hub.service.limits import Limits
from correspondent_desk.hub.service.listening import CannotServe, Network, bounded, listen
from correspondent_desk.hub.service.loopback import is_loopback
from correspondent_desk.hub.service.paper import Paper

_MOST_HEAD = 32 << 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """Where, and who secures it: certificate and key (PEM files), or proxies in these networks."""

    host: str = "127.0.0.1"
    port: int = 8443
    certificate: Path | None = None
    key: Path | None = None
    proxies: Sequence[Network] | None = None
    limits: Limits = field(default_factory=Limits)


class Server(uvicorn.Server):
    """A service that is listening, at port, and serves until stop is called or a signal comes."""

    def __init__(self, hub: Hub, serving: Serving) -> None:
        """Raises CannotServe, DiskRefused, StoreBusy, CannotWrite."""
        _require_secure(serving)
        limits = serving.limits
        paper = None
        if serving.certificate is not None:
            paper = Paper(serving.certificate, serving.key)
        self._listener = listen(serving.host, serving.port, limits)
        self.port: int = self._listener.getsockname()[1]
        try:
            served = app.make(hub, limits, paper)
        except BaseException:
            self._listener.close()
            raise
        config = uvicorn.Config(
            served,
            http=bounded(limits, serving.proxies),
            loop="asyncio",
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            proxy_headers=serving.proxies is not None,
            forwarded_allow_ips=[*map(str, serving.proxies or ()), "127.0.0.1", "::1"],
            server_header=False,
            timeout_keep_alive=limits.idle_s,
            timeout_graceful_shutdown=limits.stop_s,
            h11_max_incomplete_event_size=_MOST_HEAD,
            ssl_certfile=serving.certificate,
            ssl_context_factory=None if paper is None else lambda _config, _usual: paper.context,
        )
        super().__init__(config)

    def serve_until_stopped(self) -> None:
        """Serve; a signal to stop lets what is under way end."""
        self.run(sockets=[self._listener])

    def stop(self) -> None:
        """Let what is under way end, and return from run. From any thread."""
        self.should_exit = True

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """As uvicorn's own, but a signal that was obeyed does not kill the program afterwards."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {one: signal.signal(one, self.handle_exit) for one in HANDLED_SIGNALS}
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)


def _require_secure(serving: Serving) -> None:
    """Plain HTTP stays on this computer, or comes from a proxy that speaks HTTPS for it."""
    is_open = serving.certificate is None and serving.proxies is None
    if is_open and not is_loopback(serving.host):
        raise CannotServe("plain-http", host=serving.host, port=serving.port)
