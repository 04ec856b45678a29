"""A request or a meeting is being typed about somebody who is removed or erased elsewhere."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.meetings import Mode
from correspondent_desk.gui.meetings.page import MeetingsPage
from correspondent_desk.gui.page import Target
from correspondent_desk.gui.requests.page import RequestsPage
from correspondent_desk.gui.tasks import Tasks
from correspondent_desk.records import requests
from correspondent_desk.store.tables import Meeting, Request
from tests.builders import add_member
from tests.gui.two_desks import Two
from tests.records.acts import a_meeting, a_request, at, card, edit

HELD = "Anne QUEMENEUR was removed meanwhile. What you are typing stays open: saving it brings them back."


@pytest.fixture
def asking(tmp_path: Path, tasks: Tasks, qtbot: QtBot) -> Iterator[Two[RequestsPage]]:
    made = Two(tmp_path, tasks, qtbot, RequestsPage)
    yield made
    made.close()


@pytest.fixture
def meeting(tmp_path: Path, tasks: Tasks, qtbot: QtBot) -> Iterator[Two[MeetingsPage]]:
    made = Two(tmp_path, tasks, qtbot, MeetingsPage)
    yield made
    made.close()


def test_a_new_request_stays_open_and_brings_them_back(asking: Two[RequestsPage]) -> None:
    page = asking.page
    page.new(asking.anne)
    page.form.subject.setText("School start")
    asking.remove_there()

    asking.exchange_here()

    assert asking.said == [HELD]
    assert page.right.currentWidget() is page.form
    page.form.save.click()
    asking.qtbot.waitUntil(asking.is_listed)
    assert asking.here.read(lambda s: s.query(Request.subject).one()) == ("School start",)


def test_a_request_that_is_being_changed_comes_back_with_who_asked_for_it(
    asking: Two[RequestsPage],
) -> None:
    request = a_request(asking.here, asking.anne, now=datetime.now().astimezone())
    asking.town.round()
    card = asking.here.read(lambda s: requests.card(s, request))
    asking.page.form.begin_edit(card)
    asking.page.right.setCurrentWidget(asking.page.form)
    asking.page.form.subject.setText("Holidays")
    asking.remove_there()

    asking.exchange_here()
    asking.page.form.save.click()

    asking.qtbot.waitUntil(asking.is_listed)
    assert asking.here.read(lambda s: requests.card(s, request)).draft.subject == "Holidays"


def test_a_request_one_only_looks_at_is_told_to_be_gone(asking: Two[RequestsPage]) -> None:
    request = a_request(asking.here, asking.anne, now=datetime.now().astimezone())
    asking.town.round()
    page = asking.page
    page.open(Target(page="requests", id=request))
    asking.qtbot.waitUntil(lambda: page.request_in_view() == request)
    asking.remove_there()

    asking.exchange_here()
    asking.qtbot.waitUntil(lambda: asking.said == ["This request was removed meanwhile."])

    assert not page.split.is_card_open


def test_a_form_in_which_nothing_was_typed_closes(asking: Two[RequestsPage]) -> None:
    asking.page.new(asking.anne)
    asking.remove_there()

    asking.exchange_here()

    assert asking.said == ["Anne QUEMENEUR was removed meanwhile."]
    assert asking.page.right.currentWidget() is asking.page.card


def test_what_was_typed_about_who_was_erased_goes(asking: Two[RequestsPage]) -> None:
    asking.page.new(asking.anne)
    asking.page.form.subject.setText("School start")
    asking.erase_there()

    asking.exchange_here()

    assert asking.said == ["This person was erased for good, with what was being typed about them."]
    assert asking.page.right.currentWidget() is asking.page.card
    asking.page.leave()
    asking.qtbot.waitUntil(lambda: not asking.workspace.is_busy)
    assert asking.here.drafts.everything() == []


def test_an_older_step_is_not_said_to_be_saved_when_somebody_is_erased(
    asking: Two[RequestsPage],
) -> None:
    add_member(asking.here, "Petit")
    edit(asking.here, card(asking.here, asking.anne), service="Voirie")
    asking.town.round()
    told: list[object] = []
    asking.workspace.happened.connect(told.append)
    asking.erase_there()

    asking.exchange_here()

    assert told == []
    left = asking.here.next_undo()
    assert left is not None
    assert left.code == Action.MEMBER_CREATED


def test_a_new_meeting_stays_open_and_brings_them_back(meeting: Two[MeetingsPage]) -> None:
    form = meeting.page.form
    meeting.page.new(meeting.anne)
    form.fields.mode.set_value(Mode.PHONE)
    form.set_time(at("2027-01-12 10:00"))
    meeting.remove_there()

    meeting.exchange_here()

    assert meeting.said == [HELD]
    meeting.qtbot.waitUntil(lambda: form.advising.is_done)
    form.warnings.is_kept = True
    form.save.click()
    meeting.qtbot.waitUntil(meeting.is_listed)
    assert meeting.here.read(lambda s: s.query(Meeting.removed_at).one()) == (None,)


def test_a_meeting_that_is_being_moved_comes_back_and_an_erased_one_closes(
    meeting: Two[MeetingsPage],
) -> None:
    page, form = meeting.page, meeting.page.form
    planned = a_meeting(meeting.here, meeting.anne, "2027-01-12 10:00", mode=Mode.PHONE)
    meeting.town.round()
    page.open(Target(page="meetings", id=planned))
    page.card.change.click()
    form.set_time(at("2027-01-13 10:00"))
    meeting.remove_there()
    meeting.exchange_here()
    assert page.sides.side is form
    form.warnings.is_kept = True
    form.save.click()
    meeting.qtbot.waitUntil(lambda: meeting.said[-1].startswith("Planned: "))
    meeting.town.round()

    page.new(meeting.anne)
    meeting.erase_there()
    meeting.exchange_here()

    assert meeting.said[-1] == "This person was erased for good."
    assert page.sides.side is not form
