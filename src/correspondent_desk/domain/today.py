"""The page of the day: what it holds, each line with its reason in data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from correspondent_desk.domain.decisions import DecisionLine
from correspondent_desk.domain.meetings import MeetingRow
from correspondent_desk.domain.members import MemberId, MemberRow
from correspondent_desk.domain.presence import Reason
from correspondent_desk.domain.requests import RequestRow
from correspondent_desk.domain.triage import Line, LineKind


@dataclass(frozen=True, slots=True, kw_only=True)
class TodayLine:
    """A request and why it stands here. Line.missing holds catalogue codes or labels."""

    line: Line
    request: RequestRow


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonToMeet:
    """A member and why a person is needed; request: the one it is about, if any."""

    member: MemberRow
    reason: Reason
    request: RequestRow | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToCheck:
    """What waits for a look: past meetings without outcome, disagreements between desks, bundles.

    planned_with_deceased: who has died and is still expected, as a list or another desk said it.
    lacks_recovery_sheet: nobody has a code on paper that opens this desk.
    """

    meetings_without_outcome: int = 0
    disagreements: int = 0
    bundles_waiting: int = 0
    planned_with_deceased: tuple[MemberId, ...] = ()
    lacks_recovery_sheet: bool = False

    @property
    def is_empty(self) -> bool:
        """Nothing to look at."""
        counts = (self.meetings_without_outcome, self.disagreements, self.bundles_waiting)
        return not (any(counts) or self.planned_with_deceased or self.lacks_recovery_sheet)


@dataclass(frozen=True, slots=True, kw_only=True)
class TodayPage:
    """Everything the page shows, in its order.

    more: how many lines of a kind are not among lines. next_meeting: the first that is not today.
    """

    today: date
    meetings: tuple[MeetingRow, ...]
    lines: tuple[TodayLine, ...]
    more: Mapping[LineKind, int]
    people: tuple[PersonToMeet, ...]
    to_check: ToCheck
    next_meeting: MeetingRow | None = None
    decisions: tuple[DecisionLine, ...] = ()

    @property
    def is_sorted(self) -> bool:
        """Nothing is left to do: the page says so and stays empty."""
        lines = (self.meetings, self.decisions, self.lines, self.people)
        return not any(lines) and self.to_check.is_empty
