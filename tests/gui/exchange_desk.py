"""A desk with its page of exchanges on the screen, in a town with a hub and another desk."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from correspondent_desk.gui.exchange.page import ExchangePage
from correspondent_desk.gui.tasks import Tasks
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.store.database import Database
from correspondent_desk.store.tables import Member
from correspondent_desk.sync import exchange
from tests.builders import add_member, open_desk
from tests.sync.desks import Town, write


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    (tmp_path / "town").mkdir()
    town = Town(tmp_path / "town")
    yield town
    town.close()


class Seat:
    """A desk with its page on the screen."""

    def __init__(self, qtbot: QtBot, desk: Database) -> None:
        self.qtbot, self.desk, self.tasks = qtbot, desk, Tasks()
        self.workspace = Workspace(desk, self.tasks)
        self.page = ExchangePage(self.workspace)
        self.workspace.changed.connect(self.page.refresh)
        qtbot.addWidget(self.page)
        self.page.resize(1240, 800)
        self.page.show()
        qtbot.waitUntil(lambda: self.page.hub.joining.isVisible() or self.is_enrolled())

    def is_enrolled(self) -> bool:
        return self.page.hub.exchanging.isVisible()

    def wait(self) -> str:
        """Until the card with the hub has said what came of it."""
        hub = self.page.hub
        self.qtbot.waitUntil(lambda: not hub.is_busy)
        return hub.problem.text() if hub.problem.isVisible() else hub.result.text()


@pytest.fixture
def seat(qtbot: QtBot, qapp: QApplication, town: Town) -> Iterator[Seat]:  # noqa: ARG001
    """A new desk that has not been invited."""
    desk = open_desk(town.path / "desk-here", "Yann")
    town.desks.append(desk)
    seat = Seat(qtbot, desk)
    yield seat
    seat.workspace.close()


def settle_in(seat: Seat, town: Town) -> Database:
    """Both desks know Anne, then each gives her another family name; the other desk."""
    other = town.desk("Rozenn")
    exchange.enrol(seat.desk, town.invitation(), desk_name=f"PC {seat.desk.person}")
    anne = add_member(seat.desk, "Le Goff", note="by the church")
    town.round()
    town.round()
    there = other.read(lambda s: s.query(Member).one())
    write(other, there, family_name="Kervélec")
    write(seat.desk, seat.desk.read(lambda s: s.get_one(Member, anne)), family_name="Le Goff-Roux")
    town.up(other)
    return other


def words_of(seat: Seat) -> str:
    """What is said of desks and files."""
    return "\n".join(words.text() for words in seat.page.trail.findChildren(Words))
