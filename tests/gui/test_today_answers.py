"""Answers of the lines of Today: put off, done, declined, and what one types for them."""

from datetime import date, timedelta
from threading import Event

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy.orm import Session

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.fields import Kind
from correspondent_desk.domain.requests import NextStep, Owes, RequestId, RequestType
from correspondent_desk.gui.page import Target, Task
from correspondent_desk.gui.today.asking import Later, WhatFollows
from correspondent_desk.gui.today.page import TodayPage
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.records import requests
from correspondent_desk.store.changes import Changed
from correspondent_desk.store.database import Database
from tests.builders import add_member
from tests.gui.a11y import heard
from tests.gui.day_desk import NOW, TODAY, add_request, do, press
from tests.gui.hands import type_here
from tests.gui.meanwhile import at_rest, busy
from tests.gui.two_lines import PROMISED, answer, lines, page, workspace

__all__ = ["page", "workspace"]
NIR = "1 85 05 78 006 084 91"


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
    qtbot: QtBot, page: TodayPage, desk: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(page, 1, "later")
    panel = page.sections.lines[1].panel
    assert isinstance(panel, Later)

    panel.date.setFocus()
    type_here("hier")
    said = heard(monkeypatch)
    press(page, Qt.Key.Key_Return)
    assert panel.form.rows["until"].problem.text() == "! Choose a day after today."
    assert said == ["! Choose a day after today."]
    panel.date.clear()
    type_here("3/12/2026")
    with qtbot.assertNotEmitted(page.wanted):  # by the same Enter, once the line has the focus
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


def test_what_is_typed_on_of_what_follows_is_told(
    qtbot: QtBot, page: TodayPage, workspace: Workspace
) -> None:
    answer(page, 1, "done")
    type_here("Send the file")

    with qtbot.waitSignal(page.said) as heard, busy(workspace):
        press(page, Qt.Key.Key_Return)
        type_here(" on Monday")

    told = "This is not to be done any more. You were typing: “Send the file on Monday”"
    assert heard.args == [told]


def test_whoever_went_on_while_what_follows_is_saved_stays_there(
    qtbot: QtBot, page: TodayPage, workspace: Workspace
) -> None:
    answer(page, 1, "done")
    type_here("Send the file")

    with busy(workspace):
        press(page, Qt.Key.Key_Return)
        page.print_button.setFocus()
    at_rest(qtbot, workspace)

    assert page.sections.asked is None
    assert page.print_button.hasFocus()


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
    assert "Ask the treasur" in (desk.drafts.body(f"today:next:{key}") or "")


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
    add_request(desk, celik, subject="Flood", type=RequestType.EMERGENCY, opened_on=TODAY)
    page.shown()
    qtbot.waitUntil(lambda: len(page.sections.lines) == 4)
    person = page.sections.lines[-1]

    assert person.entry.title == "Mrs Nur ÇELIK"
    assert person.entry.why == "emergency since today, not met since then"

    person.buttons["no"].click()
    qtbot.waitUntil(lambda: len(page.sections.lines) == 3)


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
    assert desk.drafts.everything() == []


def test_a_day_that_nobody_will_see_is_none_to_put_off_to(page: TodayPage) -> None:
    answer(page, 1, "later")
    panel = page.sections.lines[1].panel
    assert isinstance(panel, Later)

    panel.date.setText("31/12/9999")

    assert not panel.put_off.isEnabled()
