"""Requests: what a member asks for and what is owed next."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import NewType

from correspondent_desk.domain.amounts import is_likely_amount
from correspondent_desk.domain.choices import Term
from correspondent_desk.domain.members import Civility, MemberId
from correspondent_desk.domain.problems import Fault, Problem, in_calendar, in_line, in_text
from correspondent_desk.domain.states import DocumentState as DocumentState  # noqa: PLC0414 - one name for all
from correspondent_desk.domain.states import RequestStatus as RequestStatus  # noqa: PLC0414

RequestId = NewType("RequestId", int)
DocumentId = NewType("DocumentId", int)


class RequestType(Term):
    """What kind of help is asked for."""

    CLAIM = "claim"
    QUESTION = "question"
    EMERGENCY = "emergency"
    CHANGE = "change"


class Owes(Term):
    """Who owes the next step."""

    ME = "me"
    MEMBER = "member"
    COMMITTEE = "committee"
    OTHER = "other"


class RequestFilter(StrEnum):
    """The filters above the list of requests."""

    OPEN = "open"
    MINE = "mine"
    WAITING = "waiting"
    CLOSED = "closed"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentDraft:
    """A proof the request needs. code: of the catalogue, or empty for one typed by hand."""

    code: str = ""
    label: str = ""
    state: DocumentState = DocumentState.MISSING
    seen_on: date | None = None
    valid_until: date | None = None
    refused_because: str = ""

    @property
    def line(self) -> tuple[str, str]:
        """What makes it another line of the checklist: its code, or its label where it has none."""
        return (self.code, "" if self.code else self.label)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRow:
    """A document as the card shows it."""

    id: DocumentId
    draft: DocumentDraft


@dataclass(frozen=True, slots=True)
class NextStep:
    """What is to be done next for a request, who owes it and by when; no what: nothing."""

    what: str = ""
    who: Owes = Owes.ME
    due: date | None = None


NO_STEP = NextStep()


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestDraft:
    """What a form holds about a request. Amounts in euros."""

    member_id: MemberId | None = None
    type: RequestType = RequestType.CLAIM
    benefit: str = ""
    subject: str = ""
    status: RequestStatus = RequestStatus.PREPARING
    opened_on: date | None = None
    event_on: date | None = None
    last_useful_on: date | None = None
    next_what: str = ""
    next_who: Owes = Owes.ME
    next_due: date | None = None
    situation: str = ""
    amount_asked: Decimal | None = None
    amount_granted: Decimal | None = None
    is_sensitive: bool = False

    @property
    def step(self) -> NextStep:
        """The next step."""
        return NextStep(self.next_what, self.next_who, self.next_due)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRow:
    """A request as lists show it; names as in MemberRow."""

    id: RequestId
    member_id: MemberId
    civility: Civility
    first_name: str
    usage_name: str
    family_name: str
    type: RequestType
    subject: str
    is_sensitive: bool
    status: RequestStatus
    opened_on: date | None
    last_useful_on: date | None
    next_what: str
    next_who: Owes
    next_due: date | None
    documents: int
    documents_missing: int

    @property
    def step(self) -> NextStep:
        """The next step."""
        return NextStep(self.next_what, self.next_who, self.next_due)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """One change of status: from was to became, by person, and why.

    Where both are the same, a next step was done: why is what that was.
    """

    at: datetime
    was: str
    became: str
    why: str
    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestCard:
    """Everything a request's card shows at once, as it was when opened."""

    id: RequestId
    uid: str
    draft: RequestDraft
    member: RequestRow
    documents: tuple[DocumentRow, ...] = ()
    steps: tuple[StepRow, ...] = ()
    meeting_ids: tuple[int, ...] = ()
    open_disagreements: tuple[str, ...] = ()


def problems(draft: RequestDraft, today: date) -> list[Problem]:
    """What must be mended before draft can be saved, in the order of the form.

    A next step that is overdue is none: it must not stand in the way of writing down what is new.
    """
    found: list[Problem] = []
    if draft.member_id is None:
        found.append(Problem("member_id", Fault.MISSING))
    if not (draft.subject.strip() or draft.benefit):
        found.append(Problem("subject", Fault.MISSING))
    found += in_line("subject", draft.subject)
    found += _date_problems(draft, today)
    found += step_problems(draft.step, draft.opened_on)
    found += in_text("situation", draft.situation)
    if draft.amount_asked is not None and draft.amount_asked <= 0:
        found.append(Problem("amount_asked", Fault.NOT_POSITIVE))
    if draft.amount_granted is not None and draft.amount_granted < 0:
        found.append(Problem("amount_granted", Fault.NOT_POSITIVE))
    for name in ("amount_asked", "amount_granted"):
        euros = getattr(draft, name)
        if euros is not None and not is_likely_amount(euros):
            found.append(Problem(name, Fault.UNLIKELY_AMOUNT))
    return found


def _date_problems(draft: RequestDraft, today: date) -> Iterator[Problem]:
    for field_ in ("opened_on", "event_on", "last_useful_on"):
        yield from in_calendar(field_, getattr(draft, field_))
    if draft.opened_on and draft.opened_on > today:
        yield Problem("opened_on", Fault.IN_THE_FUTURE)
    if draft.event_on and draft.last_useful_on and draft.last_useful_on < draft.event_on:
        yield Problem("last_useful_on", Fault.BEFORE_START)


def step_problems(
    step: NextStep, opened_on: date | None, *, is_needed: bool = False
) -> Iterator[Problem]:
    """As problems, for the next step of a request that was opened on that day.

    is_needed: somebody said that there is one. One that is due always needs words.
    """
    if not step.what.strip() and step.due:
        yield Problem("next_what", Fault.DUE_ALONE)
    elif not step.what.strip() and is_needed:
        yield Problem("next_what", Fault.MISSING)
    yield from in_line("next_what", step.what)
    yield from in_calendar("next_due", step.due)
    if step.due and opened_on and step.due < opened_on:
        yield Problem("next_due", Fault.BEFORE_START)


def document_problems(draft: DocumentDraft, today: date) -> list[Problem]:
    """As problems, for one document of the checklist."""
    found: list[Problem] = []
    if not (draft.label.strip() or draft.code):
        found.append(Problem("label", Fault.MISSING))
    found += in_line("label", draft.label)
    found += in_calendar("seen_on", draft.seen_on)
    found += in_calendar("valid_until", draft.valid_until)
    if draft.seen_on and draft.seen_on > today:
        found.append(Problem("seen_on", Fault.IN_THE_FUTURE))
    if draft.state is DocumentState.REFUSED and not draft.refused_because.strip():
        found.append(Problem("refused_because", Fault.MISSING))
    found += in_line("refused_because", draft.refused_because)
    return found
