"""What one card shows, read at once."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from correspondent_desk.domain.members import MemberCard, MemberId, TimelineEntry
from correspondent_desk.domain.requests import RequestRow
from correspondent_desk.records import members, requests

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

LINES = 200  # of the timeline


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The card of one member with what stands in its tabs."""

    card: MemberCard
    timeline: tuple[TimelineEntry, ...]
    requests: tuple[RequestRow, ...]


def read(session: "Session", member_id: MemberId, today: date) -> Shown:
    """Everything but the history. Raises NoSuchRecord."""
    return Shown(
        card=members.card(session, member_id, today),
        timeline=tuple(members.timeline(session, member_id, LINES)),
        requests=tuple(requests.of_member(session, member_id)),
    )
