"""A step of its own in the window: what opens a desk, or begins one anew."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from correspondent_desk.gui.first_start.steps import Step
from correspondent_desk.gui.theme import characters
from correspondent_desk.gui.widgets.stand_alone import stand_alone


class StepPage(QWidget):
    """One step, in the middle of the window. Call place once the step is made."""

    def place(self, step: Step) -> None:
        """Show step."""
        self._step = step
        step.setMaximumWidth(characters(self.font(), 80))
        stand_alone(self, step)

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:  # noqa: N802
        """Where the step begins. A focus proxy would make Tab pass over what stands before it."""
        self._step.setFocus(reason)
