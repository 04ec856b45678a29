"""The checklist in a form: what the catalogue proposes, and what is written by hand."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import pairwise
from typing import Any

import msgspec
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from correspondent_desk import decoding
from correspondent_desk.domain.requests import DocumentDraft, DocumentState
from correspondent_desk.gui.widgets.buttons import Button, button, edge_button, icon_button
from correspondent_desk.gui.widgets.draft_keeper import KeptField
from correspondent_desk.gui.widgets.line_edit import LineEdit
from correspondent_desk.gui.widgets.picture import Picture
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.language import _
from correspondent_desk.messages import labels

_HANDED_OVER = (DocumentState.SEEN, DocumentState.RECEIVED)


class DocumentsField(KeptField):
    """What is handed over with a new request is marked at once; later that is done on the card."""

    def __init__(
        self, today: Callable[[], date], after: QWidget, parent: QWidget | None = None
    ) -> None:
        """after: where Tab comes from; a line that is made later would be its last."""
        super().__init__(parent)
        self._today, self._after = today, after
        self.may_mark = False  # whether the documents set from now on are those of a new request
        self.rows: list[_Row] = []
        self._seen: Sequence[DocumentDraft] = ()  # the checklist as the form was opened with it
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

    def show_documents(self, drafts: Sequence[DocumentDraft]) -> None:
        """Show these, the checklist as it is now."""
        self._seen = drafts
        self._set(drafts)

    def _set(self, drafts: Sequence[DocumentDraft]) -> None:
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
        self._set([*(one for one in drafts if one.code not in codes), *kept])
        self.edited.emit()

    def kept_text(self) -> str:
        """All of the documents, with the lines that were there."""
        here = [msgspec.to_builtins(one) for one in self.documents()]
        return json.dumps({"here": here, "seen": [one.line for one in self._seen]})

    def put_back(self, text: str) -> None:
        """Show them again, each as it stands now: what was added and taken away, on what is there."""
        kept = json.loads(text)
        if isinstance(kept, list):  # of an earlier version
            kept = {"here": kept, "seen": []}
        here = [_kept(one) for one in kept["here"]]
        if self.may_mark:
            self._set(here)
            return
        seen = {(code, label) for code, label in kept["seen"]}
        known = seen | {one.line for one in self._seen}
        taken = seen - {one.line for one in here}
        new = (one for one in here if one.line not in known)
        added = [DocumentDraft(code=one.code, label=one.label) for one in new]
        self._set([*(one for one in self._seen if one.line not in taken), *added])

    def _append(self, draft: DocumentDraft) -> "_Row":
        row = _Row(draft, len(self.rows) + 1, self._today if self.may_mark else None)
        row.edited.connect(self.edited)
        row.removed.connect(self._remove)
        self._lines.addWidget(row)
        last = self.rows[-1].remove if self.rows else self._after
        for before, after in pairwise([last, *row.stops()]):
            QWidget.setTabOrder(before, after)
        self.rows.append(row)
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

    def __init__(self, draft: DocumentDraft, number: int, today: Callable[[], date] | None) -> None:
        """today: where one may mark what is handed over, as of which day."""
        super().__init__()
        self._draft, self._today = draft, today
        self._number = number
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
            self.line.textEdited.connect(self._name_marks)
            self.setFocusProxy(self.line)
            row.addWidget(self.line, 1)
        self.marks = {state: _answer(labels.document_state(state)) for state in _HANDED_OVER}
        for state, mark in self.marks.items():
            mark.setChecked(state is draft.state)
            mark.clicked.connect(partial(self._mark, state))
            row.addWidget(mark)
            mark.setVisible(today is not None)  # before, it would be a window of its own
        self._name_marks()
        self.remove = icon_button("x", _("Remove document {n}").format(n=number))
        self.remove.setAccessibleDescription(name)
        self.remove.clicked.connect(lambda: self.removed.emit(self))
        row.addWidget(self.remove)

    def stops(self) -> list[QWidget]:
        """Where Tab goes in the line, in the order of reading."""
        return [*filter(None, (self.line,)), *self.marks.values(), self.remove]

    def value(self) -> DocumentDraft:
        """The document, with the name that stands there and what was marked."""
        draft = self._draft
        if self.line is not None:
            draft = replace(draft, label=self.line.text().strip())
        if self._today is None:
            return draft
        marked = next((state for state, mark in self.marks.items() if mark.isChecked()), None)
        stood = draft.state if draft.state in self.marks else None
        if marked is stood and (marked is None or draft.seen_on):
            return draft  # on whatever day it was marked
        if marked is None:
            return replace(draft, state=DocumentState.MISSING, seen_on=None)
        return replace(draft, state=marked, seen_on=self._today(), refused_because="")

    def _mark(self, state: DocumentState) -> None:
        """Only one of them, or none again."""
        for other, mark in self.marks.items():
            mark.setChecked(other is state and mark.isChecked())
        self.edited.emit()

    @Slot()
    def _name_marks(self) -> None:
        typed = self.line.text().strip() if self.line else labels.document(self._draft)
        name = typed or _("Document {n}").format(n=self._number)
        for state, mark in self.marks.items():
            word = labels.document_state(state)
            mark.setAccessibleName(_("{document}: {answer}").format(document=name, answer=word))


def _kept(one: Mapping[str, Any] | Sequence[str]) -> DocumentDraft:
    """A document as it was kept; earlier versions kept code and name only, or its mark besides."""
    if isinstance(one, Mapping):
        kept = decoding.convert({**one, "state": DocumentState.MISSING.value}, DocumentDraft)
        return replace(kept, state=DocumentState.read(one["state"]))
    code, label, state = (*one, DocumentState.MISSING.value)[:3]
    return DocumentDraft(code=code, label=label, state=DocumentState.read(state))


def _answer(word: str) -> Button:
    made = button(word)
    made.setCheckable(True)
    return made
