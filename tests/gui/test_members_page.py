"""The page of members on a real desk: list, card, contact in one keystroke, forms, drafts."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot
from sqlalchemy.orm import Session

from correspondent_desk import language
from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.contacts import ContactDraft, Way
from correspondent_desk.domain.meetings import MeetingStatus, SiteDraft
from correspondent_desk.domain.members import (
    MemberDraft,
    MemberFilter,
    MemberId,
    Phone,
    SiteId,
)
from correspondent_desk.gui.frame import Frame
from correspondent_desk.gui.members.page import MembersPage
from correspondent_desk.gui.page import Found, Place, Target, Task
from correspondent_desk.gui.requests.page import RequestsPage
from correspondent_desk.gui.tasks import Job, Tasks
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.records import contacts, meetings, members, office
from correspondent_desk.store.database import Database
from correspondent_desk.store.tables import Contact
from tests.gui.a11y import nameless
from tests.gui.day_desk import add_request
from tests.gui.hands import focused, press, type_here
from tests.gui.room import cut
from tests.records.acts import a_contact, a_meeting, at

CTRL = Qt.KeyboardModifier.ControlModifier
NOW = datetime(2026, 12, 3, 9, 30).astimezone()


def add(desk: Database, first_name: str, family_name: str, **told: object) -> MemberId:
    """A member made as the form makes one."""
    draft = MemberDraft(first_name=first_name, family_name=family_name, **told)  # type: ignore[arg-type]
    return desk.do(Action.MEMBER_CREATED, lambda s: members.create(s, draft)).result


def add_site(desk: Database, name: str) -> SiteId:
    """A site of the office."""
    draft = SiteDraft(name=name)
    return desk.do(Action.SITE_ADDED, lambda s: office.add_site(s, draft)).result


@pytest.fixture
def anne(desk: Database) -> MemberId:
    """Anne LE GOFF, with a phone."""
    phone = Phone(number="+33612345607", label="le matin")
    return add(desk, "Anne", "Le Goff", phones=(phone,), birth_date=date(1971, 3, 12))


@pytest.fixture
def workspace(desk: Database, tasks: Tasks) -> Workspace:
    """The desk on the morning of 3 December 2026."""
    return Workspace(desk, tasks, clock=lambda: NOW)


@pytest.fixture
def page(
    qtbot: QtBot, desk: Database, workspace: Workspace, anne: MemberId
) -> Iterator[MembersPage]:
    """The page in a window, with Anne and two others."""
    others = [add(desk, "Yann", "Petit"), add(desk, "Élif", "Çelik")]
    page = MembersPage(workspace)
    workspace.changed.connect(page.refresh)
    page.resize(1240, 800)
    page.show()
    qtbot.addWidget(page)
    page.activateWindow()
    qtbot.waitUntil(lambda: set(page.list.rows.ids) == {anne, *others})
    yield page
    page.hide()


def opened(qtbot: QtBot, page: MembersPage, member: int) -> MembersPage:
    """The page with this person's card in view."""
    page.open(Target(page="members", id=member))
    qtbot.waitUntil(lambda: page.card.shows(member))
    return page


def listed(page: MembersPage) -> list[str]:
    """The first lines of the list."""
    model = page.list.rows
    return [str(model.data(model.index(row, 0))).split("\n")[0] for row in range(model.rowCount())]


def test_the_list_is_in_order_and_says_what_its_filters_leave_out(
    qtbot: QtBot, page: MembersPage
) -> None:
    assert listed(page) == ["Élif ÇELIK", "Anne LE GOFF", "Yann PETIT"]

    page.list.filters[MemberFilter.INCOMPLETE].click()

    qtbot.waitUntil(lambda: listed(page) == ["Élif ÇELIK", "Yann PETIT"])
    assert page.list.explained.text() == (
        "2 people. Without first name, birth date, or any phone, e-mail or address."
        " Leaves out those who left."
    )


def test_typing_filters_and_arrows_show_cards(qtbot: QtBot, page: MembersPage) -> None:
    page.list.filter.setFocus()
    type_here("peti")
    qtbot.waitUntil(lambda: listed(page) == ["Yann PETIT"])

    page.list.take_focus()

    qtbot.waitUntil(lambda: page.card.head.title.text() == "Yann PETIT")
    assert page.person_in_view() is not None


