"""The search field at the top: people, requests, places of the window and commands, one key away."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetrics,
    QGuiApplication,
    QIcon,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPalette,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from correspondent_desk.domain.text import tokens
from correspondent_desk.gui.colours import colours_of
from correspondent_desk.gui.icons import icon
from correspondent_desk.gui.keys import KEYS, Command, words
from correspondent_desk.gui.page import Found, Target
from correspondent_desk.gui.tasks import Job
from correspondent_desk.gui.theme import characters, row_height
from correspondent_desk.gui.widgets.aloud import read_out
from correspondent_desk.gui.widgets.line_edit import LineEdit
from correspondent_desk.language import _

Search = Callable[[str, Callable[[list[Found]], object]], Job[list[Found]]]
Choice = Found | Command
SUBTITLE = int(Qt.ItemDataRole.UserRole) + 1
ROWS_SHOWN = 9
WIDTH_SHOWN = 66  # characters: a name, and what tells it from others
_ONLY_KEYS = (Command.SEARCH, Command.BACK, Command.NEXT_PART, Command.PART_BEFORE)
_AWAY_FOR_A_MOMENT = (
    Qt.FocusReason.ActiveWindowFocusReason,
    Qt.FocusReason.PopupFocusReason,
)


class SearchField(LineEdit):
    """Asks while one types; the list under it follows the arrow keys, Enter opens."""

    found_chosen = Signal(object)  # Found
    command_chosen = Signal(object)  # Command

    def __init__(self, search: Search, parent: QWidget, doors: Sequence[Found] = ()) -> None:
        """The list is shown over parent. doors: places of the window, found by their names."""
        super().__init__("", parent)
        self._doors = doors
        key = KEYS[Command.SEARCH][0]
        self._hints = (
            _("Search for a person, a request, a command… ({key})").format(key=key),
            _("Search ({key})").format(key=key),
        )
        self.setAccessibleName(_("Search for a person, a request, a command…"))
        self.setAccessibleDescription(key)  # else Qt takes the hint, which says the name again
        self.show_clear_button()
        self.show_picture("search")
        self._search = search
        self._job: Job[list[Found]] | None = None
        self._takes_first = False  # of what is still to be found
        self._choices: list[Choice] = []
        self._window = parent
        parent.installEventFilter(self)
        self._overlay = QFrame(parent)
        self._overlay.setProperty("role", "popup")
        self._overlay.hide()
        self.results = QListWidget()
        self.results.setAccessibleName(_("Found"))
        self.results.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.results.setItemDelegate(_ResultDelegate(self.results))
        self.results.setMouseTracking(True)
        self.results.itemClicked.connect(self._choose)
        column = QVBoxLayout(self._overlay)
        column.setContentsMargins(4, 4, 4, 4)
        column.addWidget(self.results)
        self.textEdited.connect(self._ask)
        self.textChanged.connect(self._close_when_empty)

    @property
    def is_open(self) -> bool:
        """Whether results are shown."""
        return not self._overlay.isHidden()

    def close_results(self) -> None:
        """Put the list away, and let none come for what was typed, which stays."""
        self._forget()
        self._overlay.hide()

    def clear_all(self) -> None:
        """Empty the field and put the list away; Ctrl+Z is then for steps again, not for words."""
        self.setText("")
        self.close_results()

    def event(self, event: QEvent) -> bool:
        """Leave to the frame the undo of steps, where nothing was typed."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            is_undo = event.matches(QKeySequence.StandardKey.Undo) and not self.isUndoAvailable()
            is_redo = event.matches(QKeySequence.StandardKey.Redo) and not self.isRedoAvailable()
            if is_undo or is_redo:
                event.ignore()
                return True
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A press on nothing in particular puts the list away too, though no focus moves."""
        if event.type() == QEvent.Type.MouseButtonPress:
            self.close_results()
        return super().eventFilter(watched, event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Who works elsewhere wants nothing over it; another window or a menu comes and goes."""
        super().focusOutEvent(event)
        if event.reason() not in _AWAY_FOR_A_MOMENT:
            self.close_results()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go through the list, Enter opens."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if step and self._choices:
            self._overlay.setVisible(True)
            self._go_to((self.results.currentRow() + step) % len(self._choices))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose_or_wait()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab puts the list away and goes on."""
        self.close_results()
        return super().focusNextPrevChild(forward)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The list stays under the field: one types before the window is laid out. The hint is never cut."""
        super().resizeEvent(event)
        if self.is_open:
            self._place()
        whole, short = self._hints
        needed = self.fontMetrics().horizontalAdvance(whole) + 2 * row_height(self.font())
        self.setPlaceholderText(whole if needed <= self.width() else short)

    @Slot(str)
    def _ask(self, text: str) -> None:
        self._forget()  # only the newest answer may be shown
        if text.strip():
            self._job = self._search(text, self._show_found)

    def _forget(self) -> None:
        if self._job:
            self._job.forget()
        self._job, self._takes_first = None, False

    @Slot(str)
    def _close_when_empty(self, text: str) -> None:
        if not text.strip():
            self._forget()
            self._choices = []
            self.close_results()

    def _show_found(self, found: list[Found]) -> None:
        takes_first, self._job, self._takes_first = self._takes_first, None, False
        text = self.text()
        doors = (door for door in self._doors if _is_meant(text, _named(door)))
        self._choices = [*found, *doors, *_commands(text)]
        self.results.clear()
        for choice in self._choices:
            self.results.addItem(_item(choice))
        if not self._choices:
            nothing = QListWidgetItem(
                _("Nothing is found for “{words}”.").format(words=self.text().strip())
            )
            nothing.setFlags(Qt.ItemFlag.NoItemFlags)
            self.results.addItem(nothing)
            read_out(self, nothing.text())
        self._place()
        if self._choices:
            self._go_to(0)
        if takes_first:
            self._choose()

    def _place(self) -> None:
        corner = self.mapTo(self._window, QPoint(0, self.height() + 2))
        rows = min(self.results.count(), ROWS_SHOWN)
        height = rows * row_height(self.font()) + 12
        room = self._window.size() - QSize(corner.x() + 16, corner.y() + 8)
        width = max(self.width(), min(room.width(), characters(self.font(), WIDTH_SHOWN)))
        self._overlay.setGeometry(QRect(corner, QSize(width, min(height, room.height()))))
        self._overlay.show()
        self._overlay.raise_()

    def _go_to(self, row: int) -> None:
        self.results.setCurrentRow(row)
        line = self.results.currentItem().data(Qt.ItemDataRole.AccessibleTextRole)
        said = _("{line}. {n} of {all}")
        read_out(self, said.format(line=line, n=row + 1, all=len(self._choices)))

    def _choose_or_wait(self) -> None:
        """The list may still show what fewer letters found: Enter means what the last ones find."""
        if self._job and not self._job.is_over:
            self._takes_first = True
        else:
            self._choose()

    @Slot()
    def _choose(self) -> None:
        row = self.results.currentRow()
        if not self.is_open or not 0 <= row < len(self._choices):
            return
        choice = self._choices[row]
        self.clear_all()
        if isinstance(choice, Command):
            self.command_chosen.emit(choice)
        else:
            self.found_chosen.emit(choice)


