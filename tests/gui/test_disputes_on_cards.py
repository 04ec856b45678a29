"""A disagreement settled on the card of the member or the request it is about."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from sqlalchemy.orm import Session

from correspondent_desk import language
from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.fields import Kind
from correspondent_desk.domain.members import MemberId
from correspondent_desk.domain.requests import RequestDraft, RequestId
from correspondent_desk.gui.exchange import disputes
from correspondent_desk.gui.exchange.disputes_card import DisputesCard
from correspondent_desk.gui.exchange.on_card import DisputesOnCard
from correspondent_desk.gui.exchange.page import ExchangePage
from correspondent_desk.gui.members.page import MembersPage
from correspondent_desk.gui.page import Page, Target
from correspondent_desk.gui.requests.page import RequestsPage
from correspondent_desk.gui.tasks import Tasks
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.records import requests
from correspondent_desk.store import history
from correspondent_desk.store.database import Database
from correspondent_desk.store.identity import uid_of
from correspondent_desk.store.tables import Dependant, Document, Member, Request
from correspondent_desk.sync import exchange
from tests.builders import add_member
from tests.gui.a11y import in_words, nameless, same_letters
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
        self.qtbot.waitUntil(on_card.isVisible)
        assert on_card.card is not None
        return on_card.card


@pytest.fixture
def seat(qtbot: QtBot, town: Town) -> Iterator[Seat]:
    seat = Seat(qtbot, town)
    yield seat
    seat.workspace.close()


def member_of(desk: Database) -> Member:
    return desk.read(lambda s: s.query(Member).one())


def disputed_member(seat: Seat, **each: tuple[object, object]) -> int:
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

    qtbot.waitUntil(lambda: not page.card.disputes.isVisible())
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

    qtbot.waitUntil(lambda: card.title.text() == "To check (1)")
    assert card.here.value.text() not in ("", first)
    card.keep_there.click()
    qtbot.waitUntil(lambda: not page.card.disputes.isVisible())
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

    qtbot.waitUntil(lambda: not page.card.disputes.isVisible())
    found = seat.here.read(lambda s: s.query(Request).one())
    assert found.situation == "boiler broke\n\nowes two rents"
    qtbot.waitUntil(lambda: page.card.disagreements.text() == "")


def test_values_that_cannot_be_broken_go_under_one_another_in_a_small_window(
    qtbot: QtBot, seat: Seat
) -> None:
    anne = disputed_member(seat, birth_date=(date(1970, 1, 2), date(1970, 2, 1)))
    page = MembersPage(seat.workspace)
    seat.show(page, Target(page="members", id=anne))
    card = seat.settling(page.card.disputes)
    page.resize(1200, 800)
    qtbot.waitUntil(lambda: not card.values.is_stacked)

    page.resize(780, 700)  # of a window of 1000

    qtbot.waitUntil(lambda: card.values.is_stacked)
    assert cut(page) == []


def test_long_texts_go_under_one_another_to_be_read(qtbot: QtBot, seat: Seat) -> None:
    anne = disputed_member(seat, note=("third floor, no lift " * 8, "rings twice"))
    page = MembersPage(seat.workspace)
    seat.show(page, Target(page="members", id=anne))
    card = seat.settling(page.card.disputes)

    qtbot.waitUntil(lambda: card.values.is_stacked)

    assert cut(page) == []


@pytest.mark.parametrize("code", ["en", "fr"])
def test_each_answer_has_a_letter_of_its_own_on_the_card(seat: Seat, code: str) -> None:
    language.use(code)
    anne = disputed_member(seat, note=("third floor", "rings twice"))
    page = MembersPage(seat.workspace)
    seat.show(page, Target(page="members", id=anne))
    seat.settling(page.card.disputes)

    assert same_letters(in_words(page)) == []


def test_what_is_not_the_member_is_named_and_leads_to_its_card(qtbot: QtBot, seat: Seat) -> None:
    anne = add_member(seat.here, "Le Goff")
    request = seat.here.do(
        Action.REQUEST_CREATED,
        lambda s: history.create(s, Request, anne, member_id=anne, subject="winter help").id,
    ).result

    def of_anne(session: Session) -> None:
        history.create(session, Dependant, anne, member_id=anne, first_name="Malo")
        history.create(session, Document, anne, request_id=request, label="rent receipt")

    seat.here.do(Action.MEMBER_EDITED, of_anne)
    seat.town.round()
    seat.town.round()
    for desk, day in ((seat.there, date(2015, 1, 2)), (seat.here, date(2015, 2, 1))):
        write(desk, desk.read(lambda s: s.query(Dependant).one()), birth_date=day)
        write(desk, desk.read(lambda s: s.query(Document).one()), valid_until=day)
    seat.town.up(seat.there)
    seat.town.down(seat.here)

    found = seat.here.read(disputes.read(date(2026, 12, 3)))

    assert [(one.about, one.card) for one in found] == [
        ("Anne LE GOFF, Malo: birth date", (Kind.MEMBER, anne)),
        ("Anne LE GOFF, rent receipt: valid until", (Kind.REQUEST, request)),
    ]
    page = ExchangePage(seat.workspace)
    led: list[Target] = []
    page.wanted.connect(led.append)
    seat.show(page, Target(page="exchange"))
    qtbot.waitUntil(page.disputes.open_card.isVisible)
    page.disputes.open_card.click()
    assert led == [Target(page="members", id=anne)]
