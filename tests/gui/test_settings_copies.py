"""The card of copies in the settings: the focus stays, whole paths, a copy for a stick, the folder."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from time import sleep

import pytest
from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from pytestqt.qtbot import QtBot

from correspondent_desk import language
from correspondent_desk.gui.settings.safety import CopiesCard
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.messages.copies import came_back, in_short
from correspondent_desk.store.backup import CopyRow, Why, make
from correspondent_desk.store.database import Database
from correspondent_desk.store.vault import unlock
from tests.builders import PASSPHRASE, add_member
from tests.gui.a11y import nameless
from tests.gui.hands import focused, press

NOW = datetime(2026, 12, 3, 14, 43, 5)  # noqa: DTZ001 - local, as the names of copies are


@pytest.fixture
def card(qtbot: QtBot, workspace: Workspace) -> CopiesCard:
    card = CopiesCard(workspace)
    qtbot.addWidget(card)
    card.show()
    card.activateWindow()
    qtbot.waitUntil(card.isActiveWindow)
    return card


def test_the_focus_stays_on_the_button_that_makes_a_copy(qtbot: QtBot, card: CopiesCard) -> None:
    card.make.setFocus()
    with qtbot.waitSignal(card.said) as said:
        press(Qt.Key.Key_Return)
        assert focused() is card.make

    assert "copies" in said.args[0]
    assert focused() is card.make
    assert nameless(card) == []


def made_after_all_writing(desk: Database) -> Path:
    """A copy, called as one that was made long after the last step."""
    made = desk.copy(Why.ASKED).path
    slots = made.with_suffix(".slots.json")
    slots.rename(made.with_name("20990101-120000-asked.slots.json"))
    return made.rename(made.with_name("20990101-120000-asked.db"))


def test_what_was_written_since_the_newest_copy_goes_to_the_stick_too(
    qtbot: QtBot, desk: Database, card: CopiesCard, tmp_path: Path
) -> None:
    old = desk.copy(Why.ASKED).path
    add_member(desk)
    stick = tmp_path / "stick"
    stick.mkdir()

    with qtbot.waitSignal(card.said):
        card.hand_out(stick)

    [there] = stick.glob("*.db")
    assert there.name != old.name
    assert there.read_bytes() == (desk.folder.copies / there.name).read_bytes()


def test_the_newest_copy_goes_to_a_stick_and_opens_there(
    qtbot: QtBot, desk: Database, card: CopiesCard, tmp_path: Path
) -> None:
    copy = made_after_all_writing(desk)
    stick = tmp_path / "stick"
    stick.mkdir()
    with qtbot.waitSignal(card.said) as said:
        card.hand_out(stick)

    there = stick / copy.name
    assert str(there) in said.args[0]
    assert there.read_bytes() == copy.read_bytes()
    slots = copy.with_suffix(".slots.json")
    assert (stick / slots.name).read_bytes() == slots.read_bytes()
    assert len(list(stick.iterdir())) == 2


def test_who_closes_the_window_at_once_has_the_copy_on_the_stick(
    desk: Database, workspace: Workspace, card: CopiesCard, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    card.hand_out(stick)
    for _ in range(5_000):  # without Qt, which would tell the card
        if any(desk.folder.copies.glob("*")):
            break
        sleep(0.001)

    workspace.close()

    assert len(list(stick.glob("*.db"))) == 1
    assert len(list(stick.iterdir())) == 2


def test_a_stick_that_does_not_take_it_is_said_on_the_card(
    qtbot: QtBot, desk: Database, card: CopiesCard, tmp_path: Path
) -> None:
    copy = made_after_all_writing(desk)
    (tmp_path / copy.name).write_text("something else", "utf-8")
    for place in (tmp_path / "gone", tmp_path):
        card.problem.hide()
        card.hand_out(place)
        qtbot.waitUntil(card.problem.isVisible)
        assert copy.name in card.problem.text()

    assert (tmp_path / copy.name).read_text("utf-8") == "something else"


class Shown(QObject):
    """What the system would show."""

    def __init__(self) -> None:
        super().__init__()
        self.places: list[str] = []

    @Slot(QUrl)
    def show(self, url: QUrl) -> None:
        self.places.append(url.toLocalFile())


@pytest.fixture
def system() -> Iterator[Shown]:
    system = Shown()
    # A str is what it takes; its declaration says bytes.
    QDesktopServices.setUrlHandler("file", system, "show")  # type: ignore[arg-type]
    yield system
    QDesktopServices.unsetUrlHandler("file")


def test_the_folder_of_the_copies_is_shown(desk: Database, card: CopiesCard, system: Shown) -> None:
    assert not card.open_folder.isVisible()
    copy = desk.copy(Why.ASKED)
    card.show_copies()
    card.open_folder.click()

    assert [Path(place) for place in system.places] == [copy.path.parent]


def test_copies_of_one_minute_are_told_apart(desk: Database, card: CopiesCard) -> None:
    key = unlock(desk.folder, PASSPHRASE)
    for seconds in (0, 7, 90):
        make(desk.folder, key, Why.ASKED, NOW + timedelta(seconds=seconds))
    card.show_copies()
    told = [words.text() for words in card.findChildren(Words)]

    assert len({line for line in told if "made by hand" in line}) == 3
    assert sum("14:43:" in line for line in told) == 2


@pytest.mark.parametrize(
    ("code", "told", "days_later"),
    [
        ("fr", "Ce bureau est revenu à la copie de 14 h 43.", "du jeudi 3 décembre, 14 h 43."),
        ("en", "This desk is back at the copy of 14:43.", "of Thursday 3 December, 14:43."),
    ],
)
def test_coming_back_is_said_with_the_hour(code: str, told: str, days_later: str) -> None:
    language.use(code)
    row = CopyRow(Path("x"), NOW, Why.ASKED, 1)
    twin = CopyRow(Path("y"), NOW + timedelta(seconds=1), Why.ASKED, 1)
    today = NOW.date()

    assert came_back(row, today, [row]).replace("\N{NO-BREAK SPACE}", " ") == told
    later = came_back(row, today + timedelta(days=2), [row]).replace("\N{NO-BREAK SPACE}", " ")
    assert later.endswith(days_later)
    assert in_short(row, today, [row, twin]) != in_short(twin, today, [row, twin])
