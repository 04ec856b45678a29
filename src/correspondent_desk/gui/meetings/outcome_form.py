"""How a meeting ended: one letter, what comes next, Enter."""

from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.meetings import MeetingRow, MeetingStatus
from correspondent_desk.domain.problems import Fault, Problem, in_text
from correspondent_desk.domain.requests import Owes
from correspondent_desk.gui.keys import outcome_key
from correspondent_desk.gui.widgets.buttons import Button, button, main_button
from correspondent_desk.gui.widgets.choice_field import ChoiceField
from correspondent_desk.gui.widgets.ctrl_enter import ctrl_enter_presses
from correspondent_desk.gui.widgets.date_field import DateField
from correspondent_desk.gui.widgets.dates import Lean
from correspondent_desk.gui.widgets.draft_keeper import DraftKeeper
from correspondent_desk.gui.widgets.flow import flow_of
from correspondent_desk.gui.widgets.form import Form
from correspondent_desk.gui.widgets.line_edit import LineEdit
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _, pgettext
from correspondent_desk.messages import dates, labels
from correspondent_desk.messages.problems import sentence
from correspondent_desk.records import meetings

OUTCOMES = (MeetingStatus.SEEN, MeetingStatus.EXCUSED, MeetingStatus.NO_SHOW)


class OutcomeForm(QWidget):
    """Three answers by one letter each; then a note, and the next step of the meeting's request."""

    saved = Signal(int)

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._row: MeetingRow | None = None
        self._status: MeetingStatus | None = None
        today = workspace.today
        self.buttons: dict[MeetingStatus, Button] = {}
        for status in OUTCOMES:
            made = button(_outcome_words(status))
            made.setCheckable(True)
            made.clicked.connect(partial(self.choose, status))
            self.buttons[status] = made
        self.note = LineEdit(_("In a few words, if it helps"))
        self.what = LineEdit(_("Nothing, if nothing comes next"))
        self.who = ChoiceField([(owes, labels.owes(owes)) for owes in Owes])
        self.due = DateField(today, lambda day: dates.day(day, today()), Lean.FUTURE)
        self.form = Form()
        self.form.add("next_what", _("What comes ne&xt"), self.what)
        self.form.add_beside(
            ("next_who", _("W&ho owes it"), self.who), ("next_due", _("By &when"), self.due)
        )
        self.form.add("outcome", _("N&ote"), self.note)
        self.no_request = Words(
            _("This meeting is not about a request: what comes next can stand in the note."),
            "small",
        )
        self.form.add_widget(self.no_request)
        self.save = main_button(_("&Save the outcome"), "check")
        self.save.clicked.connect(self.save_now)
        ctrl_enter_presses(self.save, self)
        self._rest = QWidget()
        column = QVBoxLayout(self._rest)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.form)
        column.addWidget(self.save, 0, Qt.AlignmentFlag.AlignLeft)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(8)
        whole.addWidget(Words(_("How did it end?"), "section"))
        whole.addWidget(flow_of(*self.buttons.values()))
        whole.addWidget(self._rest)
        fields = {"note": self.note, "what": self.what, "who": self.who, "due": self.due}
        fields |= {f"is_{status}": made for status, made in self.buttons.items()}
        self.keeper = DraftKeeper(workspace.drafts, "outcome", fields, self)
        workspace.closing.connect(self.keeper.keep_now)
        for field in (self.note, self.what, self.due):
            field.returnPressed.connect(self.save_now)

    def add_keys(self, page: QWidget) -> None:
        """Let the letters work wherever on page nobody is typing."""
        for status in OUTCOMES:
            keys = QShortcut(QKeySequence(outcome_key(status)), page)
            keys.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            keys.activated.connect(partial(self._key, status))

    def show_row(self, row: MeetingRow) -> None:
        """Ask about this meeting; what was begun for it is put back."""
        self.keeper.keep_now()
        self._row, self._status = row, None
        for field in (self.what, self.due):
            field.clear()
        self.note.setText(row.outcome)
        self.who.set_value(Owes.ME)
        for status, made in self.buttons.items():
            made.setChecked(row.status is status)
        self.form.show_problems({})
        for name in ("next_what", "next_who", "next_due"):
            self.form.rows[name].setVisible(row.draft.request_id is not None)
        self.no_request.setVisible(row.draft.request_id is None)
        self.keeper.begin(f"outcome:{row.id}")
        if self.keeper.restore():
            self._status = next((s for s, made in self.buttons.items() if made.isChecked()), None)
        self._rest.setVisible(self._status is not None)

    @Slot()
    def choose(self, status: MeetingStatus) -> None:
        """Answer how it ended, and go on to what comes next."""
        self._status = status
        for other, made in self.buttons.items():
            made.setChecked(other is status)
        self._rest.show()
        first = self.what if self._row and self._row.draft.request_id else self.note
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def save_now(self) -> None:
        """Write the outcome, unless something is to be mended first."""
        row, status = self._row, self._status
        if row is None or status is None:
            return
        sentences = {problem.field: sentence(problem) for problem in self._problems()}
        self.form.show_problems(sentences)
        if sentences:
            self.form.go_to_first_problem()
            return
        now = self._workspace.clock()
        note, what = self.note.text().strip(), self.what.text().strip()
        who, due = self.who.value(), self.due.value()
        self._workspace.do(
            Action.MEETING_OUTCOME,
            lambda s: meetings.set_outcome(
                s, row.id, status, note, now, next_what=what, next_who=who, next_due=due
            ),
            then=partial(self._written, row),
        )

    def _problems(self) -> list[Problem]:
        found = [*in_text("outcome", self.note.text()), *in_text("next_what", self.what.text())]
        if not self.due.is_understood():
            found.append(Problem("next_due", Fault.NOT_A_DATE, self.due.text()))
        elif self.due.value() and not self.what.text().strip():
            found.append(Problem("next_what", Fault.MISSING))
        return found

    @Slot()
    def _key(self, status: MeetingStatus) -> None:
        if self.isVisible():
            self.choose(status)

    def _written(self, row: MeetingRow, _nothing: None) -> None:
        self.keeper.forget()
        self.saved.emit(row.id)


def _outcome_words(status: MeetingStatus) -> str:
    words = {
        MeetingStatus.SEEN: pgettext("outcome", "seen"),
        MeetingStatus.EXCUSED: pgettext("outcome", "excused"),
        MeetingStatus.NO_SHOW: pgettext("outcome", "no-show"),
    }
    return f"{outcome_key(status)} — {words[status]}"
