"""What is still planned with somebody who has died: listed, and taken back as one ticks it."""

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from correspondent_desk.domain.meetings import MeetingId
from correspondent_desk.domain.requests import RequestRow
from correspondent_desk.gui.theme import characters
from correspondent_desk.gui.widgets.buttons import button
from correspondent_desk.gui.widgets.layouts import empty
from correspondent_desk.gui.widgets.scroll import UNFOLDED, lead_to
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.widgets.tick import Tick
from correspondent_desk.language import _
from correspondent_desk.messages import planning
from correspondent_desk.records.plans import Plans, TakenBack

TICK = 4  # characters: where the words of a tick begin


class PlansNotice(QFrame):
    """A tick for each plan.

    Meetings are ticked: they were to be with the person. Next steps are not: a file often goes on
    with the household.
    """

    taken_back = Signal(object)  # TakenBack; only where it stands for itself

    def __init__(
        self, today: Callable[[], date], *, stands_alone: bool, parent: QWidget | None = None
    ) -> None:
        """stands_alone: with a button of its own; else a form takes it back as it is saved."""
        super().__init__(parent)
        self.setProperty("role", "notice")
        self.setObjectName(UNFOLDED)
        self._today = today
        self._shown = Plans()
        self.is_answered = True
        self.ticks: list[tuple[Tick, MeetingId | None, RequestRow | None]] = []
        self.title = Words(_("This is still planned. What is ticked is cancelled:"), "strong")
        self._lines = QVBoxLayout()
        self._lines.setSpacing(4)
        self.take_back = button(_("Cancel what is ticked"), "x")
        self.take_back.clicked.connect(self._take_back)
        self.how = Words("", "small")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(8)
        column.addWidget(self.title)
        column.addLayout(self._lines)
        column.addWidget(self.how)
        column.addWidget(self.take_back, 0, Qt.AlignmentFlag.AlignLeft)
        (self.how if stands_alone else self.take_back).hide()
        self.hide()

    def show_plans(self, plans: Plans) -> None:
        """Ask about these; none takes the notice away. What was ticked of the same ones stays."""
        if plans == self._shown:
            return
        self._shown = plans
        self.is_answered = not plans
        self.how.setText(_("It happens as the card is saved, and is undone with it."))
        empty(self._lines)
        self.ticks = []
        of_each: list[tuple[MeetingId | None, RequestRow | None]] = [
            *((meeting.id, None) for meeting in plans.meetings),
            *((None, request) for request in plans.steps),
        ]
        for of, words in zip(of_each, planning.plans(plans, self._today()), strict=True):
            self._add(*words, *of)
        self.setVisible(bool(plans))

    def chosen(self) -> TakenBack:
        """What is ticked."""
        on = [(meeting, request) for tick, meeting, request in self.ticks if tick.isChecked()]
        return TakenBack(
            meetings=tuple(meeting for meeting, _request in on if meeting is not None),
            steps=tuple(request for _meeting, request in on if request is not None),
        )

    def ask(self) -> None:
        """Put the cursor on the first plan: who saves again has seen them."""
        self.is_answered = True
        self.how.setText(_("Nothing is saved yet: look at these, then save again."))
        lead_to(self.ticks[0][0], self)

    def _add(
        self,
        words: str,
        about: str,
        meeting_id: MeetingId | None,
        request: RequestRow | None,
    ) -> None:
        tick = Tick(words)
        tick.setAccessibleDescription(f"{about}. {self.title.text()}")
        tick.setChecked(meeting_id is not None)
        tick.toggled.connect(self._answered)
        self.ticks.append((tick, meeting_id, request))
        self._lines.addWidget(tick)
        under = Words(about, "small")
        under.setIndent(characters(self.font(), TICK))
        self._lines.addWidget(under)

    @Slot()
    def _answered(self) -> None:
        self.is_answered = True

    @Slot()
    def _take_back(self) -> None:
        self.taken_back.emit(self.chosen())
