"""The two short forms: days away, and drop-in hours. What is typed is kept as a draft."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.fields import Kind
from correspondent_desk.domain.meetings import (
    SessionDraft,
    SessionId,
    SessionRow,
    SiteRow,
    absence_problems,
    session_problems,
)
from correspondent_desk.domain.members import SiteId
from correspondent_desk.domain.problems import Fault, Problem
from correspondent_desk.errors import DeskError
from correspondent_desk.gui.meetings.time_field import TimeField
from correspondent_desk.gui.widgets.buttons import button, quiet_button
from correspondent_desk.gui.widgets.choice_field import ChoiceField
from correspondent_desk.gui.widgets.conflict import overtaken
from correspondent_desk.gui.widgets.ctrl_enter import ctrl_enter_presses
from correspondent_desk.gui.widgets.date_field import DateField
from correspondent_desk.gui.widgets.dates import Lean
from correspondent_desk.gui.widgets.draft_keeper import DraftKeeper
from correspondent_desk.gui.widgets.flow import flow_of
from correspondent_desk.gui.widgets.form import Form
from correspondent_desk.gui.widgets.line_edit import LineEdit
from correspondent_desk.gui.widgets.save_once import SaveOnce
from correspondent_desk.gui.widgets.scroll import focus_stays
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _
from correspondent_desk.messages import dates, planning
from correspondent_desk.records import meetings
from correspondent_desk.records.trouble import EditConflict

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
        _stack(self, self.form, flow_of(self.add))
        fields = {"first": self.first, "last": self.last, "label": self.label}
        self.keeper = DraftKeeper(workspace.drafts, "absence:new", fields, self)
        self.once.asking.connect(self.keeper.hand_over)
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
        if self.keeper.saved() != []:  # another one was typed meanwhile
            return
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
        self._changed: SessionRow | None = None  # None: a new one
        self._opened = SessionDraft()  # of the changed one, as it was agreed on
        self.site = ChoiceField[SiteId | None]()
        self.day = DateField(today, lambda day: dates.day(day, today()), Lean.FUTURE)
        self.time = TimeField()
        self.minutes = ChoiceField([(it, dates.minutes(it)) for it in LENGTHS])
        self.minutes.set_value(120)
        self.until = DateField(today, lambda day: dates.day(day, today()), Lean.FUTURE)
        self.room, self.label = LineEdit(), LineEdit(_("Drop-in session"))
        self.form = Form()
        self.form.add_beside(("site_id", _("&Site"), self.site), ("room", _("Roo&m"), self.room))
        self.changing = Words("", "strong")
        self.changing.hide()
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
        self.leave_it = quiet_button(_("Leave it as it is"))
        self.leave_it.clicked.connect(self._begin_new)
        self.leave_it.hide()
        _stack(self, self.changing, self.form, flow_of(self.add, self.leave_it))
        fields = {
            "site": self.site, "day": self.day, "time": self.time, "minutes": self.minutes,
            "until": self.until, "room": self.room, "label": self.label,
        }  # fmt: skip
        self.keeper = DraftKeeper(workspace.drafts, "session:new", fields, self)
        self.once.asking.connect(self.keeper.hand_over)
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
        if self._changed is None and not self.keeper.has_typed:
            self.day.set_date(day)
            self.keeper.begin("session:new")

    def change(self, row: SessionRow) -> None:
        """Change these hours from their next day on."""
        draft = self._workspace.now(lambda s: meetings.session_draft(s, row.id))
        self.keeper.keep_now()
        self._changed, self._opened = row, draft
        self._fill(replace(draft, starts_at=row.starts_at))
        self.changing.setText(_("Change: {session}").format(session=planning.session(row)))
        self._follow()
        self.keeper.begin(_change_key(row.id), is_change=True)
        self.keeper.restore()
        self.day.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self, session_id: SessionId) -> None:
        """These hours are taken away: there is nothing to change."""
        if self._changed and self._changed.id == session_id:
            self._begin_new()

    @Slot()
    def _begin_new(self) -> None:
        """Nothing is changed; what was begun of a new one is put back."""
        self.keeper.forget()
        self._changed = None
        site = next(iter(self._sites), None)
        room = site.draft.room if site else ""
        self._fill(SessionDraft(site_id=site.id if site else None, room=room))
        self.keeper.begin("session:new")
        self.keeper.restore()
        self._follow()

    def _follow(self) -> None:
        is_new = self._changed is None
        self.changing.setVisible(not is_new)
        self.leave_it.setVisible(not is_new)
        self.form.show_problems({})
        self.form.rows["day"].rename(_("First &day") if is_new else _("Changed from this &day on"))
        self.add.setText(_("Add the drop-in sess&ion") if is_new else _("Save the change"))

    def _fill(self, draft: SessionDraft) -> None:
        if draft.site_id in self.site.values:
            self.site.set_value(draft.site_id)
        if draft.minutes not in self.minutes.values:
            lengths = sorted({*LENGTHS, draft.minutes})
            self.minutes.set_choices([(it, dates.minutes(it)) for it in lengths])
        self.minutes.set_value(draft.minutes)
        at = draft.starts_at
        self.day.set_date(at.date() if at else None)
        self.time.set_time(at.time() if at else None)
        self.until.set_date(draft.weekly_until)
        self.room.setText(draft.room)
        self.label.setText(draft.label)

    @Slot()
    def save(self) -> None:
        """Write it, unless something is to be mended first."""
        draft = self._draft()
        if self.form.refuse(self._problems(draft)):
            return
        changed, opened = self._changed, self._opened
        if changed is None:
            self.once.ask(
                lambda: self._workspace.do(
                    Action.SESSION_ADDED,
                    lambda s: meetings.add_session(s, draft),
                    then=self._written,
                )
            )
        else:
            self.once.ask(
                lambda: self._workspace.do(
                    Action.SESSION_CHANGED,
                    lambda s: meetings.change_session(s, changed.id, opened, draft),
                    then=partial(self._change_written, draft),
                    failed=partial(self._not_written, changed),
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

    def _not_written(self, changed: SessionRow, error: DeskError) -> None:
        """Somebody else changed the same of these hours: what is typed stays, with theirs beside it."""
        is_in_form = self._changed is not None and self._changed.id == changed.id
        if not (is_in_form and isinstance(error, EditConflict)):
            self._workspace.refused.emit(error)
            return
        self.change(self._as_moved(changed))
        names = {row.id: row.draft.name for row in self._sites}
        theirs = meetings.session_columns(self._opened)
        said = overtaken(Kind.SESSION, error.fields, theirs, lambda id_: names.get(SiteId(id_), ""))
        self.form.point_out(said, {"slot": "day"})

    def _as_moved(self, changed: SessionRow) -> SessionRow:
        """Changed, where the form shows the start of the hours themselves, with the one they have now."""
        now = self._workspace.now(lambda s: meetings.session_draft(s, changed.id)).starts_at
        is_start = changed.starts_at == self._opened.starts_at
        return replace(changed, starts_at=now) if is_start and now else changed

    def _change_written(self, draft: SessionDraft, id_: SessionId) -> None:
        since = self.keeper.saved(_change_key(id_))
        if since is None or draft.starts_at is None:  # other hours are being changed by now
            return
        day = draft.starts_at.date()
        rows = self._workspace.now(lambda s: meetings.sessions(s, day, day))
        now = next((row for row in rows if row.id == id_), None)
        if since and now is not None:  # one typed on after asking to save
            with focus_stays():
                self.change(now)
        else:
            self._begin_new()

    def _written(self, _id: int) -> None:
        if self.keeper.saved() != []:  # other hours are typed by now
            return
        for field in (self.day, self.time, self.until, self.label):
            field.clear()
        self.keeper.forget()


def _change_key(session_id: int) -> str:
    return f"session:{session_id}"


def _stack(form_widget: QWidget, *parts: QWidget) -> None:
    column = QVBoxLayout(form_widget)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(8)
    for part in parts:
        column.addWidget(part)
