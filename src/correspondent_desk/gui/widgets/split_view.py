"""List and card: side by side, or the card over the list where there is little room."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from correspondent_desk.gui.theme import is_narrow
from correspondent_desk.gui.widgets.buttons import edge_button
from correspondent_desk.gui.widgets.card import EmptyState
from correspondent_desk.language import _


class SplitView(QWidget):
    """The list at the left, the card of the chosen line at the right.

    Without a card, nothing_chosen says what to do. In a narrow window the card covers the list,
    with a way back over it.
    """

    went_back = Signal()
    covered = Signal(bool)  # whether the card covers the list

    def __init__(
        self, list_side: QWidget, card: QWidget, nothing_chosen: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._list, self._is_open, self._is_narrow = list_side, False, False
        self._is_empty = False
        self._back = edge_button(_("Back to the list"), "arrow-left")
        self._back.clicked.connect(self.close_card)
        card_side = QWidget()
        column = QVBoxLayout(card_side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._back, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(card, 1)
        self._right = QStackedWidget()
        self._right.addWidget(EmptyState(nothing_chosen))
        self._right.addWidget(card_side)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(16)
        self._splitter.addWidget(list_side)
        self._splitter.addWidget(self._right)
        self._splitter.setStretchFactor(0, 4)
        self._splitter.setStretchFactor(1, 5)
        self._splitter.setSizes(
            [4000, 5000]
        )  # shares of what there is, not of what each would like
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._splitter)
        self._arrange()

    @property
    def is_card_open(self) -> bool:
        """Whether a card is shown."""
        return self._is_open

    @property
    def is_narrow(self) -> bool:
        """Whether a card covers the list."""
        return self._is_narrow

    def hide_hint(self, is_empty: bool) -> None:
        """Give an empty list the whole width: there is nothing to choose from it."""
        self._is_empty = is_empty
        self._arrange()

    def open_card(self) -> None:
        """Show the card."""
        self._is_open = True
        self._arrange()

    def close_card(self) -> None:
        """Back to the list, where the focus was."""
        if self._is_open:
            self._is_open = False
            self._arrange()
            self._list.setFocus(Qt.FocusReason.OtherFocusReason)
            self.went_back.emit()

    def step_back(self) -> bool:
        """Close a card that covers the list; False where nothing is covered."""
        if not (self._is_open and self._is_narrow):
            return False
        self.close_card()
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange again when the room changes."""
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        """Arrange again when the text grows."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._arrange()

    def _arrange(self) -> None:
        self._is_narrow = is_narrow(self)
        self._right.setCurrentIndex(1 if self._is_open else 0)
        self._back.setVisible(self._is_narrow)
        self._right.setVisible(self._is_open or not (self._is_narrow or self._is_empty))
        covers, focused = self._is_narrow and self._is_open, QApplication.focusWidget()
        if covers and focused is not None and self._list.isAncestorOf(focused):
            self._back.setFocus()  # before the list is hidden: Qt would look far from here
        self._list.setVisible(not covers)
        self.covered.emit(self._is_narrow and self._is_open)