def _commands(text: str) -> list[Command]:
    return [it for it in Command if it not in _ONLY_KEYS and _is_meant(text, words(it))]


def _named(door: Found) -> str:
    """By what it is looked for: of a page its name alone, beside which its keys stand."""
    is_page = door.target == Target(page=door.target.page)
    return door.title if is_page else f"{door.title} {door.subtitle} {door.also}"


def _is_meant(text: str, name: str) -> bool:
    """Whether name has, for each word of text, a word that begins with it."""
    named = tokens(name)
    return all(any(word.startswith(typed) for word in named) for typed in tokens(text))


def _item(choice: Choice) -> QListWidgetItem:
    if isinstance(choice, Command):
        title, subtitle, picture = words(choice), KEYS[choice][0], "command"
    else:
        title, subtitle, picture = choice.title, choice.subtitle, choice.icon
    item = QListWidgetItem(icon(picture, "muted"), title)
    item.setData(SUBTITLE, subtitle)
    item.setData(Qt.ItemDataRole.AccessibleTextRole, ", ".join(filter(None, (title, subtitle))))
    item.setToolTip(item.data(Qt.ItemDataRole.AccessibleTextRole))
    return item


class _ResultDelegate(QStyledItemDelegate):
    """Icon, title, and the subtitle quietly after it."""

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """As high as the rows of lists."""
        return QSize(0, row_height(option.font))

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """One line: what is found, and what tells it from others."""
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, option.palette.color(QPalette.ColorRole.Highlight))
        inside = option.rect.adjusted(8, 0, -8, 0)
        metrics = QFontMetrics(option.font)
        picture, side = index.data(Qt.ItemDataRole.DecorationRole), metrics.height()
        if isinstance(picture, QIcon):
            top = inside.center().y() - side // 2
            picture.paint(painter, QRect(inside.left(), top, side, side))
            inside.setLeft(inside.left() + side + 10)
        selected = option.state & QStyle.StateFlag.State_Selected
        role = QPalette.ColorRole.HighlightedText if selected else QPalette.ColorRole.Text
        painter.setPen(option.palette.color(role))
        title = str(index.data())
        shown = metrics.elidedText(title, Qt.TextElideMode.ElideRight, inside.width())
        painter.drawText(inside, Qt.AlignmentFlag.AlignVCenter, shown)
        inside.setLeft(inside.left() + metrics.horizontalAdvance(shown) + 16)
        if not selected:
            painter.setPen(QColor(colours_of(QGuiApplication.palette()).muted))
        rest = str(index.data(SUBTITLE) or "")
        rest = metrics.elidedText(rest, Qt.TextElideMode.ElideRight, max(inside.width(), 0))
        painter.drawText(inside, Qt.AlignmentFlag.AlignVCenter, rest)
