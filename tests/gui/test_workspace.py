"""The workspace: read, do, undo, and hear what changed, on a real desk."""

from datetime import date, datetime

import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.fields import Kind
from correspondent_desk.errors import DeskError
from correspondent_desk.gui.tasks import Tasks
from correspondent_desk.gui.workspace import Happening, How, Workspace
from correspondent_desk.store import history
from correspondent_desk.store.database import Database
from correspondent_desk.store.tables import Member
from tests.builders import add_member


class Reader(QObject):
    """A page that remembers what it was told, in order."""

    told = Signal()

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.heard: list[object] = []
        workspace.changed.connect(self.hear_changed)
        workspace.happened.connect(self.hear_happening)

    def hear(self, answer: object) -> None:
        self.heard.append(answer)
        self.told.emit()

    def hear_changed(self, changed: object) -> None:
        self.heard.append(changed)

    def hear_happening(self, happening: Happening) -> None:
        self.heard.append((happening.how, happening.step.code))


def first_name(workspace: Workspace, id_: int) -> str:
    return workspace.now(lambda s: s.get_one(Member, id_).first_name)


def test_a_page_reads_in_the_background(qtbot: QtBot, desk: Database, workspace: Workspace) -> None:
    id_ = add_member(desk, first_name="Åsa")
    page = Reader(workspace)

    with qtbot.waitSignal(page.told):
        workspace.read(lambda s: s.get_one(Member, id_).first_name, page.hear)

    assert page.heard == ["Åsa"]
    assert first_name(workspace, id_) == "Åsa"


def test_what_was_done_is_told_before_the_asker_goes_on(
    qtbot: QtBot, desk: Database, workspace: Workspace
) -> None:
    id_ = add_member(desk)
    page = Reader(workspace)

    def rename(session: object) -> str:
        session.get_one(Member, id_).first_name = "Malo"  # type: ignore[attr-defined]
        return "done"

    with qtbot.waitSignal(page.told):
        workspace.do(Action.MEMBER_EDITED, rename, page.hear)

    assert page.heard == [
        (How.DONE, Action.MEMBER_EDITED),
        {Kind.MEMBER: frozenset({id_})},
        "done",
    ]


def test_steps_are_taken_back_and_done_again(qtbot: QtBot, workspace: Workspace) -> None:
    page = Reader(workspace)
    can: list[tuple[bool, bool]] = []
    workspace.undoable_changed.connect(
        lambda: can.append((workspace.undoable is not None, workspace.redoable is not None))
    )

    with qtbot.waitSignal(page.told):
        workspace.do(
            Action.MEMBER_CREATED,
            lambda s: history.create(s, Member, first_name="Anne", family_name="X").id,
            page.hear,
        )
    with qtbot.waitSignal(page.told):
        workspace.undo(page.hear)
    with qtbot.waitSignal(page.told):
        workspace.redo(page.hear)

    assert [heard for heard in page.heard if isinstance(heard, tuple)] == [
        (How.DONE, Action.MEMBER_CREATED),
        (How.UNDONE, Action.MEMBER_CREATED),
        (How.REDONE, Action.MEMBER_CREATED),
    ]
    assert can == [(True, False), (False, True), (True, False)]


def test_undo_with_nothing_to_undo_is_refused_to_the_asker(
    qtbot: QtBot, workspace: Workspace
) -> None:
    page = Reader(workspace)

    with qtbot.waitSignal(page.told):
        workspace.undo(failed=page.hear)

    assert isinstance(page.heard[0], DeskError)


def test_a_refusal_nobody_has_a_place_for_is_told_once(qtbot: QtBot, workspace: Workspace) -> None:
    page = Reader(workspace)
    workspace.refused.connect(page.hear)

    with qtbot.waitSignal(page.told):
        workspace.undo()
    with qtbot.waitSignal(page.told):
        workspace.undo()

    assert len(page.heard) == 2


def test_typing_is_there_at_once_and_after_a_restart(desk: Database, tasks: Tasks) -> None:
    workspace = Workspace(desk, tasks)

    workspace.drafts.save("note", "She will bring the paper on Mon")
    at_once = workspace.drafts.load("note")
    workspace.close()
    again = Tasks()
    after = Workspace(desk, again).drafts.load("note")
    again.close()

    assert at_once == after == "She will bring the paper on Mon"


def test_forgotten_typing_does_not_come_back(desk: Database, tasks: Tasks) -> None:
    workspace = Workspace(desk, tasks)
    workspace.drafts.save("note", "x")

    workspace.drafts.forget("note")
    at_once = workspace.drafts.load("note")
    workspace.close()

    assert at_once is None
    assert desk.drafts.body("note") is None


@pytest.mark.usefixtures("qapp")
def test_today_is_what_the_clock_says(desk: Database, tasks: Tasks) -> None:
    clock = datetime.fromisoformat("2026-12-03T23:59:00+01:00")
    workspace = Workspace(desk, tasks, clock=lambda: clock)

    assert workspace.today() == date(2026, 12, 3)
