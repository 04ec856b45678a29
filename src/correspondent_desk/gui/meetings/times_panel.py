"""Absences and drop-in sessions: what there is, and adding or taking away."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.meetings import AbsenceRow, SessionRow, SiteRow
from correspondent_desk.gui.meetings.times_forms import AbsenceForm, SessionForm
from correspondent_desk.gui.tasks import Job
from correspondent_desk.gui.widgets.buttons import Button, quiet_button
from correspondent_desk.gui.widgets.card import Card, SectionHeader
from correspondent_desk.gui.widgets.flow import flow_of
from correspondent_desk.gui.widgets.layouts import empty
from correspondent_desk.gui.widgets.picture import Picture
from correspondent_desk.gui.widgets.scroll import Scroll
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _, pgettext
from correspondent_desk.messages import dates, planning
from correspondent_desk.records import agenda, meetings

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

AHEAD = timedelta(days=365)
Away = list[tuple[AbsenceRow, str]]  # with the meetings of those days in a sentence, if any
Found = tuple[Away, list[SessionRow]]


class TimesPanel(Card):
    """Lists what lies ahead; each line can be taken away, and undone like any step."""

    left = Signal()

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(_("Absences and drop-in sessions"), parent)
        self._workspace = workspace
        self._job: Job[Found] | None = None
        self.close_button = quiet_button(_("Close"), "x")
        self.close_button.clicked.connect(self.left)
        self.add_action(self.close_button)
        self.absence = AbsenceForm(workspace)
        self.session = SessionForm(workspace)
        self._absences, self._sessions = QVBoxLayout(), QVBoxLayout()
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 12, 0)
        column.setSpacing(8)
        column.addWidget(SectionHeader(_("Absences")))
        column.addLayout(self._absences)
        column.addWidget(self.absence)
        column.addWidget(SectionHeader(_("Drop-in sessions")))
        column.addLayout(self._sessions)
        column.addWidget(self.session)
        column.addStretch(1)
        self.body.addWidget(Scroll(inside), 1)
        self.remove_buttons: list[Button] = []
        self.change_buttons: list[Button] = []

    def load(self, sites: Sequence[SiteRow]) -> None:
        """Ask for what lies ahead."""
        if self._job:
            self._job.forget()
        self.session.offer_sites(sites)
        today = self._workspace.today()
        self._job = self._workspace.read(lambda s: _ahead(s, today), self._show)

    def open_at(self, day: date) -> None:
        """Propose this day for what is added."""
        self.absence.propose(day)
        self.session.propose(day)
        self.absence.first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self, found: Found) -> None:
        self._job = None
        absences, sessions = found
        today = self._workspace.today()
        for layout in (self._absences, self._sessions):
            empty(layout)
        self.remove_buttons, self.change_buttons = [], []
        of_absences: list[Button] = []
        for row, planned in absences:
            words = planning.absence(row, today)
            of_absences += self._add(self._absences, words, partial(self._remove_absence, row))
            if planned:
                self._absences.addWidget(_warning(planned))
        if not absences:
            self._absences.addWidget(Words(_("No absence is noted."), "muted"))
        of_sessions: list[Button] = []
        for one in sessions:
            line = _session(one, today)
            of_sessions += self._add(
                self._sessions,
                line,
                partial(self._remove_session, one),
                partial(self.session.change, one),
            )
        if not sessions:
            self._sessions.addWidget(Words(_("No drop-in session is planned."), "muted"))
        for before, others in (
            (self.close_button, of_absences),
            (self.absence.add, of_sessions),
        ):  # Tab comes to them where they stand, though they are made last
            for one_, next_ in pairwise([before, *others]):
                QWidget.setTabOrder(one_, next_)

    def _add(
        self,
        layout: QVBoxLayout,
        words: str,
        remove: Callable[[], object],
        change: Callable[[], object] | None = None,
    ) -> list[Button]:
        """A line with its buttons, beside it or under it; those."""
        removing = quiet_button(_("Take away"), "trash-2")
        removing.clicked.connect(remove)
        self.remove_buttons.append(removing)
        buttons = [removing]
        if change:
            changing = quiet_button(pgettext("times", "Change"), "pencil")
            changing.clicked.connect(change)
            self.change_buttons.append(changing)
            buttons.insert(0, changing)
        for made in buttons:
            made.setAccessibleDescription(words)
        line = QWidget()
        row = QVBoxLayout(line) if change else QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(Words(words), 1)
        row.addWidget(flow_of(*buttons) if change else removing, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(line)
        return buttons

    def _remove_absence(self, row: AbsenceRow) -> None:
        self._workspace.do(Action.ABSENCE_REMOVED, lambda s: meetings.remove_absence(s, row.id))

    def _remove_session(self, row: SessionRow) -> None:
        self.session.leave(row.id)
        self._workspace.do(Action.SESSION_REMOVED, lambda s: meetings.remove_session(s, row.id))


def _ahead(s: "Session", today: date) -> Found:
    """Absences that are not over, and the next occurrence of each drop-in session."""
    sessions: dict[int, SessionRow] = {}
    for row in meetings.sessions(s, today, today + AHEAD):
        sessions.setdefault(row.id, row)
    away = [(row, _planned(s, row, today)) for row in meetings.absences(s, today, today + AHEAD)]
    return away, list(sessions.values())


def _planned(s: "Session", row: AbsenceRow, today: date) -> str:
    found = agenda.planned_during(s, row, today)
    return planning.planned_during(found, today) if found else ""


def _warning(sentence: str) -> QWidget:
    line = QWidget()
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(Picture("triangle-alert", "soon"), 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(Words(sentence), 1)
    return line


def _session(row: SessionRow, today: date) -> str:
    starts: datetime = row.starts_at
    end = starts + timedelta(minutes=row.minutes)
    return _("{session}. Next: {moment} to {end}.").format(
        session=planning.session(row),
        moment=dates.moment(starts, today),
        end=dates.clock(end),
    )
