"""Meetings as a list: for screen readers, for searching, and for those without an outcome."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QStackedWidget, QVBoxLayout, QWidget

from correspondent_desk.domain.meetings import MeetingFilter, MeetingRow
from correspondent_desk.domain.members import SiteId
from correspondent_desk.gui.meetings.drawing import sign_of, state_of
from correspondent_desk.gui.rows_model import WINDOW, AskedRows, Column
from correspondent_desk.gui.tasks import Job
from correspondent_desk.gui.widgets.buttons import Button, filter_button
from correspondent_desk.gui.widgets.card import EmptyState
from correspondent_desk.gui.widgets.flow import flow_of
from correspondent_desk.gui.widgets.line_edit import FilterEdit
from correspondent_desk.gui.widgets.two_lines import TwoLineTable
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _
from correspondent_desk.messages import dates, filters, labels, people, planning, today_page
from correspondent_desk.records import meetings

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

NAME, MOMENT = 36, 29  # characters that a name and a day with its hour may need
Found = tuple[Sequence[int], list[MeetingRow]]


def _title(row: MeetingRow) -> str:
    """Whom, and below, why."""
    return f"{people.shown_name(row)}\n{planning.reason(row)}"


def _nothing(which: MeetingFilter, words: str) -> str:
    """Why the list is empty."""
    if words:
        return _("No meeting is found for “{words}”.").format(words=words)
    match which:
        case MeetingFilter.UPCOMING:
            return _("No meeting lies ahead.")
        case MeetingFilter.WITHOUT_OUTCOME:
            return _("No past meeting lacks its outcome.")
        case _:
            return _("No meeting.")


class MeetingsList(QWidget):
    """Filters as words above the list, a field for names."""

    chosen = Signal(int)
    opened = Signal(int)

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._site: SiteId | None = None
        self._which = MeetingFilter.UPCOMING
        self._job: Job[Found] | None = None
        self._wanted: int | None = None  # to be chosen when the list is there
        self.filters: dict[MeetingFilter, Button] = {}
        group = QButtonGroup(self)
        for which in MeetingFilter:
            made = filter_button(filters.meetings(which))
            made.clicked.connect(partial(self.choose_filter, which))
            group.addButton(made)
            self.filters[which] = made
        self.filters[self._which].setChecked(True)
        self.words = FilterEdit(_("Filter by name"))
        self.words.textChanged.connect(self.load)
        self.model = AskedRows(self._columns(), self._ask, self)
        self.table = TwoLineTable(_("Meetings"), least=NAME)
        self.table.set_rows(self.model)
        self.table.chosen.connect(self.chosen)
        self.table.opened.connect(self.opened)
        self.words.left_down.connect(self._into_the_list)
        self.nothing = EmptyState("", picture="calendar")
        self.nothing.acted.connect(self._search_everything)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.nothing)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(flow_of(*self.filters.values(), gap=4))
        column.addWidget(self.words)
        column.addWidget(self._stack, 1)

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:  # noqa: N802
        """On the table, or what filters it. A proxy would make Tab pass over what stands above."""
        (self.table if self.model.ids else self.words).setFocus(reason)

    @property
    def which(self) -> MeetingFilter:
        """The filter in use."""
        return self._which

    @property
    def at(self) -> int | None:
        """The meeting of the chosen line."""
        return self.table.current_id()

    def show_site(self, site_id: SiteId | None) -> None:
        """Only meetings at this site; None: at any place."""
        if site_id != self._site:
            self._site = site_id
            self.load()

    @Slot()
    def choose_filter(self, which: MeetingFilter) -> None:
        """Another filter."""
        self._which = which
        self.filters[which].setChecked(True)
        self.load()

    @Slot()
    def load(self) -> None:
        """Ask for the list again; place and choice stay."""
        if self._job:
            self._job.forget()
        words, which, site = self.words.text(), self._which, self._site
        now = self._workspace.clock()

        def find(session: "Session") -> Found:
            ids = meetings.find_ids(session, words, which, now=now, site_id=site)
            return ids, meetings.rows(session, ids[:WINDOW])

        self._job = self._workspace.read(find, self._show)

    def choose(self, meeting_id: int) -> None:
        """Put the cursor on this meeting, if it is in the list or in what is asked for."""
        self._wanted = None if self.table.choose(meeting_id) else meeting_id

    @Slot()
    def _into_the_list(self) -> None:
        if self.model.ids:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
            self.table.choose_first()

    def _show(self, found: Found) -> None:
        self._job = None
        ids, first = found
        self.model.show(ids, first)
        if self._wanted is not None:
            self.choose(self._wanted)
            self._wanted = None
        if not ids:
            words = self.words.text().strip()
            leaves_out = bool(words) and self._which is not MeetingFilter.ALL
            action = _("Search the whole list") if leaves_out else ""
            self.nothing.say(_nothing(self._which, words), action)
        self._stack.setCurrentWidget(self.table if ids else self.nothing)

    @Slot()
    def _search_everything(self) -> None:
        self.words.setFocus()  # the button is going
        self.choose_filter(MeetingFilter.ALL)

    def _ask(
        self, ids: Sequence[int], then: Callable[[Iterable[MeetingRow]], None]
    ) -> Job[list[MeetingRow]]:
        return self._workspace.read(lambda s: meetings.rows(s, ids), then)

    def _columns(self) -> list[Column[MeetingRow]]:
        return [
            Column(title=_("Who and why"), text=_title, spoken=today_page.spoken_meeting),
            Column(
                title=_("When"),
                text=self._when,
                folded=self._when,
                hint=self._hint,
                width=MOMENT,
                can_wait=True,
            ),
            Column(title=_("Outcome"), text=self._state, width=14, can_wait=True),
            Column(title=_("Where"), text=planning.where, width=20, can_wait=True),
        ]

    def _today(self) -> date:
        return self._workspace.today()

    def _when(self, row: MeetingRow) -> str:
        starts = row.draft.starts_at
        return dates.moment_plain(starts, self._today()) if starts else ""

    def _hint(self, row: MeetingRow) -> str:
        return planning.times(row, self._today())

    def _state(self, row: MeetingRow) -> str:
        now = self._workspace.clock()
        return sign_of(row, now) + (state_of(row, now) or labels.meeting_status(row.status))
