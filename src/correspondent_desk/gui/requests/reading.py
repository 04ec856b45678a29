"""What one card of a request shows, read at once."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from correspondent_desk.domain.decisions import Decision
from correspondent_desk.domain.meetings import MeetingRow
from correspondent_desk.domain.requests import RequestCard, RequestId
from correspondent_desk.gui.exchange import disputes
from correspondent_desk.gui.exchange.disputes import Dispute
from correspondent_desk.records import decisions, meetings, requests

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The card of one request, with the meetings and decisions about it and what desks disagree on."""

    card: RequestCard
    meetings: tuple[MeetingRow, ...]
    disputes: tuple[Dispute, ...]
    decisions: tuple[Decision, ...]


def read(session: "Session", request_id: RequestId, today: date) -> Shown:
    """Everything but the history. Raises NoSuchRecord."""
    card = requests.card(session, request_id)
    documents = (row.id for row in card.documents)
    return Shown(
        card=card,
        meetings=tuple(meetings.rows(session, card.meeting_ids)),
        disputes=tuple(disputes.of(session, today, [request_id, *documents])),
        decisions=decisions.of_request(session, request_id),
    )
