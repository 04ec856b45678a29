"""One press saves once: until the answer, the next ones are without effect."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from correspondent_desk.gui.widgets.aloud import read_out
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _

SAID_AFTER_MS = 250  # most is saved before anybody could read a word


class SaveOnce(QObject):
    """Lets a form ask for a step of history, and for no other one until that is answered.

    Behind something long, an import for instance, the first button says so meanwhile.
    """

    asking = Signal()  # what stands in the form now is what it asks for

    def __init__(self, workspace: Workspace, form: QWidget, *buttons: QAbstractButton) -> None:
        """buttons: all that ask for a step, the main one first."""
        super().__init__(form)
        self._workspace, self._form, self._buttons = workspace, form, buttons
        self._waits_for = 0
        self._words = ""
        self._focused: QAbstractButton | None = None
        self._went_to: QWidget | None = None  # where the focus went as its button was disabled
        self._timer = QTimer(self, singleShot=True, interval=SAID_AFTER_MS)
        self._timer.timeout.connect(self._say)

    @property
    def is_waiting(self) -> bool:
        """Whether what was asked for is not answered yet."""
        return bool(self._waits_for)

    def ask(self, ask: Callable[..., object], *given: object) -> None:
        """Call ask with what is given, unless what it asked for before is still to be answered."""
        if self._waits_for:
            return
        self.asking.emit()
        jobs = self._workspace.asked_by(lambda: ask(*given))
        self._waits_for = len(jobs)
        for job in jobs:
            job.on_end(self._answered)
        if jobs:
            self._timer.start()

    @Slot()
    def _say(self) -> None:
        main, words = self._buttons[0], _("Being saved…")
        self._focused = next((one for one in self._buttons if one.hasFocus()), None)
        self._words = main.text()
        main.setText(words)
        for one in self._buttons:
            one.setEnabled(False)
        self._went_to = QApplication.focusWidget()
        read_out(self._form, words)

    def _answered(self, _job: object) -> None:
        self._waits_for -= 1
        if self._waits_for:
            return
        self._timer.stop()
        if not self._words:
            return
        main = self._buttons[0]
        if main.text() == _("Being saved…"):  # else the form shows something else by now
            main.setText(self._words)
        self._words = ""
        for one in self._buttons:
            one.setEnabled(True)
        is_there_still = QApplication.focusWidget() in (None, self._went_to)
        if self._focused is not None and self._focused.isVisible() and is_there_still:
            self._focused.setFocus(Qt.FocusReason.OtherFocusReason)
