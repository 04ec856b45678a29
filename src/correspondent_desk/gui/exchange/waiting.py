"""Work under way, in words: what is being done, and for how long already."""

from PySide6.QtCore import QElapsedTimer, QTimer, Slot

from correspondent_desk.gui.widgets.aloud import read_out
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.language import _, ngettext

SECOND_MS = 1000
PATIENCE_S = 2


class Waiting(Words):
    """A quiet sentence; after two seconds it counts them, so that nobody thinks it has stopped."""

    def __init__(self) -> None:
        super().__init__("", "muted")
        self._what = ""
        self._age = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setInterval(SECOND_MS)
        self._timer.timeout.connect(self._count)
        self.hide()

    @property
    def is_waiting(self) -> bool:
        """Whether something is under way."""
        return self._timer.isActive()

    def begin(self, what: str) -> None:
        """Say what is being done."""
        self._what = what
        self.setText(what)
        self._age.start()
        self._timer.start()
        self.show()
        read_out(self, what)

    def go_on(self, what: str) -> None:
        """The same is still being done, and is further by now."""
        self._what = what
        self._count()

    def end(self) -> None:
        """It is done."""
        self._timer.stop()
        self.hide()

    @Slot()
    def _count(self) -> None:
        seconds, told = self._age.elapsed() // SECOND_MS, self._what
        if seconds >= PATIENCE_S:
            passed = ngettext("{n} second", "{n} seconds", seconds).format(n=seconds)
            told = _("{what} (for {passed})").format(what=told, passed=passed)
        self.setText(told)
