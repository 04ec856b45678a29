"""The passphrase is lost: the recovery sheet opens the desk, and a new passphrase is chosen."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from correspondent_desk.errors import DeskError
from correspondent_desk.gui.first_start.steps import PassphraseStep
from correspondent_desk.gui.lock.step_page import StepPage
from correspondent_desk.gui.tasks import Job, Tasks
from correspondent_desk.gui.widgets.buttons import edge_button
from correspondent_desk.gui.widgets.line_edit import LineEdit
from correspondent_desk.language import _
from correspondent_desk.messages.errors import sentence


class RecoveryUse(PassphraseStep):
    """The code of the sheet, then a new passphrase, typed twice."""

    def __init__(self) -> None:
        super().__init__(
            title=_("Open with the recovery sheet"),
            why=_(
                "Type the groups of the sheet as they are printed, then choose a new passphrase."
            ),
            onward=_("&Open the desk"),
        )
        self.no_sheet = edge_button(_("Without the sheet: ask the committee…"), "link")
        self.extra.addWidget(self.no_sheet, 0, Qt.AlignmentFlag.AlignLeft)
        QWidget.setTabOrder(self.show_text, self.no_sheet)
        self.go_on_after(self.no_sheet)

    def add_fields(self, label: str = "") -> None:
        """The code first: without it the rest is of no use."""
        self.code = LineEdit()
        self.form.add("code", _("&Code of the recovery sheet"), self.code)
        super().add_fields(label or _("New &passphrase"))
        self.code.returnPressed.connect(self.first.setFocus)
        self.start = self.code


class RecoveryPage(StepPage):
    """Asks for the code of the sheet and a new passphrase; recover does both at once."""

    unlocked = Signal(object)  # what recover gave
    left = Signal()
    committee_wanted = Signal()

    def __init__(self, tasks: Tasks, recover: Callable[[str, str], object]) -> None:
        """recover(code, new_passphrase) runs in the background and raises DeskErrors."""
        super().__init__()
        self._tasks, self._recover = tasks, recover
        self._job: Job[object] | None = None
        self.step = RecoveryUse()
        self.code = self.step.code
        self.step.done.connect(self._try)
        self.step.back.connect(self.left)
        self.step.no_sheet.clicked.connect(self.committee_wanted)
        self.place(self.step)

    @Slot()
    def _try(self) -> None:
        code, passphrase, recover = self.code.text(), self.step.passphrase(), self._recover
        self._let_go_on(is_free=False)
        self._job = self._tasks.read(
            lambda: recover(code, passphrase), then=self._opened, failed=self._failed
        )

    def _opened(self, desk: object) -> None:
        self.unlocked.emit(desk)

    def _failed(self, error: DeskError) -> None:
        self._let_go_on(is_free=True)
        self.step.form.point_out({"code": sentence(error)})

    def _let_go_on(self, *, is_free: bool) -> None:
        """Who went back now would leave an open desk behind, and be told that it is open elsewhere."""
        self.step.onward.setEnabled(is_free)
        self.step.backward.setEnabled(is_free)
        self.step.no_sheet.setEnabled(is_free)
