"""The page of requests: the card with its path, next step and documents, and where it leads."""

from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from correspondent_desk import language
from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.members import MemberId
from correspondent_desk.domain.requests import (
    DocumentState,
    NextStep,
    Owes,
    RequestDraft,
    RequestId,
    RequestStatus,
)
from correspondent_desk.gui.page import Target, Task
from correspondent_desk.gui.requests.page import RequestsPage
from correspondent_desk.gui.widgets.buttons import Button
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.messages import labels
from correspondent_desk.messages.history import named
from correspondent_desk.records import requests
from correspondent_desk.store.database import Database
from tests.gui.a11y import nameless
from tests.gui.hands import focused, press, type_here
from tests.gui.requests_desk import NOW, anne, ask, claim, opened, page, stored, workspace
from tests.gui.room import cut
from tests.records.acts import a_request

__all__ = ["anne", "claim", "page", "workspace"]

NIR = "1 85 05 78 006 084 91"
TODAY = NOW.date()


def last_step(desk: Database) -> str:
    """What undo would take back, as the window names it."""
    step = desk.next_undo()
    assert step
    return desk.read(lambda s: named(s, step))


def test_the_card_says_what_lapses_and_what_is_next(
    qtbot: QtBot, page: RequestsPage, claim: RequestId
) -> None:
    card = opened(qtbot, page, claim).card

    assert card.lapses.text() == ("To be received complete by Tuesday 15 December (in 12 days)")
    assert card.subject.text() == "Day leisure centre"
    assert card.next_step.what_said.text() == "rappeler la mairie"
    assert card.next_step.due.text() == "by tomorrow"
    assert card.path.places[RequestStatus.PREPARING].text() == "in preparation\ntoday"


def test_a_step_is_done_and_the_next_one_noted_from_the_keyboard(
    qtbot: QtBot, desk: Database, page: RequestsPage, claim: RequestId
) -> None:
    card = opened(qtbot, page, claim).card
    card.take_focus()
    press(Qt.Key.Key_Space)
    type_here("envoyer le dossier")
    card.next_step.next.due.setFocus()
    type_here("lundi")
    press(Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: card.next_step.what_said.text() == "envoyer le dossier")
    draft = stored(desk, claim).draft
    assert (draft.next_who, draft.next_due) == (Owes.ME, date(2026, 12, 7))
    assert stored(desk, claim).steps[-1].why == "rappeler la mairie"


@pytest.mark.parametrize("answer", ["done", "change"])
def test_a_step_that_a_colleague_put_there_meanwhile_is_looked_at_first(
    qtbot: QtBot,
    page: RequestsPage,
    workspace: Workspace,
    claim: RequestId,
    desk: Database,
    answer: str,
) -> None:
    step = opened(qtbot, page, claim).card.next_step
    shown = stored(desk, claim).draft.step
    {"done": step.done, "change": step.change}[answer].click()
    step.next.what.setText("envoyer le dossier")
    theirs = NextStep("relancer la CAF")
    workspace.do(Action.STEP_FINISHED, lambda s: requests.finish_step(s, claim, NOW, shown, theirs))
    qtbot.waitUntil(lambda: step.what_said.text() == "relancer la CAF")

    step.save.click()
    qtbot.waitUntil(step.form.rows["next_what"].problem.isVisible)
    assert stored(desk, claim).draft.step == theirs
    assert step.next.what.text() == "envoyer le dossier"

    step.save.click()
    qtbot.waitUntil(lambda: stored(desk, claim).draft.next_what == "envoyer le dossier")


def test_what_is_wrong_with_a_step_is_said_beside_it(
    qtbot: QtBot, page: RequestsPage, claim: RequestId
) -> None:
    step = opened(qtbot, page, claim).card.next_step
    step.change.click()
    step.next.due.setFocus()
    step.next.what.setText(f"écrire à {NIR}")
    step.next.due.setText("31/12/9999")
    press(Qt.Key.Key_Return)

    said = [step.form.rows[name].problem.text() for name in ("next_what", "next_due")]
    assert "social-security number" in said[0]
    assert said[1].startswith("! This date is too far")


