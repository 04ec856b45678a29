"""Connections, bounded: how many there are, how long one may say nothing or read nothing."""

import asyncio
import errno
import ipaddress
import socket
from collections.abc import Collection
from typing import Any, TypeAlias

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from correspondent_desk.errors import DeskError
from correspondent_desk.hub.service.limits import Limits
from correspondent_desk.hub.service.loopback import is_loopback

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network

_BACKLOG = 512
_GOODBYE_S = 1


class CannotServe(DeskError):
    """The hub cannot be reached as asked.

    Reasons: "plain-http", "in-use", "no-such-address", "certificate", "failed" (details: host, port,
    path).
    """

    code = "cannot-serve"


class Listener(socket.socket):
    """Accepts only so many connections at once, those in the middle of their handshake among them."""

    most = 512
    _open = 0

    def accept(self) -> tuple[socket.socket, Any]:
        """The next connection; one too many is let go at once, so that it may come again."""
        while True:
            descriptor, address = self._accept()  # type: ignore[attr-defined]  # of every socket
            if self._open < self.most:
                self._open += 1
                return _Counted(self, descriptor), address
            socket.close(descriptor)

    def released(self) -> None:
        """A connection was closed."""
        self._open -= 1


class _Counted(socket.socket):
    """A connection that tells its listener when it ends."""

    def __init__(self, listener: Listener, descriptor: int) -> None:
        super().__init__(listener.family, listener.type, listener.proto, fileno=descriptor)
        self._listener: Listener | None = listener

    def close(self) -> None:
        """Also when it is closed twice, it was one connection."""
        super().close()
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.released()


def listen(host: str, port: int, limits: Limits) -> Listener:
    """A socket that waits for connections; port 0 takes any that is free. Raises CannotServe."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as error:
        raise CannotServe("no-such-address", host=host, port=port) from error
    family, kind, protocol, _, address = found[0]
    listener = Listener(family, kind, protocol)
    listener.most = limits.connections
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        reason = {errno.EADDRINUSE: "in-use", errno.EADDRNOTAVAIL: "no-such-address"}
        raise CannotServe(reason.get(error.errno or 0, "failed"), host=host, port=port) from error
    listener.setblocking(False)  # noqa: FBT003 - the standard library's
    return listener


class Bounded(H11Protocol):
    """A connection that may neither dawdle over a request nor over reading its answer.

    uvicorn itself waits for ever for the first request, and for whoever does not read.
    """

    limits = Limits()
    proxies: Collection[Network] | None = None
    _head: asyncio.TimerHandle | None = None
    _stalled: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Behind a proxy, nobody else may connect."""
        super().connection_made(transport)
        host = self.client[0] if self.client else ""
        if self.proxies is not None and not is_among(self.proxies, host) and not is_loopback(host):
            transport.abort()
            return
        self._await_head()

    def data_received(self, data: bytes) -> None:
        """The time for a request begins with its first byte and ends with its head."""
        super().data_received(data)
        if self._is_answering:
            self._drop_head()
        elif self._head is None:
            self._await_head()

    def send_400_response(self, msg: str) -> None:
        """What is no HTTP ends the connection; a request that is being worked on is not answered again."""
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is not None and not cycle.response_complete:
            cycle.disconnected = True
            cycle.message_event.set()
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            super().send_400_response(msg)
        else:
            self.transport.close()

    def shutdown(self) -> None:
        """The service stops: who does not hang up when told so is hung up on."""
        super().shutdown()
        if not self._is_answering:
            self.loop.call_later(_GOODBYE_S, self.transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing more is waited for."""
        self._drop_head()
        self._drop_stalled()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """The other side has not read what was sent."""
        super().pause_writing()
        self._drop_stalled()
        self._stalled = self.loop.call_later(self.limits.pause_s, self.transport.abort)

    def resume_writing(self) -> None:
        """It reads again."""
        self._drop_stalled()
        super().resume_writing()

    @property
    def _is_answering(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is not None and not cycle.response_complete

    def _await_head(self) -> None:
        self._head = self.loop.call_later(self.limits.head_s, self.transport.abort)

    def _drop_head(self) -> None:
        if self._head is not None:
            self._head.cancel()
            self._head = None

    def _drop_stalled(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None


def is_among(networks: Collection[Network], host: str) -> bool:
    """Whether host is an address in one of them."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return any(address in network for network in networks)


def bounded(limits: Limits, proxies: Collection[Network] | None) -> type[Bounded]:
    """The protocol with these limits. proxies: who alone may connect; None: anybody."""

    class Connection(Bounded):
        pass

    Connection.limits = limits
    Connection.proxies = proxies
    return Connection
