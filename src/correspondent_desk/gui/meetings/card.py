"""The card of a meeting: who, when, where, what to prepare, and what became of it."""

from datetime import datetime

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.meetings import MeetingRow, MeetingStatus
from correspondent_desk.gui.meetings.cancel_form import WHO, CancelForm
from correspondent_desk.gui.meetings.drawing import is_past
from correspondent_desk.gui.meetings.outcome_form import OUTCOMES, OutcomeForm
from correspondent_desk.gui.page import Target
from correspondent_desk.gui.widgets.buttons import button, danger_button, edge_button, quiet_button
from correspondent_desk.gui.widgets.card import Card
from correspondent_desk.gui.widgets.flow import flow_of
from correspondent_desk.gui.widgets.scroll import Scroll, bring_into_view
from correspondent_desk.gui.widgets.tag import Tag, Tone
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _
from correspondent_desk.messages import labels, people, planning, today_page
from correspondent_desk.records import meetings, plans

_TONES = {MeetingStatus.SEEN: Tone.DONE, MeetingStatus.NO_SHOW: Tone.LATE}


class MeetingCard(Card):
    """One meeting. The letters of the outcome work from anywhere on the page."""

    wanted = Signal(object)  # Target
    change_wanted = Signal(object)  # MeetingRow
    again_wanted = Signal(object, object)  # a member's id, a request's id or None
    left = Signal()
    onward_wanted = Signal()
    outcome_saved = Signal(int)

    def __init__(self, workspace: Workspace, page: QWidget) -> None:
        super().__init__("", page)
        self._workspace = workspace
        self.row: MeetingRow | None = None
        self.status = Tag()
        self.add_action(self.status)
        self.when, self.where = Words("", "strong"), Words("")
        self.why, self.about = Words(""), Words("", "muted")
        self.phone, self.bring, self.note = Words(""), Words(""), Words("")
        self.ahead = Words("", "strong")
        self.lines = (
            self.when, self.where, self.why, self.about, self.phone, self.bring, self.note,
            self.ahead,
        )  # fmt: skip
        for line in self.lines:
            line.let_select()
            line.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.outcome = OutcomeForm(workspace)
        self.outcome.add_keys(page)
        self.outcome.saved.connect(self.outcome_saved)
        self.change = button(_("Change or &move"), "calendar-days")
        self.member = quiet_button(_("See the member’s &card"), "user")
        self.request = quiet_button(_("See the &request"), "folder")
        self.close_button = quiet_button(_("Close"), "x")
        self.cancel = danger_button(_("Cance&l this meeting…"), "x")
        self.cancelling = CancelForm(workspace)
        self.again = button(_("&Plan another one"), "calendar-plus")
        self.onward = quiet_button(_("Not now"), "chevron-right")
        self.remove = edge_button(_("Entered by mistake: take it away"), "trash-2")
        self._connect()
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 12, 0)
        column.setSpacing(8)
        for line in self.lines:
            column.addWidget(line)
        column.addWidget(
            flow_of(
                self.again, self.onward, self.change, self.member, self.request, self.close_button
            )
        )
        column.addSpacing(8)
        column.addWidget(self.outcome)
        column.addSpacing(24)
        column.addWidget(self.cancelling)
        column.addWidget(flow_of(self.cancel, self.remove))
        column.addStretch(1)
        self.body.addWidget(Scroll(inside), 1)
        self.body.addWidget(self.outcome.save, 0, Qt.AlignmentFlag.AlignLeft)

    def show_row(self, row: MeetingRow) -> None:
        """Show this meeting."""
        is_other = self.row is None or self.row.id != row.id or self.row.status is not row.status
        self.row = row
        now, today = self._workspace.clock(), self._workspace.today()
        self.set_title(people.shown_name(row))
        self._say(self.when, planning.times(row, today))
        self._say(self.where, planning.where(row))
        self._say(self.why, planning.reason(row))
        about = planning.subject(row)
        self._say(self.about, _("About: {subject}").format(subject=about) if about else "")
        self._say(self.phone, people.phone(row.phone) if row.phone else "")
        self._say(self.bring, today_page.to_prepare(row))
        self._say(self.note, row.outcome)
        self._show_status(row, now)
        is_planned = row.status is MeetingStatus.PLANNED
        self.change.setVisible(is_planned or row.status in OUTCOMES)
        self.again.setVisible(row.status in WHO)
        self._show_ahead(row, now)
        if is_other:
            self.onward.hide()
        if is_other or not is_planned:
            self.cancelling.keeper.keep_now()
            self.cancelling.hide()
        self.cancel.setVisible(is_planned and self.cancelling.isHidden())
        self.remove.setVisible(not is_planned)
        self.request.setVisible(row.draft.request_id is not None)
        self.member.setVisible(row.draft.member_id is not None)
        has_come = row.draft.starts_at is not None and row.draft.starts_at.date() <= today
        if is_other:
            self.outcome.show_row(row)
        else:
            self.outcome.show_step(row)
        is_typed_on = row.status in WHO and self.outcome.keeper.has_typed  # as it was cancelled
        is_asked = (is_planned and has_come) or row.status in OUTCOMES or is_typed_on
        self.outcome.set_asked(is_asked=is_asked and self.cancelling.isHidden())

    def ask_for_another(self, row: MeetingRow) -> None:
        """Nobody came: whether another one is planned is asked before one goes on."""
        self.show_row(row)
        self.outcome.show_row(row)  # folded again: it is noted
        self.onward.show()
        self.again.setFocus(Qt.FocusReason.OtherFocusReason)

    def take_focus(self) -> None:
        """On the first answer that is asked for."""
        first = self.change if self.change.isVisibleTo(self) else self.member
        if self.again.isVisibleTo(self):
            first = self.again
        if self.outcome.isVisibleTo(self) and self.row and self._is_due(self.row):
            first = self.outcome.buttons[MeetingStatus.SEEN]
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _is_due(self, row: MeetingRow) -> bool:
        return row.status is MeetingStatus.PLANNED and is_past(row, self._workspace.clock())

    def _show_status(self, row: MeetingRow, now: datetime) -> None:
        if row.status is MeetingStatus.PLANNED and is_past(row, now):
            self.status.say(_("no outcome yet"), Tone.SOON)
        else:
            self.status.say(labels.meeting_status(row.status), _TONES.get(row.status, Tone.PLAIN))

    def _show_ahead(self, row: MeetingRow, now: datetime) -> None:
        """Beside the offer to plan another one: which one is planned already."""
        who, today = row.draft.member_id, now.date()
        coming = None
        if who is not None and row.status in WHO:
            rows = self._workspace.now(lambda s: plans.of_member(s, who, today).meetings)
            coming = next((one for one in rows if not is_past(one, now)), None)
        said = planning.already(coming, today) if coming else ""
        self._say(self.ahead, said)
        self.again.setAccessibleDescription(said)

    def _say(self, line: Words, words: str) -> None:
        line.setText(words)
        line.setVisible(bool(words))

    def _connect(self) -> None:
        self.change.clicked.connect(self._change)
        self.member.clicked.connect(self._to_member)
        self.request.clicked.connect(self._to_request)
        self.cancel.clicked.connect(self._ask_why)
        self.cancelling.put_away.connect(self.step_back)
        self.cancelling.saved.connect(self._cancelled)
        self.cancelling.unfolded.connect(self._show_all_of_it)
        self.outcome.unfolded.connect(self._show_what_is_asked)
        self.onward.clicked.connect(self.onward_wanted)
        self.again.clicked.connect(self._plan_again)
        self.remove.clicked.connect(self._remove)
        self.close_button.clicked.connect(self.left)

    @Slot()
    def _change(self) -> None:
        if self.row:
            self.change_wanted.emit(self.row)

    @Slot()
    def _to_member(self) -> None:
        if self.row:
            self.wanted.emit(Target(page="members", id=self.row.draft.member_id))

    @Slot()
    def _to_request(self) -> None:
        if self.row:
            self.wanted.emit(Target(page="requests", id=self.row.draft.request_id))

    @Slot()
    def _ask_why(self) -> None:
        if self.row and self.row.draft.starts_at:
            today = self._workspace.today()
            self.cancel.hide()
            self.outcome.hide()  # one question at a time
            self.cancelling.ask(self.row, has_come=self.row.draft.starts_at.date() <= today)

    @Slot()
    def _show_all_of_it(self) -> None:
        """Once it has its height."""
        QTimer.singleShot(0, self, lambda: bring_into_view(self.cancelling.save, self))

    @Slot()
    def _show_what_is_asked(self) -> None:
        """As above: the focus came there before it had its place."""
        QTimer.singleShot(0, self, self._show_focus)

    def _show_focus(self) -> None:
        focused = self.focusWidget()
        if focused is not None:
            bring_into_view(focused, self)

    @Slot()
    def step_back(self) -> bool:
        """Fold the question why it will not take place; what was typed is kept."""
        if self.cancelling.isHidden():
            return False
        self.cancelling.keeper.keep_now()
        self.cancelling.hide()
        if self.row:
            self.show_row(self.row)
        self.cancel.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    @Slot(int)
    def _cancelled(self, meeting_id: int) -> None:
        """On to what was typed on of it meanwhile, else to what can be done now."""
        if self.row is None or self.row.id != meeting_id:  # another one is shown by now
            return
        self.outcome.show_row(self.row)
        self.show_row(self.row)
        if not self.isVisible():
            return
        if self.outcome.keeper.has_typed:
            self.outcome.note.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.take_focus()

    @Slot()
    def _plan_again(self) -> None:
        if self.row:
            draft = self.row.draft
            self.again_wanted.emit(draft.member_id, draft.request_id)

    @Slot()
    def _remove(self) -> None:
        if self.row:
            id_ = self.row.id
            self._workspace.do(Action.MEETING_REMOVED, lambda s: meetings.remove(s, id_))
            self.left.emit()
