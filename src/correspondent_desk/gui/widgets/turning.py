"""Things side by side that go one below the other where there is too little room."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from correspondent_desk.gui.theme import characters
from correspondent_desk.gui.widgets.text import Words

NAME, VALUE = 20, 16  # characters of a fact
LINES = 2  # a title may go on in a second line beside its action


class Turning(QWidget):
    """Side by side from a width on, given in characters so that it follows the size of the text."""

    def __init__(self, least: float = 0, gap: int = 12, parent: QWidget | None = None) -> None:
        """least: characters that all need side by side."""
        super().__init__(parent)
        self._least = least
        self._shares: list[int] = []
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(gap)

    @property
    def is_stacked(self) -> bool:
        """Whether they stand one below the other."""
        return self._line.direction() is QBoxLayout.Direction.TopToBottom

    def add(self, widget: QWidget, share: int, align: Qt.AlignmentFlag | None = None) -> None:
        """At the end; share of the width that is over."""
        self._shares.append(share)
        self._line.addWidget(widget, 0 if self.is_stacked else share, align or Qt.AlignmentFlag(0))

    def minimumSizeHint(self) -> QSize:
        """As wide as the widest: they may stand one below the other."""
        shown = [widget for widget in self._widgets() if not widget.isHidden()]
        width = max((widget.minimumSizeHint().width() for widget in shown), default=0)
        least = super().minimumSizeHint().height()
        return QSize(width, max(least, self.heightForWidth(max(self.width(), width))))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the room there is."""
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._arrange()

    def needed(self) -> int:
        """Pixels that all need side by side."""
        return characters(self.font(), self._least)

    def _widgets(self) -> list[QWidget]:
        items = [self._line.itemAt(place) for place in range(self._line.count())]
        return [widget for item in items if item and (widget := item.widget())]

    def _arrange(self) -> None:
        side = QBoxLayout.Direction
        is_room = self.needed() <= self.contentsRect().width()
        wanted = side.LeftToRight if is_room else side.TopToBottom
        if self._line.direction() is not wanted:
            self._line.setDirection(wanted)
            for place, share in enumerate(self._shares):  # of the width: a field kept no height
                self._line.setStretch(place, share if is_room else 0)


class Column(QWidget):
    """Things below one another, never pressed into each other: its least height is that of them all.

    Qt takes what wraps for one line high where a splitter stands between it and the page.
    """

    def minimumSizeHint(self) -> QSize:
        """At its width, with the lines that everything has there."""
        hint, layout = super().minimumSizeHint(), self.layout()
        if layout is None or not layout.hasHeightForWidth():
            return hint
        return QSize(hint.width(), layout.totalMinimumHeightForWidth(self.width()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width, another height."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()


class Ends(Turning):
    """left takes what right leaves over; where that is too little, right goes below it."""

    def __init__(self, left: QWidget, right: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(gap=16, parent=parent)
        self.left, self.right = left, right
        self.add(left, 1)
        self.add(right, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)

    def needed(self) -> int:
        """A title on two lines, or all of what stands at the left, and what stands at the right."""
        return self._needed_left() + self._line.spacing() + self.right.sizeHint().width()

    def _needed_left(self) -> int:
        least = self.left.minimumSizeHint().width()
        if isinstance(self.left, Words):
            advance, text = self.left.fontMetrics().horizontalAdvance, self.left.text()
            longest = max(map(advance, text.split()), default=0)  # also a word with a hyphen
            return max(least, longest, round(advance(text) / LINES * 1.2))
        return max(least, self.left.sizeHint().width())


class Fact(Turning):
    """A name and its value beside it, or below where there is little room."""

    def __init__(
        self, name: str, value: QWidget, role: str = "muted", parent: QWidget | None = None
    ) -> None:
        super().__init__(least=NAME + VALUE, gap=16, parent=parent)
        self._name, self._value = Words(name[:1].upper() + name[1:], role), value
        self.add(self._name, 0, Qt.AlignmentFlag.AlignTop)
        self.add(value, 1)
        self._fit()

    def needed(self) -> int:
        """Also what cannot be broken, such as an address of mail."""
        value = self._value
        needs = value.longest() if isinstance(value, Words) else value.minimumSizeHint().width()
        whole = self._name.width() + self._line.spacing() + needs
        return max(super().needed(), whole)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        self._name.setFixedWidth(characters(self.font(), NAME))
