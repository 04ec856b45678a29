"""A hub that is kept at a window: begun, offices invited, files taken in and written, and refusals."""

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from correspondent_desk.app.program import Program
from correspondent_desk.gui.committee.acts import OfficeShown
from correspondent_desk.gui.committee.cards import OfficesCard, Outcome
from correspondent_desk.gui.committee.page import CommitteePage
from correspondent_desk.gui.lock.page import LockPage
from correspondent_desk.gui.page import Target
from correspondent_desk.gui.preferences import load
from correspondent_desk.gui.widgets.layouts import column_of
from correspondent_desk.gui.widgets.scroll import Scroll
from correspondent_desk.hub import offices
from correspondent_desk.hub.database import HubFolder, open_hub
from tests.gui import starting
from tests.gui.a11y import nameless
from tests.gui.framing import CTRL
from tests.gui.hands import press, type_here
from tests.gui.starting import WAIT_MS, Start, unlock, unlocked

start = starting.start


def told(qtbot: QtBot, outcome: Outcome) -> str:
    """What came of what was asked last."""
    qtbot.waitUntil(
        lambda: (
            not outcome.waiting.is_waiting
            and (outcome.result.isVisibleTo(outcome) or outcome.problem.isVisibleTo(outcome))
        ),
        timeout=WAIT_MS,
    )
    return outcome.problem.text() or outcome.result.text()


def take_in(qtbot: QtBot, page: CommitteePage, file: Path) -> str:
    """What is told of the file; an invitation that is wanted meanwhile is refused in words."""
    page.take_in([file])
    page.invite("MAIRIE-DYS", file.with_name("b.cdinvite"))
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


def take_out_and_in(qtbot: QtBot, page: CommitteePage, hub: Path) -> None:
    """The stick of the hub: without it there is nothing to see, and with it again all."""
    away = hub.rename(hub.with_name("away"))
    page.shown()
    qtbot.waitUntil(page.place.begin.isVisible)
    away.rename(hub)
    page.shown()
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
    qtbot.waitUntil(lambda: list(again.offices.invites) == ["MAIRIE-DYS"], timeout=WAIT_MS)
    take_out_and_in(qtbot, again, hub)
    again.take_focus()
    assert again.files.take_in.hasFocus()
    leave(qtbot, program, again, tmp_path)
    assert load(desk).hub == ""


def test_a_hub_that_takes_long_holds_up_no_lock(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    program = unlocked(qtbot, start, tmp_path / "desk")
    assert program.frame is not None
    program.frame.go(Target(page="committee"))
    page = program.frame.page
    assert isinstance(page, CommitteePage)
    folder = HubFolder(tmp_path / "hub")
    page.begin(folder.path, "")
    qtbot.waitUntil(page.offices.isVisible, timeout=WAIT_MS)
    hub = open_hub(folder)

    with hub.transaction():  # nobody else writes into it meanwhile
        page.add_office("Mairie d’Ys")
        program.lock()
        assert isinstance(program.window.presented, LockPage)
        assert program.tasks.is_busy

    qtbot.waitUntil(lambda: not program.tasks.is_busy, timeout=WAIT_MS)
    assert [one.name for one in offices.listed(hub)] == ["Mairie d’Ys"]
    hub.close()


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


def test_an_office_that_is_typed_while_another_one_is_added_stays(qtbot: QtBot) -> None:
    card = OfficesCard()
    qtbot.addWidget(card)
    card.name.setText("Port")

    card.added("Quai")
    assert card.name.text() == "Port"
    card.added("Port")
    assert card.name.text() == ""
