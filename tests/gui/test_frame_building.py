"""Pages that are built before somebody goes to them, part by part."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.fields import Kind
from correspondent_desk.gui.frame import Frame
from correspondent_desk.gui.page import Found, Page, Place, Target
from correspondent_desk.gui.pages import Pages
from correspondent_desk.gui.tasks import Job
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.store import history
from correspondent_desk.store.changes import Changed
from correspondent_desk.store.connection import NoStore
from correspondent_desk.store.tables import Member


class PageOfParts(Page):
    """Three fields, each made in a step of its own; made says which, in which turn of the loop."""

    def __init__(self, key: str, made: list[str]) -> None:
        super().__init__()
        self.key, self.made = key, made
        self.heard: list[Changed] = []
        self.fields: list[QLineEdit] = []
        self._column = QVBoxLayout(self)
        self.steps = self._build()

    def _build(self) -> Iterator[None]:
        for number in range(3):
            field = QLineEdit()
            self._column.addWidget(field)
            self.fields.append(field)
            self.made.append(f"{self.key} {number}")
            yield

    def refresh(self, changed: Changed) -> None:
        self.heard.append(changed)


@pytest.fixture
def made() -> list[str]:
    return []


@pytest.fixture
def frame(qtbot: QtBot, workspace: Workspace, made: list[str]) -> Frame:
    def place(key: str) -> Place:
        return Place(key=key, title=key, icon="users", make=lambda: PageOfParts(key, made))

    frame = Frame(
        workspace,
        [place(key) for key in ("today", "members", "requests")],
        search=_finds_nobody,
        name_step=lambda step: step.code,
        explain=lambda error: error.code,
    )
    qtbot.addWidget(frame)
    frame.show()
    return frame


def _finds_nobody(_words: str, then: Callable[[list[Found]], object]) -> Job[list[Found]]:
    return Job(then)


def page(frame: Frame) -> PageOfParts:
    assert isinstance(frame.page, PageOfParts)
    return frame.page


def parts(*keys: str) -> list[str]:
    return [f"{key} {number}" for key in keys for number in range(3)]


def test_only_the_first_page_is_built_at_once(frame: Frame, made: list[str]) -> None:
    assert frame.place == "today"
    assert made == parts("today")


def test_other_events_come_between_two_parts(qtbot: QtBot, frame: Frame, made: list[str]) -> None:
    seen: list[int] = []

    class Listener(QObject):
        def customEvent(self, _event: QEvent) -> None:
            seen.append(len(made))
            if len(made) < len(parts("today", "members", "requests")):
                QApplication.postEvent(self, QEvent(QEvent.Type.User))

    listener = Listener()
    QApplication.postEvent(listener, QEvent(QEvent.Type.User))
    frame.build_ahead()
    qtbot.waitUntil(lambda: seen[-1:] == [9])

    assert made == parts("today", "members", "requests")
    assert set(seen) == set(range(3, 10))


def test_nothing_that_is_shown_changes(qtbot: QtBot, frame: Frame, made: list[str]) -> None:
    page(frame).fields[0].setFocus()

    frame.build_ahead()
    qtbot.waitUntil(lambda: len(made) == 9)

    assert frame.place == "today"
    assert page(frame).fields[0].hasFocus()


def test_who_goes_to_a_page_that_is_being_built_finds_all_of_it(
    qtbot: QtBot, frame: Frame, made: list[str]
) -> None:
    frame.build_ahead()
    qtbot.waitUntil(lambda: "members 0" in made)
    frame.go(Target(page="members"))

    assert len(page(frame).fields) == 3
    assert made.count("members 2") == 1


def test_a_page_built_ahead_is_the_one_shown(qtbot: QtBot, frame: Frame, made: list[str]) -> None:
    frame.build_ahead()
    qtbot.waitUntil(lambda: len(made) == 9)
    frame.go(Target(page="requests"))

    assert page(frame).key == "requests"
    assert made == parts("today", "members", "requests")


def test_what_changed_while_a_page_was_built_is_told_when_it_is_shown(
    qtbot: QtBot, frame: Frame, workspace: Workspace, made: list[str]
) -> None:
    frame.build_ahead()
    qtbot.waitUntil(lambda: "members 0" in made)
    with qtbot.waitSignal(workspace.happened):
        workspace.do(
            Action.MEMBER_CREATED,
            lambda s: history.create(s, Member, first_name="Anne", family_name="X").id,
        )
    frame.go(Target(page="members"))

    assert [Kind.MEMBER in changed for changed in page(frame).heard] == [True]


def test_nothing_is_built_on_a_desk_that_was_closed(
    qtbot: QtBot, frame: Frame, workspace: Workspace, made: list[str]
) -> None:
    frame.build_ahead()
    workspace.close()
    qtbot.wait(100)

    assert made == parts("today")


def test_a_page_of_which_a_part_cannot_be_made_is_begun_anew(qtbot: QtBot) -> None:
    made: list[str] = []
    damaged = [NoStore(path="desk.db")]

    class Refused(PageOfParts):
        def _build(self) -> Iterator[None]:
            yield from super()._build()
            while damaged:
                raise damaged.pop()

    pages = Pages({"members": lambda: Refused("members", made)}, ["members"])
    qtbot.addWidget(pages)
    pages.show()
    with capture_exceptions() as raised:
        pages.build_ahead()
        qtbot.waitUntil(lambda: bool(raised))

    assert [kind for kind, _error, _trace in raised] == [NoStore]
    pages.keep_typing()
    pages.show_page("members")
    assert made == [f"members {number}" for number in (0, 1, 2, 0, 1, 2)]
    assert pages.count() == 1
    pages.keep_typing()
