"""A computer that was lost and found again joins its office anew, with an invitation."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal, Slot

from correspondent_desk.errors import DeskError
from correspondent_desk.gui.first_start.steps import Step
from correspondent_desk.gui.lock.step_page import StepPage
from correspondent_desk.gui.tasks import Job, Tasks
from correspondent_desk.gui.widgets.invitation_field import InvitationField
from correspondent_desk.gui.widgets.line_edit import LineEdit
from correspondent_desk.language import _
from correspondent_desk.messages.errors import sentence


class JoinStep(Step):
    """The invitation, and the passphrase."""

    def __init__(self) -> None:
        super().__init__(
            _("Join the office anew"),
            _(
                "For a computer that was reported lost and is found again. The desk begins empty and"
                " gets everything from the hub. What it had not sent goes to the committee, which"
                " looks at it first; what is here now is kept aside as a copy."
            ),
            _("&Join anew"),
            has_back=True,
        )
        self.invitation = InvitationField()
        self.passphrase = LineEdit()
        self.passphrase.setEchoMode(LineEdit.EchoMode.Password)
        self.invitation.add_to(self.form)
        self.form.add("passphrase", _("&Passphrase"), self.passphrase)
        self.passphrase.returnPressed.connect(self.onward.click)
        self.go_on_after(self.passphrase)
        self.start = self.invitation.choose

    def problems(self) -> dict[str, str]:
        """Nothing is begun without an invitation."""
        missing = self.invitation.missing()
        return {"invitation": missing} if missing else {}


class JoinPage(StepPage):
    """Asks for the invitation; join begins anew with it and opens the desk."""

    unlocked = Signal(object)  # what join gave
    left = Signal()

    def __init__(self, tasks: Tasks, join: Callable[[Path, str], object]) -> None:
        """join(invitation, passphrase) runs in the background and raises DeskErrors."""
        super().__init__()
        self._tasks, self._join = tasks, join
        self._job: Job[object] | None = None
        self.step = JoinStep()
        self.step.invitation.chosen.connect(lambda _path: self.step.passphrase.setFocus())
        self.step.done.connect(self._try)
        self.step.back.connect(self.left)
        self.place(self.step)

    @Slot()
    def _try(self) -> None:
        path = self.step.invitation.path()
        passphrase, join = self.step.passphrase.text(), self._join
        self._let_go_on(is_free=False)
        self._job = self._tasks.read(
            lambda: join(path, passphrase), then=self._joined, failed=self._failed
        )

    def _joined(self, desk: object) -> None:
        self.unlocked.emit(desk)

    def _failed(self, error: DeskError) -> None:
        self._let_go_on(is_free=True)
        field = "passphrase" if error.code == "wrong-passphrase" else "invitation"
        self.step.form.point_out({field: sentence(error)})

    def _let_go_on(self, *, is_free: bool) -> None:
        """Who went back now would leave an open desk behind, and be told that it is open elsewhere."""
        for widget in (self.step.onward, self.step.backward):
            widget.setEnabled(is_free)
