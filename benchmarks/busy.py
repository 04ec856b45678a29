"""A heart that beats every 5 ms in the real window, and the longest silences while it works."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from benchmarks import resting
from correspondent_desk.app.program import Program
from correspondent_desk.domain.actions import Action
from correspondent_desk.gui.exchange.page import ExchangePage
from correspondent_desk.gui.members.page import MembersPage
from correspondent_desk.gui.page import Page, Target

BEAT_MS = 5
LONG_MS = 50
KEY_MS = 60
SETTLED_MS = 3000
CHANGES = 10_000
PATIENCE_S = 240
WORDS = ("le gof", "anne leg", "martin", "dupon", "000417", "0639", "petit b", "chevalie")


class Silence(msgspec.Struct, frozen=True):
    """The longest time between two beats, and how much of it this process was computing.

    The rest of it the machine gave to other programs, or a disk took.
    """

    while_: str
    ms: float
    computing_ms: float
    over: int
    beats: int

    def told(self) -> dict[str, Any]:
        """For the process that asked."""
        return {name: getattr(self, name) for name in self.__struct_fields__}


class Heart(QObject):
    """Beats on the window's thread."""

    def __init__(self) -> None:
        super().__init__()
        self.gaps: list[tuple[float, float]] = []
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._at = (0.0, 0.0)

    def begin(self) -> None:
        """Listen from now on."""
        self.gaps.clear()
        self._at = (time.perf_counter(), time.process_time())
        self._timer.start(BEAT_MS)

    def end(self) -> None:
        """Hear no more."""
        self._beat()
        self._timer.stop()

    def _beat(self) -> None:
        now = (time.perf_counter(), time.process_time())
        self.gaps.append(((now[0] - self._at[0]) * 1e3, (now[1] - self._at[1]) * 1e3))
        self._at = now


class Hands:
    """Somebody at the window, who waits for answers by letting it work."""

    def __init__(self, app: QApplication, program: Program) -> None:
        self._app, self.program = app, program
        self._heart = Heart()
        self.silences: list[Silence] = []

    @contextmanager
    def while_(self, name: str) -> Iterator[None]:
        """Listen to the heart while this is done, and until half a second after."""
        self._heart.begin()
        yield
        self.rest(500)
        self._heart.end()
        gaps = self._heart.gaps
        longest, computing = max(gaps)
        over = sum(gap > LONG_MS for gap, _cpu in gaps)
        self.silences.append(
            Silence(name, longest, min(computing, longest), over=over, beats=len(gaps))
        )

    def rest(self, ms: int) -> None:
        """Let the window work for so long."""
        resting.rest(ms)

    def wait_until(self, holds: Callable[[], object]) -> None:
        """Let the window work until holds."""
        until = time.monotonic() + PATIENCE_S
        while not holds():
            resting.rest(5)
            if time.monotonic() > until:
                raise TimeoutError

    def go(self, key: str) -> Page:
        """To a page of the frame."""
        assert self.program.frame is not None
        self.program.frame.go(Target(page=key))
        return self.program.frame.page


def silences(kind: str, app: QApplication, program: Program, staff: Path) -> list[Silence]:
    """What the heart said while somebody looks, imports or exchanges."""
    hands = Hands(app, program)
    {"look": look, "import": take_list, "exchange": exchange}[kind](hands, staff)
    return hands.silences


def look(hands: Hands, _staff: Path) -> None:
    """Search, go to each page for the first time and again, filter and scroll the list."""
    frame = hands.program.frame
    assert frame is not None
    hands.rest(1500)
    with hands.while_("searching"):
        for words in WORDS:
            frame.search.setFocus()
            frame.search.clear()
            for letter in words:
                QTest.keyClicks(frame.search, letter)
                hands.rest(KEY_MS)
    frame.search.clear_all()
    for key in ("members", "requests", "meetings", "exchange", "settings"):
        with hands.while_(f"opening {key} for the first time"):
            hands.go(key)
    for key in ("today", "members", "requests", "meetings"):
        with hands.while_(f"going to {key} again"):
            hands.go(key)
    people = hands.go("members")
    assert isinstance(people, MembersPage)
    hands.wait_until(lambda: len(people.list.rows.ids) > 0)
    with hands.while_("scrolling all members"):
        bar = people.list.table.verticalScrollBar()
        for step in range(120):
            bar.setValue(bar.maximum() * (step * 37 % 120) // 120)
            hands.rest(20)
    with hands.while_("going down by keys"):
        people.list.table.setFocus()
        for _ in range(60):
            QTest.keyClick(people.list.table, Qt.Key.Key_Down)
            hands.rest(20)
    with hands.while_("filtering the list"):
        for words in WORDS[:4]:
            people.list.filter.clear()
            for letter in words:
                QTest.keyClicks(people.list.filter, letter)
                hands.rest(KEY_MS)


def take_list(hands: Hands, staff: Path) -> None:
    """Look at a staff list, import it, take it back."""
    page, workspace = hands.go("exchange"), hands.program.workspace
    assert isinstance(page, ExchangePage)
    assert workspace is not None
    hands.rest(1500)
    with hands.while_("looking at a staff list"):
        page.take_file(staff)
        hands.wait_until(lambda: not page.importing.lines.foot.isHidden())
    with hands.while_("importing it"):
        page.importing.lines.apply.click()
        hands.wait_until(lambda: page.importing.done.is_done)
    with hands.while_("taking it back"):
        page.importing.done.undo.click()
        hands.wait_until(lambda: workspace.redoable is not None)


def exchange(hands: Hands, staff: Path) -> None:
    """Join an office, send everything through a shared folder, take in and give 10 000 changes."""
    from benchmarks.office import Office, change

    office = Office(staff.parent)
    page, workspace = hands.go("exchange"), hands.program.workspace
    assert isinstance(page, ExchangePage)
    assert workspace is not None
    hands.rest(SETTLED_MS)
    with hands.while_("joining an office"):
        page.take_file(office.invitation())
        hands.wait_until(lambda: not page.hub.is_busy)
    with hands.while_("exchanging everything"):
        page.hub.folder_wanted.emit(office.shared)
        hands.wait_until(lambda: not page.hub.is_busy)
    office.takes_in()
    office.changed_elsewhere(CHANGES)
    news = office.news(0)
    office.close()
    hands.rest(500)
    with hands.while_(f"looking at a file of {CHANGES} changes"):
        page.read_bundle(news)
        hands.wait_until(lambda: not page.bundle.apply.isHidden())
    with hands.while_("taking it in"):
        page.bundle.apply.click()
        hands.wait_until(lambda: not page.bundle.after.isHidden())
    with hands.while_(f"making {CHANGES} changes at once"):
        changed: list[int] = []
        workspace.do(Action.MEMBERS_IMPORTED, lambda s: changed.append(change(s, CHANGES, "here")))
        hands.wait_until(lambda: changed and not workspace.is_busy)
    with hands.while_(f"exporting {CHANGES} changes"):
        page.hub.prepare_wanted.emit(office.place / "made.cdb")
        hands.wait_until(lambda: not page.hub.is_busy)
    assert (office.place / "made.cdb").stat().st_size, page.hub.problem.text()
