"""What the list and the card of requests say, in sentences."""

from datetime import date, timedelta

from correspondent_desk.domain.requests import (
    Owes,
    RequestDraft,
    RequestFilter,
    RequestRow,
    RequestStatus,
)
from correspondent_desk.gui.widgets.tag import Tone
from correspondent_desk.language import _, ngettext
from correspondent_desk.messages import dates, labels, people

SOON = timedelta(days=14)
NOTHING_RUNS = (
    RequestStatus.SENT,
    RequestStatus.GRANTED,
    RequestStatus.REFUSED,
    RequestStatus.PAID,
    RequestStatus.CLOSED,
    RequestStatus.ABANDONED,
)


def row_title(row: RequestRow, today: date) -> str:
    """Who and about what; below, why the line is here."""
    return f"{_who_and_what(row)}\n{row_reason(row, today)}"


def row_spoken(row: RequestRow, today: date) -> str:
    """As row_title, in one sentence for screen readers."""
    return ", ".join(part for part in (_who_and_what(row), row_reason(row, today)) if part)


def _who_and_what(row: RequestRow) -> str:
    subject = labels.subject(row.subject, is_sensitive=row.is_sensitive)
    return _("{name}: {subject}").format(name=people.shown_name(row), subject=subject)


def row_reason(row: RequestRow, today: date) -> str:
    """Why this request stands where it stands: what lapses, what is owed, how long it waits."""
    if not row.status.is_open:
        return opened(row, today)
    said = [step(row, today)]
    if row.documents_missing and row.status not in NOTHING_RUNS:
        said.append(missing(row.documents_missing))
    if not any(said):
        said.append(opened(row, today))
    return " · ".join(part for part in said if part)


def step(row: RequestRow, today: date) -> str:
    """What is owed next, by whom and by when; a confidential step is not named."""
    if not row.next_what:
        return _("no next step is noted")
    what = _("next step") if row.is_sensitive else row.next_what
    if row.next_who is not Owes.ME:
        what = _("{what}, {who}").format(what=what, who=labels.owes(row.next_who))
    if row.next_due:
        when = dates.distance(row.next_due, today)
        what = _("{what} ({when})").format(what=what, when=when)
    return what


def missing(number: int) -> str:
    """How many proofs are missing."""
    return ngettext("{n} document is missing", "{n} documents are missing", number).format(n=number)


def opened(row: RequestRow, today: date) -> str:
    """How long the request has been there."""
    if row.opened_on is None:
        return ""
    return _("opened {when}").format(when=dates.distance(row.opened_on, today))


def lapses(row: RequestRow, today: date) -> tuple[str, Tone]:
    """What the right column says: when the right lapses, or where the request stands."""
    status = labels.request_status(row.status)
    last = row.last_useful_on
    if last is None or row.status in NOTHING_RUNS:
        return status, Tone.PLAIN
    if last < today:
        return _("lapsed {when}").format(when=dates.distance(last, today)), Tone.LATE
    tone = Tone.SOON if last - today <= SOON else Tone.PLAIN
    return _("lapses {when}").format(when=dates.distance(last, today)), tone


def last_useful(draft: RequestDraft, today: date) -> tuple[str, Tone]:
    """The last useful date, at the top of a card; nothing where there is none."""
    last = draft.last_useful_on
    if last is None or draft.status in NOTHING_RUNS:
        return "", Tone.PLAIN
    if last < today:
        when = dates.day(last, today)
        return _("The last useful date has passed: {when}").format(when=when), Tone.LATE
    tone = Tone.SOON if last - today <= SOON else Tone.PLAIN
    return _("To be received complete by {when}").format(when=dates.day(last, today)), tone


def count(number: int) -> str:
    """How many requests the list shows."""
    return ngettext("{n} request.", "{n} requests.", number).format(n=number)


def none(which: RequestFilter, words: str) -> str:
    """Why the list is empty."""
    if words.strip():
        return _("No request is found for “{words}”.").format(words=words.strip())
    match which:
        case RequestFilter.OPEN:
            return _("No request is open.")
        case RequestFilter.MINE:
            return _("No request waits for you.")
        case RequestFilter.WAITING:
            return _("No request waits for someone else.")
        case RequestFilter.CLOSED:
            return _("No request was closed yet.")
        case RequestFilter.ALL:
            return _("There is no request yet.")
