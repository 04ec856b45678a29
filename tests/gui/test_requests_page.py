"""The page of requests on a real desk: list, card, path, next step, documents, form."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from correspondent_desk import language
from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.members import MemberDraft, MemberId
from correspondent_desk.domain.requests import (
    DocumentDraft,
    DocumentState,
    Owes,
    RequestCard,
    RequestDraft,
    RequestFilter,
    RequestId,
    RequestStatus,
)
from correspondent_desk.gui.page import Target, Task
from correspondent_desk.gui.requests.page import RequestsPage
from correspondent_desk.gui.tasks import Tasks
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.messages.history import named
from correspondent_desk.records import catalogue, members, requests
from correspondent_desk.store.database import Database
from tests.gui.a11y import nameless
from tests.gui.hands import focused, press, type_here
from tests.gui.room import cut

NIR = "1 85 05 78 006 084 91"
NOW = datetime(2026, 12, 3, 9, 30).astimezone()
TODAY = NOW.date()


@pytest.fixture
def anne(desk: Database) -> MemberId:
    """Anne LE GOFF."""
    draft = MemberDraft(first_name="Anne", family_name="Le Goff")
    return desk.do(Action.MEMBER_CREATED, lambda s: members.create(s, draft)).result


def ask(desk: Database, draft: RequestDraft) -> RequestId:
    """A request, with what the catalogue says it needs."""
    documents = catalogue.documents_for(draft.benefit)
    return desk.do(
        Action.REQUEST_CREATED, lambda s: requests.create(s, draft, documents, NOW)
    ).result


@pytest.fixture
def claim(desk: Database, anne: MemberId) -> RequestId:
    """A claim that lapses in twelve days and waits for its two documents."""
    draft = RequestDraft(
        member_id=anne,
        benefit="ALSH",
        last_useful_on=date(2026, 12, 15),
        next_what="rappeler la mairie",
        next_due=date(2026, 12, 4),
    )
    return ask(desk, draft)


@pytest.fixture
def workspace(desk: Database, tasks: Tasks) -> Workspace:
    """The desk on the morning of 3 December 2026."""
    return Workspace(desk, tasks, clock=lambda: NOW)


@pytest.fixture
def page(
    qtbot: QtBot, desk: Database, workspace: Workspace, anne: MemberId, claim: RequestId
) -> Iterator[RequestsPage]:
    """The page in a window, with three requests of Anne's."""
    question = ask(desk, RequestDraft(member_id=anne, subject="une question"))
    secret = ask(
        desk,
        RequestDraft(
            member_id=anne, subject="secours d’hiver", is_sensitive=True, next_what="appeler",
            next_who=Owes.COMMITTEE, last_useful_on=date(2027, 3, 1),
        ),
    )  # fmt: skip
    page = RequestsPage(workspace)
    workspace.changed.connect(page.refresh)
    page.resize(1240, 800)
    page.show()
    qtbot.addWidget(page)
    page.activateWindow()
    qtbot.waitUntil(lambda: list(page.list.rows.ids) == [claim, secret, question])
    yield page
    page.hide()


def opened(qtbot: QtBot, page: RequestsPage, request: int) -> RequestsPage:
    """The page with this request's card in view."""
    page.open(Target(page="requests", id=request))
    qtbot.waitUntil(lambda: page.card.request is not None and page.card.request.id == request)
    return page


def stored(desk: Database, request: RequestId) -> RequestCard:
    """The request as it stands in the store."""
    return desk.read(lambda s: requests.card(s, request))


def last_step(desk: Database) -> str:
    """What undo would take back, as the window names it."""
    step = desk.next_undo()
    assert step
    return desk.read(lambda s: named(s, step))


def lines(page: RequestsPage) -> list[tuple[str, ...]]:
    """What the list shows: both lines of the first column, and the second column."""
    model = page.list.rows
    found: list[tuple[str, ...]] = []
    for row in range(model.rowCount()):
        first, second = str(model.data(model.index(row, 0))).split("\n")
        found.append((first, second, str(model.data(model.index(row, 1)))))
    return found