def test_a_step_that_was_begun_is_kept(
    qtbot: QtBot, desk: Database, page: RequestsPage, claim: RequestId
) -> None:
    card = opened(qtbot, page, claim).card
    card.next_step.change.click()
    card.next_step.next.what.selectAll()
    type_here("attendre")

    assert page.step_back()

    assert card.next_step.asking.isHidden()
    qtbot.waitUntil(lambda: "attendre" in (desk.drafts.body(f"step.change.{claim}") or ""))
    card.next_step.change.click()
    assert card.next_step.next.what.text() == "attendre"


def test_each_document_is_answered_by_one_key(
    qtbot: QtBot, desk: Database, page: RequestsPage, claim: RequestId
) -> None:
    language.use("fr")
    card = opened(qtbot, page, claim).card
    card.documents.take_focus()
    type_here("v")
    qtbot.waitUntil(lambda: card.documents.lines[0].row.draft.state is DocumentState.SEEN)
    press(Qt.Key.Key_Down)
    assert focused() is card.documents.lines[1]
    type_here("f")
    type_here("illisible")
    press(Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: card.documents.lines[1].row.draft.state is DocumentState.REFUSED)
    seen, refused = (row.draft for row in stored(desk, claim).documents[:2])
    assert (seen.state, seen.seen_on) == (DocumentState.SEEN, TODAY)
    assert refused.refused_because == "illisible"
    assert focused() is card.documents.lines[1]


def test_a_reason_that_is_being_typed_survives_other_changes(
    qtbot: QtBot, page: RequestsPage, claim: RequestId
) -> None:
    card = opened(qtbot, page, claim).card
    card.documents.lines[0].setFocus()
    type_here("f")
    type_here("pas lisib")

    card.documents.lines[1].marked.emit(card.documents.lines[1].row.id, DocumentState.SEEN, "")

    qtbot.waitUntil(lambda: card.documents.lines[1].row.draft.state is DocumentState.SEEN)
    assert card.documents.lines[0].why.text() == "pas lisib"
    assert focused() is card.documents.lines[0].why


def test_what_is_wrong_with_a_document_is_marked_and_comes_into_view(
    qtbot: QtBot, page: RequestsPage, claim: RequestId
) -> None:
    card = opened(qtbot, page, claim).card
    documents, bar = card.documents, card.area.verticalScrollBar()
    documents.other.setFocus()
    documents.other.setText(NIR)
    bar.setValue(0)
    page.resize(1240, 560)

    press(Qt.Key.Key_Return)

    problem = documents.problem
    qtbot.waitUntil(lambda: problem.visibleRegion().boundingRect() == problem.rect())
    assert documents.other.property("wrong")
    documents.other.setText("lettre du maire")
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(documents.lines) == 3)
    assert not documents.other.property("wrong")


def test_a_document_is_added_and_another_not_needed(
    qtbot: QtBot, desk: Database, page: RequestsPage, claim: RequestId
) -> None:
    card = opened(qtbot, page, claim).card
    needed = len(card.documents.lines)
    card.documents.other.setFocus()
    type_here("lettre du maire")
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(card.documents.lines) == needed + 1)

    card.documents.lines[0].removed.emit(card.documents.lines[0].row.id)

    qtbot.waitUntil(lambda: len(card.documents.lines) == needed)
    assert stored(desk, claim).documents[-1].draft.label == "lettre du maire"
    assert last_step(desk).startswith("Removal of a document: ")


def test_the_path_moves_and_is_taken_back(
    qtbot: QtBot, desk: Database, workspace: Workspace, page: RequestsPage, claim: RequestId
) -> None:
    card = opened(qtbot, page, claim).card
    card.path.places[RequestStatus.SENT].click()
    qtbot.waitUntil(lambda: stored(desk, claim).draft.status is RequestStatus.SENT)
    qtbot.waitUntil(card.path.places[RequestStatus.SENT].isChecked)
    qtbot.waitUntil(card.lapses.isHidden)
    assert last_step(desk) == "Request sent to the committee: Anne LE GOFF, Day leisure centre"

    workspace.undo()

    qtbot.waitUntil(card.path.places[RequestStatus.PREPARING].isChecked)


