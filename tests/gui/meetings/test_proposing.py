"""What the form proposes for a meeting: reason, length, site, what to bring."""

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from correspondent_desk.domain.contacts import Way
from correspondent_desk.domain.meetings import Mode, SessionDraft, SiteDraft
from correspondent_desk.domain.members import MemberId, SiteId
from correspondent_desk.domain.planning import FreeSlot
from correspondent_desk.domain.requests import DocumentDraft
from correspondent_desk.domain.states import DocumentState
from correspondent_desk.gui.meetings.page import MeetingsPage
from correspondent_desk.gui.widgets.person_field import PersonField
from correspondent_desk.records import meetings, office
from correspondent_desk.store.changes import Changed
from correspondent_desk.store.database import Database
from tests.builders import add_member
from tests.gui.day_desk import FRIDAY, add_request, at, do, settled
from tests.records.acts import a_contact


def test_the_likely_reason_is_no_first_meeting_for_who_was_seen(
    page: MeetingsPage, desk: Database, anne: MemberId
) -> None:
    zoe = MemberId(add_member(desk, "Le Bihan"))
    a_contact(desk, zoe, "2026-06-01 10:00", Way.VISIT)
    fields = page.form.fields

    page.new(anne)
    assert (fields.reason.value(), fields.minutes.value()) == ("first", 45)
    assert fields.bring.toPlainText()
    page.new(zoe)
    assert (fields.reason.value(), fields.minutes.value()) == ("file", 30)

    page.new()
    fields.person.set_member(zoe)
    fields.person.chosen.emit(zoe)
    assert fields.reason.value() == "file"


def test_a_reason_that_was_chosen_stays_with_another_person(
    page: MeetingsPage, desk: Database, anne: MemberId
) -> None:
    a_contact(desk, anne, "2026-06-01 10:00", Way.VISIT)
    page.new()
    fields = page.form.fields
    fields.reason.set_value("rights")
    fields.reason.chosen.emit("rights")

    fields.person.set_member(anne)
    fields.person.chosen.emit(anne)

    assert fields.reason.value() == "rights"


def test_a_reason_fills_length_and_what_to_bring(page: MeetingsPage, anne: MemberId) -> None:
    page.new(anne)
    fields = page.form.fields

    fields.reason.set_value("hand-over")
    fields.reason.chosen.emit("hand-over")

    assert (fields.minutes.value(), fields.bring.toPlainText()) == (10, "Proof of identity")


def test_another_reason_leaves_what_was_typed_to_bring(page: MeetingsPage, anne: MemberId) -> None:
    page.new(anne)
    fields = page.form.fields
    fields.bring.setPlainText("la lettre du bailleur")

    for code in ("hand-over", "file"):
        fields.reason.set_value(code)
        fields.reason.chosen.emit(code)

    assert fields.bring.toPlainText() == "la lettre du bailleur"


@pytest.fixture
def workshop(desk: Database, site: SiteId) -> SiteId:
    assert site
    return do(desk, lambda s: office.add_site(s, SiteDraft(name="Workshop", room="canteen")))


def test_the_site_proposed_is_the_persons_own(
    qtbot: QtBot, page: MeetingsPage, desk: Database, workshop: SiteId, anne: MemberId
) -> None:
    zoe = MemberId(add_member(desk, "Le Bihan", site_id=workshop))
    page.refresh(Changed({}))
    qtbot.waitUntil(lambda: len(page.views.sites()) == 2)
    fields = page.form.fields
    page.new(zoe)
    assert (fields.site.value(), fields.room.text()) == (workshop, "canteen")

    page.new()
    assert fields.room.text() == "room B"
    choose(fields.person, zoe)
    assert (fields.site.value(), fields.room.text()) == (workshop, "canteen")
    choose(fields.person, anne)
    assert fields.room.text() == "room B"


def test_a_site_chosen_by_hand_stays_for_whoever_comes(
    qtbot: QtBot, page: MeetingsPage, desk: Database, site: SiteId, workshop: SiteId
) -> None:
    zoe = MemberId(add_member(desk, "Le Bihan", site_id=workshop))
    page.refresh(Changed({}))
    qtbot.waitUntil(lambda: len(page.views.sites()) == 2)
    fields = page.form.fields
    page.new()
    fields.site.chosen.emit(site)
    choose(fields.person, zoe)
    assert fields.site.value() == site

    page.form.discard.click()
    page.toolbar.site_field.set_value(site)
    page.new(zoe)
    assert fields.site.value() == site


def choose(field: PersonField, member: MemberId) -> None:
    """As a person does who finds somebody by name."""
    field.set_member(member)
    field.chosen.emit(member)


