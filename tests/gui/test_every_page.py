"""Every page of the real window: named for those who hear it, whole at any size, open to keys."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QLabel,
    QLineEdit,
    QTimeEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from correspondent_desk import language
from correspondent_desk.app.program import Program
from correspondent_desk.gui.committee.page import CommitteePage
from correspondent_desk.gui.exchange.page import ExchangePage
from correspondent_desk.gui.frame import Frame
from correspondent_desk.gui.keyboard import UNFOLDED_MS
from correspondent_desk.gui.meetings.page import MeetingsPage
from correspondent_desk.gui.meetings.toolbar import View
from correspondent_desk.gui.members.page import MembersPage
from correspondent_desk.gui.members.timeline_tab import TimelineTab
from correspondent_desk.gui.page import Target, Task
from correspondent_desk.gui.settings.page import SettingsPage
from correspondent_desk.gui.theme import Appearance, Contrast, Look
from correspondent_desk.gui.today.page import TodayPage
from correspondent_desk.gui.widgets.tabs import Tabs
from correspondent_desk.records import meetings, members, requests
from correspondent_desk.records.demo.fill import fill
from correspondent_desk.store.database import open_store
from correspondent_desk.store.vault import DeskFolder, unlock
from tests.builders import PASSPHRASE, new_folder
from tests.gui.a11y import Worded, in_words, nameless, same_letters
from tests.gui.room import cut

NOW = datetime(2026, 11, 24, 8, 40, tzinfo=ZoneInfo("Europe/Paris"))
CTRL = Qt.KeyboardModifier.ControlModifier
PLAIN = Qt.KeyboardModifier.NoModifier
ICON = Qt.ToolButtonStyle.ToolButtonIconOnly
WORDS = {Qt.ToolButtonStyle.ToolButtonTextOnly, Qt.ToolButtonStyle.ToolButtonTextUnderIcon}
MOST_STOPS = 150
LAYOUT_ROUNDS = 5  # a change of height goes from part to whole, a step at a time
LOOKS, BETWEEN_MS = 4, 250

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> DeskFolder:
    """A desk with invented people, made once."""
    folder, key = new_folder(tmp_path_factory.mktemp("pages") / "desk")
    store = open_store(folder, key)
    store.person = "Camille"
    fill(store, 12, 1, NOW.date())
    store.close()
    return folder


Opened = Callable[[str, int], "Walk"]


@pytest.fixture
def opened(qapp: QApplication, qtbot: QtBot, filled: DeskFolder) -> Iterator[Opened]:
    """Opens the real window on the desk, in a language, at a size of text."""
    font = qapp.font()
    programs: list[Program] = []

    def opened(code: str, percent: int) -> "Walk":
        program = Program(qapp, filled, code, clock=lambda: NOW)
        programs.append(program)
        program.theme.choose(
            Appearance(look=Look.LIGHT, contrast=Contrast.ORDINARY, text_percent=percent)
        )
        program.window.resize(1240, 800)
        program.desk_opened(open_store(filled, unlock(filled, PASSPHRASE)))
        program.window.show()
        program.window.activateWindow()
        qtbot.waitUntil(program.window.isActiveWindow)
        assert program.frame
        return Walk(program, program.frame, qtbot)

    yield opened
    for program in programs:
        program.window.close()
        program.window.deleteLater()
        program.theme.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qapp.setFont(font)


@dataclass
class Walk:
    """Goes through everything the window can show."""

    program: Program
    frame: Frame
    qtbot: QtBot

    def scenes(self) -> Iterator[str]:
        """Show one thing after the other; the name of each, once it is all there."""
        anne, request = self.find(members.find_ids, "le goff"), self.find(requests.find_ids, "")
        yield from self.shown("today", Target(page="today"))
        yield from self.shown("members", Target(page="members"))
        yield from self.shown("member", Target(page="members", id=anne))
        yield from self._tabs("member")
        yield from self._household()
        contact = Target(page="members", task=Task.LOG_CONTACT, person=anne)
        yield from self.shown("contact", contact)
        self.press("Chan&ge")
        yield self.settled("contact, unfolded")
        yield from self.shown("new member", Target(page="members", task=Task.NEW))
        people = self.frame.page
        assert isinstance(people, MembersPage)
        people.question.blank.click()
        yield self.settled("member form")
        yield from self.shown("requests", Target(page="requests"))
        yield from self.shown("request", Target(page="requests", id=request))
        yield from self._tabs("request")
        new_request = Target(page="requests", task=Task.NEW, person=anne)
        yield from self.shown("new request", new_request)
        yield from self._meetings(anne)
        yield from self.shown("exchange", Target(page="exchange"))
        self.frame.page.new()
        assert isinstance(self.frame.page, ExchangePage)
        yield self.settled("import")
        yield from self.shown("settings", Target(page="settings"))
        self.press("&Add a site")
        yield self.settled("new site")
        yield from self._hub()
        yield from self.shown("help", Target(page="help"))

    def _hub(self) -> Iterator[str]:
        yield from self.shown("hub", Target(page="committee"))
        page = self.frame.page
        assert isinstance(page, CommitteePage)
        if page.place.begin.isVisible():  # a walk before this one began it
            page.begin(self.program.folder.path.parent / "hub", "")
            self.settled("hub, begun")
            page.add_office("Communauté de communes de la vallée de Valbrune")
        yield self.settled("hub, with an office")

    def _household(self) -> Iterator[str]:
        people = self.frame.page
        assert isinstance(people, MembersPage)
        people.card.tabs.go_to(people.card.household)
        self.press("Add a person")
        yield self.settled("member of the household")
        self.press("Close, keep the text")

    def press(self, words: str) -> None:
        """Press the button of these English words."""
        every = self.frame.page.findChildren(QAbstractButton)
        next(one for one in every if one.isVisible() and one.text() == language._(words)).click()

    def _meetings(self, person: int) -> Iterator[str]:
        yield from self.shown("week", Target(page="meetings"))
        calendar = self.frame.page
        assert isinstance(calendar, MeetingsPage)
        for view in (View.DAY, View.LIST):
            calendar.toolbar.views[view].click()
            yield self.settled(view.value)
        calendar.toolbar.times.click()
        yield self.settled("absences")
        meeting = self.find(meetings.find_ids, "le goff")
        yield from self.shown("meeting", Target(page="meetings", id=meeting))
        yield from self.shown("new meeting", Target(page="meetings", task=Task.NEW, person=person))

    def _tabs(self, name: str) -> Iterator[str]:
        for tabs in self.frame.page.findChildren(Tabs):
            if tabs.isVisible():
                for page, word in zip(tabs.pages[1:], tabs.words[1:], strict=True):
                    tabs.go_to(page)
                    yield self.settled(f"{name}, {word.text()}")

    def shown(self, name: str, target: Target) -> Iterator[str]:
        assert self.frame.go(target), name
        yield self.settled(name)

    def comes_back(self) -> None:
        """Make the window the active one, which others may have been."""
        self.program.window.activateWindow()
        self.qtbot.waitUntil(self.program.window.isActiveWindow)

    def _is_growing(self) -> bool:
        return any(tab.is_growing for tab in self.frame.page.findChildren(TimelineTab))

    def settled(self, name: str) -> str:
        """Wait until all answers are there, to the last line."""
        workspace = self.program.workspace
        assert workspace
        while True:
            self.qtbot.waitUntil(lambda: not (workspace.is_busy or self._is_growing()))
            QApplication.processEvents()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            if not workspace.is_busy:
                break
        for _ in range(LAYOUT_ROUNDS):
            QApplication.processEvents()
        return name

    def lasting(self, scene: str, look: Callable[[], list[str]]) -> list[str]:
        """The faults of a scene that stay: while something comes late, it may have no room yet."""
        self.settled(scene)
        found = look()
        for _ in range(LOOKS - 1):
            if found:
                QTest.qWait(BETWEEN_MS)
                self.settled(scene)
                found = look()
        return [f"{scene}, {self.program.window.width()} wide: {fault}" for fault in found]

    def find(self, find_ids: Callable[..., object], words: str) -> int:
        """The id of the first that words find."""
        workspace = self.program.workspace
        assert workspace
        moment = {"now": NOW} if find_ids is meetings.find_ids else {"today": NOW.date()}
        found = workspace.now(lambda s: list(find_ids(s, words, **moment)))  # type: ignore[call-overload]
        return int(found[0])


def squeezed(shown: list[Worded]) -> list[str]:
    """Those that have less room than they need."""
    found = []
    for widget in shown:
        needs = widget.sizeHint()
        if isinstance(widget, QLabel) and widget.wordWrap():
            needs = widget.minimumSizeHint()
            needs.setHeight(widget.heightForWidth(widget.width()))
        if needs.width() > widget.width() + 1 or needs.height() > widget.height() + 1:
            found.append(f"{widget.text()}: {needs.toTuple()} in {widget.size().toTuple()}")
    return found


def sideways(window: QWidget) -> list[str]:
    """What scrolls from side to side."""
    return [
        f"{type(area).__name__} {area.accessibleName()}"
        for area in window.findChildren(QAbstractScrollArea)
        if area.isVisible() and area.horizontalScrollBar().isVisible()
    ]


def faults(walk: Walk, width: int) -> list[str]:
    """What has no name or not the room that it needs in a window that was made so wide."""
    window = walk.program.window
    shown = in_words(window)
    found = [*nameless(window), *squeezed(shown), *same_letters(shown), *sideways(window)]
    if window.width() > width:
        found.append(f"the window grew from {width}")
    return found + cut(walk.frame.page)


@pytest.mark.parametrize(("percent", "widths"), [(100, (1240, 700)), (200, (1240,))])
@pytest.mark.parametrize("code", language.LANGUAGES)
def test_everything_has_a_name_and_the_room_it_needs(
    opened: Opened, code: str, percent: int, widths: tuple[int, ...]
) -> None:
    walk = opened(code, percent)
    window = walk.program.window
    found: list[str] = []

    for scene in walk.scenes():
        for width in widths:
            window.resize(width, 800)
            found += walk.lasting(scene, partial(faults, walk, width))

    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("size", "styles"), [((640, 520), {ICON}), ((1024, 600), WORDS), ((1024, 800), WORDS)]
)
def test_large_text_in_a_small_window_leaves_the_navigation_whole(
    opened: Opened, size: tuple[int, int], styles: set[Qt.ToolButtonStyle]
) -> None:
    walk = opened("fr", 200)
    rail = walk.frame.navigation
    walk.program.window.resize(*size)
    found: list[str] = []

    for key in rail.buttons:
        list(walk.shown(key, Target(page=key)))
        found += squeezed(in_words(rail))

    assert not found, "\n".join(found)
    assert {made.toolButtonStyle() for made in rail.buttons.values()} <= styles


def test_large_text_in_the_smallest_window_cuts_no_card(opened: Opened) -> None:
    walk = opened("fr", 200)
    anne = walk.find(members.find_ids, "le goff")
    list(walk.shown("member", Target(page="members", id=anne)))
    walk.program.window.resize(640, 520)
    found: list[str] = []

    for target in (
        Target(page="members", id=anne),
        Target(page="members", task=Task.LOG_CONTACT, person=anne),
        Target(page="members", task=Task.NEW),
        Target(page="requests", id=walk.find(requests.find_ids, "")),
        Target(page="exchange"),
        Target(page="settings"),
        Target(page="help"),
    ):
        list(walk.shown(target.page, target))
        page = walk.frame.page
        if isinstance(page, MembersPage) and target.task is Task.NEW:
            page.question.blank.click()
        if isinstance(page, SettingsPage):
            walk.press("&Add a site")
            walk.settled(target.page)
            make, needs = page.copies.make, page.copies.make.sizeHint()
            assert make.width() >= needs.width() or make.height() > needs.height(), "cut"
        walk.settled(target.page)
        found += [f"{target.page}: {fault}" for fault in cut(page)]

    assert not found, "\n".join(found)


@pytest.mark.parametrize(("code", "percent"), [("fr", 100), ("en", 200)])
def test_the_keyboard_reaches_everything_and_leaves_again(
    opened: Opened, code: str, percent: int
) -> None:
    walk = opened(code, percent)
    found: list[str] = []

    for scene in walk.scenes():
        walk.comes_back()
        found += walk.lasting(scene, partial(out_of_reach, walk))

    assert not found, "\n".join(found)


def test_a_number_key_leads_to_each_page_from_the_one_before(opened: Opened) -> None:
    walk = opened("fr", 100)
    for number, key in enumerate(walk.frame.navigation.buttons, 1):
        QTest.keyClick(
            QApplication.focusWidget() or walk.frame, Qt.Key(Qt.Key.Key_0 + number), CTRL
        )
        walk.settled(key)
        assert walk.frame.place == key
        focused = QApplication.focusWidget()
        assert focused, key
        assert walk.frame.page.isAncestorOf(focused)


def test_a_form_that_unfolds_below_comes_into_view(opened: Opened) -> None:
    walk = opened("en", 160)
    list(walk.shown("settings", Target(page="settings")))

    walk.press("&Add a site")
    walk.settled("new site")

    focused = QApplication.focusWidget()
    assert isinstance(focused, QLineEdit)
    walk.qtbot.waitUntil(
        lambda: focused.visibleRegion().boundingRect().height() == focused.height()
    )


@pytest.mark.parametrize("code", language.LANGUAGES)
def test_the_parts_of_a_card_stand_in_one_line(opened: Opened, code: str) -> None:
    walk = opened(code, 100)
    anne = walk.find(members.find_ids, "le goff")

    list(walk.shown("member", Target(page="members", id=anne)))

    page = walk.frame.page
    assert isinstance(page, MembersPage)
    places = [word.pos() for word in page.card.tabs.words]
    assert len({place.x() for place in places}) == len(places)
    assert len({place.y() for place in places}) == 1


def test_a_line_of_today_comes_into_view_with_its_answers(opened: Opened) -> None:
    walk = opened("fr", 200)
    list(walk.shown("today", Target(page="today")))
    page = walk.frame.page
    assert isinstance(page, TodayPage)
    page.take_focus()

    for line in page.sections.lines:
        walk.qtbot.waitUntil(partial(are_in_view, line.buttons.values()))
        QTest.keyClick(line.head, Qt.Key.Key_Down, PLAIN)


def are_in_view(widgets: Iterable[QWidget]) -> bool:
    """Whether all of them is seen."""
    return all(one.visibleRegion().boundingRect() == one.rect() for one in widgets)


def out_of_reach(walk: Walk) -> list[str]:
    """What Tab and F6 do not lead to or away from."""
    return [*round_trip(walk.program.window, walk.frame.search), *beyond_f6(walk.frame)]


def beyond_f6(frame: Frame) -> list[str]:
    """The parts of the page to which F6 does not lead."""
    missed = []
    for part, _take_focus in frame.page.parts():
        frame.search.setFocus()
        reached = []
        for _key in range(5):
            QTest.keyClick(QApplication.focusWidget() or frame, Qt.Key.Key_F6, PLAIN)
            reached.append(QApplication.focusWidget())
        if not any(part is it or part.isAncestorOf(it) for it in reached if it):
            missed.append(f"F6 does not lead to {type(part).__name__}")
    return missed


def round_trip(window: QWidget, start: QLineEdit) -> list[str]:
    """Press Tab from start until back there: what is not reached, not seen, or has no way out."""
    start.setFocus(Qt.FocusReason.ShortcutFocusReason)
    reached: list[QWidget] = []
    faults = []
    for _ in range(MOST_STOPS):
        before = QApplication.focusWidget()
        assert before
        QTest.keyClick(before, Qt.Key.Key_Tab, PLAIN)
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)  # as between two keys
        here = QApplication.focusWidget()
        if isinstance(before, QTimeEdit) and here is before:  # from its hours to its minutes
            QTest.keyClick(before, Qt.Key.Key_Tab, PLAIN)
            here = QApplication.focusWidget()
        if here is before or here is None:
            return [f"Tab does not leave {told(before)}"]
        if here.visibleRegion().isEmpty():
            QTest.qWait(2 * UNFOLDED_MS)
        if here.visibleRegion().isEmpty():
            faults.append(f"not in view with the focus: {told(here)}")
        if here is start:
            break
        reached.append(here)
    else:
        return [f"no way back within {MOST_STOPS} stops"]
    return faults + [
        f"not reached: {told(widget)}"
        for widget in window.findChildren(QWidget)
        if widget.isVisible()
        and widget.isEnabled()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus == Qt.FocusPolicy.TabFocus
        and widget.focusProxy() is None
        and widget is not start
        and widget not in reached
    ]


def told(widget: QWidget) -> str:
    """Which widget it is."""
    text = widget.text() if isinstance(widget, QAbstractButton) else ""
    return f"{type(widget).__name__} {widget.accessibleName() or text}"
