"""The service as an ASGI application: who asks, what of the body is believed, and how it is answered."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import Any, TypeAlias, TypeVar

import anyio
import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Match, Mount
from starlette.routing import Route as Place
from starlette.types import ASGIApp, Receive, Scope, Send

from correspondent_desk.errors import DeskError
from correspondent_desk.hub.database import Hub
from correspondent_desk.hub.pages import app as pages
from correspondent_desk.hub.service import openapi, visitors
from correspondent_desk.hub.service.imports import Imports
from correspondent_desk.hub.service.limits import Limits
from correspondent_desk.hub.service.loopback import is_loopback
from correspondent_desk.hub.service.nonces import Nonces
from correspondent_desk.hub.service.paper import Paper
from correspondent_desk.hub.service.refusal import Refused
from correspondent_desk.hub.service.routes import ROUTES, Answer, Asked, Desk, Route
from correspondent_desk.hub.service.upkeep import Upkeep
from correspondent_desk.hub.service.visitors import Visitor
from correspondent_desk.sync.online import wire
from correspondent_desk.sync.online.wire import Code, Refusal

_log = logging.getLogger("correspondent_desk.hub")
_JSON = "application/json"
_NONCE, _NOT_KEPT = wire.NONCE.lower().encode(), (b"cache-control", b"no-store")
T = TypeVar("T")
_Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]


def make(hub: Hub, limits: Limits | None = None, paper: Paper | None = None) -> Starlette:
    """The application that serves hub until its lifespan ends. Raises StoreBusy, CannotWrite.

    paper: the certificate that is shown, to be renewed.
    """
    service = Service(hub, limits or Limits(), paper)
    handlers: dict[Any, Any] = {
        Exception: _failed,
        HTTPException: _unknown,
    }
    made = Starlette(
        routes=[*_places(service), _Pages("/", pages.make(hub))],
        middleware=[Middleware(_Straight, service)],
        lifespan=service.living,
        exception_handlers=handlers,
    )
    made.router.redirect_slashes = False  # a request is signed for one path and no other
    return made


class _Pages(Mount):
    """What operators see, at every address that is not of the protocol."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Not below /v1: desks are answered in their own language."""
        path: str = scope["path"]
        is_protocol = path == "/v1" or path.startswith("/v1/")
        return (Match.NONE, {}) if is_protocol else super().matches(scope)


