"""The other desks of the office, and the files that are under way."""

from datetime import date

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from correspondent_desk.gui.exchange import words
from correspondent_desk.gui.widgets.card import Card, SectionHeader
from correspondent_desk.gui.widgets.layouts import empty
from correspondent_desk.gui.widgets.tag import Tag, Tone
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.language import _
from correspondent_desk.sync.exchange import ExchangeStatus


class TrailCard(Card):
    """Handed over is not the same as received: both are said."""

    def __init__(self) -> None:
        super().__init__(_("Desks and files"))
        self._desks, self._files = QVBoxLayout(), QVBoxLayout()
        for title, lines in (
            (_("The other desks of the office"), self._desks),
            (_("Files under way"), self._files),
        ):
            lines.setSpacing(4)
            self.body.addWidget(SectionHeader(title))
            self.body.addLayout(lines)

    def show_status(self, status: ExchangeStatus, today: date) -> None:
        """Show what is known of them."""
        empty(self._desks)
        empty(self._files)
        for desk in status.desks:
            self._desks.addWidget(Words(words.desk_seen(desk, today)))
        if not status.desks:
            self._desks.addWidget(Words(_("Nothing of another desk has come yet."), "muted"))
        for sent in status.handed_over:
            is_late = words.is_late(sent, today)
            self._files.addWidget(
                _line(
                    words.handed_over(sent, today),
                    _("perhaps lost: prepare another") if is_late else "",
                    Tone.SOON,
                )
            )
        for came in status.waiting:
            self._files.addWidget(_line(words.waits(came, today), _("waits"), Tone.PLAIN))
        if not (status.handed_over or status.waiting):
            self._files.addWidget(Words(_("None: all that was sent has arrived."), "muted"))


def _line(told: str, tag: str, tone: Tone) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    row.addWidget(Words(told), 1)
    row.addWidget(Tag(tag, tone))
    return holder
