"""The page of the day: what it shows, why, and what one answers with the keyboard."""

from datetime import date, timedelta
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy.orm import Session

from correspondent_desk import language
from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.fields import Kind
from correspondent_desk.domain.meetings import MeetingStatus, Outcome
from correspondent_desk.domain.requests import NextStep, Owes, RequestId, RequestType
from correspondent_desk.gui.page import Target, Task
from correspondent_desk.gui.tasks import Tasks
from correspondent_desk.gui.today.asking import Later, WhatFollows
from correspondent_desk.gui.today.page import TodayPage
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.records import meetings, requests
from correspondent_desk.store import history
from correspondent_desk.store.changes import Changed
from correspondent_desk.store.database import Database
from tests.builders import add_member
from tests.gui.a11y import nameless
from tests.gui.day_desk import NOW, TODAY, add_meeting, add_office, add_request, do, press, show
from tests.gui.hands import type_here

NIR = "1 85 05 78 006 084 91"
PROMISED = {"next_what": "Call back", "next_due": TODAY}


@pytest.fixture
def workspace(desk: Database, tasks: Tasks) -> Workspace:
    return Workspace(desk, tasks, clock=lambda: NOW)


@pytest.fixture
def page(qtbot: QtBot, desk: Database, workspace: Workspace) -> TodayPage:
    """A day with two lines: a right that lapses, and a promise."""
    add_office(desk)
    roux = add_member(desk, "Roux", civility="mrs", first_name="Hélène")
    petit = add_member(desk, "Petit", civility="mr", first_name="Bernard")
    add_request(desk, roux, last_useful_on=date(2026, 12, 8), next_what="Get the record")
    add_request(desk, petit, subject="Retirement", **PROMISED)
    page = TodayPage(workspace)
    show(qtbot, page, workspace)
    qtbot.waitUntil(lambda: len(page.sections.lines) == 2)
    return page


def lines(page: TodayPage) -> list[str]:
    return [line.entry.title for line in page.sections.lines]


def answer(page: TodayPage, line: int, key: str) -> None:
    page.sections.lines[line].buttons[key].click()


def test_lines_stand_in_their_order_with_reasons_in_words(page: TodayPage) -> None:
    shown = [(it.entry.tag, it.entry.title, it.entry.why) for it in page.sections.lines]

    assert page.title.text() == "Thursday 26 November"
    assert shown == [
        (
            "soon",
            "Mrs Hélène ROUX: Birth of Malo",
            "the right lapses in 12 days, post the file by Friday 4 December",
        ),
        ("today", "Mr Bernard PETIT: Retirement", "promised for today"),
    ]


def test_the_list_says_why_a_right_comes_before_a_promise(page: TodayPage) -> None:
    told = [it.text() for it in page.sections.findChildren(QLabel) if it.text()[:6] == "First "]

    assert told == [
        "First rights about to lapse, as they are lost after that day, then what was promised."
    ]


def test_arrows_go_from_line_to_line_and_enter_deals_with_it(
    qtbot: QtBot, page: TodayPage, workspace: Workspace
) -> None:
    page.take_focus()

    press(page, Qt.Key.Key_Down)
    with qtbot.waitSignal(page.wanted) as asked:
        press(page, Qt.Key.Key_Return)

    line = page.sections.lines[1]
    assert page.sections.current is line
    assert line.buttons["done"].isVisible()
    assert not page.sections.lines[0].buttons["done"].isVisible()
    target = asked.args[0]
    assert target.page == "requests"
    row = workspace.now(lambda s: requests.rows(s, [target.id]))[0]
    assert row.subject == "Retirement"


def test_a_line_is_put_off_and_comes_back_by_undo(
    qtbot: QtBot, page: TodayPage, workspace: Workspace
) -> None:
    page.take_focus()
    answer(page, 0, "later")
    panel = page.sections.lines[0].panel
    assert isinstance(panel, Later)

    press(page, Qt.Key.Key_Space)  # the first offer: tomorrow
    qtbot.waitUntil(lambda: lines(page) == ["Mr Bernard PETIT: Retirement"])

    assert QApplication.focusWidget() is page.sections.lines[0].head

    workspace.undo()
    qtbot.waitUntil(lambda: len(lines(page)) == 2)


