"""A hub that is kept at a window: begun, offices invited, files taken in and written, and refusals."""

import os
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from correspondent_desk.app.program import Program
from correspondent_desk.gui.committee.acts import OfficeShown
from correspondent_desk.gui.committee.cards import OfficesCard, Outcome
from correspondent_desk.gui.committee.page import CommitteePage, PlaceCard
from correspondent_desk.gui.lock.page import LockPage
from correspondent_desk.gui.page import Target
from correspondent_desk.gui.preferences import load
from correspondent_desk.gui.widgets.layouts import column_of
from correspondent_desk.gui.widgets.scroll import Scroll
from correspondent_desk.hub import offices
from correspondent_desk.hub.database import Hub, HubFolder, create, open_hub
from tests.builders import add_member
from tests.gui import starting
from tests.gui.a11y import nameless
from tests.gui.framing import CTRL
from tests.gui.hands import focused, press, type_here
from tests.gui.starting import Start, unlock, unlocked
from tests.postgres import Server, postgres
from tests.small_disk import small_disk
from tests.sync.desks import Town

start = starting.start
__all__ = ["postgres"]


def told(qtbot: QtBot, outcome: Outcome) -> str:
    """What came of what was asked last."""
    qtbot.waitUntil(
        lambda: (
            not outcome.waiting.is_waiting
            and (outcome.result.isVisibleTo(outcome) or outcome.problem.isVisibleTo(outcome))
        ),
    )
    return outcome.problem.text() or outcome.result.text()


def take_in(qtbot: QtBot, page: CommitteePage, file: Path) -> str:
    """What is told of the file; an invitation that is wanted meanwhile is refused in words."""
    page.take_in([file])
    page.invite("MAIRIE-DYS", file.parent)
    assert "Nothing was done" in page.offices.outcome.problem.text()
    return told(qtbot, page.files.outcome)


def choose_wrongly(qtbot: QtBot, page: CommitteePage, desk: Path) -> None:
    """Folders in which there is no hub, or there must be none."""
    among_others = desk.parent
    page.open_hub(among_others)
    assert "no hub" in told(qtbot, page.place.outcome)
    page.begin(desk, "")
    assert "desk" in told(qtbot, page.place.outcome)
    page.begin(among_others, "")
    assert "not empty" in told(qtbot, page.place.outcome)
    assert not (among_others / "hub.key").exists()


def take_out_and_in(qtbot: QtBot, program: Program, page: CommitteePage, hub: Path) -> None:
    """The stick of the hub: without it there is nothing to see, and with it again all."""
    away = hub.rename(hub.with_name("away"))
    page.shown()
    qtbot.waitUntil(page.place.begin.isVisible)
    assert "connect that" in page.place.outcome.problem.text()
    page.begin(program.folder.path, "")
    qtbot.waitUntil(lambda: not program.tasks.is_busy)
    qtbot.waitUntil(lambda: "There is a desk" in page.place.outcome.problem.text())
    away.rename(hub)
    page.place.again.click()
    qtbot.waitUntil(page.offices.isVisible)
    assert not page.place.outcome.problem.isVisible()


def leave(qtbot: QtBot, program: Program, page: CommitteePage, stick: Path) -> None:
    """Not while the hub does something; then for good, whatever is still looked at."""
    page.put(stick)
    page.place.other.click()
    assert "Nothing was done" in page.place.outcome.problem.text()
    assert told(qtbot, page.files.outcome)
    page.shown()
    page.place.other.click()
    qtbot.waitUntil(lambda: not program.tasks.is_busy)
    assert page.place.begin.isVisible()


