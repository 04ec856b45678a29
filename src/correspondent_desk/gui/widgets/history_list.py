"""The history of a record: who, when, before and after, field by field, in words."""

from collections.abc import Mapping, Sequence
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.fields import Kind
from correspondent_desk.gui.widgets.buttons import quiet_button
from correspondent_desk.gui.widgets.layouts import empty
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.language import _, ngettext
from correspondent_desk.messages import dates, steps, values
from correspondent_desk.messages.fields import field_name
from correspondent_desk.store.changes import HistoryRow

AT_ONCE = 30


class HistoryList(QWidget):
    """Newest first; the oldest are shown when asked for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: Sequence[HistoryRow] = ()
        self._names: Mapping[int, str] = {}
        self._today = date.min
        self._lines = QVBoxLayout()
        self._lines.setSpacing(12)
        self.more = quiet_button("")
        self.more.clicked.connect(self._show_more)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 8)
        column.addLayout(self._lines)
        column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)

    def show_rows(self, rows: Sequence[HistoryRow], names: Mapping[int, str], today: date) -> None:
        """names: of the records that references lead to."""
        self._rows, self._names, self._today = rows, names, today
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
        for sentence in changes_in_words(row, self._names):
            column.addWidget(Words(sentence).let_select())
        return holder

    def _headline(self, row: HistoryRow) -> str:
        at = dates.moment(row.action.at.astimezone().replace(tzinfo=None), self._today)
        what = _action_name(row.action.code)
        person = row.action.person or _("name unknown")
        if row.action.is_mine:
            return _("{when} · {person} · {what}").format(when=at, person=person, what=what)
        return _("{when} · {person}, at another desk · {what}").format(
            when=at, person=person, what=what
        )


def _action_name(code: str) -> str:
    known = {action.value for action in Action}
    return steps.action(Action(code)) if code in known else steps.step_name(code)


def changes_in_words(row: HistoryRow, names: Mapping[int, str]) -> list[str]:
    """One sentence for each field that was changed; what stayed empty is not told."""
    told = []
    for change in row.changes:
        before = _value(row.kind, change.field, change.before or {}, names)
        after = _value(row.kind, change.field, change.after, names)
        says_nothing = row.is_creation and not any(change.after.values())
        if before == after or says_nothing:
            continue
        name = _of_whom(row.kind, change.field)
        if not before:
            told.append(_("{field}: {after}").format(field=name, after=after))
        else:
            told.append(
                _("{field}: {before} → {after}").format(
                    field=name, before=before, after=after or _("(empty)")
                )
            )
    return told


def _value(kind: Kind, field: str, columns: Mapping[str, object], names: Mapping[int, str]) -> str:
    return values.in_words(kind, field, columns, lambda id_: names.get(id_, ""))


def _of_whom(kind: Kind, field: str) -> str:
    name = field_name(kind, field)
    return name[:1].upper() + name[1:]
