"""The status of a request as a short path in words, with the day of each step below it."""

from datetime import date

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QApplication, QButtonGroup, QFrame, QVBoxLayout, QWidget

from correspondent_desk.domain.requests import RequestCard, RequestId, RequestStatus
from correspondent_desk.gui.widgets.buttons import Button, filter_button, main_button, quiet_button
from correspondent_desk.gui.widgets.draft_keeper import DraftKeeper
from correspondent_desk.gui.widgets.flow import flow_of
from correspondent_desk.gui.widgets.form import FormRow
from correspondent_desk.gui.widgets.line_edit import LineEdit
from correspondent_desk.gui.widgets.save_once import SaveOnce
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _
from correspondent_desk.messages import dates, labels
from correspondent_desk.messages.newer import newer
from correspondent_desk.messages.problems import of_line

ASKS_WHY = (RequestStatus.REFUSED, RequestStatus.ABANDONED)


class StatusPath(QWidget):
    """Choosing a place moves the request there, as one step that can be undone."""

    moved = Signal(object, str)  # RequestStatus, why

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._request: RequestId | None = None
        self.group = QButtonGroup(self)
        self._current = RequestStatus.PREPARING
        self._newer = filter_button(newer())  # only while a request stands there
        self._newer.clicked.connect(self.put_away)
        self.group.addButton(self._newer)
        self._asking: RequestStatus | None = None
        self._answered: RequestStatus | None = None  # asked for, with what was typed
        self.places: dict[RequestStatus, Button] = {
            status: self._place(status) for status in RequestStatus
        }
        self.why = LineEdit()
        self.ask = QFrame()
        self.ask.setProperty("role", "notice")
        self._why_row = FormRow(_("Wh&y, in a few words"), self.why)
        save, back = main_button(_("Note it"), "check"), quiet_button(_("Back"))
        save.clicked.connect(self._answer)
        self.once = SaveOnce(workspace, self, save)
        self.why.returnPressed.connect(self._answer)
        back.clicked.connect(self.put_away)
        asking = QVBoxLayout(self.ask)
        asking.setContentsMargins(12, 12, 12, 12)
        asking.addWidget(self._why_row)
        asking.addWidget(flow_of(save, back))
        self.ask.hide()
        self.keeper = DraftKeeper(workspace.drafts, "status", {"why": self.why}, self)
        self.once.asking.connect(self.keeper.hand_over)
        workspace.closing.connect(self.keeper.keep_now)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(flow_of(*self.places.values(), self._newer, gap=4))
        self.said = Words("", "small")
        column.addWidget(self.said)
        column.addWidget(self.ask)

    def show_card(self, card: RequestCard, today: date) -> None:
        """Where this request stands, and when it came to each place."""
        is_answering = self._is_answering()
        if card.id != self._request or card.draft.status is not self._current:
            if card.id == self._request and card.draft.status is self._answered:
                self.keeper.forget()  # what was typed is written now
            self._answered = None
            self.put_away()
        self._request, self._current = card.id, card.draft.status
        moves = [step for step in card.steps if step.became != step.was]  # others were just done
        since = {step.became: step.at.date() for step in moves}
        for status, place in self.places.items():
            day = since.get(status.value)
            word = labels.request_status(status)
            when = _short(day, today) if day else ""
            place.setText(f"{word}\n{when}" if when else word)
            is_current = status is self._current
            said = _("{status}, {when}") if when else "{status}"
            spoken = said.format(status=word, when=when)
            place.setAccessibleName(
                _("{status}, where it stands now").format(status=spoken) if is_current else spoken
            )
        self._newer.setVisible(not self._current.is_known)
        self._standing().setChecked(True)
        last = moves[-1] if moves else None
        is_told = last is not None and last.why and last.became == self._current.value
        self.said.setText(last.why if last and is_told else "")
        self.said.setVisible(bool(self.said.text()))
        if is_answering and self.ask.isHidden():
            self._standing().setFocus(Qt.FocusReason.OtherFocusReason)

    def put_away(self) -> None:
        """Close the question why; the status stays, and what was typed is kept."""
        is_answering = self._is_answering()
        self.keeper.keep_now()
        self._asking = None
        self.ask.hide()
        self._standing().setChecked(True)
        if is_answering:  # the focus would go to the next field, somewhere below
            self._standing().setFocus(Qt.FocusReason.OtherFocusReason)

    def step_back(self) -> bool:
        """Close the question, if it is open."""
        if self.ask.isHidden():
            return False
        self.put_away()
        return True

    def _is_answering(self) -> bool:
        focused = QApplication.focusWidget()
        return focused is not None and self.ask.isAncestorOf(focused)

    def _standing(self) -> Button:
        return self.places.get(self._current, self._newer)

    def _place(self, status: RequestStatus) -> Button:
        made = filter_button(labels.request_status(status))
        made.clicked.connect(lambda: self._choose(status))
        self.group.addButton(made)
        return made

    def _choose(self, status: RequestStatus) -> None:
        if status is self._current:
            self.put_away()
        elif status in ASKS_WHY:
            self.keeper.keep_now()
            self._asking = status
            self.why.clear()
            self.keeper.begin(f"status.{self._request}.{status}")
            self.keeper.restore()
            self._why_row.show_problem()
            self.ask.show()
            self.why.setFocus()
        else:
            self.once.ask(self.moved.emit, status, "")

    @Slot()
    def _answer(self) -> None:
        wrong = of_line(self.why.text())
        self._why_row.show_problem(wrong)
        if wrong:
            self._why_row.lead_to_problem()
        elif self._asking is not None and not self.once.is_waiting:
            self._answered = self._asking
            self.once.ask(self.moved.emit, self._asking, self.why.text().strip())


def _short(day: date, today: date) -> str:
    if (today - day).days in (0, 1):
        return dates.distance(day, today)
    return day.strftime("%d/%m") if day.year == today.year else dates.numeric(day)
