"""Printing the day: which of the days to come, then how."""

from datetime import date, datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from correspondent_desk.formats.sheets import DaySheet
from correspondent_desk.gui.tasks import Job
from correspondent_desk.gui.widgets.choice_field import ChoiceField
from correspondent_desk.gui.widgets.form import FormRow
from correspondent_desk.gui.widgets.print_panel import PrintPanel
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _, code
from correspondent_desk.messages import dates, on_paper
from correspondent_desk.records import meetings, members, office, today

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

DAYS_AHEAD = 7


class DayPanel(PrintPanel):
    """The sheet of today, or of a day to come as far as it is known: one prepares the evening before."""

    def __init__(self, workspace: Workspace, parent: QWidget) -> None:
        super().__init__(workspace, parent)
        self._job: Job[DaySheet] | None = None
        self.day = ChoiceField[date]()
        self.day.chosen.connect(self._read)
        self.put_above(FormRow(_("D&ay"), self.day))

    def ask(self) -> None:
        """Offer today's, and let another day be chosen."""
        first = self._workspace.today()
        days = [first + timedelta(days=n) for n in range(DAYS_AHEAD + 1)]
        self.day.set_choices([(day, _in_words(day, first)) for day in days])
        self.day.set_value(first)
        self._read(first, leads=True)

    @Slot(object)
    def _read(self, day: date, *, leads: bool = False) -> None:
        if self._job:
            self._job.forget()
        self.wait()
        now, language = self._workspace.clock(), code()
        self._job = self._workspace.read(
            lambda s: _sheet(s, day, now, language), partial(self._show, day, leads)
        )

    def _show(self, day: date, leads: bool, sheet: DaySheet) -> None:
        self._job = None
        self.offer([sheet], _("day-{date}.pdf").format(date=day.isoformat()), leads=leads)


def _in_words(day: date, today: date) -> str:
    words = dates.day(day, today)
    return words[:1].upper() + words[1:]


def _sheet(s: "Session", day: date, now: datetime, language: str) -> DaySheet:
    """Read when paper is wanted only: the calendar of holidays takes a second and 20 MB to load."""
    on = now if day == now.date() else datetime.combine(day, time(), now.tzinfo)
    week = meetings.week(s, day - timedelta(days=day.weekday()), language)
    page, person = today.page(s, on), office.person(s)
    empty = on_paper.head(
        day,
        office.office(s).name,
        person,
        holidays=week.holidays.get(day, ()),
        absences=[row for row in meetings.absences(s, day, day) if row.person == person],
        sessions=[row for row in week.sessions if row.starts_at.date() == day],
    )
    ids = {row.draft.member_id for row in page.meetings if row.draft.member_id}
    return on_paper.whole_day(empty, page, members.drafts(s, ids))
