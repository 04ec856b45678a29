"""A contact is noted where one is, with few keys, and kept while it is typed."""

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.contacts import Way
from correspondent_desk.domain.members import MemberId
from correspondent_desk.gui.members.page import MembersPage
from correspondent_desk.gui.tasks import Tasks
from correspondent_desk.gui.widgets.form import FormRow
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.records import contacts
from correspondent_desk.store.database import Database
from correspondent_desk.store.tables import Contact
from tests.gui.day_desk import add_request
from tests.gui.hands import focused, press, type_here
from tests.gui.members_desk import CTRL, NOW, add, anne, opened, page, workspace
from tests.records.acts import a_contact

__all__ = ["anne", "page", "workspace"]


def test_a_phone_call_is_noted_with_one_key(
    qtbot: QtBot, desk: Database, page: MembersPage, anne: MemberId
) -> None:
    opened(qtbot, page, anne)

    page.log_contact()
    type_here("promet d’apporter le certificat")
    press(Qt.Key.Key_Return)

    qtbot.waitUntil(page.card.log.isHidden)
    qtbot.waitUntil(lambda: page.card.timeline.lines() != [])
    assert page.card.timeline.lines() == ["today, Phone, promet d’apporter le certificat"]
    assert "last contact today, phone" in page.card.head.presence.text()
    qtbot.waitUntil(lambda: desk.drafts.body(f"contact.{anne}") is None)


@pytest.mark.parametrize("field", ["way", "direction", "about", "day", "hour", "unfold"])
def test_ctrl_enter_saves_the_contact_from_every_field(
    qtbot: QtBot, page: MembersPage, anne: MemberId, field: str
) -> None:
    opened(qtbot, page, anne)
    page.log_contact()
    type_here("Rappelée.")
    page.card.log.fields.unfold.click()

    getattr(page.card.log.fields, field).setFocus()
    press(Qt.Key.Key_Return, CTRL)

    qtbot.waitUntil(lambda: page.card.timeline.lines() == ["today, Phone, Rappelée."])


def test_a_note_that_a_colleague_corrected_as_well_is_shown_beside_what_one_typed(
    qtbot: QtBot, desk: Database, page: MembersPage, anne: MemberId
) -> None:
    contact = a_contact(desk, anne, "2026-12-01 10:00", note="Her card")
    opened(qtbot, page, anne)
    page.card.timeline.correct_wanted.emit(contact)
    page.card.log.fields.note.setPlainText("Her new card")
    before = desk.read(lambda s: contacts.draft_of(s, contact))
    theirs = replace(before, note="The card of her son" + " again" * 99, way=Way.VISIT)
    desk.do(Action.CONTACT_EDITED, lambda s: contacts.save(s, contact, before, theirs))

    page.card.log.save.click()
    qtbot.waitUntil(lambda: "“The card of her son again" in said(page))

    assert len(said(page)) < 600
    assert page.card.log.fields.note.toPlainText() == "Her new card"
    assert page.card.log.fields.way.value() is Way.VISIT
    page.card.log.save.click()
    qtbot.waitUntil(page.card.log.isHidden)
    assert desk.read(lambda s: contacts.draft_of(s, contact)) == replace(
        theirs, note="Her new card"
    )


def test_how_it_took_place_is_said_to_be_changed_beside_it_and_no_longer_than_it_is_so(
    qtbot: QtBot, desk: Database, page: MembersPage, anne: MemberId
) -> None:
    contact = a_contact(desk, anne, "2026-12-01 10:00")
    opened(qtbot, page, anne)
    log = page.card.log
    page.card.timeline.correct_wanted.emit(contact)
    log.fields.way.set_value(Way.MAIL)
    before = desk.read(lambda s: contacts.draft_of(s, contact))
    theirs = replace(before, way=Way.VISIT)
    desk.do(Action.CONTACT_EDITED, lambda s: contacts.save(s, contact, before, theirs))

    log.save.click()
    qtbot.waitUntil(lambda: said(page) != "")

    [row] = [row for row in log.findChildren(FormRow) if not row.problem.isHidden()]
    assert row.field is log.fields.way
    assert "“visit to the office" in row.problem.text()
    log.save.click()
    qtbot.waitUntil(log.isHidden)
    page.log_contact()
    assert said(page) == ""


def said(page: MembersPage) -> str:
    """What is wrong in the form of a contact."""
    labels = page.card.log.findChildren(QLabel)
    return " ".join(one.text() for one in labels if one.text().startswith("! ") and one.isVisible())


