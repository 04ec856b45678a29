"""Forms: a label over each field, and what is wrong beside the field it is wrong with."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from correspondent_desk.domain.problems import Problem
from correspondent_desk.gui.theme import characters
from correspondent_desk.gui.widgets.aloud import read_out
from correspondent_desk.gui.widgets.date_field import DateField
from correspondent_desk.gui.widgets.note_field import NoteField
from correspondent_desk.gui.widgets.scroll import UNFOLDED, lead_to
from correspondent_desk.gui.widgets.text import Words, restyle
from correspondent_desk.gui.widgets.turning import Turning
from correspondent_desk.messages.problems import sentence

_ALIKE: Mapping[str, str] = {}
LEAST_FIELD = 16  # characters of a field that stands beside another
LEAST_BESIDE = 36  # of a field with words beside it
LONG_PROBLEM = 70  # more than this under a short field would be a column of single words
LEAST_WRONG = 40  # of a field with so much under it


class FormRow(QWidget):
    """A label with its access key, the field, words beside it and a problem under it."""

    def __init__(
        self, label: str, field: QWidget, hint: str = "", parent: QWidget | None = None
    ) -> None:
        """label holds its access key: "&Name". hint is said once, quietly, beside the field."""
        super().__init__(parent)
        self.field = field
        self._hint = hint
        self._names_field = False  # Qt does so with a label right beside the field
        self.label = QLabel(label)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setBuddy(field)
        if field.focusPolicy() is Qt.FocusPolicy.NoFocus:  # of several parts
            self.label.installEventFilter(self)
        self.label.setWordWrap(True)
        self.beside = Words(hint, "small")
        self.beside.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.problem = Words("", "problem")
        self.problem.hide()
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.label)
        if hint or isinstance(field, DateField):
            row = Turning(LEAST_BESIDE)
            row.add(field, 3, Qt.AlignmentFlag.AlignTop)  # under its label, however long the hint
            row.add(self.beside, 2)
            column.addWidget(row)
            self._names_field = not field.accessibleName()
            self.rename(label)
        else:  # most fields: a row of its own would cost them for nothing
            column.addWidget(field)
            column.addWidget(self.beside)
        column.addWidget(self.problem)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        if hint:
            field.setAccessibleDescription(hint.strip())
        else:
            self.beside.setVisible(isinstance(field, DateField))
        if isinstance(field, DateField):
            field.words_changed.connect(self.say_beside)
        elif isinstance(field, NoteField):
            field.refused.connect(self._say_refused)

    def eventFilter(self, label: QObject, event: QEvent) -> bool:
        """The access key leads into a field of several parts: Qt alone leads to none such."""
        if event.type() is not QEvent.Type.Shortcut:
            return super().eventFilter(label, event)
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return True

    def sizeHint(self) -> QSize:
        """As high as its words are at its width: more it may not get."""
        hint = super().sizeHint()
        return QSize(hint.width(), self.heightForWidth(self.width() or hint.width()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width, another height."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()

    def rename(self, label: str) -> None:
        """Ask the same field for something else; label holds its access key."""
        self.label.setText(label)
        if self._names_field:  # a choice would make itself a second label
            QWidget.setAccessibleName(self.field, label.replace("&", ""))

    def add_below(self, widget: QWidget) -> None:
        """What helps to mend the field, under what is wrong with it."""
        self._column.addWidget(widget, 0, Qt.AlignmentFlag.AlignLeft)
        QWidget.setTabOrder(self.field, widget)

    def say_beside(self, words: str) -> None:
        """Say something beside the field; nothing brings its hint back."""
        self.beside.setText(words or self._hint)
        self.beside.setVisible(bool(words or self._hint) or isinstance(self.field, DateField))
        if self.problem.isHidden():
            self.field.setAccessibleDescription((words or self._hint).strip())

    def show_problem(self, sentence: str = "") -> None:
        """Say under the field what is wrong, to screen readers too; nothing takes it away."""
        self.problem.setText(f"! {sentence}" if sentence else "")
        self.problem.setVisible(bool(sentence))
        self.setObjectName(UNFOLDED if sentence else "")  # the words come into view with the field
        if isinstance(line := self.parentWidget(), _Line):
            line.follow()
        self.field.setAccessibleDescription(sentence or self.beside.text().strip())
        marked = self.field.focusProxy() or self.field  # the line, where it is of several parts
        if bool(marked.property("wrong")) != bool(sentence):
            marked.setProperty("wrong", bool(sentence))
            restyle(marked)

    def lead_to_problem(self) -> None:
        """Put the cursor there, in view with what is wrong, and say it.

        The cursor may be there already: somebody scrolled on and saves by key from where they are.
        """
        lead_to(self.field, self, self.problem)
        read_out(self.field, self.problem.text())

    @Slot(str)
    def _say_refused(self, sentence: str) -> None:
        self.show_problem(sentence)
        if sentence:
            self.lead_to_problem()

    def forget_problem_on_edit(self) -> None:
        """What was wrong with the words before is not said of other words."""
        if isinstance(self.field, QLineEdit | QPlainTextEdit):
            self.field.textChanged.connect(self.forget_problem)
        elif isinstance(self.field, QComboBox):
            self.field.currentIndexChanged.connect(self.forget_problem)

    @Slot()
    def forget_problem(self) -> None:
        """It was mended, or is being mended."""
        if not self.problem.isHidden():
            self.show_problem()


class _Line(Turning):
    """Short fields side by side, unless more is wrong with one than can be read in its width."""

    def follow(self) -> None:
        """Something is wrong with one of them, or no longer."""
        self._arrange()

    def needed(self) -> int:
        """Also what is wrong has to be read."""
        rows = self.findChildren(FormRow)
        wrong = any(len(row.problem.text()) > LONG_PROBLEM for row in rows)
        return max(super().needed(), characters(self.font(), LEAST_WRONG * len(rows) * wrong))


class Form(QWidget):
    """Rows by the name of the draft's field, so that problems find their place."""

    def __init__(self, parent: QWidget | None = None, *, forgets: bool = False) -> None:
        """forgets: what was wrong with a field is no longer said once the field is edited.

        For forms that judge when one goes on. Those that judge as one types say it anew themselves.
        """
        super().__init__(parent)
        self._forgets = forgets
        self.rows: dict[str, FormRow] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)

    def add(self, name: str, label: str, field: QWidget, hint: str = "") -> FormRow:
        """A row at the end."""
        row = self.rows[name] = FormRow(label, field, hint)
        if self._forgets:
            row.forget_problem_on_edit()
        self._column.addWidget(row)
        return row

    def add_beside(self, *fields: tuple[str, str, QWidget], last: int = 1) -> None:
        """Short fields side by side, as (name, label, field); last: how much wider the last one is."""
        line = _Line(LEAST_FIELD * len(fields))
        for name, label, field in fields:
            row = self.rows[name] = FormRow(label, field)
            if self._forgets:
                row.forget_problem_on_edit()
            share = last if field is fields[-1][2] else 1
            line.add(row, share, Qt.AlignmentFlag.AlignTop)
        self._column.addWidget(line)

    def add_widget(self, widget: QWidget) -> None:
        """Anything else, over the whole width."""
        self._column.addWidget(widget)

    def show_problems(self, sentences: Mapping[str, str]) -> None:
        """What is wrong, by field; fields that are not named are right."""
        for name, row in self.rows.items():
            row.show_problem(sentences.get(name, ""))

    def refuse(self, found: Sequence[Problem]) -> bool:
        """Show what must be mended, of each field what stands first, and go there; whether anything is."""
        return self.point_out({one.field: sentence(one) for one in reversed(found)})

    def point_out(self, sentences: Mapping[str, str], rows: Mapping[str, str] = _ALIKE) -> bool:
        """As show_problems, and go to the first; whether there is one.

        rows: of fields whose row bears another name.
        """
        self.show_problems({rows.get(name, name): said for name, said in sentences.items()})
        self.lead_to_first_problem()
        return any(sentences.values())

    def lead_to_first_problem(self) -> None:
        """Go to the first row of which something is said to be wrong, if any is."""
        first = next((row for row in self.rows.values() if not row.problem.isHidden()), None)
        if first is not None:
            first.lead_to_problem()