def test_what_the_request_lacks_is_to_be_brought_first(
    page: MeetingsPage, desk: Database, anne: MemberId
) -> None:
    lacking = DocumentDraft(label="Family book")
    there = DocumentDraft(label="Pay slip", state=DocumentState.SEEN)
    request = add_request(desk, anne, documents=[lacking, there])
    fields = page.form.fields

    page.new(anne)
    assert fields.request.value() == request
    first, *others = fields.bring.toPlainText().splitlines()
    assert first == "Family book"
    assert others
    assert "Pay slip" not in others

    fields.reason.set_value("file")
    fields.reason.chosen.emit("file")
    assert fields.bring.toPlainText().startswith("Family book\n")
    fields.request.set_value(None)
    fields.request.chosen.emit(None)
    assert "Family book" not in fields.bring.toPlainText()

    fields.bring.setPlainText("only this")
    fields.request.set_value(request)
    fields.request.chosen.emit(request)
    assert fields.bring.toPlainText() == "only this"


def test_the_papers_of_a_confidential_request_are_not_named(
    page: MeetingsPage, desk: Database, anne: MemberId
) -> None:
    add_request(
        desk, anne, is_sensitive=True, documents=[DocumentDraft(label="Medical certificate")]
    )
    page.new(anne)

    assert "Medical" not in page.form.fields.bring.toPlainText()


def test_a_slot_of_a_drop_in_session_stays_where_it_is_held(
    qtbot: QtBot, page: MeetingsPage, desk: Database, workshop: SiteId, site: SiteId
) -> None:
    zoe = MemberId(add_member(desk, "Le Bihan", site_id=workshop))
    page.refresh(Changed({}))
    qtbot.waitUntil(lambda: len(page.views.sites()) == 2 and bool(page.grid.days.sessions))
    fields = page.form.fields

    page.grid.slot_wanted.emit(at(14, 30))  # in the town hall
    choose(fields.person, zoe)
    settled(qtbot, page)
    assert (fields.site.value(), fields.room.text()) == (site, "room B")
    assert page.form.warnings.isHidden()

    page.form.discard.click()
    page.new(zoe)
    assert fields.site.value() == workshop
    page.grid.slot_wanted.emit(at(15))
    assert (fields.site.value(), fields.room.text()) == (site, "room B")
    settled(qtbot, page)
    assert page.form.warnings.isHidden()


def test_a_room_that_was_typed_stays_with_a_free_time_of_its_site(
    qtbot: QtBot, page: MeetingsPage, workshop: SiteId, site: SiteId, anne: MemberId
) -> None:
    page.refresh(Changed({}))
    qtbot.waitUntil(lambda: len(page.views.sites()) == 2)
    page.new(anne)
    fields, take = page.form.fields, page.form.free.chosen.emit
    here = FreeSlot(site_id=site, site="Town hall", starts_at=at(10))
    there = FreeSlot(site_id=workshop, site="Workshop", starts_at=at(10))

    take(replace(here, room="hall"))
    assert fields.room.text() == "hall"
    take(here)
    assert fields.room.text() == "room B", "that of the site: the hall came with the other time"

    fields.room.setText("room 12")
    take(here)
    assert fields.room.text() == "room 12"

    take(there)
    assert (fields.site.value(), fields.room.text()) == (workshop, "canteen")


def test_a_free_time_that_is_taken_meets_with_no_warning(
    qtbot: QtBot, page: MeetingsPage, desk: Database, workshop: SiteId
) -> None:
    do(
        desk,
        lambda s: meetings.add_session(
            s, SessionDraft(site_id=workshop, starts_at=at(8, 30, FRIDAY))
        ),
    )
    zoe = add_member(desk, "Le Bihan")
    page.new(zoe)
    fields = page.form.fields
    fields.mode.set_value(Mode.PHONE)
    settled(qtbot, page)
    assert page.form.free.buttons[0].text() == "Thursday 26 November, 10:30"

    fields.date.setText("27/11/2026")
    settled(qtbot, page)
    page.form.free.buttons[0].click()
    settled(qtbot, page)

    assert fields.draft().starts_at == at(10, 30, FRIDAY)  # not in the session of the workshop
    assert page.form.warnings.isHidden()
    assert page.grid.cursor_at == at(10, 30, FRIDAY)


def test_the_mark_in_the_calendar_follows_the_hour_that_is_typed(
    page: MeetingsPage, anne: MemberId
) -> None:
    page.new(anne)
    page.form.set_time(at(9, day=FRIDAY))
    page.form.fields.time.setText("16:45")
    assert page.grid.cursor_at == at(16, 30, FRIDAY)

    page.form.fields.time.setText("3:00")  # the calendar begins later
    assert page.grid.cursor_at == at(16, 30, FRIDAY)
