"""Somebody at the real window: finds things by the words they read, and waits as people do."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTableView,
    QWidget,
)

from correspondent_desk import language
from correspondent_desk.app.program import Program
from correspondent_desk.gui.exchange.page import ExchangePage
from correspondent_desk.gui.frame import Frame
from correspondent_desk.gui.page import Page
from correspondent_desk.gui.pages import Pages
from correspondent_desk.store.vault import DeskFolder
from tests.typing_keys import type_text

NOW = datetime(2026, 11, 24, 8, 40, tzinfo=ZoneInfo("Europe/Paris"))
PAGES = 6  # without the help, and where no hub is kept
PATIENCE_MS = 60_000  # a busy computer is no failure
CTRL = Qt.KeyboardModifier.ControlModifier
NO_MODIFIER = Qt.KeyboardModifier.NoModifier

P = TypeVar("P", bound=Page)


class Waiting(Protocol):
    """Runs the window until something holds; pytest-qt's qtbot does."""

    def waitUntil(self, callback: Callable[[], bool], *, timeout: int) -> None:  # noqa: N802 - Qt's way
        """Raise if callback does not come to hold within timeout milliseconds."""


class Someone:
    """One program on one desk, with the person before it."""

    def __init__(
        self,
        qtbot: Waiting,
        app: QApplication,
        folder: Path,
        speaks: str,
        *,
        clock: Callable[[], datetime] | None = lambda: NOW,
    ) -> None:
        """clock None: this computer's, where a hub looks at its own."""
        self._qtbot, self._speaks = qtbot, speaks
        self.program = Program(app, DeskFolder(folder), speaks, clock=clock)
        self.program.window.resize(1240, 900)
        self.program.start()

    def sits_down(self) -> None:
        """Before this window after another one was used: a process speaks one language at a time."""
        language.use(self._speaks)
        self.waits_until(self._is_in_front)

    @property
    def window(self) -> QWidget:
        """What is on the screen."""
        return self.program.window

    @property
    def frame(self) -> Frame:
        """The frame around the pages, once the desk is open."""
        assert self.program.frame is not None
        return self.program.frame

    def waits_until(self, holds: Callable[[], object]) -> None:
        """Wait until holds."""
        self._qtbot.waitUntil(lambda: bool(holds()), timeout=PATIENCE_MS)

    def waits_for_the_desk(self) -> None:
        """Wait until the desk is open and on the screen."""
        self.waits_until(
            lambda: (
                self.program.frame is not None
                and self.program.window.presented is self.program.frame
            )
        )

    def waits_for_the_pages(self) -> None:
        """Wait until all pages are built, before somebody with another language sits down."""
        pages = self.frame.findChild(Pages)
        assert pages is not None
        self.waits_until(lambda: len(list(pages.whole)) == PAGES)

    def reads(self, words: str) -> bool:
        """Whether these words stand on the screen."""
        shown = [label.text() for label in self.window.findChildren(QLabel) if label.isVisible()]
        shown += [
            one.text() for one in self.window.findChildren(QAbstractButton) if one.isVisible()
        ]
        return any(words in text.replace("&", "") for text in shown)

    def waits_to_read(self, words: str) -> None:
        """Wait until these words stand on the screen."""
        self.waits_until(lambda: self.reads(words))

    def clicks(self, words: str) -> None:
        """Press the button with these words, once it can be pressed."""
        self.waits_until(lambda: self._button(words))
        found = self._button(words)
        assert found is not None
        QTest.mouseClick(found, Qt.MouseButton.LeftButton)

    def types(self, text: str) -> None:
        """Type where the focus is."""
        focused = QApplication.focusWidget()
        assert focused is not None
        type_text(focused, text)

    def writes(self, field: QWidget, text: str) -> None:
        """Click into field, empty it and type."""
        field.setFocus()
        if isinstance(field, QLineEdit | QPlainTextEdit):
            field.selectAll()
        type_text(field, text)

    def presses(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        """Press one key where the focus is, in this window."""
        self.waits_until(self._is_in_front)
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifiers)

    def goes_to(self, number: int, kind: type[P]) -> P:
        """Press Ctrl and the number of a page."""
        self.presses(Qt.Key(Qt.Key.Key_0 + number), CTRL)
        self.waits_until(lambda: isinstance(self.frame.page, kind))
        page = self.frame.page
        assert isinstance(page, kind)
        return page

    def exchange(self) -> ExchangePage:
        """Go to the page of exchanges."""
        return self.goes_to(5, ExchangePage)

    def looks_for(self, words: str) -> list[str]:
        """Type words into the search field; the people and requests under it."""
        self.presses(Qt.Key.Key_K, CTRL)
        search = self.frame.search
        search.clear_all()
        self.types(words)
        self.waits_until(lambda: search.is_open)  # only the newest answer is ever shown
        return [search.results.item(row).text() for row in range(search.results.count())]

    def leaves(self) -> None:
        """Close the window."""
        self.program.window.close()

    def _is_in_front(self) -> bool:
        """Asked for again until it is: what another window still has to do may take it back."""
        if not self.window.isActiveWindow():
            self.window.activateWindow()
        return self.window.isActiveWindow()

    def _button(self, words: str) -> QAbstractButton | None:
        for made in self.window.findChildren(QAbstractButton):
            if made.text().replace("&", "") == words and made.isVisible() and made.isEnabled():
                return made
        return None


def in_table(table: QTableView) -> str:
    """All that stands in table, line by line."""
    model = table.model()
    return "\n".join(
        str(model.data(model.index(row, column), int(role)))
        for row in range(model.rowCount())
        for column in range(model.columnCount())
        for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
    )
