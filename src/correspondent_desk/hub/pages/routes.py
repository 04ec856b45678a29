"""Every address of the pages: who may ask for it, and what answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum

from starlette.responses import Response

from correspondent_desk.hub.pages import (
    account_pages,
    audit_pages,
    catalogue_pages,
    decision_pages,
    erasure_pages,
    file_pages,
    held_pages,
    office_pages,
    signing_pages,
)
from correspondent_desk.hub.pages.answers import Asked
from correspondent_desk.sync.online.wire import MOST_UPLOAD

_FORM = 16 << 10
_LIST = 8 << 20
_CATALOGUE = 1 << 20
_FILES = MOST_UPLOAD + (1 << 20)


class Who(IntEnum):
    """Who may ask, each one more than those before."""

    ANYBODY = 0
    SIGNED_IN = 1
    OPERATOR = 2


@dataclass(frozen=True, slots=True)
class Route:
    """One address and method. most: bytes of the form. keeps: works before a password was changed."""

    method: str
    path: str
    work: Callable[[Asked], Response]
    who: Who
    most: int = _FORM
    keeps: bool = False


_DESK = "/offices/{code}/desks/{number}"

ROUTES = (
    Route("GET", "/", signing_pages.first, Who.ANYBODY),
    Route("GET", "/sign-in", signing_pages.ask, Who.ANYBODY),
    Route("POST", "/sign-in", signing_pages.sign_in, Who.ANYBODY),
    Route("POST", "/language", signing_pages.speak, Who.ANYBODY, keeps=True),
    Route("POST", "/sign-out", signing_pages.sign_out, Who.SIGNED_IN, keeps=True),
    Route("GET", "/password", signing_pages.ask_password, Who.SIGNED_IN, keeps=True),
    Route("POST", "/password", signing_pages.change_password, Who.SIGNED_IN, keeps=True),
    Route("GET", "/offices", office_pages.every, Who.SIGNED_IN),
    Route("POST", "/offices", office_pages.add, Who.OPERATOR),
    Route("GET", "/offices/{code}", office_pages.one, Who.SIGNED_IN),
    Route("POST", "/offices/{code}/invite", office_pages.invite, Who.OPERATOR),
    Route(
        "POST",
        "/offices/{code}/invitations/{number}/file",
        office_pages.invitation_file,
        Who.OPERATOR,
    ),
    Route(
        "POST",
        "/offices/{code}/invitations/{number}/withdraw",
        office_pages.withdraw,
        Who.OPERATOR,
    ),
    Route("GET", f"{_DESK}/revoke", office_pages.ask_revoke, Who.OPERATOR),
    Route("POST", f"{_DESK}/revoke", office_pages.revoke, Who.OPERATOR),
    Route("POST", f"{_DESK}/file", office_pages.hand_over, Who.OPERATOR),
    Route("GET", "/files", file_pages.every, Who.SIGNED_IN),
    Route("POST", "/files", file_pages.take_in, Who.OPERATOR, most=_FILES),
    Route("GET", "/erasures", erasure_pages.every, Who.SIGNED_IN),
    Route("GET", "/erasures/{number}", erasure_pages.one, Who.OPERATOR),
    Route("POST", "/erasures/{number}/confirm", erasure_pages.confirm, Who.OPERATOR),
    Route("POST", "/erasures/{number}/decline", erasure_pages.decline, Who.OPERATOR),
    Route("GET", "/decisions", decision_pages.ask, Who.SIGNED_IN),
    Route("POST", "/decisions", decision_pages.check, Who.OPERATOR, most=_LIST),
    Route("POST", "/decisions/pass-on", decision_pages.pass_on, Who.OPERATOR, most=_LIST),
    Route("GET", "/catalogue", catalogue_pages.show, Who.SIGNED_IN),
    Route("POST", "/catalogue", catalogue_pages.publish, Who.OPERATOR, most=_CATALOGUE),
    Route("POST", "/held/{id}/approve", held_pages.approve, Who.OPERATOR),
    Route("POST", "/held/{id}/decline", held_pages.decline, Who.OPERATOR),
    Route("GET", "/held/{id}", held_pages.one, Who.OPERATOR),
    Route("GET", "/audit", audit_pages.show, Who.SIGNED_IN),
    Route("GET", "/accounts", account_pages.every, Who.SIGNED_IN),
    Route("POST", "/accounts", account_pages.add, Who.OPERATOR),
    Route("POST", "/accounts/{id}/block", account_pages.block, Who.OPERATOR),
    Route("POST", "/accounts/{id}/let-in", account_pages.let_in, Who.OPERATOR),
)


def by_path() -> Mapping[str, Mapping[str, Route]]:
    """The routes of each address, by method."""
    found: dict[str, dict[str, Route]] = {}
    for route in ROUTES:
        found.setdefault(route.path, {})[route.method] = route
    return found
