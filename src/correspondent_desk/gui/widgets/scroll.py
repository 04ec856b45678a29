"""What is higher than the window scrolls; nothing scrolls sideways."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from correspondent_desk.gui.widgets.areas import ScrollArea

LAID_OUT_MS = 300  # of much with large letters, not always all that soon
BELOW_PX = 24  # Qt asks for the cursor of a field to be in view: with its edge, and some air
UNFOLDED = "unfolded"  # the name of a small part of a page: with its field it comes into view whole


class Scroll(ScrollArea):
    """inside takes the width there is and the height it needs; the focus stays in view."""

    def __init__(self, inside: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFocusProxy(inside)
        self._inside = inside
        self.setWidget(inside)
        inside.setAutoFillBackground(False)  # setWidget has just turned it on

    def resizeEvent(self, event: QResizeEvent) -> None:
        """At this width: at its least one, with all words in many lines, it would be far higher."""
        layout = self._inside.layout()
        if layout is not None:
            self._inside.setMinimumHeight(1 if layout.hasHeightForWidth() else 0)
        super().resizeEvent(event)

    def let_focus(self, name: str) -> "Scroll":
        """Let the arrow keys scroll it, where nothing inside can have the focus.

        The frame that shows the focus then stands beside the first letters, not on them.
        """
        self.setFocusProxy(None)  # type: ignore[arg-type]  # the stubs know no way back
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)
        self.setViewportMargins(8, 4, 4, 4)
        # Else a short tab is wider than a long one, and the row of tabs moves away under the pointer.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        return self


class Whole(ScrollArea):
    """A page that fills the window. Where the window is too low for all of it, it scrolls as a whole.

    Qt would press the parts of the page into each other: at 200 % rows of buttons were cut.
    """

    def __init__(self, page: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._page = page
        self.setWidget(page)
        page.setAutoFillBackground(False)  # setWidget has just turned it on

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another window, another page."""
        super().resizeEvent(event)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Something on the page needs more room, or less."""
        if event.type() == QEvent.Type.LayoutRequest and watched is self._page:
            self._fit()
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        page, room = self._page, self.maximumViewportSize()
        needed = _least_height(page, room.width())
        width = room.width()
        if needed > room.height():
            width -= self.verticalScrollBar().sizeHint().width()
            needed = _least_height(page, width)
        page.resize(QSize(width, max(room.height(), needed)))


def bring_into_view(focused: QWidget, within: QWidget) -> None:
    """Qt scrolls to what Tab leads to, but not to what a letter or the program leads to.

    within: holds it and all that scrolls around it. Asking for one parent after another would meet
    widgets that Qt made itself, and the first of those costs the binding 80 ms.
    """
    for area in reversed(within.findChildren(QScrollArea)):  # the inner ones first
        if not area.isAncestorOf(focused):
            continue
        for part in area.findChildren(QWidget, UNFOLDED):
            if part.isAncestorOf(focused):
                area.ensureWidgetVisible(part, 0, BELOW_PX)
        area.ensureWidgetVisible(focused, 0, BELOW_PX)


def lead_to(wanted: QWidget, *beside: QWidget) -> None:
    """Put the focus there and into view, also where it has the focus already.

    beside: what belongs to it and is to be seen too; what was just shown has no place yet, and with
    large letters all above it may still move.
    """
    wanted.setFocus(Qt.FocusReason.OtherFocusReason)

    def show() -> None:
        for part in (*beside, wanted):
            bring_into_view(part, wanted.window())

    def stay() -> None:
        focused = QApplication.focusWidget()
        if focused is not None and (focused is wanted or wanted.isAncestorOf(focused)):
            show()

    QTimer.singleShot(0, wanted, show)
    QTimer.singleShot(LAID_OUT_MS, wanted, stay)


@contextmanager
def focus_stays() -> Iterator[None]:
    """Whoever is in a field that is there still stays in it, wherever what is done inside leads."""
    focused = QApplication.focusWidget()
    yield
    if focused is not None and focused.isVisible():
        lead_to(focused)


def _least_height(page: QWidget, width: int) -> int:
    layout = page.layout()
    if layout is None:
        return page.minimumSizeHint().height()
    if layout.hasHeightForWidth():
        return layout.totalMinimumHeightForWidth(width)
    return layout.totalMinimumSize().height()
