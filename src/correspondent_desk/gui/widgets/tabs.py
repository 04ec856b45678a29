"""Words that each show one part; as high as what they show, so that the page scrolls as one."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from correspondent_desk.gui.widgets.buttons import Button, filter_button
from correspondent_desk.gui.widgets.flow import Flow


class Tabs(QWidget):
    """The words go on in a second line where there is little room; arrows go from one to the next."""

    changed = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """name: what the tabs are parts of, for screen readers."""
        super().__init__(parent)
        self.pages: list[QWidget] = []
        self.words: list[Button] = []
        self._group = QButtonGroup(self)
        self._group.idToggled.connect(self._show)
        self.bar = QWidget()
        self.bar.setAccessibleName(name)
        self._words = Flow(self.bar, 4)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.bar)

    def add(self, page: QWidget, name: str) -> None:
        """A tab at the end."""
        word = filter_button(name)
        word.setProperty("role", "tab")
        self._group.addButton(word, len(self.pages))
        self._words.addWidget(word)
        self._column.addWidget(page)  # before it is shown: else it is a window and takes the focus
        page.setVisible(not self.pages)
        self.pages.append(page)
        self.words.append(word)
        word.setChecked(len(self.pages) == 1)

    def current(self) -> QWidget:
        """The page in view."""
        return self.pages[max(self._group.checkedId(), 0)]

    def go_to(self, page: QWidget) -> None:
        """Show page."""
        self.words[self.pages.index(page)].setChecked(True)

    @Slot(int, bool)
    def _show(self, place: int, is_chosen: bool) -> None:
        self.pages[place].setVisible(is_chosen)
        if is_chosen:
            self.changed.emit(place)
