"""Things in a row that go on in the next line where there is no more room."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLabel, QLayout, QLayoutItem, QWidget

from correspondent_desk.gui.widgets.buttons import Button


class Flow(QLayout):
    """Left to right, then down: buttons and words at any text size, nothing cut."""

    def __init__(self, parent: QWidget | None = None, gap: int = 8) -> None:
        self._heights: dict[int, int] = {}  # by width: Qt asks hundreds of times
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._gap = gap
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:  # noqa: N802
        """At the end."""
        self._items.append(item)

    def count(self) -> int:
        """How many there are."""
        return len(self._items)

    def itemAt(self, place: int) -> QLayoutItem | None:  # noqa: N802
        """The one at place."""
        return self._items[place] if 0 <= place < len(self._items) else None

    def takeAt(self, place: int) -> QLayoutItem | None:  # noqa: N802
        """Take the one at place out."""
        return self._items.pop(place) if 0 <= place < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """It asks for no more than it needs."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """The narrower, the higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height of all lines."""
        if width not in self._heights:
            self._heights[width] = self._place(QRect(0, 0, width, 0), is_trial=True)
        return self._heights[width]

    def invalidate(self) -> None:
        """Something in it has changed."""
        self._heights.clear()
        super().invalidate()

    def setGeometry(self, rect: QRect) -> None:
        """Place everything."""
        super().setGeometry(rect)
        self._place(rect, is_trial=False)

    def sizeHint(self) -> QSize:
        """All in one line."""
        hints = [item.sizeHint() for item in self._items if not item.isEmpty()]
        width = sum(hint.width() for hint in hints) + self._gap * max(0, len(hints) - 1)
        return QSize(width, max((hint.height() for hint in hints), default=0))

    def minimumSize(self) -> QSize:  # noqa: N802
        """The widest of them."""
        least = QSize()
        for item in self._items:
            if not item.isEmpty():
                widget = item.widget()
                needs = item.minimumSize()
                if widget:
                    needs = widget.minimumSizeHint().expandedTo(widget.minimumSize())
                least = least.expandedTo(needs)
        return least

    def _place(self, rect: QRect, *, is_trial: bool) -> int:
        x, y, line_height = rect.x(), rect.y(), 0
        line: list[tuple[QLayoutItem, QRect]] = []
        for item in self._items:
            if item.isEmpty():
                continue
            hint = item.sizeHint()
            width = min(hint.width(), rect.width())
            height = _height_at(item, width, hint)
            if x + width > rect.right() + 1 and line_height:
                if not is_trial:
                    _set(line, line_height)
                x, y, line_height, line = rect.x(), y + line_height + self._gap, 0, []
            line.append((item, QRect(QPoint(x, y), QSize(width, height))))
            x += width + self._gap
            line_height = max(line_height, height)
        if not is_trial:
            _set(line, line_height)
        return y + line_height - rect.y()


def _set(line: list[tuple[QLayoutItem, QRect]], height: int) -> None:
    """Everything at the top of its line, but words in its middle, as those of buttons are."""
    for item, place in line:
        if isinstance(item.widget(), QLabel):
            place.translate(0, (height - place.height()) // 2)
        # A layout gives no button a second line: its item keeps to the height it asks for.
        placed = item.widget() if place.height() > item.sizeHint().height() else None
        (placed or item).setGeometry(place)


def _height_at(item: QLayoutItem, width: int, hint: QSize) -> int:
    widget = item.widget()
    if isinstance(widget, Button):
        return widget.height_at(width)
    return item.heightForWidth(width) if item.hasHeightForWidth() else hint.height()


def flow_of(*widgets: QWidget, gap: int = 8) -> QWidget:
    """A widget that holds these in a Flow."""
    holder = QWidget()
    flow = Flow(holder, gap)
    for widget in widgets:
        flow.addWidget(widget)
    policy = holder.sizePolicy()
    policy.setHeightForWidth(True)
    holder.setSizePolicy(policy)
    return holder
