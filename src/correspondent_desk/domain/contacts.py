"""The contact log: what took place with a member."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NewType

from correspondent_desk.domain.choices import Term
from correspondent_desk.domain.members import MemberId
from correspondent_desk.domain.problems import Fault, Problem, in_calendar, in_text
from correspondent_desk.domain.requests import RequestId

ContactId = NewType("ContactId", int)


class Way(Term):
    """How the contact took place. `is_in_person` ones count as seen."""

    PHONE = "phone"
    VISIT = "visit"
    SESSION = "session"
    HOME = "home"
    MAIL = "mail"
    SMS = "sms"
    LETTER = "letter"
    VIDEO = "video"
    THIRD_PARTY = "third-party"

    @property
    def usual_direction(self) -> "Direction":
        """Who begins it, unless one says otherwise: who comes by comes of their own accord."""
        return Direction.IN if self in (Way.VISIT, Way.SESSION) else Direction.OUT

    @property
    def is_in_person(self) -> bool:
        """Whether two people were in the same room."""
        return self in (Way.VISIT, Way.SESSION, Way.HOME)


class Direction(Term):
    """Who began."""

    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactDraft:
    """at is local wall-clock time. reached False: an attempt, not a contact."""

    member_id: MemberId | None = None
    request_id: RequestId | None = None
    at: datetime | None = None
    way: Way = Way.PHONE
    direction: Direction = Direction.OUT
    reached: bool = True
    note: str = ""


def problems(draft: ContactDraft, today: date) -> list[Problem]:
    """What must be mended before draft can be saved, in the order of the form."""
    found: list[Problem] = []
    if draft.member_id is None:
        found.append(Problem("member_id", Fault.MISSING))
    if draft.at is None:
        found.append(Problem("at", Fault.MISSING))
    elif draft.at.date() > today:
        found.append(Problem("at", Fault.IN_THE_FUTURE))
    else:
        found += in_calendar("at", draft.at.date())
    found += in_text("note", draft.note)
    return found
