"""Who did what, and when."""

from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from starlette.responses import Response

from correspondent_desk.hub.pages import overview
from correspondent_desk.hub.pages.answers import Asked, page
from correspondent_desk.hub.pages.overview import Sifted


def show(asked: Asked) -> Response:
    """The entries that the filter lets through, newest first."""
    since, until = _day(asked.word("since")), _day(asked.word("until"))
    sifted = Sifted(
        who=asked.word("who"),
        what=asked.word("what"),
        office=asked.word("office").upper(),
        since=_ms(since) if since else 0,
        until=_ms(until + timedelta(days=1)) if until else None,
        before=asked.number("before", 0) or None,
    )
    rows, has_older = overview.entries(asked.hub, sifted)
    people, acts = overview.known_in_audit(asked.hub)
    chosen = {
        "who": sifted.who,
        "what": sifted.what,
        "office": sifted.office,
        "since": since.isoformat() if since else "",
        "until": until.isoformat() if until else "",
    }
    given = {name: value for name, value in chosen.items() if value}
    older = urlencode({**given, "before": rows[-1].id}) if has_older else ""
    return page(
        asked,
        "audit.html",
        rows=rows,
        people=[one for one in people if one],
        acts=acts,
        chosen=chosen,
        is_sifted=bool(given),
        older=older,
        newer=urlencode(given) if sifted.before else None,
    )


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1970 < found.year < 9999 else None  # noqa: PLR2004 - a day has a time


def _ms(day: date) -> int:
    return int(datetime.combine(day, time()).astimezone().timestamp() * 1000)
