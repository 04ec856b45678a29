"""What one card shows, read at once."""

from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING

from correspondent_desk.domain.members import MemberCard, MemberId, MemberStatus, TimelineEntry
from correspondent_desk.domain.requests import RequestRow
from correspondent_desk.gui.exchange import disputes
from correspondent_desk.gui.exchange.disputes import Dispute
from correspondent_desk.records import members, plans, requests
from correspondent_desk.records.plans import Plans

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

LINES = 200  # of the timeline


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The card of one member with what stands in its tabs."""

    card: MemberCard
    timeline: tuple[TimelineEntry, ...]
    requests: tuple[RequestRow, ...]
    disputes: tuple[Dispute, ...]
    plans: Plans  # of who has died


def read(session: "Session", member_id: MemberId, today: date) -> Shown:
    """Everything but the history. Raises NoSuchRecord."""
    card = members.card(session, member_id, today)
    is_deceased = card.draft.status is MemberStatus.DECEASED
    household = (row.id for row in card.household)
    return Shown(
        card=card,
        timeline=tuple(members.timeline(session, member_id, LINES)),
        requests=tuple(requests.of_member(session, member_id)),
        disputes=tuple(disputes.of(session, today, [*chain((member_id,), household)])),
        plans=plans.of_member(session, member_id, today) if is_deceased else Plans(),
    )
