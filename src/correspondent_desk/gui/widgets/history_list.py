"""The history of a record: who, when, before and after, field by field, in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from correspondent_desk.domain.fields import Kind
from correspondent_desk.gui.widgets.buttons import edge_button
from correspondent_desk.gui.widgets.layouts import empty
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.language import _, ngettext
from correspondent_desk.messages import dates
from correspondent_desk.messages.history import (
    changes_in_words,
    deeds,
    referred,
    which,
    which_ones,
)
from correspondent_desk.store import journal
from correspondent_desk.store.changes import HistoryRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

AT_ONCE = 30
_SAID_ABOVE = ("member_id", "person")  # of what is new: on whose card one is, who wrote it
_SAID_OF_DOCUMENTS = ("request_id", "code", "label")  # on which card one is, and what it is called


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """The history of some records, newest first, and the names of those they refer to.

    deeds: what each step did, by its id. which: which contact, meeting, document, relative or site
    was changed, by its id.
    """

    rows: tuple[HistoryRow, ...]
    names: Mapping[int, str]
    deeds: Mapping[int, str]
    which: Mapping[int, str]


def read_past(session: "Session", records: Iterable[int]) -> Past:
    """Who changed these records, when, and what."""
    found = journal.history_of(session, *records)
    found.sort(key=lambda row: row.action.at, reverse=True)
    changed = {row.record for row in found if not row.is_creation or row.kind is Kind.DOCUMENT}
    return Past(
        rows=tuple(found),
        names=referred(session, found),
        deeds=deeds(found),
        which=which_ones(session, changed),
    )


class HistoryList(QWidget):
    """Newest first; the oldest are shown when asked for."""

    def __init__(self, foot: str = "", parent: QWidget | None = None) -> None:
        """foot: where the rest is told, if anything is told elsewhere."""
        super().__init__(parent)
        self._rows: Sequence[HistoryRow] = ()
        self._deeds: Mapping[int, str] = {}
        self._which: Mapping[int, str] = {}
        self._names: Mapping[int, str] = {}
        self._today = date.min
        self._lines = QVBoxLayout()
        self._lines.setSpacing(12)
        self.more = edge_button("")
        self.more.hide()
        self.more.clicked.connect(self._show_more)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 8)
        column.addLayout(self._lines)
        column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        if foot:
            column.addWidget(Words(foot, "small"))
        column.addStretch(1)

    def show_past(self, past: Past, today: date) -> None:
        """Show this."""
        self._rows, self._names, self._today = past.rows, past.names, today
        self._deeds, self._which = past.deeds, past.which
        empty(self._lines)
        self._show_more()

    def texts(self) -> list[str]:
        """All that is shown, one text for each save."""
        found = []
        for place in range(self._lines.count()):
            item = self._lines.itemAt(place)
            widget = item.widget() if item else None
            if widget:
                found.append("\n".join(label.text() for label in widget.findChildren(Words)))
        return found

    def _show_more(self) -> None:
        shown = self._lines.count()
        for row in self._rows[shown : shown + AT_ONCE]:
            self._lines.addWidget(self._line(row))
        left = len(self._rows) - self._lines.count()
        self.more.setText(ngettext("{n} older change", "{n} older changes", left).format(n=left))
        self.more.setVisible(left > 0)

    def _line(self, row: HistoryRow) -> QWidget:
        holder = QFrame()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(Words(self._headline(row), "muted"))
        for sentence in sentences(row, self._names):
            column.addWidget(Words(sentence).let_select())
        return holder

    def _headline(self, row: HistoryRow) -> str:
        at = dates.moment(row.action.at.astimezone().replace(tzinfo=None), self._today)
        what = self._deeds[row.action.id]
        known = self._which.get(row.record, "")
        about = known if row.kind is Kind.DOCUMENT else which(row, known)
        if about:
            what = _("{what} ({which})").format(what=what, which=about)
        person = row.action.person or _("name unknown")
        if row.action.is_mine:
            return _("{when} · {person} · {what}").format(when=at, person=person, what=what)
        return _("{when} · {person}, at another desk · {what}").format(
            when=at, person=person, what=what
        )


def sentences(row: HistoryRow, names: Mapping[int, str]) -> list[str]:
    """One sentence for each field that was changed; what stayed empty is not told."""
    above = _SAID_OF_DOCUMENTS if row.kind is Kind.DOCUMENT else _SAID_ABOVE
    telling = tuple(
        change
        for change in row.changes
        if not row.is_creation or (any(change.after.values()) and change.field not in above)
    )
    told = changes_in_words(replace(row, changes=telling), lambda id_: names.get(id_, ""))
    return [sentence[:1].upper() + sentence[1:] for sentence in told]
