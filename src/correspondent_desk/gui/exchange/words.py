"""Where the exchange stands, in sentences, as this page says it."""

from collections.abc import Mapping
from datetime import date
from typing import assert_never

from correspondent_desk.domain.fields import Kind
from correspondent_desk.language import _, code, grouped, ngettext
from correspondent_desk.messages import dates, online, relaying, trust
from correspondent_desk.messages.bundles import LATE_DAYS
from correspondent_desk.sync.exchange import (
    DeskSeen,
    ExchangeStatus,
    InboxRow,
    OutboxRow,
    Prepared,
    TakenIn,
)
from correspondent_desk.sync.relay import ColleagueRow
from correspondent_desk.sync.reports import Effect
from correspondent_desk.sync.sending import HANDED_OVER, REFUSED

KILO = 1000


def size(octets: int) -> str:
    """12 KB, 3.4 MB; in French 12 Ko."""
    unit = "o" if code() == "fr" else "B"
    if octets < KILO**2:
        return f"{max(1, round(octets / KILO))}\N{NO-BREAK SPACE}{'K' if code() == 'fr' else 'k'}{unit}"
    shown = f"{octets / KILO**2:.1f}"
    return f"{shown.replace('.', ',') if code() == 'fr' else shown}\N{NO-BREAK SPACE}M{unit}"


def whose(status: ExchangeStatus) -> str:
    """With which hub, and for which office."""
    told = _("{hub}, for {office}").format(hub=status.hub_name, office=status.office_name)
    told = told[:1].upper() + told[1:]
    if not status.is_welcomed:
        return told
    return _("{told} · this is desk no. {number}").format(told=told, number=status.desk)


def standing(status: ExchangeStatus, today: date) -> list[str]:
    """What was sent and received, and what is still to be sent."""
    lines = []
    if status.uninvited:
        lines.append(online.uninvited(status.uninvited))
    elif not status.is_welcomed and status.address:
        lines.append(_("The hub does not know this desk yet: it will after the first exchange."))
    elif not status.is_welcomed:
        lines.append(
            _(
                "The hub has not answered yet. Prepare a file for it,"
                " then read the one that it gives back."
            )
        )
    if status.sent_at is not None:
        when = dates.since(status.sent_at.astimezone().date(), today)
        lines.append(_("Last file prepared: {when}.").format(when=when))
    if status.received_at is not None:
        when = dates.since(status.received_at.astimezone().date(), today)
        lines.append(_("Last file of the hub read: {when}.").format(when=when))
    lines.append(_to_send(status))
    if status.vouched_at is not None:
        lines.append(trust.vouched_long_ago(status.vouched_at))
    return lines


def _to_send(status: ExchangeStatus) -> str:
    if status.to_send and not status.is_welcomed:
        return ngettext("{n} change to send.", "{n} changes to send.", status.to_send).format(
            n=grouped(status.to_send)
        )
    if status.to_send:
        return ngettext(
            "Since its last acknowledgement: {n} change to send.",
            "Since its last acknowledgement: {n} changes to send.",
            status.to_send,
        ).format(n=grouped(status.to_send))
    if status.has_news and status.is_welcomed:
        return _("No change to send; the hub does not know yet that its file has come.")
    if status.has_news:
        return _("No change to send yet; a file makes this desk known.")
    return _("The hub has everything: nothing to send.")


def desk_seen(desk: DeskSeen, today: date) -> str:
    """Whose work of another desk came last, and when it was done."""
    when = dates.since(desk.last_at.astimezone().date(), today)
    return _("{person}: last change known here {when}").format(
        person=desk.person or _("another desk"), when=when
    )


def handed_over(row: OutboxRow, today: date) -> str:
    """A file of whose arrival nothing is known."""
    count = _changes(row.operations)
    when = dates.since(row.made_at.astimezone().date(), today)
    told = {
        HANDED_OVER: _("No. {number}, {changes}: handed over {when}, not acknowledged yet"),
        REFUSED: _("No. {number}, {changes}: prepared {when}, refused by the hub"),
    }.get(row.state, _("No. {number}, {changes}: prepared {when}, not acknowledged yet"))
    return told.format(number=row.number, changes=count, when=when)