def test_a_step_that_is_done_leaves_the_path_as_it_was(
    qtbot: QtBot, desk: Database, page: RequestsPage, anne: MemberId
) -> None:
    old = a_request(desk, anne, now=NOW - timedelta(days=20), next_what="appeler")
    refused, then = RequestStatus.REFUSED, NOW - timedelta(days=9)
    desk.do(
        Action.REQUEST_MOVED, lambda s: requests.set_status(s, old, refused, then, "hors délai")
    )
    first, second = NextStep("écrire"), NextStep("rappeler")
    desk.do(Action.STEP_FINISHED, lambda s: requests.replace_step(s, old, NOW, first))
    desk.do(Action.STEP_FINISHED, lambda s: requests.replace_step(s, old, NOW, second))

    path = opened(qtbot, page, old).card.path

    assert path.places[RequestStatus.REFUSED].text() == "refused\n24/11"
    assert path.said.text() == "hors délai"


def test_giving_up_asks_why_in_place(
    qtbot: QtBot, desk: Database, page: RequestsPage, claim: RequestId
) -> None:
    card = opened(qtbot, page, claim).card
    card.path.places[RequestStatus.ABANDONED].click()
    assert stored(desk, claim).draft.status is RequestStatus.PREPARING
    type_here("délai dépassé")
    press(Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: card.path.said.text() == "délai dépassé")
    assert stored(desk, claim).draft.status is RequestStatus.ABANDONED
    qtbot.waitUntil(lambda: desk.drafts.everything() == [])


def test_what_is_closed_gives_the_focus_back_to_where_it_was_opened(
    qtbot: QtBot, page: RequestsPage, claim: RequestId
) -> None:
    card = opened(qtbot, page, claim).card
    path, step = card.path, card.next_step
    step.change.click()
    [close] = [one for one in step.findChildren(Button) if one.text() == "Close, keep the text"]
    close.setFocus()
    press(Qt.Key.Key_Space)
    assert focused() is step.done

    path.places[RequestStatus.REFUSED].click()
    [back] = [one for one in path.findChildren(Button) if one.text() == "Back"]
    back.setFocus()
    press(Qt.Key.Key_Space)
    assert focused() is path.places[RequestStatus.PREPARING]

    path.places[RequestStatus.REFUSED].click()
    type_here("hors délai")
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(path.places[RequestStatus.REFUSED].hasFocus)


def test_the_way_to_the_card_leads_to_what_is_shown_of_it(
    qtbot: QtBot, desk: Database, page: RequestsPage, anne: MemberId, claim: RequestId
) -> None:
    card = opened(qtbot, page, claim).card
    card.next_step.change.click()
    page.list.take_focus()

    page.right.take_focus()
    assert focused() is card.next_step.next.what

    draft = RequestDraft(member_id=anne, subject="aide", status=RequestStatus.CLOSED)
    opened(qtbot, page, ask(desk, draft))
    assert card.next_step.isHidden()
    page.right.take_focus()
    assert focused() is card.meet


def test_the_reason_is_kept_until_it_is_written(
    qtbot: QtBot, desk: Database, workspace: Workspace, page: RequestsPage, claim: RequestId
) -> None:
    path = opened(qtbot, page, claim).card.path
    moved: list[str] = []
    path.moved.disconnect()
    path.moved.connect(lambda _status, why: moved.append(why))  # a writer that dies first
    path.places[RequestStatus.ABANDONED].click()
    type_here("délai dépassé")
    press(Qt.Key.Key_Return)
    path.keeper.keep_now()
    qtbot.waitUntil(lambda: moved == ["délai dépassé"] and not workspace.is_busy)

    assert [one.key for one in desk.drafts.everything()] == [f"status.{claim}.abandoned"]


def test_leading_to_the_person_and_to_a_meeting(
    qtbot: QtBot, page: RequestsPage, anne: MemberId, claim: RequestId
) -> None:
    wanted: list[Target] = []
    page.wanted.connect(wanted.append)
    card = opened(qtbot, page, claim).card

    card.person.click()
    card.meet.click()
    card.log.click()

    assert wanted == [
        Target(page="members", id=anne),
        Target(page="meetings", task=Task.NEW, person=anne, request=claim),
        Target(page="members", task=Task.LOG_CONTACT, person=anne, request=claim),
    ]


