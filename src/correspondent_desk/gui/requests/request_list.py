"""The list of requests: filters in words, what lapses first at the top, each line saying why."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QBrush, QColor, QGuiApplication
from PySide6.QtWidgets import QButtonGroup, QStackedWidget, QVBoxLayout, QWidget

from correspondent_desk.domain.requests import RequestFilter, RequestRow
from correspondent_desk.gui.colours import colours_of
from correspondent_desk.gui.requests import words
from correspondent_desk.gui.rows_model import WINDOW, AskedRows, Column
from correspondent_desk.gui.tasks import Job
from correspondent_desk.gui.widgets.buttons import Button, filter_button
from correspondent_desk.gui.widgets.card import EmptyState
from correspondent_desk.gui.widgets.flow import flow_of
from correspondent_desk.gui.widgets.line_edit import FilterEdit
from correspondent_desk.gui.widgets.tag import Tone
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.widgets.two_lines import TwoLineTable
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _
from correspondent_desk.messages import labels
from correspondent_desk.records import requests

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

PAUSE_MS = 80
Found = tuple[Sequence[int], list[RequestRow]]
IN_ORDER = (
    RequestFilter.MINE,
    RequestFilter.OPEN,
    RequestFilter.WAITING,
    RequestFilter.CLOSED,
    RequestFilter.ALL,
)


class RequestList(QWidget):
    """Ids are asked for in the background; rows when they are seen."""

    chosen = Signal(int)
    opened = Signal(int)
    new_wanted = Signal()

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._job: Job[Found] | None = None
        self._goes_down = False  # as soon as the list shows what is typed
        self._wanted: int | None = None
        self._which = RequestFilter.OPEN
        self.filters = self._filter_buttons()
        self.filter = FilterEdit(_("Filter: person, benefit, subject"))
        self.filter.left_down.connect(self._go_down)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._fill)
        self.filter.textChanged.connect(lambda _text: self._pause.start())
        self.explained = Words("", "small")
        self.table = TwoLineTable(_("Requests"), least=38)
        self.rows = AskedRows(self._columns(), self._ask, self)
        self.table.set_rows(self.rows)
        self.table.chosen.connect(self.chosen)
        self.table.opened.connect(self.opened)
        self.table.clicked.connect(self._clicked)
        self.nothing = EmptyState("", picture="clipboard-list")
        self.nothing.acted.connect(self.new_wanted)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.nothing)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(flow_of(*self.filters.values(), gap=4))
        column.addWidget(self.filter)
        column.addWidget(self.explained)
        column.addWidget(self._stack, 1)
        self._fill()

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:  # noqa: N802
        """On the table. A focus proxy would make Tab pass over what stands above it."""
        self.table.setFocus(reason)

    def choose(self, id_: int) -> None:
        """Choose id_, with all filters off where they leave it out."""
        if self.table.choose(id_):
            return
        self._wanted = id_
        if self._job is None:  # else what is being asked for may have it
            self._show_all()

    def _show_all(self) -> None:
        self.filter.blockSignals(True)
        self.filter.clear()
        self.filter.blockSignals(False)
        self.filters[RequestFilter.ALL].setChecked(True)
        self._filter_by(RequestFilter.ALL)

    def refresh(self, ids: frozenset[int]) -> None:
        """Rows of ids show something else; who stands in the list may have changed too."""
        self.rows.refresh(ids)
        self._fill()

    def refresh_all(self) -> None:
        """People's names may show otherwise."""
        self.rows.refresh()
        self._fill()

    def take_focus(self) -> None:
        """The list, on its first line if none is chosen yet."""
        target = self.table if self.rows.ids else self.filter
        target.setFocus(Qt.FocusReason.OtherFocusReason)
        self.table.choose_first()

    def _filter_buttons(self) -> dict[RequestFilter, Button]:
        group = QButtonGroup(self)
        made = {}
        for which in IN_ORDER:
            word = filter_button(labels.request_filter(which))
            word.setToolTip(labels.request_filter_explained(which))
            word.setAccessibleDescription(word.toolTip())
            word.setChecked(which is self._which)
            word.clicked.connect(lambda _on, which=which: self._filter_by(which))
            group.addButton(word)
            made[which] = word
        return made

    def _filter_by(self, which: RequestFilter) -> None:
        self._which = which
        self._fill()

    def _columns(self) -> list[Column[RequestRow]]:
        today = self._workspace.today
        return [
            Column[RequestRow](
                title=_("Who and about what, next step"),
                text=lambda row: words.row_title(row, today()),
                spoken=lambda row: words.row_spoken(row, today()),
            ),
            Column[RequestRow](
                title=_("Lapses"),
                text=lambda row: words.lapses(row, today())[0],
                hint=lambda row: words.lapses_spoken(row, today()),
                spoken=lambda row: words.lapses_spoken(row, today()),
                brush=self._brush,
                folded=lambda row: words.lapses(row, today())[0],
                width=13,
                can_wait=True,
            ),
        ]

    def _brush(self, row: RequestRow) -> QBrush | None:
        colours = colours_of(QGuiApplication.palette())
        match words.lapses(row, self._workspace.today())[1]:
            case Tone.LATE:
                return QBrush(QColor(colours.late))
            case Tone.SOON:
                return QBrush(QColor(colours.soon))
            case _:
                return None

    def _ask(
        self, ids: Sequence[int], then: Callable[[Iterable[RequestRow]], None]
    ) -> Job[list[RequestRow]]:
        return self._workspace.read(lambda s: requests.rows(s, ids), then)

    @Slot()
    def _go_down(self) -> None:
        """Into the list, with what was just typed as its filter."""
        if self._pause.isActive():
            self._pause.stop()
            self._fill()
        self._goes_down = self._job is not None
        if not self._goes_down:
            self.take_focus()

    @Slot()
    def _fill(self) -> None:
        typed, which, today = self.filter.text(), self._which, self._workspace.today()
        if self._job:
            self._job.forget()

        def find(session: "Session") -> Found:
            ids = requests.find_ids(session, typed, which, today=today)
            return ids, requests.rows(session, ids[:WINDOW])

        self._job = self._workspace.read(find, self._show)

    def _show(self, found: Found) -> None:
        self._job = None
        ids, first = found
        self.rows.show(ids, first)
        explained = labels.request_filter_explained(self._which)
        self.explained.setText(f"{words.count(len(ids))} {explained}")
        self.explained.setVisible(bool(ids))  # else the sentence in the middle says why
        if ids:
            self._stack.setCurrentWidget(self.table)
        else:
            is_first = (
                self._which in (RequestFilter.ALL, RequestFilter.OPEN)
                and not self.filter.text().strip()
            )
            action = _("New request") if is_first else ""
            self.nothing.say(words.none(self._which, self.filter.text()), action)
            self._stack.setCurrentWidget(self.nothing)
        if self._goes_down and self.filter.hasFocus():
            self.take_focus()
        self._goes_down = False
        if self._wanted is not None:
            self._choose_wanted(self._wanted)

    def _choose_wanted(self, wanted: int) -> None:
        is_unfiltered = self._which is RequestFilter.ALL and not self.filter.text().strip()
        if self.table.choose(wanted) or is_unfiltered:
            self._wanted = None
        else:
            self._show_all()

    def _clicked(self) -> None:
        id_ = self.table.current_id()
        if id_ is not None:
            self.opened.emit(id_)
