"""Files carried by hand: take some in, see which wait and which were refused."""

from starlette.responses import Response

from correspondent_desk.hub import approving, audit, exchange, forked, held, refused
from correspondent_desk.hub.audit import What
from correspondent_desk.hub.pages import overview, words
from correspondent_desk.hub.pages.answers import Asked, page
from correspondent_desk.hub.pages.overview import Sifted
from correspondent_desk.language import _

_REFUSED_SHOWN = 100


def every(asked: Asked) -> Response:
    """The form, and what needs somebody."""
    return _show(asked)


def take_in(asked: Asked) -> Response:
    """Take in each file; one that is refused does not keep the others out."""
    if not asked.files:
        return _show(asked, 422, said=_("Choose at least one file."))
    names = {file.path: file.name for file in asked.files}
    received, kept_out = exchange.take_in_all(asked.hub, list(names))
    with asked.hub.transaction() as connection:
        audit.note(
            asked.hub,
            connection,
            asked.who.name,
            "files-taken-in",
            taken=len(received),
            refused=len(kept_out),
        )
    return _show(
        asked,
        received=[(names[one.path], one) for one in received],
        kept_out=[(names[one.path], one.error) for one in kept_out],
    )


def _decided(asked: Asked) -> str:
    if asked.word("declined"):
        return words.declined(_noted(asked, What.RESCUE_DECLINED, "others") or 0)
    if asked.word("approved"):
        count = _noted(asked, approving.APPROVED, "operations")
        return "" if count is None else words.approved(count)
    return ""


def _noted(asked: Asked, what: str, name: str) -> int | None:
    """A number of what this person did last, as the audit has it: anybody can write an address."""
    noted, _older = overview.entries(asked.hub, Sifted(who=asked.who.name, what=what))
    return int(str(noted[0].details.get(name, 0))) if noted else None


def _show(asked: Asked, status: int = 200, **filled: object) -> Response:
    known: dict[str, object] = {"said": "", "received": [], "kept_out": []}
    forked.settle(asked.hub)
    return page(
        asked,
        "files.html",
        status,
        waiting=overview.waiting(asked.hub),
        refused=refused.newest(asked.hub, _REFUSED_SHOWN),
        held=held.held(asked.hub),
        decided=_decided(asked),
        **(known | filled),
    )
