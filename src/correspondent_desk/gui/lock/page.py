"""The locked window: the program's name and one field. No name of an office, no number."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from correspondent_desk.errors import DeskError
from correspondent_desk.gui.tasks import Job, Tasks
from correspondent_desk.gui.theme import characters
from correspondent_desk.gui.widgets.aloud import read_out
from correspondent_desk.gui.widgets.buttons import main_button, quiet_button
from correspondent_desk.gui.widgets.line_edit import LineEdit
from correspondent_desk.gui.widgets.picture import Picture
from correspondent_desk.gui.widgets.stand_alone import stand_alone
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.language import _, ngettext

WRONG_PASSPHRASE = "wrong-passphrase"  # noqa: S105 - the code of an error, see store.vault
SECOND_MS = 1000
LONG_WAIT_S = 90  # from here on, said in minutes


class LockPage(QWidget):
    """Asks for the passphrase and hands it to unlock, in the background."""

    unlocked = Signal(object)  # what unlock gave
    refused = Signal(object)  # a DeskError other than a wrong passphrase
    recovery_wanted = Signal()

    def __init__(
        self,
        tasks: Tasks,
        unlock: Callable[[str], object],
        known: str | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """unlock raises a DeskError with code wrong-passphrase and wait_s seconds to wait.

        known: the passphrase of invented people, which is no secret.
        """
        super().__init__(parent)
        self._tasks, self._unlock = tasks, unlock
        self._job: Job[object] | None = None
        self._wait_s = 0
        self._was_tried = False
        self._tick = QTimer(self)
        self._tick.setInterval(SECOND_MS)
        self._tick.timeout.connect(self._count_down)
        name = Words("Correspondent Desk", "title")
        name.setAlignment(Qt.AlignmentFlag.AlignCenter)
        label = QLabel(_("&Passphrase"))
        self.field = LineEdit()
        self.field.setEchoMode(LineEdit.EchoMode.Password)
        self.field.installEventFilter(self)
        self.field.returnPressed.connect(self._try)
        self.field.textEdited.connect(self._forget_message)
        label.setBuddy(self.field)
        self.show_text = quiet_button(_("Show"), "eye")
        self.show_text.setCheckable(True)
        self.show_text.setAccessibleName(_("Show the passphrase"))
        self.show_text.toggled.connect(self._show_text)
        self.capitals = Words(_("The Caps Lock key is on."), "small")
        self.capitals.hide()
        told = _("The people here are invented: their passphrase is {passphrase}.")
        self.invented = Words(told.format(passphrase=known), "small")
        if known is None:
            self.invented.hide()
        else:
            self.field.setAccessibleDescription(self.invented.text())
        self.message = Words("", "problem")
        self.button = main_button(_("&Unlock"))
        self.button.clicked.connect(self._try)
        self.lost = quiet_button(_("The passphrase is lost"))
        self.lost.clicked.connect(self.recovery_wanted)

        line = QHBoxLayout()
        line.addWidget(self.field, 1)
        line.addWidget(self.show_text)
        self._card = QFrame()
        self._card.setProperty("role", "card")
        column = QVBoxLayout(self._card)
        column.setContentsMargins(32, 32, 32, 24)
        column.setSpacing(8)
        column.addWidget(Picture("lock", "accent", 1.8), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(name)
        column.addSpacing(12)
        column.addWidget(label)
        column.addLayout(line)
        column.addWidget(self.invented)
        column.addWidget(self.capitals)
        column.addWidget(self.message)
        column.addSpacing(4)
        column.addWidget(self.button)
        column.addWidget(self.lost, 0, Qt.AlignmentFlag.AlignHCenter)
        stand_alone(self, self._card)
        self.setFocusProxy(self.field)
        self._fit()

    @property
    def is_trying(self) -> bool:
        """Whether a passphrase is being tried."""
        return self._job is not None

    def reset(self) -> None:
        """Empty, ready to be shown again."""
        if self._job:
            self._job.forget()
        self._job = None
        self.field.clear()
        self.show_text.setChecked(False)
        self.message.setText("")
        self._be_ready()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice, from what is typed, that Caps Lock is on: Qt does not tell."""
        if watched is self.field and isinstance(event, QKeyEvent):
            text = event.text()
            if event.type() == QEvent.Type.KeyPress and text.lower() != text.upper():
                shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
                self.capitals.setVisible(text.isupper() != shift)
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        self._card.setMaximumWidth(characters(self.font(), 56))

    @Slot()
    def _try(self) -> None:
        self.open_with(self.field.text())

    def open_with(self, passphrase: str) -> None:
        """Try passphrase as if it had been typed."""
        if self._job or self._wait_s or not passphrase:
            read_out(self.message, self.message.text())  # why nothing happens
            return
        self.message.setText("")
        self.button.setEnabled(False)
        self.button.setText(_("Unlocking…"))
        self.field.setReadOnly(True)
        # Who left now would leave an open desk behind, and be told that it is open elsewhere.
        self.lost.setEnabled(False)
        unlock = self._unlock
        self._job = self._tasks.read(
            lambda: unlock(passphrase), then=self._opened, failed=self._not_opened
        )

    def _opened(self, desk: object) -> None:
        self.reset()
        self.unlocked.emit(desk)

    def _not_opened(self, error: DeskError) -> None:
        self._job = None
        self._be_ready()
        if error.code != WRONG_PASSPHRASE:
            self.refused.emit(error)
            return
        waited = error.details.get("wait_s", 0)
        self._wait_s = round(waited) if isinstance(waited, int | float) else 0
        self.field.selectAll()
        self.field.setFocus()
        self._was_tried = error.reason != "wait"
        self._say_wait()
        read_out(self.message, self.message.text())  # once: the seconds that pass are no news
        if self._wait_s:
            self.button.setEnabled(False)
            self._tick.start()

    def _be_ready(self) -> None:
        self.field.setReadOnly(False)
        self.lost.setEnabled(True)
        self.button.setText(_("&Unlock"))
        self.button.setEnabled(self._wait_s == 0)

    @Slot()
    def _forget_message(self) -> None:
        """It was said of what was typed before; how long to wait stays."""
        if self._was_tried and not self._wait_s:
            self.message.setText("")

    @Slot()
    def _count_down(self) -> None:
        self._wait_s -= 1
        if self._wait_s <= 0:
            self._wait_s = 0
            self._tick.stop()
            self.button.setEnabled(True)
            self.message.setText("")
        else:
            self._say_wait()

    def _say_wait(self) -> None:
        wrong = _("This passphrase does not open the desk.") if self._was_tried else ""
        to_do = _wait_in_words(self._wait_s)
        if wrong and not to_do:
            to_do = _("Check capitals and keyboard, and type it again.")
        self.message.setText(f"{wrong} {to_do}".strip())

    @Slot(bool)
    def _show_text(self, shown: bool) -> None:
        mode = LineEdit.EchoMode.Normal if shown else LineEdit.EchoMode.Password
        self.field.setEchoMode(mode)
        self.show_text.setText(_("Hide") if shown else _("Show"))


def _wait_in_words(wait_s: int) -> str:
    if not wait_s:
        return ""
    if wait_s < LONG_WAIT_S:
        return ngettext("Try again in {n} second.", "Try again in {n} seconds.", wait_s).format(
            n=wait_s
        )
    minutes = -(-wait_s // 60)
    return ngettext("Try again in {n} minute.", "Try again in {n} minutes.", minutes).format(
        n=minutes
    )
