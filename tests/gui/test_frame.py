"""The frame around the pages, as hands and eyes meet it."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout
from pytestqt.qtbot import QtBot

from correspondent_desk import language
from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.fields import Kind
from correspondent_desk.gui.frame import Frame
from correspondent_desk.gui.keys import KEYS, document_keys, keyboard_map
from correspondent_desk.gui.main_window import MainWindow
from correspondent_desk.gui.page import Found, Page, Place, Target, Task
from correspondent_desk.gui.tasks import Job
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.messages.steps import step_name
from correspondent_desk.store import history
from correspondent_desk.store.changes import Changed
from correspondent_desk.store.tables import Member
from tests.gui.a11y import nameless
from tests.gui.hands import focused, press, type_here

CTRL = Qt.KeyboardModifier.ControlModifier
KEYS_OF_PLACES = ("today", "members", "requests", "meetings", "exchange", "settings")


class PageOfCalls(Page):
    """Remembers what the frame asked of it."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self.calls: list[object] = []
        self.person: int | None = None
        self.request: int | None = None
        self.may_leave = True
        self.steps_back = 0
        self.field = QLineEdit()
        self.field.setAccessibleName(f"Field of {key}")
        column = QVBoxLayout(self)
        column.addWidget(self.field)
        column.addWidget(QPushButton(f"Action of {key}"))

    def open(self, target: Target) -> None:
        if target.id is not None:
            self.calls.append(("open", target.id))

    def new(self, person: int | None = None, request: int | None = None) -> None:
        self.calls.append(("new", person) if request is None else ("new", person, request))

    def log_contact(self, person: int | None = None, request: int | None = None) -> None:
        about = () if request is None else (request,)
        self.calls.append(("log_contact", person, *about))

    def print_page(self) -> bool:
        self.calls.append("print")
        return self.person is not None

    def person_in_view(self) -> int | None:
        return self.person

    def request_in_view(self) -> int | None:
        return self.request

    def step_back(self) -> bool:
        self.steps_back -= 1
        return self.steps_back >= 0

    def leave(self) -> bool:
        self.calls.append("leave")
        return self.may_leave

    def refresh(self, changed: Changed) -> None:
        self.calls.append(dict(changed))


