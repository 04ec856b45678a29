"""Beside a time: what speaks against it, and the next free ones."""

from collections.abc import Callable, Sequence
from datetime import date
from itertools import pairwise

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from correspondent_desk.domain.planning import FreeSlot, WarningKind
from correspondent_desk.gui.widgets.aloud import read_out
from correspondent_desk.gui.widgets.buttons import Button, button, edge_button
from correspondent_desk.gui.widgets.flow import Flow
from correspondent_desk.gui.widgets.layouts import empty
from correspondent_desk.gui.widgets.picture import Picture
from correspondent_desk.gui.widgets.scroll import lead_to
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.language import _
from correspondent_desk.messages import dates, planning

SLOTS_SHOWN = 4


class Warnings(QFrame):
    """Sentences under the time field; the time may be kept all the same."""

    kept = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "notice")
        self.words = Words("")
        self.keep = button(_("&Keep it anyway"))
        self.keep.clicked.connect(self._keep)
        self.is_kept = True
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(8)
        row.addWidget(Picture("triangle-alert", "soon"), 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(self.words)
        column.addWidget(self.keep, 0, Qt.AlignmentFlag.AlignLeft)
        row.addLayout(column, 1)
        self._shown: list[tuple[WarningKind, str]] = []
        self.hide()

    def show_found(self, found: list[tuple[WarningKind, str]]) -> None:
        """Show these; that a time has passed needs no answer, since past meetings are noted too."""
        if found == self._shown:
            return
        self._shown = found
        said = "\n".join(sentence for _kind, sentence in found)
        self.words.setText(said)
        self.keep.setAccessibleDescription(said)
        self.is_kept = all(kind is WarningKind.IN_THE_PAST for kind, _sentence in found)
        self.keep.setVisible(not self.is_kept)
        self.setVisible(bool(found))
        read_out(self, said)

    def ask(self) -> None:
        """Draw attention to what was not answered yet, with the reasons."""
        lead_to(self.keep, self)
        read_out(self, self.words.text())  # the focus may be there already

    @Slot()
    def _keep(self) -> None:
        self.is_kept = True
        self.keep.hide()
        self.kept.emit()


class FreeSlots(QWidget):
    """The next free times, one button each."""

    chosen = Signal(object)  # FreeSlot

    def __init__(
        self, today: Callable[[], date], after: QWidget, parent: QWidget | None = None
    ) -> None:
        """after: where Tab comes from; a button that is made later would be its last."""
        super().__init__(parent)
        self._today, self._after = today, after
        self.title = Words(_("Next free times"), "small")
        self.buttons: list[Button] = []
        self._holder = QWidget()
        self._flow = Flow(self._holder, 4)
        policy = self._holder.sizePolicy()
        policy.setHeightForWidth(True)
        self._holder.setSizePolicy(policy)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.title)
        column.addWidget(self._holder)
        self._shown: Sequence[FreeSlot] = ()
        self.hide()

    def show_found(self, found: Sequence[FreeSlot], since: date | None = None) -> None:
        """Offer these. since: the day that is typed, from which on they were looked for."""
        title = _("Next free times")
        if since is not None:
            day = dates.plain(since, self._today())
            title = _("Free times from {day} on").format(day=day)
        if (found, title) == (self._shown, self.title.text()):
            return
        self._shown = found
        self.title.setText(title)
        empty(self._flow)
        self.buttons = [self._button(slot) for slot in found[:SLOTS_SHOWN]]
        for made in self.buttons:
            self._flow.addWidget(made)
        for before, after in pairwise([self._after, *self.buttons]):
            QWidget.setTabOrder(before, after)
        self.setVisible(bool(found))

    def _button(self, slot: FreeSlot) -> Button:
        made = edge_button(planning.slot(slot, self._today()))
        made.setAccessibleDescription(self.title.text())
        made.clicked.connect(lambda: self.chosen.emit(slot))
        return made
