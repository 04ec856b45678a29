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
    status = labels.request_status(row.status)
    if not row.status.is_open:
        return " · ".join(part for part in (status, opened(row, today)) if part)
    said = [step(row, today)]
    if row.status in NOTHING_RUNS or not row.status.is_known:
        said.insert(0, status)
    elif row.documents_missing:
        said.append(missing(row.documents_missing))
    return " · ".join(part for part in said if part)


def step(row: RequestRow, today: date) -> str:
    """What is owed next, by whom and by when; a confidential step is not named."""
    if not row.next_what:
        return _("no next step is noted")
    what = _("next step") if row.is_sensitive else row.next_what
    more = [] if row.next_who is Owes.ME else [labels.owes(row.next_who)]
    if row.next_due:
        more.append(dates.distance(row.next_due, today))
    return _("{what} ({more})").format(what=what, more=", ".join(more)) if more else what


def missing(number: int) -> str:
    """How many proofs are missing."""
    return ngettext("{n} document is missing", "{n} documents are missing", number).format(n=number)


def opened(row: RequestRow, today: date) -> str:
    """How long the request has been there."""
    if row.opened_on is None:
        return ""
    return _("opened {when}").format(when=dates.distance(row.opened_on, today))


def lapses(row: RequestRow, today: date) -> tuple[str, Tone]:
    """When the right lapses; nothing where nothing runs any more."""
    last = row.last_useful_on
    if last is None or row.status in NOTHING_RUNS:
        return "", Tone.PLAIN
    when = dates.distance(last, today)
    if last < today:
        return f"! {when}", Tone.LATE
    return when, Tone.SOON if last - today <= SOON else Tone.PLAIN


def lapses_spoken(row: RequestRow, today: date) -> str:
    """As lapses, for screen readers and on hover."""
    last = row.last_useful_on
    if last is None:
        return _("no last useful date")
    return _("last useful date: {when}").format(when=dates.day(last, today))


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


def title(draft: RequestDraft) -> str:
    """What the request is about, as its own card says it."""
    return labels.benefit(draft.subject or draft.benefit) or _("Request without a subject")


def about(draft: RequestDraft, today: date) -> str:
    """The type, the benefit where the subject does not name it, when it was opened and why."""
    kind = labels.request_type(draft.type)
    parts = [kind[:1].upper() + kind[1:]]
    if draft.subject and draft.benefit:
        parts.append(labels.benefit(draft.benefit))
    if draft.opened_on:
        parts.append(_("opened {when}").format(when=dates.day(draft.opened_on, today)))
    if draft.event_on:
        parts.append(_("event {when}").format(when=dates.day(draft.event_on, today)))
    return " · ".join(parts)
