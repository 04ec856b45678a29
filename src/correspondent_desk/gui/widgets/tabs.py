"""Tabs that are as high as what they show, so that the page around them scrolls as one."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QTabBar, QVBoxLayout, QWidget


class Tabs(QWidget):
    """A bar of words and below it the page of one of them."""

    changed = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """name: what the tabs are parts of, for screen readers."""
        super().__init__(parent)
        self.bar = QTabBar()
        self.bar.setAccessibleName(name)
        self.bar.setDrawBase(False)
        self.bar.setExpanding(False)
        self.bar.setUsesScrollButtons(True)
        self.pages: list[QWidget] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.bar)
        self.bar.currentChanged.connect(self._show)

    def add(self, page: QWidget, name: str) -> None:
        """A tab at the end."""
        self.pages.append(page)
        page.setVisible(len(self.pages) == 1)
        self._column.addWidget(page)
        self.bar.addTab(name)

    def current(self) -> QWidget:
        """The page in view."""
        return self.pages[self.bar.currentIndex()]

    def go_to(self, page: QWidget) -> None:
        """Show page."""
        self.bar.setCurrentIndex(self.pages.index(page))

    @Slot(int)
    def _show(self, place: int) -> None:
        for number, page in enumerate(self.pages):
            page.setVisible(number == place)
        self.changed.emit(place)
