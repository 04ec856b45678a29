"""A stick between two computers of one office, from the page of exchanges."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from correspondent_desk import language
from correspondent_desk.messages import relaying
from correspondent_desk.sync import exchange
from tests.builders import add_member
from tests.gui.a11y import nameless
from tests.gui.exchange_desk import Seat, seat, settle_in, town
from tests.sync.desks import Town

__all__ = ["seat", "town"]


@pytest.mark.parametrize("spoken", language.LANGUAGES)
def test_a_file_is_given_and_read_there(
    qtbot: QtBot, seat: Seat, town: Town, tmp_path: Path, spoken: str
) -> None:
    language.use(spoken)
    card = seat.page.colleagues
    assert not card.isVisible()
    other = settle_in(seat, town)
    town.round()
    seat.page.show_status()
    qtbot.waitUntil(card.isVisible)
    assert not card.form.isVisible(), "there is one, who need not be chosen"
    assert nameless(seat.page) == []
    add_member(seat.desk, "PETIT")
    stick = tmp_path / "stick"
    stick.mkdir()

    card.give_at(stick)

    qtbot.waitUntil(card.result.isVisible)
    assert "PC Rozenn" in card.result.text()
    [file] = stick.rglob("*.cdb")
    assert str(file) in card.result.text(), "below other folders, where nobody would look for it"
    assert relaying.carries_all() in card.result.text()
    exchange.exchange_folder(other, stick)
    assert (
        other.read(
            lambda s: (
                s.connection()
                .exec_driver_sql("SELECT count(*) FROM member WHERE family_name='PETIT'")
                .scalar()
            )
        )
        == 1
    )
    exchange.exchange_folder(seat.desk, stick)
    add_member(seat.desk, "ROUX")
    card.result.hide()
    seat.page.show_status()
    qtbot.waitUntil(lambda: not seat.workspace.is_busy)

    card.give_at(stick)

    qtbot.waitUntil(card.result.isVisible)
    assert relaying.carries_all() not in card.result.text()


def test_of_several_one_is_chosen(qtbot: QtBot, seat: Seat, town: Town, tmp_path: Path) -> None:
    settle_in(seat, town)
    third = town.desk("Maël")
    town.round()
    town.round()
    seat.page.show_status()
    card = seat.page.colleagues
    qtbot.waitUntil(card.form.isVisible)
    card.to.setCurrentIndex(1)
    add_member(seat.desk, "PETIT")

    card.give_at(tmp_path)

    qtbot.waitUntil(card.result.isVisible)
    assert "PC Maël" in card.result.text()
    assert exchange.exchange_folder(third, tmp_path).received


def test_a_stick_that_is_not_there_is_told(qtbot: QtBot, seat: Seat, town: Town) -> None:
    settle_in(seat, town)
    town.round()
    seat.page.show_status()
    card = seat.page.colleagues
    qtbot.waitUntil(card.isVisible)

    card.give_at(Path("/nowhere/at all"))

    qtbot.waitUntil(card.problem.isVisible)
    assert card.problem.text().startswith("! ")