def test_the_card_says_how_to_reach_and_when_seen(
    qtbot: QtBot, desk: Database, page: MembersPage, anne: MemberId
) -> None:
    seen = NOW.replace(tzinfo=None) - timedelta(days=113)
    draft = ContactDraft(member_id=anne, at=seen, way=Way.SESSION)
    desk.do(Action.CONTACT_LOGGED, lambda s: contacts.log(s, draft))

    head = opened(qtbot, page, anne).card.head

    assert head.title.text() == "Anne LE GOFF"
    assert head.reaching.text() == "Reach: 06 12 34 56 07 (le matin)"
    assert head.presence.text().startswith("Seen in person 3 months ago (12 August), drop-in")


def test_a_phone_call_is_noted_with_one_key(
    qtbot: QtBot, desk: Database, page: MembersPage, anne: MemberId
) -> None:
    opened(qtbot, page, anne)

    page.log_contact()
    type_here("promet d’apporter le certificat")
    press(Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: page.card.timeline.lines() != [])
    assert page.card.timeline.lines() == ["today, Phone, promet d’apporter le certificat"]
    assert "last contact today, phone" in page.card.head.presence.text()
    assert page.card.log.isHidden()
    assert desk.draft(f"contact.{anne}") is None


@pytest.mark.parametrize("field", ["way", "direction", "about", "day", "hour", "unfold"])
def test_ctrl_enter_saves_the_contact_from_every_field(
    qtbot: QtBot, page: MembersPage, anne: MemberId, field: str
) -> None:
    opened(qtbot, page, anne)
    page.log_contact()
    type_here("Rappelée.")
    page.card.log.unfold.click()

    getattr(page.card.log, field).setFocus()
    press(Qt.Key.Key_Return, CTRL)

    qtbot.waitUntil(lambda: page.card.timeline.lines() == ["today, Phone, Rappelée."])


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


def test_an_unanswered_call_is_an_attempt(qtbot: QtBot, page: MembersPage, anne: MemberId) -> None:
    opened(qtbot, page, anne)

    page.log_contact()
    page.card.log.attempt.click()

    qtbot.waitUntil(lambda: page.card.timeline.lines() == ["today, Phone, no answer"])
    assert "no contact noted" in page.card.head.presence.text()


def test_a_contact_from_another_page_opens_ready_to_type(page: MembersPage, anne: MemberId) -> None:
    page.log_contact(anne)

    assert focused() is page.card.log.note
    assert page.card.log.title.text() == "Contact with Anne LE GOFF"


def test_from_the_filter_one_key_leads_into_the_list(qtbot: QtBot, page: MembersPage) -> None:
    page.list.filter.setFocus()
    type_here("goff")
    press(Qt.Key.Key_Return)

    qtbot.waitUntil(page.list.table.hasFocus)
    assert "GOFF" in str(page.list.rows.data(page.list.rows.index(0, 0)))


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


def test_what_was_typed_survives_escape_and_a_new_window(
    qtbot: QtBot, desk: Database, tasks: Tasks, page: MembersPage, anne: MemberId
) -> None:
    page.log_contact(anne)
    type_here("à rappeler lundi")

    assert page.step_back()
    assert page.card.head.resume.isVisible()
    page.leave()
    qtbot.waitUntil(lambda: desk.draft(f"contact.{anne}") is not None)

    other = MembersPage(Workspace(desk, tasks, clock=lambda: NOW))
    qtbot.addWidget(other)
    other.log_contact(anne)
    assert other.card.log.note.toPlainText() == "à rappeler lundi"


