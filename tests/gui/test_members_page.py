"""The page of members on a real desk: list, card, and where they lead."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from correspondent_desk import language
from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.contacts import ContactDraft, Way
from correspondent_desk.domain.meetings import MeetingStatus, Mode, SiteDraft
from correspondent_desk.domain.members import (
    DependantDraft,
    MemberDraft,
    MemberFilter,
    MemberId,
    SiteId,
)
from correspondent_desk.gui.frame import Frame
from correspondent_desk.gui.members.page import MembersPage
from correspondent_desk.gui.page import Found, Place, Target, Task
from correspondent_desk.gui.requests.page import RequestsPage
from correspondent_desk.gui.tasks import Job
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.records import contacts, meetings, members, office
from correspondent_desk.store.database import Database
from tests.gui.a11y import nameless
from tests.gui.hands import focused, press, type_here
from tests.gui.members_desk import CTRL, NOW, add, anne, listed, opened, page, workspace
from tests.gui.room import cut
from tests.records.acts import a_contact, a_meeting, at

__all__ = ["anne", "page", "workspace"]


def add_site(desk: Database, name: str) -> SiteId:
    """A site of the office."""
    draft = SiteDraft(name=name)
    return desk.do(Action.SITE_ADDED, lambda s: office.add_site(s, draft)).result


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
    assert head.reaching.text() == "Reach: 06\u00a012\u00a034\u00a056\u00a007 (le matin)"
    assert head.presence.text().startswith("Seen in person 3 months ago (12 August), drop-in")


def test_the_card_says_when_and_where_the_next_meeting_is(
    qtbot: QtBot, desk: Database, page: MembersPage, anne: MemberId
) -> None:
    library = add_site(desk, "Library")
    today = a_meeting(desk, anne, "2026-12-03 09:00", site_id=library)
    a_meeting(desk, anne, "2026-12-15 14:00", mode=Mode.HOME)
    soon = a_meeting(desk, anne, "2026-12-10 10:00", site_id=library, room="room B")

    card = opened(qtbot, page, anne).card

    # Of today's at nine it is half past already: only its outcome is missing.
    assert card.head.coming.text() == (
        "Next meeting: Thursday 10 December (in 7 days), 10:00, Library, room B"
    )
    assert [line.partition(", Meeting, ")[2] for line in card.timeline.lines()] == [
        "planned, Tuesday 15 December, 14:00, at home",
        "planned, Thursday 10 December, 10:00, Library, room B",
        "planned, Thursday 3 December, 09:00, Library",
    ]
    desk.do(Action.MEETING_CANCELLED, lambda s: meetings.cancel(s, soon))
    desk.do(Action.MEETING_CANCELLED, lambda s: meetings.cancel(s, today))
    other = add(desk, "Yves", "Roux")
    opened(qtbot, page, other)
    assert opened(qtbot, page, anne).card.head.coming.text() == (
        "Next meeting: Tuesday 15 December (in 12 days), 14:00, at home"
    )
    a_meeting(desk, other, "2026-12-03 09:00", site_id=library)
    assert opened(qtbot, page, other).card.head.coming.text() == (
        "Meeting today, 09:00, Library · outcome not noted yet"
    )


def test_a_relative_whom_a_colleague_changed_as_well_is_shown_beside_what_one_typed(
    qtbot: QtBot, page: MembersPage, anne: MemberId, desk: Database
) -> None:
    malo = DependantDraft(first_name="Malo")
    desk.do(Action.DEPENDANT_ADDED, lambda s: members.add_dependant(s, anne, malo))
    card = opened(qtbot, page, anne).card
    card.tabs.go_to(card.household)
    [row] = desk.read(lambda s: members.card(s, anne, NOW.date())).household
    form = card.household.form
    form.change(row)
    form.first_name.setText("Malou")
    theirs = replace(malo, first_name="Mael", family_name="Roux")
    desk.do(Action.DEPENDANT_EDITED, lambda s: members.save_dependant(s, row, theirs))

    form.save.click()
    qtbot.waitUntil(form.form.rows["first_name"].problem.isVisible)

    assert "“Mael”" in form.form.rows["first_name"].problem.text()
    form.save.click()
    qtbot.waitUntil(form.isHidden)
    [row] = desk.read(lambda s: members.card(s, anne, NOW.date())).household
    assert row.draft == replace(theirs, first_name="Malou")


def test_from_the_filter_one_key_leads_into_the_list(qtbot: QtBot, page: MembersPage) -> None:
    page.list.filter.setFocus()
    type_here("goff")
    press(Qt.Key.Key_Return)

    qtbot.waitUntil(page.list.table.hasFocus)
    assert "GOFF" in str(page.list.rows.data(page.list.rows.index(0, 0)))


def test_the_history_tells_of_contacts_and_meetings_also_of_removed_ones(
    qtbot: QtBot, page: MembersPage, anne: MemberId, desk: Database
) -> None:
    first = a_meeting(desk, anne, "2026-12-07 10:00")
    planned = desk.read(lambda s: meetings.row(s, first))
    later = replace(planned.draft, starts_at=at("2026-12-08 10:00"))
    desk.do(Action.MEETING_MOVED, lambda s: meetings.move(s, planned, later))
    contact = a_contact(desk, anne, "2026-11-12 10:00", Way.VISIT, note="Her card")
    draft = ContactDraft(member_id=anne, at=at("2026-11-12 10:00"), way=Way.PHONE)
    desk.do(
        Action.CONTACT_EDITED,
        lambda s: contacts.save(s, contact, contacts.draft_of(s, contact), draft),
    )
    meeting = a_meeting(desk, anne, "2026-12-10 10:00")
    excused = MeetingStatus.EXCUSED
    desk.do(Action.MEETING_CANCELLED, lambda s: meetings.cancel(s, meeting, excused, "Train"))
    desk.do(Action.CONTACT_REMOVED, lambda s: contacts.remove(s, contact))
    card = opened(qtbot, page, anne).card

    card.tabs.go_to(card.history)
    qtbot.waitUntil(lambda: len(card.history.texts()) == 9)

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
    [moved] = [one for one in told if "Tuesday 8 December" in one]
    assert moved.endswith("\nMoved from: on site, Monday 7 December 2026")


def test_the_history_names_what_an_undo_took_back_and_a_redo_did_again(
    qtbot: QtBot, page: MembersPage, anne: MemberId, desk: Database
) -> None:
    a_meeting(desk, anne, "2026-12-10 10:00")
    desk.undo()
    desk.redo()
    card = opened(qtbot, page, anne).card

    card.tabs.go_to(card.history)
    qtbot.waitUntil(lambda: len(card.history.texts()) == 4)

    heads = [text.split("\n")[0].partition(" · ")[2] for text in card.history.texts()]
    which = "(on site, Thursday 10 December 2026)"
    assert [head.partition(" · ")[2] for head in heads[:3]] == [
        f"Step done again “New meeting” {which}",
        f"Step taken back “New meeting” {which}",
        "New meeting",
    ]


def test_the_way_back_to_a_person_of_the_household_has_the_focus(
    qtbot: QtBot, page: MembersPage, anne: MemberId
) -> None:
    card = opened(qtbot, page, anne).card
    card.tabs.go_to(card.household)
    card.household.add.click()
    type_here("Malo")

    card.household.form.close_it.setFocus()
    press(Qt.Key.Key_Space)

    assert focused() is card.household.add
    assert card.household.add.text() == "A person is begun and not added yet: go on"


def test_the_household_and_its_history(
    qtbot: QtBot, workspace: Workspace, page: MembersPage, anne: MemberId
) -> None:
    card = opened(qtbot, page, anne).card
    card.tabs.go_to(card.household)
    card.household.add.click()
    type_here("Malo")
    card.household.form.birth_date.setFocus()
    type_here("1/9/2018")
    card.household.form.save.click()
    qtbot.waitUntil(lambda: card.member is not None and len(card.member.household) == 1)
    workspace.undo()

    card.tabs.go_to(card.history)

    qtbot.waitUntil(lambda: any("First name: Malo" in text for text in card.history.texts()))
    qtbot.waitUntil(lambda: any("household” (Malo)" in text for text in card.history.texts()))


def test_who_was_begun_in_a_household_is_led_back_to(
    qtbot: QtBot, page: MembersPage, anne: MemberId
) -> None:
    card = opened(qtbot, page, anne).card
    card.tabs.go_to(card.household)
    tab, form = card.household, card.household.form
    tab.add.click()
    type_here("Malo")
    assert tab.add.text() == "Add a person"

    form.close_it.click()
    assert tab.add.text() == "A person is begun and not added yet: go on"
    tab.add.click()
    assert form.first_name.text() == "Malo"
    form.save.click()

    qtbot.waitUntil(lambda: form.isHidden() and tab.add.text() == "Add a person")


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


def test_a_card_over_the_list_has_the_focus_of_the_page(
    qtbot: QtBot, page: MembersPage, anne: MemberId
) -> None:
    page.resize(700, 700)
    opened(qtbot, page, anne)
    assert not page.list.isVisible()

    page.take_focus()
    assert page.card.isAncestorOf(focused())

    page.new()
    page.question.blank.click()
    page.form.discard.click()
    assert focused().isVisible()


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
    assert focused() is people.card.log.fields.note
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
    page.card.log.fields.unfold.setChecked(True)
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
    page.card.log.fields.unfold.setChecked(True)
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
