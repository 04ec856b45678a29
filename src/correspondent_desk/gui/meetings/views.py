"""The meetings of the days that are shown, in the calendar, or all of them in the list."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QStackedWidget

from correspondent_desk.domain.meetings import MeetingRow, SiteRow
from correspondent_desk.domain.problems import is_likely
from correspondent_desk.formats.sheets import DaySheet
from correspondent_desk.gui.meetings import days, printed, reading
from correspondent_desk.gui.meetings.grid import Grid
from correspondent_desk.gui.meetings.meetings_list import MeetingsList
from correspondent_desk.gui.meetings.toolbar import Toolbar, View
from correspondent_desk.gui.tasks import Job
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _, code
from correspondent_desk.messages import dates
from correspondent_desk.records import members


class Views(QStackedWidget):
    """Which days are shown is chosen in the toolbar and by the cursor of the calendar."""

    view_shown = Signal(object)  # View

    def __init__(self, workspace: Workspace, toolbar: Toolbar) -> None:
        super().__init__()
        self._workspace = workspace
        self._toolbar = toolbar
        self._day = workspace.today()
        self._found: reading.Found | None = None
        self._job: Job[reading.Found] | None = None
        self.grid = Grid(workspace.clock)
        self.grid.go_to(_next_hour(workspace.clock()))
        self.addWidget(self.grid)
        self.setFocusProxy(self.grid)
        toolbar.view_chosen.connect(self.show_view)
        toolbar.turned.connect(self._turn)
        toolbar.site_chosen.connect(self._show_days)
        self.grid.days_wanted.connect(self._turn)
        self.grid.cursor_moved.connect(self._cursor_moved)

    def add_list(self) -> None:
        """The list, a part of its own to build; once."""
        self.list = MeetingsList(self._workspace)
        self.addWidget(self.list)

    @property
    def day(self) -> date:
        """The day of the cursor."""
        return self._day

    @property
    def is_list(self) -> bool:
        """Whether the list is shown."""
        return self._toolbar.view is View.LIST

    def sites(self) -> tuple[SiteRow, ...]:
        """Where meetings may take place."""
        return self._found.sites if self._found else self._workspace.now(reading.sites)

    def sheets(self) -> Iterator[DaySheet] | None:
        """The days that are shown, for paper; None while they are not read."""
        if self._found is None:
            return None
        shown = self.grid.days
        ids = {row.draft.member_id for row in shown.meetings if row.draft.member_id}
        known = self._workspace.now(lambda s: members.drafts(s, ids))
        return printed.sheets(self._found, shown, known)

    def load(self) -> None:
        """Read the week and the list again."""
        self._load()
        self.list.load()

    def show_view(self, view: View) -> None:
        """The day, the week or the list."""
        self._toolbar.show_view(view)
        shown = self.list if view is View.LIST else self.grid
        self.setCurrentWidget(shown)
        self.setFocusProxy(shown)
        self.view_shown.emit(view)
        self._show_days()

    def show_meeting(self, row: MeetingRow) -> None:
        """The day on which it takes place, with the cursor at its time."""
        if row.draft.starts_at and is_likely(row.draft.starts_at.date()):
            self.grid.go_to(row.draft.starts_at)
            self._go_to_day(row.draft.starts_at.date())

    def go_to_today(self) -> None:
        """Today, with the cursor at the next hour."""
        self.grid.go_to(_next_hour(self._workspace.clock()))
        self._go_to_day(self._workspace.today())

    def show_day(self, day: date, at: time | None = None) -> None:
        """The days around this one, with the cursor on it, at a time that is shown or where it is.

        A mistyped year stays where it was typed: the first and the last day that a date can say
        have no day before them or after.
        """
        was_at, shown = self.grid.cursor_at.time(), self.grid.days
        if at is None or not shown.first_minute <= days.minute_of(at) < shown.last_minute:
            at = was_at
        if (day != self._day or at != was_at) and is_likely(day):
            self.grid.go_to(datetime.combine(day, at))
            self._go_to_day(day)

    def leave_the_past(self) -> None:
        """Where none of the days shown is still to come, on to the next on which a site is open."""
        today, sites = self._workspace.today(), self.sites()
        is_drawn = self._found is not None and self._found.week.monday == _monday(self._day)
        last = self.grid.days.days[-1] if is_drawn else days.last_shown(self._day, sites)
        if last < today:
            self.show_day(days.next_open(today, sites, self._toolbar.site))

    def show_title(self) -> None:
        """Say above which days these are."""
        self._toolbar.show_title(self._title())

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
        self._toolbar.offer_sites(found.sites)
        self._show_days()

    @Slot()
    def _show_days(self) -> None:
        found, site = self._found, self._toolbar.site
        self.list.show_site(site)
        self.show_title()
        if found is None or found.week.monday != _monday(self._day):
            return
        if self._toolbar.view is View.DAY:
            self.grid.show_days(days.of_day(found.week, self._day, found.sites, site))
        else:
            self.grid.show_days(days.of_week(found.week, self._day, found.sites, site))

    def _title(self) -> str:
        today = self._workspace.today()
        match self._toolbar.view:
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
        step = timedelta(days=by if self._toolbar.view is View.DAY else 7 * by)
        shown = self.grid.days.days
        beyond = cursor.date() not in shown  # an arrow went over the edge
        moment = cursor if beyond and self._toolbar.view is not View.DAY else None
        day = moment.date() if moment else self._day + step
        if is_likely(day):
            self._day = day
            self.grid.go_to(moment or datetime.combine(day, cursor.time()))
            self._load()
        self._show_days()

    @Slot(object)
    def _cursor_moved(self, moment: datetime) -> None:
        self._day = moment.date()


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _next_hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0, tzinfo=None)
