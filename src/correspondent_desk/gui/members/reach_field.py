"""Several phones or mail addresses: each with a label, and whether it may be used."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from correspondent_desk.gui.theme import characters
from correspondent_desk.gui.widgets.buttons import edge_button, icon_button
from correspondent_desk.gui.widgets.draft_keeper import KeptField
from correspondent_desk.gui.widgets.flow import flow_of
from correspondent_desk.gui.widgets.line_edit import LineEdit
from correspondent_desk.language import _

LABEL = 16  # characters of the field for one


@dataclass(frozen=True, slots=True)
class Reached:
    """One line: a number or an address as typed."""

    what: str = ""
    label: str = ""
    do_not_use: bool = False


class ReachField(KeptField):
    """A list that always has a line to type in."""

    def __init__(self, name: str, example: str, add: str, parent: QWidget | None = None) -> None:
        """name: what one line is, "Phone"; add: the words of the button for one more."""
        super().__init__(parent)
        self._name, self._example = name, example
        self.rows: list[_Row] = []
        self._lines = QVBoxLayout()
        self._lines.setSpacing(4)
        self.add = edge_button(add, "plus")
        self.add.clicked.connect(self._add_by_hand)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(self._lines)
        column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        self.set_lines(())

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:  # noqa: N802
        """On the first line. With a focus proxy Tab would pass over what stands around it."""
        self.rows[0].what.setFocus(reason)

    def lines(self) -> list[Reached]:
        """Those in which something stands."""
        return [row.value() for row in self.rows if row.what.text().strip()]

    def set_lines(self, lines: Sequence[Reached]) -> None:
        """Show these, or one empty line."""
        wanted = lines or (Reached(),)
        for row in self.rows[len(wanted) :]:
            row.hide()
            row.deleteLater()
        del self.rows[len(wanted) :]
        # Rows stay where they can: a new one is the last that Tab comes to, unless it is told.
        for row, line in zip(self.rows, wanted, strict=False):
            row.show_line(line)
        for line in wanted[len(self.rows) :]:
            self._append(line)
        self._offer_to_remove()

    def setAccessibleDescription(self, text: str) -> None:  # noqa: N802 - Qt's name
        """What is wrong is read out where one types."""
        self.rows[0].what.setAccessibleDescription(text)

    def kept_text(self) -> str:
        """All lines."""
        return json.dumps([[one.what, one.label, one.do_not_use] for one in self.lines()])

    def put_back(self, text: str) -> None:
        """Show them again."""
        self.set_lines([Reached(*line) for line in json.loads(text)])

    def _append(self, line: Reached) -> "_Row":
        row = _Row(self._name, self._example, len(self.rows) + 1, line)
        row.edited.connect(self.edited)
        row.removed.connect(self._remove)
        self._lines.addWidget(row)
        if self.rows:
            stops = (self.rows[-1].remove, row.what, row.label, row.barred, row.remove)
            for before, after in pairwise(stops):
                QWidget.setTabOrder(before, after)
        self.rows.append(row)
        return row

    def _add_by_hand(self) -> None:
        made = self._append(Reached())
        self._offer_to_remove()
        made.what.setFocus(Qt.FocusReason.OtherFocusReason)

    def _offer_to_remove(self) -> None:
        """The only line is emptied like any field."""
        for row in self.rows:
            row.remove.setVisible(len(self.rows) > 1)

    def _remove(self, row: "_Row") -> None:
        place = self.rows.index(row)
        left = [other.value() for other in self.rows if other is not row]
        self.set_lines(left)
        self.rows[min(place, len(self.rows) - 1)].what.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edited.emit()


class _Row(QWidget):
    edited = Signal()
    removed = Signal(object)

    def __init__(self, name: str, example: str, number: int, line: Reached) -> None:
        super().__init__()
        said = {"name": name, "n": number}
        self.what, self.label = LineEdit(example), LineEdit(_("home, morning…"))
        self.what.setAccessibleName(_("{name} {n}").format(**said))
        self.label.setAccessibleName(_("Label of {name} {n}").format(**said))
        self.barred = QCheckBox(_("do not use"))
        self.barred.setAccessibleName(_("Do not use {name} {n}").format(**said))
        self.remove = icon_button("x", _("Remove {name} {n}").format(**said))
        self.show_line(line)
        self.what.textEdited.connect(self.edited)
        self.label.textEdited.connect(self.edited)
        self.barred.toggled.connect(self.edited)
        self.remove.clicked.connect(lambda: self.removed.emit(self))
        self._least = max(17, len(example) + 3)
        self._fit()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(flow_of(self.what, self.label, self.barred), 1)
        row.addWidget(
            self.remove, 0, Qt.AlignmentFlag.AlignTop
        )  # however many lines the rest takes

    def changeEvent(self, event: QEvent) -> None:
        """Follow the font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def show_line(self, line: Reached) -> None:
        """Show this one; nobody is told of it."""
        self.what.setText(line.what)
        self.label.setText(line.label)
        with QSignalBlocker(self.barred):
            self.barred.setChecked(line.do_not_use)

    def value(self) -> Reached:
        """What stands in the line."""
        return Reached(self.what.text().strip(), self.label.text().strip(), self.barred.isChecked())

    def _fit(self) -> None:
        self.what.setMinimumWidth(characters(self.font(), self._least))
        self.label.setFixedWidth(characters(self.font(), LABEL))
