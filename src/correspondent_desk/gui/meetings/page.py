"""Meetings: the calendar or the list, and beside it what is planned, changed or noted."""

from collections.abc import Iterator

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QVBoxLayout

from correspondent_desk.domain.fields import Kind
from correspondent_desk.domain.meetings import (
    MeetingFilter,
    MeetingRow,
    MeetingStatus,
)
from correspondent_desk.gui.meetings import days
from correspondent_desk.gui.meetings.cancel_form import WHO
from correspondent_desk.gui.meetings.card import MeetingCard
from correspondent_desk.gui.meetings.drawing import is_past
from correspondent_desk.gui.meetings.plan_form import PlanForm
from correspondent_desk.gui.meetings.planning import Planning
from correspondent_desk.gui.meetings.reading import meeting
from correspondent_desk.gui.meetings.side import SideBySide
from correspondent_desk.gui.meetings.times_panel import TimesPanel
from correspondent_desk.gui.meetings.toolbar import Toolbar, View
from correspondent_desk.gui.meetings.views import Views
from correspondent_desk.gui.page import Page, Part, Target, Task
from correspondent_desk.gui.widgets.print_panel import PrintPanel
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _
from correspondent_desk.messages import dates, people, planning
from correspondent_desk.store.changes import Changed


class MeetingsPage(Page):
    """The calendar keeps the whole width until a meeting is opened or begun."""

    def __init__(self, workspace: Workspace, *, at_once: bool = True) -> None:
        """at_once False: the parts are made as the steps are taken."""
        super().__init__()
        self._workspace = workspace
        self.steps = self._build()
        if at_once:
            self.complete()

    def _build(self) -> Iterator[None]:
        """Putting a part into the page, which styles it, is a step of its own."""
        self.toolbar = Toolbar()
        self.views = Views(self._workspace, self.toolbar)
        self.grid = self.views.grid
        yield
        self.views.add_list()
        self.list = self.views.list
        self.sides = SideBySide(self.views)
        self.print_panel = PrintPanel(self._workspace, self)
        self.print_panel.hide()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 16, 24, 8)
        whole.setSpacing(8)
        whole.addWidget(self.toolbar)
        whole.addWidget(self.print_panel)
        whole.addWidget(self.sides, 1)
        yield
        self.form = PlanForm(self._workspace)
        self.planning = Planning(
            self._workspace, self.views, self.sides, self.toolbar, self.form, self.leave
        )
        yield
        self.sides.add(self.form)
        yield
        self.card = MeetingCard(self._workspace, self)
        yield
        self.sides.add(self.card)
        yield
        self.times = TimesPanel(self._workspace)
        yield
        self.sides.add(self.times)
        yield
        self._connect()
        self.views.show_title()

    # --- what the frame asks

    def open(self, target: Target) -> None:
        """A meeting with its card; one that waits for its outcome stands in the list of those."""
        if target.task is Task.GO_ON:
            self.planning.go_on_with(target.draft)
        if target.id is None:
            return
        row = meeting(self._workspace, target.id)
        if row is None:
            self.said.emit(_("This meeting is not there any more."))
            return
        if target.task is Task.CHANGE:
            self.planning.change(row)
            return
        if row.status is MeetingStatus.PLANNED and is_past(row, self._workspace.clock()):
            self.views.show_view(View.LIST)
            self.list.choose_filter(MeetingFilter.WITHOUT_OUTCOME)
            self.list.choose(row.id)
        elif row.draft.starts_at:
            if self.views.is_list:
                self.views.show_view(View.WEEK)
            self.views.show_meeting(row)
        self._open_card(row)
        self.card.take_focus()

    def way_back(self) -> Target | None:
        """To the form, or the card."""
        if self.planning.is_open:
            return self.planning.way_back()
        if self.sides.side is self.card and self.card.row:
            return Target(page="meetings", id=self.card.row.id)
        return None

    def new(self, person: int | None = None, request: int | None = None) -> None:
        """Plan a meeting, with person and about request if they are given."""
        self.views.leave_the_past()
        here = self.grid.hasFocus() and not self.views.is_list and person is None
        if here:
            self.planning.plan_there(self.grid.cursor_at)
        else:
            self.planning.plan(None, person, request)

    def print_page(self) -> bool:
        """The days that are shown, on paper."""
        read = self.views.sheets()
        if read is None:
            return False
        sheets = list(read)
        if sheets:
            name = _("meetings-{date}.pdf").format(date=self.views.day.isoformat())
            self.print_panel.offer(sheets, name)
        else:
            self.print_panel.hide()  # it offers other days
            self.said.emit(_("No meeting stands in these days: there is nothing to print."))
        return True

    def person_in_view(self) -> int | None:
        """Whom the form or the card is about."""
        if self.planning.is_open:
            return self.form.person
        if self.sides.side is self.card and self.card.row:
            return self.card.row.draft.member_id
        return None

    def request_in_view(self) -> int | None:
        """What the form or the card is about."""
        if self.planning.is_open:
            return self.form.request
        if self.sides.side is self.card and self.card.row:
            return self.card.row.draft.request_id
        return None

    def step_back(self) -> bool:
        """Close what is open beside the calendar; what was typed is kept."""
        if self.print_panel.isVisible():
            self.print_panel.hide()
            self.take_focus()
            return True
        if not self.views.isVisible():
            self.planning.look_away()
        self.leave()
        if self.sides.side is not self.card:
            return self.planning.close()
        return self.card.step_back() or self.planning.go_back()

    def leave(self) -> bool:
        """Keep what is being typed."""
        for keeper in (
            self.form.keeper,
            self.card.outcome.keeper,
            self.card.cancelling.keeper,
            self.times.absence.keeper,
            self.times.session.keeper,
        ):
            keeper.keep_now()
        return True

    def refresh(self, changed: Changed) -> None:
        """Show the days, the list and the card again."""
        self.views.load()
        self.planning.offer_begun()
        if self.sides.side is self.times:
            self.times.load(self.views.sites())
        if (changed.of(Kind.MEMBER) or changed.of(Kind.MEETING)) and self.isVisible():
            self.planning.look_whether_it_may_stay()
        if self.planning.is_open:
            self.form.look_again()
        if self.card.row:
            row = meeting(self._workspace, self.card.row.id)
            if row:
                self.card.show_row(row)
            elif self.sides.side is self.card:
                self.planning.close()

    def shown(self) -> None:
        """Time has passed since."""
        self.views.load()
        self.planning.offer_begun()
        self.planning.look_whether_it_may_stay()

    def parts(self) -> list[Part]:
        """The calendar, then what is open beside it."""
        found: list[Part] = []
        if self.views.isVisibleTo(self):
            found.append((self.views, self.views.setFocus))
        side = self.sides.side
        if side is not None:
            found.append((side, self.form.fields.setFocus if side is self.form else side.setFocus))
        return found

    def take_focus(self) -> None:
        """In the calendar or the list, or in what covers it."""
        view = self.list if self.views.is_list else self.grid
        if view.isVisibleTo(self):
            view.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif self.sides.side is self.card:
            self.card.take_focus()
        else:
            [(_side, lead)] = self.parts()
            lead()

    def show_view(self, view: View) -> None:
        """The day, the week or the list."""
        self.views.show_view(view)

    @Slot(object)
    def _say_way_back(self, view: View) -> None:
        self.sides.leads_back_to(
            _("Back to the list") if view is View.LIST else _("Back to the calendar")
        )

    @Slot()
    def _to_today(self) -> None:
        self.views.go_to_today()
        self.take_focus()

    # --- beside the calendar

    def _open_card(self, row: MeetingRow) -> None:
        self.leave()
        self.planning.aside = None
        self.card.show_row(row)
        self.grid.mark(row.id)
        self.sides.open_side(self.card)

    @Slot(int)
    def _meeting_wanted(self, meeting_id: int) -> None:
        row = meeting(self._workspace, meeting_id)
        if row:
            in_mind = self.planning.in_mind
            self._open_card(row)
            self.planning.aside = in_mind
            self.card.take_focus()

    @Slot(int)
    def _meeting_looked_at(self, meeting_id: int) -> None:
        """The cursor of the list came to a meeting: show its card beside, the focus stays."""
        has_moved = self.list.table.hasFocus()  # else the list has lost a line
        if self.sides.side is self.card and self.views.isVisible() and has_moved:
            row = meeting(self._workspace, meeting_id)
            if row:
                self._open_card(row)

    @Slot()
    def _times_wanted(self) -> None:
        self.leave()
        sites = self.views.sites()
        self.times.load(sites)
        self.sides.open_side(self.times)
        day = max(self.views.day, self._workspace.today())
        self.times.open_at(days.next_open(day, sites, self.toolbar.site))

    @Slot(int)
    def _saved(self, meeting_id: int) -> None:
        """Show the meeting that was planned or changed, and say when it is."""
        row = meeting(self._workspace, meeting_id)
        if row is None or row.draft.starts_at is None:
            return
        self.said.emit(
            _("Planned: {name}, {when}, {where}.").format(
                name=people.shown_name(row),
                when=dates.moment(row.draft.starts_at, self._workspace.today()),
                where=planning.where(row),
            )
        )
        if self.planning.is_open:  # else one has gone on to look at something else
            self.views.show_meeting(row)
            self._open_card(row)
            self.card.take_focus()

    @Slot(int)
    def _outcome_saved(self, meeting_id: int) -> None:
        """Where nobody came, ask whether another one is planned; else on."""
        if self.sides.side is not self.card:  # one has gone on by now
            return
        row = meeting(self._workspace, meeting_id)
        if row is not None and row.status in WHO:
            self.card.ask_for_another(row)
        else:
            self._go_onward()

    @Slot()
    def _go_onward(self) -> None:
        """On to the next one in the list; in the calendar the meeting stays in view."""
        if self.views.is_list:
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
            if self.list.at is not None:  # where the list has lost the line already
                self._meeting_looked_at(self.list.at)
        else:
            self.planning.close()

    def _connect(self) -> None:
        self.sides.covered.connect(self.toolbar.setHidden)
        self.views.view_shown.connect(self._say_way_back)
        self.toolbar.today_wanted.connect(self._to_today)
        self.toolbar.times_wanted.connect(self._times_wanted)
        self.toolbar.print_wanted.connect(self.print_page)
        self.grid.meeting_wanted.connect(self._meeting_wanted)
        self.list.opened.connect(self._meeting_wanted)
        self.list.chosen.connect(self._meeting_looked_at)
        self.form.saved.connect(self._saved)
        self.planning.said.connect(self.said)
        self.card.wanted.connect(self.wanted)
        self.card.change_wanted.connect(self.planning.change)
        self.card.again_wanted.connect(self.planning.plan_again)
        self.card.left.connect(self.planning.go_back)
        self.card.outcome_saved.connect(self._outcome_saved)
        self.card.onward_wanted.connect(self._go_onward)
        self.times.left.connect(self.planning.close)
        self.print_panel.said.connect(self.said)