def test_a_small_committee_keeps_its_hub_at_the_window(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    desk, hub = tmp_path / "desk", tmp_path / "hub"
    program = unlocked(qtbot, start, desk)
    frame = program.frame
    assert frame is not None
    press(Qt.Key.Key_K, CTRL)
    type_here("committee")
    qtbot.waitUntil(lambda: frame.search.is_open)
    press(Qt.Key.Key_Return)
    page = frame.page
    assert isinstance(page, CommitteePage)
    assert not page.offices.isVisible()

    choose_wrongly(qtbot, page, desk)
    page.place.name.setFocus()
    type_here("Comité d’Ys")
    page.place.begin_wanted.emit(hub, page.place.name.text())
    assert str(hub) in told(qtbot, page.place.outcome)
    qtbot.waitUntil(page.offices.isVisible)
    assert page.place.whose.text() == "Comité d’Ys"
    assert page.offices.name.hasFocus()

    press(Qt.Key.Key_Return)
    assert page.offices.form.rows["name"].problem.isVisible()
    type_here("Mairie d’Ys")
    press(Qt.Key.Key_Return)
    assert "MAIRIE-DYS" in told(qtbot, page.offices.outcome)
    qtbot.waitUntil(lambda: list(page.offices.invites) == ["MAIRIE-DYS"])
    assert page.offices.name.text() == ""
    for name in ("MAIRIE-DYS.cdinvite", "MAIRIE-DYS-2.cdinvite"):
        page.invite("MAIRIE-DYS", tmp_path)
        assert name in told(qtbot, page.offices.outcome)
        assert (tmp_path / name).is_file()
    assert nameless(page) == []

    (tmp_path / "a.cdb").write_bytes(b"no bundle")
    assert take_in(qtbot, page, tmp_path / "a.cdb").startswith("! a.cdb: ")
    page.put(tmp_path)
    assert told(qtbot, page.files.outcome) == "No desk has anything to receive."

    assert load(desk).hub == str(hub)
    program.window.close()
    program = start(desk)
    unlock(qtbot, program)
    assert program.frame is not None
    program.frame.go(Target(page="committee"))
    again = program.frame.page
    assert isinstance(again, CommitteePage)
    qtbot.waitUntil(lambda: list(again.offices.invites) == ["MAIRIE-DYS"])
    take_out_and_in(qtbot, program, again, hub)
    again.take_focus()
    assert again.files.take_in.hasFocus()
    leave(qtbot, program, again, tmp_path)
    assert load(desk).hub == ""


def the_page(program: Program) -> CommitteePage:
    """The page, gone to."""
    assert program.frame is not None
    program.frame.go(Target(page="committee"))
    page = program.frame.page
    assert isinstance(page, CommitteePage)
    return page


def with_hub(qtbot: QtBot, start: Start, place: Path) -> tuple[Program, CommitteePage, Hub]:
    """A desk whose page has a hub open, and that hub."""
    program = unlocked(qtbot, start, place / "desk")
    page = the_page(program)
    page.begin(place / "hub", "")
    qtbot.waitUntil(page.offices.isVisible)
    qtbot.waitUntil(lambda: not program.tasks.is_busy)
    return program, page, open_hub(HubFolder(place / "hub"))


def test_a_hub_that_takes_long_holds_up_no_lock_and_is_told_of_after_it(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    program, page, hub = with_hub(qtbot, start, tmp_path)

    with hub.transaction():  # nobody else writes into it meanwhile
        page.offices.name.setText("Mairie d’Ys")
        page.offices.add.click()
        program.lock()
        assert isinstance(program.window.presented, LockPage)
        assert program.tasks.is_busy
        unlock(qtbot, program)
        page = the_page(program)
        assert page.offices.outcome.waiting.isVisible()
        assert page.offices.name.text() == "Mairie d’Ys"
        page.place.other.click()
        assert "Nothing was done" in page.place.outcome.problem.text()

    assert "MAIRIE-DYS" in told(qtbot, page.offices.outcome)
    assert page.offices.name.text() == ""
    qtbot.waitUntil(lambda: list(page.offices.invites) == ["MAIRIE-DYS"])
    assert [one.name for one in offices.listed(hub)] == ["Mairie d’Ys"]

    with hub.transaction():
        page.offices.name.setText("Quai")
        page.offices.add.click()
        program.lock()
    qtbot.waitUntil(lambda: not program.tasks.is_busy)
    unlock(qtbot, program)
    page = the_page(program)
    assert "QUAI" in page.offices.outcome.result.text()
    assert page.offices.name.text() == ""
    hub.close()


def test_what_a_hub_does_goes_on_in_another_language_and_when_the_window_is_closed(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    program, page, hub = with_hub(qtbot, start, tmp_path)

    with hub.transaction():
        page.add_office("Quai")
        program.choose(program.preferences._replace(language="fr"))
        page = the_page(program)
        assert page.offices.isVisible()
        assert page.offices.outcome.waiting.isVisible()
    assert "QUAI" in told(qtbot, page.offices.outcome)

    qtbot.waitUntil(lambda: not program.tasks.is_busy)
    page.add_office("Port")
    program.window.close()
    assert [one.name for one in offices.listed(hub)] == ["Port", "Quai"]
    hub.close()


def test_what_is_typed_while_an_office_is_added_stays(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    _program, page, hub = with_hub(qtbot, start, tmp_path)

    with hub.transaction():
        page.add_office("Quai")
        page.offices.name.setText("Port")

    assert "QUAI" in told(qtbot, page.offices.outcome)
    assert page.offices.name.text() == "Port"
    hub.close()


def test_the_name_of_an_office_that_was_refused_can_be_corrected(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    program, page, hub = with_hub(qtbot, start, tmp_path)
    for expected in ("", "Quai"):
        page.offices.name.setText("Quai")
        page.offices.add.click()
        qtbot.waitUntil(lambda: not program.tasks.is_busy)
        assert page.offices.name.text() == expected

    assert "already" in page.offices.outcome.problem.text()
    hub.close()


def test_an_office_added_by_mistake_is_taken_away(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    program, page, hub = with_hub(qtbot, start, tmp_path)
    page.add_office("Quiberon")
    qtbot.waitUntil(lambda: any(one.isVisible() for one in page.offices.removals.values()))

    page.files.put.setFocus()
    for reached in (
        page.offices.invites["QUIBERON"],
        page.offices.removals["QUIBERON"],
        page.offices.name,
        page.offices.add,
    ):
        press(Qt.Key.Key_Tab)
        assert reached.hasFocus(), focused()
    page.offices.removals["QUIBERON"].setFocus()
    press(Qt.Key.Key_Space)

    qtbot.waitUntil(lambda: not page.offices.removals)
    assert page.offices.outcome.result.text().startswith("Quiberon was taken away.")
    assert page.offices.name.hasFocus()
    qtbot.waitUntil(lambda: not program.tasks.is_busy)
    assert offices.listed(hub) == []
    hub.close()


def test_a_hub_on_a_server_is_kept_too_and_says_where_it_is(
    qtbot: QtBot, start: Start, tmp_path: Path, postgres: Server
) -> None:
    folder, url = HubFolder(tmp_path / "hub"), postgres.fresh()
    create(folder, "Comité", database=url).close()
    page = the_page(unlocked(qtbot, start, tmp_path / "desk"))

    page.open_hub(folder.path)
    qtbot.waitUntil(page.offices.isVisible)
    assert "Its database is postgresql://" in page.place.where.text()
    assert "only-for-tests" not in page.place.where.text()
    page.add_office("Quai")
    assert "QUAI" in told(qtbot, page.offices.outcome)
    qtbot.waitUntil(lambda: list(page.offices.invites) == ["QUAI"])

    postgres.drop(url)
    page.shown()
    assert "database" in told(qtbot, page.place.outcome)
    qtbot.waitUntil(page.place.again.isVisible)


def test_a_stick_that_was_taken_out_gets_no_invitation(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    _program, page, hub = with_hub(qtbot, start, tmp_path)
    offices.add(hub, "Quai")
    hub.close()

    page.invite("QUAI", tmp_path / "stick")

    assert "no folder" in told(qtbot, page.offices.outcome)
    assert not (tmp_path / "stick").exists()


def test_what_was_written_before_the_stick_was_full_is_told(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    town = Town(tmp_path / "town")
    here, *_others = town.meet("Yann", "Rozenn", "Gwenn")
    add_member(here, note=os.urandom(40_000).hex())
    file = town.prepared(here)
    town.close()
    program = unlocked(qtbot, start, tmp_path / "desk")
    page = the_page(program)
    page.open_hub(town.hub.folder.path)
    qtbot.waitUntil(page.files.isVisible)

    with small_disk(tmp_path / "small", 72 << 10) as stick:
        page.take_in([file])
        assert "1 change" in told(qtbot, page.files.outcome)
        qtbot.waitUntil(lambda: not program.tasks.is_busy)
        page.put(stick)
        assert "The other desks have no file yet." in told(qtbot, page.files.outcome)
        written = sorted(one.name for one in stick.iterdir())

    assert 0 < len(written) < 3
    said = page.files.outcome.result.text()
    assert [name for name in written if name in said] == written
    assert all(name.endswith(".cdb") for name in written)


def test_what_came_of_it_is_seen_under_many_offices(qtbot: QtBot) -> None:
    card = OfficesCard()
    area = Scroll(card)
    window = column_of(area)
    qtbot.addWidget(window)
    window.resize(600, 400)
    window.show()
    card.show_offices([OfficeShown(f"Office {n}", f"O-{n}", ("nobody",)) for n in range(20)])

    bar = area.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)

    card.outcome.say(("The invitation is written.",))

    qtbot.waitUntil(lambda: bar.value() > 0)
    assert not card.outcome.result.visibleRegion().isEmpty()


def test_enter_in_the_name_of_the_committee_asks_for_the_folder(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_told: str(tmp_path))
    card = PlaceCard()
    qtbot.addWidget(card)
    card.show()
    qtbot.waitUntil(card.isActiveWindow)
    card.name.setFocus()

    with qtbot.waitSignal(card.begin_wanted, timeout=1000) as asked:
        type_here("Comité Ouest")
        press(Qt.Key.Key_Return)

    assert asked.args == [tmp_path, "Comité Ouest"]
