"""What the list and the card of members say, in sentences."""

from datetime import date
from typing import assert_never

from correspondent_desk.domain.contacts import Direction
from correspondent_desk.domain.members import Civility, MemberFilter, MemberRow, MemberStatus
from correspondent_desk.language import _, ngettext, pgettext
from correspondent_desk.messages import dates, labels, people
from correspondent_desk.messages.cards import joined
from correspondent_desk.messages.newer import or_newer


def row_title(row: MemberRow, today: date) -> str:
    """Name on the first line; on the second the site and what is next."""
    return f"{people.list_name(row)}\n{_about(row, today)}"


def row_spoken(row: MemberRow, today: date) -> str:
    """As row_title, in one sentence for screen readers."""
    parts = (people.list_name(row), _about(row, today), row_folded(row, today))
    return ", ".join(part for part in parts if part)


def _about(row: MemberRow, today: date) -> str:
    status = "" if row.status is MemberStatus.ACTIVE else labels.member_status(row.status)
    return joined((next_step(row, today), row.site, status))


def next_step(row: MemberRow, today: date) -> str:
    """What is owed next for this person and by when; nothing where nothing is."""
    if not row.next_step and not row.next_due:
        return ""
    what = row.next_step or _("Confidential request")
    if not row.next_due:
        return what
    return _("{what} ({when})").format(what=what, when=dates.distance(row.next_due, today))


def row_seen(row: MemberRow, today: date) -> str:
    """When this person was last seen in person."""
    return dates.distance(row.last_seen_on, today) if row.last_seen_on else _("not yet")


def row_folded(row: MemberRow, today: date) -> str:
    """As row_seen, where no title of a column says what it is about."""
    if row.last_seen_on is None:
        match row.civility:
            case Civility.MRS:
                return pgettext("woman", "not seen yet")
            case Civility.MR:
                return pgettext("man", "not seen yet")
            case _:
                return _("not seen yet")
    when = dates.distance(row.last_seen_on, today)
    match row.civility:
        case Civility.MRS:
            return pgettext("woman", "seen {when}").format(when=when)
        case Civility.MR:
            return pgettext("man", "seen {when}").format(when=when)
        case _:
            return _("seen {when}").format(when=when)


def row_seen_hint(row: MemberRow, today: date) -> str:
    """The full dates."""
    lines = []
    if row.last_seen_on:
        full = dates.plain(row.last_seen_on, today)
        lines.append(_("Seen in person on {date}").format(date=full))
    if row.last_contact_on:
        full = dates.plain(row.last_contact_on, today)
        lines.append(_("Last contact on {date}").format(date=full))
    return "\n".join(lines) or _("No contact is noted yet.")


def count(number: int) -> str:
    """How many people the list shows."""
    return ngettext("{n} person.", "{n} people.", number).format(n=number)


def nobody(which: MemberFilter, words: str) -> str:
    """Why the list is empty."""
    if words.strip():
        return _("Nobody is found for “{words}”.").format(words=words.strip())
    match which:
        case MemberFilter.ALL:
            return _("There is nobody on this desk yet.")
        case MemberFilter.WITHOUT_NEWS:
            return _("There is news of everyone.")
        case MemberFilter.INCOMPLETE:
            return _("No card waits to be completed.")
        case MemberFilter.GONE:
            return _("Nobody has left.")


@or_newer
def who_began(choice: Direction) -> str:
    """A direction as the answer to the question who got in touch."""
    match choice:
        case Direction.IN:
            return pgettext("who got in touch", "the member")
        case Direction.OUT:
            return pgettext("who got in touch", "we did")
        case _:
            assert_never(choice)
