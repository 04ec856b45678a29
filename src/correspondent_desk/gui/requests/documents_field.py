"""The checklist in a form: what the catalogue proposes, and what is written by hand."""

import json
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from correspondent_desk.domain.requests import DocumentDraft
from correspondent_desk.gui.widgets.buttons import edge_button, icon_button
from correspondent_desk.gui.widgets.draft_keeper import KeptField
from correspondent_desk.gui.widgets.line_edit import LineEdit
from correspondent_desk.gui.widgets.picture import Picture
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.language import _
from correspondent_desk.messages import labels


class DocumentsField(KeptField):
    """How each stands is not changed here."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: list[_Row] = []
        self._lines = QVBoxLayout()
        self._lines.setSpacing(4)
        self.add = edge_button(_("Another document"), "plus")
        self.add.clicked.connect(self._add_by_hand)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(self._lines)
        column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:  # noqa: N802
        """On the button for one more. With a focus proxy Tab would pass over the lines."""
        self.add.setFocus(reason)

    def documents(self) -> list[DocumentDraft]:
        """Those that have a name."""
        return [draft for row in self.rows if (draft := row.value()).label or draft.code]

    def set_documents(self, drafts: Sequence[DocumentDraft]) -> None:
        """Show these."""
        for row in self.rows:
            row.hide()
            row.deleteLater()
        self.rows = []
        for draft in drafts:
            self._append(draft)

    def propose(self, drafts: Sequence[DocumentDraft]) -> None:
        """What another benefit needs, beside what was written by hand or answered already."""
        kept = [one for one in self.documents() if not one.code or one.seen_on]
        codes = {one.code for one in kept if one.code}
        self.set_documents([*(one for one in drafts if one.code not in codes), *kept])
        self.edited.emit()

    def kept_text(self) -> str:
        """Codes and names; how they stand is in the store."""
        return json.dumps([[one.code, one.label] for one in self.documents()])

    def put_back(self, text: str) -> None:
        """Show them again, each as it stood."""
        stood = {(one.code, one.label): one for one in self.documents()}
        self.set_documents(
            [
                stood.get((code, label), DocumentDraft(code=code, label=label))
                for code, label in json.loads(text)
            ]
        )

    def _append(self, draft: DocumentDraft) -> "_Row":
        row = _Row(draft, len(self.rows) + 1)
        row.edited.connect(self.edited)
        row.removed.connect(self._remove)
        self.rows.append(row)
        self._lines.addWidget(row)
        return row

    def _add_by_hand(self) -> None:
        self._append(DocumentDraft()).setFocus(Qt.FocusReason.OtherFocusReason)

    def _remove(self, row: "_Row") -> None:
        self.rows.remove(row)
        row.hide()
        row.deleteLater()
        self.add.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edited.emit()


class _Row(QWidget):
    """A document of the catalogue says its name; that of one written by hand is typed."""

    edited = Signal()
    removed = Signal(object)

    def __init__(self, draft: DocumentDraft, number: int) -> None:
        super().__init__()
        self._draft = draft
        name = labels.document(draft)
        self.line: LineEdit | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        if draft.code:
            row.addWidget(Picture("file-text", "muted"))
            row.addWidget(Words(name), 1)
        else:
            self.line = LineEdit(_("name of the document"))
            self.line.setAccessibleName(_("Document {n}").format(n=number))
            self.line.setText(name)
            self.line.textEdited.connect(self.edited)
            self.setFocusProxy(self.line)
            row.addWidget(self.line, 1)
        self.remove = icon_button("x", _("Remove document {n}").format(n=number))
        self.remove.setAccessibleDescription(name)
        self.remove.clicked.connect(lambda: self.removed.emit(self))
        row.addWidget(self.remove)

    def value(self) -> DocumentDraft:
        """The document, with the name that stands there."""
        if self.line is None:
            return self._draft
        return replace(self._draft, label=self.line.text().strip())
