"""Somebody is removed or erased elsewhere while something is being typed about them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.members import (
    DependantDraft,
    DependantRow,
    MemberDraft,
    MemberId,
    Relation,
)
from correspondent_desk.errors import DeskError
from correspondent_desk.gui.members.household_tab import DependantForm
from correspondent_desk.gui.members.page import MembersPage
from correspondent_desk.gui.page import Target
from correspondent_desk.gui.tasks import Tasks
from correspondent_desk.records import households, members
from correspondent_desk.store.identity import raw
from correspondent_desk.store.tables import Contact, Member
from tests.builders import add_member
from tests.gui.two_desks import Two

TwoDesks = Two[MembersPage]


@pytest.fixture
def two(tmp_path: Path, tasks: Tasks, qtbot: QtBot) -> Iterator[TwoDesks]:
    made = Two(tmp_path, tasks, qtbot, MembersPage)
    made.page.open(Target(page="members", id=made.anne))
    qtbot.waitUntil(lambda: made.page.card.shows(made.anne))
    yield made
    made.close()


def test_what_is_typed_about_who_was_removed_stays_and_brings_them_back(two: TwoDesks) -> None:
    page, log = two.page, two.page.card.log
    page.log_contact(two.anne)
    log.fields.note.setPlainText("She called twice")
    two.remove_there()

    two.exchange_here()
    two.qtbot.waitUntil(lambda: bool(two.said))

    assert two.said[0].startswith("Anne QUEMENEUR was removed meanwhile.")
    assert not log.isHidden()
    assert not two.is_listed()
    log.save.click()
    two.qtbot.waitUntil(log.isHidden)
    assert two.is_listed()
    assert two.here.read(lambda s: s.query(Contact.note).one()) == ("She called twice",)


def test_who_comes_back_to_what_is_typed_about_who_was_removed_goes_on_typing(
    two: TwoDesks,
) -> None:
    page, log = two.page, two.page.card.log
    page.log_contact(two.anne)
    log.fields.note.setPlainText("She called twice")
    two.remove_there()
    two.exchange_here()
    two.qtbot.waitUntil(lambda: bool(two.said))
    page.list.take_focus()

    page.take_focus()

    assert log.fields.note.hasFocus()


def test_what_is_saved_about_somebody_else_brings_nobody_back(two: TwoDesks) -> None:
    other = MemberId(add_member(two.here, "Tanguy"))
    page, log = two.page, two.page.card.log
    page.log_contact(two.anne)
    log.fields.note.setPlainText("She called twice")
    two.remove_there()
    two.exchange_here()
    two.qtbot.waitUntil(lambda: bool(two.said))
    page.open(Target(page="members", id=other))
    two.qtbot.waitUntil(lambda: page.card.shows(other))
    page.log_contact(other)
    log.fields.note.setPlainText("He came by")
    log.save.click()
    two.qtbot.waitUntil(log.isHidden)
    two.qtbot.waitUntil(lambda: not two.workspace.is_busy)

    assert two.here.read(lambda s: s.query(Contact.note).all()) == [("He came by",)]
    query = "SELECT id FROM member_listed"
    assert two.here.read(lambda s: raw(s).execute(query).fetchall()) == [(other,)]


def test_a_change_to_who_was_removed_stays_open_and_brings_them_back(two: TwoDesks) -> None:
    form = two.page.form
    two.page.card.edit_wanted.emit()
    form.fields.town.setText("Quimper")
    two.remove_there()

    two.exchange_here()
    two.qtbot.waitUntil(lambda: bool(two.said))
    form.save.click()
    two.qtbot.waitUntil(two.is_listed)

    assert two.here.read(lambda s: s.query(Member.town).one()) == ("Quimper",)


def test_what_is_typed_about_who_was_erased_goes_and_that_is_said(two: TwoDesks) -> None:
    page, log = two.page, two.page.card.log
    page.log_contact(two.anne)
    log.fields.note.setPlainText("She called twice")
    two.erase_there()

    two.exchange_here()
    two.qtbot.waitUntil(lambda: bool(two.said))

    assert two.said == ["This person was erased for good, with what was being typed about them."]
    assert log.isHidden()
    page.leave()
    two.qtbot.waitUntil(lambda: not two.workspace.is_busy)
    assert two.here.drafts.everything() == []


def test_nothing_typed_is_told_of_an_erasure_while_nothing_was(two: TwoDesks) -> None:
    two.page.log_contact(two.anne)
    two.erase_there()

    two.exchange_here()
    two.qtbot.waitUntil(lambda: bool(two.said))

    assert two.said == ["This person was erased for good."]
    assert two.page.card.log.isHidden()


def test_who_only_looks_at_somebody_is_told_of_their_removal_elsewhere(two: TwoDesks) -> None:
    two.remove_there()

    two.exchange_here()
    two.qtbot.waitUntil(lambda: two.said == ["Anne QUEMENEUR was removed meanwhile."])

    assert not two.page.split.is_card_open
    two.page.open(Target(page="members", id=two.anne))  # of nobody in view nothing is said
    two.qtbot.waitUntil(lambda: not two.workspace.is_busy)
    assert len(two.said) == 1


def test_nobody_is_told_that_what_they_take_back_themselves_was_removed(two: TwoDesks) -> None:
    draft = MemberDraft(family_name="Tanguy")
    with two.qtbot.waitSignal(two.workspace.happened):
        two.workspace.do(Action.MEMBER_CREATED, lambda s: members.create(s, draft))
    made = two.here.read(lambda s: s.query(Member).filter_by(family_name="Tanguy").one()).id
    two.page.open(Target(page="members", id=made))
    two.qtbot.waitUntil(lambda: two.page.card.shows(made))

    two.workspace.undo()
    two.qtbot.waitUntil(lambda: not two.page.split.is_card_open)
    two.qtbot.waitUntil(lambda: not two.workspace.is_busy)

    assert two.said == []


def test_who_removes_somebody_themselves_is_not_told_so(two: TwoDesks) -> None:
    two.page.log_contact(two.anne)
    two.page.card.log.fields.note.setPlainText("She called twice")

    two.page.card.details.remove_wanted.emit()
    two.qtbot.waitUntil(lambda: two.page.card.member is None)
    two.qtbot.waitUntil(lambda: not two.workspace.is_busy)

    assert two.said == []


def household_of(two: TwoDesks) -> DependantForm:
    two.page.card.tabs.go_to(two.page.card.household)
    return two.page.card.household.form


def test_what_is_typed_about_a_household_is_of_nobody_else(two: TwoDesks) -> None:
    other = MemberId(add_member(two.here, "Tanguy"))
    form = household_of(two)
    two.page.card.household.add.click()
    form.first_name.setText("Malo")

    two.page.open(Target(page="members", id=other))
    two.qtbot.waitUntil(lambda: two.page.card.shows(other))

    assert not two.page.card.is_typed_in()
    two.page.card.forget_typing()
    two.qtbot.waitUntil(lambda: "Malo" in (two.here.drafts.body(f"dependant.of.{two.anne}") or ""))


def test_somebody_taken_out_of_a_household_meanwhile_is_added_again(two: TwoDesks) -> None:
    malo = DependantDraft(relation=Relation.CHILD, first_name="Malo", family_name="Quemeneur")
    id_ = two.here.do(
        Action.DEPENDANT_ADDED, lambda s: members.add_dependant(s, two.anne, malo)
    ).result
    form = household_of(two)
    form.change(DependantRow(id=id_, draft=malo))
    form.first_name.setText("Malo Jean")
    two.here.do(Action.DEPENDANT_REMOVED, lambda s: members.remove_dependant(s, id_))

    form.save.click()
    problem = form.form.rows["first_name"].problem
    two.qtbot.waitUntil(problem.isVisible)
    assert "taken out of the household meanwhile" in problem.text()
    form.save.click()

    two.qtbot.waitUntil(form.isHidden)
    [row] = two.here.read(lambda s: households.of_member(s, two.anne))
    assert row.draft.first_name == "Malo Jean"
    two.qtbot.waitUntil(lambda: two.here.drafts.everything() == [])


def test_what_could_not_be_saved_of_one_household_goes_into_no_other(two: TwoDesks) -> None:
    other = MemberId(add_member(two.here, "Tanguy"))
    malo = DependantDraft(relation=Relation.CHILD, first_name="Malo", family_name="Quemeneur")
    id_ = two.here.do(
        Action.DEPENDANT_ADDED, lambda s: members.add_dependant(s, two.anne, malo)
    ).result
    form = household_of(two)
    form.change(DependantRow(id=id_, draft=malo))
    form.first_name.setText("Malo Jean")
    two.here.do(Action.DEPENDANT_REMOVED, lambda s: members.remove_dependant(s, id_))
    refused: list[DeskError] = []
    two.workspace.refused.connect(refused.append)

    form.save.click()
    two.page.log_contact(other)  # her card is there at once, before the answer
    assert two.page.card.shows(other)
    two.qtbot.waitUntil(lambda: bool(refused))

    assert form.isHidden()
    assert two.here.drafts.body(f"dependant.of.{other}") is None
