"""What an exchange brought is settled, taken back, or comes back: on the page, with a real hub."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeVar

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from correspondent_desk import language
from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.members import MemberId
from correspondent_desk.errors import DeskError
from correspondent_desk.gui.exchange import disputes
from correspondent_desk.gui.exchange.page import ExchangePage
from correspondent_desk.gui.page import Target
from correspondent_desk.gui.tasks import Job
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.hub import erasing
from correspondent_desk.records import erasures
from correspondent_desk.store.database import Database
from correspondent_desk.store.tables import Member
from correspondent_desk.sync import exchange
from tests.gui.a11y import heard, in_words, nameless, same_letters
from tests.gui.exchange_desk import Seat, seat, settle_in, town, words_of
from tests.gui.hands import press, type_here
from tests.gui.meanwhile import LateTasks, at_rest, busy
from tests.sync.desks import Town, write

__all__ = ["seat", "town"]

T = TypeVar("T")


class FirstLate(LateTasks):
    """Holds back one answer: of what is asked first."""

    def read(
        self,
        work: Callable[[], T],
        then: Callable[[T], object] | None = None,
        failed: Callable[[DeskError], object] | None = None,
    ) -> Job[T]:
        job = super().read(work, then, failed)
        self.is_holding = False
        return job


@pytest.fixture
def late(qapp: QApplication) -> Iterator[FirstLate]:  # noqa: ARG001 - Qt delivers through it
    tasks = FirstLate()
    yield tasks
    tasks.may_come.set()
    tasks.close()


class Listener(QObject):
    told = Signal(object)

    def hear(self, answer: object) -> None:
        self.told.emit(answer)


def disputed(qtbot: QtBot, seat: Seat, town: Town) -> Database:
    other = settle_in(seat, town)
    town.down(seat.desk)
    seat.page.show_status()
    qtbot.waitUntil(seat.page.disputes.isVisible)
    return other


def test_a_disagreement_is_settled_by_one_key_and_closes_elsewhere(
    qtbot: QtBot, seat: Seat, town: Town
) -> None:
    other = disputed(qtbot, seat, town)
    card = seat.page.disputes
    assert card.title.text() == "To check (1)"
    assert card.before.value.text() == "Le Goff"
    assert card.here.value.text() == "Le Goff-Roux"
    assert card.there.value.text() == "Kervélec"
    assert "Rozenn" in card.there.who.text()
    assert nameless(seat.page) == []

    card.keep_there.setFocus()
    press(Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: not card.isVisible())

    town.up(seat.desk)
    town.down(other)
    assert other.read(exchange.disagreements) == []
    assert other.read(lambda s: s.query(Member).one().family_name) == "Kervélec"
    assert seat.desk.read(lambda s: s.query(Member).one().family_name) == "Kervélec"


def test_what_the_answers_are_about_is_said_on_each_and_of_the_next_at_once(
    seat: Seat, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = seat.page.disputes
    first = disputes.Dispute(
        id="1",
        card=None,
        about="Anne LE GOFF: town",
        before="Rennes",
        here=disputes.Side(value="Brest", who="Paul, today"),
        there=(disputes.Side(value="Quimper", who="Rozenn, yesterday"),),
        is_soft=False,
        may_keep_both=False,
        can_be_written=False,
        text="",
    )
    card.show_disputes([first])
    told = "Before: Rennes. Here: Brest, Paul, today. There: Quimper, Rozenn, yesterday"
    assert card.keep_here.accessibleDescription() == f"Anne LE GOFF: town. {told}"
    card.keep_here.setFocus()
    said = heard(monkeypatch)

    card.show_disputes([replace(first, id="2", about="Yann PETIT: town")])

    assert said == [f"Yann PETIT: town. {told}"]


def led_to_it(qtbot: QtBot, workspace: Workspace) -> ExchangePage:
    """A new page, in a low window, at what is to be settled."""
    page = ExchangePage(workspace)
    page.resize(900, 300)
    qtbot.addWidget(page)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.open(Target(page="exchange", part="disputes"))
    return page


@pytest.mark.parametrize("spoken", language.LANGUAGES)
def test_who_is_led_to_what_is_to_be_settled_finds_it_in_view_once_it_is_read(
    qtbot: QtBot, seat: Seat, town: Town, spoken: str
) -> None:
    language.use(spoken)
    disputed(qtbot, seat, town)

    page = led_to_it(qtbot, seat.workspace)

    keep = page.disputes.keep_here
    qtbot.waitUntil(lambda: keep.hasFocus() and keep.visibleRegion().boundingRect() == keep.rect())
    page.disputes.write.click()
    save = page.disputes.save
    qtbot.waitUntil(lambda: save.visibleRegion().boundingRect() == save.rect())
    assert same_letters(in_words(page)) == []


def test_where_the_exchange_stands_pushes_nobody_away_from_what_is_to_be_settled(
    qtbot: QtBot, seat: Seat, town: Town, late: FirstLate
) -> None:
    disputed(qtbot, seat, town)
    workspace = Workspace(seat.desk, late)
    late.is_holding = True
    page = led_to_it(qtbot, workspace)
    qtbot.waitUntil(lambda: late.held_back == 1)
    others = Listener()
    with qtbot.waitSignal(others.told):
        late.read(lambda: 1, others.hear)
    qtbot.wait(500)  # whoever was led there would be there by now

    late.may_come.set()
    at_rest(qtbot, workspace)
    for _ in range(3):  # all of it is laid out
        QApplication.processEvents()

    keep = page.disputes.keep_here
    assert page.trail.isVisible()
    assert keep.hasFocus()
    qtbot.waitUntil(lambda: keep.visibleRegion().boundingRect() == keep.rect())


def test_something_else_can_be_written_and_typing_survives_a_lock(
    qtbot: QtBot, seat: Seat, town: Town
) -> None:
    disputed(qtbot, seat, town)
    card = seat.page.disputes
    card.write.click()
    card.text.selectAll()
    type_here("Le Goff-Kervélec")

    seat.page.leave()
    again = ExchangePage(seat.workspace)
    qtbot.addWidget(again)
    again.show()
    qtbot.waitUntil(again.disputes.writing.isVisible)
    assert again.disputes.text.toPlainText() == "Le Goff-Kervélec"
    again.activateWindow()
    qtbot.waitUntil(again.isActiveWindow)
    again.disputes.text.setFocus()
    press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    qtbot.waitUntil(lambda: not again.disputes.isVisible())
    assert seat.desk.read(lambda s: s.query(Member).one().family_name) == "Le Goff-Kervélec"
    assert seat.desk.read(exchange.disagreements) == []


def test_what_is_typed_of_the_next_one_stays_when_the_last_one_is_settled(
    qtbot: QtBot, seat: Seat, town: Town
) -> None:
    disputed(qtbot, seat, town)
    card, today = seat.page.disputes, seat.workspace.today()
    [last] = seat.desk.read(disputes.read(today))
    card.show_disputes([last, replace(last, id="next")])

    with busy(seat.workspace):
        card.keep_there.click()
        card.later.click()
        card.write.click()
        card.text.setPlainText("Le Goff-Kervélec")
        card.keep()
    qtbot.waitUntil(lambda: not seat.workspace.is_busy)

    assert seat.workspace.drafts.keys("settle.") == ["settle.next"]


@pytest.mark.parametrize("goes_on", [True, False])
def test_nothing_is_kept_of_what_is_typed_of_one_that_is_settled(
    qtbot: QtBot, seat: Seat, town: Town, *, goes_on: bool
) -> None:
    disputed(qtbot, seat, town)
    card, today = seat.page.disputes, seat.workspace.today()
    [last] = seat.desk.read(disputes.read(today))
    card.show_disputes([last, replace(last, id="next")])

    with busy(seat.workspace):
        card.keep_there.click()
        card.write.click()
        card.text.setPlainText("Le Goff-Kervélec")
        if goes_on:
            card.later.click()
    qtbot.waitUntil(lambda: not seat.workspace.is_busy)

    assert seat.workspace.drafts.keys("settle.") == []


def test_nothing_is_kept_of_one_that_is_settled_as_the_desk_is_locked(
    qtbot: QtBot, seat: Seat, town: Town
) -> None:
    disputed(qtbot, seat, town)
    card = seat.page.disputes
    card.write.click()
    card.text.setPlainText("Le Goff-Kervélec")

    card.save.click()
    seat.workspace.close()

    assert seat.desk.drafts.everything() == []


def test_an_exchange_that_came_is_taken_back_or_refused_by_name(
    qtbot: QtBot, seat: Seat, town: Town
) -> None:
    other = settle_in(seat, town)
    anne = other.read(lambda s: s.query(Member).one())
    write(other, anne, service="Laundry", family_name="Le Goff-Roux")
    town.up(other)
    town.down(seat.desk)
    seat.page.show_status()

    def answers() -> list[QPushButton]:
        return [b for b in seat.page.trail.findChildren(QPushButton) if b.isVisible()]

    def service() -> str:
        return seat.desk.read(lambda s: s.query(Member).one()).service

    qtbot.waitUntil(lambda: len(answers()) == 1)
    assert "Exchange of" in words_of(seat)
    mine = seat.desk.read(lambda s: s.query(Member).one())
    write(seat.desk, mine, service="Kitchen")
    answers()[0].click()
    qtbot.waitUntil(seat.page.trail.problem.isVisible)
    refused = seat.page.trail.problem.text()
    seat.desk.undo()

    answers()[0].click()
    qtbot.waitUntil(lambda: answers() == [])

    assert "department" in refused.lower()
    assert service() == ""


@pytest.mark.parametrize("spoken", language.LANGUAGES)
def test_a_declined_erasure_is_told_and_the_member_comes_back(
    qtbot: QtBot, seat: Seat, town: Town, spoken: str
) -> None:
    language.use(spoken)
    card = seat.page.erasures
    other = settle_in(seat, town)
    assert not card.isVisible()
    anne = MemberId(seat.desk.read(lambda s: s.query(Member).one().id))
    seat.desk.do(Action.MEMBER_REMOVED, lambda s: erasures.ask(s, anne))
    town.round(seat.desk)
    erasing.decline(town.hub, 1, why="Une demande est en cours.")
    seat.page.show_status()
    qtbot.waitUntil(card.isVisible)
    assert not card.findChildren(QPushButton), "nobody has answered"
    assert "by hand" in card.beyond.text()

    town.round(seat.desk)
    seat.page.show_status()

    qtbot.waitUntil(lambda: bool(card.findChildren(QPushButton)))
    assert "Une demande est en cours." in " ".join(one.text() for one in card.findChildren(Words))
    assert nameless(seat.page) == []
    with qtbot.waitSignal(card.wanted) as went:
        card.findChildren(QPushButton)[0].click()
    assert went.args == [Target(page="members", id=anne)]
    qtbot.waitUntil(lambda: not card.isVisible())
    town.round()
    for desk in (seat.desk, other):
        assert desk.read(lambda s: s.query(Member).one().removed_at) is None
