"""A copy takes the place of the store: after damage, or to go back to an earlier day."""

from collections.abc import Callable, Sequence
from datetime import date
from enum import Enum, auto
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot

from correspondent_desk.errors import DeskError
from correspondent_desk.gui.choosing import copy_to_use
from correspondent_desk.gui.first_start.steps import Step
from correspondent_desk.gui.lock.step_page import StepPage
from correspondent_desk.gui.tasks import Job, Tasks
from correspondent_desk.gui.widgets.buttons import button
from correspondent_desk.gui.widgets.choice_field import ChoiceField, let_shrink
from correspondent_desk.gui.widgets.flow import flow_of
from correspondent_desk.gui.widgets.line_edit import LineEdit
from correspondent_desk.language import _
from correspondent_desk.messages.copies import came_back, elsewhere, in_short
from correspondent_desk.messages.errors import sentence
from correspondent_desk.store.backup import CopyRow, found_at


class Here(Enum):
    """What a copy takes the place of."""

    NO_DESK = auto()
    A_DESK = auto()
    A_BROKEN_DESK = auto()  # its file is damaged or gone


class CopyStep(Step):
    """Which copy, and the passphrase."""

    def __init__(self, rows: Sequence[CopyRow], today: date, *, here: Here) -> None:
        """Where there is a desk, its passphrase counts."""
        begins = here is Here.NO_DESK
        super().__init__(
            _("Bring a copy back"),
            _what_becomes(here),
            _("Bring t&his copy back"),
            has_back=True,
        )
        self.rows, self._today, self._own = list(rows), today, list(rows)
        self.copy = ChoiceField[Path]()
        let_shrink(self.copy)
        self.copy.setPlaceholderText(_("No copy yet."))
        self.elsewhere = button(_("Take a copy &from another place…"), "usb")
        self.elsewhere.clicked.connect(self._choose)
        self.passphrase = LineEdit()
        self.passphrase.setEchoMode(LineEdit.EchoMode.Password)
        self.form.add("copy", _("Which c&opy"), self.copy)
        self.form.add_widget(flow_of(self.elsewhere))
        hint = _("The one that opened the desk on that day.") if begins else ""
        self.form.add("passphrase", _("&Passphrase"), self.passphrase, hint)
        self.passphrase.returnPressed.connect(self.onward.click)
        self.go_on_after(self.passphrase)
        self._offer()

    def problems(self) -> dict[str, str]:
        """There is none to bring back until one is chosen."""
        return {} if self.rows else {"copy": _("Choose a copy first.")}

    @Slot()
    def _choose(self) -> None:
        path = copy_to_use(self, Path.home())
        if path:
            self.use(path)

    def use(self, path: Path) -> None:
        """Offer this file too, as the one that is chosen."""
        try:
            row = found_at(path)
        except DeskError as error:
            self.form.point_out({"copy": sentence(error)})
            return
        if path not in [one.path for one in self.rows]:
            self.rows.append(row)
        self._offer()
        self.copy.set_value(path)
        self.form.show_problems({})
        self.passphrase.setFocus(Qt.FocusReason.OtherFocusReason)

    def _offer(self) -> None:
        self.copy.set_choices(
            (
                row.path,
                in_short(row, self._today, self._own)
                if row in self._own
                else elsewhere(row, self._today),
            )
            for row in self.rows
        )
        self.copy.setEnabled(bool(self.rows))
        self.start = self.copy if self.rows else self.elsewhere


def _what_becomes(here: Here) -> str:
    match here:
        case Here.NO_DESK:
            return _(
                "This computer takes up the desk as it was on the day of the copy. The file that"
                " unlocks it, with “slots” in its name, must lie beside it."
            )
        case Here.A_DESK:
            return _(
                "The copy takes the place of what is on this desk now. What is here now is kept"
                " aside as a copy of its own, so that you can come back to it."
            )
        case Here.A_BROKEN_DESK:
            return _(
                "The copy takes the place of the file that is damaged or gone; a damaged one is"
                " kept beside it. What was written after the copy is not in it."
            )


class BringBackPage(StepPage):
    """Asks which copy; bring_back puts it in place and opens it."""

    unlocked = Signal(object)  # what bring_back gave
    left = Signal()

    def __init__(
        self,
        tasks: Tasks,
        rows: Sequence[CopyRow],
        today: date,
        bring_back: Callable[[Path, str], object],
        *,
        here: Here,
    ) -> None:
        """bring_back(copy, passphrase) runs in the background and raises DeskErrors."""
        super().__init__()
        self._tasks, self._bring_back, self._today = tasks, bring_back, today
        self._job: Job[object] | None = None
        self.step = CopyStep(rows, today, here=here)
        self.step.done.connect(self._try)
        self.step.back.connect(self.left)
        self.place(self.step)

    def came_back(self) -> str:
        """That the chosen copy is in place, in words."""
        [row] = [row for row in self.step.rows if row.path == self.step.copy.value()]
        return came_back(row, self._today, self.step.rows)

    @Slot()
    def _try(self) -> None:
        copy, passphrase = self.step.copy.value(), self.step.passphrase.text()
        bring_back = self._bring_back
        for widget in (self.step.onward, self.step.backward, self.step.elsewhere):
            widget.setEnabled(False)
        self._job = self._tasks.read(
            lambda: bring_back(copy, passphrase), then=self._opened, failed=self._failed
        )

    def _opened(self, desk: object) -> None:
        self.unlocked.emit(desk)

    def _failed(self, error: DeskError) -> None:
        for widget in (self.step.onward, self.step.backward, self.step.elsewhere):
            widget.setEnabled(True)
        field = "passphrase" if error.code == "wrong-passphrase" else "copy"
        self.step.form.point_out({field: sentence(error)})
