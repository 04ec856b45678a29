"""The requests of one person."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from correspondent_desk.domain.requests import RequestRow, RequestStatus
from correspondent_desk.gui.requests.words import row_reason
from correspondent_desk.gui.widgets.buttons import button, edge_button
from correspondent_desk.gui.widgets.card import EmptyState
from correspondent_desk.gui.widgets.flow import flow_of
from correspondent_desk.gui.widgets.layouts import empty
from correspondent_desk.gui.widgets.tag import Tag, Tone
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.widgets.turning import Ends
from correspondent_desk.language import _
from correspondent_desk.messages import labels


class RequestsTab(QWidget):
    """The open ones first; each leads to its own card."""

    request_wanted = Signal(int)
    new_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.new = button(_("New request"), "plus")
        self.new.clicked.connect(self.new_wanted)
        self.nothing = EmptyState(_("There is no request of this person."))
        self._lines = QVBoxLayout()
        self._lines.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 8)
        column.addWidget(flow_of(self.new))
        column.addWidget(self.nothing)
        column.addLayout(self._lines)
        column.addStretch(1)

    def show_requests(self, rows: Sequence[RequestRow], today: date) -> None:
        """Show these."""
        empty(self._lines)
        self.nothing.setVisible(not rows)
        for row in rows:
            self._lines.addWidget(self._line(row, today))

    def _line(self, row: RequestRow, today: date) -> QWidget:
        line = QFrame()
        column = QVBoxLayout(line)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        subject = labels.subject(row.subject, is_sensitive=row.is_sensitive)
        lead = edge_button(subject, "clipboard-list")
        lead.setAccessibleName(_("Open the request: {subject}").format(subject=subject))
        lead.clicked.connect(lambda: self.request_wanted.emit(row.id))
        tone = Tone.DONE if row.status is RequestStatus.CLOSED else Tone.PLAIN
        column.addWidget(Ends(flow_of(lead), Tag(labels.request_status(row.status), tone)))
        reason = Words(row_reason(row, today), "muted")
        reason.setVisible(bool(reason.text()))
        column.addWidget(reason)
        return line
