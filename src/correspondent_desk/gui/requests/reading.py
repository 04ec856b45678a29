"""What one card of a request shows, read at once."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from correspondent_desk.domain.meetings import MeetingRow
from correspondent_desk.domain.requests import RequestCard, RequestId
from correspondent_desk.records import meetings, requests
from correspondent_desk.store import journal
from correspondent_desk.store.changes import HistoryRow

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


def read_history(session: "Session", records: tuple[int, ...]) -> tuple[HistoryRow, ...]:
    """Who changed the request and its documents, newest first."""
    found = [row for record in records for row in journal.history_of(session, record)]
    found.sort(key=lambda row: row.action.at, reverse=True)
    return tuple(found)