@pytest.mark.parametrize(
    ("today", "offered"),
    [
        (date(2026, 11, 26), ["&Tomorrow", "&Monday", "In a &week"]),
        (date(2026, 11, 29), ["&Tomorrow", "In a &week"]),
        (date(2026, 11, 30), ["&Tomorrow", "In a &week"]),
    ],
)
def test_no_day_is_offered_twice(qtbot: QtBot, today: date, offered: list[str]) -> None:
    later = Later(today)
    qtbot.addWidget(later)

    assert [one.text() for one in later.buttons] == offered


def test_a_line_is_put_off_to_a_date_that_is_typed(
    qtbot: QtBot, page: TodayPage, desk: Database
) -> None:
    answer(page, 1, "later")
    panel = page.sections.lines[1].panel
    assert isinstance(panel, Later)

    panel.date.setFocus()
    type_here("hier")
    press(page, Qt.Key.Key_Return)
    assert panel.form.rows["until"].problem.text() == "! Choose a day after today."
    panel.date.clear()
    type_here("3/12/2026")
    press(page, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(lines(page)) == 1)

    from correspondent_desk.records import today

    later = NOW + timedelta(days=7)
    assert len(desk.read(lambda s: today.page(s, later)).lines) == 2


@pytest.mark.parametrize("is_shown", [True, False])
def test_what_follows_stays_while_a_colleague_puts_another_step_there(
    qtbot: QtBot, page: TodayPage, workspace: Workspace, desk: Database, *, is_shown: bool
) -> None:
    answer(page, 1, "done")
    type_here("Send the file")
    [id_] = workspace.now(lambda s: requests.find_ids(s, "Retirement", today=TODAY))
    before = workspace.now(lambda s: requests.rows(s, [id_]))[0].step
    theirs = NextStep("Call the town hall", due=TODAY)

    def finish(s: Session) -> None:
        requests.finish_step(s, RequestId(id_), NOW, before, theirs)

    if is_shown:
        workspace.do(Action.STEP_FINISHED, finish)
        qtbot.waitUntil(lambda: page.sections.lines[1].entry.detail == theirs.what)
    else:  # an exchange that is not shown yet
        do(desk, finish)
        press(page, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "meanwhile" in _problem(page))

    assert page.sections.asked
    assert page.sections.asked.next.what.text() == "Send the file"
    assert page.sections.asked.next.what.hasFocus()
    assert workspace.now(lambda s: requests.rows(s, [id_]))[0].step == theirs

    page.sections.asked.save.click()
    qtbot.waitUntil(lambda: len(lines(page)) == 1)
    row = workspace.now(lambda s: requests.rows(s, [id_]))[0]
    assert row.next_what == "Send the file"


def test_what_was_typed_for_a_line_that_is_gone_is_told(
    qtbot: QtBot, page: TodayPage, workspace: Workspace
) -> None:
    answer(page, 1, "done")
    type_here("Send the file")
    [id_] = workspace.now(lambda s: requests.find_ids(s, "Retirement", today=TODAY))

    with qtbot.waitSignal(page.said) as heard:
        workspace.do(Action.REQUEST_REMOVED, lambda s: requests.remove(s, RequestId(id_)))

    assert heard.args == ["This is not to be done any more. You were typing: “Send the file”"]


def _problem(page: TodayPage) -> str:
    asked = page.sections.asked
    return asked.form.rows["next_what"].problem.text() if asked else ""


