"""The page of the day: what it shows, why, and what one answers with the keyboard."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from correspondent_desk import language
from correspondent_desk.domain.meetings import MeetingStatus, Outcome
from correspondent_desk.gui.page import Target, Task
from correspondent_desk.gui.today.page import TodayPage
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.records import meetings, requests
from correspondent_desk.store import history
from correspondent_desk.store.database import Database
from tests.builders import add_member
from tests.gui.a11y import in_words, nameless, same_letters
from tests.gui.day_desk import NOW, TODAY, add_meeting, add_request, do, press, show
from tests.gui.two_lines import PROMISED, answer, lines, page, workspace

__all__ = ["page", "workspace"]


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


def test_the_keys_work_on_lines_that_came_since_the_page_was_empty(
    qtbot: QtBot, desk: Database, workspace: Workspace
) -> None:
    page = TodayPage(workspace)
    show(qtbot, page, workspace)
    qtbot.waitUntil(page.nothing.isVisible)
    add_request(desk, add_member(desk, "Roux"), **PROMISED)

    page.shown()
    page.take_focus()
    qtbot.waitUntil(lambda: len(page.sections.lines) > 0)

    assert page.sections.lines[0].head.hasFocus()


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


@pytest.mark.parametrize("code", language.LANGUAGES)
@pytest.mark.parametrize("answer_asked", ["later", "done"])
def test_every_letter_leads_to_one_thing_whatever_is_asked(
    qtbot: QtBot, desk: Database, workspace: Workspace, code: str, answer_asked: str
) -> None:
    language.use(code)
    add_request(desk, add_member(desk, "Roux"), **PROMISED)
    page = TodayPage(workspace)
    show(qtbot, page, workspace)
    qtbot.waitUntil(lambda: len(page.sections.lines) > 0)
    page.print_page()
    qtbot.waitUntil(page.print_panel.to_file.isVisible)

    answer(page, 0, answer_asked)

    assert same_letters(in_words(page)) == []


def test_a_long_title_keeps_its_distance_from_the_reason(
    qtbot: QtBot, desk: Database, workspace: Workspace
) -> None:
    add_request(desk, add_member(desk, "Roux"), **(PROMISED | {"subject": "Retirement " * 12}))
    page = TodayPage(workspace)
    show(qtbot, page, workspace)
    qtbot.waitUntil(lambda: len(page.sections.lines) > 0)
    title, why = (
        next(one for one in page.sections.findChildren(QLabel) if words in one.text())
        for words in ("Retirement", "promised for")
    )

    qtbot.waitUntil(lambda: why.x() > title.x() + title.width() + 12)


def test_asking_to_print_again_leads_to_the_printer_again(
    qtbot: QtBot, page: TodayPage, workspace: Workspace
) -> None:
    show(qtbot, page, workspace)
    panel = page.print_panel
    page.print_page()
    qtbot.waitUntil(panel.to_printer.hasFocus)

    page.print_page()
    qtbot.waitUntil(lambda: not workspace.is_busy)
    assert panel.to_printer.hasFocus()

    panel.day.setFocus()
    press(panel.day, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: not workspace.is_busy)
    assert panel.to_printer.isEnabled()
    assert panel.day.hasFocus()


def test_the_day_sheet_is_saved_as_pdf(qtbot: QtBot, page: TodayPage, tmp_path: Path) -> None:
    assert page.print_page()
    qtbot.waitUntil(page.print_panel.to_printer.hasFocus)
    path = tmp_path / "day.pdf"

    with qtbot.waitSignals([page.said, page.said]):
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
    qtbot.waitUntil(page.print_panel.trouble.isVisible)

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
