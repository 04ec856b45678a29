"""Passphrase and sheet are lost: the committee opens the desk, once, and a new passphrase is chosen."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFileDialog

from correspondent_desk.errors import DeskError
from correspondent_desk.gui.choosing import folder_to_use
from correspondent_desk.gui.first_start.steps import PassphraseStep
from correspondent_desk.gui.lock.step_page import StepPage
from correspondent_desk.gui.tasks import Job, Tasks
from correspondent_desk.gui.widgets.buttons import button
from correspondent_desk.gui.widgets.flow import flow_of
from correspondent_desk.gui.widgets.line_edit import LineEdit
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.language import _
from correspondent_desk.messages.errors import sentence

Ask = Callable[[Path], tuple[Path, str]]
"""Writes a request into a folder: where it is, and its numbers."""
Open = Callable[[Path, str], object]
"""Opens the desk with the committee's answer and a new passphrase."""


class CommitteeStep(PassphraseStep):
    """The request, then the answer, then a new passphrase, typed twice."""

    def __init__(self) -> None:
        super().__init__(
            title=_("Open through the committee"),
            why=_(
                "The committee checks who you are and sends an answer that opens this desk once."
                " First write the request and send it; when the answer has come, choose it here."
            ),
            onward=_("&Open the desk"),
        )

    def add_fields(self, label: str = "") -> None:
        """The request and the answer first: without them the rest is of no use."""
        self.write = button(_("Write the &request…"), "upload")
        self.numbers = Words("", "strong").let_select()
        self.told = Words().let_select()
        self.problem = Words("", "problem").let_select()
        self.answer = LineEdit()
        self.choose = button(_("&Choose the answer…"), "download")
        for widget in (flow_of(self.write), self.problem, self.told, self.numbers):
            self.form.add_widget(widget)
        for widget in (self.problem, self.told, self.numbers):
            widget.hide()
        self.form.add("answer", _("Committee’s a&nswer"), self.answer)
        self.form.add_widget(flow_of(self.choose))
        super().add_fields(label or _("New &passphrase"))
        self.start = self.write

    def problems(self) -> dict[str, str]:
        """The answer, and a passphrase that will do."""
        if not self.answer.text().strip():
            return {"answer": _("Choose the file that the committee sent.")}
        return super().problems()


class CommitteePage(StepPage):
    """Asks the committee, and opens with its answer."""

    unlocked = Signal(object)  # what open_ gave
    left = Signal()

    def __init__(self, tasks: Tasks, ask: Ask, open_: Open) -> None:
        """ask and open_ run in the background and raise DeskErrors."""
        super().__init__()
        self._tasks, self._ask, self._open = tasks, ask, open_
        self._asking: Job[tuple[Path, str]] | None = None
        self._job: Job[object] | None = None
        self._last_place = Path.home()
        self.step = CommitteeStep()
        self.step.write.clicked.connect(self._choose_place)
        self.step.choose.clicked.connect(self._choose_answer)
        self.step.done.connect(self._try)
        self.step.back.connect(self.left)
        self.place(self.step)

    @Slot()
    def _choose_place(self) -> None:
        folder = folder_to_use(self, _("Choose where the request is written"), self._last_place)
        if folder:
            self.ask_at(folder)

    def ask_at(self, place: Path) -> None:
        """Write the request into this folder."""
        self._last_place, ask = place, self._ask
        self._let_go_on(is_free=False)
        self._asking = self._tasks.read(
            lambda: ask(place), then=self._asked, failed=self._not_asked
        )

    def _asked(self, made: tuple[Path, str]) -> None:
        self._let_go_on(is_free=True)
        path, numbers = made
        told = _(
            "The request is in {path}. Send it to the committee. When it calls, read out these"
            " numbers:"
        )
        self._tell(told.format(path=path), numbers)
        self.step.choose.setFocus()

    def show_asked(self, numbers: str) -> None:
        """A request was written before: the committee may call a day later. numbers: nothing if not."""
        if numbers:
            self._tell(
                _(
                    "A request was written from this computer; another one would take its place. "
                    "When the committee calls, read out these numbers:"
                ),
                numbers,
            )

    def _tell(self, told: str, numbers: str) -> None:
        self.step.told.setText(told)
        self.step.numbers.setText(numbers)
        self.step.numbers.show()
        self.step.told.show()
        self.step.problem.hide()

    def _not_asked(self, error: DeskError) -> None:
        self._let_go_on(is_free=True)
        self.step.numbers.hide()
        self.step.told.hide()
        self.step.problem.tell(f"! {sentence(error)}")

    @Slot()
    def _choose_answer(self) -> None:
        name, _kind = QFileDialog.getOpenFileName(
            self,
            _("Choose the committee’s answer"),
            str(self._last_place),
            _("Answers (*.cdunlock);;All files (*)"),
        )
        if name:
            self._last_place = Path(name).parent
            self.step.answer.setText(name)
            self.step.first.setFocus()

    @Slot()
    def _try(self) -> None:
        path, passphrase, open_ = (
            Path(self.step.answer.text().strip()),
            self.step.passphrase(),
            self._open,
        )
        self._let_go_on(is_free=False)
        self._job = self._tasks.read(
            lambda: open_(path, passphrase), then=self._opened, failed=self._failed
        )

    def _opened(self, desk: object) -> None:
        self.unlocked.emit(desk)

    def _failed(self, error: DeskError) -> None:
        self._let_go_on(is_free=True)
        self.step.form.point_out({"answer": sentence(error)})

    def _let_go_on(self, *, is_free: bool) -> None:
        """Who went back now would leave an open desk behind, and be told that it is open elsewhere."""
        for widget in (self.step.onward, self.step.backward, self.step.write):
            widget.setEnabled(is_free)
