"""Somebody is entered or changed, and who is here already is offered."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy.orm import Session

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.members import MemberDraft, MemberId
from correspondent_desk.gui.members.page import MembersPage
from correspondent_desk.gui.page import Target
from correspondent_desk.gui.widgets.draft_keeper import QUOTED
from correspondent_desk.gui.widgets.form import FormRow
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.records import members
from correspondent_desk.store.database import Database
from tests.gui.hands import focused, press, type_here
from tests.gui.members_desk import CTRL, NOW, add, anne, listed, opened, page, workspace
from tests.gui.room import cut
from tests.records.acts import a_contact

__all__ = ["anne", "page", "workspace"]


def test_locking_while_typing_keeps_the_text(
    qtbot: QtBot, desk: Database, page: MembersPage, anne: MemberId
) -> None:
    opened(qtbot, page, anne)
    page.card.edit_wanted.emit()
    page.form.fields.note.setFocus()
    type_here("plutôt le matin")

    page.leave()

    qtbot.waitUntil(lambda: "le matin" in (desk.drafts.body(f"member.{anne}") or ""))
    assert not desk.read(lambda s: members.card(s, anne, NOW.date())).draft.note


def test_a_begun_change_takes_back_nothing_that_a_colleague_wrote(
    qtbot: QtBot, desk: Database, page: MembersPage, anne: MemberId
) -> None:
    opened(qtbot, page, anne)
    page.card.edit_wanted.emit()
    page.form.fields.note.setPlainText("plutôt le matin")
    page.leave()
    page.step_back()

    def theirs(s: Session) -> None:
        now = members.card(s, anne, NOW.date())
        members.save(s, now, replace(now.draft, phones=(), service="Voirie"))

    desk.do(Action.MEMBER_EDITED, theirs)
    page.open(Target(page="members", id=anne))
    qtbot.waitUntil(lambda: page.card.member is not None and not page.card.member.draft.phones)
    page.card.edit_wanted.emit()
    page.form.try_to_save()

    qtbot.waitUntil(lambda: bool(desk.read(lambda s: members.card(s, anne, NOW.date())).draft.note))
    saved = desk.read(lambda s: members.card(s, anne, NOW.date())).draft
    assert (saved.note, saved.phones, saved.service) == ("plutôt le matin", (), "Voirie")


def test_a_begun_change_of_what_a_colleague_changed_too_is_asked_about(
    qtbot: QtBot, desk: Database, page: MembersPage, anne: MemberId
) -> None:
    opened(qtbot, page, anne)
    page.card.edit_wanted.emit()
    page.form.fields.note.setPlainText("plutôt le matin")
    page.form.fields.left_on.setText("31/02/19")
    page.leave()
    page.step_back()

    def theirs(s: Session) -> None:
        now = members.card(s, anne, NOW.date())
        members.save(s, now, replace(now.draft, note="Only on Mondays"))

    desk.do(Action.MEMBER_EDITED, theirs)
    page.card.edit_wanted.emit()  # of the card as it was: nothing to say yet
    page.step_back()
    page.open(Target(page="members", id=anne))
    qtbot.waitUntil(lambda: page.card.member is not None and bool(page.card.member.draft.note))
    page.card.edit_wanted.emit()

    assert page.form.conflict.answers == {"note": None}
    assert not any(row.problem.isVisible() for row in page.form.findChildren(FormRow))
    assert page.form.fields.note.toPlainText() == "plutôt le matin"
    page.form.conflict.buttons["note"][1].click()
    assert page.form.fields.note.toPlainText() == "Only on Mondays"
    assert page.form.fields.left_on.text() == "31/02/19"


def test_who_is_here_already_appears_while_typing(
    qtbot: QtBot, page: MembersPage, anne: MemberId
) -> None:
    page.new()
    type_here("le go")
    results = page.question.field.results
    qtbot.waitUntil(lambda: results.isVisible() and results.count() == 2)
    assert results.item(0).text().startswith("Anne LE GOFF · 12/03/1971")

    press(Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: page.card.shows(anne))
    assert page.person_in_view() == anne


def test_saving_leads_to_the_card_though_other_things_stand_before_the_page(
    qtbot: QtBot, desk: Database, page: MembersPage, anne: MemberId
) -> None:
    a_contact(desk, anne, "2026-12-01 10:00")
    window = QWidget()
    row = QHBoxLayout(window)
    row.addWidget(QPushButton("Today"))
    row.addWidget(page)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    opened(qtbot, page, anne)
    page.card.edit_wanted.emit()
    page.form.fields.note.setFocus()
    type_here("plutôt le matin")

    press(Qt.Key.Key_Return, CTRL)

    qtbot.waitUntil(page.card.head.meet.hasFocus)
    page.setParent(None)  # else it goes with the window, before it is closed


def test_a_long_name_that_is_here_already_leaves_the_form_its_room(
    qtbot: QtBot, desk: Database, page: MembersPage
) -> None:
    names = "Marie-Charlotte Bérengère", "Vandenbroucke de La Rochefoucauld d’Estissac"
    add(desk, *names, usage_name="Papadopoulos-Montmorency de La Tour du Pin Verclause")
    draft = MemberDraft(first_name=names[0], family_name=names[1])
    page.question.new_wanted.emit("member.new", draft)

    qtbot.waitUntil(page.form.similar.isVisible)

    assert cut(page) == []


def test_somebody_new_is_made_from_the_keyboard_and_taken_back(
    qtbot: QtBot, desk: Database, workspace: Workspace, page: MembersPage
) -> None:
    page.new()
    type_here("Martin Lucie")
    qtbot.waitUntil(page.question.field.results.isVisible)
    press(Qt.Key.Key_Return)
    assert page.form.fields.family_name.text() == "Martin"
    assert focused() is page.form.fields.first_name

    page.form.fields.birth_date.setFocus()
    type_here("4/5/80")
    page.form.fields.phones.rows[0].what.setFocus()
    type_here("0612 34 56 99 domicile")
    page.form.try_to_save()

    qtbot.waitUntil(lambda: page.card.head.title.text() == "Lucie MARTIN")
    assert "06\u00a012\u00a034\u00a056\u00a099 (domicile)" in page.card.head.reaching.text()
    qtbot.waitUntil(lambda: page.list.table.current_id() == page.person_in_view())
    assert desk.drafts.body("member.new") is None

    workspace.undo()
    qtbot.waitUntil(lambda: "Lucie MARTIN" not in listed(page))


def test_a_problem_stands_beside_its_field(page: MembersPage) -> None:
    page.new()
    page.question.blank.click()
    page.form.fields.birth_date.setText("32/13")
    page.form.fields.mails.rows[0].what.setText("anne")

    page.form.try_to_save()

    rows = page.form.fields.rows
    assert rows["family_name"].problem.text() == "! This field is empty."
    assert "is not a date" in rows["birth_date"].problem.text()
    assert "needs an @" in rows["mails"].problem.text()
    assert focused() is page.form.fields.family_name


def test_somebody_like_the_new_one_is_offered(
    qtbot: QtBot, page: MembersPage, anne: MemberId
) -> None:
    page.form.begin_new("member.new", MemberDraft(family_name="Le Goff", first_name="Anne"))

    qtbot.waitUntil(lambda: [row.id for row in page.form.similar.people] == [anne])


def test_both_values_are_shown_when_somebody_was_faster(
    qtbot: QtBot, desk: Database, page: MembersPage, anne: MemberId
) -> None:
    opened(qtbot, page, anne)
    page.card.edit_wanted.emit()
    page.form.fields.service.setText("Voirie")
    page.form.fields.matricule.setText("000417")
    page.form.fields.note.setPlainText("rather in the morning")

    def elsewhere(session: Session) -> None:
        before = members.card(session, anne, NOW.date())
        theirs = replace(
            before.draft, service="Espaces verts", employer="Mairie", note="long " * QUOTED
        )
        members.save(session, before, theirs)

    desk.do(Action.MEMBER_EDITED, elsewhere)
    page.form.try_to_save()
    qtbot.waitUntil(page.form.conflict.isVisible)
    assert page.form.conflict.answers == {"service": None, "note": None}
    assert page.form.fields.employer.text() == "Mairie"
    told = [words.text() for words in page.form.conflict.findChildren(Words)]
    assert max(map(len, told)) < 2 * QUOTED
    page.form.close_it.click()
    page.form.begin_edit(desk.read(lambda s: members.card(s, anne, NOW.date())))
    page.form.show()
    assert page.form.conflict.answers == {"service": None, "note": None}
    assert page.form.fields.service.text() == "Voirie"

    page.form.conflict.buttons["note"][0].click()
    mine, theirs = page.form.conflict.buttons["service"]
    mine.click()
    theirs.click()
    assert (mine.icon().isNull(), theirs.icon().isNull()) == (True, False)
    assert page.form.fields.service.text() == "Espaces verts"
    assert page.form.fields.note.toPlainText() == "rather in the morning"
    page.form.try_to_save()

    def saved() -> bool:
        draft = desk.read(lambda s: members.card(s, anne, NOW.date())).draft
        return (draft.service, draft.matricule, draft.employer) == (
            "Espaces verts", "000417", "Mairie",
        )  # fmt: skip

    qtbot.waitUntil(saved)


def test_a_second_new_card_does_not_overwrite_the_first(
    qtbot: QtBot, desk: Database, page: MembersPage
) -> None:
    page.new()
    page.question.new_wanted.emit("member.new", MemberDraft(family_name="Martin"))
    page.form.fields.first_name.setFocus()
    type_here("Lucie")
    assert page.step_back()
    qtbot.waitUntil(lambda: desk.drafts.body("member.new") is not None)

    page.new()
    assert page.question.resume[0].text() == "Go on with Lucie Martin"
    type_here("Durand Paul")
    qtbot.waitUntil(page.question.field.results.isVisible)
    press(Qt.Key.Key_Return)
    assert page.form.fields.first_name.text() == "Paul"
    page.form.fields.note.setFocus()
    type_here("x")
    page.leave()

    qtbot.waitUntil(lambda: desk.drafts.body("member.new.2") is not None)
    assert "Lucie" in (desk.drafts.body("member.new") or "")


def test_as_many_new_cards_as_one_begins_wait_each_under_its_name(
    qtbot: QtBot, page: MembersPage
) -> None:
    names = [f"Martin{letter}" for letter in "abcdefghijkl"]
    for name in names:
        page.new()
        type_here(name)
        qtbot.waitUntil(page.question.field.results.isVisible)
        press(Qt.Key.Key_Return)
        page.form.fields.first_name.setFocus()
        type_here("Lucie")
        assert page.step_back()

    page.new()

    assert [one.text() for one in page.question.resume] == [
        f"Go on with Lucie {name}" for name in names
    ]
    page.question.resume[-1].click()
    assert page.form.fields.family_name.text() == "Martinl"


def test_the_town_has_more_room_than_the_postcode(page: MembersPage) -> None:
    page.new()
    page.question.new_wanted.emit("member.new", MemberDraft())
    fields = page.form.fields

    assert fields.town.width() > 2 * fields.postcode.width()


def test_the_key_of_a_field_of_several_parts_leads_into_it(page: MembersPage) -> None:
    page.new()
    page.question.new_wanted.emit("member.new", MemberDraft())

    press(Qt.Key.Key_E, Qt.KeyboardModifier.AltModifier)

    assert focused() is page.form.fields.mails.rows[0].what
