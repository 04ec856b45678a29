"""A page of list and card: the list at the left, at the right a card, or a form over it."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from correspondent_desk.errors import DeskError
from correspondent_desk.gui.filtered_list import FilteredList
from correspondent_desk.gui.page import Page, Part
from correspondent_desk.gui.tasks import Job
from correspondent_desk.gui.theme import is_tight
from correspondent_desk.gui.widgets.buttons import Button
from correspondent_desk.gui.widgets.draft_keeper import DraftKeeper
from correspondent_desk.gui.widgets.scroll import focus_stays
from correspondent_desk.gui.widgets.split_view import SplitView
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.widgets.turning import Ends
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.records import removals
from correspondent_desk.records.trouble import NoSuchRecord

if TYPE_CHECKING:
    from correspondent_desk.store.database import Query

L = TypeVar("L", bound=FilteredList[Any, Any])
S = TypeVar("S")  # what is read for a card
Parts = list[Part]


class Side(Protocol):
    """What stands at the right."""

    def keep_typing(self) -> None:
        """Keep what is being typed."""

    def take_focus(self) -> None:
        """Where work begins."""


class CardSide(Side, Protocol):
    """The card of a record."""

    def step_back(self) -> bool:
        """Close what is open on the card; False where nothing is."""

    def forget(self) -> None:
        """Show nothing: the record is gone."""


class Sides(QStackedWidget):
    """What stands beside the list, one at a time; the card comes first."""

    def __init__(self) -> None:
        super().__init__()
        self._sides: list[tuple[QWidget, Side]] = []

    def add(self, widget: QWidget, side: Side) -> None:
        """One more; widget and side are the same."""
        self._sides.append((widget, side))
        self.addWidget(widget)

    @property
    def card(self) -> QWidget:
        """The first of them."""
        return self._sides[0][0]

    @property
    def shows_card(self) -> bool:
        """Whether it is the card that stands there, and not what lies over it."""
        return self.currentWidget() is self.card

    def take_focus(self) -> None:
        """Where work begins in what stands there."""
        for widget, side in self._sides:
            if self.currentWidget() is widget:
                side.take_focus()

    def keep_typing(self) -> None:
        """Keep what is being typed in each of them."""
        for _widget, side in self._sides:
            side.keep_typing()


class ListPage(Page, Generic[L, S]):
    """Which line is chosen, what stands beside it, and who has the focus.

    A page says what its card shows (`_card_id`, `_query`, `_show_on_card`), opens its form (`_edit`)
    and does the writing.
    """

    list: L

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace
        self._reading: Job[S] | None = None
        self._awaited: int | None = None  # whose card is being read
        self._when_read: Callable[[], None] | None = None
        self.right = Sides()

    def _lay_out(self, title: str, new: Button, hint: str) -> None:
        """hint: what stands at the right while nothing is chosen."""
        self.split = SplitView(self.list, self.right, hint)
        self.head = Ends(Words(title, "title"), new)
        whole = QVBoxLayout(self)
        self._fit()
        whole.setSpacing(12)
        whole.addWidget(self.head)
        whole.addWidget(self.split, 1)
        self.list.chosen.connect(self._look_at)
        self.list.opened.connect(self._open_card)
        self.list.emptied.connect(self.split.hide_hint)
        self.split.hide_hint(self.list.is_empty)
        self.split.went_back.connect(self.leave)
        self.split.covered.connect(self.head.setHidden)

    def _offer_above(self, way: Button) -> None:
        """Between the title and the list, whatever stands beside the list or over it."""
        whole = self.layout()
        if isinstance(whole, QVBoxLayout):
            whole.insertWidget(1, way.let_wrap(), 0, Qt.AlignmentFlag.AlignLeft)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the card the room there is."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        whole = self.layout()
        if whole is not None:
            side = 8 if is_tight(self) else 24
            whole.setContentsMargins(side, 16, side, 8)

    # What a page says of its card

    @property
    def _card(self) -> CardSide:
        raise NotImplementedError

    def _card_id(self) -> int | None:
        """The record on the card."""
        raise NotImplementedError

    def _query(self, id_: int) -> "Query[S]":
        """What reads what the card of this record shows."""
        raise NotImplementedError

    @Slot()
    def _edit(self) -> None:
        """Open the form on the record of the card."""
        raise NotImplementedError

    def _show_on_card(self, shown: S) -> None:
        raise NotImplementedError

    def _removed_in_words(self) -> str:
        """That the record on the card was removed."""
        raise NotImplementedError

    # What the frame asks

    def step_back(self) -> bool:
        """Close a form or what is open on the card; then the card itself."""
        if self.split.is_card_open and not self.right.shows_card:
            self._close_form()
            return True
        if self.split.is_card_open and self._card.step_back():
            return True
        return self.split.step_back()

    def leave(self) -> bool:
        """Keep what is being typed."""
        self.right.keep_typing()
        return True

    def parts(self) -> Parts:
        """The list, then what is open beside it; alone where it covers the list."""
        found: Parts = []
        if not (self.split.is_narrow and self.split.is_card_open):
            found.append((self.list, self.list.take_focus))
        if self.split.is_card_open:
            found.append((self.right, self.right.take_focus))
        return found

    def take_focus(self) -> None:
        """The list, or the form that is open; or the card where it covers the list."""
        self._lead_on()

    def _lead_on(self) -> None:
        if self.split.is_card_open and (self.split.is_narrow or not self.right.shows_card):
            self.right.take_focus()
        else:
            self.list.take_focus()

    # Opening and reading

    @Slot(int)
    def _look_at(self, id_: int) -> None:
        """The line under the cursor: beside the list, but not over it.

        A card in which somebody works stays, also when its line leaves the list.
        """
        is_beside = self.right.shows_card and not self.split.is_narrow
        if is_beside and self.list.table.hasFocus():
            self._open_card(id_)

    @Slot(int)
    def _open_card(self, id_: int) -> None:
        self.leave()
        self._when_read = None  # that was about another one
        self.list.choose(id_)
        self._show_right(self.right.card)
        self._read(id_)

    def _show_right(self, side: QWidget) -> None:
        self.right.setCurrentWidget(side)
        self.split.open_card()

    def _read_again(self) -> None:
        """Something changed of what the card shows, or is about to show."""
        id_ = self._card_id() if self._awaited is None else self._awaited
        if id_ is not None:
            self._read(id_)

    def _read(self, id_: int) -> None:
        self._forget_reading()
        self._awaited = id_
        self._reading = self._workspace.read(self._query(id_), self._answered, self._gone)

    def _answered(self, shown: S) -> None:
        self._reading = self._awaited = None
        self._show(shown)

    def _read_now(self, id_: int) -> None:
        self._forget_reading()
        try:
            self._show(self._workspace.now(self._query(id_)))
        except NoSuchRecord as error:
            self._gone(error)

    def _change(self, id_: int) -> None:
        """Open the form on this record, with what was typed in it."""
        self._open_card(id_)
        self._read_now(id_)
        if self._card_id() == id_:
            self._edit()

    def _forget_reading(self) -> None:
        if self._reading:
            self._reading.forget()
        self._reading = self._awaited = None

    def _show(self, shown: S) -> None:
        may_take = self._may_take_focus()  # asked first: what has the focus may be made anew
        self._show_on_card(shown)
        then, self._when_read = self._when_read, None
        if then and may_take:
            then()

    def _may_take_focus(self) -> bool:
        """Whether the card may: not from who has gone on to type elsewhere, in the search or a form."""
        focused = QApplication.focusWidget()
        return self.right.shows_card and (focused is None or self.isAncestorOf(focused))

    def _gone(self, _error: DeskError) -> None:
        self._reading = self._awaited = self._when_read = None
        id_ = self._card_id()
        if id_ is not None and self.split.is_card_open and self.right.shows_card:
            self._workspace.read(
                lambda s: removals.is_from_elsewhere(s, id_),
                partial(self._tell_removed, self._removed_in_words()),
            )
        self._card.forget()
        if self.right.shows_card:
            self.split.close_card()

    def _tell_removed(self, sentence: str, is_from_elsewhere: bool) -> None:
        """Who removes it themselves sees so; while one only looks at it, it would go without a word."""
        if is_from_elsewhere:
            self.said.emit(sentence)

    def _open_written(self, id_: int) -> None:
        """What was saved, with the focus where work goes on."""
        self._open_card(id_)
        self._when_read = self._card.take_focus

    def _form_written(self, form: QWidget, keeper: DraftKeeper, id_: int, key: str) -> None:
        """A form is saved: on to its record, unless it shows something else by now.

        key: under which a change to that is kept.
        """
        since = keeper.saved(key)
        if since is None or self.right.currentWidget() is not form:
            return
        if since:  # one typed on after asking to save
            with focus_stays():
                self._change(id_)
        else:
            self._open_written(id_)

    @Slot()
    def _close_form(self) -> None:
        self.leave()
        self.right.setCurrentIndex(0)
        id_ = self._card_id()
        if id_ is None:
            self.split.close_card()
        else:
            self._read(id_)
        self._lead_on()