def test_locking_while_typing_keeps_the_text(
    qtbot: QtBot, desk: Database, page: MembersPage, anne: MemberId
) -> None:
    opened(qtbot, page, anne)
    page.card.edit_wanted.emit()
    page.form.fields.note.setFocus()
    type_here("plutôt le matin")

    page.leave()

    qtbot.waitUntil(lambda: "le matin" in (desk.draft(f"member.{anne}") or ""))
    assert not desk.read(lambda s: members.card(s, anne, NOW.date())).draft.note


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
    assert "06 12 34 56 99 (domicile)" in page.card.head.reaching.text()
    assert page.list.table.current_id() == page.person_in_view()
    assert desk.draft("member.new") is None

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

    def elsewhere(session: Session) -> None:
        before = members.card(session, anne, NOW.date())
        theirs = replace(before.draft, service="Espaces verts", employer="Mairie")
        members.save(session, before, theirs)

    desk.do(Action.MEMBER_EDITED, elsewhere)
    page.form.try_to_save()
    qtbot.waitUntil(page.form.conflict.isVisible)
    assert page.form.conflict.answers == {"service": None}
    assert page.form.fields.employer.text() == "Mairie"

    page.form.conflict.buttons["service"][1].click()
    assert page.form.fields.service.text() == "Espaces verts"
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
    qtbot.waitUntil(lambda: desk.draft("member.new") is not None)

    page.new()
    assert page.question.resume[0].text() == "Go on with Lucie Martin"
    type_here("Durand Paul")
    qtbot.waitUntil(page.question.field.results.isVisible)
    press(Qt.Key.Key_Return)
    assert page.form.fields.first_name.text() == "Paul"
    page.form.fields.note.setFocus()
    type_here("x")
    page.leave()

    qtbot.waitUntil(lambda: desk.draft("member.new.2") is not None)
    assert "Lucie" in (desk.draft("member.new") or "")


def test_the_history_tells_of_contacts_and_meetings_also_of_removed_ones(
    qtbot: QtBot, page: MembersPage, anne: MemberId, desk: Database
) -> None:
    contact = a_contact(desk, anne, "2026-11-12 10:00", Way.VISIT, note="Her card")
    draft = ContactDraft(member_id=anne, at=at("2026-11-12 10:00"), way=Way.PHONE)
    desk.do(Action.CONTACT_EDITED, lambda s: contacts.save(s, contact, draft))
    meeting = a_meeting(desk, anne, "2026-12-10 10:00")
    excused = MeetingStatus.EXCUSED
    desk.do(Action.MEETING_CANCELLED, lambda s: meetings.cancel(s, meeting, excused, "Train"))
    desk.do(Action.CONTACT_REMOVED, lambda s: contacts.remove(s, contact))
    card = opened(qtbot, page, anne).card

    card.tabs.go_to(card.history)
    qtbot.waitUntil(lambda: len(card.history.texts()) == 6)

    told = ["\n".join(text.split(" · ")[2:]) for text in card.history.texts()]
    assert told[:5] == [
        "Removal of a contact (phone, Thursday 12 November 2026)\nRemoval: in the lists → removed",
        (
            "Cancelled meeting (on site, Thursday 10 December 2026)"
            "\nStatus: planned → sent apologies\nOutcome: nothing → Train"
        ),
        "New meeting\nDate, time and place: Thursday 10 December 2026, 10:00, 30 minutes",
        (
            "Change of a contact (phone, Thursday 12 November 2026)"
            "\nWay: visit to the office, from here → phone, from here\nNote: Her card → nothing"
        ),
        (
            "New contact\nDate and time: Thursday 12 November 2026, 10:00"
            "\nWay: visit to the office, from here\nNote: Her card"
        ),
    ]


def test_the_household_and_its_history(qtbot: QtBot, page: MembersPage, anne: MemberId) -> None:
    card = opened(qtbot, page, anne).card
    card.tabs.go_to(card.household)
    card.household.add.click()
    type_here("Malo")
    card.household.form.birth_date.setFocus()
    type_here("1/9/2018")
    card.household.form.save.click()
    qtbot.waitUntil(lambda: card.member is not None and len(card.member.household) == 1)

    card.tabs.go_to(card.history)

    qtbot.waitUntil(lambda: any("Malo" in text for text in card.history.texts()))
    assert any("First name: Malo" in text for text in card.history.texts())


def test_a_removed_person_leaves_the_card_and_comes_back(
    qtbot: QtBot, workspace: Workspace, page: MembersPage, anne: MemberId
) -> None:
    opened(qtbot, page, anne)

    page.card.details.remove.click()

    qtbot.waitUntil(lambda: "Anne LE GOFF" not in listed(page))
    workspace.undo()
    qtbot.waitUntil(lambda: "Anne LE GOFF" in listed(page))


def test_leading_to_a_meeting_and_a_request(
    qtbot: QtBot, page: MembersPage, anne: MemberId
) -> None:
    wanted: list[Target] = []
    page.wanted.connect(wanted.append)
    opened(qtbot, page, anne)

    page.card.head.meet.click()
    page.card.head.ask.click()

    assert wanted == [
        Target(page="meetings", task=Task.NEW, person=anne),
        Target(page="requests", task=Task.NEW, person=anne),
    ]


