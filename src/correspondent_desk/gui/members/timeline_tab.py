"""Everything that took place with one person, as one list."""

from collections.abc import Collection, Sequence
from datetime import date

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, SignalInstance, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from correspondent_desk.domain.members import EntryKind, TimelineEntry
from correspondent_desk.gui.theme import characters, is_tight
from correspondent_desk.gui.widgets.buttons import edge_button, icon_button
from correspondent_desk.gui.widgets.card import EmptyState
from correspondent_desk.gui.widgets.layouts import empty
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.language import _, ngettext
from correspondent_desk.messages import dates
from correspondent_desk.messages.cards import said_in, what_happened

AT_ONCE = 12
A_SCREENFUL = 5
WHEN = 13  # characters of the column of days
A_REST_MS = 100  # longer than between two keys of somebody who goes down a list


class TimelineTab(QWidget):
    """Newest first; what is planned stands at the top."""

    correct_wanted = Signal(int)  # a contact's id
    request_wanted = Signal(int)
    meeting_wanted = Signal(int)
    contact_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: Sequence[TimelineEntry] = ()
        self._today = date.min
        self._confidential: Collection[str] = ()
        self._wanted = 0
        self._is_stacked = False
        self._pause = QTimer(self, interval=A_REST_MS)
        self._pause.timeout.connect(self._add_some)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(2)
        self.more = edge_button("")
        self.more.hide()
        self.more.clicked.connect(self._unfold)
        self.nothing = EmptyState(_("Nothing has taken place yet."), _("Note a contact"))
        self.nothing.action.set_main(is_main=False)  # the card has its own
        self.nothing.acted.connect(self.contact_wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 8)
        column.addWidget(self.nothing)
        column.addLayout(self._lines)
        column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)

    def show_entries(
        self, entries: Sequence[TimelineEntry], today: date, confidential: Collection[str]
    ) -> None:
        """Show these; what was unfolded stays unfolded. confidential: subjects not to be named."""
        self._confidential = confidential
        unfolded = max(self._lines.count(), AT_ONCE)
        self._entries, self._today = entries, today
        empty(self._lines)
        self.nothing.setVisible(not entries)
        self._show_up_to(unfolded)

    @property
    def is_growing(self) -> bool:
        """Whether older lines are still to be added."""
        return self._pause.isActive()

    def lines(self) -> list[str]:
        """What is shown, one text for each line."""
        found = []
        for place in range(self._lines.count()):
            item = self._lines.itemAt(place)
            widget = item.widget() if item else None
            if isinstance(widget, _Line):
                found.append(widget.spoken)
        return found

    @Slot()
    def _unfold(self) -> None:
        self._show_up_to(self._lines.count() + AT_ONCE)

    def _show_up_to(self, number: int) -> None:
        """A screenful at once, the rest bit by bit: a long life must not hold up the keyboard."""
        self._wanted = min(number, len(self._entries))
        self._add_some()
        self._pause.start()

    @Slot()
    def _add_some(self) -> None:
        shown = self._lines.count()
        for entry in self._entries[shown : min(shown + A_SCREENFUL, self._wanted)]:
            self._lines.addWidget(self._line(entry))
        if self._lines.count() >= self._wanted:
            self._pause.stop()
            left = len(self._entries) - self._wanted
            said = ngettext("{n} older line", "{n} older lines", left)
            self.more.setText(said.format(n=left))
            self.more.setVisible(left > 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the room there is."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        if self._is_stacked != is_tight(self):
            self._is_stacked = not self._is_stacked
            for line in self.findChildren(_Line):
                line.stack(stacked=self._is_stacked)

    def _line(self, entry: TimelineEntry) -> "_Line":
        line = _Line(entry, self._today, said_in(entry, self._today, self._confidential))
        line.stack(stacked=self._is_stacked)
        match entry.kind:
            case EntryKind.CONTACT:
                line.offer("pencil", _("Correct this contact"), self.correct_wanted)
            case EntryKind.MEETING:
                line.offer("calendar", _("Open this meeting"), self.meeting_wanted)
            case EntryKind.REQUEST:
                line.offer("clipboard-list", _("Open this request"), self.request_wanted)
            case EntryKind.STEP | EntryKind.DOCUMENT | EntryKind.DECISION:
                pass
        return line


class _Line(QFrame):
    """When, what, and what was said."""

    def __init__(self, entry: TimelineEntry, today: date, said: str) -> None:
        super().__init__()
        self._entry = entry
        self._when = when = Words(dates.distance(entry.at.date(), today), "muted")
        when.setToolTip(dates.moment_plain(entry.at))
        self._fit()
        what = Words(what_happened(entry), "strong")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 4, 0, 4)
        self._row.setSpacing(8)
        self._both = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._both.addWidget(when, 0, Qt.AlignmentFlag.AlignTop)
        text = QVBoxLayout()
        text.setSpacing(0)
        text.addWidget(what)
        if said:
            text.addWidget(Words(said).let_select())
        self._both.addLayout(text, 1)
        self._row.addLayout(self._both, 1)
        parts = (when.text(), what.text(), said)
        self.spoken = ", ".join(part for part in parts if part)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        self._when.setFixedWidth(characters(self.font(), WHEN))

    def stack(self, *, stacked: bool) -> None:
        """When above what, instead of before it."""
        side = QBoxLayout.Direction
        self._both.setDirection(side.TopToBottom if stacked else side.LeftToRight)

    def offer(self, picture: str, name: str, wanted: SignalInstance) -> None:
        """A way from this line to what it is about."""
        offered = icon_button(picture, name)
        offered.setAccessibleName(_("{action}: {line}").format(action=name, line=self.spoken))
        offered.clicked.connect(lambda: wanted.emit(self._entry.id))
        self._row.addWidget(offered, 0, Qt.AlignmentFlag.AlignTop)
