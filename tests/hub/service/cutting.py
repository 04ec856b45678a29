"""A line that is cut: what goes through is counted, and ends after so many bytes."""

import socket
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

HOST = "127.0.0.1"
_PIECE = 16 << 10


@dataclass
class CuttingLine:
    """Forwards connections to a port of this computer; up and down: bytes left before the cut.

    Each cut ends one connection; then the next number of the list holds, and at its end none.
    """

    port: int
    up: list[int] = field(default_factory=list)
    down: list[int] = field(default_factory=list)
    sent: int = 0
    received: int = 0
    cuts: int = 0

    def __enter__(self) -> Self:
        self._listener = socket.create_server((HOST, 0))
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in list(self._threads):
            thread.join(timeout=20)

    @property
    def url(self) -> str:
        return f"https://{HOST}:{self._listener.getsockname()[1]}"

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection((HOST, self.port))
                for thread in (
                    threading.Thread(target=self._forward, args=(near, far, True)),
                    threading.Thread(target=self._forward, args=(far, near, False)),
                ):
                    self._threads.append(thread)
                    thread.start()

    def _forward(self, source: socket.socket, target: socket.socket, is_up: bool) -> None:  # noqa: FBT001
        with suppress(OSError):
            while piece := source.recv(_PIECE):
                if not self._may_pass(len(piece), is_up=is_up):
                    break
                target.sendall(piece)
        for one in (source, target):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _may_pass(self, size: int, *, is_up: bool) -> bool:
        with self._lock:
            left = self.up if is_up else self.down
            if is_up:
                self.sent += size
            else:
                self.received += size
            if not left:
                return True
            left[0] -= size
            if left[0] > 0:
                return True
            del left[0]
            self.cuts += 1
            return False