def test_who_goes_on_to_search_meanwhile_keeps_the_keyboard(
    qtbot: QtBot, page: MembersPage, anne: MemberId
) -> None:
    search = QLineEdit()
    qtbot.addWidget(search)
    search.show()
    page.log_contact(anne)
    type_here("Rappelée.")

    page.card.log.save.click()
    search.activateWindow()
    search.setFocus()
    qtbot.waitUntil(page.card.log.isHidden)

    assert focused() is search


def test_the_form_asks_who_got_in_touch(page: MembersPage, anne: MemberId) -> None:
    page.log_contact(anne)
    page.card.log.fields.unfold.click()
    began = page.card.log.fields.direction

    asked = next(one for one in page.card.log.findChildren(QLabel) if one.buddy() is began)

    assert asked.text().replace("&", "") == "Who got in touch"
    assert [began.itemText(place) for place in range(began.count())] == ["we did", "the member"]
    assert page.card.log.fields.summary.text() == "phone, today, 09:30, from here"


def test_an_unanswered_call_is_an_attempt(qtbot: QtBot, page: MembersPage, anne: MemberId) -> None:
    opened(qtbot, page, anne)

    page.log_contact()
    page.card.log.attempt.click()

    qtbot.waitUntil(lambda: page.card.timeline.lines() == ["today, Phone, no answer"])
    assert "no contact noted" in page.card.head.presence.text()


def test_a_contact_from_another_page_opens_ready_to_type(page: MembersPage, anne: MemberId) -> None:
    page.log_contact(anne)

    assert focused() is page.card.log.fields.note
    assert page.card.log.title.text() == "Contact with Anne LE GOFF"


def test_a_contact_from_a_request_is_about_it(
    qtbot: QtBot, desk: Database, page: MembersPage, anne: MemberId
) -> None:
    add_request(desk, anne, subject="Flood")
    roof = add_request(desk, anne, subject="Roof")

    page.log_contact(anne, roof)
    type_here("devis reçu")
    page.card.log.save.click()

    qtbot.waitUntil(page.card.log.isHidden)
    [stored] = desk.read(lambda s: s.query(Contact.request_id).all())
    assert stored == (roof,)


def test_a_contact_with_the_wrong_person_is_given_to_the_right_one(
    qtbot: QtBot, desk: Database, page: MembersPage, anne: MemberId
) -> None:
    roof = add_request(desk, anne, subject="Roof")
    contact = a_contact(desk, anne, "2026-12-02 16:40", note="the flat", request_id=roof)
    yann = add(desk, "Yves", "Roux")
    flat = add_request(desk, yann, subject="Flat")
    form, timeline = opened(qtbot, page, anne).card.log, page.card.timeline
    timeline.correct_wanted.emit(contact)
    form.fields.person.line.setFocus()
    form.fields.person.line.selectAll()
    type_here("roux")
    qtbot.waitUntil(form.fields.person.results.isVisible)
    press(Qt.Key.Key_Return)
    assert form.fields.about.values == [None, flat]  # no request of hers
    form.fields.about.set_value(flat)
    form.later.click()
    page.card.head.resume_correction.click()
    assert (form.fields.person.value(), form.fields.about.value()) == (yann, flat)

    press(Qt.Key.Key_Return, CTRL)

    qtbot.waitUntil(form.isHidden)
    qtbot.waitUntil(lambda: not any("the flat" in line for line in timeline.lines()))
    lines = opened(qtbot, page, yann).card.timeline.lines()
    assert "yesterday, Phone, Flat: the flat" in lines
    page.log_contact()  # a new one has no field for the person: it stands on the card
    assert not form.fields.person.isVisible()


@pytest.mark.parametrize("is_shown", [True, False])
def test_what_is_typed_about_a_contact_that_is_gone_is_noted_as_a_new_one(
    qtbot: QtBot,
    desk: Database,
    workspace: Workspace,
    page: MembersPage,
    anne: MemberId,
    *,
    is_shown: bool,
) -> None:
    contact = a_contact(desk, anne, "2026-12-02 14:00")
    opened(qtbot, page, anne)
    page.card.timeline.correct_wanted.emit(contact)
    log = page.card.log
    type_here("Rappelée.")
    if is_shown:
        workspace.do(Action.CONTACT_REMOVED, lambda s: contacts.remove(s, contact))
    else:  # an exchange that is not shown yet
        desk.do(Action.CONTACT_REMOVED, lambda s: contacts.remove(s, contact))
        log.save.click()
    qtbot.waitUntil(lambda: log.title.text() == "New contact")
    said = next(label for label in log.findChildren(QLabel) if "removed meanwhile" in label.text())
    assert said.isVisible()
    assert log.fields.note.toPlainText() == "Rappelée."

    log.save.click()
    qtbot.waitUntil(lambda: page.card.timeline.lines() == ["yesterday, Phone, Rappelée."])
    assert log.isHidden()
    assert workspace.drafts.keys("contact.") == []


