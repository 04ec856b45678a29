"""A request is typed, changed, and told what is wrong with it."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.members import MemberId
from correspondent_desk.domain.requests import (
    DocumentDraft,
    DocumentState,
    RequestDraft,
    RequestId,
    RequestStatus,
)
from correspondent_desk.gui.requests.page import RequestsPage
from correspondent_desk.gui.widgets.form import FormRow
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.records import catalogue, requests
from correspondent_desk.store.database import Database
from tests.gui.hands import focused, press, type_here
from tests.gui.requests_desk import NOW, anne, ask, claim, opened, page, stored, workspace

RECEIVED = DocumentState.RECEIVED
__all__ = ["anne", "claim", "page", "workspace"]


def test_a_name_of_nobody_is_not_called_an_empty_field(page: RequestsPage) -> None:
    page.new()
    type_here("zzzz")
    page.form.try_to_save()

    said = page.form.form.rows["member_id"].problem
    assert said.text().startswith("! Nobody is chosen yet")
    page.form.member.clear()
    page.form.try_to_save()
    assert said.text() == "! This field is empty."


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
    qtbot.waitUntil(lambda: page.list.table.current_id() == made.id)


def test_a_request_begun_on_a_card_is_about_that_person_and_kept(
    qtbot: QtBot, desk: Database, workspace: Workspace, page: RequestsPage, anne: MemberId
) -> None:
    page.new(anne)
    page.form.situation.setFocus()
    type_here("loyer en retard")
    page.leave()
    qtbot.waitUntil(lambda: desk.drafts.body(f"request.new.{anne}") is not None)

    other = RequestsPage(workspace)
    qtbot.addWidget(other)
    other.new(anne)

    assert other.form.member.value() == anne
    assert other.form.situation.toPlainText() == "loyer en retard"
    assert not [row for row in other.form.findChildren(FormRow) if row.problem.text()]


def test_documents_of_the_catalogue_are_words_and_others_are_typed(page: RequestsPage) -> None:
    page.new()
    field = page.form.documents
    field.show_documents([DocumentDraft(code="", label="lettre du maire")])
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


def test_what_is_handed_over_now_is_marked_in_the_form(
    qtbot: QtBot, workspace: Workspace, page: RequestsPage, anne: MemberId
) -> None:
    page.new(anne)
    wanted = next(one for one in catalogue.benefits() if len(one.documents) > 1)
    page.form.benefit.set_value(wanted.code)
    page.form.benefit.chosen.emit(wanted.code)
    first, second, *_others = page.form.documents.rows
    assert first.marks[RECEIVED].accessibleName().endswith(": received")
    first.marks[RECEIVED].click()
    second.marks[DocumentState.SEEN].click()
    second.marks[RECEIVED].click()  # one of the two
    second.marks[RECEIVED].click()  # and none again
    page.form.documents.add.click()
    type_here("lettre du maire")
    page.form.documents.rows[-1].marks[DocumentState.SEEN].click()
    page.leave()

    other = RequestsPage(workspace)
    qtbot.addWidget(other)
    other.new(anne)
    other.form.try_to_save()

    qtbot.waitUntil(lambda: other.card.request is not None)
    assert other.card.request is not None
    made = {row.draft.label or row.draft.code: row.draft for row in other.card.request.documents}
    stand = [(one.state, one.seen_on) for one in made.values()]
    assert stand[:2] == [(RECEIVED, NOW.date()), (DocumentState.MISSING, None)]
    assert made["lettre du maire"].state is DocumentState.SEEN
    other.form.begin_edit(other.card.request)  # later one marks on the card
    assert not any(row.marks[RECEIVED].isVisibleTo(row) for row in other.form.documents.rows)
    assert other.form.documents.documents() == list(made.values())


def test_tab_goes_through_the_documents_where_they_stand(qtbot: QtBot, page: RequestsPage) -> None:
    page.new()
    form, field = page.form, page.form.documents
    field.propose(catalogue.documents_for("ALSH"))
    field.add.click()
    field.rows[0].remove.click()
    field.add.click()
    qtbot.waitUntil(lambda: all(row.isVisible() for row in field.rows))

    form.next_due.setFocus()
    gone_through: list[QWidget] = []
    while focused() is not form.situation and len(gone_through) < 20:
        press(Qt.Key.Key_Tab)
        gone_through.append(focused())

    lines = [[row.line, *row.marks.values(), row.remove] for row in field.rows]
    stops = [part for line in lines for part in line if part]
    assert len(field.rows) == 3
    assert gone_through == [*stops, field.add, form.situation]


def is_whole(part: QWidget) -> bool:
    """Whether nothing of it is out of view."""
    return part.visibleRegion().boundingRect() == part.rect()


def test_who_scrolled_on_and_saves_by_key_sees_what_is_wrong(
    qtbot: QtBot, page: RequestsPage, anne: MemberId
) -> None:
    page.new(anne)
    page.form.subject.setText("loyer")
    page.form.event_on.setFocus()
    type_here("demain ou après")
    bar = page.form.area.verticalScrollBar()
    bar.setValue(bar.maximum())
    row = page.form.form.rows["event_on"]
    assert row.field.visibleRegion().isEmpty()

    press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    assert row.field.hasFocus()
    for part in (row.field, row.problem):
        qtbot.waitUntil(partial(is_whole, part))


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
    page.form.begin_edit(stored(desk, claim))  # it was put away
    assert page.form.conflict.answers == {"subject": None}
    page.form.try_to_save()
    assert stored(desk, claim).draft.subject == "naissance de Côme"
    page.form.conflict.buttons["subject"][0].click()
    page.form.begin_edit(stored(desk, claim))
    assert page.form.conflict.answers == {}  # it is answered
    page.form.try_to_save()

    qtbot.waitUntil(lambda: stored(desk, claim).draft.subject == "naissance de Malo")
    assert stored(desk, claim).draft.situation == "jumeaux"


def test_after_a_conflict_the_documents_are_those_of_now_with_what_was_typed(
    qtbot: QtBot, desk: Database, page: RequestsPage, claim: RequestId
) -> None:
    opened(qtbot, page, claim).card.edit_wanted.emit()
    form = page.form
    form.subject.setText("naissance de Malo")
    form.documents.add.click()
    assert form.documents.rows[-1].line is not None
    form.documents.rows[-1].line.setText("photograph")
    form.documents.rows[1].remove.click()
    before = stored(desk, claim)
    first, second = (row.draft for row in before.documents)
    received = replace(first, state=RECEIVED, seen_on=NOW.date())
    documents = [received, second, DocumentDraft(label="letter")]
    theirs = replace(before.draft, subject="naissance de Côme")
    desk.do(Action.REQUEST_EDITED, lambda s: requests.save(s, before, theirs, documents, NOW))

    form.try_to_save()
    qtbot.waitUntil(form.conflict.isVisible)
    wanted = [received, DocumentDraft(label="letter"), DocumentDraft(label="photograph")]
    assert form.documents.documents() == wanted
    form.begin_edit(stored(desk, claim))  # it was put away
    form.conflict.buttons["subject"][0].click()
    form.try_to_save()

    qtbot.waitUntil(lambda: stored(desk, claim).draft.subject == "naissance de Malo")
    assert [row.draft for row in stored(desk, claim).documents] == wanted


def test_a_clock_that_was_wrong_keeps_no_change_from_being_saved(
    qtbot: QtBot, desk: Database, page: RequestsPage, anne: MemberId
) -> None:
    tomorrow = NOW.date() + timedelta(days=1)
    seen = DocumentDraft(label="invoice", state=DocumentState.SEEN, seen_on=tomorrow)
    draft = RequestDraft(member_id=anne, subject="Holidays", opened_on=tomorrow)
    id_ = desk.do(Action.REQUEST_CREATED, lambda s: requests.create(s, draft, [seen], NOW)).result
    page.form.begin_edit(stored(desk, id_))
    page.form.subject.setText("Summer holidays")

    with qtbot.waitSignal(page.form.edited):
        page.form.save.click()


def test_documents_and_reasons_are_kept_whole_or_not_at_all(
    qtbot: QtBot, desk: Database, page: RequestsPage, claim: RequestId
) -> None:
    documents = opened(qtbot, page, claim).card.documents
    before = len(documents.lines)

    documents.other.setText("x" * 201)
    documents.add.click()
    assert "too long" in documents.problem.text()
    documents.other.setText("letter of the school")
    documents.add.click()
    qtbot.waitUntil(lambda: len(documents.lines) == before + 1)
    assert documents.other.text() == ""
    qtbot.waitUntil(lambda: desk.drafts.everything() == [])

    line = documents.lines[0]
    line.ask_why()
    line.why.setText("y" * 201)
    line.why.returnPressed.emit()
    assert "too long" in line.problem.text()
    line.why.setText("not signed")
    page.leave()
    line.why.returnPressed.emit()
    qtbot.waitUntil(lambda: stored(desk, claim).documents[0].draft.refused_because == "not signed")
    qtbot.waitUntil(lambda: desk.drafts.everything() == [])

    path = page.card.path
    path.places[RequestStatus.ABANDONED].click()
    path.why.setText("z" * 201)
    path.why.returnPressed.emit()
    assert "too long" in path.ask.findChildren(FormRow)[0].problem.text()
    assert stored(desk, claim).draft.status is RequestStatus.PREPARING


def test_a_way_leads_back_to_a_request_that_was_begun(
    qtbot: QtBot, desk: Database, workspace: Workspace, page: RequestsPage, anne: MemberId
) -> None:
    page.shown()
    assert not page.begun.isVisible()
    page.new(anne)
    page.form.situation.setPlainText("loyer en retard")
    assert not page.begun.isVisible()
    page.leave()

    again = RequestsPage(workspace)  # as after a lock, or in another language
    qtbot.addWidget(again)
    again.show()
    again.shown()
    again.begun.click()

    assert again.form.situation.toPlainText() == "loyer en retard"
    assert again.form.member.value() == anne
    assert not again.begun.isVisible()
    again.step_back()
    assert again.begun.isVisible()
    again.begun.click()
    again.form.subject.setText("Rent")
    again.form.save.click()
    qtbot.waitUntil(lambda: desk.drafts.everything() == [])
    qtbot.waitUntil(lambda: not again.begun.isVisible())


def test_a_change_to_a_request_removed_meanwhile_makes_a_new_one(
    qtbot: QtBot, desk: Database, page: RequestsPage, anne: MemberId, claim: RequestId
) -> None:
    before = stored(desk, claim)
    first, second = (row.draft for row in before.documents)
    handed_over = [
        replace(first, state=RECEIVED, seen_on=date(2026, 3, 2)),
        replace(second, state=DocumentState.REFUSED, refused_because="too old"),
    ]
    desk.do(
        Action.REQUEST_EDITED, lambda s: requests.save(s, before, before.draft, handed_over, NOW)
    )
    opened(qtbot, page, claim)
    page.card.edit_wanted.emit()
    page.form.situation.setPlainText("loyer en retard")
    desk.do(Action.REQUEST_REMOVED, lambda s: requests.remove(s, claim))

    page.form.save.click()
    problem = page.form.form.rows["subject"].problem
    qtbot.waitUntil(problem.isVisible)
    assert "removed meanwhile" in problem.text()
    page.leave()
    qtbot.waitUntil(
        lambda: [row.key for row in desk.drafts.everything()] == [f"request.new.{anne}"]
    )
    page.new(anne)  # it was put away
    page.form.save.click()

    qtbot.waitUntil(lambda: bool(page.card.request and page.card.request.id != claim))
    assert page.card.request
    made = stored(desk, page.card.request.id)
    assert (made.draft.situation, made.draft.benefit) == ("loyer en retard", "ALSH")
    assert [row.draft for row in made.documents] == handed_over
    qtbot.waitUntil(lambda: desk.drafts.everything() == [])


def test_a_change_to_a_request_removed_meanwhile_waits_beside_a_new_one_that_was_begun(
    qtbot: QtBot, desk: Database, page: RequestsPage, anne: MemberId, claim: RequestId
) -> None:
    page.new(anne)
    page.form.subject.setText("Rent")
    opened(qtbot, page, claim)
    page.card.edit_wanted.emit()
    page.form.situation.setPlainText("loyer en retard")
    desk.do(Action.REQUEST_REMOVED, lambda s: requests.remove(s, claim))
    page.form.save.click()
    qtbot.waitUntil(page.form.form.rows["subject"].problem.isVisible)
    way = page.way_back()
    assert way is not None

    page.new(anne)
    assert page.form.subject.text() == "Rent"
    page.open(way)
    assert page.form.situation.toPlainText() == "loyer en retard"
    page.form.save.click()
    qtbot.waitUntil(
        lambda: [row.key for row in desk.drafts.everything()] == [f"request.new.{anne}"]
    )


def test_a_document_that_is_written_takes_no_words_from_another_request(
    qtbot: QtBot, desk: Database, page: RequestsPage, anne: MemberId, claim: RequestId
) -> None:
    other = ask(desk, RequestDraft(member_id=anne, subject="Holidays"))
    documents = opened(qtbot, page, claim).card.documents
    documents.other.setText("letter of the school")
    documents.keep_typing()

    documents.add.click()
    documents.show_card(stored(desk, other), NOW.date())  # before it is written
    documents.other.setText("photograph")

    qtbot.waitUntil(lambda: "photograph" in (desk.drafts.body(f"document.of.{other}") or ""))
    qtbot.waitUntil(lambda: desk.drafts.body(f"document.of.{claim}") is None)
    assert "letter of the school" in [row.draft.label for row in stored(desk, claim).documents]


def test_what_is_wrong_with_a_document_is_said_of_its_request_only(
    qtbot: QtBot, desk: Database, page: RequestsPage, anne: MemberId, claim: RequestId
) -> None:
    other = ask(desk, RequestDraft(member_id=anne, subject="Holidays"))
    documents = opened(qtbot, page, claim).card.documents
    documents.other.setText("x" * 201)
    documents.add.click()
    assert documents.problem.isVisible()

    opened(qtbot, page, other)

    assert not documents.problem.isVisible()
    assert documents.other.accessibleDescription() == ""
