"""A decision of the committee on the page of the day and on the request's card."""

from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from correspondent_desk import language
from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.requests import NextStep, RequestCard, RequestId, RequestStatus
from correspondent_desk.gui.page import Target
from correspondent_desk.gui.requests.page import RequestsPage
from correspondent_desk.gui.tasks import Tasks
from correspondent_desk.gui.today.page import TodayPage
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.records import requests
from correspondent_desk.store import history
from correspondent_desk.store.database import Database
from correspondent_desk.store.tables import Decision
from tests.builders import add_member
from tests.gui.a11y import nameless
from tests.gui.day_desk import NOW, add_office, add_request, do, press, show


@pytest.fixture
def workspace(desk: Database, tasks: Tasks) -> Workspace:
    return Workspace(desk, tasks, clock=lambda: NOW)


@pytest.fixture
def claim(desk: Database) -> RequestId:
    """A request that was sent, and the committee's decision about it."""
    add_office(desk)
    member = add_member(desk, "Le Goff", civility="mrs")
    request = add_request(desk, member, status=RequestStatus.SENT)
    do(
        desk,
        lambda s: (
            history.create(
                s,
                Decision,
                root=member,
                request_id=request,
                verdict="granted",
                amount=Decimal("320.00"),
                decided_on=date(2026, 11, 24),
                person="Comité Ouest",
            ).id
        ),
    )
    return request


def card(workspace: Workspace, request: RequestId) -> RequestCard:
    return workspace.now(lambda s: requests.card(s, request))


def test_one_key_on_today_notes_what_was_decided(
    qtbot: QtBot, desk: Database, workspace: Workspace, claim: RequestId
) -> None:
    page = TodayPage(workspace)
    show(qtbot, page, workspace)
    qtbot.waitUntil(lambda: bool(page.sections.lines))
    line = page.sections.lines[0].entry

    assert (line.title, line.detail) == (
        "Mrs Anne LE GOFF: Birth of Malo",
        "Decision: granted, €320.00",
    )
    assert line.why == "Tell Mrs Anne LE GOFF the decision · Decided on 24/11/2026"
    assert nameless(page) == []

    page.take_focus()
    press(page, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: card(workspace, claim).draft.status is RequestStatus.GRANTED)

    told = card(workspace, claim).draft
    assert told.amount_granted == Decimal("320.00")
    assert told.next_what == "Tell Mrs Anne LE GOFF the decision"
    qtbot.waitUntil(lambda: [it.entry.key for it in page.sections.lines] == [f"request:{claim}"])
    desk.undo()
    assert card(workspace, claim).draft.status is RequestStatus.SENT


def test_a_reason_that_is_a_sentence_stands_in_the_line_without_its_end(
    qtbot: QtBot,
    desk: Database,
    workspace: Workspace,
    claim: RequestId,  # noqa: ARG001 - about which it was decided
) -> None:
    do(desk, lambda s: setattr(s.query(Decision).one(), "reason", "The income is too high."))
    page = TodayPage(workspace)
    show(qtbot, page, workspace)
    qtbot.waitUntil(lambda: bool(page.sections.lines))

    told = page.sections.lines[0].entry.why
    assert told.endswith("· The income is too high · Decided on 24/11/2026")


def test_a_decision_is_noted_though_the_request_got_another_step_meanwhile(
    qtbot: QtBot, workspace: Workspace, claim: RequestId
) -> None:
    def step(what: str) -> None:  # not due: nothing on the page reads otherwise
        follows = NextStep(what, due=date(2027, 3, 1))
        with qtbot.waitSignal(workspace.changed):
            workspace.do(
                Action.STEP_CHANGED, lambda s: requests.replace_step(s, claim, NOW, follows)
            )

    step("Call back")
    page = TodayPage(workspace)
    show(qtbot, page, workspace)
    qtbot.waitUntil(lambda: bool(page.sections.lines))
    shown = page.sections.lines[0]
    step("Write")
    qtbot.waitUntil(lambda: not workspace.is_busy)
    assert page.sections.lines[0] is shown

    shown.buttons["follow"].click()

    qtbot.waitUntil(lambda: card(workspace, claim).draft.status is RequestStatus.GRANTED)


def test_the_card_shows_the_decision_and_its_answer(
    qtbot: QtBot, workspace: Workspace, claim: RequestId
) -> None:
    page = RequestsPage(workspace)
    show(qtbot, page, workspace)
    page.open(Target(page="requests", id=claim))
    notice = page.card.decision
    qtbot.waitUntil(notice.isVisible)

    assert notice.said.text() == "granted, €320.00"
    assert notice.who.text() == "Decision of the committee · Comité Ouest"
    assert notice.follow.text().replace("&", "") == "Note the request as: granted"

    notice.follow.click()
    qtbot.waitUntil(lambda: not notice.answers.isVisible())

    assert card(workspace, claim).draft.status is RequestStatus.GRANTED
    assert notice.who.text().endswith("noted")
    assert page.isAncestorOf(QApplication.focusWidget() or page.window())


def test_a_decision_can_be_left_aside(qtbot: QtBot, workspace: Workspace, claim: RequestId) -> None:
    page = RequestsPage(workspace)
    show(qtbot, page, workspace)
    page.open(Target(page="requests", id=claim))
    qtbot.waitUntil(page.card.decision.isVisible)

    page.card.decision.keep.click()
    qtbot.waitUntil(lambda: not page.card.decision.answers.isVisible())

    assert card(workspace, claim).draft.status is RequestStatus.SENT


@pytest.mark.usefixtures("claim")
def test_it_is_said_in_french(qtbot: QtBot, workspace: Workspace) -> None:
    language.use("fr")
    page = TodayPage(workspace)
    show(qtbot, page, workspace)
    qtbot.waitUntil(lambda: bool(page.sections.lines))

    line = page.sections.lines[0]

    assert line.entry.detail == "Décision\u00a0: accordé, 320,00\u00a0€"
    said = line.buttons["follow"].text().replace("&", "")
    assert said == "Noter la demande\u00a0: accordée"
