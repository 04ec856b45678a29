"""Meetings: the calendar or the list, and beside it what is planned, changed or noted."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout

from correspondent_desk.domain.meetings import (
    MeetingFilter,
    MeetingId,
    MeetingRow,
    MeetingStatus,
)
from correspondent_desk.gui.meetings import days, printed, reading
from correspondent_desk.gui.meetings.card import MeetingCard
from correspondent_desk.gui.meetings.drawing import is_past
from correspondent_desk.gui.meetings.grid import Grid
from correspondent_desk.gui.meetings.meetings_list import MeetingsList
from correspondent_desk.gui.meetings.plan_form import Begun, PlanForm
from correspondent_desk.gui.meetings.side import SideBySide
from correspondent_desk.gui.meetings.times_panel import TimesPanel
from correspondent_desk.gui.meetings.toolbar import Toolbar, View
from correspondent_desk.gui.page import Page, Part, Target
from correspondent_desk.gui.tasks import Job
from correspondent_desk.gui.widgets.print_panel import PrintPanel
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _, code
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
        self._day = workspace.today()
        self._found: reading.Found | None = None
        self._job: Job[reading.Found] | None = None
        self._aside: Begun | None = None  # the plan one looks away from
        self.steps = self._build()
        if at_once:
            self.complete()

    def _build(self) -> Iterator[None]:
        """Putting a part into the page, which styles it, is a step of its own."""
        self.toolbar = Toolbar()
        self.grid = Grid(self._workspace.clock)
        self.grid.go_to(_next_hour(self._workspace.clock()))
        yield
        self.list = MeetingsList(self._workspace)
        self._views = QStackedWidget()
        self._views.addWidget(self.grid)
        self._views.addWidget(self.list)
        self._views.setFocusProxy(self.grid)
        self.sides = SideBySide(self._views)
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
        self.toolbar.show_title(self._title())

    # --- what the frame asks

    def open(self, target: Target) -> None:
        """A meeting with its card; one that waits for its outcome stands in the list of those."""
        if target.id is None:
            return
        row = self._row(target.id)
        if row is None:
            self.said.emit(_("This meeting is not there any more."))
            return
        if row.status is MeetingStatus.PLANNED and is_past(row, self._workspace.clock()):
            self.show_view(View.LIST)
            self.list.choose_filter(MeetingFilter.WITHOUT_OUTCOME)
        elif row.draft.starts_at:
            if self.toolbar.view is View.LIST:
                self.show_view(View.WEEK)
            self.grid.go_to(row.draft.starts_at)
            self._go_to_day(row.draft.starts_at.date())
        self._open_card(row)
        self.card.take_focus()

    def new(self, person: int | None = None, request: int | None = None) -> None:
        """Plan a meeting, with person and about request if they are given."""
        here = self.grid.hasFocus() and self.toolbar.view is not View.LIST
        self._plan(self.grid.cursor_at if here and person is None else None, person, request)

    def print_page(self) -> bool:
        """The days that are shown, on paper."""
        if self._found is None:
            return False
        self.print_panel.offer(
            list(printed.sheets(self._found, self.grid.days)),
            _("meetings-{date}.pdf").format(date=self._day.isoformat()),
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
        if not self._views.isVisible():
            self._look_at_calendar()
        self.leave()
        return self._leave_card() if self.sides.side is self.card else self._close_side()

    def leave(self) -> bool:
        """Keep what is being typed."""
        for keeper in (
            self.form.keeper,
            self.card.outcome.keeper,
            self.times.absence.keeper,
            self.times.session.keeper,
        ):
            keeper.keep_now()
        return True

    def refresh(self, changed: Changed) -> None:
        """Show the days, the list and the card again."""
        self._load()
        self.list.load()
        if self._found:
            self.times.load(self._found.sites)
        if self.card.row:
            row = self._row(self.card.row.id)
            if row:
                self.card.show_row(row)
            elif self.sides.side is self.card:
                self._close_side()

    def shown(self) -> None:
        """Time has passed since."""
        self._load()
        self.list.load()

    def parts(self) -> list[Part]:
        """The calendar, then what is open beside it."""
        found: list[Part] = []
        if self._views.isVisibleTo(self):
            found.append((self._views, self._views.setFocus))
        side = self.sides.side
        if side is not None:
            found.append((side, self.form.fields.setFocus if side is self.form else side.setFocus))
        return found

    def take_focus(self) -> None:
        """In the calendar or the list."""
        view = self.list if self.toolbar.view is View.LIST else self.grid
        if self.sides.side is self.card and not view.isVisibleTo(self):
            self.card.take_focus()
        else:
            view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # --- reading and showing

    def show_view(self, view: View) -> None:
        """The day, the week or the list."""
        self.toolbar.show_view(view)
        shown = self.list if view is View.LIST else self.grid
        self._views.setCurrentWidget(shown)
        self._views.setFocusProxy(shown)
        self.sides.leads_back_to(
            _("Back to the list") if view is View.LIST else _("Back to the calendar")
        )
        self._show_days()

    def _load(self) -> None:
        if self._job:
            self._job.forget()
        monday, language = _monday(self._day), code()
        self._job = self._workspace.read(lambda s: reading.read(s, monday, language), self._show)

    def _show(self, found: reading.Found) -> None:
        self._job = None
        if found == self._found:  # whoever comes back finds it drawn
            return
        self._found = found
        self.toolbar.offer_sites(found.sites)
        self._show_days()

    def _show_days(self) -> None:
        found, site = self._found, self.toolbar.site
        self.list.show_site(site)
        self.toolbar.show_title(self._title())
        if found is None or found.week.monday != _monday(self._day):
            return
        if self.toolbar.view is View.DAY:
            self.grid.show_days(days.of_day(found.week, self._day, found.sites, site))
        else:
            self.grid.show_days(days.of_week(found.week, found.sites, site))

    def _title(self) -> str:
        today = self._workspace.today()
        match self.toolbar.view:
            case View.LIST:
                return _("Meetings")
            case View.DAY:
                words = dates.plain(self._day, today)
                return words[:1].upper() + words[1:]
            case View.WEEK:
                return _("Week of {day}").format(day=dates.plain(_monday(self._day), today))

    def _go_to_day(self, day: date) -> None:
        is_other_week = _monday(day) != _monday(self._day)
        self._day = day
        if is_other_week or self._found is None:
            self._load()
        self._show_days()

    @Slot(int)
    def _turn(self, by: int) -> None:
        """Weeks, or days where one day is shown; the cursor comes along."""
        cursor = self.grid.cursor_at
        step = timedelta(days=by if self.toolbar.view is View.DAY else 7 * by)
        shown = self.grid.days.days
        beyond = cursor.date() not in shown  # an arrow went over the edge
        moment = cursor if beyond and self.toolbar.view is not View.DAY else None
        self._day = moment.date() if moment else self._day + step
        self.grid.go_to(moment or datetime.combine(self._day, cursor.time()))
        self._load()
        self._show_days()

    @Slot()
    def _to_today(self) -> None:
        self.grid.go_to(_next_hour(self._workspace.clock()))
        self._go_to_day(self._workspace.today())
        self.take_focus()

    @Slot(object)
    def _cursor_moved(self, moment: datetime) -> None:
        self._day = moment.date()

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
        if self.sides.side is self.card and self._views.isVisible():
            row = self._row(meeting_id)
            if row:
                self._open_card(row)

    @Slot(object)
    def _slot_wanted(self, moment: datetime) -> None:
        if self.sides.side is self.form:
            self.form.set_time(moment)
        elif self.sides.side in (self.card, None) and self._aside:
            self._plan(moment, self._aside.person, self._aside.request)
        else:
            self._plan(moment)

    @Slot()
    def _plan_wanted(self) -> None:
        self._plan(None)

    def _plan(
        self, moment: datetime | None, person: int | None = None, request: int | None = None
    ) -> None:
        self.leave()
        self._aside = None
        sites = self._found.sites if self._found else self._workspace.now(reading.sites)
        self.sides.open_side(self.form)
        self.form.open_new(sites, moment, self.toolbar.site, person, request)

    @Slot(object)
    def _change_wanted(self, row: MeetingRow) -> None:
        self.leave()
        sites = self._found.sites if self._found else self._workspace.now(reading.sites)
        self.sides.open_side(self.form)
        self.form.open_change(sites, row)

    @Slot()
    def _times_wanted(self) -> None:
        self.leave()
        self.times.load(self._found.sites if self._found else self._workspace.now(reading.sites))
        self.sides.open_side(self.times)
        self.times.open_at(max(self._day, self._workspace.today()))

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
        self.grid.go_to(row.draft.starts_at)
        self._go_to_day(row.draft.starts_at.date())
        self._open_card(row)
        self.card.take_focus()

    @Slot(int)
    def _outcome_saved(self, meeting_id: int) -> None:
        """On to the next one in the list; in the calendar the meeting stays in view."""
        if self.toolbar.view is View.LIST:
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._close_side()

    @Slot(object)
    def _share_out(self, side: object) -> None:
        """One main action a page: while the form is open, it is the form's."""
        self.toolbar.plan.set_main(is_main=side is not self.form)

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
        self.toolbar.view_chosen.connect(self.show_view)
        self.toolbar.turned.connect(self._turn)
        self.toolbar.today_wanted.connect(self._to_today)
        self.toolbar.site_chosen.connect(self._show_days)
        self.toolbar.times_wanted.connect(self._times_wanted)
        self.toolbar.plan_wanted.connect(self._plan_wanted)
        self.grid.slot_wanted.connect(self._slot_wanted)
        self.grid.meeting_wanted.connect(self._meeting_wanted)
        self.grid.days_wanted.connect(self._turn)
        self.grid.cursor_moved.connect(self._cursor_moved)
        self.list.opened.connect(self._meeting_wanted)
        self.list.chosen.connect(self._meeting_looked_at)
        self.form.saved.connect(self._saved)
        self.form.left.connect(self._close_side)
        self.card.wanted.connect(self.wanted)
        self.card.change_wanted.connect(self._change_wanted)
        self.card.left.connect(self._leave_card)
        self.card.outcome_saved.connect(self._outcome_saved)
        self.times.left.connect(self._close_side)
        self.print_panel.said.connect(self.said)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _next_hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0, tzinfo=None)
