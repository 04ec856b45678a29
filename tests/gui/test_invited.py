"""The first start of a computer that the committee has invited: its office comes by the exchange."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from correspondent_desk import language
from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.meetings import SiteDraft
from correspondent_desk.gui.exchange.page import ExchangePage
from correspondent_desk.gui.first_start.page import FirstStart
from correspondent_desk.hub import ingest, outgoing, recipients
from correspondent_desk.records import office
from correspondent_desk.sync import exchange
from tests.gui import starting
from tests.gui.a11y import in_words, nameless, same_letters
from tests.gui.hands import focused, press, type_here
from tests.gui.starting import (
    Start,
    choose_passphrase,
    go_to,
    opened,
    shown,
    type_groups_back,
)
from tests.sync.desks import Town

start = starting.start


def with_sites(path: Path) -> Town:
    """An office that a desk has set up, and a hub that knows it."""
    town = Town(path)
    desk = town.desk("Yann")
    sites = [SiteDraft(name="Quai"), SiteDraft(name="Port")]
    desk.do(
        Action.OFFICE_SET_UP, lambda s: office.set_up(s, "Mairie de Valbrune", "", sites, "Yann")
    )
    town.round()
    return town


@pytest.mark.parametrize("code", language.LANGUAGES)
def test_office_and_sites_come_with_the_first_exchange(
    qtbot: QtBot, start: Start, tmp_path: Path, code: str
) -> None:
    language.use(code)
    town = with_sites(tmp_path)
    program = start(tmp_path / "new")
    page = shown(program, FirstStart)
    go_to(page.office.invitation)
    press(Qt.Key.Key_Space)
    step = page.invited
    assert step is not None
    assert nameless(page) == []
    assert same_letters(in_words(page)) == []
    assert focused() is step.invitation.choose

    step.onward.click()
    assert step.form.rows["invitation"].problem.text()
    step.use(tmp_path / "no such file")
    assert str(tmp_path) in step.form.rows["invitation"].problem.text()
    step.use(town.invitation())
    assert "Mairie de Valbrune" in step.form.rows["invitation"].beside.text()
    type_here("Rozenn")
    press(Qt.Key.Key_Return)
    type_here("Accueil")
    press(Qt.Key.Key_Return)
    type_groups_back(choose_passphrase(qtbot, page))

    opened(qtbot, program)
    assert program.frame is not None
    assert isinstance(program.frame.page, ExchangePage)
    desk = program.database
    assert desk is not None
    assert (desk.person, desk.read(office.sites)) == ("Rozenn", [])
    assert program.frame.navigation.office.text() == "Mairie de Valbrune"
    exchange.prepare(desk, town.path / "stick" / "first.cdb")
    ingest.take_in(town.hub, town.path / "stick" / "first.cdb")
    [to] = [one for one in recipients.every(town.hub) if one.desk.name == "Accueil"]
    exchange.apply(desk, outgoing.write(town.hub, to, town.path / "stick").path)
    assert desk.read(office.office).name == "Mairie de Valbrune"
    assert {one.draft.name for one in desk.read(office.sites)} == {"Quai", "Port"}
    program.window.close()
    town.close()


def test_who_goes_back_sets_up_an_office_of_their_own(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    program = start(tmp_path / "new")
    page = shown(program, FirstStart)
    page.office.invitation.click()
    assert page.invited is not None
    page.invited.backward.click()
    starting.answer_office(page)
    type_groups_back(choose_passphrase(qtbot, page))

    opened(qtbot, program)
    assert program.database is not None
    assert program.database.read(office.office).name == "Mairie d’Ys"
    assert not exchange.status(program.database).is_enrolled
