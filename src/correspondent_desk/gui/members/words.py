"""What the list and the card of members say, in sentences."""

from collections.abc import Iterable
from datetime import date

from correspondent_desk.domain.contacts import Way
from correspondent_desk.domain.meetings import Mode
from correspondent_desk.domain.members import (
    Channel,
    Civility,
    MemberCard,
    MemberDraft,
    MemberFilter,
    MemberRow,
    MemberStatus,
)
from correspondent_desk.language import _, ngettext, pgettext
from correspondent_desk.messages import dates, labels, people, values

MIDDOT = " · "


def joined(parts: Iterable[str]) -> str:
    """The parts that say something, in one line."""
    return MIDDOT.join(part for part in parts if part)


def row_title(row: MemberRow, today: date) -> str:
    """Name on the first line; on the second the site and what is next."""
    return f"{people.list_name(row)}\n{_about(row, today)}"


def row_spoken(row: MemberRow, today: date) -> str:
    """As row_title, in one sentence for screen readers."""
    return ", ".join(part for part in (people.list_name(row), _about(row, today)) if part)


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


def title(card: MemberCard) -> str:
    """Mrs Anne LE GOFF (née KERVÉLEC)."""
    name, born = people.shown_name(card.draft), people.birth_name(card.draft)
    return _("{name} ({born})").format(name=name, born=born) if born else name


def situation(card: MemberCard, today: date) -> str:
    """Age, where the person works, staff number."""
    draft = card.draft
    age = dates.age_in_words(draft.birth_date, today) if draft.birth_date else ""
    place = ", ".join(part for part in (draft.service, card.site) if part)
    number = _("staff number {number}").format(number=draft.matricule) if draft.matricule else ""
    status = "" if draft.status is MemberStatus.ACTIVE else labels.member_status(draft.status)
    return joined((age, place, number, status))


def reaching(draft: MemberDraft) -> str:
    """How to reach the person: what may be used, what is preferred, what makes access easier."""
    phones = [
        values.phone_line(phone.number, phone.label, do_not_use=False)
        for phone in draft.phones
        if not phone.do_not_use
    ]
    mails = [mail.address for mail in draft.mails if not mail.do_not_use]
    ways = ", ".join([*phones, *mails]) or _("no phone or e-mail that may be used")
    preferred = ""
    if draft.preferred_channel is not Channel.ANY:
        way = labels.channel(draft.preferred_channel)
        preferred = _("prefers to be reached {way}").format(way=way)
    home = _("letter at home: no") if draft.no_letter_home else ""
    return joined((_("Reach: {ways}").format(ways=ways), preferred, home, draft.access_needs))


def presence(card: MemberCard, today: date) -> str:
    """Last seen in person, and last contact, with how."""
    return joined((_seen(card, today), _contact(card, today)))


def _seen(card: MemberCard, today: date) -> str:
    civility = card.draft.civility
    if not card.last_seen_on:
        match civility:
            case Civility.MRS:
                return pgettext("woman", "Not seen in person yet")
            case Civility.MR:
                return pgettext("man", "Not seen in person yet")
            case _:
                return _("Not seen in person yet")
    when = _when_and_how(card.last_seen_on, card.last_seen_how, today)
    match civility:
        case Civility.MRS:
            return pgettext("woman", "Seen in person {when}").format(when=when)
        case Civility.MR:
            return pgettext("man", "Seen in person {when}").format(when=when)
        case _:
            return _("Seen in person {when}").format(when=when)


def _contact(card: MemberCard, today: date) -> str:
    if not card.last_contact_on:
        return _("no contact noted")
    when = _when_and_how(card.last_contact_on, card.last_contact_how, today)
    return _("last contact {when}").format(when=when)


def _when_and_how(when: date, how: str, today: date) -> str:
    said = dates.since(when, today)
    known = how_in_words(how)
    return _("{when}, {how}").format(when=said, how=known) if known else said


def how_in_words(how: str) -> str:
    """The word for a way of contact or a kind of meeting, by its value."""
    if how in {way.value for way in Way}:
        return labels.way(Way(how))
    return labels.mode(Mode(how)) if how in {mode.value for mode in Mode} else ""
