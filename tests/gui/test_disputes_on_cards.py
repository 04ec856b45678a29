"""A disagreement settled on the card of the member or the request it is about."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.members import MemberId
from correspondent_desk.domain.requests import RequestDraft, RequestId
from correspondent_desk.gui.exchange.disputes_card import DisputesCard
from correspondent_desk.gui.exchange.on_card import DisputesOnCard
from correspondent_desk.gui.members.page import MembersPage
from correspondent_desk.gui.page import Page, Target
from correspondent_desk.gui.requests.page import RequestsPage
from correspondent_desk.gui.tasks import Tasks
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.records import requests
from correspondent_desk.store.database import Database
from correspondent_desk.store.identity import uid_of
from correspondent_desk.store.tables import Member, Request
from correspondent_desk.sync import exchange
from tests.builders import add_member
from tests.gui.a11y import nameless
from tests.gui.hands import press, type_here
from tests.gui.room import cut
from tests.sync.desks import Town, contents, write


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    town = Town(tmp_path)
    yield town
    town.close()


class Seat:
    """A desk whose exchanges come over it while a page is open."""

    def __init__(self, qtbot: QtBot, town: Town) -> None:
        self.qtbot, self.town = qtbot, town
        self.here, self.there = town.desk("Yann"), town.desk("Rozenn")
        self.tasks = Tasks()
        self.workspace = Workspace(self.here, self.tasks)

    def show(self, page: Page, target: Target) -> None:
        self.workspace.changed.connect(page.refresh)
        self.qtbot.addWidget(page)
        page.resize(1240, 800)
        page.show()
        page.activateWindow()
        page.open(target)

    def settling(self, on_card: DisputesOnCard) -> DisputesCard:
        """The card's part that settles, in view."""
        self.qtbot.waitUntil(on_card.isVisible, timeout=9000)
        assert on_card.card is not None
        return on_card.card


@pytest.fixture
def seat(qtbot: QtBot, town: Town) -> Iterator[Seat]:
    seat = Seat(qtbot, town)
    yield seat
    seat.workspace.close()


def member_of(desk: Database) -> Member:
    return desk.read(lambda s: s.query(Member).one())


def disputed_member(seat: Seat, **each: tuple[str, str]) -> int:
    """Anne, with fields that the two desks wrote at once: there, then here."""
    anne = add_member(seat.here, "Le Goff", note="by the church")
    seat.town.round()
    seat.town.round()
    write(seat.there, member_of(seat.there), **{name: values[0] for name, values in each.items()})
    write(seat.here, member_of(seat.here), **{name: values[1] for name, values in each.items()})
    seat.town.up(seat.there)
    seat.town.down(seat.here)
    return anne


def test_both_texts_are_kept_one_under_the_other_on_the_members_card(
    qtbot: QtBot, seat: Seat
) -> None:
    anne = disputed_member(seat, note=("third floor", "rings twice"))
    page = MembersPage(seat.workspace)
    seat.show(page, Target(page="members", id=anne))
    card = seat.settling(page.card.disputes)
    assert card.title.text() == "To check (1)"
    assert card.here.value.text() == "rings twice"
    assert card.there.value.text() == "third floor"
    assert card.keep_both.isVisible()
    assert not card.open_card.isVisible()
    assert nameless(page) == []
    assert cut(page) == []

    card.keep_both.setFocus()
    press(Qt.Key.Key_Space)

    qtbot.waitUntil(lambda: not page.card.disputes.isVisible(), timeout=9000)
    qtbot.waitUntil(page.card.head.meet.hasFocus)
    assert page.card.head.disagreements.text() == ""
    seat.town.round()
    assert seat.there.read(exchange.disagreements) == []
    assert member_of(seat.there).note == "rings twice\n\nthird floor"
    assert contents(seat.here) == contents(seat.there)


def test_one_after_the_other_and_what_is_typed_waits_on_its_own_card(
    qtbot: QtBot, seat: Seat
) -> None:
    anne = disputed_member(
        seat, employer=("Ville", "Mairie"), family_name=("Kervélec", "Le Goff-Roux")
    )
    other = add_member(seat.here, "Petit")
    page = MembersPage(seat.workspace)
    seat.show(page, Target(page="members", id=anne))
    card = seat.settling(page.card.disputes)
    assert card.title.text() == "To check (2)"
    first = card.here.value.text()
    card.write.click()
    card.text.selectAll()
    type_here("as on the payslip")

    page.open(Target(page="members", id=other))
    qtbot.waitUntil(lambda: page.card.shows(other))
    assert not page.card.disputes.isVisible()
    page.open(Target(page="members", id=anne))
    qtbot.waitUntil(card.writing.isVisible)
    assert card.text.toPlainText() == "as on the payslip"
    card.save.click()

    qtbot.waitUntil(lambda: card.title.text() == "To check (1)", timeout=9000)
    assert card.here.value.text() not in ("", first)
    card.keep_there.click()
    qtbot.waitUntil(lambda: not page.card.disputes.isVisible(), timeout=9000)
    now = seat.here.read(lambda s: s.get_one(Member, anne))
    assert "as on the payslip" in (now.employer, now.family_name)
    assert {now.employer, now.family_name} & {"Ville", "Kervélec"}


def test_a_request_is_settled_on_its_card(qtbot: QtBot, seat: Seat) -> None:
    anne = add_member(seat.here, "Le Goff")
    draft = RequestDraft(
        member_id=MemberId(anne), subject="winter help", last_useful_on=date(2026, 12, 15)
    )
    now = seat.town.clock.at.astimezone()
    made: RequestId = seat.here.do(
        Action.REQUEST_CREATED,
        lambda s: requests.create(s, draft, [], now),
    ).result
    seat.town.round()
    seat.town.round()
    uid = seat.here.read(lambda s: uid_of(s, made))
    there = seat.there.read(lambda s: s.query(Request).one())
    assert seat.there.read(lambda s: uid_of(s, there.id)) == uid
    write(seat.there, there, situation="owes two rents")
    write(seat.here, seat.here.read(lambda s: s.query(Request).one()), situation="boiler broke")
    seat.town.up(seat.there)
    seat.town.down(seat.here)
    page = RequestsPage(seat.workspace)
    seat.show(page, Target(page="requests", id=made))
    card = seat.settling(page.card.disputes)
    assert nameless(page) == []
    assert cut(page) == []

    card.keep_both.click()

    qtbot.waitUntil(lambda: not page.card.disputes.isVisible(), timeout=9000)
    found = seat.here.read(lambda s: s.query(Request).one())
    assert found.situation == "boiler broke\n\nowes two rents"
    qtbot.waitUntil(lambda: page.card.disagreements.text() == "")
