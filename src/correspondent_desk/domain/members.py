"""Members and their households: drafts, rows and cards as values."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

MemberId = NewType("MemberId", int)
DependantId = NewType("DependantId", int)
SiteId = NewType("SiteId", int)


class Civility(StrEnum):
    """How letters address a person; nothing when it is not known or not wished."""

    NONE = ""
    MRS = "mrs"
    MR = "mr"


class MemberStatus(StrEnum):
    """Where a member stands with the employer."""

    ACTIVE = "active"
    CONTRACT = "contract"
    APPRENTICE = "apprentice"
    LEAVE = "leave"
    RETIRED = "retired"
    LEFT = "left"
    DECEASED = "deceased"


class Channel(StrEnum):
    """The way a member wishes to be reached."""

    ANY = ""
    IN_PERSON = "in-person"
    PHONE = "phone"
    SMS = "sms"
    MAIL = "mail"
    LETTER = "letter"


class Relation(StrEnum):
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


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """One line of a member's timeline, newest first.

    what: the value of the enum that fits kind (Way, MeetingStatus, RequestStatus, DocumentState);
    about: subject of the request or reason of the meeting; text: note; person: who wrote it.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberCard:
    """Everything a member's card shows at once, as it was when opened."""

    id: MemberId
    uid: str
    draft: MemberDraft
    site: str
    last_seen_on: date | None
    last_seen_how: str
    last_contact_on: date | None
    last_contact_how: str
    household: tuple[DependantRow, ...] = ()
    open_disagreements: tuple[str, ...] = ()
    is_removed: bool = False
