"""The word for every closed choice, for window and command line alike."""

from typing import assert_never

from correspondent_desk.domain.choices import Term
from correspondent_desk.domain.contacts import Direction, Way
from correspondent_desk.domain.decisions import Answer, Verdict
from correspondent_desk.domain.meetings import MeetingFilter, MeetingStatus, Mode
from correspondent_desk.domain.members import (
    Channel,
    Civility,
    EntryKind,
    MemberFilter,
    MemberStatus,
    Relation,
)
from correspondent_desk.domain.requests import (
    DocumentDraft,
    DocumentState,
    Owes,
    RequestFilter,
    RequestStatus,
    RequestType,
)
from correspondent_desk.language import _, code, pgettext
from correspondent_desk.messages import civilities, filters
from correspondent_desk.messages.newer import newer, or_newer
from correspondent_desk.records import catalogue

Choice = (
    Channel | Civility | Direction | DocumentState | EntryKind | MeetingStatus | MemberFilter
    | MeetingFilter | MemberStatus | Mode | Owes | Relation | RequestFilter | RequestStatus | RequestType | Way
    | Verdict | Answer
)  # fmt: skip


def label(choice: Choice) -> str:  # noqa: C901, PLR0912 - one case for each enum
    """The word shown for choice; nothing for a civility that is not known."""
    match choice:
        case Civility():
            return civilities.chosen(choice)
        case MemberStatus():
            return member_status(choice)
        case Channel():
            return channel(choice)
        case Relation():
            return relation(choice)
        case MemberFilter():
            return filters.members(choice)
        case EntryKind():
            return entry_kind(choice)
        case RequestType():
            return request_type(choice)
        case RequestStatus():
            return request_status(choice)
        case DocumentState():
            return document_state(choice)
        case Owes():
            return owes(choice)
        case RequestFilter():
            return filters.requests(choice)
        case Way():
            return way(choice)
        case Direction():
            return direction(choice)
        case Mode():
            return mode(choice)
        case MeetingStatus():
            return meeting_status(choice)
        case MeetingFilter():
            return filters.meetings(choice)
        case Verdict():
            return verdict(choice)
        case Answer():
            return decision_answer(choice)
        case _:
            assert_never(choice)


def stored(terms: type[Term], value: str) -> str:
    """The word for a value as the store holds it; nothing where nothing was said."""
    said = terms.read(value)
    if not said.is_known:
        return newer() if value else ""
    return label(said)  # type: ignore[arg-type]  # every list of terms is a Choice


@or_newer
def verdict(choice: Verdict) -> str:
    """What the committee decided."""
    match choice:
        case Verdict.GRANTED:
            return pgettext("decision", "granted")
        case Verdict.REFUSED:
            return pgettext("decision", "refused")
        case Verdict.DOCUMENTS:
            return pgettext("decision", "documents asked for")
        case _:
            assert_never(choice)


@or_newer
def decision_answer(choice: Answer) -> str:
    """What a desk made of a decision."""
    match choice:
        case Answer.NONE:
            return pgettext("decision", "not noted yet")
        case Answer.FOLLOWED:
            return pgettext("decision", "noted")
        case Answer.KEPT:
            return pgettext("decision", "read, request left as it was")
        case _:
            assert_never(choice)


@or_newer
def member_status(choice: MemberStatus) -> str:
    """Where a member stands with the employer."""
    match choice:
        case MemberStatus.ACTIVE:
            return _("in service")
        case MemberStatus.CONTRACT:
            return _("on contract")
        case MemberStatus.APPRENTICE:
            return _("apprentice")
        case MemberStatus.LEAVE:
            return _("on leave of absence")
        case MemberStatus.RETIRED:
            return _("retired")
        case MemberStatus.LEFT:
            return _("left the office")
        case MemberStatus.DECEASED:
            return _("deceased")
        case _:
            assert_never(choice)


@or_newer
def channel(choice: Channel) -> str:
    """How a member wishes to be reached."""
    match choice:
        case Channel.ANY:
            return _("no preference")
        case Channel.IN_PERSON:
            return _("in person")
        case Channel.PHONE:
            return _("by phone")
        case Channel.SMS:
            return _("by text message")
        case Channel.MAIL:
            return _("by e-mail")
        case Channel.LETTER:
            return _("by letter")
        case Channel.NONE:
            return _("wishes no contact")
        case _:
            assert_never(choice)


@or_newer
def relation(choice: Relation) -> str:
    """What a person of the household is to the member."""
    match choice:
        case Relation.SPOUSE:
            return _("spouse")
        case Relation.PARTNER:
            return _("partner")
        case Relation.CHILD:
            return _("child")
        case Relation.OTHER:
            return _("other person of the household")
        case _:
            assert_never(choice)


def entry_kind(choice: EntryKind) -> str:
    """What a line of the timeline is."""
    match choice:
        case EntryKind.CONTACT:
            return _("contact")
        case EntryKind.MEETING:
            return _("meeting")
        case EntryKind.REQUEST:
            return _("request")
        case EntryKind.STEP:
            return _("step")
        case EntryKind.DOCUMENT:
            return _("document")
        case EntryKind.DECISION:
            return _("decision")
        case _:
            assert_never(choice)


