"""The documents of a request: each answered by one key, or by its buttons."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from correspondent_desk.domain.requests import (
    DocumentDraft,
    DocumentRow,
    DocumentState,
    RequestCard,
    RequestId,
)
from correspondent_desk.gui.keys import document_keys
from correspondent_desk.gui.widgets.aloud import read_out
from correspondent_desk.gui.widgets.buttons import Button, filter_button, main_button, quiet_button
from correspondent_desk.gui.widgets.draft_keeper import DraftKeeper
from correspondent_desk.gui.widgets.flow import flow_of
from correspondent_desk.gui.widgets.layouts import empty
from correspondent_desk.gui.widgets.line_edit import LineEdit
from correspondent_desk.gui.widgets.save_once import SaveOnce
from correspondent_desk.gui.widgets.scroll import lead_to
from correspondent_desk.gui.widgets.tag import Tag, Tone
from correspondent_desk.gui.widgets.text import Words, restyle
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _
from correspondent_desk.messages import dates, labels
from correspondent_desk.messages.problems import of_line

_TONES = {
    DocumentState.MISSING: Tone.SOON,
    DocumentState.SEEN: Tone.DONE,
    DocumentState.RECEIVED: Tone.DONE,
    DocumentState.REFUSED: Tone.LATE,
}


class Documents(QWidget):
    """Arrows go from document to document; a letter answers."""

    marked = Signal(int, object, str)  # a document's id, DocumentState, why it was refused
    added = Signal(str)  # the name of one more
    removed = Signal(int)

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._request: RequestId | None = None
        self.lines: list[DocumentLine] = []
        self.title = Words("", "section")
        self.how = Words("", "small")
        self._column = QVBoxLayout()
        self._column.setSpacing(4)
        self.other = LineEdit(_("another document"))
        self.other.setAccessibleName(_("Name of another document"))
        self.other.returnPressed.connect(self._add)
        self.add = quiet_button(_("Add"), "plus")
        self.add.setAccessibleName(_("Add the document"))
        self.add.clicked.connect(self._add)
        self.once = SaveOnce(workspace, self, self.add)
        self.problem = Words("", "problem")
        self.problem.hide()
        more = QHBoxLayout()
        more.addWidget(self.other, 1)
        more.addWidget(self.add)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.title)
        column.addWidget(self.how)
        column.addLayout(self._column)
        column.addLayout(more)
        column.addWidget(self.problem)
        self.keeper = DraftKeeper(workspace.drafts, "document", {"other": self.other}, self)
        self.once.asking.connect(self.keeper.hand_over)
        workspace.closing.connect(self.keeper.keep_now)

    def show_card(self, card: RequestCard, today: date) -> None:
        """Show the checklist of this request; the focus and what is typed stay."""
        if card.id != self._request:
            self.keeper.keep_now()
            self._request = card.id
            self.other.clear()
            _say_wrong("", self.other, self.problem)
            self.keeper.begin(_key(card.id))
            self.keeper.restore()
        if [line.row for line in self.lines] != list(card.documents):
            self._show_rows(card.documents, today)

    def keep_typing(self) -> None:
        """Keep what is being typed."""
        self.keeper.keep_now()
        for line in self.lines:
            line.keep_typing()

    def _show_rows(self, rows: Sequence[DocumentRow], today: date) -> None:
        self.keep_typing()
        asking = {line.row.id for line in self.lines if not line.asking.isHidden()}
        focused = next((line.row.id for line in self.lines if line.holds_focus()), None)
        empty(self._column)
        self.lines = []
        for row in rows:
            line = DocumentLine(self._workspace, row, today)
            line.marked.connect(self.marked)
            line.removed.connect(self.removed)
            line.stepped.connect(self._go)
            self.lines.append(line)
            self._column.addWidget(line)
            line.show()  # at once: what is not shown yet cannot take the focus
            if row.id == focused:
                line.setFocus(Qt.FocusReason.OtherFocusReason)
            if row.id in asking and row.draft.state is not DocumentState.REFUSED:
                line.ask_why()
        left = [row for row in rows if not _is_there(row.draft)]
        self.title.setText(_("Documents") if left or not rows else _("Documents: all are there"))
        answers = ", ".join(
            _("{key} {answer}").format(key=key, answer=labels.document_state(state))
            for key, state in document_keys().items()
        )
        self.how.setText(_("On a line, one key answers: {answers}.").format(answers=answers))
        self.how.setVisible(bool(rows))

    def take_focus(self) -> None:
        """The first document that is not there yet."""
        waiting = [line for line in self.lines if not _is_there(line.row.draft)]
        for line in (waiting or self.lines)[:1]:
            line.setFocus(Qt.FocusReason.OtherFocusReason)

    def _go(self, line: "DocumentLine", by: int) -> None:
        place = self.lines.index(line) + by
        if 0 <= place < len(self.lines):
            self.lines[place].setFocus(Qt.FocusReason.TabFocusReason)

    def _add(self) -> None:
        name = self.other.text().strip()
        if name and _is_right(name, self.other, self.problem):
            self.once.ask(self.added.emit, name)

    def done_adding(self) -> None:
        """It is written; another request may be shown by now, or another one typed."""
        if self.keeper.saved() == []:
            self.other.clear()
            self.keeper.forget()

    def done_marking(self, document: int) -> None:
        """What was answered about this one is written."""
        for line in self.lines:
            if line.row.id == document:
                line.forget_typing()


def _key(request: RequestId) -> str:
    return f"document.of.{request}"


def _is_right(text: str, field: LineEdit, problem: Words) -> bool:
    """Whether text can be kept; else say why not, and go there."""
    wrong = of_line(text)
    _say_wrong(wrong, field, problem)
    if wrong:
        lead_to(field, problem)
        read_out(field, problem.text())
    return not wrong


def _say_wrong(wrong: str, field: LineEdit, problem: Words) -> None:
    problem.setText(f"! {wrong}" if wrong else "")
    problem.setVisible(bool(wrong))
    field.setAccessibleDescription(wrong)
    field.setProperty("wrong", bool(wrong))
    restyle(field)


def _is_there(draft: DocumentDraft) -> bool:
    return draft.state in (DocumentState.SEEN, DocumentState.RECEIVED)


class DocumentLine(QFrame):
    """One document, how it stands, and the answers."""

    marked = Signal(int, object, str)
    removed = Signal(int)
    stepped = Signal(object, int)

    def __init__(self, workspace: Workspace, row: DocumentRow, today: date) -> None:
        super().__init__()
        self.row = row
        self._workspace = workspace
        self._keeper: DraftKeeper | None = None
        self.setProperty("role", "line-of-list")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        name, state = labels.document(row.draft), labels.document_state(row.draft.state)
        self.setAccessibleName(f"{name}, {_standing(row.draft, state, today)}")
        self.buttons = {
            answer: self._button(key, answer) for key, answer in document_keys().items()
        }
        self.why = LineEdit(_("why it was refused"))
        self.why.setAccessibleName(_("Why {document} was refused").format(document=name))
        self.why.returnPressed.connect(self._refuse)
        note = main_button(_("Note it"))
        note.clicked.connect(self._refuse)
        self.asking = QWidget()
        asking = QHBoxLayout(self.asking)
        asking.setContentsMargins(0, 0, 0, 0)
        asking.addWidget(self.why, 1)
        asking.addWidget(note)
        self.asking.hide()
        self.problem = Words("", "problem")
        self.problem.hide()
        head = QHBoxLayout()
        head.addWidget(Words(name), 1)
        head.addWidget(
            Tag(_standing(row.draft, state, today), _TONES.get(row.draft.state, Tone.PLAIN)),
            0,
            Qt.AlignmentFlag.AlignTop,
        )
        remove = quiet_button(_("Not needed"))
        remove.setAccessibleName(_("{document} is not needed").format(document=name))
        remove.clicked.connect(lambda: self.removed.emit(row.id))
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 4, 8, 4)
        column.setSpacing(2)
        column.addLayout(head)
        if row.draft.refused_because:
            column.addWidget(Words(row.draft.refused_because, "muted"))
        column.addWidget(flow_of(*self.buttons.values(), remove, gap=2))
        column.addWidget(self.asking)
        column.addWidget(self.problem)

    def ask_why(self) -> None:
        """Open the field for the reason of a refusal, with what was typed before."""
        if self._keeper is None:
            key, fields = f"document.{self.row.id}", {"why": self.why}
            self._keeper = DraftKeeper(self._workspace.drafts, key, fields, self)
            self._workspace.closing.connect(self._keeper.keep_now)
            self._keeper.restore()
        self.asking.show()
        self.why.setFocus(Qt.FocusReason.OtherFocusReason)

    def keep_typing(self) -> None:
        """Keep the reason that is being typed."""
        if self._keeper:
            self._keeper.keep_now()

    def forget_typing(self) -> None:
        """The reason is written, or not wanted."""
        if self._keeper:
            self._keeper.forget()

    def holds_focus(self) -> bool:
        """Whether the focus is on the line or in it."""
        return self.hasFocus() or any(part.hasFocus() for part in self.findChildren(QWidget))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A letter answers, arrows go on."""
        answer = document_keys().get(event.text().upper())
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if answer is not None and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._answer(answer)
        elif step:
            self.stepped.emit(self, step)
        else:
            super().keyPressEvent(event)

    def _button(self, key: str, answer: DocumentState) -> Button:
        word = labels.document_state(answer)
        made = filter_button(word)
        made.setChecked(answer is self.row.draft.state)
        made.setToolTip(_("Key {key}").format(key=key))
        name = labels.document(self.row.draft)
        made.setAccessibleName(_("{document}: {answer}").format(document=name, answer=word))
        made.clicked.connect(lambda: self._answer(answer))
        return made

    def _answer(self, answer: DocumentState) -> None:
        for state, made in self.buttons.items():
            made.setChecked(state is self.row.draft.state)
        if answer is DocumentState.REFUSED:
            self.ask_why()
        elif answer is not self.row.draft.state:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            self.marked.emit(self.row.id, answer, "")

    def _refuse(self) -> None:
        why = self.why.text().strip()
        if why and _is_right(why, self.why, self.problem):
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            self.marked.emit(self.row.id, DocumentState.REFUSED, why)


def _standing(draft: DocumentDraft, state: str, today: date) -> str:
    if draft.seen_on is None:
        return state
    return _("{state} {when}").format(state=state, when=dates.distance(draft.seen_on, today))