def test_done_asks_for_the_next_step_in_place(
    qtbot: QtBot, page: TodayPage, workspace: Workspace
) -> None:
    answer(page, 1, "done")
    panel = page.sections.lines[1].panel
    assert isinstance(panel, WhatFollows)
    assert panel.save.text() == "Done, nothing comes next"

    panel.next.what.setText(f"Write to {NIR}")
    panel.next.due.setText("01/01/2026")
    panel.next.what.setFocus()
    press(page, Qt.Key.Key_Return)
    said = [panel.form.rows[name].problem.text() for name in ("next_what", "next_due")]
    assert "social-security number" in said[0]
    assert said[1] == "! The end is before the start."
    panel.next.what.clear()
    panel.next.due.setText("15/12/2026")
    press(page, Qt.Key.Key_Return)
    said = [panel.form.rows[name].problem.text() for name in ("next_what", "next_due")]
    assert said == ["! Say what is to be done by then.", ""]
    type_here("Wait for the décision")
    panel.next.who.set_value(Owes.COMMITTEE)
    panel.next.due.setText("15/12/9999")
    press(page, Qt.Key.Key_Return)
    assert panel.form.rows["next_due"].problem.text().startswith("! This date is too far")
    panel.next.what.setFocus()
    panel.next.due.setText("15/12/2026")
    assert panel.save.text() == "Done, this comes next"
    press(page, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(lines(page)) == 1)

    ids = workspace.now(lambda s: requests.find_ids(s, "Retirement", today=TODAY))
    row = workspace.now(lambda s: requests.rows(s, ids))[0]
    assert (row.next_what, row.next_who, row.next_due) == (
        "Wait for the décision",
        Owes.COMMITTEE,
        date(2026, 12, 15),
    )
    steps = workspace.now(lambda s: requests.card(s, row.id)).steps
    assert [step.why for step in steps][-1] == "Call back"


def test_a_next_step_being_typed_survives_the_lock(
    page: TodayPage, workspace: Workspace, desk: Database
) -> None:
    answer(page, 1, "done")
    type_here("Ask the treasur")

    workspace.close()  # the desk is locked while somebody types

    key = page.sections.lines[1].entry.key.removeprefix("request:")
    assert "Ask the treasur" in (desk.draft(f"today:next:{key}") or "")


def test_what_is_typed_stays_when_something_else_changes(
    qtbot: QtBot, page: TodayPage, workspace: Workspace
) -> None:
    answer(page, 1, "done")
    panel = page.sections.lines[1].panel
    assert isinstance(panel, WhatFollows)
    panel.next.what.setText("Ask")

    page.refresh(Changed({Kind.MEMBER: frozenset({1})}))
    assert workspace.is_busy
    qtbot.waitUntil(lambda: not workspace.is_busy)

    assert page.sections.lines[1].panel is panel
    assert panel.next.what.text() == "Ask"


def test_a_meeting_is_proposed_to_the_person_of_the_line(page: TodayPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.wanted) as asked:
        answer(page, 1, "plan")

    person, request = page.person_in_view(), page.request_in_view()
    assert request is not None
    wanted = Target(page="meetings", task=Task.NEW, person=person, request=request)
    assert asked.args == [wanted]


def test_people_to_meet_are_named_with_their_reason_and_declined_once(
    qtbot: QtBot, page: TodayPage, desk: Database
) -> None:
    celik = add_member(desk, "Çelik", civility="mrs", first_name="Nur")
    add_request(desk, celik, subject="Flood", type=RequestType.EMERGENCY)
    page.shown()
    qtbot.waitUntil(lambda: len(page.sections.lines) == 4)
    person = page.sections.lines[-1]

    assert person.entry.title == "Mrs Nur ÇELIK"
    assert person.entry.why == "emergency since today, not met since then"

    person.buttons["no"].click()
    qtbot.waitUntil(lambda: len(page.sections.lines) == 3)


def test_meetings_of_the_day_say_where_why_and_what_to_prepare(
    qtbot: QtBot, page: TodayPage, desk: Database
) -> None:
    member = add_member(desk, "Le Goff", civility="mrs")
    add_meeting(desk, member, "2026-11-26 09:30", reason="file", bring="The record\nA pen")
    add_meeting(desk, member, "2026-11-26 15:00", reason="first")
    page.shown()
    qtbot.waitUntil(lambda: len(page.sections.lines) >= 4)
    over, coming = (line.entry for line in page.sections.lines[:2])

    assert (over.lead, over.title) == ("09:30", "Mrs Anne LE GOFF")
    assert over.detail == "at home · Prepare a file"
    assert over.why == "To prepare: The record · A pen · outcome not noted yet"
    assert [it.key for it in over.answers] == ["outcome", "prepare"]
    assert [it.key for it in coming.answers] == ["open", "prepare"]


