"""What one card of a request shows, read at once."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from correspondent_desk.domain.meetings import MeetingRow
from correspondent_desk.domain.requests import RequestCard, RequestId
from correspondent_desk.records import meetings, requests

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The card of one request, with the meetings about it."""

    card: RequestCard
    meetings: tuple[MeetingRow, ...]


def read(session: "Session", request_id: RequestId) -> Shown:
    """Everything but the history. Raises NoSuchRecord."""
    card = requests.card(session, request_id)
    return Shown(card=card, meetings=tuple(meetings.rows(session, card.meeting_ids)))