def test_what_lapses_first_comes_first_and_every_line_says_why(page: RequestsPage) -> None:
    needed = len(catalogue.documents_for("ALSH"))
    assert lines(page) == [
        (
            "Anne LE GOFF: Day leisure centre",
            f"rappeler la mairie (tomorrow) · {needed} documents are missing",
            "in 12 days",
        ),
        ("Anne LE GOFF: Confidential request", "next step (the committee)", "in 2 months"),
        ("Anne LE GOFF: une question", "no next step is noted", ""),
    ]


def test_filters_are_words_and_text(qtbot: QtBot, page: RequestsPage, claim: RequestId) -> None:
    page.list.filters[RequestFilter.WAITING].click()
    qtbot.waitUntil(lambda: [line[0] for line in lines(page)] == [
        "Anne LE GOFF: Confidential request"
    ])  # fmt: skip

    page.list.filters[RequestFilter.ALL].click()
    page.list.filter.setFocus()
    type_here("day")

    qtbot.waitUntil(lambda: list(page.list.rows.ids) == [claim])


def test_going_to_a_request_at_once_keeps_the_filter_that_has_it(
    qtbot: QtBot, workspace: Workspace, claim: RequestId
) -> None:
    page = RequestsPage(workspace)
    qtbot.addWidget(page)
    page.show()

    opened(qtbot, page, claim)  # the list is still being asked for

    qtbot.waitUntil(lambda: page.list.table.current_id() == claim)
    assert page.list.filters[RequestFilter.OPEN].isChecked()


def test_a_request_that_the_filters_leave_out_is_found_all_the_same(
    qtbot: QtBot, desk: Database, page: RequestsPage, claim: RequestId
) -> None:
    page.list.filter.setText("nothing like it")
    qtbot.waitUntil(lambda: not page.list.rows.ids)

    opened(qtbot, page, claim)

    qtbot.waitUntil(lambda: page.list.table.current_id() == claim)
    assert stored(desk, claim).id == claim


def test_the_chosen_line_stays_in_view_in_a_lower_window(
    qtbot: QtBot, desk: Database, page: RequestsPage, anne: MemberId
) -> None:
    table = page.list.table
    for number in range(6):
        ask(desk, RequestDraft(member_id=anne, subject=f"thing {number}"))
    page.list.refresh()
    qtbot.waitUntil(lambda: len(page.list.rows.ids) == 9)
    table.setFocus()
    press(Qt.Key.Key_End)

    page.resize(1240, 500)
    QApplication.processEvents()

    assert table.viewport().rect().contains(table.visualRect(table.currentIndex()))


@pytest.mark.parametrize("key", [Qt.Key.Key_Down, Qt.Key.Key_Return])
def test_from_the_filter_one_key_leads_into_the_list(
    qtbot: QtBot, page: RequestsPage, key: Qt.Key
) -> None:
    page.list.filter.setFocus()
    type_here("question")
    press(key)

    qtbot.waitUntil(page.list.table.hasFocus)
    assert len(page.list.rows.ids) == 1
    assert page.list.table.current_id() == page.list.rows.ids[0]


def test_where_names_have_too_little_room_the_date_goes_below_them(
    qtbot: QtBot, page: RequestsPage
) -> None:
    page.resize(1000, 700)
    assert page.list.table.isColumnHidden(1)
    assert page.list.table.columnWidth(0) <= page.list.table.viewport().width()

    page.resize(1800, 800)
    qtbot.waitUntil(lambda: not page.list.table.isColumnHidden(1))


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
    qtbot.waitUntil(lambda: "attendre" in (desk.draft(f"step.change.{claim}") or ""))
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
    qtbot.waitUntil(lambda: desk.drafts() == [])


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

    assert [one.key for one in desk.drafts()] == [f"status.{claim}.abandoned"]


def test_a_request_is_made_from_the_keyboard(
    qtbot: QtBot, desk: Database, page: RequestsPage, anne: MemberId
) -> None:
    page.new()
    type_here("goff")
    qtbot.waitUntil(page.form.member.results.isVisible)
    press(Qt.Key.Key_Return)
    assert page.form.member.value() == anne
    wanted = next(one for one in catalogue.benefits() if one.sensitive and one.documents)
    page.form.benefit.set_value(wanted.code)
    page.form.benefit.chosen.emit(wanted.code)
    assert page.form.is_sensitive.isChecked()
    page.form.next_what.setFocus()
    type_here("demander les pièces")
    page.form.amount_asked.setFocus()
    type_here("1 250,50 €")
    page.form.try_to_save()

    qtbot.waitUntil(lambda: page.card.next_step.what_said.text() == "demander les pièces")
    assert page.card.request is not None
    made = stored(desk, page.card.request.id)
    assert [row.draft.code for row in made.documents] == [kind.code for kind in wanted.documents]
    assert (made.draft.member_id, str(made.draft.amount_asked)) == (anne, "1250.50")
    assert page.list.table.current_id() == made.id