@or_newer
def request_type(choice: RequestType) -> str:
    """What kind of help is asked for."""
    match choice:
        case RequestType.CLAIM:
            return _("claim")
        case RequestType.QUESTION:
            return _("question")
        case RequestType.EMERGENCY:
            return _("emergency")
        case RequestType.CHANGE:
            return _("change of situation")
        case _:
            assert_never(choice)


@or_newer
def request_status(choice: RequestStatus) -> str:
    """A place on the path of a request."""
    match choice:
        case RequestStatus.PREPARING:
            return _("in preparation")
        case RequestStatus.WAITING:
            return _("waiting for documents")
        case RequestStatus.COMPLETE:
            return _("complete")
        case RequestStatus.SENT:
            return _("sent to the committee")
        case RequestStatus.GRANTED:
            return _("granted")
        case RequestStatus.REFUSED:
            return pgettext("request", "refused")
        case RequestStatus.PAID:
            return _("paid")
        case RequestStatus.CLOSED:
            return _("closed")
        case RequestStatus.ABANDONED:
            return _("given up")
        case _:
            assert_never(choice)


@or_newer
def document_state(choice: DocumentState) -> str:
    """How a proof stands."""
    match choice:
        case DocumentState.MISSING:
            return pgettext("document", "missing")
        case DocumentState.SEEN:
            return pgettext("document", "seen")
        case DocumentState.RECEIVED:
            return pgettext("document", "received")
        case DocumentState.REFUSED:
            return pgettext("document", "refused")
        case _:
            assert_never(choice)


@or_newer
def owes(choice: Owes) -> str:
    """Who owes the next step."""
    match choice:
        case Owes.ME:
            return _("me")
        case Owes.MEMBER:
            return _("the member")
        case Owes.COMMITTEE:
            return _("the committee")
        case Owes.OTHER:
            return _("someone else")
        case _:
            assert_never(choice)


@or_newer
def way(choice: Way) -> str:
    """How a contact took place."""
    match choice:
        case Way.PHONE:
            return _("phone")
        case Way.VISIT:
            return _("visit to the office")
        case Way.SESSION:
            return _("drop-in session")
        case Way.HOME:
            return _("home visit")
        case Way.MAIL:
            return _("e-mail")
        case Way.SMS:
            return _("text message")
        case Way.LETTER:
            return _("letter")
        case Way.VIDEO:
            return _("video call")
        case Way.THIRD_PARTY:
            return _("through someone else")
        case _:
            assert_never(choice)


@or_newer
def direction(choice: Direction) -> str:
    """Who began a contact."""
    match choice:
        case Direction.IN:
            return _("from the member")
        case Direction.OUT:
            return _("from here")
        case _:
            assert_never(choice)


@or_newer
def mode(choice: Mode) -> str:
    """Where and how people meet."""
    match choice:
        case Mode.ON_SITE:
            return _("on site")
        case Mode.HOME:
            return _("at home")
        case Mode.PHONE:
            return _("on the phone")
        case Mode.VIDEO:
            return _("by video")
        case _:
            assert_never(choice)


@or_newer
def meeting_status(choice: MeetingStatus) -> str:
    """Planned, or how it ended."""
    match choice:
        case MeetingStatus.PLANNED:
            return pgettext("meeting", "planned")
        case MeetingStatus.SEEN:
            return pgettext("meeting", "came")
        case MeetingStatus.EXCUSED:
            return pgettext("meeting", "sent apologies")
        case MeetingStatus.NO_SHOW:
            return pgettext("meeting", "did not come")
        case MeetingStatus.CANCELLED:
            return pgettext("meeting", "cancelled")
        case MeetingStatus.MOVED:
            return pgettext("meeting", "moved")
        case _:
            assert_never(choice)


def benefit(benefit_code: str) -> str:
    """The name of a benefit; a code of a newer catalogue as it stands."""
    known = catalogue.benefit(benefit_code)
    return _spoken(known.fr, known.en) if known else benefit_code


def reason(reason_code: str) -> str:
    """The name of a reason for a meeting; a free text as it stands."""
    known = catalogue.reason(reason_code)
    return _spoken(known.fr, known.en) if known else reason_code


def bring(reason_code: str) -> str:
    """What the catalogue says to bring for this reason."""
    known = catalogue.reason(reason_code)
    return _spoken(known.bring_fr, known.bring_en) if known else ""


def document(draft: DocumentDraft) -> str:
    """The name of a proof: in the language in use if the catalogue knows it, else as written."""
    known = catalogue.document_kind(draft.code)
    return _spoken(known.fr, known.en) if known else draft.label or draft.code


def subject(text: str, *, is_sensitive: bool) -> str:
    """What a request is about, as lists, sheets of paper and calendars may say it.

    text is what was typed or, where nothing was, the benefit's code. A sensitive one gets a
    neutral label: relatives and colleagues look over shoulders.
    """
    if is_sensitive:
        return _("Confidential request")
    return benefit(text) or _("Request without a subject")


def meeting_reason(reason_code: str) -> str:
    """Why people meet, as lists, sheets of paper and calendars may say it: a discreet reason is not named."""
    known = catalogue.reason(reason_code)
    return discreet_meeting() if known and known.discreet else reason(reason_code)


def discreet_meeting() -> str:
    """What stands for a reason that is not to be named."""
    return _("Meeting")


def _spoken(fr: str, en: str) -> str:
    return fr if code() == "fr" else en
