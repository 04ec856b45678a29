"""The card of who has died: what is planned is asked about, the household stays reachable."""

from collections.abc import Iterator
from datetime import date, datetime

import pytest
from pytestqt.qtbot import QtBot

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.meetings import MeetingId, MeetingStatus
from correspondent_desk.domain.members import (
    Channel,
    DependantDraft,
    MemberId,
    MemberStatus,
    Phone,
    Relation,
)
from correspondent_desk.domain.requests import RequestId
from correspondent_desk.gui.members.page import MembersPage
from correspondent_desk.gui.page import Target
from correspondent_desk.gui.tasks import Tasks
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.records import meetings, members
from correspondent_desk.store.database import Database
from tests.builders import add_member
from tests.gui.day_desk import show
from tests.records.acts import a_meeting, a_member, a_request, held, request_row

NOW = datetime(2026, 12, 3, 9, 30).astimezone()


class Anne:
    """Somebody with a household, a meeting to come and a request with a next step."""

    def __init__(self, desk: Database) -> None:
        self.desk = desk
        self.id = a_member(
            desk, birth_date=date(1971, 3, 12), phones=(Phone(number="+33612345607"),)
        )
        widower = DependantDraft(relation=Relation.SPOUSE, first_name="Yann", family_name="Le Goff")
        desk.do(Action.DEPENDANT_ADDED, lambda s: members.add_dependant(s, self.id, widower))
        self.meeting: MeetingId = a_meeting(desk, self.id, "2026-12-10 10:00")
        self.request: RequestId = a_request(desk, self.id, next_what="Call back")

    def status_of_meeting(self) -> MeetingStatus:
        return self.desk.read(lambda s: meetings.row(s, self.meeting)).status

    def step(self) -> str:
        return request_row(self.desk, self.request).next_what


@pytest.fixture
def anne(desk: Database) -> Anne:
    return Anne(desk)


@pytest.fixture
def page(qtbot: QtBot, desk: Database, tasks: Tasks, anne: Anne) -> Iterator[MembersPage]:
    workspace = Workspace(desk, tasks, clock=lambda: NOW)
    page = MembersPage(workspace)
    show(qtbot, page, workspace)
    shown(qtbot, page, anne.id)
    yield page
    page.hide()


def shown(qtbot: QtBot, page: MembersPage, member: MemberId) -> None:
    page.open(Target(page="members", id=member))
    qtbot.waitUntil(lambda: page.card.shows(member))


def say_that_she_died(page: MembersPage) -> None:
    page.card.edit_wanted.emit()
    page.form.fields.status.set_value(MemberStatus.DECEASED)


def died(qtbot: QtBot, page: MembersPage) -> None:
    """Said and saved, and what is planned left as it is."""
    say_that_she_died(page)
    for tick, _meeting, _request in page.form.plans.ticks:
        tick.setChecked(False)
    page.form.save.click()
    qtbot.waitUntil(lambda: page.right.currentWidget() is page.card)
    qtbot.waitUntil(page.card.head.meet.isHidden)


def test_what_is_planned_is_asked_about_and_cancelled_in_the_same_step(
    qtbot: QtBot, page: MembersPage, anne: Anne, desk: Database
) -> None:
    say_that_she_died(page)
    plans = page.form.plans

    page.form.save.click()  # first she is shown what is planned

    assert [tick.text() for tick, *_ids in plans.ticks] == [
        "Meeting: Thursday 10 December, 10:00",
        "Next step of a request",
    ]
    assert [tick.isChecked() for tick, *_ids in plans.ticks] == [True, False]
    assert plans.ticks[0][0].hasFocus()
    assert anne.status_of_meeting() is MeetingStatus.PLANNED

    plans.ticks[1][0].setChecked(True)
    page.form.save.click()
    qtbot.waitUntil(lambda: anne.status_of_meeting() is MeetingStatus.CANCELLED)
    assert anne.step() == ""
    desk.undo()
    assert (anne.status_of_meeting(), anne.step()) == (MeetingStatus.PLANNED, "Call back")


def test_a_meeting_that_took_place_meanwhile_is_not_cancelled(
    qtbot: QtBot, page: MembersPage, anne: Anne, desk: Database
) -> None:
    say_that_she_died(page)
    plans = page.form.plans
    page.form.save.click()
    assert plans.how.text() == "Nothing is saved yet: look at these, then save again."
    held(desk, anne.meeting)

    page.form.save.click()  # now there is less to be asked about
    assert [tick.text() for tick, *_ids in plans.ticks] == ["Next step of a request"]
    qtbot.waitUntil(plans.ticks[0][0].hasFocus)
    page.form.save.click()
    qtbot.waitUntil(lambda: page.right.currentWidget() is page.card)

    assert anne.status_of_meeting() is MeetingStatus.SEEN


def test_nothing_is_asked_of_who_lives_or_has_no_plans(
    qtbot: QtBot, page: MembersPage, desk: Database
) -> None:
    say_that_she_died(page)
    page.form.fields.status.set_value(MemberStatus.RETIRED)
    assert page.form.plans.isHidden()

    other = MemberId(add_member(desk, "Petit"))
    shown(qtbot, page, other)
    say_that_she_died(page)
    assert page.form.plans.isHidden()
    page.form.save.click()
    qtbot.waitUntil(lambda: page.right.currentWidget() is page.card)


def test_the_card_offers_no_meeting_first_and_the_household_stays_reachable(
    qtbot: QtBot, page: MembersPage
) -> None:
    head = page.card.head
    assert head.first_action is head.meet
    assert head.situation.text().startswith("55 years")

    died(qtbot, page)

    assert head.situation.text() == "deceased"
    assert head.first_action is head.log
    assert head.log.is_main
    assert head.meet.isHidden()
    assert head.meet_household.isVisible()
    assert head.reaching.text() == (
        "Household: Yann Le Goff, spouse · to reach the household perhaps:"
        " 06\u00a012\u00a034\u00a056\u00a007"  # in one line
    )
    page.card.tabs.go_to(page.card.details)
    assert "years" not in "".join(
        label.text() for label in page.card.details.findChildren(type(head.title))
    )


def test_what_stayed_planned_stands_on_the_card_and_can_be_cancelled_there(
    qtbot: QtBot, page: MembersPage, anne: Anne
) -> None:
    died(qtbot, page)
    notice = page.card.plans
    qtbot.waitUntil(notice.isVisible)
    assert anne.status_of_meeting() is MeetingStatus.PLANNED

    notice.take_back.click()

    qtbot.waitUntil(lambda: anne.status_of_meeting() is MeetingStatus.CANCELLED)
    qtbot.waitUntil(lambda: len(notice.ticks) == 1)  # the step is still owed
    assert anne.step() == "Call back"


def test_before_a_call_one_is_told(qtbot: QtBot, page: MembersPage, desk: Database) -> None:
    log = page.card.log
    page.card.begin_contact()
    assert log.caution.isHidden()
    died(qtbot, page)
    qtbot.waitUntil(log.caution.isVisible)  # also in a form that stands open
    page.card.put_log_away()
    page.card.begin_contact()
    assert "Note what is said with the household." in log.caution.text()

    alone = a_member(desk, "Petit", preferred_channel=Channel.NONE)
    shown(qtbot, page, alone)
    page.card.begin_contact()
    assert log.caution.text().endswith("Anne PETIT wishes no contact.")
    assert page.card.head.first_action is page.card.head.log
