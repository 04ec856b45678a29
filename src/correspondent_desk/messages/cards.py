"""A member's card and timeline in words, for the window and for the command line."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import assert_never

from correspondent_desk.domain.contacts import Way
from correspondent_desk.domain.decisions import Verdict
from correspondent_desk.domain.fields import FIELDS, Kind
from correspondent_desk.domain.meetings import MeetingStatus, Mode
from correspondent_desk.domain.members import (
    Channel,
    Civility,
    DependantRow,
    EntryKind,
    MemberCard,
    MemberDraft,
    MemberStatus,
    TimelineEntry,
)
from correspondent_desk.domain.requests import DocumentState, RequestStatus
from correspondent_desk.language import _, pgettext
from correspondent_desk.messages import dates, labels, people, values
from correspondent_desk.messages.fields import field_name

MIDDOT = " · "


def joined(parts: Iterable[str]) -> str:
    """The parts that say something, in one line."""
    return MIDDOT.join(part for part in parts if part)


# --- the head of the card -------------------------------------------------------------------------


def head(card: MemberCard, today: date) -> list[str]:
    """The card line by line: who, where, how to reach, when seen, household, note."""
    draft = card.draft
    lines = [
        title(card),
        joined((_born(draft), situation(card, today))),
        _at_home(draft) if draft.status is MemberStatus.DECEASED else reaching(draft),
        address(draft),
        _further(draft),
        people.no_contact(draft) if draft.preferred_channel is Channel.NONE else "",
        presence(card, today),
        *(_("Household: {person}").format(person=_dependant(one)) for one in card.household),
        _("Note: {text}").format(text=draft.note) if draft.note else "",
        _disagreements(card.open_disagreements),
        _("This card was removed.") if card.is_removed else "",
    ]
    return [line for line in lines if line]


_FURTHER = ("employer", "rights", "beneficiary_number", "bracket", "rhythm_months")


def _further(draft: MemberDraft) -> str:
    """What else stands on the card: Employer: Mairie A · beneficiary number: B8000417."""
    told = []
    for field in (one for one in FIELDS[Kind.MEMBER] if one.name in _FURTHER):
        columns = {column: getattr(draft, column) for column in field.columns}
        if text := values.in_words(Kind.MEMBER, field.name, columns):
            name = field_name(Kind.MEMBER, field.name)
            told.append(_("{field}: {after}").format(field=name, after=text))
    line = joined(told)
    return line[:1].upper() + line[1:]


def title(card: MemberCard) -> str:
    """Mrs Anne LE GOFF (née KERVÉLEC)."""
    name, born = people.shown_name(card.draft), people.birth_name(card.draft)
    return _("{name} ({born})").format(name=name, born=born) if born else name


def situation(card: MemberCard, today: date) -> str:
    """Age, where the person works, staff number; of who has died no age, which would go on."""
    draft = card.draft
    is_deceased = draft.status is MemberStatus.DECEASED
    counts = draft.birth_date if not is_deceased else None
    age = dates.age_in_words(counts, today) if counts else ""
    place = ", ".join(part for part in (draft.service, card.site) if part)
    number = _("staff number {number}").format(number=draft.matricule) if draft.matricule else ""
    status = "" if draft.status is MemberStatus.ACTIVE else labels.member_status(draft.status)
    if is_deceased:
        return joined((status, place, number))
    return joined((age, place, number, status))


def reaching_household(card: MemberCard) -> str:
    """Of who has died: the household, and the ways on the card by which it may be reached."""
    left = [_dependant(one) for one in card.household if one.draft.until is None]
    named = pgettext("between people", "; ").join(left)
    who = (
        _("Household: {people}").format(people=named)
        if named
        else _("Nobody is noted in the household")
    )
    return joined((who, _at_home(card.draft)))


def _at_home(draft: MemberDraft) -> str:
    ways = _ways(draft)
    return _("to reach the household perhaps: {ways}").format(ways=ways) if ways else ""


def reaching(draft: MemberDraft) -> str:
    """How to reach the person: what may be used, what is preferred, what makes access easier."""
    ways = _ways(draft) or _("no phone or e-mail that may be used")
    preferred = ""
    if draft.preferred_channel not in (Channel.ANY, Channel.NONE):
        way = labels.channel(draft.preferred_channel)
        preferred = (
            _("prefers to be reached {way}").format(way=way)
            if draft.preferred_channel.is_known
            else _("preferred way of contact: {way}").format(way=way)
        )
    home = _("letter at home: no") if draft.no_letter_home else ""
    return joined((_("Reach: {ways}").format(ways=ways), preferred, home, draft.access_needs))


def caution(draft: MemberDraft) -> str:
    """What to know before one calls this person; normally nothing."""
    if draft.status is MemberStatus.DECEASED:
        return _("{deceased} Note what is said with the household.").format(
            deceased=people.deceased(draft)
        )
    return people.no_contact(draft) if draft.preferred_channel is Channel.NONE else ""


def _ways(draft: MemberDraft) -> str:
    phones = [
        values.phone_line(phone.number, phone.label, do_not_use=False)
        for phone in draft.phones
        if not phone.do_not_use
    ]
    mails = [mail.address for mail in draft.mails if not mail.do_not_use]
    return ", ".join([*phones, *mails])


def address(draft: MemberDraft) -> str:
    """Where they live, in one line: 3 rue Haute, 67990 VALBRUNE."""
    return ", ".join(filter(None, (*draft.address.lines, _town(draft), draft.address.country)))


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
    when = _when_and_how(card.last_seen_on, card.last_seen_how, card.last_seen_site, today)
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
    when = _when_and_how(card.last_contact_on, card.last_contact_how, card.last_contact_site, today)
    return _("last contact {when}").format(when=when)


def _when_and_how(when: date, how: str, site: str, today: date) -> str:
    said = dates.since(when, today)
    known = site or how_in_words(how)  # a site need not be an office: its name says where
    return _("{when}, {how}").format(when=said, how=known) if known else said


def how_in_words(how: str) -> str:
    """The word for a way of contact or a kind of meeting, by its value."""
    if not how:
        return ""
    way = Way.read(how)
    return labels.way(way) if way.is_known else labels.mode(Mode.read(how))


def _born(draft: MemberDraft) -> str:
    if not draft.birth_date:
        return ""
    return _("born on {date}").format(date=dates.numeric(draft.birth_date))


def _town(draft: MemberDraft) -> str:
    return " ".join(filter(None, (draft.address.postcode, draft.address.town)))


def _dependant(person: DependantRow) -> str:
    draft = person.draft
    name = " ".join(filter(None, (draft.first_name, draft.family_name)))
    born = dates.numeric(draft.birth_date) if draft.birth_date else ""
    return ", ".join(filter(None, (name, labels.relation(draft.relation), born)))


def _disagreements(fields: Sequence[str]) -> str:
    if not fields:
        return ""
    told = ", ".join(field_name(Kind.MEMBER, field) for field in fields)
    return _("Two desks wrote different things here: {fields}").format(fields=told)


def coming(entries: Sequence[TimelineEntry], now: datetime) -> str:
    """The next meeting, as one tells somebody who asks on the phone; nothing where none is planned.

    One that began today counts while its outcome is not noted, unless another one is to come.
    """
    today, clock = now.date(), now.replace(tzinfo=None)
    planned = sorted(
        (entry for entry in entries if _is_planned(entry) and entry.at.date() >= today),
        key=lambda entry: (entry.at < clock, entry.at, entry.id),
    )
    if not planned:
        return ""
    first = planned[0]
    if first.at < clock:
        said = _("Meeting {when}, {where} · outcome not noted yet")
    else:
        said = _("Next meeting: {when}, {where}")
    return said.format(when=dates.moment(first.at, today), where=_where(first))


# --- the timeline ---------------------------------------------------------------------------------


def timeline(
    entries: Sequence[TimelineEntry], today: date, confidential: Collection[str] = ()
) -> list[str]:
    """One line for each entry: when, what, what it was about and what was noted, by whom.

    confidential: subjects of requests that are not to be named.
    """
    return [
        joined(
            (
                dates.distance(entry.at.date(), today),
                what_happened(entry),
                said_in(entry, today, confidential),
                entry.person,
            )
        )
        for entry in entries
    ]


def what_happened(entry: TimelineEntry) -> str:
    """Phone, no answer; Meeting, came; Request; Sent to the committee."""
    what = _what(entry)
    return what[:1].upper() + what[1:]


def _what(entry: TimelineEntry) -> str:
    match entry.kind:
        case EntryKind.CONTACT:
            way = labels.way(Way.read(entry.what))
            return way if entry.reached else _("{way}, no answer").format(way=way)
        case EntryKind.MEETING:
            status = labels.meeting_status(MeetingStatus.read(entry.what))
            return _("meeting, {status}").format(status=status)
        case EntryKind.REQUEST:
            return labels.entry_kind(EntryKind.REQUEST)
        case EntryKind.STEP:
            if not entry.what:
                return _("step done")
            return labels.request_status(RequestStatus.read(entry.what))
        case EntryKind.DOCUMENT:
            state = labels.document_state(DocumentState.read(entry.what))
            return _("document {state}").format(state=state)
        case EntryKind.DECISION:
            said = labels.verdict(Verdict.read(entry.what))
            return _("decision: {decision}").format(decision=said)
        case _:
            assert_never(entry.kind)


def said_in(entry: TimelineEntry, today: date, confidential: Collection[str] = ()) -> str:
    """What it was about, and what was noted; of a meeting to come first when and where.

    Confidential subjects are not named.
    """
    if entry.kind is EntryKind.MEETING:
        about = labels.meeting_reason(entry.about)
        if about == labels.discreet_meeting():  # the line says meeting already
            about = ""
    elif entry.about:
        about = labels.subject(entry.about, is_sensitive=entry.about in confidential)
    else:
        about = ""
    said = (
        _("{about}: {text}").format(about=about, text=entry.text)
        if about and entry.text
        else about or entry.text
    )
    if not _is_planned(entry):
        return said
    return joined((f"{dates.moment_plain(entry.at, today)}, {_where(entry)}", said))


def _is_planned(entry: TimelineEntry) -> bool:
    return entry.kind is EntryKind.MEETING and entry.what == MeetingStatus.PLANNED


def _where(entry: TimelineEntry) -> str:
    mode = Mode.read(entry.way)
    return entry.place if entry.place and mode is Mode.ON_SITE else labels.mode(mode)
