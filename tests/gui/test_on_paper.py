"""What stands on the sheet of a day: what the page shows, and what one needs on the way."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from correspondent_desk.domain.meetings import MeetingStatus, Mode
from correspondent_desk.domain.members import MemberDraft, Phone, PostalAddress
from correspondent_desk.formats.sheets import DayMeeting, DaySheet
from correspondent_desk.gui.tasks import Tasks
from correspondent_desk.gui.today import entries
from correspondent_desk.gui.today.page import TodayPage
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.messages import on_paper
from correspondent_desk.records import meetings, members
from correspondent_desk.store.database import Database
from tests.gui.day_desk import NOW, TODAY, a_day, add_meeting, add_office, add_request, do, show

EMPTY = DaySheet(day=TODAY, office="Valbrune")
ROUX = MemberDraft(
    family_name="Roux",
    phones=(Phone(number="+33388000000", do_not_use=True), Phone(number="+33612345607")),
    address=PostalAddress(lines=("3 rue Haute",), postcode="67990", town="Valbrune"),
    access_needs="large print",
)


@pytest.fixture
def workspace(desk: Database, tasks: Tasks) -> Workspace:
    return Workspace(desk, tasks, clock=lambda: NOW)


def on_the_sheet(desk: Database, mode: Mode, **told: object) -> DayMeeting:
    """A meeting with Mrs Roux about her request, as paper has it."""
    member = do(desk, lambda s: members.create(s, ROUX))
    request = add_request(desk, member, subject="Which papers?", **told)
    add_meeting(desk, member, "2026-11-26 11:00", reason="file", mode=mode, request_id=request)
    known = desk.read(lambda s: members.drafts(s, [member]))
    (row,) = desk.read(lambda s: meetings.week(s, date(2026, 11, 23), "en").meetings)
    return on_paper.meeting(row, known)


def test_it_holds_what_the_page_holds(desk: Database) -> None:
    sheet = on_paper.whole_day(EMPTY, a_day(desk), {})

    assert [meeting.prepare for meeting in sheet.meetings] == [("The record",)]
    assert [(it.person, it.what, it.why) for it in sheet.to_do or ()] == [
        ("Mrs Hélène ROUX", "Birth of Malo · Call back", "promised for today")
    ]


def test_a_meeting_that_was_held_has_its_outcome_and_asks_to_prepare_nothing(
    desk: Database,
) -> None:
    (row,) = a_day(desk).meetings
    held = replace(row, status=MeetingStatus.SEEN, outcome="brings the certificate")
    entry = entries.of_meeting(held, NOW, lambda _to: None)

    assert on_paper.meeting(held, {}).prepare == ()
    assert entry.why == "came"
    assert entry.spoken == "11:00  Mrs Hélène ROUX · at home · Prepare a file · came"

    assert on_paper.meeting(row, {}).outcome == ""
    assert on_paper.meeting(held, {}).outcome == "Came: brings the certificate"
    assert on_paper.meeting(replace(held, is_sensitive=True), {}).outcome == "Came"


@pytest.mark.parametrize(
    ("mode", "needed"),
    [
        (Mode.HOME, ("3 rue Haute, 67990 Valbrune", "06 12 34 56 07", "large print")),
        (Mode.ON_SITE, ("06 12 34 56 07", "large print")),
        (Mode.PHONE, ("large print",)),  # the number stands where the meeting is
    ],
)
def test_what_one_needs_on_the_way_stands_there(
    desk: Database, mode: Mode, needed: tuple[str, ...]
) -> None:
    assert on_the_sheet(desk, mode).on_the_way == needed


@pytest.mark.parametrize(
    ("is_sensitive", "about"), [(False, "Which papers?"), (True, "Confidential request")]
)
def test_the_request_stands_behind_the_reason(
    desk: Database, *, is_sensitive: bool, about: str
) -> None:
    meeting = on_the_sheet(desk, Mode.ON_SITE, is_sensitive=is_sensitive)

    assert (meeting.reason, meeting.about) == ("Prepare a file", about)


def asked_to_print(qtbot: QtBot, workspace: Workspace) -> TodayPage:
    """The page of the day with what is asked before printing."""
    page = TodayPage(workspace)
    show(qtbot, page, workspace)
    qtbot.waitUntil(lambda: bool(page.sections.lines))
    assert page.print_page()
    qtbot.waitUntil(page.print_panel.isVisible)
    return page


def test_hours_of_a_drop_in_session_leave_room_for_who_comes(
    qtbot: QtBot, desk: Database, workspace: Workspace
) -> None:
    add_office(desk)
    a_day(desk)
    page = asked_to_print(qtbot, workspace)
    (sheet,) = page.print_panel.sheets

    assert sheet.remarks == ("Drop-in session, Town hall, room B, 14:00 to 16:00",)
    assert sheet.callers == on_paper.ROWS_FOR_CALLERS
    assert [meeting.person for meeting in sheet.meetings] == ["Mrs Hélène ROUX"]


def test_a_day_to_come_is_printed_the_evening_before(
    qtbot: QtBot, desk: Database, workspace: Workspace
) -> None:
    add_office(desk)
    a_day(desk)
    member = do(desk, lambda s: members.create(s, ROUX))
    add_meeting(desk, member, "2026-11-27 09:00")
    add_request(desk, member, subject="Stay", next_what="Write", next_due=TODAY + timedelta(days=1))
    panel = asked_to_print(qtbot, workspace).print_panel
    panel.day.setFocus()

    QTest.keyClick(panel.day, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: panel.sheets[0].day == TODAY + timedelta(days=1))
    (sheet,) = panel.sheets

    assert [meeting.person for meeting in sheet.meetings] == ["ROUX"]
    assert [line.why for line in sheet.to_do or ()] == [
        "was promised for yesterday",
        "promised for today",
    ]
    assert sheet.callers == 0
    assert panel.day.hasFocus()
    assert panel.to_file.isEnabled()
