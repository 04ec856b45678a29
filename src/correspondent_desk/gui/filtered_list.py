"""A list with filters in words above it, a field to filter by, and a choice that stays."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QStackedWidget, QVBoxLayout, QWidget

from correspondent_desk.gui.rows_model import WINDOW, AskedRows, HasId
from correspondent_desk.gui.rows_model import Column as RowsColumn
from correspondent_desk.gui.tasks import Job
from correspondent_desk.gui.widgets.aloud import read_out
from correspondent_desk.gui.widgets.buttons import Button, filter_button
from correspondent_desk.gui.widgets.card import EmptyState
from correspondent_desk.gui.widgets.flow import flow_of
from correspondent_desk.gui.widgets.line_edit import FilterEdit
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.widgets.turning import Column
from correspondent_desk.gui.widgets.two_lines import TwoLineTable
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

PAUSE_MS = 80

F = TypeVar("F")
R = TypeVar("R", bound=HasId)


@dataclass(frozen=True, kw_only=True)
class Listing(Generic[F, R]):
    """What is listed, how it is asked for, and in which words.

    filters: in the order of their buttons; first is on at the beginning, everything leaves nobody
    out. find, given what is typed, asks for ids in the order of the list; rows is what those show. nothing: the sentence of an
    empty list; with one of new_with and no words typed, the list offers new.
    """

    name: str
    hint: str
    picture: str
    least: int
    filters: Sequence[F]
    first: F
    everything: F
    label: Callable[[F], str]
    explained: Callable[[F], str]
    columns: Sequence[RowsColumn[R]]
    find: Callable[[str, F], Callable[["Session"], Sequence[int]]]
    rows: Callable[["Session", Sequence[int]], list[R]]
    count: Callable[[int], str]
    nothing: Callable[[F, str], str]
    new: str
    new_with: Collection[F]


class FilteredList(Column, Generic[F, R]):
    """Ids are asked for in the background; rows when they are seen. Call fill to begin."""

    chosen = Signal(int)  # another line was gone to; not one that took the place of one now gone
    opened = Signal(int)  # Enter, or a click
    new_wanted = Signal()
    emptied = Signal(bool)  # is_empty

    def __init__(
        self,
        workspace: Workspace,
        listing: Listing[F, R],
        *beside: QWidget,
        parent: QWidget | None = None,
    ) -> None:
        """beside stands behind the filters."""
        super().__init__(parent)
        self._workspace, self._listing = workspace, listing
        self._job: Job[tuple[Sequence[int], list[R]]] | None = None
        self._is_filling = False
        self._goes_down = False  # as soon as the list shows what is typed
        self._wanted: int | None = None  # to be chosen when the list is there
        self.which = listing.first
        self.is_empty = False  # nothing to choose, whatever is typed
        self.filters = self._filter_buttons()
        self.filter = FilterEdit(listing.hint)
        self.filter.left_down.connect(self._go_down)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.fill)
        self.filter.textChanged.connect(lambda _text: self._pause.start())
        self.explained = Words("", "small")
        self.table = TwoLineTable(listing.name, least=listing.least)
        self.rows = AskedRows(listing.columns, self._ask, self)
        self.table.set_rows(self.rows)
        self.table.chosen.connect(self._tell_chosen)
        self.table.opened.connect(self.opened)
        self.table.clicked.connect(self._clicked)
        self.empty = EmptyState("", picture=listing.picture)
        self.empty.acted.connect(self._take_way_out)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(flow_of(*self.filters.values(), *beside, gap=4))
        column.addWidget(self.filter)
        column.addWidget(self.explained)
        column.addWidget(self._stack, 1)

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:  # noqa: N802
        """On the table. A focus proxy would make Tab pass over what stands above it."""
        self.table.setFocus(reason)

    def take_focus(self) -> None:
        """The list, on its first line if none is chosen yet."""
        target = self.table if self.rows.ids else self.filter
        target.setFocus(Qt.FocusReason.OtherFocusReason)
        self.table.choose_first()

    def choose(self, id_: int) -> None:
        """Choose id_, with all filters off where they leave it out."""
        is_there = self.table.choose(id_)
        self._wanted = None if is_there else id_
        if not is_there and self._job is None:  # else what is being asked for may have it
            self.show_everything()

    def show_everything(self) -> None:
        """Take all filters off."""
        self.filter.blockSignals(True)
        self.filter.clear()
        self.filter.blockSignals(False)
        self.search_everything()

    def search_everything(self) -> None:
        """Take all filters off but what is typed."""
        self.filters[self._listing.everything].setChecked(True)
        self._filter_by(self._listing.everything)

    def searches_everything(self) -> bool:
        """Whether nothing is left out but by what is typed."""
        return self.which == self._listing.everything

    def _is_unfiltered(self) -> bool:
        return self.searches_everything() and not self.filter.text().strip()

    def refresh(self, ids: frozenset[int] | None = None) -> None:
        """Rows of ids, or all, show something else; what stands in the list may have changed too."""
        self.rows.refresh(ids)
        self.fill()

    @Slot()
    def fill(self) -> None:
        """Ask what stands in the list."""
        find_ids, rows = self._listing.find(self.filter.text(), self.which), self._listing.rows
        if self._job:
            self._job.forget()

        def find(session: "Session") -> tuple[Sequence[int], list[R]]:
            ids = find_ids(session)
            return ids, rows(session, ids[:WINDOW])

        self._job = self._workspace.read(find, self._show)

    def said(self, count: int) -> str:
        """What stands above the list when it shows count lines."""
        return f"{self._listing.count(count)} {self._listing.explained(self.which)}"

    def _filter_buttons(self) -> "dict[F, Button]":
        group = QButtonGroup(self)
        made = {}
        for which in self._listing.filters:
            word = filter_button(self._listing.label(which))
            word.setToolTip(self._listing.explained(which))
            word.setAccessibleDescription(word.toolTip())
            word.setChecked(which == self.which)
            word.clicked.connect(partial(self._filter_by, which))
            group.addButton(word)
            made[which] = word
        return made

    def _filter_by(self, which: F, *_clicked: bool) -> None:
        self.which = which
        self.fill()

    def _ask(self, ids: Sequence[int], then: Callable[[Iterable[R]], None]) -> Job[list[R]]:
        rows = self._listing.rows
        return self._workspace.read(lambda s: rows(s, ids), then)

    @Slot()
    def _go_down(self) -> None:
        """Into the list, with what was just typed as its filter."""
        if self._pause.isActive():
            self._pause.stop()
            self.fill()
        self._goes_down = self._job is not None
        if not self._goes_down:
            self.take_focus()

    def _show(self, found: tuple[Sequence[int], list[R]]) -> None:
        self._job = None
        ids, first = found
        self._is_filling = True
        self.rows.show(ids, first)
        self._is_filling = False
        self.explained.setText(self.said(len(ids)))
        self.explained.setVisible(bool(ids))  # else the sentence in the middle says why
        if not ids:
            self.empty.say(self._listing.nothing(self.which, self.filter.text()), self._way_out())
        self._stack.setCurrentWidget(self.table if ids else self.empty)
        self.is_empty = not ids and not self.filter.text().strip()
        self.emptied.emit(self.is_empty)
        if self._goes_down and self.filter.hasFocus():
            self.take_focus()
        self._goes_down = False
        if any(one.hasFocus() for one in (self.filter, *self.filters.values())):
            said = self._listing.count(len(ids)) if ids else self.empty.sentence.text()
            read_out(self.filter, said)
        if self._wanted is not None:
            self._choose_wanted(self._wanted)

    def _way_out(self) -> str:
        """What an empty list offers to do, in words."""
        if self.filter.text().strip():
            return "" if self.searches_everything() else _("Search the whole list")
        return self._listing.new if self.which in self._listing.new_with else ""

    @Slot()
    def _take_way_out(self) -> None:
        if self.filter.text().strip():
            self.filter.setFocus()  # the button is going
            self.search_everything()
        else:
            self.new_wanted.emit()

    def _choose_wanted(self, wanted: int) -> None:
        if self.table.choose(wanted) or self._is_unfiltered():
            self._wanted = None
        else:
            self.show_everything()

    @Slot(int)
    def _tell_chosen(self, id_: int) -> None:
        if not self._is_filling:
            self.chosen.emit(id_)

    def _clicked(self) -> None:
        id_ = self.table.current_id()
        if id_ is not None:
            self.opened.emit(id_)
