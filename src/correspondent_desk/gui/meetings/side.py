"""What stands beside the calendar: nothing, a card or a form; over it where there is little room."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from correspondent_desk.gui.theme import characters, is_narrow
from correspondent_desk.gui.widgets.buttons import edge_button
from correspondent_desk.language import _

SIDE = 50  # characters


class SideBySide(QWidget):
    """The calendar keeps the whole width until something is opened beside it."""

    looked_back = Signal()  # where the side covers the calendar: to look at it, and go on
    covered = Signal(bool)  # whether what is open covers the calendar
    turned_to = Signal(object)  # what is open now; None: nothing

    def __init__(self, main: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._main, self._is_open = main, False
        self._back = edge_button(_("Back to the calendar"), "arrow-left")
        self._back.clicked.connect(self.looked_back)
        self._back.clicked.connect(self.close_side)
        self._sides = QStackedWidget()
        self._right = QWidget()
        column = QVBoxLayout(self._right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._back, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._sides, 1)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(16)
        self._splitter.addWidget(main)
        self._splitter.addWidget(self._right)
        self._splitter.setStretchFactor(0, 1)
        self._splitter.setStretchFactor(1, 0)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._splitter)
        self._arrange()

    def leads_back_to(self, words: str) -> None:
        """What the way back says, where the side covers what it stands beside."""
        self._back.setText(words)

    @property
    def side(self) -> QWidget | None:
        """What is open beside the calendar."""
        return self._sides.currentWidget() if self._is_open else None

    def add(self, side: QWidget) -> None:
        """Something that can be opened."""
        self._sides.addWidget(side)

    def open_side(self, side: QWidget) -> None:
        """Open it, instead of what was open."""
        self._sides.setCurrentWidget(side)
        self._is_open = True
        self._arrange()
        self._share()
        self.turned_to.emit(side)

    def close_side(self) -> bool:
        """Give the calendar its width back; False where nothing was open."""
        if not self._is_open:
            return False
        self._is_open = False
        self._arrange()
        self.turned_to.emit(None)
        self._main.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange again when the room changes."""
        super().resizeEvent(event)
        self._arrange()
        self._share()

    def changeEvent(self, event: QEvent) -> None:
        """Arrange again when the text grows."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._arrange()

    def _share(self) -> None:
        """The side takes what a form needs, the calendar the rest."""
        whole = self._splitter.width()
        side = min(characters(self.font(), SIDE), whole // 2)
        self._splitter.setSizes([whole - side, side])

    def _arrange(self) -> None:
        narrow = is_narrow(self)
        self._back.setVisible(narrow)
        self._main.setVisible(not (narrow and self._is_open))
        self._right.setVisible(self._is_open)
        self.covered.emit(narrow and self._is_open)
