"""Meetings: the calendar or the list, and beside it what is planned, changed or noted."""

from collections.abc import Iterator
from datetime import datetime

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QVBoxLayout

from correspondent_desk.domain.fields import Kind
from correspondent_desk.domain.meetings import (
    MeetingFilter,
    MeetingId,
    MeetingRow,
    MeetingStatus,
    SessionRow,
)
from correspondent_desk.gui.meetings import days
from correspondent_desk.gui.meetings.cancel_form import WHO
from correspondent_desk.gui.meetings.card import MeetingCard
from correspondent_desk.gui.meetings.drawing import is_past
from correspondent_desk.gui.meetings.plan_form import NEW, Begun, PlanForm
from correspondent_desk.gui.meetings.side import SideBySide
from correspondent_desk.gui.meetings.times_panel import TimesPanel
from correspondent_desk.gui.meetings.toolbar import Toolbar, View
from correspondent_desk.gui.meetings.views import Views
from correspondent_desk.gui.page import Page, Part, Target, Task
from correspondent_desk.gui.widgets.print_panel import PrintPanel
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _
from correspondent_desk.messages import dates, people, planning
from correspondent_desk.records import meetings
from correspondent_desk.records.trouble import NoSuchRecord
from correspondent_desk.store.changes import Changed


class MeetingsPage(Page):
    """The calendar keeps the whole width until a meeting is opened or begun."""

    def __init__(self, workspace: Workspace, *, at_once: bool = True) -> None:
        """at_once False: the parts are made as the steps are taken."""
        super().__init__()
        self._workspace = workspace
        self._aside: Begun | None = None  # the plan one looks away from
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
            self._go_on()
        if target.id is None:
            return
        row = self._row(target.id)
        if row is None:
            self.said.emit(_("This meeting is not there any more."))
            return
        if row.status is MeetingStatus.PLANNED and is_past(row, self._workspace.clock()):
            self.views.show_view(View.LIST)
            self.list.choose_filter(MeetingFilter.WITHOUT_OUTCOME)
        elif row.draft.starts_at:
            if self.views.is_list:
                self.views.show_view(View.WEEK)
            self.views.show_meeting(row)
        self._open_card(row)
        self.card.take_focus()

    def way_back(self) -> Target | None:
        """To the form."""
        is_planning = self.sides.side is self.form
        return Target(page="meetings", task=Task.GO_ON) if is_planning else None

    def new(self, person: int | None = None, request: int | None = None) -> None:
        """Plan a meeting, with person and about request if they are given."""
        self.views.leave_the_past()
        here = self.grid.hasFocus() and not self.views.is_list and person is None
        if here:
            self._plan_there(self.grid.cursor_at)
        else:
            self._plan(None, person, request)

    def print_page(self) -> bool:
        """The days that are shown, on paper."""
        sheets = self.views.sheets()
        if sheets is None:
            return False
        self.print_panel.offer(
            list(sheets), _("meetings-{date}.pdf").format(date=self.views.day.isoformat())
        )
        return True

    def person_in_view(self) -> int | None:
        """Whom the form or the card is about."""
        if self.sides.side is self.form:
            return self.form.person
        if self.sides.side is self.card and self.card.row:
            return self.card.row.draft.member_id
        return None

    def request_in_view(self) -> int | None:
        """What the form or the card is about."""
        if self.sides.side is self.form:
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
            self._look_at_calendar()
        self.leave()
        if self.sides.side is not self.card:
            return self._close_side()
        return self.card.step_back() or self._leave_card()

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
        self._offer_begun()
        if self.sides.side is self.times:
            self.times.load(self.views.sites())
        if (changed.of(Kind.MEMBER) or changed.of(Kind.MEETING)) and self.isVisible():
            self._look_whether_they_are_there()
        if self.sides.side is self.form:
            self.form.look_again()
        if self.card.row:
            row = self._row(self.card.row.id)
            if row:
                self.card.show_row(row)
            elif self.sides.side is self.card:
                self._close_side()

    def shown(self) -> None:
        """Time has passed since."""
        self.views.load()
        self._offer_begun()
        self._look_whether_they_are_there()

    def _look_whether_they_are_there(self) -> None:
        """Whom the form is about may have been removed elsewhere; its meeting may have taken place."""
        for look in (self.form.may_stay, self.form.follow):
            if self.sides.side is not self.form:
                return
            stays, said = look()
            if not stays:
                self.form.keeper.forget()
                self._close_side()
            if said:
                self.said.emit(said)

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
        """In the calendar or the list."""
        view = self.list if self.views.is_list else self.grid
        if self.sides.side is self.card and not view.isVisibleTo(self):
            self.card.take_focus()
        else:
            view.setFocus(Qt.FocusReason.ShortcutFocusReason)

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
        self._aside = None
        self.card.show_row(row)
        self.grid.mark(row.id)
        self.sides.open_side(self.card)

    @Slot(int)
    def _meeting_wanted(self, meeting_id: int) -> None:
        row = self._row(meeting_id)
        if row:
            aside = self.form.begun if self.sides.side is self.form else self._aside
            self._open_card(row)
            self._aside = aside
            self.card.take_focus()

    @Slot(int)
    def _meeting_looked_at(self, meeting_id: int) -> None:
        """The cursor of the list came to a meeting: show its card beside, the focus stays."""
        has_moved = self.list.table.hasFocus()  # else the list has lost a line
        if self.sides.side is self.card and self.views.isVisible() and has_moved:
            row = self._row(meeting_id)
            if row:
                self._open_card(row)

    @Slot(object)
    def _slot_wanted(self, moment: datetime) -> None:
        if self.sides.side is self.form:
            self.form.set_time(moment, self.grid.days.session_at(moment))
        elif self.sides.side in (self.card, None) and self._aside:
            self._plan_there(moment, self._aside.person, self._aside.request)
        else:
            self._plan_there(moment)

    def _plan_there(
        self, moment: datetime, person: int | None = None, request: int | None = None
    ) -> None:
        """In a slot of the calendar: in a drop-in session, where that is held."""
        self._plan(moment, person, request, self.grid.days.session_at(moment))

    @Slot()
    def _plan_wanted(self) -> None:
        self.views.leave_the_past()
        self._plan(None)

    def _plan(
        self,
        moment: datetime | None,
        person: int | None = None,
        request: int | None = None,
        session: SessionRow | None = None,
    ) -> None:
        self.leave()
        self._aside = None
        sites = self.views.sites()
        self.sides.open_side(self.form)
        begun = Begun(moment, person, request)
        self.form.open_new(sites, begun, self.toolbar.site, session)

    @Slot(object, object)
    def _plan_again(self, person: int | None, request: int | None) -> None:
        self._plan(None, person, request)

    @Slot(object)
    def _change_wanted(self, row: MeetingRow) -> None:
        self.leave()
        sites = self.views.sites()
        self.sides.open_side(self.form)
        self.form.open_change(sites, row)

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
        row = self._row(meeting_id)
        if row is None or row.draft.starts_at is None:
            return
        self.said.emit(
            _("Planned: {name}, {when}, {where}.").format(
                name=people.shown_name(row),
                when=dates.moment(row.draft.starts_at, self._workspace.today()),
                where=planning.where(row),
            )
        )
        self.views.show_meeting(row)
        self._open_card(row)
        self.card.take_focus()

    @Slot(int)
    def _outcome_saved(self, meeting_id: int) -> None:
        """Where nobody came, ask whether another one is planned; else on."""
        row = self._row(meeting_id)
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
            self._close_side()

    @Slot(object)
    def _share_out(self, side: object) -> None:
        """One main action a page: while the form is open, it is the form's."""
        self.toolbar.plan.set_main(is_main=side is not self.form)
        self._offer_begun()

    def _offer_begun(self) -> None:
        """Also after a lock: what was typed is kept, and whoever typed it is to know."""
        is_open = self.sides.side is self.form
        self.toolbar.begun.setVisible(not is_open and self.form.left_behind() is not None)

    @Slot()
    def _go_on(self) -> None:
        key = self.form.left_behind()
        if key is None:
            return
        whose = int(key.rpartition(":")[2]) if key != NEW else None
        row = self._row(whose or 0)
        if key.startswith(NEW):
            self._plan(None, whose)
        elif row is not None:
            self._change_wanted(row)
        else:
            self._workspace.drafts.forget(key)
            self._offer_begun()
            self.said.emit(_("This meeting is not there any more."))

    @Slot(object)
    def _time_typed(self, _value: object) -> None:
        """The calendar comes along, to show what else takes place around then."""
        day, at = self.form.fields.date.value(), self.form.fields.time.value()
        if day and self.sides.side is self.form:
            self.views.show_day(day, at)

    @Slot()
    def _look_at_calendar(self) -> None:
        """A slot that is chosen there goes on with what is being planned."""
        self.leave()
        if self.sides.side is self.form:
            self._aside = self.form.begun

    @Slot()
    def _leave_card(self) -> bool:
        """Back to the plan one looked away from, if there is one."""
        if self._aside is None:
            return self._close_side()
        self.grid.mark(None)
        self._plan(self._aside.starts_at, self._aside.person, self._aside.request)
        return True

    @Slot()
    def _close_side(self) -> bool:
        self.grid.mark(None)
        return self.sides.close_side()

    def _row(self, meeting_id: int) -> MeetingRow | None:
        try:
            return self._workspace.now(lambda s: meetings.row(s, MeetingId(meeting_id)))
        except NoSuchRecord:
            return None

    def _connect(self) -> None:
        self.sides.covered.connect(self.toolbar.setHidden)
        self.sides.looked_back.connect(self._look_at_calendar)
        self.sides.turned_to.connect(self._share_out)
        self.views.view_shown.connect(self._say_way_back)
        self.toolbar.today_wanted.connect(self._to_today)
        self.toolbar.times_wanted.connect(self._times_wanted)
        self.toolbar.print_wanted.connect(self.print_page)
        self.toolbar.begun_wanted.connect(self._go_on)
        self.toolbar.plan_wanted.connect(self._plan_wanted)
        self.grid.slot_wanted.connect(self._slot_wanted)
        self.grid.meeting_wanted.connect(self._meeting_wanted)
        self.list.opened.connect(self._meeting_wanted)
        self.list.chosen.connect(self._meeting_looked_at)
        self.form.saved.connect(self._saved)
        self.form.left.connect(self._close_side)
        self.form.fields.date.date_changed.connect(self._time_typed)
        self.form.fields.time.time_changed.connect(self._time_typed)
        self.card.wanted.connect(self.wanted)
        self.card.change_wanted.connect(self._change_wanted)
        self.card.again_wanted.connect(self._plan_again)
        self.card.left.connect(self._leave_card)
        self.card.outcome_saved.connect(self._outcome_saved)
        self.card.onward_wanted.connect(self._go_onward)
        self.times.left.connect(self._close_side)
        self.print_panel.said.connect(self.said)
