"""The other desks of the office, the files under way, and those that came: each may be taken back."""

from collections.abc import Callable
from datetime import date
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from correspondent_desk.errors import DeskError
from correspondent_desk.gui.exchange import words
from correspondent_desk.gui.widgets.buttons import button
from correspondent_desk.gui.widgets.card import Card, SectionHeader
from correspondent_desk.gui.widgets.layouts import empty
from correspondent_desk.gui.widgets.tag import Tag, Tone
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _
from correspondent_desk.messages.errors import sentence
from correspondent_desk.store.changes import Changed
from correspondent_desk.store.database import Database
from correspondent_desk.sync import exchange
from correspondent_desk.sync.exchange import ExchangeStatus, TakenIn


class TrailCard(Card):
    """Handed over is not the same as received: both are said."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(_("Desks and files"))
        self._workspace = workspace
        self._desks, self._files, self._came = QVBoxLayout(), QVBoxLayout(), QVBoxLayout()
        self._came_title = SectionHeader(_("Exchanges that came"))
        self.problem = Words("", "problem")
        for title, lines in (
            (SectionHeader(_("The other desks of the office")), self._desks),
            (SectionHeader(_("Files under way")), self._files),
            (self._came_title, self._came),
        ):
            lines.setSpacing(4)
            self.body.addWidget(title)
            self.body.addLayout(lines)
        self.body.addWidget(self.problem)
        self.problem.hide()

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
            none = (
                _("None: all that was sent has arrived.") if status.is_welcomed else _("None yet.")
            )
            self._files.addWidget(Words(none, "muted"))
        self._show_came(status, today)

    def _show_came(self, status: ExchangeStatus, today: date) -> None:
        empty(self._came)
        self._came_title.setVisible(bool(status.taken_in))
        for came in status.taken_in:
            told = words.came(came, today)
            if came.is_undone:
                self._came.addWidget(_line(told, _("taken back"), Tone.PLAIN))
            else:
                self._came.addWidget(_taking_back(told, partial(self._take_back, came)))

    def _take_back(self, came: TakenIn) -> None:
        def work(db: Database) -> tuple[None, Changed]:
            return None, exchange.take_back(db, came.bundle).changed

        self.problem.hide()
        self._workspace.lend(work, failed=self._refused)

    def _refused(self, error: DeskError) -> None:
        self.problem.tell(f"! {sentence(error)}")


def _taking_back(told: str, take_back: Callable[[], object]) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    made = button(_("Take back"), "undo-2")
    made.setAccessibleName(_("Take back: {exchange}").format(exchange=told))
    made.clicked.connect(take_back)
    row.addWidget(Words(told), 1)
    row.addWidget(made)
    return holder


def _line(told: str, tag: str, tone: Tone) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    row.addWidget(Words(told), 1)
    row.addWidget(Tag(tag, tone))
    return holder
