"""Forms that are open stay so when the window is built anew: for another language, after the lock."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from correspondent_desk.app.program import Program
from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.meetings import Mode
from correspondent_desk.domain.members import (
    DependantDraft,
    MemberDraft,
    MemberId,
    Relation,
)
from correspondent_desk.domain.requests import RequestDraft
from correspondent_desk.gui.lock.page import LockPage
from correspondent_desk.gui.meetings.page import MeetingsPage
from correspondent_desk.gui.members.page import MembersPage
from correspondent_desk.gui.page import Page, Target, Task
from correspondent_desk.gui.requests.page import RequestsPage
from correspondent_desk.gui.settings.page import SettingsPage
from correspondent_desk.records import households, requests
from tests.builders import add_member
from tests.gui import starting
from tests.gui.hands import type_here
from tests.gui.requests_desk import NOW
from tests.gui.starting import Start, unlock, unlocked, waiting_for
from tests.records.acts import a_contact, a_meeting, a_request, at

start = starting.start


@pytest.fixture
def program(qtbot: QtBot, start: Start, tmp_path: Path) -> Program:
    """An open desk with Anne, who asked a question."""
    return unlocked(qtbot, start, tmp_path / "desk")


@pytest.fixture
def anne(program: Program) -> int:
    assert program.database is not None
    return add_member(program.database, "Le Goff")


@pytest.fixture
def question(program: Program, anne: int) -> int:
    draft = RequestDraft(member_id=MemberId(anne), subject="a question")
    assert program.database is not None
    return program.database.do(
        Action.REQUEST_CREATED, lambda s: requests.create(s, draft, [], NOW)
    ).result


def gone_to(program: Program, target: Target) -> Page:
    assert program.frame is not None
    program.frame.go(target)
    return program.frame.page


def card_of(qtbot: QtBot, program: Program, member: int) -> MembersPage:
    page = gone_to(program, Target(page="members", id=member))
    assert isinstance(page, MembersPage)
    qtbot.waitUntil(lambda: page.card.shows(member))
    return page


def type_what_is_removed(qtbot: QtBot, program: Program, anne: int, subject: str) -> None:
    """Change a request of Anne that is gone by the time it is saved."""
    assert program.database is not None
    id_ = a_request(program.database, MemberId(anne), subject=subject)
    page = gone_to(program, Target(page="requests", id=id_, task=Task.CHANGE))
    assert isinstance(page, RequestsPage)
    form = page.form
    form.situation.setPlainText(f"about {subject}")
    program.database.do(Action.REQUEST_REMOVED, lambda s: requests.remove(s, id_))
    form.save.click()
    qtbot.waitUntil(lambda: form.opened is None)


def page_after_the_lock(qtbot: QtBot, program: Program) -> Page:
    program.lock()
    waiting_for(qtbot, program, LockPage)
    unlock(qtbot, program)
    assert program.frame is not None
    return program.frame.page


def speak_french(program: Program) -> None:
    gone_to(program, Target(page="settings"))
    program.choose(program.preferences._replace(language="fr"))


def test_new_records_stay_open_in_another_language_and_not_what_was_typed_last(
    program: Program, anne: int
) -> None:
    asking = gone_to(program, Target(page="requests", task=Task.NEW))
    assert isinstance(asking, RequestsPage)
    asking.form.member.set_member(anne)
    asking.form.situation.setPlainText("rent is late")
    making = gone_to(program, Target(page="members", task=Task.NEW))
    assert isinstance(making, MembersPage)
    making.question.new_wanted.emit("member.new", MemberDraft())
    making.form.fields.family_name.setText("Roux")
    making.question.new_wanted.emit("member.new.2", MemberDraft(family_name="Petit"))
    planning = gone_to(program, Target(page="meetings", task=Task.NEW))
    assert isinstance(planning, MeetingsPage)
    planning.form.fields.room.setText("room B")
    planning.planning.plan(at("2027-01-12 10:00"), anne)

    speak_french(program)

    assert program.frame is not None
    assert isinstance(program.frame.page, SettingsPage)
    asking_again = gone_to(program, Target(page="requests"))
    assert isinstance(asking_again, RequestsPage)
    assert asking_again is not asking
    assert asking_again.form.isVisible()
    assert asking_again.form.member.value() == anne
    assert asking_again.form.situation.toPlainText() == "rent is late"
    making_again = gone_to(program, Target(page="members"))
    assert isinstance(making_again, MembersPage)
    assert making_again.form.isVisible()
    assert making_again.form.fields.family_name.text() == "Petit"
    planning_again = gone_to(program, Target(page="meetings"))
    assert isinstance(planning_again, MeetingsPage)
    assert planning_again.form.isVisible()
    assert planning_again.form.person == anne
    assert planning_again.form.fields.draft().starts_at == at("2027-01-12 10:00")
    assert planning_again.form.fields.room.text() != "room B"


def test_changes_that_are_being_typed_and_cards_stay_open_in_another_language(
    program: Program, anne: int, question: int
) -> None:
    assert program.database is not None
    id_ = a_meeting(program.database, MemberId(anne), "2027-01-12 10:00", mode=Mode.PHONE)
    gone_to(program, Target(page="meetings", id=id_))
    gone_to(program, Target(page="requests", id=question, task=Task.CHANGE))
    asking = gone_to(program, Target(page="requests"))
    assert isinstance(asking, RequestsPage)
    asking.form.subject.setText("another question")
    changing = gone_to(program, Target(page="members", id=anne, task=Task.CHANGE))
    assert isinstance(changing, MembersPage)
    changing.form.fields.note.setPlainText("comes on foot")

    speak_french(program)
    program.choose(program.preferences._replace(language="en"))  # nobody went there meanwhile

    asking = gone_to(program, Target(page="requests"))
    assert isinstance(asking, RequestsPage)
    assert asking.form.isVisible()
    assert asking.form.opened is not None
    assert asking.form.subject.text() == "another question"
    changing = gone_to(program, Target(page="members"))
    assert isinstance(changing, MembersPage)
    assert changing.form.isVisible()
    assert changing.form.changes(anne)
    assert changing.form.fields.note.toPlainText() == "comes on foot"
    planning = gone_to(program, Target(page="meetings"))
    assert isinstance(planning, MeetingsPage)
    assert planning.sides.side is planning.card
    planning.card.change.click()
    way = planning.way_back()
    planning.planning.close()
    assert way is not None
    gone_to(program, way)
    assert planning.form.opened is not None
    assert planning.form.opened.id == id_


def test_changes_of_removed_requests_all_wait_for_their_turn_after_the_lock(
    qtbot: QtBot, program: Program, anne: int
) -> None:
    subjects = [f"question {number}" for number in range(5)]
    for subject in subjects:
        type_what_is_removed(qtbot, program, anne, subject)

    asking = page_after_the_lock(qtbot, program)

    assert isinstance(asking, RequestsPage)
    found = []
    while asking.form.isVisible():
        assert asking.form.about == anne
        found.append(asking.form.situation.toPlainText())
        asking.form.discard.click()
        if asking.begun.isVisible():
            asking.begun.click()
    assert sorted(found) == [f"about {subject}" for subject in subjects]
    assert found[0] == "about question 4"


def test_a_form_is_open_again_after_the_lock(qtbot: QtBot, program: Program, anne: int) -> None:
    asking = gone_to(program, Target(page="requests", task=Task.NEW, person=anne))
    assert isinstance(asking, RequestsPage)
    asking.form.situation.setPlainText("rent is late")

    asking = page_after_the_lock(qtbot, program)

    assert isinstance(asking, RequestsPage)
    assert asking.form.isVisible()
    assert asking.form.situation.toPlainText() == "rent is late"


def test_a_contact_that_is_being_noted_is_open_again_after_the_lock(
    qtbot: QtBot, program: Program, anne: int
) -> None:
    noting = gone_to(program, Target(page="members", task=Task.LOG_CONTACT, person=anne))
    assert isinstance(noting, MembersPage)
    type_here("promises the")

    noting = page_after_the_lock(qtbot, program)

    assert isinstance(noting, MembersPage)
    assert noting.card.log.isVisible()
    assert not noting.begun.isVisible()
    type_here(" certificate")
    assert noting.card.log.fields.note.toPlainText() == "promises the certificate"


def test_a_contact_that_is_being_corrected_is_open_again_after_the_lock(
    qtbot: QtBot, program: Program, anne: int
) -> None:
    assert program.database is not None
    id_ = a_contact(program.database, MemberId(anne), "2026-11-20 10:00", note="calls back")
    page = card_of(qtbot, program, anne)
    page.card.timeline.correct_wanted.emit(id_)

    correcting = page_after_the_lock(qtbot, program)

    assert isinstance(correcting, MembersPage)
    assert correcting.card.log.corrects == id_
    assert correcting.card.log.fields.note.hasFocus()


@pytest.mark.parametrize("is_new", [True, False])
def test_somebody_of_a_household_is_open_again_after_the_lock(
    qtbot: QtBot, program: Program, anne: int, *, is_new: bool
) -> None:
    assert program.database is not None
    malo = DependantDraft(relation=Relation.CHILD, first_name="Malo")
    program.database.do(
        Action.DEPENDANT_ADDED, lambda s: households.add_dependant(s, MemberId(anne), malo)
    )
    before = card_of(qtbot, program, anne)
    [row] = before.card.member.household if before.card.member else ()
    before.card.open_household(None if is_new else row.id)
    before.card.household.form.family_name.setText("Kervélec")

    page = page_after_the_lock(qtbot, program)

    assert isinstance(page, MembersPage)
    form = page.card.household.form
    assert form.isVisible()
    assert (form.first_name.text(), form.family_name.text()) == (
        "" if is_new else "Malo", "Kervélec",
    )  # fmt: skip
