"""Why a line stands on the page of the day, in words; never a grade, always a date or a wait."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import assert_never

from correspondent_desk.domain.presence import Reason, Why
from correspondent_desk.domain.requests import DocumentDraft, Owes, RequestRow
from correspondent_desk.domain.today import PersonToMeet, TodayLine
from correspondent_desk.domain.triage import Line, LineKind
from correspondent_desk.language import _, ngettext, pgettext
from correspondent_desk.messages import dates, labels, people

_FEW = 3  # documents named one by one
_TWO = 2  # kinds: fewer have no order


class Urgency(StrEnum):
    """What the date of a line means; shown as a word, the colour only underlines it."""

    LATE = "late"
    SOON = "soon"
    NONE = ""


def urgency(line: Line) -> Urgency:
    """How pressing the line is by its dates alone."""
    match line.kind:
        case LineKind.EMERGENCY:
            return Urgency.LATE
        case LineKind.LAPSING:
            return Urgency.LATE if line.days < 0 else Urgency.SOON
        case LineKind.PROMISED | LineKind.OVERDUE:
            return Urgency.LATE if line.days < 0 else Urgency.SOON
        case LineKind.WAITING | LineKind.SILENT:
            return Urgency.NONE
        case _:
            assert_never(line.kind)


def urgency_word(line: Line) -> str:
    """The word that goes with urgency; nothing where there is none."""
    match line.kind:
        case LineKind.EMERGENCY:
            return _("emergency")
        case LineKind.LAPSING:
            return pgettext("right", "lapsed") if line.days < 0 else pgettext("line", "soon")
        case LineKind.PROMISED | LineKind.OVERDUE:
            return pgettext("line", "late") if line.days < 0 else _("today")
        case LineKind.WAITING | LineKind.SILENT:
            return ""
        case _:
            assert_never(line.kind)


def order(lines: Sequence[TodayLine], *before: str) -> str:
    """Why some lines stand before others; nothing where all are there for one kind of reason.

    before: what stands before the lines.
    """
    present = {line.line.kind for line in lines}
    kinds = [*before, *(_kind(kind) for kind in LineKind if kind in present)]
    if len(kinds) < _TWO:
        return ""
    told = kinds[0]
    for kind in kinds[1:]:
        told = _("{before}, then {after}").format(before=told, after=kind)
    return _("First {order}.").format(order=told)


def _kind(kind: LineKind) -> str:
    match kind:
        case LineKind.EMERGENCY:
            return _("emergencies")
        case LineKind.LAPSING:
            return _("rights about to lapse, as they are lost after that day")
        case LineKind.PROMISED:
            return _("what was promised")
        case LineKind.OVERDUE:
            return _("what others owe by now")
        case LineKind.WAITING:
            return _("what waits for you")
        case LineKind.SILENT:
            return _("what others have been silent about")
        case _:
            assert_never(kind)


def about(request: RequestRow) -> str:
    """What a request is about, as a line may say it."""
    return labels.subject(request.subject, is_sensitive=request.is_sensitive)


def of_line(line: TodayLine, today: date) -> str:
    """Why the line is there: "the right lapses in 12 days, a document is missing"."""
    return _with_missing(_why(line.line, today), line)


def of_person(person: PersonToMeet, today: date) -> str:
    """Why the member should be met, in one sentence."""
    subject = about(person.request) if person.request else ""
    return _why_person(person.reason, subject, today)


def _why(line: Line, today: date) -> str:
    distance = dates.distance(line.on, today)
    match line.kind:
        case LineKind.EMERGENCY:
            return _("emergency, nothing noted since {date}").format(date=dates.day(line.on, today))
        case LineKind.LAPSING:
            return _why_lapsing(line, today)
        case LineKind.PROMISED if line.days < 0:
            return _("was promised for {date}").format(date=dates.day(line.on, today))
        case LineKind.PROMISED:
            return _("promised for today")
        case LineKind.OVERDUE:
            return _overdue(line, today)
        case LineKind.WAITING if line.days == 0:
            return _("came in today")
        case LineKind.WAITING:
            return _("has been waiting for {length}").format(length=dates.length(line.on, today))
        case LineKind.SILENT:
            return _silent(line.who).format(distance=distance)
        case _:
            assert_never(line.kind)


def _why_lapsing(line: Line, today: date) -> str:
    distance = dates.distance(line.on, today)
    if line.days < 0:
        return _("the right lapsed {distance}").format(distance=distance)
    if line.until is None or line.until <= today:
        return _("the right lapses {distance}, hand the file in directly").format(distance=distance)
    return _("the right lapses {distance}, post the file by {date}").format(
        distance=distance, date=dates.plain(line.until, today)
    )


def _overdue(line: Line, today: date) -> str:
    when = dates.day(line.on, today)
    match line.who:
        case Owes.MEMBER:
            return _("expected from the member: {date}").format(date=when)
        case Owes.COMMITTEE:
            return _("expected from the committee: {date}").format(date=when)
        case _:  # someone else, or whoever a newer version means
            return _("expected from someone else: {date}").format(date=when)


def _silent(who: Owes) -> str:
    match who:
        case Owes.MEMBER:
            return _("last news {distance}, the member was to answer")
        case Owes.COMMITTEE:
            return _("last news {distance}, the committee was to answer")
        case _:
            return _("last news {distance}, someone else was to answer")


def _with_missing(why: str, line: TodayLine) -> str:
    missing = line.line.missing
    if not missing or line.line.kind is not LineKind.LAPSING:
        return why
    if line.request.is_sensitive or len(missing) > _FEW:
        n = len(missing)
        lacking = ngettext("{n} document is missing", "{n} documents are missing", n).format(n=n)
    else:
        lacking = _("missing: {documents}").format(documents=document_names(missing))
    return _("{why}; {lacking}").format(why=why, lacking=lacking)


def document_names(missing: Sequence[str]) -> str:
    """Catalogue codes or labels, as one enumeration."""
    return ", ".join(labels.document(DocumentDraft(code=one, label=one)) for one in missing)


def _why_person(reason: Reason, subject: str, today: date) -> str:
    match reason.why:
        case Why.EMERGENCY:
            return _("emergency since {date}, not met since then").format(
                date=dates.day(reason.since, today)
            )
        case Why.REFUSAL:
            return _("a refusal to announce: {subject}").format(subject=subject)
        case Why.MISSED_MEETING:
            return _missed(reason, today)
        case Why.REMOTE_EXCHANGES:
            return ngettext(
                "{n} contact in a row without meeting: {subject}",
                "{n} contacts in a row without meeting: {subject}",
                reason.exchanges,
            ).format(n=reason.exchanges, subject=subject)
        case Why.RHYTHM:
            return _rhythm(reason, today)
        case _:
            assert_never(reason.why)


def _missed(reason: Reason, today: date) -> str:
    when = dates.plain(reason.since, today)
    if not reason.was_excused:
        told = _("missed the meeting of {date}, nothing has been planned since")
    elif reason.since < today:
        told = _("could not be at the meeting of {date}, nothing has been planned since")
    else:
        told = _("called off the meeting of {date}, nothing else is planned")
    return told.format(date=when)


def _rhythm(reason: Reason, today: date) -> str:
    wish = rhythm(reason.rhythm_months or 12)
    if reason.last_seen_on is None:
        return _("never met yet; rhythm: {wish}").format(wish=wish)
    ago = dates.since(reason.last_seen_on, today)
    return _("last met {ago}; rhythm: {wish}").format(ago=ago, wish=wish)


def rhythm(months: int) -> str:
    """Once a year, every 6 months."""
    if months % 12 == 0:
        years = months // 12
        return ngettext("once a year", "every {n} years", years).format(n=years)
    return ngettext("every month", "every {n} months", months).format(n=months)


def title(line: TodayLine) -> str:
    """Whom the line is about, and what."""
    return _("{name}: {subject}").format(
        name=people.shown_name(line.request), subject=about(line.request)
    )
