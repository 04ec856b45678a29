"""Whom offices want to have erased: decide, and see on how many of their desks it was done."""

from starlette.responses import Response

from correspondent_desk.hub import erasing
from correspondent_desk.hub.erasing import ErasureRow, NoSuchErasure, State
from correspondent_desk.hub.pages.answers import Asked, go, page
from correspondent_desk.language import _

_MOST_DIGITS = 18


def every(asked: Asked) -> Response:
    """All wishes, newest first."""
    said = {
        "confirmed": _("It is erased here. Each desk erases it with its next exchange."),
        "declined": _("It is kept."),
    }
    return page(
        asked,
        "erasures.html",
        rows=erasing.requests(asked.hub),
        State=State,
        done=said.get(asked.word("done"), ""),
    )


def one(asked: Asked) -> Response:
    """What confirming means."""
    return page(asked, "erase.html", row=_asked_for(asked))


def confirm(asked: Asked) -> Response:
    """Erase for good."""
    erasing.confirm(asked.hub, _asked_for(asked).id, by=asked.who.name)
    return go("/erasures?done=confirmed")


def decline(asked: Asked) -> Response:
    """Keep."""
    erasing.decline(
        asked.hub, _asked_for(asked).id, by=asked.who.name, why=asked.form.get("why", "")
    )
    return go("/erasures?done=declined")


def _asked_for(asked: Asked) -> ErasureRow:
    """The wish that the address names, if it is to be decided. Raises NoSuchErasure."""
    number = asked.path["number"]
    if number.isascii() and number.isdigit() and len(number) <= _MOST_DIGITS:
        for row in erasing.requests(asked.hub):
            if row.id == int(number) and row.state is State.ASKED:
                return row
    raise NoSuchErasure(number=number)
