"""What is still planned with somebody, and taking it back: asked about when somebody has died."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from correspondent_desk.domain.meetings import MeetingId, MeetingRow
from correspondent_desk.domain.members import MemberId
from correspondent_desk.domain.requests import RequestRow
from correspondent_desk.records import meeting_rows, meetings, requests
from correspondent_desk.records.trouble import EditConflict, NoSuchRecord, NotPlanned
from correspondent_desk.records.windows import fetch_ids
from correspondent_desk.store.tables import STILL_OPEN, STILL_PLANNED


@dataclass(frozen=True, slots=True, kw_only=True)
class Plans:
    """Meetings to come, by time, and open requests with a next step, by when it is due."""

    meetings: tuple[MeetingRow, ...] = ()
    steps: tuple[RequestRow, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything is planned."""
        return bool(self.meetings or self.steps)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """Which of the plans are not to be: meetings are cancelled, next steps fall away."""

    meetings: Sequence[MeetingId] = ()
    steps: Sequence[RequestRow] = ()


def of_member(session: Session, member_id: MemberId, today: date) -> Plans:
    """What is planned with the member from today on; next steps whenever they are due."""
    planned = fetch_ids(
        session,
        f"SELECT id FROM meeting WHERE member_id = ? AND {STILL_PLANNED}"  # noqa: S608 - our words
        " AND starts_at >= ? ORDER BY starts_at, id",
        member_id,
        today.isoformat(),
    )
    owed = fetch_ids(
        session,
        f"SELECT id FROM request WHERE member_id = ? AND {STILL_OPEN} AND next_what <> ''"  # noqa: S608
        " ORDER BY next_due IS NULL, next_due, id",
        member_id,
    )
    return Plans(
        meetings=tuple(meeting_rows.rows(session, planned)),
        steps=tuple(requests.rows(session, owed)),
    )


def take_back(session: Session, taken: TakenBack) -> None:
    """Cancel these meetings; of these requests nobody owes the next step that was shown.

    What is planned no more, because it took place, was moved, removed or changed meanwhile, stays as
    it is.
    """
    for meeting_id in taken.meetings:
        with suppress(NoSuchRecord, NotPlanned):
            meetings.cancel(session, meeting_id)
    for row in taken.steps:
        with suppress(NoSuchRecord, EditConflict):
            requests.drop_step(session, row.id, row.step)
