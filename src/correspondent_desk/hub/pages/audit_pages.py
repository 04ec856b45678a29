"""Who did what, and when."""

from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from starlette.responses import Response

from correspondent_desk.hub.pages import overview
from correspondent_desk.hub.pages.answers import Asked, page
from correspondent_desk.hub.pages.overview import Sifted
from correspondent_desk.language import _

# Nothing was noted outside of these days, and each has a time on every system.
_FIRST, _LAST = date(1970, 1, 2), date(9998, 12, 31)


def show(asked: Asked) -> Response:
    """The entries that the filter lets through, newest first."""
    typed = [asked.word("since"), asked.word("until")]
    since, until = map(_day, typed)
    wrong = next((text for text in typed if text and _day(text) is None), "")
    sifted = Sifted(
        who=asked.word("who"),
        what=asked.word("what"),
        office=asked.word("office").upper(),
        since=_ms(since) if since else 0,
        until=_ms(until, 1) if until else None,
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
        said=_("“{text}” is not a date: write it like 2026-12-31.").format(text=wrong)
        if wrong
        else "",
        is_sifted=bool(given),
        older=older,
        newer=urlencode(given) if sifted.before else None,
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _ms(day: date, days: int = 0) -> int:
    """When the day begins that is so many days after day."""
    near = min(max(day, _FIRST), _LAST) + timedelta(days)
    return int(datetime.combine(near, time()).astimezone().timestamp() * 1000)