class _Straight:
    """Takes what desks ask at an address without a name in it to where it is worked on.

    Each of them asks three such things at each exchange, and the way there through middleware and
    routes costs as much as the rest of what is done for the connection.
    """

    def __init__(self, app: ASGIApp, service: "Service") -> None:
        self._app = app
        self._endpoints = {
            (one.method, one.path): _endpoint(service, one) for one in ROUTES if "{" not in one.path
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_asked = scope["type"] == "http"
        endpoint = self._endpoints.get((scope["method"], scope["path"])) if is_asked else None
        if endpoint is None:
            await self._app(scope, receive, send)
            return
        response = await endpoint(Request(scope, receive))
        await response(scope, receive, send)


class Service:
    """Runs the work of each route on a bounded number of threads."""

    def __init__(self, hub: Hub, limits: Limits, paper: Paper | None) -> None:
        self._hub = hub
        self._limits = limits
        with hub.transaction() as connection:
            self._nonces = Nonces(connection, limits.nonce_s)
        self._imports = Imports(hub, limits)
        self._upkeep = Upkeep(hub, limits, paper)
        self._desk = Desk(hub, self._imports, limits)
        self._workers = anyio.CapacityLimiter(limits.workers)
        self._bodies = anyio.CapacityLimiter(limits.bodies)

    @asynccontextmanager
    async def living(self, _app: Starlette) -> AsyncIterator[None]:
        """Take up what another process left; at the end, finish what is under way."""
        await self._run(self._imports.take_up)
        self._upkeep.start()
        try:
            yield
        finally:
            await anyio.to_thread.run_sync(self._upkeep.close)
            await anyio.to_thread.run_sync(self._imports.close)

    async def answer(self, route: Route, request: Request) -> Response:
        """What route gives for request. Raises Refused."""
        _require_secure(request)
        most = route.most if route.body else 0
        if route.is_signed:
            visitors.require_signed(self._nonces, request.headers, self._hub.now_ms())
        if not most or _is_short(request):
            body = await self._body(request, most)
            found = await self._run(
                lambda: self._worked(route, request, body, self._visitor(route, request))
            )
        else:  # who sends much is asked for its name first
            visitor = await self._run(lambda: self._visitor(route, request))
            async with self._bodies:
                body = await self._body(request, most)
                found = await self._run(lambda: self._worked(route, request, body, visitor))
        return self._sent(await self._settled(found))

    def _visitor(self, route: Route, request: Request) -> Visitor | None:
        if not route.is_signed:
            return None
        return visitors.admit(
            self._hub, self._nonces, request.method, _target(request), request.headers,
            is_newcomer=route.is_newcomer,
        )  # fmt: skip

    def _worked(
        self, route: Route, request: Request, body: bytes, visitor: Visitor | None
    ) -> Answer:
        if visitor is not None and request.headers["content-digest"] != wire.digest_of(body):
            raise Refused(Code.WRONG_DIGEST)
        asked = Asked(
            path=request.path_params,
            query=dict(request.query_params),
            headers=request.headers,
            body=body,
            visitor=visitor,
            address=request.client.host if request.client else "",
        )
        return route.work(self._desk, asked)

    def nonce(self) -> str:
        """One more, with every answer."""
        return self._nonces.make(self._hub.now_ms())

    async def _run(self, work: Callable[[], T]) -> T:
        return await anyio.to_thread.run_sync(work, limiter=self._workers)

    async def _body(self, request: Request, most: int) -> bytes:
        """The whole body. Raises Refused: too-large, too-slow."""
        length = request.headers.get("content-length", "0")
        if length == "0" and "transfer-encoding" not in request.headers:
            return b""
        if not (length.isascii() and length.isdigit()) or int(length) > most:
            raise Refused(Code.TOO_LARGE, {"Connection": "close"})
        found = bytearray()
        try:
            async with asyncio.timeout(self._limits.body_s):
                pieces = request.stream()
                while True:
                    async with asyncio.timeout(self._limits.pause_s):
                        piece = await anext(pieces, None)
                    if piece is None:
                        return bytes(found)
                    found += piece
                    if len(found) > most:
                        raise Refused(Code.TOO_LARGE, {"Connection": "close"})
        except TimeoutError as error:
            raise Refused(Code.TOO_SLOW, {"Connection": "close"}) from error

    async def _settled(self, found: Answer) -> Answer:
        """With what became of an upload, if that does not take long."""
        if found.soon is None:
            return found
        outcome = asyncio.wrap_future(found.soon)
        await asyncio.wait([outcome], timeout=self._limits.answer_s)
        is_known = outcome.done() and not outcome.cancelled() and outcome.exception() is None
        told = outcome.result() if is_known else None
        return found if told is None else replace(found, told=told)

    def _sent(self, found: Answer) -> Response:
        headers = dict(found.headers)
        if found.content is not None:
            return Response(found.content, found.status, headers)
        if found.stream is not None:
            headers["Content-Length"] = str(found.size)
            return StreamingResponse(self._pieces(found.stream), found.status, headers)
        body = b"" if found.told is None else msgspec.json.encode(found.told)
        return Response(body, found.status, headers, media_type=_JSON if body else None)

    async def _pieces(self, stream: Iterator[bytes]) -> AsyncIterator[bytes]:
        while (piece := await self._run(partial(next, stream, None))) is not None:
            yield piece


def _places(service: Service) -> list[Place]:
    described = openapi.document(ROUTES)

    async def description(_request: Request) -> Response:
        return Response(described, media_type=_JSON)

    endpoints: dict[str, dict[str, _Endpoint]] = {}
    for route in ROUTES:
        endpoints.setdefault(route.path, {})[route.method] = _endpoint(service, route)
    return [
        *(Place(path, _by_method(found), methods=list(found)) for path, found in endpoints.items()),
        Place("/v1/openapi.json", description),
    ]


def _by_method(endpoints: Mapping[str, _Endpoint]) -> _Endpoint:
    """One place for all methods of a path, so that a refused one is told those that there are."""

    async def endpoint(request: Request) -> Response:
        method = request.method if request.method in endpoints else "GET"  # a HEAD without its own
        return await endpoints[method](request)

    return endpoint


def _endpoint(service: Service, route: Route) -> _Endpoint:
    async def endpoint(request: Request) -> Response:
        try:
            response = await service.answer(route, request)
        except Refused as refused:
            response = _no(refused.code, refused.status, refused.headers)
        except DeskError as error:
            response = _not_now(error)
        except ClientDisconnect:
            return Response(status_code=400)  # nobody is there to read it
        response.raw_headers += [(_NONCE, service.nonce().encode()), _NOT_KEPT]
        if _log.isEnabledFor(logging.DEBUG):
            desk = request.headers.get("authorization", "")[:16]
            _log.debug("%s %s %s %s", request.method, request.url.path, response.status_code, desk)
        return response

    return endpoint


def _is_short(request: Request) -> bool:
    """Whether the body is said to be short: then no harm is done by reading it first."""
    length = request.headers.get("content-length", "")
    return length.isascii() and length.isdigit() and int(length) <= wire.MOST_AT_ONCE


def _target(request: Request) -> str:
    """Path and query as they came: what a proxy put before them it has taken away again."""
    path: bytes = request.scope.get("raw_path", b"")
    query: bytes = request.scope.get("query_string", b"")
    return (path + b"?" + query if query else path).decode("latin-1")


def _require_secure(request: Request) -> None:
    """Behind a proxy, only what came to it by HTTPS. Raises Refused, not-secure."""
    host = request.client.host if request.client else ""
    if request.scope["scheme"] != "https" and not is_loopback(host):
        raise Refused(Code.NOT_SECURE)


def _no(code: Code, status: int, headers: dict[str, str] | None = None) -> Response:
    return Response(msgspec.json.encode(Refusal(code=code)), status, headers, media_type=_JSON)


def _not_now(error: DeskError) -> Response:
    """The database or the disk says no: it may be otherwise in a minute."""
    _log.warning("%s", error)
    full = error.full_code in ("cannot-write:full", "bundle-write:disk-full")
    code = Code.FULL if full else Code.BUSY
    return _no(code, 507 if full else 503, {"Retry-After": "60"})


async def _unknown(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for it
    code = Code.WRONG_METHOD if error.status_code == 405 else Code.NOT_FOUND  # noqa: PLR2004
    return _no(code, error.status_code, dict(error.headers or {}))


async def _failed(_request: Request, _error: Exception) -> Response:
    """A bug: told as such, and raised again by Starlette for the log."""
    return _no(Code.FAILED, 500)
