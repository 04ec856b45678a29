"""What was asked to be saved is written late: whatever was begun since stays as it is."""

import pytest
from pytestqt.qtbot import QtBot

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.members import DependantDraft, MemberDraft, MemberId
from correspondent_desk.gui.members.page import MembersPage
from correspondent_desk.gui.page import Target, Task
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.records import contacts, households, members
from correspondent_desk.store.database import Database
from correspondent_desk.store.tables import Contact, Member
from tests.gui.day_desk import do
from tests.gui.meanwhile import at_rest, busy
from tests.gui.members_desk import add, anne, opened, page, workspace

__all__ = ["anne", "page", "workspace"]


@pytest.fixture
def zoe(desk: Database, page: MembersPage) -> MemberId:
    """Somebody who came after the list was read."""
    del page
    return add(desk, "Zoé", "Zola")


def change(member: int) -> Target:
    return Target(page="members", id=member, task=Task.CHANGE)


def first_name(desk: Database, member: MemberId) -> str:
    return desk.read(lambda s: members.drafts(s, {member}))[member].first_name


def test_a_form_on_somebody_else_stays_open_with_what_is_typed_in_it(
    qtbot: QtBot,
    desk: Database,
    workspace: Workspace,
    page: MembersPage,
    anne: MemberId,
    zoe: MemberId,
) -> None:
    form = page.form
    page.open(change(anne))
    form.fields.first_name.setText("Annette")

    with busy(workspace):
        form.save.click()
        page.open(change(zoe))
        form.fields.first_name.setText("Zazie")
        page.leave()
    at_rest(qtbot, workspace)

    assert first_name(desk, anne) == "Annette"
    assert page.right.currentWidget() is form
    assert (form.opened and form.opened.id, form.fields.first_name.text()) == (zoe, "Zazie")
    assert workspace.drafts.load(f"member.{zoe}") is not None
    assert workspace.drafts.load(f"member.{anne}") is None


def test_what_a_colleague_changed_of_one_is_not_asked_in_the_form_on_another(
    qtbot: QtBot,
    desk: Database,
    workspace: Workspace,
    page: MembersPage,
    anne: MemberId,
    zoe: MemberId,
) -> None:
    form = page.form
    page.open(change(anne))
    form.fields.first_name.setText("Annette")
    card = form.opened
    assert card
    theirs = MemberDraft(first_name="Anna", family_name="Le Goff")
    do(desk, lambda s: members.save(s, card, theirs))

    with qtbot.waitSignal(workspace.refused), busy(workspace):
        form.save.click()
        page.open(change(zoe))
        form.fields.first_name.setText("Zazie")

    assert (form.opened and form.opened.id, form.fields.first_name.text()) == (zoe, "Zazie")
    assert form.conflict.is_answered()
    assert workspace.drafts.load(f"member.{anne}") is not None


@pytest.mark.parametrize("is_new", [True, False])
def test_what_is_typed_on_after_saving_is_typed_into_what_was_saved(
    qtbot: QtBot,
    desk: Database,
    workspace: Workspace,
    page: MembersPage,
    anne: MemberId,
    *,
    is_new: bool,
) -> None:
    form = page.form
    if is_new:
        page.question.new_wanted.emit("member.new", MemberDraft(family_name="Pendant"))
    else:
        page.open(change(anne))
    form.fields.first_name.setText("Ann")

    with busy(workspace):
        form.save.click()
        form.fields.first_name.setText("Annette")
    at_rest(qtbot, workspace)

    assert page.right.currentWidget() is form
    assert form.fields.first_name.text() == "Annette"
    assert form.opened
    assert form.opened.draft.first_name == "Ann"
    form.save.click()
    at_rest(qtbot, workspace)
    assert first_name(desk, form.opened.id) == "Annette"
    assert page.right.currentWidget() is page.card


