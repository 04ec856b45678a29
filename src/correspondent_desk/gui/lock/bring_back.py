"""A copy takes the place of the store: after damage, or to go back to an earlier day."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from correspondent_desk.errors import DeskError
from correspondent_desk.gui.first_start.steps import Step
from correspondent_desk.gui.tasks import Job, Tasks
from correspondent_desk.gui.theme import characters
from correspondent_desk.gui.widgets.choice_field import ChoiceField
from correspondent_desk.gui.widgets.line_edit import LineEdit
from correspondent_desk.gui.widgets.stand_alone import stand_alone
from correspondent_desk.language import _
from correspondent_desk.messages.copies import came_back, in_short
from correspondent_desk.messages.errors import sentence
from correspondent_desk.store.backup import CopyRow


class CopyStep(Step):
    """Which copy, and the passphrase."""

    def __init__(self, rows: Sequence[CopyRow], today: date) -> None:
        super().__init__(
            _("Bring a copy back"),
            _(
                "The copy takes the place of what is on this desk now. What is here now is kept"
                " aside as a copy of its own, so that you can come back to it."
            ),
            _("Bring t&his copy back"),
            has_back=True,
        )
        self.copy = ChoiceField((row.path, in_short(row, today, rows)) for row in rows)
        self.passphrase = LineEdit()
        self.passphrase.setEchoMode(LineEdit.EchoMode.Password)
        self.form.add("copy", _("Which c&opy"), self.copy)
        self.form.add("passphrase", _("&Passphrase"), self.passphrase)
        self.passphrase.returnPressed.connect(self.onward.click)
        self.go_on_after(self.passphrase)
        self.setFocusProxy(self.copy)


class BringBackPage(QWidget):
    """Asks which copy; bring_back puts it in place and opens it."""

    unlocked = Signal(object)  # what bring_back gave
    left = Signal()

    def __init__(
        self,
        tasks: Tasks,
        rows: Sequence[CopyRow],
        today: date,
        bring_back: Callable[[Path, str], object],
    ) -> None:
        """bring_back(copy, passphrase) runs in the background and raises DeskErrors."""
        super().__init__()
        self._tasks, self._bring_back = tasks, bring_back
        self._rows, self._today = rows, today
        self._job: Job[object] | None = None
        self.step = CopyStep(rows, today)
        self.step.done.connect(self._try)
        self.step.back.connect(self.left)
        self.step.setMaximumWidth(characters(self.font(), 80))
        stand_alone(self, self.step)
        self.setFocusProxy(self.step)

    def came_back(self) -> str:
        """That the chosen copy is in place, in words."""
        [row] = [row for row in self._rows if row.path == self.step.copy.value()]
        return came_back(row, self._today, self._rows)

    @Slot()
    def _try(self) -> None:
        copy, passphrase = self.step.copy.value(), self.step.passphrase.text()
        bring_back = self._bring_back
        for widget in (self.step.onward, self.step.backward):
            widget.setEnabled(False)
        self._job = self._tasks.read(
            lambda: bring_back(copy, passphrase), then=self._opened, failed=self._failed
        )

    def _opened(self, desk: object) -> None:
        self.unlocked.emit(desk)

    def _failed(self, error: DeskError) -> None:
        for widget in (self.step.onward, self.step.backward):
            widget.setEnabled(True)
        field = "passphrase" if error.code == "wrong-passphrase" else "copy"
        self.step.form.show_problems({field: sentence(error)})
        self.step.form.go_to_first_problem()
