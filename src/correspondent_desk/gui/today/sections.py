"""The sections of the page with their lines: one is the current one, the arrows go through all."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from correspondent_desk.gui.page import Target
from correspondent_desk.gui.today.asking import WhatFollows
from correspondent_desk.gui.today.entry import Entry, EntryLine
from correspondent_desk.gui.widgets.buttons import Button, edge_button
from correspondent_desk.gui.widgets.card import SectionHeader
from correspondent_desk.gui.widgets.flow import flow_of
from correspondent_desk.gui.widgets.layouts import empty
from correspondent_desk.gui.widgets.scroll import UNFOLDED
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.language import _
from correspondent_desk.messages import today_page

TO_DO = 2  # which of the sections says its order, and has lines not among those given
SHOWN = 6  # lines of a section before "n others"


class Sections(QWidget):
    """Built anew only when what is shown changes; the current line stays, or the one after it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines: list[EntryLine] = []
        self.more_buttons: list[Button] = []
        self.current: EntryLine | None = None
        self._shown: object = None
        self._sections: Sequence[tuple[str, list[Entry]]] = ()
        self._order, self._more = "", 0
        self._go: Callable[[Target], object] = _nowhere
        self._unfolded: set[str] = set()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)

    def show_all(
        self,
        sections: Sequence[tuple[str, list[Entry]]],
        *,
        order: str,
        more: int,
        go: Callable[[Target], object],
    ) -> None:
        """Show the sections that have lines.

        order: why what is to be done stands as it does; more: requests that are not among it.
        """
        shown = ([(title, list(entries)) for title, entries in sections], order, more)
        if shown == self._shown:
            return
        self._shown = shown
        self._sections, self._order, self._more, self._go = sections, order, more, go
        self._build()

    def focus_current(self) -> bool:
        """Go to the current line, or the first; False where there is none."""
        line = self.current or next(iter(self.lines), None)
        if line is None:
            return False
        line.head.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def ask(self, panel: QWidget) -> None:
        """Ask something under the current line."""
        if self.current:
            panel.setObjectName(UNFOLDED)
            self.current.ask(panel)

    def stop_asking(self) -> bool:
        """Put the question away; whoever was in it goes back to its line. False where none was asked."""
        focused = QApplication.focusWidget()
        was_here = focused is None or self.isAncestorOf(focused)
        if self.current is None or not self.current.stop_asking():
            return False
        if was_here:
            self.current.head.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    @property
    def asked(self) -> WhatFollows | None:
        """The question what follows, while it is open."""
        panel = self.current.panel if self.current else None
        return panel if isinstance(panel, WhatFollows) else None

    def keep_typing(self) -> None:
        """Keep what is typed into a question."""
        if self.asked:
            self.asked.keeper.keep_now()

    def _build(self) -> None:
        focused = QApplication.focusWidget()
        had_focus = focused is not None and self.isAncestorOf(focused)
        key = self.current.entry.key if self.current else ""
        place = self.lines.index(self.current) if self.current else 0
        self.keep_typing()
        self._clear()
        for number, (title, entries) in enumerate(self._sections):
            if entries:
                is_to_do = number == TO_DO
                order, more = (self._order, self._more) if is_to_do else ("", 0)
                self._add_section(title, order, entries, more)
        kept = next((line for line in self.lines if line.entry.key == key), None)
        if kept is None and self.lines and key:
            kept = self.lines[min(place, len(self.lines) - 1)]
        if kept is not None:
            self._make_current(kept)
            if had_focus:
                kept.head.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.lines:
            self._make_current(self.lines[0])

    def _clear(self) -> None:
        self.lines, self.more_buttons, self.current = [], [], None
        empty(self._column)

    def _add_section(self, title: str, order: str, entries: list[Entry], more: int) -> None:
        self._column.addWidget(SectionHeader(title))
        if order:
            self._column.addWidget(Words(order, "small"))
        is_folded = title not in self._unfolded and len(entries) > SHOWN + 1
        for entry in entries[:SHOWN] if is_folded else entries:
            line = EntryLine(entry)
            line.became_current.connect(self._make_current)
            line.stepped.connect(self._step)
            self.lines.append(line)
            self._column.addWidget(line)
        if is_folded:
            rest = len(entries) - SHOWN + more
            self._add_button(today_page.more_of(rest), lambda: self._unfold(title))
        elif more:
            words = _("{others}, on the page Requests").format(others=today_page.more_of(more))
            self._add_button(words, lambda: self._go(Target(page="requests")))

    def _add_button(self, words: str, do: Callable[[], object]) -> None:
        made = edge_button(words, "chevron-down")
        made.clicked.connect(do)
        self.more_buttons.append(made)
        self._column.addWidget(flow_of(made))

    def _unfold(self, title: str) -> None:
        self._unfolded.add(title)
        self._build()

    @Slot(object)
    def _make_current(self, line: EntryLine) -> None:
        if line is self.current:
            return
        if self.current:
            self.keep_typing()
            self.current.stop_asking()
            self.current.show_current(False)
        self.current = line
        line.show_current(True)

    @Slot(object, int)
    def _step(self, line: EntryLine, by: int) -> None:
        place = self.lines.index(line) + by
        if 0 <= place < len(self.lines):
            self.lines[place].head.setFocus(Qt.FocusReason.TabFocusReason)


def _nowhere(_target: Target) -> None:
    """Until the page says where to."""
