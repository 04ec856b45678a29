"""One line of the page of the day: what it says, and its answers while it is the current one."""

from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from correspondent_desk.gui.colours import colours_of
from correspondent_desk.gui.theme import characters, is_narrow
from correspondent_desk.gui.widgets.buttons import button, quiet_button
from correspondent_desk.gui.widgets.flow import flow_of
from correspondent_desk.gui.widgets.scroll import UNFOLDED
from correspondent_desk.gui.widgets.tag import Tag, Tone
from correspondent_desk.gui.widgets.text import Words

LEAD = 13.5  # characters: a time, or a tag like "emergency"
MARK_PX = 4


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What can be done about a line. key: told apart by it in tests and in the page."""

    key: str
    text: str
    do: Callable[[], object]
    picture: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """key: the same line after a change. spoken: all of it, as screen readers say it."""

    key: str
    title: str
    detail: str = ""
    why: str = ""
    lead: str = ""
    tag: str = ""
    tone: Tone = Tone.PLAIN
    spoken: str
    answers: tuple[Answer, ...] = field(default=(), compare=False)


class EntryHead(QAbstractButton):
    """The words of a line, as one thing to go to with the arrows; Enter gives the first answer."""

    became_current = Signal()
    stepped = Signal(int)
    entered = Signal()

    def __init__(self, entry: Entry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(entry.spoken)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.is_current = False
        self._lead = QWidget()
        lead = QHBoxLayout(self._lead)
        lead.setContentsMargins(0, 0, 0, 0)
        if entry.lead:
            lead.addWidget(Words(entry.lead, "strong"), 0, Qt.AlignmentFlag.AlignTop)
        if entry.tag:
            lead.addWidget(Tag(entry.tag, entry.tone), 0, Qt.AlignmentFlag.AlignTop)
        lead.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.setContentsMargins(0, 0, 12, 0)  # or a long title would touch the reason beside it
        words.addWidget(Words(entry.title, "strong"))
        if entry.detail:
            words.addWidget(Words(entry.detail))
        words.addStretch(1)
        self._why = Words(entry.why, "muted")
        self._side = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._side.setSpacing(4)
        self._side.addLayout(words, 5)
        self._side.addWidget(self._why, 4, Qt.AlignmentFlag.AlignTop)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(12, 8, 12, 8)
        self._row.setSpacing(12)
        self._row.addWidget(self._lead)
        self._row.addLayout(self._side, 1)
        self._why.setVisible(bool(entry.why))
        self.clicked.connect(lambda: self.setFocus(Qt.FocusReason.MouseFocusReason))
        self._arrange()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The line with the focus is the current one."""
        super().focusInEvent(event)
        self.became_current.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go from line to line, Enter and Space open."""
        match event.key():
            case Qt.Key.Key_Down:
                self.stepped.emit(1)
            case Qt.Key.Key_Up:
                self.stepped.emit(-1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.entered.emit()
            case _:
                event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The reason stands at the right, or below where there is little room."""
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._arrange()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A quiet ground and a mark for the current line, a ring for the focus."""
        colours = colours_of(self.palette())
        painter = QPainter(self)
        if self.is_current:
            painter.fillRect(0, 0, MARK_PX, self.height(), colours.accent)
        if self.hasFocus():
            pen = painter.pen()
            pen.setColor(colours.accent)
            pen.setWidth(3 if colours.is_strong else 2)
            painter.setPen(pen)
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 6, 6)
        painter.end()

    def _arrange(self) -> None:
        narrow = is_narrow(self)
        direction = QBoxLayout.Direction
        self._side.setDirection(direction.TopToBottom if narrow else direction.LeftToRight)
        self._lead.setFixedWidth(characters(self.font(), LEAD))


class EntryLine(QFrame):
    """A line of the page; as the current one it shows its answers, and what an answer asks."""

    became_current = Signal(object)  # itself
    stepped = Signal(object, int)

    def __init__(self, entry: Entry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(UNFOLDED)
        self.entry = entry
        self.head = EntryHead(entry)
        self.buttons = {
            one.key: (quiet_button if place else button)(one.text, one.picture)
            for place, one in enumerate(entry.answers)
        }
        for one in entry.answers:
            self.buttons[one.key].clicked.connect(self._now_current)
            self.buttons[one.key].clicked.connect(one.do)
            self.buttons[one.key].setAccessibleDescription(entry.title)
        self._answers = QWidget()
        row = QVBoxLayout(self._answers)
        row.setSpacing(8)
        row.addWidget(flow_of(*self.buttons.values()))
        self._asking = row
        self._panel: QWidget | None = None
        self._answers.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self._answers)
        self.head.became_current.connect(self._now_current)
        self.head.stepped.connect(self._step)
        self.head.entered.connect(self._give_first)
        self.head.clicked.connect(self._now_current)
        self._indent()

    @property
    def panel(self) -> QWidget | None:
        """What an answer asks, while it is open."""
        return self._panel

    def changeEvent(self, event: QEvent) -> None:
        """Follow the font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._indent()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the room there is."""
        super().resizeEvent(event)
        self._indent()

    def show_current(self, is_current: bool) -> None:
        """Show or hide the answers."""
        self.head.is_current = is_current
        self.head.update()
        self._answers.setVisible(is_current)

    def ask(self, panel: QWidget) -> None:
        """Show what an answer asks, under the answers."""
        self.stop_asking()
        self._panel = panel
        self._asking.addWidget(panel)
        panel.show()
        panel.setFocus(Qt.FocusReason.OtherFocusReason)

    def stop_asking(self) -> bool:
        """Put the question away; False where none was asked."""
        if self._panel is None:
            return False
        self._panel.hide()
        self._panel.deleteLater()
        self._panel = None
        return True

    def _indent(self) -> None:
        left = 12 if is_narrow(self) else characters(self.font(), LEAD) + 24
        self._asking.setContentsMargins(left, 0, 12, 8)

    @Slot()
    def _now_current(self) -> None:
        self.became_current.emit(self)

    @Slot()
    def _give_first(self) -> None:
        if self.entry.answers:
            self.entry.answers[0].do()

    @Slot(int)
    def _step(self, by: int) -> None:
        self.stepped.emit(self, by)
