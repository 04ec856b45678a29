"""What was handed over at a meeting: a tick for each document that its request still lacks."""

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtWidgets import QVBoxLayout, QWidget

from correspondent_desk.domain.requests import DocumentId, DocumentRow
from correspondent_desk.gui.widgets.draft_keeper import KeptField
from correspondent_desk.gui.widgets.layouts import empty
from correspondent_desk.gui.widgets.tick import Tick
from correspondent_desk.messages import labels


class HandedOver(KeptField):
    """The ticks, by document; none is ticked by itself."""

    def __init__(self, after: QWidget, parent: QWidget | None = None) -> None:
        """after: where Tab comes from; a tick that is made later would be its last."""
        super().__init__(parent)
        self._after = after
        self._shown: tuple[DocumentRow, ...] = ()
        self.ticks: dict[DocumentId, Tick] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)

    def show_rows(self, rows: Sequence[DocumentRow]) -> None:
        """Offer these; what was ticked of the same ones stays."""
        if tuple(rows) == self._shown:
            return
        self._shown = tuple(rows)
        before = self.value()
        empty(self._column)
        self.ticks = {row.id: self._tick(row, is_on=row.id in before) for row in rows}
        for made in self.ticks.values():
            self._column.addWidget(made)
        for one, other in pairwise([self._after, *self.ticks.values()]):
            QWidget.setTabOrder(one, other)
        for first in [*self.ticks.values()][:1]:
            self.setFocusProxy(first)

    def value(self) -> list[DocumentId]:
        """What is ticked."""
        return [id_ for id_, made in self.ticks.items() if made.isChecked()]

    def clear(self) -> None:
        """Nothing is."""
        for made in self.ticks.values():
            made.setChecked(False)

    def kept_text(self) -> str:
        """The numbers of what is ticked."""
        return " ".join(str(id_) for id_ in self.value())

    def put_back(self, text: str) -> None:
        """Tick these again, as far as they are still lacking."""
        kept = text.split()
        for id_, made in self.ticks.items():
            made.setChecked(str(id_) in kept)

    def _tick(self, row: DocumentRow, *, is_on: bool) -> Tick:
        made = Tick(labels.document(row.draft))
        made.setChecked(is_on)
        made.toggled.connect(self.edited)
        return made
