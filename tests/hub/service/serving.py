"""A hub that really serves on the loopback, over HTTPS with a certificate made for the test.

uvicorn naps a tenth of a second here and there, twice before it stops; for tests it naps less.
"""

import asyncio
import datetime as dt
import ipaddress
import os
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import msgspec
import uvicorn.server
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from correspondent_desk.hub.database import Hub
from correspondent_desk.hub.service.limits import Limits
from correspondent_desk.hub.service.listening import Network
from correspondent_desk.hub.service.server import Server, Serving
from correspondent_desk.store.database import Database
from correspondent_desk.sync import link
from correspondent_desk.sync.keys import DeskKeys
from correspondent_desk.sync.link import Link
from correspondent_desk.sync.online.line import Line
from tests import programs
from tests.sync.desks import Town

HOST = "127.0.0.1"
uvicorn.server.asyncio = SimpleNamespace(  # type: ignore[attr-defined, assignment]
    **{**vars(asyncio), "sleep": lambda seconds: asyncio.sleep(seconds / 20)}
)
TRUSTS_NOBODY = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For a hub that does not encrypt: reading the list of authorities takes 25 ms each time."""


@dataclass(frozen=True)
class Certificate:
    """PEM files of a certificate and its key, and its DER."""

    certificate: Path
    key: Path
    der: bytes


def certificate(folder: Path, *, name: str = HOST, days: int = 30) -> Certificate:
    """A certificate that vouches for itself, for an address; days: from now to its end."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hub of a test")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=60))
        .not_valid_after(now + dt.timedelta(days=days))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(name))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(exist_ok=True)
    paths = folder / "hub.pem", folder / "hub-key.pem"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return Certificate(*paths, made.public_bytes(serialization.Encoding.DER))


@dataclass
class Served:
    """A hub on the loopback; stop it or let the with statement do so."""

    server: Server
    thread: threading.Thread
    certificate: Certificate | None

    @property
    def url(self) -> str:
        return f"{'https' if self.certificate else 'http'}://{HOST}:{self.server.port}"

    def stop(self) -> None:
        self.server.stop()
        self.thread.join(timeout=30)
        assert not self.thread.is_alive()


def serve(
    hub: Hub,
    certificate: Certificate | None,
    limits: Limits | None = None,
    port: int = 0,
    proxies: Sequence[Network] | None = None,
) -> Served:
    """Serve hub from a thread."""
    server = Server(
        hub,
        Serving(
            port=port,
            certificate=certificate.certificate if certificate else None,
            key=certificate.key if certificate else None,
            proxies=proxies,
            limits=limits or Limits(),
        ),
    )
    thread = threading.Thread(target=server.serve_until_stopped, name="hub")
    thread.start()
    until(lambda: server.started)
    return Served(server, thread, certificate)


class Process:
    """A hub in a process of its own, which can be killed."""

    def __init__(self, folder: Path, paper: Certificate, port: int = 0) -> None:
        words = ["--lang", "en", "hub", "serve", "--hub", str(folder), "--port", str(port)]
        words += ["--cert", str(paper.certificate), "--key", str(paper.key)]
        self._end, self.pid, told = _begun(words)
        assert "https://127.0.0.1:" in told, told
        self.port = int(told.strip().rstrip(".").rsplit(":", 1)[1])

    def end(self, how: int) -> int:
        os.kill(self.pid, how)
        return self._end()


def _begun(words: list[str]) -> tuple[Callable[[], int], int, str]:
    """The command with these words: what waits for its end, its id, and its first line."""
    if sys.platform == "win32":
        command = [sys.executable, "-m", "correspondent_desk", *words]
        program = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert program.stdout is not None
        with program.stdout as said:
            return lambda: program.wait(timeout=30), program.pid, said.readline()
    reader, writer = os.pipe()
    process = programs.started(words, (0, writer, 2))
    os.close(writer)
    said = os.fdopen(reader, encoding="utf-8")

    def end() -> int:
        with said:  # it has a last word
            process.join(30)
        assert process.exitcode is not None
        return process.exitcode

    assert process.pid is not None
    return end, process.pid, said.readline()


@contextmanager
def served(
    hub: Hub,
    certificate: Certificate | None,
    limits: Limits | None = None,
    proxies: Sequence[Network] | None = None,
) -> Iterator[Served]:
    found = serve(hub, certificate, limits, proxies=proxies)
    try:
        yield found
    finally:
        found.stop()


def until(claim: Callable[[], bool], seconds: float = 20) -> None:
    """Wait for what another thread does."""
    end = time.monotonic() + seconds
    while not claim():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.01)


def reaches(desk: Database, url: str, certificate: bytes = b"") -> None:
    """The desk knows where its hub is, as an invitation would have told it."""

    def work(session: object) -> None:
        known = link.find(session)  # type: ignore[arg-type]
        assert known is not None
        told = msgspec.structs.replace(known, url=url, certificate=certificate)
        link.keep(session, told)  # type: ignore[arg-type]

    desk.keep(work)


def online_desk(town: Town, hub: Served, person: str = "Yann", office: str = "") -> Database:
    """A new desk with an invitation that tells where the hub is."""
    desk = town.desk(person, office) if office else town.desk(person)
    reaches(desk, hub.url, hub.certificate.der if hub.certificate else b"")
    return desk


def known(desk: Database) -> tuple[Link, DeskKeys]:
    return desk.read(link.load)


def line(desk: Database, url: str = "") -> Line:
    """A line as the desk would open it."""
    found, keys = known(desk)
    return Line(url or found.url, keys, certificate=found.certificate, answer_s=20)


def connect(hub: Served) -> socket.socket:
    """A bare connection, encrypted if the hub is."""
    plain = socket.create_connection((HOST, hub.server.port), timeout=20)
    if hub.certificate is None:
        return plain
    context = ssl.create_default_context(cadata=hub.certificate.der)
    return context.wrap_socket(plain, server_hostname=HOST)
