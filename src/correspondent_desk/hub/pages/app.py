"""The pages as an ASGI application: who asks, whether they may, and which language they hear."""

import ipaddress
import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import TypeVar
from urllib.parse import urlencode

import anyio
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route as Place
from starlette.types import ASGIApp

from correspondent_desk import language
from correspondent_desk.errors import DeskError
from correspondent_desk.hub import places
from correspondent_desk.hub.database import Hub
from correspondent_desk.hub.desks import NoSuchDesk
from correspondent_desk.hub.offices import NoSuchOffice
from correspondent_desk.hub.pages import bodies, cookies, routes, sessions
from correspondent_desk.hub.pages.accounts import Account, NoSuchAccount, Role
from correspondent_desk.hub.pages.answers import Asked, go, page, refusal
from correspondent_desk.hub.pages.bodies import BadForm, storable
from correspondent_desk.hub.pages.cookies import keep_visit
from correspondent_desk.hub.pages.headers import Headers
from correspondent_desk.hub.pages.routes import Route, Who
from correspondent_desk.hub.pages.static import ICON, STYLE
from correspondent_desk.hub.service.loopback import is_loopback
from correspondent_desk.store.files import CannotWrite

_log = logging.getLogger("correspondent_desk.hub")
_WORKERS = 4  # each with a connection to the database, as the service has its own
_NOT_THERE = (NoSuchOffice, NoSuchDesk, NoSuchAccount)
T = TypeVar("T")


def make(hub: Hub) -> ASGIApp:
    """The pages of hub."""
    pages = Pages(hub)
    return Headers(
        Starlette(
            routes=[STYLE.route(), ICON.route(), *pages.places()],
            exception_handlers={
                HTTPException: pages.no_such_page,
                DeskError: pages.not_now,
                Exception: pages.failed,
            },
        )
    )