def test_past_meetings_without_outcome_are_to_be_looked_at(
    qtbot: QtBot, page: TodayPage, desk: Database
) -> None:
    member = add_member(desk, "Le Goff")
    meeting = add_meeting(desk, member, "2026-11-24 09:30")
    page.shown()
    qtbot.waitUntil(lambda: len(page.sections.lines) == 3)

    with qtbot.waitSignal(page.wanted) as asked:
        answer(page, 2, "look")

    assert lines(page)[-1] == "1 past meeting without an outcome"
    assert asked.args == [Target(page="meetings", id=meeting)]


def test_who_has_died_and_is_still_expected_is_to_be_looked_at(
    qtbot: QtBot, page: TodayPage, desk: Database
) -> None:
    member = add_member(desk, "Le Goff", status="deceased")
    add_meeting(desk, member, "2026-12-04 09:30")
    page.shown()
    qtbot.waitUntil(lambda: len(page.sections.lines) == 3)

    with qtbot.waitSignal(page.wanted) as asked:
        answer(page, 2, "look")

    assert lines(page)[-1] == "A meeting is still planned with 1 person who has died"
    assert asked.args == [Target(page="members", id=member)]


def test_when_all_is_done_the_page_says_so_and_nothing_else(
    qtbot: QtBot, desk: Database, workspace: Workspace
) -> None:
    member = add_member(desk)
    add_meeting(desk, member, "2026-12-01 09:30")
    page = TodayPage(workspace)
    show(qtbot, page, workspace)
    qtbot.waitUntil(page.nothing.isVisible)

    said = [it.text() for it in page.findChildren(QLabel) if it.isVisible() and it.text()]
    assert said == [
        "Thursday 26 November",
        "All is sorted. Next meeting: Tuesday 1 December, 09:30.",
    ]


def test_many_lines_are_folded(qtbot: QtBot, desk: Database, workspace: Workspace) -> None:
    member = add_member(desk)
    for number in range(9):
        add_request(desk, member, subject=f"Thing {number}", **PROMISED)
    page = TodayPage(workspace)
    show(qtbot, page, workspace)
    qtbot.waitUntil(lambda: len(page.sections.lines) == 6)
    more = page.sections.more_buttons[0]
    assert more.text() == "3 others"

    more.click()

    assert len(page.sections.lines) == 9


def test_what_is_asked_for_printing_ends_where_its_button_ends(
    qtbot: QtBot, page: TodayPage, workspace: Workspace
) -> None:
    show(qtbot, page, workspace)
    page.print_page()
    qtbot.waitUntil(page.print_panel.isVisible)

    def right(widget: QWidget) -> int:
        return widget.mapTo(page, widget.rect().topRight()).x()

    qtbot.waitUntil(lambda: right(page.print_panel) == right(page.print_button))


def test_the_day_sheet_is_saved_as_pdf(qtbot: QtBot, page: TodayPage, tmp_path: Path) -> None:
    assert page.print_page()
    qtbot.waitUntil(page.print_panel.to_printer.hasFocus)
    path = tmp_path / "day.pdf"

    with qtbot.waitSignals([page.said, page.said], timeout=20_000):
        page.print_panel.save_to(path)

    assert path.read_bytes().startswith(b"%PDF")
    assert not page.print_panel.isVisible()


def test_a_sheet_that_cannot_be_saved_says_why(
    qtbot: QtBot, page: TodayPage, tmp_path: Path
) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("no folder")
    page.print_page()
    qtbot.waitUntil(page.print_panel.isVisible)

    told: list[str] = []
    page.said.connect(told.append)
    page.print_panel.save_to(in_the_way / "day.pdf")
    qtbot.waitUntil(page.print_panel.trouble.isVisible, timeout=20_000)

    assert page.print_panel.trouble.text()
    assert told == ["The sheet is being made…", ""]


