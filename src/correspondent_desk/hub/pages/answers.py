"""What a page is asked, and the few ways to answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import RedirectResponse, Response

from correspondent_desk import language
from correspondent_desk.errors import DeskError
from correspondent_desk.hub.database import Hub
from correspondent_desk.hub.pages import sessions, words
from correspondent_desk.hub.pages.accounts import Account, Role
from correspondent_desk.hub.pages.static import ICON, STYLE
from correspondent_desk.messages.errors import happened, sentence
from correspondent_desk.store.changes import as_time

_HERE = Path(__file__).parent
# What to do about these is a command to look them up; a page has them one link away.
_NAMED_BY_COMMANDS = frozenset(
    {"no-such-erasure", "no-such-held", "no-such-invitation", "no-such-desk", "no-such-office"}
)


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that came with a form: where it lies now, and what it was called."""

    path: Path
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request, once it is known who asks and that the form is ours.

    visit: the id in the browser. is_secure: it came by HTTPS. here: path and query. back: where to
    look at what was asked, if here only takes forms. address: of the computer.
    """

    hub: Hub
    visit: str
    account: Account | None
    address: str
    is_secure: bool
    here: str
    back: str
    language: str
    path: Mapping[str, str]
    query: Mapping[str, str]
    form: Mapping[str, str] = field(default_factory=dict)
    files: Sequence[Sent] = ()

    @property
    def who(self) -> Account:
        """Who is signed in; only pages that ask for it may ask this."""
        assert self.account is not None  # noqa: S101 - the route lets nobody else in
        return self.account

    @property
    def now(self) -> datetime:
        """In this computer's time zone."""
        return as_time(self.hub.now_ms()).astimezone()

    @property
    def today(self) -> date:
        """The day here."""
        return self.now.date()

    def with_form(self, form: Mapping[str, str], files: Sequence[Sent]) -> "Asked":
        """The same with what came with it."""
        return replace(self, form=form, files=files)

    def word(self, name: str, most: int = 200) -> str:
        """What the address says of name, on one line."""
        return " ".join(self.query.get(name, "").split())[:most]

    def number(self, name: str, otherwise: int) -> int:
        """A number in the address."""
        found = self.query.get(name, "")
        is_number = found.isascii() and found.isdigit() and len(found) <= 12  # noqa: PLR2004
        return int(found) if is_number else otherwise


def page(asked: Asked, template: str, status: int = 200, **filled: object) -> Response:
    """The template in the language in use."""
    text = _TEMPLATES.get_template(template).render(
        asked=asked,
        account=asked.account,
        is_operator=asked.account is not None and asked.account.role is Role.OPERATOR,
        token=sessions.token(asked.visit),
        language=language.code(),
        icon=ICON.path,
        style=STYLE.path,
        **filled,
    )
    return Response(text, status, media_type="text/html")


def refusal(asked: Asked, error: DeskError, status: int = 409) -> Response:
    """A page of its own for what the world refused."""
    said = happened(error) if error.code in _NAMED_BY_COMMANDS else sentence(error)
    return page(asked, "refusal.html", status, said=said, code=error.full_code)


def go(to: str) -> Response:
    """See another page, asked for anew: so that coming back does nothing twice."""
    return RedirectResponse(to, 303)


def download(content: bytes, name: str) -> Response:
    """A file to keep."""
    plain = name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")
    return Response(
        content,
        media_type="application/octet-stream",
        headers={
            "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
        },
    )


def within(path: str) -> str:
    """path if it is a place of these pages, else the first one."""
    is_ours = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if is_ours and "\\" not in path else "/"


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {
        "_": language._,
        "ngettext": language.ngettext,
        "pgettext": language.pgettext,
        "sentence": sentence,
        "words": words,
        "path": lambda text: quote(str(text), safe=""),
    }
    return made


_TEMPLATES = _environment()
