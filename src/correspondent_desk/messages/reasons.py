"""Why a line stands on the page Today, and why a person is needed: one sentence each."""

from collections.abc import Sequence
from datetime import date
from typing import assert_never

from correspondent_desk.domain.presence import Reason, Why
from correspondent_desk.domain.requests import DocumentDraft, Owes, RequestRow
from correspondent_desk.domain.today import PersonToMeet, TodayLine, TodayPage
from correspondent_desk.domain.triage import Line, LineKind
from correspondent_desk.language import _, ngettext
from correspondent_desk.messages import dates, labels, people

_FEW = 3  # documents that are named one by one


def title(line: TodayLine) -> str:
    """What the line is about: Birth or adoption, Mrs ROUX."""
    name = people.short_name(line.request)
    if line.line.next_what:
        return _("{what}: {name}").format(what=line.line.next_what, name=name)
    subject = labels.subject(line.request.subject, is_sensitive=line.request.is_sensitive)
    return _("{subject}, {name}").format(subject=subject, name=name)


def why(line: TodayLine, today: date) -> str:
    """Why it stands here: the right lapses in 12 days; the birth record is missing."""
    missing = line.line.missing
    if missing and (line.request.is_sensitive or len(missing) > _FEW):
        n = len(missing)
        lacking = ngettext("{n} document is missing", "{n} documents are missing", n).format(n=n)
    else:
        lacking = _missing(missing)
    return _joined(_reason(line.line, today), lacking)


def _reason(line: Line, today: date) -> str:
    match line.kind:
        case LineKind.EMERGENCY:
            if line.days == 0:
                return _("emergency, since today")
            return _("emergency, for {length}").format(length=dates.length(line.on, today))
        case LineKind.LAPSING:
            return _lapse(line, today)
        case LineKind.PROMISED:
            if line.days == 0:
                return _("promised for today")
            return _("promised for {day}").format(day=dates.day(line.on, today))
        case LineKind.OVERDUE:
            return _("{who} should have answered {day}").format(
                who=labels.owes(line.who), day=dates.distance(line.on, today)
            )
        case LineKind.WAITING:
            if line.days == 0:
                return _("waits since today")
            return _("has waited for {length}").format(length=dates.length(line.on, today))
        case LineKind.SILENT:
            return _("{who} owes the next step, no news for {length}").format(
                who=labels.owes(line.who), length=dates.length(line.on, today)
            )
        case _:
            assert_never(line.kind)


def _lapse(line: Line, today: date) -> str:
    if line.days < 0:
        return _("the last useful date has passed, {day}").format(day=dates.day(line.on, today))
    if line.days == 0:
        return _("the right lapses today")
    return _("the right lapses {distance}").format(distance=dates.distance(line.on, today))


def _missing(missing: Sequence[str]) -> str:
    if not missing:
        return ""
    named = ", ".join(labels.document(DocumentDraft(code=one, label=one)) for one in missing)
    return _("missing: {documents}").format(documents=named)


def must_act_by(line: Line, today: date) -> str:
    """Before which day the file must go off, where that is known; else nothing."""
    if line.until is None:
        return ""
    if line.until < today:
        return _("The posting margin is used up: hand it in directly.")
    return _("Send it by {day} at the latest.").format(day=dates.day(line.until, today))


def kind(line_kind: LineKind) -> str:
    """The heading of the lines of one kind."""
    match line_kind:
        case LineKind.EMERGENCY:
            return _("Emergencies")
        case LineKind.LAPSING:
            return _("Rights about to lapse")
        case LineKind.PROMISED:
            return _("Promised for today or before")
        case LineKind.OVERDUE:
            return _("Others owe an answer")
        case LineKind.WAITING:
            return _("Waiting for me")
        case LineKind.SILENT:
            return _("Without news")
        case _:
            assert_never(line_kind)


def more(line_kind: LineKind, count: int) -> str:
    """How many lines of this kind are not shown."""
    return ngettext("{kind}: {n} more", "{kind}: {n} more", count).format(
        kind=kind(line_kind), n=count
    )


def why_meet(person: PersonToMeet, today: date) -> str:
    """Why a person is needed: three exchanges without meeting, about the emergency aid."""
    reason = person.reason
    about = _about(person.request)
    match reason.why:
        case Why.EMERGENCY:
            return _joined(_("an emergency, and no meeting since"), about)
        case Why.REFUSAL:
            return _joined(_("a refusal to explain"), about)
        case Why.REMOTE_EXCHANGES:
            exchanges = ngettext(
                "{n} exchange without meeting",
                "{n} exchanges in a row without meeting",
                reason.exchanges,
            ).format(n=reason.exchanges)
            return _joined(exchanges, about)
        case Why.RHYTHM:
            return _joined(_seen(reason, today), _wish(reason.rhythm_months))
        case _:
            assert_never(reason.why)


def _about(request: RequestRow | None) -> str:
    if request is None:
        return ""
    if request.is_sensitive:
        return _("about a confidential request")
    return _("about: {subject}").format(subject=labels.subject(request.subject, is_sensitive=False))


def _seen(reason: Reason, today: date) -> str:
    if reason.last_seen_on is None:
        return _("never seen in person")
    return _("not seen for {length}").format(length=dates.length(reason.last_seen_on, today))


def _wish(months: int | None) -> str:
    match months:
        case None:
            return ""
        case 1:
            return _("to be met every month")
        case 12:
            return _("to be met once a year")
        case _:
            return ngettext(
                "to be met every {n} month", "to be met every {n} months", months
            ).format(n=months)


def to_check(page: TodayPage) -> list[str]:
    """What waits for a look, a sentence each; empty when nothing does."""
    counts = page.to_check
    found = [
        (counts.meetings_without_outcome, _past_meetings),
        (counts.disagreements, _disagreements),
        (counts.bundles_waiting, _bundles),
    ]
    return [say(count) for count, say in found if count]


def _past_meetings(n: int) -> str:
    return ngettext(
        "{n} past meeting without an outcome", "{n} past meetings without an outcome", n
    ).format(n=n)


def _disagreements(n: int) -> str:
    return ngettext("{n} disagreement between desks", "{n} disagreements between desks", n).format(
        n=n
    )


def _bundles(n: int) -> str:
    return ngettext("{n} exchange file is waiting", "{n} exchange files are waiting", n).format(n=n)


def nothing_left(page: TodayPage) -> str:
    """When all is done: that, and the next meeting."""
    done = _("Everything is sorted.")
    if page.next_meeting is None or page.next_meeting.draft.starts_at is None:
        return done
    at = dates.moment_plain(page.next_meeting.draft.starts_at, page.today)
    return _("{done} Next meeting: {time}.").format(done=done, time=at)


def _joined(first: str, second: str) -> str:
    if not second:
        return first
    return _("{first}, {second}").format(first=first, second=second)
