"""The next step of a request: always in view, with who owes it and by when."""

from datetime import date

from PySide6.QtCore import Qt, Signal, SignalInstance, Slot
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from correspondent_desk.domain.requests import (
    NO_STEP,
    NextStep,
    RequestCard,
    RequestDraft,
    RequestId,
)
from correspondent_desk.gui.widgets.buttons import button, main_button, quiet_button
from correspondent_desk.gui.widgets.ctrl_enter import ctrl_enter_presses
from correspondent_desk.gui.widgets.draft_keeper import DraftKeeper
from correspondent_desk.gui.widgets.flow import flow_of
from correspondent_desk.gui.widgets.form import Form
from correspondent_desk.gui.widgets.save_once import SaveOnce
from correspondent_desk.gui.widgets.scroll import UNFOLDED
from correspondent_desk.gui.widgets.step_fields import StepFields, changed_meanwhile
from correspondent_desk.gui.widgets.tag import Tag, Tone
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _
from correspondent_desk.messages import dates, labels


class NextStepNotice(QFrame):
    """Done, then the one after it, in place; or a change to what stands there."""

    finished = Signal(object, object)  # NextStep: the one that was shown; what follows, or none
    changed = Signal(object, object)  # NextStep: the one that was shown, what takes its place
    opened = Signal()  # its form

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "notice")
        self._workspace = workspace
        self._request: RequestId | None = None
        self._draft = RequestDraft()
        self._asked_about = NO_STEP  # as it stood when one began to answer
        self._is_done = False
        self._written = NO_STEP  # what it asked for last
        self.what_said = Words("", "strong")
        self.who_said = Words()
        self.who_said.setWordWrap(False)  # short, and beside the day
        self.due = Tag()
        self.done = main_button(_("&Done: what is next?"), "check")
        self.done.clicked.connect(lambda: self._ask(is_done=True))
        self.change = button(_("Chan&ge"), "pencil")
        self.change.setAccessibleName(_("Change the next step"))
        self.change.clicked.connect(lambda: self._ask(is_done=False))
        self.next = StepFields(workspace.today, _("call back, send the file, wait for the answer…"))
        self.form = Form()
        self.form.add("next_what", _("What is &to be done"), self.next.what)
        self.form.add("next_who", _("Owed &by"), self.next.who)
        self.form.add("next_due", _("B&y when"), self.next.due)
        self.save = main_button(_("Sa&ve"), "check")
        self.save.clicked.connect(self._save)
        ctrl_enter_presses(self.save, self)
        self.next.what.returnPressed.connect(self._save)
        self.next.due.returnPressed.connect(self._save)
        self.nothing = button(_("Nothing more to do"))
        self.nothing.clicked.connect(self._finish)
        self.once = SaveOnce(workspace, self, self.save, self.nothing)
        back = quiet_button(_("Close, keep the text"))
        back.clicked.connect(self.put_away)
        back.clicked.connect(self.take_focus)
        self.asking = QWidget()
        self.asking.setObjectName(UNFOLDED)
        inside = QVBoxLayout(self.asking)
        inside.setContentsMargins(0, 8, 0, 0)
        inside.addWidget(self.form)
        inside.addWidget(flow_of(self.save, self.nothing, back))
        self.answers = flow_of(self.done, self.change)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(4)
        column.addWidget(Words(_("Next step"), "small"))
        column.addWidget(self.what_said)
        column.addWidget(flow_of(self.who_said, self.due))
        column.addWidget(self.answers)
        column.addWidget(self.asking)
        fields = {"what": self.next.what, "who": self.next.who, "by": self.next.due}
        self.keeper = DraftKeeper(workspace.drafts, "step", fields, self)
        self.once.asking.connect(self.keeper.hand_over)
        workspace.closing.connect(self.keeper.keep_now)
        self.asking.hide()

    def show_card(self, card: RequestCard, today: date) -> None:
        """Show this request's step; a form that is open stays for the same request."""
        if card.id != self._request:
            self.put_away()
        self._request, self._draft = card.id, card.draft
        draft = card.draft
        has_step = bool(draft.next_what)
        self.what_said.setText(draft.next_what or _("No next step is noted."))
        self.who_said.setText(
            _("owed by {who}").format(who=labels.owes(draft.next_who)) if has_step else ""
        )
        self.who_said.setVisible(has_step)
        self._show_due(draft.next_due, today)
        self.done.setVisible(has_step)
        self.change.setText(_("Chan&ge") if has_step else _("Note the next step"))
        self.setVisible(draft.status.is_open or has_step)

    def put_away(self) -> None:
        """Close the form; what was typed is kept."""
        self.keeper.keep_now()
        self.asking.hide()
        self.answers.show()

    @Slot()
    def take_focus(self) -> None:
        """What is to be done with the step, or the form that is open."""
        answer = self.change if self.done.isHidden() else self.done
        first = self.next.what if self.answers.isHidden() else answer
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def shows(self, request: RequestId) -> bool:
        """Whether it shows the step of this request."""
        return self._request == request

    def saved(self, request: RequestId) -> bool:
        """What it asked for is written: whether it closed its form, which may hold something else."""
        was_open, since = not self.asking.isHidden(), self.keeper.saved(_change_key(request))
        if since and was_open:  # one typed on after asking to save: into the step that was written
            self._begin(self._written, is_done=False)
        if since == []:
            self.asking.hide()
            self.answers.show()
        return since == [] and was_open

    def ask_again(self, now: RequestCard) -> None:
        """Somebody else changed the step one answered about: it stands above as it is now."""
        self.show_card(now, self._workspace.today())
        self._asked_about = now.draft.step
        self.form.point_out({"next_what": changed_meanwhile()})

    def step_back(self) -> bool:
        """Close the form, if it is open."""
        if self.asking.isHidden():
            return False
        self.put_away()
        return True

    def _show_due(self, due: date | None, today: date) -> None:
        if due is None:
            self.due.say("")
        elif due < today:
            self.due.say(_("due {when}").format(when=dates.day(due, today)), Tone.LATE)
        else:
            tone = Tone.SOON if (due - today).days <= 2 else Tone.PLAIN
            self.due.say(_("by {when}").format(when=dates.day(due, today)), tone)

    def _ask(self, *, is_done: bool) -> None:
        self.keeper.keep_now()
        self._begin(self._draft.step, is_done=is_done)
        self.answers.hide()
        self.asking.show()
        self.opened.emit()
        self.next.what.setFocus(Qt.FocusReason.OtherFocusReason)

    def _begin(self, step: NextStep, *, is_done: bool) -> None:
        self._is_done, self._asked_about = is_done, step
        self.next.fill(NO_STEP if is_done else step)
        self.form.show_problems({})
        key = f"step.after.{self._request}" if is_done else _change_key(self._request)
        self.keeper.begin(key, is_change=not is_done)
        self.keeper.restore()
        self.nothing.setVisible(is_done)

    @Slot()
    def _save(self) -> None:
        if self.form.refuse(self.next.problems(self._draft.opened_on, is_needed=True)):
            return
        self._answer(self.finished if self._is_done else self.changed, self.next.value())

    @Slot()
    def _finish(self) -> None:
        self._answer(self.finished, NO_STEP)

    def _answer(self, answered: SignalInstance, step: NextStep) -> None:
        if not self.once.is_waiting:
            self._written = step
            self.once.ask(answered.emit, self._asked_about, step)


def _change_key(request: RequestId | None) -> str:
    return f"step.change.{request}"