def is_late(row: OutboxRow, today: date) -> bool:
    """Whether its acknowledgement should have come by now; what was refused is not lost."""
    if row.state == REFUSED:
        return False
    return (today - row.made_at.astimezone().date()).days >= LATE_DAYS


def waits(row: InboxRow, today: date) -> str:
    """A file that came and lacks another."""
    when = dates.since(row.received_at.astimezone().date(), today)
    return _("No. {number} of {sender}: read {when}, waits for an earlier file").format(
        number=row.number, sender=row.sender or _("the committee"), when=when
    )


def came(row: TakenIn, today: date) -> str:
    """An exchange that changed something here."""
    when = dates.moment_plain(row.at.astimezone(), today)
    return _("Exchange of {when}, from {sender}: {changes}").format(
        when=when, sender=row.sender or _("the committee"), changes=_changes(row.records)
    )


def prepared(made: Prepared) -> str:
    """Where the file lies, what it holds, and what comes next."""
    return _(
        "File no. {number} is ready: {changes}, {size}. It lies in {path}. You may take the stick"
        " out. It counts as received when a file of the hub acknowledges it."
    ).format(
        number=made.number,
        changes=_changes(made.operations),
        size=size(made.size),
        path=made.path,
    )


def given(made: Prepared, to: ColleagueRow) -> str:
    """What lies ready for another computer, in which of the folders, and what to do with it there."""
    told = (
        _("The file for {desk} is ready: {changes}, {size}.")
        if to.heard_at
        else _("The file for {desk} is ready, {size}.") + " " + relaying.carries_all()
    )
    next_step = _(
        "It lies in {path}. Take the stick there and choose “Read a file of another computer”,"
        " or exchange through the stick as a shared folder."
    )
    return f"{told} {next_step}".format(
        desk=to.name, changes=_changes(made.operations), size=size(made.size), path=made.path
    )


def put_there(made: Prepared) -> str:
    """What was put into the shared folder for the hub."""
    return _("File no. {number} was put there for the hub: {changes}, {size}.").format(
        number=made.number, changes=_changes(made.operations), size=size(made.size)
    )


def effect_by_kind(effect: Effect) -> list[str]:
    """New: 3 members, 2 requests; and so on, for those that are not empty."""
    return [
        sentence.format(what=_counted(counts))
        for sentence, counts in (
            (_("New: {what}."), effect.new),
            (_("Changed: {what}."), effect.changed),
            (_("Taken out of the lists: {what}."), effect.removed),
        )
        if counts
    ]


def people(effect: Effect) -> str:
    """Whose work it is."""
    return _("Work of {people}.").format(people=", ".join(effect.people)) if effect.people else ""


def _counted(counts: Mapping[Kind, int]) -> str:
    return ", ".join(_records(kind, n) for kind, n in sorted(counts.items()))


def _changes(n: int) -> str:
    if not n:
        return _("no change")
    return ngettext("{n} change", "{n} changes", n).format(n=grouped(n))


def _records(kind: Kind, n: int) -> str:  # noqa: C901, PLR0912 - one case for each kind
    match kind:
        case Kind.OFFICE:
            told = ngettext("{n} office", "{n} offices", n)
        case Kind.SITE:
            told = ngettext("{n} site", "{n} sites", n)
        case Kind.MEMBER:
            told = ngettext("{n} member", "{n} members", n)
        case Kind.DEPENDANT:
            told = ngettext("{n} person of a household", "{n} people of households", n)
        case Kind.REQUEST:
            told = ngettext("{n} request", "{n} requests", n)
        case Kind.STEP:
            told = ngettext("{n} step of a request", "{n} steps of requests", n)
        case Kind.DOCUMENT:
            told = ngettext("{n} document", "{n} documents", n)
        case Kind.CONTACT:
            told = ngettext("{n} contact", "{n} contacts", n)
        case Kind.MEETING:
            told = ngettext("{n} meeting", "{n} meetings", n)
        case Kind.ABSENCE:
            told = ngettext("{n} absence", "{n} absences", n)
        case Kind.SESSION:
            told = ngettext("{n} drop-in session", "{n} drop-in sessions", n)
        case Kind.ANSWER:
            told = ngettext("{n} answer to a line of Today", "{n} answers to lines of Today", n)
        case Kind.DECISION:
            told = ngettext("{n} decision", "{n} decisions", n)
        case _:
            assert_never(kind)
    return told.format(n=grouped(n))
