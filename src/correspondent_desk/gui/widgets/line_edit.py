"""A line of text; its pictures follow the size of the text, which Qt's own do not."""

from PySide6.QtCore import QEvent, QRect, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from correspondent_desk.gui.widgets.buttons import IconButton, icon_button
from correspondent_desk.gui.widgets.picture import Picture
from correspondent_desk.language import _

EDGE_PX = 8
_COMES_BACK = (
    Qt.FocusReason.ActiveWindowFocusReason,
    Qt.FocusReason.PopupFocusReason,
    Qt.FocusReason.MenuBarFocusReason,
)


class LineEdit(QLineEdit):
    """As Qt's, with a picture before the text and a button that empties the field, if wanted."""

    def __init__(self, placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture: Picture | None = None
        self._empty: IconButton | None = None
        self._is_rewound = False
        self.setPlaceholderText(placeholder)

    def show_picture(self, name: str) -> None:
        """Put a picture before the text."""
        self._picture = Picture(name, "muted", parent=self)
        self._fit_pictures()

    def show_clear_button(self) -> "LineEdit":
        """Offer to empty the field."""
        self._empty = icon_button("x", _("Clear"), self)
        self._empty.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keyboard has shorter ways
        self._empty.setCursor(Qt.CursorShape.ArrowCursor)
        self._empty.clicked.connect(self._clear_by_hand)
        self.textChanged.connect(self._show_whether_empty)
        self._show_whether_empty()
        self._fit_pictures()
        return self

    def in_full(self) -> str:
        """What stands there, as the field will write it once it is left."""
        return self.text()

    def setText(self, text: str | None) -> None:  # noqa: N802 - Qt's name
        """Show it from its beginning while nobody types in it: of a long name that says more."""
        super().setText(text)
        if not self.hasFocus():
            self._show_beginning()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """One goes on at the end of what stands there; a click says itself where."""
        super().focusInEvent(event)
        is_click = event.reason() is Qt.FocusReason.MouseFocusReason
        if self._is_rewound and not is_click and not self.hasSelectedText():
            self.end(False)
        self._is_rewound = False

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """As setText, but not where the focus soon comes back."""
        super().focusOutEvent(event)
        if event.reason() not in _COMES_BACK:
            self._show_beginning()

    def _show_beginning(self) -> None:
        self._is_rewound = True
        self.setCursorPosition(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the pictures at the edges."""
        super().resizeEvent(event)
        self._fit_pictures()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit_pictures()

    @Slot()
    def _show_whether_empty(self) -> None:
        if self._empty:
            self._empty.setVisible(bool(self.text()) and not self.isReadOnly())

    @Slot()
    def _clear_by_hand(self) -> None:
        self.selectAll()
        self.backspace()  # as typed: it can be undone, and is told as an edit
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fit_pictures(self) -> None:
        side = QFontMetrics(self.font()).height()
        top = (self.height() - side) // 2
        before = after = 0
        if self._picture:
            self._picture.setGeometry(EDGE_PX + 2, top, side, side)
            before = side + EDGE_PX
        if self._empty:
            wide = side + EDGE_PX
            left = self.width() - wide - EDGE_PX // 2
            self._empty.setGeometry(QRect(left, top - EDGE_PX // 2, wide, wide))
            after = wide
        if self._picture or self._empty:
            self.setTextMargins(before, 0, after, 0)


class FilterEdit(LineEdit):
    """Filters the list under it: Enter and the arrow down go on into the list."""

    left_down = Signal()

    def __init__(self, placeholder: str, parent: QWidget | None = None) -> None:
        """placeholder: what can be typed; also its name for screen readers."""
        super().__init__(placeholder, parent)
        self.setAccessibleName(placeholder)
        self.show_clear_button()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Into the list with Enter and the arrow down."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
            self.left_down.emit()
        else:
            super().keyPressEvent(event)
