"""A change is begun and put away; before somebody goes on with it, another one writes to the record."""

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.contacts import ContactId
from correspondent_desk.domain.meetings import MeetingId, Mode
from correspondent_desk.domain.members import (
    DependantDraft,
    MemberId,
    PostalAddress,
    Relation,
)
from correspondent_desk.domain.requests import DocumentDraft, RequestCard, RequestId
from correspondent_desk.gui.meetings.plan_form import PlanForm
from correspondent_desk.gui.members.household_tab import DependantForm
from correspondent_desk.gui.members.log_form import LogForm
from correspondent_desk.gui.members.member_form import MemberForm
from correspondent_desk.gui.requests.request_form import RequestForm
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.records import contacts, households, meetings, members, requests
from correspondent_desk.store.database import Database
from tests.records.acts import (
    NOW,
    a_contact,
    a_meeting,
    a_member,
    a_request,
    card,
    edit,
    request_card,
)

QUIMPER = PostalAddress(town="Quimper")


@pytest.fixture
def anne(desk: Database) -> MemberId:
    return a_member(desk, address=PostalAddress(town="Douarnenez"))


def changed_form(qtbot: QtBot, workspace: Workspace, desk: Database, anne: MemberId) -> MemberForm:
    """A form in which the note and the town were typed, and which was put away."""
    form = MemberForm(workspace)
    qtbot.addWidget(form)
    form.begin_edit(card(desk, anne))
    form.fields.note.setPlainText("rather in the morning")
    form.fields.town.setText("Quimper")
    form.keep_typing()
    return form


def test_what_nobody_typed_over_is_shown_as_it_is_now(
    qtbot: QtBot, workspace: Workspace, desk: Database, anne: MemberId
) -> None:
    form = changed_form(qtbot, workspace, desk, anne)
    edit(desk, card(desk, anne), matricule="000417")

    form.begin_edit(card(desk, anne))

    with qtbot.waitSignal(form.edited) as asked:
        form.save.click()
    opened, draft, _taken = asked.args
    assert (draft.matricule, draft.note) == ("000417", "rather in the morning")
    desk.do(Action.MEMBER_EDITED, lambda s: members.save(s, opened, draft))
    now = card(desk, anne).draft
    assert (now.matricule, now.note, now.address) == (
        "000417", "rather in the morning", QUIMPER,
    )  # fmt: skip


def test_a_change_taken_back_by_hand_is_no_change(
    qtbot: QtBot, workspace: Workspace, desk: Database, anne: MemberId
) -> None:
    form = changed_form(qtbot, workspace, desk, anne)

    form.fields.note.clear()
    form.fields.town.setText("Douarnenez")
    form.keep_typing()

    qtbot.waitUntil(lambda: not workspace.is_busy)
    assert desk.drafts.everything() == []


def with_documents(desk: Database, request: RequestId, *labels: str) -> RequestCard:
    """As a colleague leaves its checklist."""
    opened = request_card(desk, request)
    wanted = [DocumentDraft(label=label) for label in labels]
    desk.do(Action.REQUEST_EDITED, lambda s: requests.save(s, opened, opened.draft, wanted, NOW))
    return request_card(desk, request)


def test_the_documents_of_a_colleague_stay(
    qtbot: QtBot, workspace: Workspace, desk: Database, anne: MemberId
) -> None:
    request = a_request(desk, anne)
    form = RequestForm(workspace)
    qtbot.addWidget(form)
    form.begin_edit(with_documents(desk, request, "certificate", "invoice", "contract"))
    form.documents.rows[1].remove.click()
    form.documents.add.click()
    assert form.documents.rows[-1].line is not None
    form.documents.rows[-1].line.setText("photograph")
    form.keep_typing()

    form.begin_edit(with_documents(desk, request, "certificate", "invoice", "letter"))

    assert [one.label for one in form.documents.documents()] == [
        "certificate", "letter", "photograph",
    ]  # fmt: skip


def test_a_contact_that_is_corrected_keeps_what_was_noted_meanwhile(
    qtbot: QtBot, workspace: Workspace, desk: Database, anne: MemberId
) -> None:
    id_: ContactId = a_contact(desk, anne, "2026-03-02 10:00", note="promises the certificate")
    form = LogForm(workspace)
    qtbot.addWidget(form)

    def correct() -> None:
        form.correct(id_, desk.read(lambda s: contacts.draft_of(s, id_)), "Anne LE GOFF", ())

    correct()
    form.fields.hour.setText("11:30")
    form.keeper.keep_now()
    noted = desk.read(lambda s: contacts.draft_of(s, id_))
    told = replace(noted, note="promises the certificate for Monday")
    desk.do(Action.CONTACT_EDITED, lambda s: contacts.save(s, id_, noted, told))
    correct()

    made, wrong = form.draft()
    assert (made.note, made.at and made.at.hour, wrong) == (told.note, 11, [])


