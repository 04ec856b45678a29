"""The page of the first start, from the office's name to a desk that is open."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from correspondent_desk.errors import DeskError
from correspondent_desk.gui.first_start.steps import (
    OfficeAnswers,
    OfficeStep,
    PassphraseStep,
    Step,
)
from correspondent_desk.gui.tasks import Job, Tasks
from correspondent_desk.gui.theme import characters
from correspondent_desk.gui.widgets.aloud import read_out
from correspondent_desk.gui.widgets.areas import ScrollArea
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.language import _
from correspondent_desk.messages.errors import sentence

if TYPE_CHECKING:
    from correspondent_desk.gui.first_start.invited import InvitationStep
    from correspondent_desk.gui.first_start.made import Made
    from correspondent_desk.gui.first_start.sheet import Sheet, SheetStep

STEPS = 3
UNFOLDED_MS = 60


class FirstStart(QWidget):
    """Three calm steps. The store is made after the second: the sheet needs its code."""

    finished = Signal(object)  # what make gave as desk
    demo_wanted = Signal()
    exchange_wanted = Signal()  # after finished, of a desk that was invited

    def __init__(
        self,
        tasks: Tasks,
        make: "Callable[[OfficeAnswers, str], Made]",
        sheet: "Callable[[OfficeAnswers, str], Sheet]",
        print_pages: Callable[[list[bytes], QWidget], bool],
    ) -> None:
        """make(answers, passphrase) and sheet(answers, code) run in the background."""
        super().__init__()
        self._tasks, self._make, self._sheet, self._print = tasks, make, sheet, print_pages
        self._job: Job[Made] | None = None
        self.office = OfficeStep()
        self.office.done.connect(self._ask_passphrase)
        self.office.demo_wanted.connect(self.demo_wanted)
        self.office.invited.connect(self._ask_invitation)
        self.invited: InvitationStep | None = None
        self._first: OfficeStep | InvitationStep = self.office
        self.passphrase = PassphraseStep()
        self.passphrase.back.connect(self._ask_first)
        self.passphrase.done.connect(self._make_desk)
        self.recovery: SheetStep | None = None  # once the desk is made
        self.trouble = Words("", "problem")
        self.trouble.hide()
        self._steps = QVBoxLayout()  # one is shown, and takes no more room than it needs
        self._steps.addWidget(self.office)
        self._shown: Step = self.office
        self._inner = QWidget()
        column = QVBoxLayout(self._inner)
        column.addSpacing(24)
        self.progress = Words(_progress(1), "small")
        column.addWidget(self.progress)
        column.addWidget(self.trouble)
        column.addLayout(self._steps)
        column.addStretch(1)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self._inner, 8)
        row.addStretch(1)
        holder = QWidget()
        holder.setLayout(row)
        area = ScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(holder)
        self._area = area
        self.office.asked.connect(self._bring_into_view)
        self.ways = QStackedWidget()  # below what scrolls: the way on is in view at any text size
        self._show_ways(self.office)
        for part in (self._inner, self.ways):
            part.setMaximumWidth(characters(self.font(), 90))
        edge = column.contentsMargins()
        self.ways.setContentsMargins(edge.left(), 0, edge.right(), 0)
        line = QFrame()
        line.setProperty("role", "line")
        below = QHBoxLayout()
        below.setContentsMargins(
            row.contentsMargins().left(), 12, row.contentsMargins().right(), 16
        )
        below.addStretch(1)
        below.addWidget(self.ways, 8)
        below.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(area, 1)
        whole.addWidget(line)
        whole.addLayout(below)

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:  # noqa: N802
        """Where the step in view begins."""
        self._shown.setFocus(reason)

    def _show_ways(self, step: Step) -> None:
        self.ways.addWidget(step.ways)  # one that is there already goes to the end
        self.ways.setCurrentWidget(step.ways)

    def _show(self, step: Step) -> None:
        self.trouble.hide()
        self._steps.addWidget(step)
        step.show()
        self._show_ways(step)
        place = 2 if step is self.passphrase else STEPS if step is self.recovery else 1
        self.progress.setText(_progress(place))
        step.setFocus(Qt.FocusReason.OtherFocusReason)
        if step is not self._shown:
            self._shown.hide()
        self._shown = step
        read_out(step, f"{self.progress.text()}. {step.accessibleDescription()}")
        self._area.verticalScrollBar().setValue(0)

    @Slot(QWidget)
    def _bring_into_view(self, part: QWidget) -> None:
        """Once it has its place: below a low window nobody would see that something is asked."""
        QTimer.singleShot(UNFOLDED_MS, part, lambda: self._area.ensureWidgetVisible(part, 0, 24))

    @Slot()
    def _ask_office(self) -> None:
        self._first = self.office
        self._show(self.office)

    @Slot()
    def _ask_invitation(self) -> None:
        from correspondent_desk.gui.first_start.invited import InvitationStep

        if self.invited is None:  # few need it, and the first window is waited for
            self.invited = InvitationStep()
            self.invited.back.connect(self._ask_office)
            self.invited.done.connect(self._ask_passphrase)
        self._first = self.invited
        self._show(self.invited)

    @Slot()
    def _ask_first(self) -> None:
        self._show(self._first)

    @Slot()
    def _ask_passphrase(self) -> None:
        self._show(self.passphrase)

    @Slot()
    def _make_desk(self) -> None:
        answers, passphrase, make = self._first.answers(), self.passphrase.passphrase(), self._make
        self.passphrase.onward.setEnabled(False)
        self.passphrase.onward.setText(_("One moment…"))
        self._job = self._tasks.read(
            lambda: make(answers, passphrase), then=self._desk_made, failed=self._failed
        )

    def _desk_made(self, made: "Made") -> None:
        from correspondent_desk.gui.first_start.sheet import SheetStep

        draw = partial(self._sheet, self._first.answers(), made.recovery_code)
        self.recovery = SheetStep(self._tasks, made, draw, self._print)
        self.recovery.failed.connect(self._say)
        self.recovery.finished.connect(self._finish)
        self._show(self.recovery)

    def _failed(self, error: DeskError) -> None:
        self.passphrase.onward.setEnabled(True)
        self.passphrase.onward.setText(_("&Continue"))
        self._say(sentence(error))

    @Slot(str)
    def _say(self, words: str) -> None:
        self.trouble.tell(words)

    @Slot(object)
    def _finish(self, desk: object) -> None:
        is_invited = self._first is self.invited
        self.finished.emit(desk)
        if is_invited:
            self.exchange_wanted.emit()


def _progress(number: int) -> str:
    """Where one is in the steps, beside the program's name."""
    step = _("step {n} of {all}").format(n=number, all=STEPS)
    return f"Correspondent Desk · {step}"
