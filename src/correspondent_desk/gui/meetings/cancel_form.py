"""A meeting that will not take place: who cannot come, and why, if that helps."""

from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.meetings import MeetingId, MeetingRow, MeetingStatus
from correspondent_desk.domain.problems import in_text
from correspondent_desk.gui.meetings.outcome_form import kept_as
from correspondent_desk.gui.widgets.buttons import Button, button, quiet_button
from correspondent_desk.gui.widgets.ctrl_enter import ctrl_enter_presses
from correspondent_desk.gui.widgets.draft_keeper import DraftKeeper
from correspondent_desk.gui.widgets.flow import flow_of
from correspondent_desk.gui.widgets.form import Form
from correspondent_desk.gui.widgets.line_edit import LineEdit
from correspondent_desk.gui.widgets.save_once import SaveOnce
from correspondent_desk.gui.widgets.scroll import UNFOLDED
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _
from correspondent_desk.records import meetings

WHO = (MeetingStatus.EXCUSED, MeetingStatus.CANCELLED, MeetingStatus.NO_SHOW)


class CancelForm(QWidget):
    """Unfolds on the card. Whoever did not come can be said of a meeting whose day has come."""

    saved = Signal(int)  # the meeting; what was typed on since is kept for its outcome
    put_away = Signal()
    unfolded = Signal()  # it is higher now

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(UNFOLDED)
        self._workspace = workspace
        self._row: MeetingRow | None = None
        words = {
            MeetingStatus.EXCUSED: _("The mem&ber cannot come"),
            MeetingStatus.CANCELLED: _("&We cannot"),
            MeetingStatus.NO_SHOW: _("Nobod&y came"),
        }
        self.buttons: dict[MeetingStatus, Button] = {}
        for status in WHO:
            made = button(words[status])
            made.setCheckable(True)
            made.clicked.connect(partial(self.choose, status))
            self.buttons[status] = made
        self.note = LineEdit(_("In a few words, if it helps"))
        self.note.returnPressed.connect(self.save_now)
        self.form = Form()
        self.form.add("outcome", _("N&ote"), self.note)
        self.save = button(_("Cancel the mee&ting"), "x")
        self.save.clicked.connect(self.save_now)
        ctrl_enter_presses(self.save, self)
        self.close_it = quiet_button(_("Leave it planned"))
        self.close_it.clicked.connect(self.put_away)
        self.once = SaveOnce(workspace, self, self.save)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(Words(_("Why will it not take place?"), "section"))
        column.addWidget(flow_of(*self.buttons.values()))
        column.addWidget(self.form)
        column.addWidget(flow_of(self.save, self.close_it))
        fields: dict[str, QWidget] = {"note": self.note}
        fields |= {f"is_{status}": made for status, made in self.buttons.items()}
        self.keeper = DraftKeeper(workspace.drafts, "cancel", fields, self)
        self.once.asking.connect(self.keeper.hand_over)
        workspace.closing.connect(self.keeper.keep_now)
        self.hide()

    @property
    def status(self) -> MeetingStatus | None:
        """What was answered."""
        return next((one for one, made in self.buttons.items() if made.isChecked()), None)

    def ask(self, row: MeetingRow, *, has_come: bool) -> None:
        """Ask about this meeting; what was begun for it is put back."""
        self.keeper.keep_now()
        self._row = row
        self.note.clear()
        for made in self.buttons.values():
            made.setChecked(False)
        self.buttons[MeetingStatus.NO_SHOW].setVisible(has_come)
        self.form.show_problems({})
        self.keeper.begin(f"cancel:{row.id}")
        self.keeper.restore()
        self._follow()
        self.show()
        first = self.status or MeetingStatus.EXCUSED
        self.buttons[first].setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def choose(self, status: MeetingStatus) -> None:
        """Answer who, and go on to why."""
        for other, made in self.buttons.items():
            made.setChecked(other is status)
        self._follow()
        self.note.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def save_now(self) -> None:
        """Cancel it, unless something is to be answered first."""
        row, status, why = self._row, self.status, self.note.text().strip()
        if row is None or status is None:
            self.buttons[MeetingStatus.EXCUSED].setFocus(Qt.FocusReason.OtherFocusReason)
            return
        if self.form.refuse(list(in_text("outcome", why))):
            return
        self.once.ask(
            lambda: self._workspace.do(
                Action.MEETING_CANCELLED,
                lambda s: meetings.cancel(s, row.id, status, why),
                then=partial(self._written, row.id),
            )
        )

    def _follow(self) -> None:
        self.form.setVisible(self.status is not None)
        self.save.setVisible(self.status is not None)
        self.unfolded.emit()

    def _written(self, meeting: MeetingId, _nothing: None) -> None:
        if self.keeper.saved(kept_as(meeting)) is not None:  # else one asks about another by now
            self.hide()
            self.saved.emit(meeting)
