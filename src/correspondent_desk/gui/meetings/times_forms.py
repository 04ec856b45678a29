"""The two short forms: days away, and drop-in hours. What is typed is kept as a draft."""

from collections.abc import Sequence
from datetime import date, datetime

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.meetings import (
    SessionDraft,
    SiteRow,
    absence_problems,
    session_problems,
)
from correspondent_desk.domain.members import SiteId
from correspondent_desk.domain.problems import Fault, Problem
from correspondent_desk.gui.meetings.time_field import TimeField
from correspondent_desk.gui.widgets.buttons import button
from correspondent_desk.gui.widgets.choice_field import ChoiceField
from correspondent_desk.gui.widgets.ctrl_enter import ctrl_enter_presses
from correspondent_desk.gui.widgets.date_field import DateField
from correspondent_desk.gui.widgets.dates import Lean
from correspondent_desk.gui.widgets.draft_keeper import DraftKeeper
from correspondent_desk.gui.widgets.form import Form
from correspondent_desk.gui.widgets.line_edit import LineEdit
from correspondent_desk.gui.widgets.save_once import SaveOnce
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _
from correspondent_desk.messages import dates
from correspondent_desk.records import meetings

LENGTHS = (30, 60, 90, 120, 150, 180, 240)


class AbsenceForm(QWidget):
    """First and last day, and what it is."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        today = workspace.today
        self.first = DateField(today, lambda day: dates.day(day, today()), Lean.FUTURE)
        self.last = DateField(today, lambda day: dates.day(day, today()), Lean.FUTURE)
        self.label = LineEdit(_("Leave, training…"))
        self.form = Form()
        self.form.add("first_day", _("Away &from"), self.first)
        self.form.add("last_day", _("&Until, this day included"), self.last)
        self.form.add("label", _("&What it is"), self.label)
        self.add = button(_("&Add the absence"), "plus")
        self.add.clicked.connect(self.save)
        self.once = SaveOnce(workspace, self, self.add)
        ctrl_enter_presses(self.add, self)
        _stack(self, self.form, self.add)
        fields = {"first": self.first, "last": self.last, "label": self.label}
        self.keeper = DraftKeeper(workspace.drafts, "absence:new", fields, self)
        workspace.closing.connect(self.keeper.keep_now)
        self.keeper.restore()
        for field in fields.values():
            field.returnPressed.connect(self.save)

    def propose(self, day: date) -> None:
        """Begin on this day, unless something was typed already."""
        self.keeper.keep_now()
        if not self.keeper.has_typed:
            self.first.set_date(day)
            self.keeper.begin("absence:new")

    @Slot()
    def save(self) -> None:
        """Write it, unless something is to be mended first."""
        unread = [*self.first.problems("first_day"), *self.last.problems("last_day")]
        first, last, label = self.first.value(), self.last.value(), self.label.text().strip()
        found = unread or absence_problems(first, last, label)
        if self.form.refuse(found) or first is None:
            return
        self.once.ask(
            lambda: self._workspace.do(
                Action.ABSENCE_ADDED,
                lambda s: meetings.add_absence(s, first, last, label),
                then=self._written,
            )
        )

    def _written(self, _id: int) -> None:
        for field in (self.first, self.last, self.label):
            field.clear()
        self.keeper.forget()


class SessionForm(QWidget):
    """Where, when, how long, and whether every week."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        today = workspace.today
        self._sites: Sequence[SiteRow] = ()
        self.site = ChoiceField[SiteId | None]()
        self.day = DateField(today, lambda day: dates.day(day, today()), Lean.FUTURE)
        self.time = TimeField()
        self.minutes = ChoiceField([(it, dates.minutes(it)) for it in LENGTHS])
        self.minutes.set_value(120)
        self.until = DateField(today, lambda day: dates.day(day, today()), Lean.FUTURE)
        self.room, self.label = LineEdit(), LineEdit(_("Drop-in session"))
        self.form = Form()
        self.form.add_beside(("site_id", _("&Site"), self.site), ("room", _("Roo&m"), self.room))
        self.form.add("day", _("First &day"), self.day)
        self.form.add_beside(
            ("time", _("&Time"), self.time), ("minutes", _("Len&gth"), self.minutes)
        )
        self.form.add("weekly_until", _("E&very week until (empty: once)"), self.until)
        self.form.add("label", _("Ca&lled"), self.label)
        self.add = button(_("Add the drop-in sess&ion"), "plus")
        self.add.clicked.connect(self.save)
        self.once = SaveOnce(workspace, self, self.add)
        ctrl_enter_presses(self.add, self)
        _stack(self, self.form, self.add)
        fields = {
            "site": self.site, "day": self.day, "time": self.time, "minutes": self.minutes,
            "until": self.until, "room": self.room, "label": self.label,
        }  # fmt: skip
        self.keeper = DraftKeeper(workspace.drafts, "session:new", fields, self)
        workspace.closing.connect(self.keeper.keep_now)

    def offer_sites(self, sites: Sequence[SiteRow]) -> None:
        """The sites there are; what was typed before is put back once they are known."""
        is_first = not self._sites
        self._sites = sites
        self.site.set_choices([(row.id, row.draft.name) for row in sites])
        if is_first and not self.keeper.restore() and sites:
            self.room.setText(sites[0].draft.room)
            self.keeper.begin("session:new")

    def propose(self, day: date) -> None:
        """Begin on this day, unless something was typed already."""
        self.keeper.keep_now()
        if not self.keeper.has_typed:
            self.day.set_date(day)
            self.keeper.begin("session:new")

    @Slot()
    def save(self) -> None:
        """Write it, unless something is to be mended first."""
        draft = self._draft()
        if self.form.refuse(self._problems(draft)):
            return
        self.once.ask(
            lambda: self._workspace.do(
                Action.SESSION_ADDED, lambda s: meetings.add_session(s, draft), then=self._written
            )
        )

    def _draft(self) -> SessionDraft:
        day, at = self.day.value(), self.time.value()
        return SessionDraft(
            site_id=self.site.value() if self.site.values else None,
            starts_at=datetime.combine(day, at) if day and at else None,
            minutes=self.minutes.value(),
            weekly_until=self.until.value(),
            room=self.room.text().strip(),
            label=self.label.text().strip(),
        )

    def _problems(self, draft: SessionDraft) -> list[Problem]:
        when = (("day", self.day), ("time", self.time))
        found = [Problem(name, Fault.MISSING) for name, field in when if not field.text().strip()]
        found += [*self.day.problems("day"), *self.time.problems("time")]
        return [*found, *self.until.problems("weekly_until"), *session_problems(draft)]

    def _written(self, _id: int) -> None:
        for field in (self.day, self.time, self.until, self.label):
            field.clear()
        self.keeper.forget()


def _stack(form_widget: QWidget, form: Form, add: QWidget) -> None:
    column = QVBoxLayout(form_widget)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(8)
    column.addWidget(form)
    column.addWidget(add, 0, Qt.AlignmentFlag.AlignLeft)
