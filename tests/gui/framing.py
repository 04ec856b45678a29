"""A frame around pages that remember what was asked of them, and a search that knows two people."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout
from pytestqt.qtbot import QtBot

from correspondent_desk.domain.actions import Action
from correspondent_desk.gui.frame import Frame
from correspondent_desk.gui.main_window import MainWindow
from correspondent_desk.gui.page import Found, Page, Place, Target
from correspondent_desk.gui.tasks import Job
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.messages.steps import step_name
from correspondent_desk.store import history
from correspondent_desk.store.changes import Changed
from correspondent_desk.store.tables import Member

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
            job.end()
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
