"""The catalogue of benefits: see which desks have it, publish a newer one."""

from starlette.responses import Response

from correspondent_desk.errors import DeskError
from correspondent_desk.hub import catalogue
from correspondent_desk.hub.pages.answers import Asked, go, page
from correspondent_desk.language import _
from correspondent_desk.messages.errors import sentence
from correspondent_desk.records.catalogue import read_file


def show(asked: Asked) -> Response:
    """What is published."""
    return _show(asked, done=_("It is published.") if asked.word("done") else "")


def publish(asked: Asked) -> Response:
    """Give every desk the file that came."""
    if not asked.files:
        return _show(asked, 422, said=_("Choose a file."))
    try:
        catalogue.publish(asked.hub, read_file(asked.files[0].path), by=asked.who.name)
    except DeskError as error:
        return _show(asked, 422, said=sentence(error))
    return go("/catalogue?done=1")


def _show(asked: Asked, status: int = 200, **filled: object) -> Response:
    known: dict[str, object] = {"said": "", "done": ""}
    return page(
        asked,
        "catalogue.html",
        status,
        published=catalogue.newest_of(asked.hub),
        **(known | filled),
    )