def test_what_is_typed_on_before_one_goes_on_to_somebody_else_stays_kept(
    qtbot: QtBot, workspace: Workspace, page: MembersPage, anne: MemberId, zoe: MemberId
) -> None:
    page.open(change(anne))
    page.form.fields.first_name.setText("Ann")

    with busy(workspace):
        page.form.save.click()
        page.form.fields.first_name.setText("Annette")
        page.open(change(zoe))
    at_rest(qtbot, workspace)

    page.open(change(anne))
    assert page.form.fields.first_name.text() == "Annette"
    assert page.form.conflict.is_answered()  # one's own change is nobody else's


def test_who_was_new_and_is_typed_on_of_before_one_goes_on_is_not_made_again(
    qtbot: QtBot,
    desk: Database,
    workspace: Workspace,
    page: MembersPage,
    zoe: MemberId,
) -> None:
    page.question.new_wanted.emit("member.new", MemberDraft(family_name="Pendant"))
    page.form.fields.first_name.setText("Mael")

    with busy(workspace):
        page.form.save.click()
        page.form.fields.first_name.setText("Maelle")
        page.open(change(zoe))
    at_rest(qtbot, workspace)

    pending = {"family_name": "Pendant"}
    [made] = desk.read(lambda s: [one.id for one in s.query(Member).filter_by(**pending)])
    assert workspace.drafts.keys("member.") == [f"member.{made}"]
    page.open(change(made))
    page.form.save.click()
    at_rest(qtbot, workspace)
    assert first_name(desk, MemberId(made)) == "Maelle"


def test_whoever_closed_the_form_and_looks_at_somebody_else_is_not_led_away(
    qtbot: QtBot, workspace: Workspace, page: MembersPage, anne: MemberId, zoe: MemberId
) -> None:
    page.open(change(anne))
    page.form.fields.first_name.setText("Annette")

    with busy(workspace):
        page.form.save.click()
        page.step_back()
        opened(qtbot, page, zoe)
    at_rest(qtbot, workspace)

    assert page.card.shows(zoe)
    assert workspace.drafts.load(f"member.{anne}") is None


def test_a_contact_begun_with_somebody_else_stays_open(
    qtbot: QtBot, workspace: Workspace, page: MembersPage, anne: MemberId, zoe: MemberId
) -> None:
    log = page.card.log
    page.log_contact(anne)
    log.fields.note.setPlainText("about her card")

    with busy(workspace):
        log.save.click()
        page.log_contact(zoe)
        log.fields.note.setPlainText("about the grant")
        page.leave()
    at_rest(qtbot, workspace)

    assert page.card.shows(zoe)
    assert log.isVisible()
    assert log.fields.note.toPlainText() == "about the grant"
    assert workspace.drafts.load(f"contact.{zoe}") is not None
    assert workspace.drafts.load(f"contact.{anne}") is None


def test_a_note_that_is_typed_on_after_saving_corrects_the_contact(
    qtbot: QtBot, desk: Database, workspace: Workspace, page: MembersPage, anne: MemberId
) -> None:
    log = page.card.log
    page.log_contact(anne)
    log.fields.note.setPlainText("about her card")

    with busy(workspace):
        log.save.click()
        log.fields.note.setPlainText("about her card, again")
    at_rest(qtbot, workspace)

    noted = log.corrects
    assert noted is not None
    assert log.fields.note.toPlainText() == "about her card, again"
    log.save.click()
    qtbot.waitUntil(log.isHidden)
    assert desk.read(lambda s: contacts.draft_of(s, noted)).note == "about her card, again"


def test_a_note_that_is_typed_on_before_one_goes_on_is_not_noted_again(
    qtbot: QtBot,
    desk: Database,
    workspace: Workspace,
    page: MembersPage,
    anne: MemberId,
    zoe: MemberId,
) -> None:
    log = page.card.log
    page.log_contact(anne)
    log.fields.note.setPlainText("about her card")

    with busy(workspace):
        log.save.click()
        log.fields.note.setPlainText("about her card, again")
        page.log_contact(zoe)
    at_rest(qtbot, workspace)

    [noted] = desk.read(lambda s: [contact.id for contact in s.query(Contact)])
    assert workspace.drafts.keys("contact.") == [f"contact.correct.{noted}"]
    opened(qtbot, page, anne)
    page.card.head.resume_correction.click()
    assert log.fields.note.toPlainText() == "about her card, again"


