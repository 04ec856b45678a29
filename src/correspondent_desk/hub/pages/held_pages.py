"""Work of a lost computer that was found again: look whose it is, then take it in or let it go."""

from starlette.responses import Response

from correspondent_desk.hub import approving, declining, held
from correspondent_desk.hub.held import HeldRow, NoSuchHeld
from correspondent_desk.hub.pages.answers import Asked, go, page


def one(asked: Asked) -> Response:
    """What approving means."""
    return page(asked, "held.html", row=_found(asked))


def approve(asked: Asked) -> Response:
    """Take it in; the desk stays without trust."""
    approving.approve(asked.hub, _found(asked).id, by=asked.who.name)
    return go("/files?approved=1")


def decline(asked: Asked) -> Response:
    """Let it go."""
    declining.decline(asked.hub, _found(asked).id, by=asked.who.name)
    return go("/files?declined=1")


def _found(asked: Asked) -> HeldRow:
    """The file that the address names. Raises NoSuchHeld."""
    for row in held.held(asked.hub):
        if row.id == asked.path["id"]:
            return row
    raise NoSuchHeld(id=asked.path["id"])
