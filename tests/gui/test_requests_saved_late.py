"""What was asked to be saved of a request is written late: what was begun since stays as it is."""

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.members import MemberId
from correspondent_desk.domain.requests import RequestId, RequestStatus
from correspondent_desk.gui.page import Target, Task
from correspondent_desk.gui.requests.card import CardView
from correspondent_desk.gui.requests.page import RequestsPage
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.records import requests
from correspondent_desk.store.database import Database
from tests.gui.day_desk import add_request, do, show
from tests.gui.meanwhile import at_rest, busy
from tests.gui.members_desk import NOW, anne, workspace

__all__ = ["anne", "workspace"]


@pytest.fixture
def casework(qtbot: QtBot, workspace: Workspace) -> RequestsPage:
    page = RequestsPage(workspace)
    show(qtbot, page, workspace)
    return page


def in_view(qtbot: QtBot, page: RequestsPage, request: RequestId) -> CardView:
    page.open(Target(page="requests", id=request))
    qtbot.waitUntil(lambda: page.card.request is not None and page.card.request.id == request)
    return page.card


def test_a_form_on_another_request_stays_open(
    qtbot: QtBot, desk: Database, workspace: Workspace, casework: RequestsPage, anne: MemberId
) -> None:
    one, other = add_request(desk, anne), add_request(desk, anne)
    form = casework.form
    casework.open(Target(page="requests", id=one, task=Task.CHANGE))
    form.subject.setText("Birth of Enora")

    with busy(workspace):
        form.save.click()
        casework.open(Target(page="requests", id=other, task=Task.CHANGE))
        form.subject.setText("Birth of Mael")
    at_rest(qtbot, workspace)

    assert casework.right.currentWidget() is form
    assert (form.opened and form.opened.id, form.subject.text()) == (other, "Birth of Mael")


def test_what_became_of_one_request_is_not_said_in_the_form_on_another(
    qtbot: QtBot, desk: Database, workspace: Workspace, casework: RequestsPage, anne: MemberId
) -> None:
    one, other = add_request(desk, anne), add_request(desk, anne)
    form = casework.form
    casework.open(Target(page="requests", id=one, task=Task.CHANGE))
    form.subject.setText("Birth of Enora")
    do(desk, lambda s: requests.remove(s, one), Action.REQUEST_REMOVED)

    with qtbot.waitSignal(workspace.refused), busy(workspace):
        form.save.click()
        casework.open(Target(page="requests", id=other, task=Task.CHANGE))

    assert form.opened
    assert form.opened.id == other


def test_the_next_step_of_another_request_stays_open(
    qtbot: QtBot, desk: Database, workspace: Workspace, casework: RequestsPage, anne: MemberId
) -> None:
    one, other = add_request(desk, anne), add_request(desk, anne)
    box = in_view(qtbot, casework, one).next_step
    box.change.click()
    box.next.what.setText("Call back")

    with busy(workspace):
        box.save.click()
        in_view(qtbot, casework, other)
        box.change.click()
        box.next.what.setText("Write to her")
        casework.leave()
    at_rest(qtbot, workspace)

    assert box.asking.isVisible()
    assert box.next.what.text() == "Write to her"
    assert workspace.drafts.keys("step.") == [f"step.change.{other}"]


@pytest.mark.parametrize("is_done", [True, False])
def test_what_is_typed_on_of_a_step_is_typed_into_the_step_that_was_saved(
    qtbot: QtBot,
    desk: Database,
    workspace: Workspace,
    casework: RequestsPage,
    anne: MemberId,
    *,
    is_done: bool,
) -> None:
    request = add_request(desk, anne, next_what="Write to her")
    box = in_view(qtbot, casework, request).next_step
    (box.done if is_done else box.change).click()
    box.next.what.setText("Call back")

    with busy(workspace):
        box.save.click()
        box.next.what.setText("Call back on Monday")
    at_rest(qtbot, workspace)

    assert box.next.what.text() == "Call back on Monday"
    box.save.click()
    qtbot.waitUntil(box.asking.isHidden)
    card = desk.read(lambda s: requests.card(s, request))
    assert card.draft.next_what == "Call back on Monday"
    assert [step.why for step in card.steps if step.why] == (["Write to her"] if is_done else [])
    assert workspace.drafts.keys("step.") == []


def test_whoever_went_on_to_the_form_is_not_led_to_the_card(
    qtbot: QtBot, desk: Database, workspace: Workspace, casework: RequestsPage, anne: MemberId
) -> None:
    request = add_request(desk, anne, next_what="Write to her")
    box = in_view(qtbot, casework, request).next_step
    box.change.click()
    box.next.what.setText("Call back")

    with busy(workspace):
        box.save.click()
        casework.open(Target(page="requests", id=request, task=Task.CHANGE))
        casework.form.subject.setFocus()
    at_rest(qtbot, workspace)

    assert casework.form.subject.hasFocus()


def test_the_step_that_a_colleague_changed_is_not_shown_on_another_request(
    qtbot: QtBot, desk: Database, workspace: Workspace, casework: RequestsPage, anne: MemberId
) -> None:
    one, other = add_request(desk, anne), add_request(desk, anne, next_what="Write to her")
    box = in_view(qtbot, casework, one).next_step
    box.change.click()
    box.next.what.setText("Call back")
    card = desk.read(lambda s: requests.card(s, one))
    theirs = replace(card.draft, next_what="Wait")
    do(desk, lambda s: requests.save(s, card, theirs, [], NOW))

    with qtbot.waitSignal(workspace.refused), busy(workspace):
        box.save.click()
        in_view(qtbot, casework, other)

    assert box.what_said.text() == "Write to her"


def test_why_one_was_refused_is_not_begun_any_more_once_it_is_written(
    qtbot: QtBot, desk: Database, workspace: Workspace, casework: RequestsPage, anne: MemberId
) -> None:
    one, other = add_request(desk, anne), add_request(desk, anne)
    path = in_view(qtbot, casework, one).path
    path.places[RequestStatus.REFUSED].click()
    path.why.setText("No right to it")

    with busy(workspace):
        path.why.returnPressed.emit()
        in_view(qtbot, casework, other)
    at_rest(qtbot, workspace)

    assert desk.read(lambda s: requests.card(s, one)).draft.status is RequestStatus.REFUSED
    assert workspace.drafts.keys("status") == []


def test_another_document_that_is_typed_meanwhile_stays(
    qtbot: QtBot, desk: Database, workspace: Workspace, casework: RequestsPage, anne: MemberId
) -> None:
    documents = in_view(qtbot, casework, add_request(desk, anne)).documents
    documents.other.setText("birth certificate")

    with busy(workspace):
        documents.add.click()
        documents.other.setText("tax notice")
    at_rest(qtbot, workspace)

    assert [line.row.draft.label for line in documents.lines] == ["birth certificate"]
    assert documents.other.text() == "tax notice"
