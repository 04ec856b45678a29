"""How a meeting ended: one letter, a note, the next step of its request, Enter."""

from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.fields import Kind
from correspondent_desk.domain.meetings import MeetingRow, MeetingStatus, Outcome
from correspondent_desk.domain.problems import Problem, in_text
from correspondent_desk.domain.requests import (
    NO_STEP,
    DocumentId,
    DocumentRow,
    NextStep,
    RequestId,
    RequestRow,
)
from correspondent_desk.errors import DeskError
from correspondent_desk.gui.keys import outcome_key
from correspondent_desk.gui.meetings.handed_over import HandedOver
from correspondent_desk.gui.meetings.reading import meeting
from correspondent_desk.gui.widgets.buttons import Button, button, main_button
from correspondent_desk.gui.widgets.choice_field import ChoiceField, let_shrink
from correspondent_desk.gui.widgets.conflict import overtaken
from correspondent_desk.gui.widgets.ctrl_enter import ctrl_enter_presses
from correspondent_desk.gui.widgets.draft_keeper import DraftKeeper
from correspondent_desk.gui.widgets.flow import flow_of
from correspondent_desk.gui.widgets.form import Form
from correspondent_desk.gui.widgets.line_edit import LineEdit
from correspondent_desk.gui.widgets.save_once import SaveOnce
from correspondent_desk.gui.widgets.scroll import UNFOLDED, focus_stays
from correspondent_desk.gui.widgets.step_fields import StepFields, changed_meanwhile
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _
from correspondent_desk.messages import planning
from correspondent_desk.records import documents, meetings, requests
from correspondent_desk.records.trouble import EditConflict

OUTCOMES = (MeetingStatus.SEEN, MeetingStatus.EXCUSED, MeetingStatus.NO_SHOW)


