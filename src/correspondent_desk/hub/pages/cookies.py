"""The two things a browser keeps for us: who is there, and the language."""

import string
from collections.abc import Mapping

from starlette.responses import Response

from correspondent_desk import language
from correspondent_desk.hub.pages import sessions
from correspondent_desk.hub.pages.answers import Asked

_YEAR_S = 365 * 24 * 3600
_LANGUAGE = "desk-language"
_LETTERS = frozenset(string.ascii_letters + string.digits + "-_")


def visit_of(cookies: Mapping[str, str], *, is_secure: bool) -> str:
    """The id in the browser; nothing if there is none that could be ours."""
    found = cookies.get(_visit(is_secure=is_secure), "")
    return found if len(found) == sessions.LENGTH and _LETTERS.issuperset(found) else ""


def language_of(cookies: Mapping[str, str], accepted: str) -> str:
    """What was chosen here, else what the browser asks for first, else French."""
    chosen = cookies.get(_LANGUAGE, "")
    if chosen in language.LANGUAGES:
        return chosen
    wishes = []
    for place, wish in enumerate(accepted[:200].split(",")):
        name, _, weight = wish.partition(";q=")
        code = name.strip().split("-")[0].lower()
        if code in language.LANGUAGES:
            wishes.append((-_weight(weight), place, code))
    return min(wishes)[2] if wishes else "fr"


def _weight(text: str) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0


def keep_visit(response: Response, asked: Asked, id_: str) -> Response:
    """Have the browser hold this id until it is closed."""
    # __Host- keeps pages of neighbouring names from planting one; browsers want TLS for it.
    response.set_cookie(
        _visit(is_secure=asked.is_secure),
        id_,
        secure=asked.is_secure,
        httponly=True,
        samesite="strict",
    )
    return response


def keep_language(response: Response, asked: Asked, chosen: str) -> Response:
    """Have the browser remember the language for a year."""
    response.set_cookie(
        _LANGUAGE,
        chosen,
        max_age=_YEAR_S,
        secure=asked.is_secure,
        httponly=True,
        samesite="strict",
    )
    return response


def _visit(*, is_secure: bool) -> str:
    return "__Host-desk" if is_secure else "desk"
