"""Values of fields in words: in histories, disagreements and lists of changes."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from correspondent_desk.domain.choices import Term
from correspondent_desk.domain.contacts import Direction, Way
from correspondent_desk.domain.decisions import Answer, Verdict
from correspondent_desk.domain.fields import Kind
from correspondent_desk.domain.meetings import MeetingStatus, Mode
from correspondent_desk.domain.members import Channel, Civility, MemberStatus, Relation
from correspondent_desk.domain.planning import HOME_ZONE
from correspondent_desk.domain.requests import DocumentState, Owes, RequestStatus, RequestType
from correspondent_desk.language import _, ngettext, pgettext
from correspondent_desk.messages import dates, labels, people

Columns = Mapping[str, Any]
NameOf = Callable[[int], str]

_CHOICES: Mapping[tuple[Kind, str], type[Term]] = {
    (Kind.MEMBER, "civility"): Civility,
    (Kind.MEMBER, "status"): MemberStatus,
    (Kind.MEMBER, "preferred_channel"): Channel,
    (Kind.DEPENDANT, "relation"): Relation,
    (Kind.REQUEST, "type"): RequestType,
    (Kind.REQUEST, "status"): RequestStatus,
    (Kind.REQUEST, "next_who"): Owes,
    (Kind.STEP, "was"): RequestStatus,
    (Kind.STEP, "became"): RequestStatus,
    (Kind.DOCUMENT, "state"): DocumentState,
    (Kind.CONTACT, "way"): Way,
    (Kind.CONTACT, "direction"): Direction,
    (Kind.MEETING, "mode"): Mode,
    (Kind.MEETING, "status"): MeetingStatus,
    (Kind.DECISION, "verdict"): Verdict,
    (Kind.DECISION, "answer"): Answer,
}
_AMOUNTS = frozenset({"amount", "amount_asked", "amount_granted"})
_MONTHS = frozenset({"rhythm_months"})


def nobody(id_: int) -> str:
    """A name for whoever looks none up: the record's number."""
    return str(id_)


def in_words(kind: Kind, field: str, columns: Columns, name_of: NameOf = nobody) -> str:
    """The value of a field of `domain.fields`, by its columns; nothing where it is empty.

    name_of names the record that a reference leads to.
    """
    if field == "removed":
        return _("removed") if columns.get("removed_at") else _("in the lists")
    if field in ("rights", "membership", "span") and len(columns) > 1:
        return _span(*columns.values())
    if kind is Kind.SITE and field == "hours":
        return _hours(columns)
    if kind is Kind.ANSWER and field != "about_id":
        return _answered(columns)
    shown = (
        _reference(value, name_of) if name.endswith("_id") else _column(kind, name, value)
        for name, value in columns.items()
    )
    return ", ".join(text for text in shown if text)


def amount(euros: Decimal | None) -> str:
    """1 234,50 € in French, €1,234.50 in English; nothing for None."""
    if euros is None:
        return ""
    from babel.numbers import format_currency

    from correspondent_desk.language import code

    return str(format_currency(euros, "EUR", locale=code()))


def day(when: date | None) -> str:
    """03/12/2026; nothing for None."""
    return dates.numeric(when) if when else ""


def phone_line(number: str, label: str, *, do_not_use: bool) -> str:
    """06 12 34 56 07 (in the morning), do not use."""
    return _line(people.phone(number), label, do_not_use=do_not_use)


def mail_line(address: str, label: str, *, do_not_use: bool) -> str:
    """anne@example.org (work), do not use."""
    return _line(address, label, do_not_use=do_not_use)


def _line(what: str, label: str, *, do_not_use: bool) -> str:
    shown = _("{what} ({label})").format(what=what, label=label) if label else what
    return _("{what}, do not use").format(what=shown) if do_not_use else shown


def _reference(id_: Any, name_of: NameOf) -> str:
    return name_of(id_) if isinstance(id_, int) else ""


def _answered(columns: Columns) -> str:
    """What became of a line of Today; which line it was needs no words beside what it is about."""
    until = columns.get("until")
    match columns.get("answer"):
        case "later" if isinstance(until, date):
            return _("not before {date}").format(date=dates.numeric(until))
        case "no":
            return _("not proposed again")
        case "done":
            return pgettext("line of Today", "done")
        case _:
            return ""


def _hours(columns: Columns) -> str:
    """08:30 – 17:30 (Mon, Tue, Wed); nothing where it was never said."""
    opens, closes = columns.get("opens_at"), columns.get("closes_at")
    if not (isinstance(opens, time) and isinstance(closes, time)):
        return ""
    days = ", ".join(map(dates.weekday, columns.get("open_weekdays") or ()))
    hours = f"{dates.clock(opens)} – {dates.clock(closes)}"
    return _("{what} ({label})").format(what=hours, label=days) if days else hours


def _span(first: Any, last: Any) -> str:
    match first, last:
        case date(), date():
            return _("from {first} to {last}").format(
                first=dates.numeric(first), last=dates.numeric(last)
            )
        case date(), _:
            return _("since {first}").format(first=dates.numeric(first))
        case _, date():
            return _("until {last}").format(last=dates.numeric(last))
        case _:
            return ""


def _column(kind: Kind, name: str, value: Any) -> str:  # noqa: C901, PLR0912 - one case for each type
    choice = _CHOICES.get((kind, name))
    if choice is not None and isinstance(value, str):
        return labels.stored(choice, value)
    match value:
        case None | "" | []:
            return ""
        case bool() if name == "reached":
            return "" if value else pgettext("contact", "no answer")
        case bool():
            return _("yes") if value else _("no")
        case datetime():
            return dates.moment_plain(value)
        case date() if name == "weekly_until":
            return _("every week until {date}").format(date=dates.numeric(value))
        case date():
            return dates.numeric(value)
        case time():
            return dates.clock(value)
        case Decimal():
            return amount(value) if name in _AMOUNTS else str(value)
        case int() if name == "minutes":
            return dates.minutes(value)
        case int() if name in _MONTHS:
            return ngettext("every month", "every {n} months", value).format(n=value)
        case list():
            return ", ".join(text for text in map(_listed, value) if text)
        case str() if name == "zone" and value == HOME_ZONE:
            return ""
        case str() if name == "benefit":
            return labels.benefit(value)
        case str() if name == "reason":
            return labels.reason(value)
        case _:
            return str(value)


def _listed(value: Any) -> str:
    match value:
        case {"number": str(number)}:
            label, barred = value.get("label", ""), value.get("do_not_use", False)
            return phone_line(number, label, do_not_use=barred)
        case {"address": str(address)}:
            label, barred = value.get("label", ""), value.get("do_not_use", False)
            return mail_line(address, label, do_not_use=barred)
        case _:
            return str(value)