def test_a_correction_goes_with_its_contact(
    qtbot: QtBot, desk: Database, workspace: Workspace, page: MembersPage, anne: MemberId
) -> None:
    contact = a_contact(desk, anne, "2026-12-02 14:00")
    opened(qtbot, page, anne)
    page.card.timeline.correct_wanted.emit(contact)

    workspace.undo()

    qtbot.waitUntil(page.card.log.isHidden)


def test_a_correction_with_nobody_is_refused(
    qtbot: QtBot, desk: Database, page: MembersPage, anne: MemberId
) -> None:
    contact = a_contact(desk, anne, "2026-12-02 16:40", note="the flat")
    form = opened(qtbot, page, anne).card.log
    page.card.timeline.correct_wanted.emit(contact)
    form.fields.person.line.clear()

    form.save.click()

    assert form.isVisible()
    assert form.fields.person.line.hasFocus()
    assert form.fields.person.line.accessibleDescription() == "This field is empty."


def test_what_was_typed_survives_escape_and_a_new_window(
    qtbot: QtBot, desk: Database, tasks: Tasks, page: MembersPage, anne: MemberId
) -> None:
    page.log_contact(anne)
    type_here("à rappeler lundi")

    assert page.step_back()
    assert page.card.head.resume.isVisible()
    page.leave()
    qtbot.waitUntil(lambda: desk.drafts.body(f"contact.{anne}") is not None)

    other = MembersPage(Workspace(desk, tasks, clock=lambda: NOW))
    qtbot.addWidget(other)
    other.log_contact(anne)
    assert other.card.log.fields.note.toPlainText() == "à rappeler lundi"


def test_a_day_to_come_is_said_and_last_years_is_taken_on_request_only(
    qtbot: QtBot, page: MembersPage, anne: MemberId
) -> None:
    opened(qtbot, page, anne)
    page.log_contact()
    form = page.card.log
    form.fields.unfold.click()
    ahead = NOW.date() + timedelta(days=2)
    before = ahead.replace(year=ahead.year - 1)

    form.fields.day.setText(f"{ahead:%d/%m}")
    assert form.fields.day.value() == ahead
    assert form.fields.day.accessibleDescription() == "This date is in the future."
    assert form.fields.year_before.isVisible()
    form.fields.day.setFocus()
    press(Qt.Key.Key_Tab)
    assert form.fields.year_before.hasFocus()
    form.fields.note.setFocus()
    type_here("Rappelée.")
    form.save.click()
    assert form.isVisible()

    assert form.fields.year_before.text() == f"It was on {before:%d/%m/%Y}"
    form.fields.year_before.click()
    assert (form.fields.day.value(), form.fields.day.hasFocus()) == (before, True)
    assert not form.fields.year_before.isVisible()
    assert "future" not in form.fields.day.accessibleDescription()


def test_all_that_is_wrong_is_said_at_once(qtbot: QtBot, page: MembersPage, anne: MemberId) -> None:
    opened(qtbot, page, anne)
    page.log_contact()
    fields = page.card.log.fields
    fields.unfold.click()
    fields.day.setText("5/12/2026")
    fields.hour.setText("25h99")
    fields.note.setPlainText("1 71 03 67 482 014 24")

    page.card.log.save.click()

    wrong = {name for name, row in fields.rows.items() if row.problem.isVisible()}
    assert wrong == {"at", "hour", "note"}


def test_a_contact_removed_since_it_was_shown_cannot_be_corrected_and_that_is_said(
    qtbot: QtBot, desk: Database, workspace: Workspace, page: MembersPage, anne: MemberId
) -> None:
    id_ = a_contact(desk, anne, "2026-12-01 10:00")
    opened(qtbot, page, anne)
    desk.do(Action.CONTACT_REMOVED, lambda s: contacts.remove(s, id_))

    with qtbot.waitSignal(workspace.refused):
        page.card.timeline.correct_wanted.emit(id_)

    assert page.card.log.isHidden()