def test_whoever_types_on_of_a_contact_stays_in_the_field(
    qtbot: QtBot, workspace: Workspace, page: MembersPage, anne: MemberId
) -> None:
    log = page.card.log
    page.log_contact(anne)
    log.fields.unfold.click()
    log.fields.note.setPlainText("about her card")

    with busy(workspace):
        log.save.click()
        log.fields.hour.setFocus()
        log.fields.hour.setText("9:15")
    at_rest(qtbot, workspace)

    assert log.corrects
    assert log.fields.hour.hasFocus()


def test_whoever_went_on_to_the_form_is_not_led_to_the_card(
    qtbot: QtBot, workspace: Workspace, page: MembersPage, anne: MemberId
) -> None:
    page.log_contact(anne)
    page.card.log.fields.note.setPlainText("about her card")

    with busy(workspace):
        page.card.log.save.click()
        page.open(change(anne))
        page.form.fields.first_name.setFocus()
    at_rest(qtbot, workspace)

    assert page.form.fields.first_name.hasFocus()


def test_somebody_else_of_the_household_stays_open(
    qtbot: QtBot, desk: Database, workspace: Workspace, page: MembersPage, anne: MemberId
) -> None:
    opened(qtbot, page, anne)
    page.card.open_household(None)
    form = page.card.household.form
    form.first_name.setText("Malo")
    form.save.click()
    at_rest(qtbot, workspace)
    [malo] = desk.read(lambda s: households.of_member(s, anne))
    page.card.open_household(None)
    form.first_name.setText("Enora")

    with busy(workspace):
        form.save.click()
        form.change(malo)
        form.first_name.setText("Mael")
    at_rest(qtbot, workspace)

    assert (form.changes, form.first_name.text()) == (malo.id, "Mael")
    assert form.isVisible()


@pytest.mark.parametrize("is_new", [True, False])
def test_what_is_typed_on_of_somebody_of_the_household_is_typed_into_who_was_saved(
    qtbot: QtBot,
    desk: Database,
    workspace: Workspace,
    page: MembersPage,
    anne: MemberId,
    *,
    is_new: bool,
) -> None:
    if not is_new:
        malo = DependantDraft(first_name="Malo")
        do(desk, lambda s: households.add_dependant(s, anne, malo), Action.DEPENDANT_ADDED)
    opened(qtbot, page, anne)
    household = page.card.household
    rows = desk.read(lambda s: households.of_member(s, anne))
    page.card.open_household(None if is_new else rows[0].id)
    form = household.form
    form.first_name.setText("Ma")

    with busy(workspace):
        form.save.click()
        form.family_name.setFocus()
        form.first_name.setText("Mael")
    at_rest(qtbot, workspace)

    assert form.isVisible()
    assert form.family_name.hasFocus()
    form.save.click()
    qtbot.waitUntil(form.isHidden)
    rows = desk.read(lambda s: households.of_member(s, anne))
    assert [row.draft.first_name for row in rows] == ["Mael"]


def test_whoever_went_on_to_note_a_contact_is_not_led_to_the_household(
    qtbot: QtBot, workspace: Workspace, page: MembersPage, anne: MemberId
) -> None:
    opened(qtbot, page, anne)
    page.card.open_household(None)
    page.card.household.form.first_name.setText("Malo")

    with busy(workspace):
        page.card.household.form.save.click()
        page.log_contact(anne)
    at_rest(qtbot, workspace)

    assert page.card.household.form.isHidden()
    assert page.card.log.fields.note.hasFocus()
