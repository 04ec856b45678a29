"""The list of members: filters in words, a text filter, and a choice that stays."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QStackedWidget, QVBoxLayout, QWidget

from correspondent_desk.domain.meetings import SiteRow
from correspondent_desk.domain.members import MemberFilter, MemberRow, SiteId
from correspondent_desk.gui.members import words
from correspondent_desk.gui.rows_model import WINDOW, AskedRows, Column
from correspondent_desk.gui.tasks import Job
from correspondent_desk.gui.widgets.buttons import Button, filter_button
from correspondent_desk.gui.widgets.card import EmptyState
from correspondent_desk.gui.widgets.choice_field import ChoiceField
from correspondent_desk.gui.widgets.flow import flow_of
from correspondent_desk.gui.widgets.line_edit import FilterEdit
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.widgets.two_lines import TwoLineTable
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _
from correspondent_desk.messages import labels
from correspondent_desk.records import members, office

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

PAUSE_MS = 80
Found = tuple[Sequence[int], list[MemberRow]]


class PeopleList(QWidget):
    """Ids are asked for in the background; rows when they are seen."""

    chosen = Signal(int)  # the line under the cursor changed
    opened = Signal(int)  # Enter, or a click
    new_wanted = Signal()
    refilled = Signal()

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._job: Job[Found] | None = None
        self._goes_down = False  # as soon as the list shows what is typed
        self._wanted: int | None = None  # to be chosen when the list is there
        self._which = MemberFilter.ALL
        self.filters = self._filter_buttons()
        self.site: ChoiceField[SiteId | None] = ChoiceField()
        self.site.setAccessibleName(_("Site"))
        self.site.chosen.connect(self._fill)
        self.filter = FilterEdit(_("Filter by name, number or phone"))
        self.filter.left_down.connect(self._go_down)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._fill)
        self.filter.textChanged.connect(lambda _text: self._pause.start())
        self.explained = Words("", "small")
        self.table = TwoLineTable(_("Members"), least=26)
        self.rows = AskedRows(self._columns(), self._ask, self)
        self.table.set_rows(self.rows)
        self.table.chosen.connect(self.chosen)
        self.table.opened.connect(self.opened)
        self.table.clicked.connect(self._clicked)
        self.empty = EmptyState("", picture="users")
        self.empty.acted.connect(self.new_wanted)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(flow_of(*self.filters.values(), self.site, gap=4))
        column.addWidget(self.filter)
        column.addWidget(self.explained)
        column.addWidget(self._stack, 1)
        self.load_sites()
        self._fill()

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:  # noqa: N802
        """On the table. A focus proxy would make Tab pass over what stands above it."""
        self.table.setFocus(reason)

    def current_id(self) -> int | None:
        """The chosen person."""
        return self.table.current_id()

    def choose(self, id_: int) -> None:
        """Choose id_, with all filters off where they leave it out."""
        if self.table.choose(id_):
            return
        self._wanted = id_
        if self._job is None:  # else what is being asked for may have it
            self.show_everyone()

    def show_everyone(self) -> None:
        """Take all filters off."""
        for part in (self.filter, self.site):
            part.blockSignals(True)
        self.filter.clear()
        self.site.setCurrentIndex(0)
        for part in (self.filter, self.site):
            part.blockSignals(False)
        self.filters[MemberFilter.ALL].setChecked(True)
        self._which = MemberFilter.ALL
        self._fill()

    def load_sites(self) -> None:
        """Offer the sites there are; with a single one there is nothing to choose."""
        sites: list[SiteRow] = self._workspace.now(office.sites)
        named = [
            (site.id, _("At {site} only").format(site=site.draft.name))
            for site in sites
            if site.draft.name
        ]
        self.site.set_choices([(None, _("All sites")), *named])
        self.site.setVisible(len(named) > 1)

    def refresh(self, ids: frozenset[int]) -> None:
        """Rows of ids show something else; who stands in the list may have changed too."""
        self.rows.refresh(ids)
        self._fill()

    def _filter_buttons(self) -> "dict[MemberFilter, Button]":
        group = QButtonGroup(self)
        made = {}
        for which in MemberFilter:
            word = filter_button(labels.member_filter(which))
            word.setToolTip(labels.member_filter_explained(which))
            word.setAccessibleDescription(word.toolTip())
            word.setChecked(which is MemberFilter.ALL)
            word.clicked.connect(lambda _on, which=which: self._filter_by(which))
            group.addButton(word)
            made[which] = word
        return made

    def _filter_by(self, which: MemberFilter) -> None:
        self._which = which
        self._fill()

    def _columns(self) -> list[Column[MemberRow]]:
        today = self._workspace.today
        return [
            Column[MemberRow](
                title=_("Name, next step, site"),
                text=lambda row: words.row_title(row, today()),
                spoken=lambda row: words.row_spoken(row, today()),
            ),
            Column[MemberRow](
                title=_("Seen in person"),
                text=lambda row: words.row_seen(row, today()),
                hint=lambda row: words.row_seen_hint(row, today()),
                spoken=lambda row: words.row_seen_hint(row, today()).replace("\n", ", "),
                folded=lambda row: words.row_folded(row, today()),
                width=14,
                can_wait=True,
            ),
        ]

    def _ask(
        self, ids: Sequence[int], then: Callable[[Iterable[MemberRow]], None]
    ) -> Job[list[MemberRow]]:
        return self._workspace.read(lambda s: members.rows(s, ids), then)

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
        typed, which, site = self.filter.text(), self._which, self.site.value()
        today = self._workspace.today()
        if self._job:
            self._job.forget()

        def find(session: "Session") -> Found:
            ids = members.find_ids(session, typed, which, site, today=today)
            return ids, members.rows(session, ids[:WINDOW])

        self._job = self._workspace.read(find, self._show)

    def _show(self, found: Found) -> None:
        self._job = None
        ids, first = found
        self.rows.show(ids, first)
        said = [words.count(len(ids)), labels.member_filter_explained(self._which)]
        if self.site.value() is not None:
            said.append(_("{choice}.").format(choice=self.site.currentText()))
        self.explained.setText(" ".join(said))
        self.explained.setVisible(bool(ids))  # else the sentence in the middle says why
        if ids:
            self._stack.setCurrentWidget(self.table)
        else:
            is_new = self._which is MemberFilter.ALL and not self.filter.text().strip()
            action = _("New member") if is_new and self.site.value() is None else ""
            self.empty.say(words.nobody(self._which, self.filter.text()), action)
            self._stack.setCurrentWidget(self.empty)
        if self._goes_down and self.filter.hasFocus():
            self.take_focus()
        self._goes_down = False
        if self._wanted is not None:
            self._choose_wanted(self._wanted)
        self.refilled.emit()

    def _choose_wanted(self, wanted: int) -> None:
        if self.table.choose(wanted) or self._is_unfiltered():
            self._wanted = None
        else:
            self.show_everyone()

    def _is_unfiltered(self) -> bool:
        is_everyone = self._which is MemberFilter.ALL and self.site.value() is None
        return is_everyone and not self.filter.text().strip()

    def _clicked(self) -> None:
        id_ = self.table.current_id()
        if id_ is not None:
            self.opened.emit(id_)

    def take_focus(self) -> None:
        """The list, on its first line if none is chosen yet."""
        target = self.table if self.rows.ids else self.filter
        target.setFocus(Qt.FocusReason.OtherFocusReason)
        self.table.choose_first()
