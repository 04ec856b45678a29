"""A computer that was found again joins anew, from the settings."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from correspondent_desk import language
from correspondent_desk.gui.lock.joining import JoinPage
from correspondent_desk.gui.page import Target
from correspondent_desk.gui.settings.page import SettingsPage
from correspondent_desk.hub import desks, held, ingest
from correspondent_desk.sync import exchange, folder
from correspondent_desk.sync.rejection import BundleRejected
from tests.builders import PASSPHRASE, add_member
from tests.gui import starting
from tests.gui.a11y import nameless
from tests.gui.starting import Start, opened, shown, unlock
from tests.sync.desks import OFFICE, Town

start = starting.start


@pytest.mark.parametrize("code", language.LANGUAGES)
def test_it_begins_empty_and_leaves_its_work_for_the_committee(
    qtbot: QtBot, start: Start, tmp_path: Path, code: str
) -> None:
    language.use(code)
    town = Town(tmp_path)
    desk = town.desk("Yann")
    town.round()
    add_member(desk, "ROUX")
    desks.revoke(town.hub, OFFICE, 1)
    invitation = town.invitation()
    place = desk.folder
    desk.close()
    town.desks.clear()
    program = start(place.path)
    unlock(qtbot, program)
    assert program.frame is not None
    program.frame.go(Target(page="settings"))
    settings = program.frame.page
    assert isinstance(settings, SettingsPage)
    told = settings.recovery.committee.text()
    if code == "en":
        assert told.startswith("Without passphrase and sheet nobody can open this desk")
    settings.copies.join.click()
    page = shown(program, JoinPage)
    assert nameless(page) == []

    page.step.onward.click()
    assert page.step.form.rows["invitation"].problem.text()
    page.step.invitation.setText(str(tmp_path / "no such file"))
    page.step.passphrase.setText(PASSPHRASE)
    page.step.onward.click()
    problem = page.step.form.rows["invitation"].problem
    qtbot.waitUntil(lambda: str(tmp_path) in problem.text())
    page.step.invitation.setText(str(invitation))
    page.step.onward.click()

    opened(qtbot, program)
    assert program.database is not None
    status = exchange.status(program.database)
    assert status.is_enrolled
    assert not status.is_welcomed
    [file] = folder.lying(place.path / folder.RESCUED)
    with pytest.raises(BundleRejected):
        ingest.take_in(town.hub, file)
    assert [one.operations for one in held.held(town.hub)] == [1]
    town.close()