def test_somebody_of_the_household_keeps_what_was_written_meanwhile(
    qtbot: QtBot, workspace: Workspace, desk: Database, anne: MemberId
) -> None:
    malo = DependantDraft(relation=Relation.CHILD, first_name="Malo", family_name="Le Goff")
    desk.do(Action.DEPENDANT_ADDED, lambda s: households.add_dependant(s, anne, malo))
    form = DependantForm(workspace)
    qtbot.addWidget(form)

    def change() -> None:
        [row] = card(desk, anne).household
        form.change(row)

    change()
    form.first_name.setText("Malo Jean")
    form.keeper.keep_now()
    [row] = card(desk, anne).household
    named = replace(malo, family_name="Kervélec")
    desk.do(Action.DEPENDANT_EDITED, lambda s: households.save_dependant(s, row, named))
    change()

    with qtbot.waitSignal(form.saved) as asked:
        form.save.click()
    opened, made = asked.args
    assert (made.first_name, made.family_name) == ("Malo Jean", "Kervélec")
    assert opened.draft == named


def test_a_meeting_keeps_the_request_it_is_about_and_what_was_written_meanwhile(
    qtbot: QtBot, workspace: Workspace, desk: Database, anne: MemberId
) -> None:
    asked, _other = a_request(desk, anne), a_request(desk, anne, subject="Holidays")
    id_: MeetingId = a_meeting(
        desk, anne, "2027-01-12 10:00", mode=Mode.PHONE, request_id=asked, bring="papers"
    )
    form = PlanForm(workspace)
    qtbot.addWidget(form)

    def change() -> None:
        form.open_change((), desk.read(lambda s: meetings.row(s, id_)))

    change()
    form.fields.bring.setPlainText("papers and glasses")
    form.keeper.keep_now()
    opened = desk.read(lambda s: meetings.row(s, id_))
    longer = replace(opened.draft, minutes=60)
    desk.do(Action.MEETING_EDITED, lambda s: meetings.save(s, opened, longer))
    change()

    made = form.fields.draft()
    assert (made.bring, made.minutes, made.request_id) == ("papers and glasses", 60, asked)


def test_what_is_to_be_chosen_comes_first_when_a_change_is_opened_again(
    qtbot: QtBot, workspace: Workspace, desk: Database, anne: MemberId
) -> None:
    form = changed_form(qtbot, workspace, desk, anne)
    edit(desk, card(desk, anne), note="by letter")
    form.show()
    form.activateWindow()
    qtbot.waitUntil(form.isActiveWindow)

    form.begin_edit(card(desk, anne))
    form.take_focus()

    assert form.conflict.buttons["note"][0].hasFocus()


def test_what_is_to_be_chosen_of_a_request_comes_first(
    qtbot: QtBot, workspace: Workspace, desk: Database, anne: MemberId
) -> None:
    request = a_request(desk, anne)
    form = RequestForm(workspace)
    qtbot.addWidget(form)
    form.begin_edit(request_card(desk, request))
    form.subject.setText("School start of Malo")
    form.keep_typing()
    opened = request_card(desk, request)
    other = replace(opened.draft, subject="School start 2026")
    desk.do(Action.REQUEST_EDITED, lambda s: requests.save(s, opened, other, (), NOW))
    form.show()
    form.activateWindow()
    qtbot.waitUntil(form.isActiveWindow)

    form.begin_edit(request_card(desk, request))
    form.take_focus()

    assert form.conflict.buttons["subject"][0].hasFocus()


def test_what_was_overtaken_in_a_household_is_led_to_and_quoted(
    qtbot: QtBot, workspace: Workspace, desk: Database, anne: MemberId
) -> None:
    malo = DependantDraft(relation=Relation.CHILD, first_name="Malo", family_name="Le Goff")
    desk.do(Action.DEPENDANT_ADDED, lambda s: households.add_dependant(s, anne, malo))
    form = DependantForm(workspace)
    qtbot.addWidget(form)
    [row] = card(desk, anne).household
    form.change(row)
    form.family_name.setText("Le Goff-Roux")
    form.keeper.keep_now()
    named = replace(malo, family_name="Kervélec")
    desk.do(Action.DEPENDANT_EDITED, lambda s: households.save_dependant(s, row, named))
    [row] = card(desk, anne).household

    form.change(row)
    form.activateWindow()
    qtbot.waitUntil(form.isActiveWindow)

    assert form.family_name.hasFocus()
    assert form.form.rows["family_name"].problem.text() == (
        "! Somebody else changed this meanwhile: “Kervélec”."
        " What you typed stands here: saving writes it."
    )


def test_what_was_overtaken_in_a_meeting_is_led_to(
    qtbot: QtBot, workspace: Workspace, desk: Database, anne: MemberId
) -> None:
    id_ = a_meeting(desk, anne, "2027-01-12 10:00", mode=Mode.PHONE, bring="papers")
    form = PlanForm(workspace)
    qtbot.addWidget(form)
    opened = desk.read(lambda s: meetings.row(s, id_))
    form.open_change((), opened)
    form.fields.bring.setPlainText("papers and glasses")
    form.keeper.keep_now()
    other = replace(opened.draft, bring="nothing")
    desk.do(Action.MEETING_EDITED, lambda s: meetings.save(s, opened, other))
    form.show()
    form.activateWindow()
    qtbot.waitUntil(form.isActiveWindow)

    form.open_change((), desk.read(lambda s: meetings.row(s, id_)))

    assert form.fields.bring.hasFocus()
    assert "“nothing”" in form.fields.form.rows["bring"].problem.text()
