"""The line to the hub: signed requests, answers as types, and every trouble as a DeskError."""

import secrets
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self, TypeVar
from urllib.parse import urlsplit

import msgspec

from correspondent_desk import __version__, decoding
from correspondent_desk.sync.keys import DeskKeys
from correspondent_desk.sync.online import trouble, wire
from correspondent_desk.sync.online.addresses import BadAddress, is_address, is_secure
from correspondent_desk.sync.online.trouble import (
    Distrust,
    HubNotTrusted,
    HubRefused,
    HubUnreachable,
    Stopped,
    Unreachable,
)
from correspondent_desk.sync.online.wire import Code, Directory

if TYPE_CHECKING:
    import httpx

T = TypeVar("T", bound=msgspec.Struct)

CONNECT_S = 15
ANSWER_S = 45
_MOST_ANSWER = 64 << 10
_BETWEEN = (500, 502, 503, 504)  # said by proxies, and by a hub that is in trouble itself


class Line:
    """An open line to one hub; use as a context manager. Not for several threads.

    certificate: DER of the only authority that is believed; none: those of this computer.
    is_stopped is asked between any two pieces; then Stopped is raised. at_once: the length up to
    which the hub takes a bundle in one request; 0 until it was asked for its directory.
    """

    def __init__(
        self,
        url: str,
        keys: DeskKeys,
        *,
        certificate: bytes = b"",
        is_stopped: Callable[[], bool] = lambda: False,
        answer_s: float = ANSWER_S,
    ) -> None:
        import httpx

        if not is_address(url):  # an invitation of an earlier version may bring one
            raise BadAddress("url", text=url)
        self.host = urlsplit(url).hostname or url
        self._is_stopped = is_stopped
        self._signing = keys.signing
        self._nonce = ""
        self.at_once = 0
        if not is_secure(url):
            raise HubNotTrusted(Distrust.NOT_SECURE, host=self.host)
        with self._said():
            self._client = httpx.Client(
                base_url=url,
                verify=_trust(certificate),
                timeout=httpx.Timeout(answer_s, connect=CONNECT_S),
                headers={"User-Agent": f"correspondent-desk/{__version__}"},
                follow_redirects=False,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._client.close()

    def directory(self, believe: Callable[[Directory], object], version: int = 0) -> Directory:
        """Who answers. Raises HubNotTrusted, HubRefused, and what believe raises.

        believe: decides by the signing key, which is proven, whether this is the hub. version: of the
        directory that is known, so that only a newer one travels.
        """
        chosen = secrets.token_urlsafe(24)
        response = self._ask("GET", f"/v1/directory?chosen={chosen}&known={version}")
        found = self.read(response, Directory)
        if not wire.is_proven(found, chosen):
            raise HubNotTrusted(Distrust.OTHER_HUB, host=self.host)
        believe(found)
        if found.oldest > wire.PROTOCOL:
            raise HubRefused("update-desk", host=self.host)
        if found.protocol < wire.OLDEST:
            raise HubRefused("update-hub", host=self.host)
        self.at_once = min(found.at_once, wire.MOST_AT_ONCE)
        return found

    def nonce(self) -> str:
        """The nonce that the next request will use."""
        if not self._nonce:
            self._ask("GET", "/v1/health")
        return self._nonce

    def call(
        self, method: str, target: str, kind: type[T], told: msgspec.Struct | None = None
    ) -> T:
        """A signed request, and its answer."""
        body = b"" if told is None else msgspec.json.encode(told)
        headers = {"Content-Type": "application/json"} if body else {}
        return self.read(self.signed(method, target, body, headers), kind)

    def signed(
        self,
        method: str,
        target: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        *,
        allowed: tuple[int, ...] = (),
    ) -> "httpx.Response":
        """A signed request. Raises HubRefused for a no, unless its status is allowed.

        A nonce may be too old after a pause: then, once more with another one.
        """
        response = self._ask(method, target, body, self._headers(method, target, body, headers))
        if self._code(response) == Code.BAD_NONCE:
            response = self._ask(method, target, body, self._headers(method, target, body, headers))
        if response.is_success or response.status_code in allowed:
            return response
        raise self._refusal(response)

    @contextmanager
    def fetched(
        self, target: str, headers: Mapping[str, str], *, allowed: tuple[int, ...]
    ) -> "Iterator[httpx.Response]":
        """A signed GET whose body is read piece by piece."""
        self._go_on()
        every = self._headers("GET", target, b"", headers)
        with (
            self._said(),
            self._client.stream("GET", target, headers=every) as response,
        ):
            self._note(response)
            if not response.is_success and response.status_code not in allowed:
                response.read()
                raise self._refusal(response)
            yield response

    def pieces(self, response: "httpx.Response") -> Iterator[bytes]:
        """The body of an answer, as it comes."""
        for piece in response.iter_bytes():
            self._go_on()
            yield piece

    def _headers(
        self, method: str, target: str, body: bytes, more: Mapping[str, str] | None
    ) -> dict[str, str]:
        nonce, self._nonce = self.nonce(), ""
        digest = wire.digest_of(body)
        told = dict(more or {})
        offset = told.get(wire.OFFSET, "")
        told[wire.DIGEST] = digest
        told["Authorization"] = wire.authorization(
            self._signing, nonce, method, target, digest=digest, offset=offset
        )
        return told

    def _ask(
        self,
        method: str,
        target: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> "httpx.Response":
        self._go_on()
        with self._said():
            response = self._client.request(
                method, target, content=body or None, headers=dict(headers or {})
            )
        self._note(response)
        return response

    def _note(self, response: "httpx.Response") -> None:
        """What is no answer of a hub at all comes from a wrong address, or from a hotel's welcome page."""
        if wire.NONCE not in response.headers and response.status_code not in _BETWEEN:
            raise HubNotTrusted(Distrust.NOT_A_HUB, host=self.host)
        self._nonce = response.headers.get(wire.NONCE, "")

    def read(self, response: "httpx.Response", kind: type[T]) -> T:
        """The answer as this type. Raises HubRefused, HubUnreachable, HubNotTrusted."""
        if not response.is_success:
            raise self._refusal(response)
        try:
            return decoding.json(kind).decode(response.content[:_MOST_ANSWER])
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise HubNotTrusted(Distrust.NOT_A_HUB, host=self.host) from error

    def _code(self, response: "httpx.Response") -> Code | None:
        if response.is_success or response.is_stream_consumed is False:
            return None
        try:
            return decoding.json(wire.Refusal).decode(response.content[:_MOST_ANSWER]).code
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None

    def _refusal(self, response: "httpx.Response") -> HubRefused | HubUnreachable:
        code = self._code(response)
        if code is None and response.status_code in _BETWEEN[1:]:
            return HubUnreachable(Unreachable.NO_ANSWER, host=self.host)
        return HubRefused(code or Code.FAILED, host=self.host)

    def _go_on(self) -> None:
        if self._is_stopped():
            raise Stopped

    @contextmanager
    def _said(self) -> Iterator[None]:
        """What httpx raises, as a DeskError."""
        import httpx

        try:
            yield
        except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError) as error:
            raise trouble.of(error, self.host) from error


def _trust(certificate: bytes) -> ssl.SSLContext:
    """Whom to believe: one authority of the hub's own, or those that this computer believes."""
    if not certificate:
        import truststore

        return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_verify_locations(cadata=certificate)
    except (ssl.SSLError, ValueError) as error:
        raise HubNotTrusted(Distrust.UNKNOWN_ISSUER, host="") from error
    # A hub may show the very certificate that its invitation carries, which is no authority.
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return context
