"""Tab leads through every control of what stands alone in the window."""

from collections.abc import Callable
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from correspondent_desk.gui.lock.bring_back import BringBackPage, Here
from correspondent_desk.gui.lock.committee import CommitteePage
from correspondent_desk.gui.lock.joining import JoinPage
from correspondent_desk.gui.lock.page import LockPage
from correspondent_desk.gui.lock.recovery import RecoveryPage
from correspondent_desk.gui.main_window import MainWindow
from correspondent_desk.gui.tasks import Tasks
from correspondent_desk.gui.widgets.buttons import button
from correspondent_desk.gui.widgets.trouble import Trouble
from tests.gui.framing import window
from tests.gui.hands import focused, press

__all__ = ["window"]


def nothing(*_given: object) -> None:
    """What the pages would ask for."""


def trouble(_tasks: Tasks) -> Trouble:
    page = Trouble("It stopped.", "All is safe.", "Go on.", "report")
    page.add_action(button("Try again"))
    page.add_action(button("Bring a copy back"))
    return page


PAGES: list[Callable[[Tasks], QWidget]] = [
    trouble,
    lambda tasks: LockPage(tasks, nothing),
    lambda tasks: RecoveryPage(tasks, nothing),
    lambda tasks: CommitteePage(tasks, lambda place: (place, ""), nothing),
    lambda tasks: JoinPage(tasks, nothing),
    lambda tasks: BringBackPage(tasks, [], date(2026, 12, 3), nothing, here=Here.A_DESK),
]


@pytest.mark.parametrize("make", PAGES)
def test_tab_reaches_every_control_of_a_page_and_comes_round(
    window: MainWindow, tasks: Tasks, make: Callable[[Tasks], QWidget]
) -> None:
    page = make(tasks)
    window.turn_to(page)
    QApplication.processEvents()
    controls = [
        one
        for one in page.findChildren(QWidget)
        if one.focusPolicy() & Qt.FocusPolicy.TabFocus
        and one.isVisible()
        and one.isEnabled()
        and one.focusProxy() is None
    ]
    first, gone_to = focused(), list[QWidget]()

    for _control in controls:
        gone_to.append(focused())
        press(Qt.Key.Key_Tab)

    missed = [one for one in controls if one not in gone_to]
    assert [one.accessibleName() or one.property("text") for one in missed] == []
    assert focused() is first
