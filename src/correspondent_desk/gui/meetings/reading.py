"""What the page of meetings reads at once, in the background."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from correspondent_desk.domain.meetings import MeetingId, MeetingRow, SiteRow, Week
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.records import meetings, office

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Found:
    """A week, and what a sheet of it says besides."""

    week: Week
    sites: tuple[SiteRow, ...]
    office: str
    person: str


def read(s: "Session", monday: date, language: str) -> Found:
    """The week from monday on; language: of the names of public holidays."""
    return Found(
        meetings.week(s, monday, language), sites(s), office.office(s).name, office.person(s)
    )


def meeting(workspace: Workspace, id_: int) -> MeetingRow | None:
    """This meeting, now; None if it is not there any more."""
    return next(iter(workspace.now(lambda s: meetings.rows(s, [MeetingId(id_)]))), None)


def sites(s: "Session") -> tuple[SiteRow, ...]:
    """Where meetings can take place."""
    return tuple(office.sites(s))