class OutcomeForm(QWidget):
    """Three answers by one letter each; then a note, and the next step of the meeting's request.

    A step that the request has stays, unless somebody says that it is done: what is typed about
    the meeting is not taken for it. save is laid out by whoever shows the form, where it stays in
    view.
    """

    saved = Signal(int)
    unfolded = Signal()  # it is higher now

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._row: MeetingRow | None = None
        self._status: MeetingStatus | None = None
        self._request: RequestRow | None = None  # that the meeting is about
        self.buttons: dict[MeetingStatus, Button] = {}
        for status in OUTCOMES:
            made = button("")
            made.setCheckable(True)
            made.clicked.connect(partial(self.choose, status))
            self.buttons[status] = made
        self.overtaken = Words("", "problem")
        self.overtaken.hide()
        self.note = LineEdit(_("In a few words, if it helps"))
        self.handed_over = HandedOver(self.note)
        self.step = ChoiceField[NextStep | None]()  # the one that is done; None: it stays
        let_shrink(self.step)
        self.step.chosen.connect(self._answer_step)
        self.next = StepFields(workspace.today, _("Nothing, if nothing comes next"))
        self.form = Form()
        self.form.add("outcome", _("N&ote"), self.note)
        self.form.add("received", _("Documents handed o&ver"), self.handed_over)
        self.form.add("next_step", _("Next s&tep of the request"), self.step)
        self.form.add("next_what", _("What comes ne&xt"), self.next.what)
        self.form.add_beside(
            ("next_who", _("W&ho owes it"), self.next.who),
            ("next_due", _("By &when"), self.next.due),
        )
        self.no_request = Words(
            _("This meeting is not about a request: what comes next can stand in the note."),
            "small",
        )
        self.form.add_widget(self.no_request)
        self.save = main_button(_("&Save the outcome"), "check")
        self.save.hide()
        self.save.clicked.connect(self.save_now)
        ctrl_enter_presses(self.save, self)
        self.once = SaveOnce(workspace, self, self.save)
        self._rest = QWidget()
        self._rest.setObjectName(UNFOLDED)
        column = QVBoxLayout(self._rest)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.form)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(8)
        whole.addWidget(Words(_("How did it end?"), "section"))
        whole.addWidget(flow_of(*self.buttons.values()))
        whole.addWidget(self.overtaken)
        whole.addWidget(self._rest)
        fields = {
            "note": self.note,
            "handed_over": self.handed_over,
            "step": self.step,
            "what": self.next.what,
            "who": self.next.who,
            "due": self.next.due,
        }
        fields |= {f"is_{status}": made for status, made in self.buttons.items()}
        self.keeper = DraftKeeper(workspace.drafts, "outcome", fields, self)
        self.once.asking.connect(self.keeper.hand_over)
        workspace.closing.connect(self.keeper.keep_now)
        for field in (self.note, self.next.what, self.next.due):
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
        self._row, self._status, self._request = row, None, None
        self.next.fill(NO_STEP)
        self.note.setText(row.outcome)
        for status, made in self.buttons.items():
            made.setText(_outcome_words(status, row))
            made.setChecked(row.status is status)
            made.setAccessibleDescription("")
        self.form.show_problems({})
        self.show_step(row)
        self.handed_over.clear()
        self.step.set_value(None)
        self.keeper.begin(kept_as(row.id), is_change=True)
        self.overtaken.hide()
        if self.keeper.restore():
            chosen = [status for status, made in self.buttons.items() if made.isChecked()]
            as_it_is = None if row.status is MeetingStatus.PLANNED else row.status
            self._status = next((one for one in chosen if one is not row.status), as_it_is)
            self._check(self._status)
            if self._status and len(chosen) > 1:  # one was chosen before the other was stored
                self._say_overtaken(row, self.buttons[self._status])
        self._follow_step()
        self._unfold()

    def show_step(self, row: MeetingRow) -> None:
        """The next step that the request of row has now; once one has answered about it, as it was."""
        request = self._request_of(row.draft.request_id)
        self.handed_over.show_rows(self._lacking_of(row, request))
        self._follow_status()
        is_same = request and self._request and request.id == self._request.id
        if not (is_same and self._is_typed):
            self._take_request(row, request)

    def _take_request(self, row: MeetingRow, request: RequestRow | None) -> None:
        self._request = request
        words = self._request.next_what if self._request and not row.is_sensitive else ""
        keep = _("Keep: {step}").format(step=words) if words else _("Keep it as it is")
        done = request.step if request else NO_STEP  # a draft must not say it of another step
        self.step.set_choices([(None, keep), (done, _("It is done"))])
        self._follow_step()

    def set_asked(self, *, is_asked: bool) -> None:
        """Whether the outcome of a meeting can be told at all."""
        self.setVisible(is_asked)
        self._unfold()

    @Slot()
    def choose(self, status: MeetingStatus) -> None:
        """Answer how it ended, and go on to what was said."""
        self._status = status
        self._check(status)
        self._unfold()
        self.note.setFocus(Qt.FocusReason.OtherFocusReason)
        self.unfolded.emit()

    def _say_overtaken(self, row: MeetingRow, chosen: Button) -> None:
        said = _(
            "Somebody else answered meanwhile: {outcome}. Saving writes what you chose."
        ).format(outcome=planning.outcome(row.status, row.civility))
        chosen.setAccessibleDescription(said)
        self.overtaken.tell(f"! {said}")

    def _check(self, status: MeetingStatus | None) -> None:
        for other, made in self.buttons.items():
            made.setChecked(other is status)

    @Slot()
    def save_now(self) -> None:
        """Write the outcome, unless something is to be mended first."""
        row, status = self._row, self._status
        if row is None or status is None:
            return
        if self.form.refuse(self._problems()):
            return
        now = self._workspace.clock()
        told = Outcome(
            status=status,
            note=self.note.text().strip(),
            step=self._request.step if self._request else NO_STEP,
            follows=self._follows(),
            received=self._received(),
        )
        self.once.ask(
            lambda: self._workspace.do(
                Action.MEETING_OUTCOME,
                lambda s: meetings.set_outcome(s, row, told, now),
                then=partial(self._written, row),
                failed=partial(self._not_written, row),
            )
        )

    def _problems(self) -> list[Problem]:
        found = list(in_text("outcome", self.note.text()))
        if self._request is not None and self._asks_what:
            found += self.next.problems(self._request.opened_on)
        return found

    def _request_of(self, id_: RequestId | None) -> RequestRow | None:
        rows = self._workspace.now(lambda s: requests.rows(s, [id_])) if id_ else []
        return next(iter(rows), None)

    def _lacking_of(self, row: MeetingRow, request: RequestRow | None) -> list[DocumentRow]:
        """Of a confidential request none: what the card says may be read by others."""
        if request is None or row.is_sensitive:
            return []
        return self._workspace.now(lambda s: documents.lacking(s, request.id))

    def _received(self) -> list[DocumentId]:
        return self.handed_over.value() if self._status is MeetingStatus.SEEN else []

    def _follow_status(self) -> None:
        """Whoever did not come has handed over nothing."""
        is_asked = self._status is MeetingStatus.SEEN and bool(self.handed_over.ticks)
        self.form.rows["received"].setVisible(is_asked)

    @property
    def _is_done(self) -> bool:
        return self.step.value() is not None

    @property
    def _asks_what(self) -> bool:
        """Whether another step is asked for: the request has none, or its own is done."""
        return self._request is not None and (not self._request.next_what or self._is_done)

    def _follows(self) -> NextStep | None:
        """What takes the place of the request's step; None: it stays."""
        follows = self.next.value()
        return follows if self._asks_what and (follows.what or self._is_done) else None

    def _follow_step(self) -> None:
        has_step = self._request is not None and bool(self._request.next_what)
        self.form.rows["next_step"].setVisible(has_step)
        for name in ("next_what", "next_who", "next_due"):
            self.form.rows[name].setVisible(self._asks_what)
        label = _("What comes ne&xt") if has_step else _("Next s&tep of the request")
        self.form.rows["next_what"].rename(label)
        self.no_request.setVisible(self._request is None)

    @Slot(object)
    def _answer_step(self, done: NextStep | None) -> None:
        self._follow_step()
        if done is not None:
            self.next.what.setFocus(Qt.FocusReason.OtherFocusReason)
            self.unfolded.emit()

    def _unfold(self) -> None:
        """An answer asks for the rest."""
        is_answered = self._status is not None
        self._follow_status()
        self._rest.setVisible(is_answered)
        self.save.setVisible(is_answered and not self.isHidden())

    @Slot()
    def _key(self, status: MeetingStatus) -> None:
        if self.isVisible():
            self.choose(status)

    @property
    def _is_typed(self) -> bool:
        """Whether anything is said about the next step."""
        return self._is_done or bool(self.next.what.text().strip())

    def _not_written(self, row: MeetingRow, error: DeskError) -> None:
        """Somebody else changed the note, or the step one answered about: show what stands there."""
        is_in_form = self._row is not None and self._row.id == row.id
        if not (is_in_form and isinstance(error, EditConflict)):
            self._workspace.refused.emit(error)
            return
        if "outcome" in error.fields:
            self._row = self._workspace.now(lambda s: meetings.row(s, row.id))
            theirs = {"outcome": self._row.outcome}
            self.form.point_out(overtaken(Kind.MEETING, ["outcome"], theirs))
            return
        had_step, was_done = bool(self._request and self._request.next_what), self._is_done
        self._take_request(row, self._request_of(row.draft.request_id))
        has_step = bool(self._request and self._request.next_what)
        if has_step and (was_done or not had_step):
            self._ask_what()
        self.form.point_out({"next_step" if has_step else "next_what": changed_meanwhile()})

    def _ask_what(self) -> None:
        """What is typed of the next step would be out of sight beside one that stays."""
        if self._request:
            self.step.set_value(self._request.step)
            self._follow_step()

    def _written(self, row: MeetingRow, _nothing: None) -> None:
        since = self.keeper.saved(kept_as(row.id))
        if since is None:  # another meeting is shown by now
            return
        now = meeting(self._workspace, row.id)
        if not since or now is None:
            self.saved.emit(row.id)
            return
        with focus_stays():  # one typed on after asking to save
            self.show_row(now)
        if not {"what", "who", "due"}.isdisjoint(since):
            self._ask_what()
            if self.isVisible():
                self.next.what.setFocus(Qt.FocusReason.OtherFocusReason)


def kept_as(meeting_id: int) -> str:
    """Under which key is kept what is typed of how this meeting ended."""
    return f"outcome:{meeting_id}"


def _outcome_words(status: MeetingStatus, row: MeetingRow) -> str:
    return f"{outcome_key(status)} — {planning.outcome(status, row.civility)}"
