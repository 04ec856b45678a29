"""A time of day that is typed, with what was understood."""

from collections.abc import Iterator
from datetime import time

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QWidget

from correspondent_desk.domain.problems import Fault, Problem
from correspondent_desk.gui.widgets.line_edit import LineEdit
from correspondent_desk.gui.widgets.times import read_time
from correspondent_desk.language import _


class TimeField(LineEdit):
    """Takes 14:30, 14h30, 1430 or 14."""

    time_changed = Signal(object)  # time | None

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("hh:mm"), parent)
        self._time: time | None = None
        self.textChanged.connect(self._read)

    def value(self) -> time | None:
        """What was understood; None when empty or not understood."""
        return self._time

    def is_understood(self) -> bool:
        """Whether the text is empty or a time."""
        return self._time is not None or not self.text().strip()

    def problems(self, name: str) -> Iterator[Problem]:
        """What must be mended in the row of this name: what stands there is no time."""
        if not self.is_understood():
            yield Problem(name, Fault.NOT_A_TIME, self.text())

    def set_time(self, at: time | None) -> None:
        """Show at as hh:mm."""
        self.setText(at.strftime("%H:%M") if at else "")

    def in_full(self) -> str:
        """The time that was understood, as hh:mm."""
        return f"{self._time:%H:%M}" if self._time else self.text()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Write a time that was understood in full."""
        super().focusOutEvent(event)
        if self._time:
            self.set_time(self._time)

    def _read(self, text: str) -> None:
        before = self._time
        self._time = read_time(text) if text.strip() else None
        if self._time != before:
            self.time_changed.emit(self._time)
