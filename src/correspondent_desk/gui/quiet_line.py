"""The line at the bottom: what was done, with the way to take it back."""

from PySide6.QtCore import QElapsedTimer, QRect, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from correspondent_desk.gui.widgets.aloud import read_out
from correspondent_desk.gui.widgets.buttons import quiet_button
from correspondent_desk.gui.widgets.text import Words, restyle

SHOWN_MS = 20_000
SAME_MATTER_MS = 3000
HEARD_AFTER_MS = 300  # what a screen reader says of a focus that moves just then would cut it short
LINES = 2  # of a long sentence in a small window; all of it on hover, and read out


class QuietLine(QWidget):
    """One sentence and at most one action. It stays while it has the focus or the mouse."""

    acted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = _Sentence()
        self.action = quiet_button("", "undo-2")
        self._picture = ""
        self.action.hide()
        self.action.clicked.connect(self.acted)
        self._age = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setInterval(SHOWN_MS)
        self._timer.timeout.connect(self._leave)
        self._voice = QTimer(self, singleShot=True, interval=HEARD_AFTER_MS)
        self._voice.timeout.connect(self._read_out)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 4, 24, 4)
        row.setSpacing(12)
        row.addWidget(self.words, 1)
        row.addWidget(self.action)
        # Its room is kept, so that the page above does not move when something is said.
        self.setMinimumHeight(46)

    def say(self, sentence: str, action: str = "", name: str = "", picture: str = "undo-2") -> None:
        """Show sentence and read it out; action is a word for the button, name says it in full."""
        self._look("muted")
        self._picture = picture
        self.action.show_picture(picture)
        self.words.say(sentence)
        self.action.setText(action)
        self.action.setAccessibleName(name or action)
        self.action.setToolTip(name if name != action else "")
        self.action.setVisible(bool(action))
        self._timer.start()
        self._age.start()
        self._voice.start()

    def warn(self, sentence: str) -> None:
        """Say what was not done and why. It stays until something else is said."""
        self.say(f"! {sentence}")
        self._look("problem")
        self._timer.stop()

    def say_more(self, sentence: str) -> None:
        """Say it better, if something was just said: the action stays. Else as say."""
        if self._age.isValid() and self._age.elapsed() < SAME_MATTER_MS:
            self.say(sentence, self.action.text(), self.action.accessibleName(), self._picture)
        else:
            self.say(sentence)

    def fade_after(self, milliseconds: int) -> None:
        """Leave after this long without the focus or the mouse."""
        self._timer.start(milliseconds)

    @Slot()
    def _read_out(self) -> None:
        read_out(self, self.words.whole)

    def _look(self, role: str) -> None:
        if self.words.property("role") != role:
            self.words.setProperty("role", role)
            restyle(self.words)

    def _leave(self) -> None:
        if not (self.action.hasFocus() or self.underMouse()):
            self._timer.stop()
            self.words.say("")
            self.action.hide()


class _Sentence(Words):
    """Words that never take the page its room."""

    def __init__(self) -> None:
        super().__init__("", "muted")
        self.whole = ""

    def say(self, sentence: str) -> None:
        """Show sentence, as much of it as two lines hold."""
        self.whole = sentence
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width, another end."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        shown, words = self.whole, self.whole.split(" ")
        while len(words) > 1 and self._is_long(shown):
            words.pop()
            shown = " ".join(words) + "…"
        if shown != self.text():
            self.setText(shown)
        self.setAccessibleName(self.whole)
        self.setToolTip("" if shown == self.whole else self.whole)

    def _is_long(self, text: str) -> bool:
        if not self.isVisible():
            return False
        metrics, wrap = self.fontMetrics(), int(Qt.TextFlag.TextWordWrap)
        whole = metrics.boundingRect(QRect(0, 0, self.width(), 9999), wrap, text)
        return whole.height() >= (LINES + 1) * metrics.lineSpacing()
