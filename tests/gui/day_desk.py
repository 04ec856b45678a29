"""A small desk on Thursday 26 November 2026, 10:20, for the pages of the day and of meetings."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from typing import TypeVar, cast
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy.orm import Session

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.meetings import (
    MeetingDraft,
    MeetingFilter,
    MeetingId,
    MeetingStatus,
    Mode,
    SessionDraft,
    SiteDraft,
)
from correspondent_desk.domain.members import MemberId, SiteId
from correspondent_desk.domain.requests import DocumentDraft, NextStep, RequestDraft, RequestId
from correspondent_desk.domain.today import TodayPage
from correspondent_desk.gui.meetings.page import MeetingsPage
from correspondent_desk.gui.page import Page
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.records import meetings, office, requests, today
from correspondent_desk.store.database import Database
from tests.builders import add_member

NOW = datetime(2026, 11, 26, 10, 20, tzinfo=ZoneInfo("Europe/Paris"))
TODAY = NOW.date()
FRIDAY = date(2026, 11, 27)
T = TypeVar("T")


def do(desk: Database, work: Callable[[Session], T], action: Action = Action.MEMBER_EDITED) -> T:
    """Do work as one step; its answer."""
    return desk.do(action, work).result


def add_office(desk: Database) -> SiteId:
    """The office with one site and its drop-in session on Thursdays; the site."""
    site = SiteDraft(name="Town hall", department="67", room="room B")
    do(desk, lambda s: office.set_up(s, "Valbrune", "", [site], "Yann"))
    site_id = desk.read(lambda s: office.sites(s)[0].id)
    do(
        desk,
        lambda s: meetings.add_session(
            s,
            SessionDraft(
                site_id=site_id,
                starts_at=at(14),
                minutes=120,
                weekly_until=date(2027, 6, 30),
                room="room B",
            ),
        ),
    )
    return site_id


def add_request(desk: Database, member: int, **told: object) -> RequestId:
    """A request of member, opened a week ago; documents: those on its list."""
    documents = cast("Sequence[DocumentDraft]", told.pop("documents", ()))
    fields: dict[str, object] = {"subject": "Birth of Malo", "opened_on": date(2026, 11, 19)}
    draft = RequestDraft(member_id=MemberId(member), **(fields | told))  # type: ignore[arg-type]
    return do(desk, lambda s: requests.create(s, draft, documents, NOW))


def add_meeting(desk: Database, member: int, at: str, **told: object) -> MeetingId:
    """A meeting of half an hour with member; at: "2026-11-26 14:00"."""
    fields: dict[str, object] = {"starts_at": datetime.fromisoformat(at), "mode": Mode.HOME}
    draft = MeetingDraft(member_id=MemberId(member), **(fields | told))  # type: ignore[arg-type]
    return do(desk, lambda s: meetings.plan(s, draft))


def a_day(desk: Database) -> TodayPage:
    """Today with one meeting and one thing to do."""
    member = add_member(desk, "Roux", civility="mrs", first_name="Hélène")
    add_meeting(desk, member, "2026-11-26 11:00", reason="file", bring="The record")
    add_request(desk, member, next_what="Call back", next_due=TODAY)
    return desk.read(lambda s: today.page(s, NOW))


def show(qtbot: QtBot, page: Page, workspace: Workspace) -> None:
    """Show page as the frame does, and keep telling it what changes."""
    page.resize(1240, 800)
    qtbot.addWidget(page)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    workspace.changed.connect(page.refresh)
    page.shown()


def at(hour: int, minute: int = 0, day: date = TODAY) -> datetime:
    """A time of the day."""
    return datetime.combine(day, time(hour, minute))


def press(widget: QWidget, *keys: Qt.Key) -> None:
    """Press keys where the focus is in widget's window, or on widget."""
    for key in keys:
        QTest.keyClick(QApplication.focusWidget() or widget, key)


def settled(qtbot: QtBot, page: MeetingsPage) -> None:
    """Wait until the form has been advised."""
    page.form.advising.ask()
    qtbot.waitUntil(lambda: page.form.advising.is_done)


def all_meetings(workspace: Workspace) -> list[tuple[str, MeetingStatus]]:
    """Day and time of every meeting, earliest first, and what became of it."""

    def found(s: Session) -> list[tuple[str, MeetingStatus]]:
        ids = meetings.find_ids(s, which=MeetingFilter.ALL, now=NOW)
        return [
            (f"{row.draft.starts_at:%d %H:%M}", row.status)
            for row in reversed(meetings.rows(s, ids))
        ]

    return workspace.now(found)


def wall(text: str) -> datetime:
    """2026-11-27 09:30 on the clock at the wall."""
    return datetime.fromisoformat(text)


def step_of(workspace: Workspace, request: RequestId) -> NextStep:
    """What comes next for this request."""
    row = workspace.now(lambda s: requests.rows(s, [request]))[0]
    return NextStep(row.next_what, row.next_who, row.next_due)