class Index:
    """A search that knows two people and remembers what was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.waiting: list[tuple[Job[list[Found]], list[Found]]] = []
        self.answers_at_once = True

    def __call__(self, words: str, then: Callable[[list[Found]], object]) -> Job[list[Found]]:
        self.asked.append(words)
        job = Job(then)
        people = {7: "Anne LE GOFF", 8: "Yann LE GOFF"}
        found = [
            Found(title=name, subtitle="Town hall", target=Target(page="members", id=id_))
            for id_, name in people.items()
            if words.strip().lower() in name.lower()
        ]
        self.waiting.append((job, found))
        if self.answers_at_once:
            self.answer()
        return job

    def answer(self) -> None:
        for job, found in self.waiting:
            job.succeed(found)
        self.waiting.clear()


@pytest.fixture
def index() -> Index:
    return Index()


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    window = MainWindow()
    qtbot.addWidget(window)
    window.resize(1200, 800)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)
    yield window
    window.close()


@pytest.fixture
def frame(window: MainWindow, workspace: Workspace, index: Index) -> Frame:
    places = [
        Place(
            key=key,
            title=key.capitalize(),
            icon="users",
            make=partial(PageOfCalls, key),
            at_bottom=key == "settings",
        )
        for key in KEYS_OF_PLACES
    ]
    frame = Frame(
        workspace,
        places,
        search=index,
        name_step=lambda step: step_name(step.code),
        explain=lambda error: f"Refused: {error.code}",
        office="Town of X",
    )
    window.present(frame)
    return frame


def page(frame: Frame) -> PageOfCalls:
    assert isinstance(frame.page, PageOfCalls)
    return frame.page


def page_at(frame: Frame, key: str) -> PageOfCalls:
    """The page of key, visited once so that it exists; today is in view again after."""
    frame.go(Target(page=key))
    made = page(frame)
    frame.go(Target(page="today"))
    made.calls.clear()
    return made


def add_somebody(qtbot: QtBot, workspace: Workspace) -> None:
    """One step of history, as a page would do it."""
    with qtbot.waitSignal(workspace.happened):
        workspace.do(
            Action.MEMBER_CREATED,
            lambda s: history.create(s, Member, first_name="Anne", family_name="X").id,
        )


def test_the_first_place_is_in_view_and_the_others_are_not_built(frame: Frame) -> None:
    assert frame.place == "today"
    assert [key for key, made in frame.navigation.buttons.items() if made.isChecked()] == ["today"]
    assert len(frame.findChildren(PageOfCalls)) == 1


def test_work_begins_on_the_page_without_a_click(frame: Frame) -> None:
    assert page(frame).field.hasFocus()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_enter_presses_a_place_as_space_does(frame: Frame, key: Qt.Key) -> None:
    frame.navigation.buttons["requests"].setFocus()
    press(key)

    assert frame.place == "requests"


@pytest.mark.parametrize("number", range(6))
def test_digits_lead_to_pages_and_put_the_focus_there(frame: Frame, number: int) -> None:
    page(frame).field.setFocus()

    press(Qt.Key(Qt.Key.Key_1.value + number), CTRL)

    assert frame.place == KEYS_OF_PLACES[number]
    assert focused() is page(frame).field
    assert frame.navigation.buttons[frame.place].isChecked()


def test_a_french_keyboard_needs_no_shift(frame: Frame) -> None:
    page(frame).field.setFocus()

    press(Qt.Key.Key_Eacute, CTRL)

    assert frame.place == "members"


def test_a_click_in_the_navigation_leads_there(frame: Frame) -> None:
    QTest.mouseClick(frame.navigation.buttons["meetings"], Qt.MouseButton.LeftButton)

    assert frame.place == "meetings"


def test_a_page_that_must_be_answered_stays(frame: Frame) -> None:
    page(frame).may_leave = False

    QTest.mouseClick(frame.navigation.buttons["meetings"], Qt.MouseButton.LeftButton)

    assert frame.place == "today"
    assert frame.navigation.buttons["today"].isChecked()


def test_search_is_one_key_away_and_enter_opens(frame: Frame, index: Index) -> None:
    page(frame).field.setFocus()

    press(Qt.Key.Key_K, CTRL)
    type_here("le goff")
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Return)

    assert index.asked[-1] == "le goff"
    assert frame.place == "members"
    assert page(frame).calls == [("open", 8)]
    assert frame.search.text() == ""
    assert not frame.search.is_open


def test_only_the_newest_answer_of_the_search_is_shown(frame: Frame, index: Index) -> None:
    index.answers_at_once = False
    frame.search.setFocus()
    type_here("anne")
    frame.search.clear()
    type_here("yann")

    index.answer()

    assert frame.search.results.count() == 1
    assert frame.search.results.item(0).text() == "Yann LE GOFF"


def test_search_finds_commands_too(frame: Frame, qtbot: QtBot) -> None:
    frame.search.setFocus()
    type_here("lock")

    with qtbot.waitSignal(frame.lock_wanted):
        press(Qt.Key.Key_Return)


def test_search_says_that_nothing_is_found(frame: Frame) -> None:
    frame.search.setFocus()
    type_here("zzz")

    assert "zzz" in frame.search.results.item(0).text()
    press(Qt.Key.Key_Return)
    assert frame.place == "today"


def test_escape_goes_back_step_by_step(frame: Frame) -> None:
    frame.go(Target(page="members", id=7))
    members = page(frame)
    members.steps_back = 1
    frame.search.setFocus()
    type_here("anne")

    press(Qt.Key.Key_Escape)
    assert (frame.search.is_open, frame.search.text()) == (False, "anne")
    press(Qt.Key.Key_Escape)
    assert focused() is members.field
    press(Qt.Key.Key_Escape)
    assert (frame.place, members.steps_back) == ("members", 0)
    press(Qt.Key.Key_Escape)
    assert frame.place == "today"
    press(Qt.Key.Key_Escape)
    assert frame.place == "today"


@pytest.mark.parametrize(
    ("key", "place", "call"),
    [
        (Qt.Key.Key_E, "members", ("log_contact", 7)),
        (Qt.Key.Key_R, "requests", ("new", 7)),
        (Qt.Key.Key_M, "meetings", ("new", 7)),
    ],
)
def test_keys_act_on_the_person_in_view(
    frame: Frame, key: Qt.Key, place: str, call: object
) -> None:
    page(frame).person = 7
    page(frame).field.setFocus()

    press(key, CTRL)

    assert frame.place == place
    assert page(frame).calls[-1] == call


def test_a_meeting_and_a_contact_are_about_the_request_in_view(frame: Frame) -> None:
    page(frame).person, page(frame).request = 7, 9
    page(frame).field.setFocus()

    press(Qt.Key.Key_M, CTRL)

    assert page(frame).calls[-1] == ("new", 7, 9)


def test_without_a_person_in_view_the_search_asks_for_one(frame: Frame) -> None:
    page(frame).field.setFocus()

    press(Qt.Key.Key_R, CTRL)
    said = frame.line.words.text()
    type_here("yann")
    press(Qt.Key.Key_Return)

    assert said
    assert frame.place == "requests"
    assert page(frame).calls == [("new", 8)]


def test_asking_for_a_person_can_be_given_up(frame: Frame) -> None:
    page(frame).field.setFocus()
    press(Qt.Key.Key_R, CTRL)
    press(Qt.Key.Key_Escape)

    press(Qt.Key.Key_K, CTRL)
    type_here("yann")
    press(Qt.Key.Key_Return)

    assert frame.place == "members"
    assert page(frame).calls == [("open", 8)]


def test_f6_goes_from_part_to_part_and_back(
    qtbot: QtBot, frame: Frame, workspace: Workspace
) -> None:
    add_somebody(qtbot, workspace)  # the quiet line offers to take it back
    frame.search.setFocus()
    seen = []
    for _part in range(4):
        press(Qt.Key.Key_F6)
        seen.append(focused())

    assert seen == [
        page(frame).field,
        frame.line.action,
        frame.navigation.buttons["today"],
        frame.search,
    ]
    press(Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert focused() is frame.navigation.buttons["today"]


def test_the_help_names_every_key_of_the_window() -> None:
    groups = keyboard_map(["Today", "Members"])
    shown = {line.keys for group in groups for line in group.lines}

    assert {keys[0] for keys in KEYS.values()} <= shown
    assert {"Ctrl+1", "Ctrl+2", *document_keys()} <= shown


def test_new_and_print_belong_to_the_page(frame: Frame) -> None:
    page(frame).field.setFocus()

    press(Qt.Key.Key_N, CTRL)
    press(Qt.Key.Key_P, CTRL)

    assert page(frame).calls == [("new", None), "print"]
    assert frame.line.words.text() == "There is nothing to print on this page."


def test_what_was_done_is_said_and_can_be_undone_on_the_spot(
    qtbot: QtBot, frame: Frame, workspace: Workspace
) -> None:
    add_somebody(qtbot, workspace)
    assert frame.line.words.text() == "Saved: New member"
    assert frame.line.action.accessibleName() == "Undo “New member”"

    with qtbot.waitSignal(workspace.happened):
        QTest.mouseClick(frame.line.action, Qt.MouseButton.LeftButton)

    assert frame.line.words.text() == "Taken back: New member"
    with qtbot.waitSignal(workspace.happened):
        QTest.mouseClick(frame.line.action, Qt.MouseButton.LeftButton)
    assert frame.line.words.text() == "Done again: New member"


def test_a_page_may_say_it_better_and_undo_stays(
    qtbot: QtBot, frame: Frame, workspace: Workspace
) -> None:
    add_somebody(qtbot, workspace)

    page(frame).said.emit("Anne X is on the list.")

    assert frame.line.words.text() == "Anne X is on the list."
    assert not frame.line.action.isHidden()


def test_undo_and_redo_by_key(qtbot: QtBot, frame: Frame, workspace: Workspace) -> None:
    add_somebody(qtbot, workspace)
    frame.navigation.buttons["today"].setFocus()

    with qtbot.waitSignal(workspace.happened):
        press(Qt.Key.Key_Z, CTRL)
    assert workspace.undoable is None
    with qtbot.waitSignal(workspace.happened):
        press(Qt.Key.Key_Y, CTRL)

    assert workspace.redoable is None
    press(Qt.Key.Key_Y, CTRL)
    assert frame.line.words.text() == "There is nothing to do again."


def test_undo_in_a_text_field_is_the_fields_own(
    qtbot: QtBot, frame: Frame, workspace: Workspace
) -> None:
    add_somebody(qtbot, workspace)
    field = page(frame).field
    field.setFocus()
    type_here("x")

    press(Qt.Key.Key_Z, CTRL)

    assert field.text() == ""
    assert workspace.undoable


class GreedyField(QLineEdit):
    """Takes every key for itself, as text fields on X11 take Ctrl+K and Ctrl+E."""

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)


def test_text_fields_do_not_take_the_frames_keys(frame: Frame) -> None:
    field = GreedyField(page(frame))
    field.show()
    field.setFocus()

    press(Qt.Key.Key_N, CTRL)
    press(Qt.Key.Key_K, CTRL)

    assert page(frame).calls == [("new", None)]
    assert focused() is frame.search


def test_changes_reach_the_page_in_view_at_once_and_the_others_when_shown(
    qtbot: QtBot, frame: Frame, workspace: Workspace
) -> None:
    members = page_at(frame, "members")

    add_somebody(qtbot, workspace)
    add_somebody(qtbot, workspace)

    told = [call for call in page(frame).calls if isinstance(call, dict)]
    assert [set(call) for call in told] == [{Kind.MEMBER}, {Kind.MEMBER}]
    assert members.calls == []
    frame.go(Target(page="members"))
    (late,) = members.calls
    assert isinstance(late, dict)
    assert len(late[Kind.MEMBER]) == 2


def test_a_refusal_nobody_has_a_place_for_is_said(
    qtbot: QtBot, frame: Frame, workspace: Workspace
) -> None:
    frame.line.fade_after(20)
    with qtbot.waitSignal(workspace.refused):
        workspace.undo()
    qtbot.wait(80)  # anything else would be gone by now

    assert frame.line.words.text().startswith("! Refused: ")
    assert frame.line.words.property("role") == "problem"


def test_pages_lead_to_one_another(frame: Frame) -> None:
    page(frame).wanted.emit(Target(page="requests", task=Task.NEW, person=8))

    assert page(frame).calls == [("new", 8)]


def test_locking_lets_every_page_keep_its_typing(qtbot: QtBot, frame: Frame) -> None:
    members = page_at(frame, "members")

    with qtbot.waitSignal(frame.lock_wanted):
        press(Qt.Key.Key_L, CTRL)

    assert members.calls == ["leave"]
    assert page(frame).calls[-1] == "leave"


def test_the_line_stays_while_it_has_the_focus(
    qtbot: QtBot, frame: Frame, workspace: Workspace
) -> None:
    add_somebody(qtbot, workspace)
    frame.line.action.setFocus()
    frame.line.fade_after(10)
    qtbot.wait(60)
    assert frame.line.words.text() == "Saved: New member"

    frame.search.setFocus()

    qtbot.waitUntil(lambda: not frame.line.words.text())
    assert frame.line.action.isHidden()


def test_little_room_puts_the_words_under_the_icons(window: MainWindow, frame: Frame) -> None:
    wide = frame.navigation.width()

    window.resize(760, 700)

    members = frame.navigation.buttons["members"]
    assert frame.navigation.width() < wide * 0.75
    assert members.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonTextUnderIcon
    assert members.sizeHint().width() <= members.width(), "the word is cut"
    window.resize(1200, 700)
    assert frame.navigation.width() == wide


@pytest.mark.parametrize("code", language.LANGUAGES)
def test_every_control_has_a_name(frame: Frame, window: MainWindow, code: str) -> None:
    frame.search.setFocus()
    type_here("anne")
    frame.line.say("Said", "Undo")
    assert nameless(window) == []

    language.use(code)
    frame.go(Target(page="help"))

    assert nameless(window) == []


def test_tab_goes_around_everything(frame: Frame) -> None:
    frame.line.say("Said", "Undo")
    frame.search.setFocus()
    met = []
    for _ in range(12):
        met.append(focused())
        press(Qt.Key.Key_Tab)

    wanted = {
        frame.search,
        frame.help,
        frame.lock,
        page(frame).field,
        frame.line.action,
        frame.navigation.buttons["today"],
    }
    assert wanted <= set(met)


def test_help_shows_every_key_and_escape_leaves_it(frame: Frame) -> None:
    press(Qt.Key.Key_F1)
    assert frame.place == "help"
    shown = " ".join(
        label.text() for label in frame.page.findChildren(type(frame.navigation.office))
    )

    assert all(keys[0] in shown for keys in KEYS.values())
    press(Qt.Key.Key_Escape)
    assert frame.place == "today"
