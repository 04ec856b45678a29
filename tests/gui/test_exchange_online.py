"""The exchange over the network in the window, with a hub that really serves."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from correspondent_desk import language
from correspondent_desk.gui.exchange import waiting
from correspondent_desk.gui.exchange.online import AUTOMATIC, HOURLY, NEVER, OnlineExchange
from correspondent_desk.gui.exchange.page import ExchangePage
from correspondent_desk.gui.tasks import Tasks
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.hub import desks
from correspondent_desk.store import history
from correspondent_desk.store.database import Database
from correspondent_desk.sync import exchange
from correspondent_desk.sync.online.exchange import exchange_online
from tests.builders import add_member, open_desk
from tests.gui.a11y import in_words, nameless, same_letters
from tests.gui.hands import press
from tests.hub.service.serving import Certificate, Served, certificate, reaches, served
from tests.sync.desks import Town, contents


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        for one in (name, name.lower()):
            monkeypatch.delenv(one, raising=False)
    (tmp_path / "town").mkdir()
    town = Town(tmp_path / "town")
    yield town
    town.close()


@pytest.fixture
def hub(town: Town, paper: Certificate) -> Iterator[Served]:
    with served(town.hub, paper) as found:
        yield found


class Seat:
    """A desk with its page on the screen, which knows where the hub is."""

    def __init__(self, qtbot: QtBot, desk: Database) -> None:
        self.qtbot, self.desk = qtbot, desk
        self.workspace = Workspace(desk, Tasks())
        self.page = ExchangePage(self.workspace)
        self.card = self.page.online
        self.workspace.changed.connect(self.page.refresh)
        qtbot.addWidget(self.page)
        self.page.resize(1240, 800)
        self.page.show()
        qtbot.waitUntil(self.card.isVisible)

    def wait(self) -> str:
        """Until the exchange has ended; what the card says of it."""
        self.qtbot.waitUntil(lambda: not self.card.online.is_under_way)
        told = (self.card.problem, self.card.result)
        return "\n".join(one.text() for one in told if one.isVisible())


@pytest.fixture
def seat(qtbot: QtBot, qapp: QApplication, town: Town, hub: Served) -> Iterator[Seat]:  # noqa: ARG001
    desk = open_desk(town.path / "desk-here", "Yann", town.clock)
    town.desks.append(desk)
    exchange.enrol(desk, town.invitation(), desk_name="Accueil")
    assert hub.certificate is not None
    reaches(desk, hub.url, hub.certificate.der)
    seat = Seat(qtbot, desk)
    yield seat
    seat.workspace.close()


def test_one_press_sends_and_receives(seat: Seat, town: Town, hub: Served) -> None:
    other = town.desk("Anne")
    assert hub.certificate is not None
    reaches(other, hub.url, hub.certificate.der)
    add_member(other, "Petit")
    exchange_online(other)
    add_member(seat.desk, "Le Goff")
    assert nameless(seat.page) == []

    seat.card.now.setFocus()
    press(Qt.Key.Key_Space)
    told = seat.wait()

    assert "The hub has taken in 1 change" in told
    assert "1 new person." in told
    exchange_online(other)
    assert contents(other) == contents(seat.desk)
    assert [one.to_receive for one in desks.listed(town.hub)] == [0, 0]
    assert not seat.card.stop.isVisible()


def test_every_letter_leads_to_one_thing(qtbot: QtBot, seat: Seat) -> None:
    found = []

    for code in language.LANGUAGES:
        language.use(code)
        again = Seat(qtbot, seat.desk)
        found += same_letters(in_words(again.page))
        again.workspace.close()

    assert found == []


def test_how_long_it_takes_is_said_in_a_sentence(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "PATIENCE_S", 0)
    said = waiting.Waiting()
    qtbot.addWidget(said)

    said.begin("Sending: 1 KB of 2 KB")
    said.go_on("Sending: 2 KB of 2 KB")

    assert said.text() == "Sending: 2 KB of 2 KB (for 0 seconds)"


def test_without_a_network_all_is_calm(seat: Seat, hub: Served) -> None:
    add_member(seat.desk)
    hub.stop()

    seat.card.now.click()
    told = seat.wait()

    assert "The hub does not answer" in told
    assert "Nothing is lost" in told
    assert not seat.card.problem.isVisible()


def test_an_exchange_can_be_stopped_and_gone_on_with(seat: Seat) -> None:
    add_member(seat.desk)

    seat.card.now.click()
    assert seat.card.stop.isVisible()
    seat.card.stop.click()
    told = seat.wait()
    seat.card.now.click()
    again = seat.wait()

    assert "was stopped" in told
    assert "The hub has taken in 1 change" in again


def test_a_window_that_is_closed_is_told_nothing_more(seat: Seat) -> None:
    add_member(seat.desk)
    seat.card.now.click()
    seat.qtbot.waitUntil(lambda: _networks() != [])

    seat.workspace.close()
    told = QSignalSpy(seat.card.online._heard)  # noqa: SLF001 - what the other thread does
    for thread in _networks():
        thread.join()

    assert told.count() == 0


def _networks() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "network"]


def test_it_exchanges_by_itself_only_if_somebody_chose_so(seat: Seat, qtbot: QtBot) -> None:
    online = seat.card.online
    assert online.automatic() == NEVER
    online.watch()
    assert not online._timer.isActive()  # noqa: SLF001 - hours are not waited for

    seat.card.automatic.setCurrentIndex(2)
    seat.card.automatic.activated.emit(2)
    qtbot.waitUntil(lambda: online.automatic() == HOURLY)
    add_member(seat.desk)
    online._timer.start(1)  # noqa: SLF001 - an hour passes
    qtbot.waitUntil(seat.card.result.isVisible)

    assert "The hub has taken in 1 change" in seat.card.result.text()
    assert online._timer.remainingTime() > 3_000_000  # noqa: SLF001
    assert seat.desk.read(lambda s: history.read_setting(s, AUTOMATIC, str)) == HOURLY


def test_there_is_one_exchange_for_all_pages(seat: Seat) -> None:
    assert OnlineExchange.of(seat.workspace) is seat.card.online


def test_with_an_address_the_network_is_the_main_way_and_files_stay(seat: Seat) -> None:
    page = seat.page

    page.hub.prepare.setFocus()  # as long as nobody knows that there is an address
    seat.card.hide()
    page.show_status()

    seat.qtbot.waitUntil(seat.card.now.hasFocus)
    assert seat.card.now.property("role") == "main"
    assert page.hub.prepare.isVisible()
    assert page.hub.prepare.property("role") is None
