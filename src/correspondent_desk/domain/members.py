"""Members and their households: drafts, rows and cards as values."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from correspondent_desk.domain.choices import Term
from correspondent_desk.domain.problems import Fault, Problem, in_calendar, in_line, in_text

MemberId = NewType("MemberId", int)
DependantId = NewType("DependantId", int)
SiteId = NewType("SiteId", int)


class Civility(Term):
    """How letters address a person; nothing when it is not known or not wished."""

    NONE = ""
    MRS = "mrs"
    MR = "mr"


class MemberStatus(Term):
    """Where a member stands with the employer."""

    ACTIVE = "active"
    CONTRACT = "contract"
    APPRENTICE = "apprentice"
    LEAVE = "leave"
    RETIRED = "retired"
    LEFT = "left"
    DECEASED = "deceased"


class Channel(Term):
    """The way a member wishes to be reached. NONE: not at all (ADR 36)."""

    ANY = ""
    IN_PERSON = "in-person"
    PHONE = "phone"
    SMS = "sms"
    MAIL = "mail"
    LETTER = "letter"
    NONE = "none"


class Relation(Term):
    """What a person of the household is to the member."""

    SPOUSE = "spouse"
    PARTNER = "partner"
    CHILD = "child"
    OTHER = "other"


class MemberFilter(StrEnum):
    """The filters above the list of members."""

    ALL = "all"
    WITHOUT_NEWS = "without-news"
    INCOMPLETE = "incomplete"
    GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """number as E.164 or, for short extensions, as typed."""

    number: str
    label: str = ""
    do_not_use: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail address."""

    address: str
    label: str = ""
    do_not_use: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PostalAddress:
    """lines: what stands between the name and the town, at most five."""

    lines: tuple[str, ...] = ()
    postcode: str = ""
    town: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberDraft:
    """What a form or an import holds about a member; texts as typed, dates read."""

    civility: Civility = Civility.NONE
    family_name: str = ""
    usage_name: str = ""
    first_name: str = ""
    birth_date: date | None = None
    matricule: str = ""
    beneficiary_number: str = ""
    employer: str = ""
    site_id: SiteId | None = None
    service: str = ""
    status: MemberStatus = MemberStatus.ACTIVE
    entered_on: date | None = None
    left_on: date | None = None
    phones: tuple[Phone, ...] = ()
    mails: tuple[Mail, ...] = ()
    address: PostalAddress = field(default_factory=PostalAddress)
    no_letter_home: bool = False
    preferred_channel: Channel = Channel.ANY
    access_needs: str = ""
    rhythm_months: int | None = None
    bracket: str = ""
    bracket_year: int | None = None
    note: str = ""
    sort_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DependantDraft:
    """One person of a member's household, from since until until (open: None)."""

    relation: Relation = Relation.CHILD
    first_name: str = ""
    family_name: str = ""
    birth_date: date | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DependantRow:
    """A person of the household as the card shows them."""

    id: DependantId
    draft: DependantDraft


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRow:
    """A member as lists show them. has_homonym: show birth date and site to tell them apart."""

    id: MemberId
    civility: Civility
    first_name: str
    usage_name: str
    family_name: str
    birth_date: date | None
    matricule: str
    site: str
    service: str
    status: MemberStatus
    phone: str
    last_seen_on: date | None
    last_contact_on: date | None
    next_step: str
    next_due: date | None
    has_homonym: bool = False


class EntryKind(StrEnum):
    """What a line of the timeline is."""

    CONTACT = "contact"
    MEETING = "meeting"
    REQUEST = "request"
    STEP = "step"
    DOCUMENT = "document"
    DECISION = "decision"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """One line of a member's timeline, newest first.

    what: the value of the enum that fits kind (Way, MeetingStatus, RequestStatus, DocumentState);
    about: subject of the request or reason of the meeting; text: note; person: who wrote it;
    way: the value of a contact's Way or a meeting's Mode; place: the site and room of a meeting.
    """

    kind: EntryKind
    id: int
    at: datetime
    what: str
    about: str
    text: str
    person: str
    in_person: bool = False
    reached: bool = True
    way: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberCard:
    """Everything a member's card shows at once, as it was when opened.

    last_seen_site, last_contact_site: where the meeting was held that counts; empty for another
    way of contact.
    """

    id: MemberId
    uid: str
    draft: MemberDraft
    site: str
    last_seen_on: date | None
    last_seen_how: str
    last_contact_on: date | None
    last_contact_how: str
    last_seen_site: str = ""
    last_contact_site: str = ""
    household: tuple[DependantRow, ...] = ()
    open_disagreements: tuple[str, ...] = ()
    is_removed: bool = False


_MAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]+")
_E164 = re.compile(r"\+[0-9]{7,15}")
_EXTENSION_DIGITS = range(2, 7)


def problems(draft: MemberDraft, today: date) -> list[Problem]:
    """What must be mended before draft can be saved, in the order of the form."""
    return [
        *_name_problems(draft),
        *_date_problems(draft, today),
        *in_line("matricule", draft.matricule),
        *in_line("beneficiary_number", draft.beneficiary_number),
        *in_line("employer", draft.employer),
        *in_line("service", draft.service),
        *_reaching_problems(draft),
        *in_text("access_needs", draft.access_needs),
        *_number_problems(draft, today),
        *in_text("note", draft.note),
        *in_line("sort_name", draft.sort_name),
    ]


def _name_problems(draft: MemberDraft) -> Iterator[Problem]:
    if not (draft.family_name.strip() or draft.usage_name.strip()):
        yield Problem("family_name", Fault.MISSING)
    yield from in_line("family_name", draft.family_name)
    yield from in_line("usage_name", draft.usage_name)
    yield from in_line("first_name", draft.first_name)


def _date_problems(draft: MemberDraft, today: date) -> Iterator[Problem]:
    born, entered, left = draft.birth_date, draft.entered_on, draft.left_on
    for field_, day in (("birth_date", born), ("entered_on", entered), ("left_on", left)):
        yield from in_calendar(field_, day)
    if born and born > today:
        yield Problem("birth_date", Fault.IN_THE_FUTURE)
    elif born and entered and entered < born:
        yield Problem("entered_on", Fault.BEFORE_BIRTH)
    if left and entered and left < entered:
        yield Problem("left_on", Fault.BEFORE_START)


def _reaching_problems(draft: MemberDraft) -> Iterator[Problem]:
    for phone in draft.phones:
        if not _can_be_dialled(phone.number):
            yield Problem("phones", Fault.NOT_A_PHONE, phone.number)
        yield from in_line("phones", phone.label)
    for mail in draft.mails:
        if not _MAIL.fullmatch(mail.address):
            yield Problem("mails", Fault.NOT_A_MAIL, mail.address)
        yield from in_line("mails", mail.label)
    for line in (*draft.address.lines, draft.address.town, draft.address.country):
        yield from in_line("address", line)
    abroad = draft.address.country.strip().casefold() not in ("", "fr", "france")
    code = draft.address.postcode
    if code and not abroad and not re.fullmatch("[0-9]{5}", code):
        yield Problem("address", Fault.NOT_A_POSTCODE, code)


def _can_be_dialled(number: str) -> bool:
    if number.startswith("+"):
        return bool(_E164.fullmatch(number))
    return len(re.sub("[^0-9]", "", number)) in _EXTENSION_DIGITS


def _number_problems(draft: MemberDraft, today: date) -> Iterator[Problem]:
    if draft.rhythm_months is not None and draft.rhythm_months <= 0:
        yield Problem("rhythm_months", Fault.NOT_POSITIVE)
    yield from in_line("bracket", draft.bracket)
    if draft.bracket_year is not None and draft.bracket_year > today.year + 1:
        yield Problem("bracket_year", Fault.IN_THE_FUTURE)


def dependant_problems(draft: DependantDraft, today: date) -> list[Problem]:
    """As problems, for one person of the household."""
    found: list[Problem] = []
    if not (draft.first_name.strip() or draft.family_name.strip()):
        found.append(Problem("first_name", Fault.MISSING))
    found += in_line("first_name", draft.first_name)
    found += in_line("family_name", draft.family_name)
    for field_, day in (
        ("birth_date", draft.birth_date),
        ("since", draft.since),
        ("until", draft.until),
    ):
        found += in_calendar(field_, day)
    if draft.birth_date and draft.birth_date > today:
        found.append(Problem("birth_date", Fault.IN_THE_FUTURE))
    if draft.since and draft.until and draft.until < draft.since:
        found.append(Problem("until", Fault.BEFORE_START))
    return found