def test_a_narrow_window_shows_the_card_over_the_list(
    qtbot: QtBot, page: MembersPage, anne: MemberId
) -> None:
    page.resize(700, 700)
    page.list.choose(anne)
    page.list.table.setFocus()
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.card.shows(anne) and page.card.isVisible())
    assert not page.list.isVisible()

    assert page.step_back()

    assert page.list.isVisible()
    assert page.list.table.current_id() == anne


def test_several_sites_can_be_chosen_from(qtbot: QtBot, desk: Database, page: MembersPage) -> None:
    assert page.list.site.isHidden()
    sites = [add_site(desk, name) for name in ("Hôtel de ville", "Voirie")]
    add(desk, "Paul", "Durand", site_id=sites[1])
    page.list.load_sites()
    assert page.list.site.isVisible()

    page.list.site.set_value(sites[1])
    page.list.site.chosen.emit(sites[1])

    qtbot.waitUntil(lambda: listed(page) == ["Paul DURAND"])


def test_the_keys_of_the_window_lead_between_people_and_their_requests(
    qtbot: QtBot, workspace: Workspace, anne: MemberId
) -> None:
    places = [
        Place(key="members", title="Members", icon="users", make=lambda: MembersPage(workspace)),
        Place(
            key="requests", title="Requests", icon="folder", make=lambda: RequestsPage(workspace)
        ),
    ]

    def search(_words: str, then: Callable[[list[Found]], object]) -> Job[list[Found]]:
        return Job(then)

    frame = Frame(workspace, places, search=search, name_step=lambda step: step.code, explain=str)
    qtbot.addWidget(frame)
    frame.resize(1240, 800)
    frame.show()
    frame.activateWindow()
    frame.go(Target(page="members", id=anne))
    people = frame.page
    assert isinstance(people, MembersPage)
    qtbot.waitUntil(lambda: people.card.shows(anne))
    people.card.take_focus()

    press(Qt.Key.Key_R, CTRL)
    casework = frame.page
    assert isinstance(casework, RequestsPage)
    assert casework.form.member.value() == anne
    casework.form.subject.setFocus()
    type_here("aide au logement")
    press(Qt.Key.Key_E, CTRL)

    assert frame.place == "members"
    assert focused() is people.card.log.note
    type_here("rappeler")
    press(Qt.Key.Key_Escape)
    assert people.card.log.isHidden()
    press(Qt.Key.Key_R, CTRL)
    assert casework.form.subject.text() == "aide au logement"
    frame.hide()


@pytest.mark.parametrize("width", [700, 1000, 1240])
def test_nothing_is_cut_at_the_side(
    qtbot: QtBot, workspace: Workspace, anne: MemberId, width: int
) -> None:
    language.use("fr")
    page = MembersPage(workspace)
    qtbot.addWidget(page)
    page.resize(width, 700)
    page.show()
    page.log_contact(anne)
    page.card.log.unfold.setChecked(True)
    assert cut(page) == []
    page.card.edit_wanted.emit()
    assert cut(page) == []
    page.question.new_wanted.emit(
        "member.new", MemberDraft(first_name="Anne", family_name="Le Goff")
    )
    qtbot.waitUntil(page.form.similar.isVisible)
    assert cut(page) == []
    page.hide()


@pytest.mark.parametrize("code", ["en", "fr"])
def test_every_control_has_a_name(
    qtbot: QtBot, workspace: Workspace, anne: MemberId, code: str
) -> None:
    language.use(code)
    page = MembersPage(workspace)
    page.resize(1240, 800)
    qtbot.addWidget(page)
    page.show()
    page.log_contact(anne)
    page.card.log.unfold.setChecked(True)
    for tab in page.card.tabs.pages:
        page.card.tabs.go_to(tab)
        assert nameless(page) == []
    page.card.household.form.begin(anne)
    page.card.tabs.go_to(page.card.household)
    assert nameless(page) == []
    page.new()
    assert nameless(page) == []
    page.question.blank.click()
    assert nameless(page) == []
    page.hide()


def test_the_frame_of_the_focus_stands_beside_the_letters_of_the_card(
    qtbot: QtBot, page: MembersPage, anne: MemberId
) -> None:
    area = opened(qtbot, page, anne).card.area
    title = page.card.head.title

    left = title.mapTo(area, title.rect().topLeft()).x()

    assert left >= 4  # two pixels are the frame's, some air is between