@pytest.mark.parametrize("code", ["fr", "en"])
def test_every_control_has_a_name(
    qtbot: QtBot, desk: Database, workspace: Workspace, code: str
) -> None:
    language.use(code)
    member = add_member(desk)
    add_meeting(desk, member, "2026-11-26 09:30")
    add_request(desk, member, **PROMISED)
    page = TodayPage(workspace)
    show(qtbot, page, workspace)
    qtbot.waitUntil(lambda: len(page.sections.lines) >= 2)

    for key in ("later", "done"):
        answer(page, 1, key)
        page.print_page()
        qtbot.waitUntil(page.print_panel.isVisible)
        assert nameless(page) == []


def test_escape_puts_the_question_away(page: TodayPage) -> None:
    answer(page, 0, "later")

    assert page.step_back()
    assert page.sections.lines[0].panel is None
    assert not page.step_back()


def test_an_outcome_noted_elsewhere_shows_here(
    qtbot: QtBot, page: TodayPage, desk: Database
) -> None:
    member = add_member(desk, "Le Goff")
    meeting = add_meeting(desk, member, "2026-11-26 09:30")
    page.shown()
    qtbot.waitUntil(lambda: len(page.sections.lines) >= 3)

    do(
        desk,
        lambda s: meetings.set_outcome(
            s, meetings.row(s, meeting), Outcome(status=MeetingStatus.SEEN), NOW
        ),
    )
    page.shown()
    qtbot.waitUntil(lambda: page.sections.lines[0].entry.why == "came")


def test_the_focus_comes_to_the_first_line_once_it_is_there(
    qtbot: QtBot, desk: Database, workspace: Workspace
) -> None:
    add_request(desk, add_member(desk), **PROMISED)
    page = TodayPage(workspace)
    page.take_focus()
    show(qtbot, page, workspace)
    page.take_focus()

    qtbot.waitUntil(lambda: bool(page.sections.lines) and page.sections.lines[0].head.hasFocus())


def test_an_absence_is_said_under_the_title(qtbot: QtBot, desk: Database, page: TodayPage) -> None:
    do(desk, lambda s: history.write_setting(s, "person", "Yann"))
    do(desk, lambda s: meetings.add_absence(s, TODAY, label="Training"))

    page.shown()
    qtbot.waitUntil(page.remarks.isVisible)

    assert page.remarks.text() == "Training, Thursday 26 November"


def test_a_new_desk_leads_to_the_import_of_a_list(
    qtbot: QtBot, desk: Database, workspace: Workspace
) -> None:
    page = TodayPage(workspace)
    show(qtbot, page, workspace)
    qtbot.waitUntil(page.nothing.isVisible)

    with qtbot.waitSignal(page.wanted) as asked:
        page.nothing.action.click()
    add_member(desk)
    page.shown()
    qtbot.waitUntil(page.nothing.action.isHidden)

    assert asked.args == [Target(page="exchange", task=Task.NEW)]
    assert page.nothing.sentence.text() == "All is sorted. No meeting is planned."


def test_an_answer_that_waits_its_turn_survives_lines_that_are_built_anew(
    qtbot: QtBot, page: TodayPage, workspace: Workspace, desk: Database
) -> None:
    answer(page, 1, "done")
    type_here("Send the file")
    turn = Event()
    workspace.lend(lambda _desk: (turn.wait(9), Changed({})))
    page.sections.lines[1].panel.save.click()  # type: ignore[union-attr]
    before = page.sections.asked
    add_request(desk, add_member(desk, "Tanguy"), subject="Holidays", **PROMISED)
    page.shown()
    qtbot.waitUntil(lambda: len(lines(page)) == 3 and page.sections.asked is not before)

    turn.set()

    qtbot.waitUntil(lambda: not workspace.is_busy and page.sections.asked is None)
    assert desk.drafts() == []


def test_a_day_that_nobody_will_see_is_none_to_put_off_to(page: TodayPage) -> None:
    answer(page, 1, "later")
    panel = page.sections.lines[1].panel
    assert isinstance(panel, Later)

    panel.date.setText("31/12/9999")

    assert not panel.put_off.isEnabled()