class Pages:
    """Runs the work of each page on a bounded number of threads."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._workers = anyio.CapacityLimiter(_WORKERS)

    def places(self) -> list[Place]:
        """Where Starlette finds what."""
        return [
            Place(path, self._endpoint(methods), methods=list(methods))
            for path, methods in routes.by_path().items()
        ]

    async def no_such_page(self, request: Request, error: Exception) -> Response:
        """An address that is none, or a method that it does not know."""
        assert isinstance(error, HTTPException)  # noqa: S101 - registered for it
        response = await self._plain(request, error.status_code)
        response.headers.update(error.headers or {})
        return response

    async def not_now(self, request: Request, error: Exception) -> Response:
        """The database says no before anybody is known: it may be otherwise in a minute."""
        _log.warning("%s: %s", request.url.path, error)
        assert isinstance(error, DeskError)  # noqa: S101 - registered for it
        response = await self._plain(request, _status_of(error))
        response.headers["Retry-After"] = "60"
        return response

    async def failed(self, request: Request, _error: Exception) -> Response:
        """A bug: told as such, and raised again by Starlette for the log."""
        return await self._plain(request, 500)

    def _endpoint(self, methods: Mapping[str, Route]) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            route = methods["GET" if request.method == "HEAD" else request.method]
            asked = await self._run(partial(self._asked, request, can_be_seen="GET" in methods))
            refusing = await self._run(partial(_kept_out, request, asked, route))
            if refusing is not None:
                return refusing
            if route.method == "GET":
                return await self._run(partial(_answer, asked, route))
            return await self._post(request, asked, route)

        return endpoint

    async def _post(self, request: Request, asked: Asked, route: Route) -> Response:
        try:
            form = await bodies.read(request, route.most)
        except BadForm as error:
            return await self._run(partial(_unfit, asked, error.status))
        try:
            return await self._run(partial(_answer_form, asked, route, form))
        finally:
            await form.data.close()

    def _asked(self, request: Request, *, can_be_seen: bool) -> Asked:
        """What is asked, before any form was read."""
        is_secure = request.url.scheme == "https"
        visit = cookies.visit_of(request.cookies, is_secure=is_secure)
        account = sessions.find(self._hub, visit) if visit else None
        query, path = request.url.query, request.url.path
        here = f"{path}?{query}" if query else path
        return Asked(
            hub=self._hub,
            visit=visit or sessions.new_id(),
            account=account,
            address=_address(request),
            is_secure=is_secure,
            here=here,
            back=here if can_be_seen else f"/{here.split('/')[1]}",
            language=cookies.language_of(
                request.cookies, request.headers.get("accept-language", "")
            ),
            path={name: storable(value) for name, value in request.path_params.items()},
            query={name: storable(value) for name, value in request.query_params.items()},
        )

    async def _plain(self, request: Request, status: int) -> Response:
        """Nobody is looked up for it: the database may be what failed."""
        asked = Asked(
            hub=self._hub, visit="", account=None, address="", is_secure=False, here="/", back="/",
            language=cookies.language_of(
                request.cookies, request.headers.get("accept-language", "")
            ), path={}, query={},
        )  # fmt: skip
        return await self._run(partial(_unfit, asked, status))

    async def _run(self, work: Callable[[], T]) -> T:
        return await anyio.to_thread.run_sync(work, limiter=self._workers)


def _kept_out(request: Request, asked: Asked, route: Route) -> Response | None:
    """Why this person may not ask for this; None if they may."""
    with language.speaking(asked.language):
        if not asked.is_secure and not is_loopback(asked.address):
            return page(asked, "unfit.html", 403, why="plain")
        if asked.account is None and route.who > Who.ANYBODY:
            return _sign_in_first(asked, route)
        if route.method == "POST" and not _is_from_here(request):
            return page(asked, "unfit.html", 403, why="403")
        if asked.account is None:
            return None
        if asked.account.must_change and not route.keeps:
            return go("/password")
        if not _may(asked.account, route.who):
            return page(asked, "unfit.html", 403, why="auditor")
    return None


def _sign_in_first(asked: Asked, route: Route) -> Response:
    if route.method == "GET":
        return go(f"/sign-in?{urlencode({'to': asked.here})}")
    return go("/sign-in")


def _may(account: Account, who: Who) -> bool:
    return account.role is Role.OPERATOR or who < Who.OPERATOR


def _is_from_here(request: Request) -> bool:
    """Whether a page of ours asks; some do not say, for them there is the form's token."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin is None or origin.partition("://")[2] == request.headers.get("host")


def _answer(asked: Asked, route: Route) -> Response:
    with language.speaking(asked.language):
        try:
            response = route.work(asked)
        except _NOT_THERE:
            response = page(asked, "unfit.html", 404, why="404")
        except DeskError as error:
            _log.warning("%s %s: %s", route.method, route.path, error.full_code)
            response = refusal(asked, error, _status_of(error, 409))
        if "set-cookie" not in response.headers:
            keep_visit(response, asked, asked.visit)
        return response


def _answer_form(asked: Asked, route: Route, form: bodies.Form) -> Response:
    if not sessions.is_token(asked.visit, form.fields.get("token", "")):
        return _unfit(asked, 403)
    try:
        with places.own(asked.hub.folder.inbox) as folder:
            files = bodies.keep_files(form, folder)
            return _answer(asked.with_form(form.fields, files), route)
    except CannotWrite as error:
        _log.warning("%s %s: %s", route.method, route.path, error)
        return _unfit(asked, _status_of(error))


def _status_of(error: DeskError, otherwise: int = 503) -> int:
    """A full disk has a status of its own: it is for whoever runs the hub to mend."""
    return 507 if error.full_code == "cannot-write:full" else otherwise


def _unfit(asked: Asked, status: int) -> Response:
    """A request that no form of ours makes, or one that took too long or too much."""
    with language.speaking(asked.language):
        return page(asked, "unfit.html", status, why=str(status))


def _address(request: Request) -> str:
    """Of the computer; of IPv6, what one household or office is given."""
    host = request.client.host if request.client else ""
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return host
    return host if found.version == 4 else str(ipaddress.ip_network((found, 64), strict=False))  # noqa: PLR2004