def test_a_request_begun_on_a_card_is_about_that_person_and_kept(
    qtbot: QtBot, desk: Database, workspace: Workspace, page: RequestsPage, anne: MemberId
) -> None:
    page.new(anne)
    page.form.situation.setFocus()
    type_here("loyer en retard")
    page.leave()
    qtbot.waitUntil(lambda: desk.draft(f"request.new.{anne}") is not None)

    other = RequestsPage(workspace)
    qtbot.addWidget(other)
    other.new(anne)

    assert other.form.member.value() == anne
    assert other.form.situation.toPlainText() == "loyer en retard"


def test_documents_of_the_catalogue_are_words_and_others_are_typed(page: RequestsPage) -> None:
    page.new()
    field = page.form.documents
    field.set_documents([DocumentDraft(code="", label="lettre du maire")])
    field.propose(catalogue.documents_for("ALSH"))
    proposed, by_hand = field.rows[0], field.rows[-1]

    assert proposed.line is None
    assert proposed.findChildren(QLabel)[0].text() == proposed.remove.accessibleDescription() != ""
    assert by_hand.line is not None
    field.add.click()
    assert focused() is field.rows[-1].line
    proposed.remove.click()
    assert [one.label for one in field.documents() if not one.code] == ["lettre du maire"]
    assert len(field.documents()) == len(catalogue.documents_for("ALSH"))


def test_problems_stand_beside_their_fields(page: RequestsPage) -> None:
    page.new()
    page.form.next_due.setText("demain")
    page.form.amount_asked.setText("beaucoup")

    page.form.try_to_save()

    rows = page.form.form.rows
    assert {name for name, row in rows.items() if not row.problem.isHidden()} == {
        "member_id", "subject", "next_what", "amount_asked",
    }  # fmt: skip
    assert focused() is page.form.member.line


@pytest.mark.parametrize("typed", ["9" * 30, "1e400", "1_0", "-5", "1,250"])
def test_what_is_no_amount_is_said_beside_it(page: RequestsPage, typed: str) -> None:
    page.new()
    page.form.amount_asked.setText(typed)

    page.form.try_to_save()

    said = page.form.form.rows["amount_asked"].problem.text()
    assert said == f"! “{typed}” is not an amount: write it like 1234.50."


def test_both_values_are_shown_when_somebody_was_faster(
    qtbot: QtBot, desk: Database, page: RequestsPage, claim: RequestId
) -> None:
    card = opened(qtbot, page, claim).card
    card.edit_wanted.emit()
    page.form.subject.setText("naissance de Malo")
    before = stored(desk, claim)
    theirs = replace(before.draft, subject="naissance de Côme", situation="jumeaux")
    documents = [row.draft for row in before.documents]
    desk.do(Action.REQUEST_EDITED, lambda s: requests.save(s, before, theirs, documents, NOW))

    page.form.try_to_save()
    qtbot.waitUntil(page.form.conflict.isVisible)
    page.form.try_to_save()
    assert stored(desk, claim).draft.subject == "naissance de Côme"
    page.form.conflict.buttons["subject"][0].click()
    page.form.try_to_save()

    qtbot.waitUntil(lambda: stored(desk, claim).draft.subject == "naissance de Malo")
    assert stored(desk, claim).draft.situation == "jumeaux"


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


def test_the_history_says_before_and_after(
    qtbot: QtBot, desk: Database, page: RequestsPage, claim: RequestId
) -> None:
    desk.do(
        Action.REQUEST_EDITED,
        lambda s: requests.set_status(s, claim, RequestStatus.WAITING, NOW),
    )
    card = opened(qtbot, page, claim).card

    card.tabs.go_to(card.history)

    told = "Status: in preparation → waiting for documents"
    qtbot.waitUntil(lambda: any(told in text for text in card.history.texts()))


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
