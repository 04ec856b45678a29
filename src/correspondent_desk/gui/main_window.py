"""The one window: the lock, the first start, trouble, or the frame with its pages."""

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QWidget

from correspondent_desk.gui.widgets.aloud import read_out

WISHED = QSize(1240, 800)
LEAST = QSize(640, 520)


class MainWindow(QMainWindow):
    """Shows one thing at a time over the whole window."""

    closing = Signal()  # before anything is taken down

    def __init__(self) -> None:
        super().__init__()
        self.say_in_title("")
        self._stack = QStackedWidget()
        self.setCentralWidget(self._stack)
        self.setMinimumSize(LEAST)
        room = QGuiApplication.primaryScreen().availableSize() - QSize(16, 48)
        self.resize(WISHED.boundedTo(room).expandedTo(LEAST))

    def say_in_title(self, words: str) -> None:
        """What must be known of the desk at a glance, beside the program's name; normally nothing."""
        self.setWindowTitle(f"{words} – Correspondent Desk" if words else "Correspondent Desk")

    def present(self, widget: QWidget) -> None:
        """Show widget instead of what was shown, which stays as it is."""
        if self._stack.indexOf(widget) < 0:
            self._stack.addWidget(widget)
        self._stack.setCurrentWidget(widget)
        widget.setFocus()
        read_out(widget, widget.accessibleDescription())

    def turn_to(self, widget: QWidget) -> None:
        """Show widget instead of what was shown, which goes for good."""
        before = self.presented
        self.present(widget)
        if before is not None and before is not widget:
            self.dismiss(before)

    def dismiss(self, widget: QWidget) -> None:
        """Take widget out of the window for good."""
        self._stack.removeWidget(widget)
        widget.deleteLater()

    @property
    def presented(self) -> QWidget | None:
        """What is shown."""
        return self._stack.currentWidget()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Nothing is asked: what is typed is kept."""
        self.closing.emit()
        super().closeEvent(event)