def test_a_removed_request_leaves_and_comes_back(
    qtbot: QtBot, workspace: Workspace, page: RequestsPage, claim: RequestId
) -> None:
    opened(qtbot, page, claim).card.details.remove.click()
    qtbot.waitUntil(lambda: claim not in page.list.rows.ids)

    workspace.undo()

    qtbot.waitUntil(lambda: claim in page.list.rows.ids)


def test_arrows_go_from_tab_to_tab(qtbot: QtBot, page: RequestsPage, claim: RequestId) -> None:
    card = opened(qtbot, page, claim).card
    card.tabs.words[0].setFocus()

    press(Qt.Key.Key_Right)

    assert card.tabs.current() is card.details
    assert focused() is card.tabs.words[1]
    assert card.details.isVisible()


def test_the_history_says_before_and_after_and_of_which_document(
    qtbot: QtBot, desk: Database, page: RequestsPage, claim: RequestId
) -> None:
    desk.do(
        Action.REQUEST_EDITED,
        lambda s: requests.set_status(s, claim, RequestStatus.WAITING, NOW),
    )
    card = opened(qtbot, page, claim).card
    first = desk.read(lambda s: requests.card(s, claim)).documents[0]
    desk.do(
        Action.DOCUMENT_MARKED,
        lambda s: requests.mark_document(s, first.id, DocumentState.SEEN, NOW.date()),
    )

    card.tabs.go_to(card.history)

    told = (
        "Status: in preparation → waiting for documents",
        f"Document marked ({labels.document(first.draft)})\nState: missing → seen",
    )
    qtbot.waitUntil(lambda: all(one in "\n".join(card.history.texts()) for one in told))


def test_the_history_names_a_new_document_as_people_do(
    qtbot: QtBot, page: RequestsPage, claim: RequestId
) -> None:
    card = opened(qtbot, page, claim).card

    card.tabs.go_to(card.history)

    qtbot.waitUntil(lambda: len(card.history.texts()) == 3)
    names = [labels.document(row.draft) for row in card.request.documents] if card.request else []
    assert len(names) == 2
    for name in names:
        assert sum(text.endswith(f"New request ({name})") for text in card.history.texts()) == 1


@pytest.mark.parametrize("width", [700, 1000, 1240])
def test_nothing_is_cut_at_the_side(
    qtbot: QtBot, workspace: Workspace, claim: RequestId, width: int
) -> None:
    language.use("fr")
    page = RequestsPage(workspace)
    qtbot.addWidget(page)
    page.resize(width, 700)
    page.show()
    card = opened(qtbot, page, claim).card
    card.next_step.change.click()
    assert cut(page) == []
    page.new()
    assert cut(page) == []
    page.hide()


@pytest.mark.parametrize("code", ["en", "fr"])
def test_every_control_has_a_name(
    qtbot: QtBot, workspace: Workspace, claim: RequestId, code: str
) -> None:
    language.use(code)
    page = RequestsPage(workspace)
    page.resize(1240, 800)
    qtbot.addWidget(page)
    page.show()
    card = opened(qtbot, page, claim).card
    for tab in card.tabs.pages:
        card.tabs.go_to(tab)
        assert nameless(page) == []
    card.tabs.go_to(card.tabs.pages[0])
    card.next_step.change.click()
    card.path.places[RequestStatus.REFUSED].click()
    assert nameless(page) == []
    page.new()
    assert nameless(page) == []
    page.hide()


def test_a_step_that_is_written_takes_no_words_from_another_request(
    qtbot: QtBot,
    desk: Database,
    page: RequestsPage,
    workspace: Workspace,
    anne: MemberId,
    claim: RequestId,
) -> None:
    other = ask(desk, RequestDraft(member_id=anne, subject="Holidays"))
    step = opened(qtbot, page, claim).card.next_step
    step.change.click()
    step.next.what.setText("attendre la lettre")

    step.save.click()
    step.show_card(stored(desk, other), NOW.date())  # before it is written
    step.change.click()
    step.next.what.setText("rappeler l’école")
    step.keeper.keep_now()

    qtbot.waitUntil(lambda: stored(desk, claim).draft.next_what == "attendre la lettre")
    qtbot.waitUntil(lambda: not workspace.is_busy)
    assert "rappeler" in (desk.drafts.body(f"step.change.{other}") or "")
