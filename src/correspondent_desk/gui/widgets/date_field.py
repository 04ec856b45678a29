"""A date that is typed, with what was understood beside it."""

from collections.abc import Callable, Iterator
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QWidget

from correspondent_desk.domain.problems import Fault, Problem
from correspondent_desk.gui.widgets.dates import Lean, read_date
from correspondent_desk.gui.widgets.line_edit import LineEdit
from correspondent_desk.language import _


class DateField(LineEdit):
    """Takes 12/3/2026, 12032026 or "demain"; a FormRow shows the words beside it."""

    date_changed = Signal(object)  # date | None, at each edit that changes it
    words_changed = Signal(str)

    def __init__(
        self,
        today: Callable[[], date],
        in_words: Callable[[date], str],
        lean: Lean = Lean.NEAREST,
        parent: QWidget | None = None,
    ) -> None:
        """in_words: the date as said in the language in use, such as "Thursday 3 December"."""
        super().__init__(_("dd/mm/yyyy"), parent)
        self._today, self._in_words, self._lean = today, in_words, lean
        self._date: date | None = None
        self.textChanged.connect(self._read)

    def value(self) -> date | None:
        """What was understood; None when empty or not understood."""
        return self._date

    def is_understood(self) -> bool:
        """Whether the text is empty or a date."""
        return self._date is not None or not self.text().strip()

    def problems(self, name: str) -> Iterator[Problem]:
        """What must be mended in the row of this name: what stands there is no date."""
        if not self.is_understood():
            yield Problem(name, Fault.NOT_A_DATE, self.text())

    def set_date(self, day: date | None) -> None:
        """Show day as dd/mm/yyyy."""
        self.setText(_written(day) if day else "")

    def in_full(self) -> str:
        """The date that was understood, as dd/mm/yyyy: tomorrow is another day when it comes."""
        return _written(self._date) if self._date else self.text()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Write a date that was understood in full."""
        super().focusOutEvent(event)
        if self._date:
            self.set_date(self._date)

    def _read(self, text: str) -> None:
        before = self._date
        self._date = read_date(text, self._today(), self._lean) if text.strip() else None
        words = ""
        if self._date:
            words = self._in_words(self._date)
        elif text.strip():
            words = (
                _("Not a date yet, for example 12/3/1971")
                if self._lean is Lean.PAST
                else no_date_yet(self._today())
            )
        self.words_changed.emit(words)
        if self._date != before:
            self.date_changed.emit(self._date)


def no_date_yet(today: date) -> str:
    """Beside what is no date, in a field for days to come."""
    words = _("Not a date yet, for example 12/3/{year} or tomorrow")
    return words.format(year=today.year + 1)


def _written(day: date) -> str:
    return f"{day:%d/%m}/{day.year:04}"
