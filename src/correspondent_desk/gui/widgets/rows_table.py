"""The list of a page: high rows, the keyboard's ways, and a choice that stays with its record."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from PySide6.QtCore import QEvent, QItemSelection, QRect, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QPainter,
    QPalette,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
    QWidget,
)

from correspondent_desk.gui.rows_model import HasId, Index, RowsModel
from correspondent_desk.gui.theme import characters, row_height

Row = TypeVar("Row", bound=HasId)
MARK_PX = 4
LINES_AT_LEAST = 2
PADDING_PX = 12
_AS_IT_WAS = (  # who clicks, or comes back from elsewhere, sees what they saw
    Qt.FocusReason.MouseFocusReason,
    Qt.FocusReason.ActiveWindowFocusReason,
    Qt.FocusReason.PopupFocusReason,
    Qt.FocusReason.MenuBarFocusReason,
)
LEAST = 20  # characters for a column that takes what is over


class RowsTable(QTableView):
    """A RowsModel's view. Enter opens; Tab leaves; the chosen record stays chosen through changes."""

    chosen = Signal(int)  # the id under the cursor, by key or mouse
    opened = Signal(int)  # Enter or a double click

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """name: what the list is a list of, for screen readers."""
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setItemDelegate(RowDelegate(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._rows: RowsModel[Any] | None = None
        self._kept: tuple[int, int] | None = None  # id and position of the choice, during a reset
        self._told: int | None = None
        self.least = LEAST  # characters that the open column asks for before others are left out
        self.doubleClicked.connect(self._open)

    def set_rows(self, model: RowsModel[Row]) -> None:
        """Show model, once."""
        self._rows = model
        model.modelAboutToBeReset.connect(self._keep_choice)
        self.setModel(model)
        model.modelReset.connect(self._choose_again)
        self._fit()

    def current_id(self) -> int | None:
        """The chosen record."""
        chosen = self.selectedIndexes() if self._rows else []
        return self._rows.ids[chosen[0].row()] if self._rows and chosen else None

    def choose(self, id_: int) -> bool:
        """Choose the record and scroll to it; False when it is not in the list."""
        position = self._rows.position_of(id_) if self._rows else None
        if position is None:
            return False
        self._go_to(position)
        return True

    def choose_first(self) -> None:
        """Choose the first line, if there is one and none is chosen."""
        if self._rows and self._rows.ids and self.current_id() is None:
            self._go_to(0)

    def show_ids(self, ids: Iterable[int]) -> None:
        """As the model's show."""
        if self._rows:
            self._rows.show(ids)

    def selectionChanged(  # noqa: N802
        self, selected: QItemSelection, deselected: QItemSelection
    ) -> None:
        """Tell of the choice, unless it only survived a change of the list."""
        super().selectionChanged(selected, deselected)
        id_ = self.current_id()
        if id_ is not None and not self._kept and id_ != self._told:
            self._told = id_
            self.chosen.emit(id_)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """A list reached by keyboard has a chosen line, in view; else one would look for it."""
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.MouseFocusReason:
            self.choose_first()
        if event.reason() not in _AS_IT_WAS:
            self._show_chosen()
            QTimer.singleShot(0, self, self._show_chosen)  # what was just shown has no height yet
        QTimer.singleShot(0, self, self._name_chosen)  # after Qt has named the list

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the chosen line; Home and End go to the first and the last."""
        last = self.model().rowCount() - 1 if self._rows else -1
        with_others = event.modifiers() & (
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        )
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not with_others:
            self._open()
        elif event.key() == Qt.Key.Key_Home and last >= 0:
            self._go_to(0)
        elif event.key() == Qt.Key.Key_End and last >= 0:
            self._go_to(last)
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:  # noqa: N802
        """Nothing: Qt would fetch every row of a long list; the search field is one key away."""

    def changeEvent(self, event: QEvent) -> None:
        """Follow the font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width out again; the chosen line stays in view."""
        chosen = self.visualRect(self.currentIndex())
        was_in_view = 0 <= chosen.top() < event.oldSize().height()
        super().resizeEvent(event)
        self._fit()
        if was_in_view and self.current_id() is not None:
            self.scrollTo(self.currentIndex())

    def minimumSizeHint(self) -> QSize:
        """The header and some lines."""
        lines = LINES_AT_LEAST * self.verticalHeader().defaultSectionSize()
        height = self.horizontalHeader().sizeHint().height() + lines
        return QSize(super().minimumSizeHint().width(), height)

    def _open(self) -> None:
        id_ = self.current_id()
        if id_ is not None:
            self.opened.emit(id_)

    def _keep_choice(self) -> None:
        id_ = self.current_id()
        self._kept = (id_, self.currentIndex().row()) if id_ is not None else None

    def _choose_again(self) -> None:
        kept, position = self._kept, None
        if kept and self._rows:
            position = self._rows.position_of(kept[0])
            if position is not None:
                self._go_to(position)
        self._kept = None
        if position is None:
            self._told = None
        if kept and position is None and self._rows and self._rows.ids:
            self._go_to(min(kept[1], len(self._rows.ids) - 1))

    @Slot()
    def _show_chosen(self) -> None:
        if self.current_id() is not None:
            self.scrollTo(self.currentIndex())

    @Slot()
    def _name_chosen(self) -> None:
        """Lead a screen reader to the chosen line, as Qt does when an arrow goes to another one."""
        chosen = self.currentIndex()
        if not (self.hasFocus() and chosen.isValid()):
            return
        in_line = self.model().columnCount() + 1  # the header before each line counts as a cell
        event = QAccessibleEvent(self, QAccessible.Event.Focus)
        event.setChild((chosen.row() + 1) * in_line + chosen.column() + 1)
        QAccessible.updateAccessibility(event)

    def _go_to(self, position: int) -> None:
        index = self.model().index(position, 0)
        self.setCurrentIndex(index)
        self.scrollTo(index)

    def _fit(self) -> None:
        """Heights and widths from the font: nothing is cut at any text size."""
        if not self._rows:
            return
        self.verticalHeader().setDefaultSectionSize(row_height(self.font()))
        em = characters(self.font(), 1)
        columns = self._rows.columns
        header = self.horizontalHeader()  # in bold letters, which may need more than the cells
        wished = [
            max(one.width * em + 2 * PADDING_PX, header.sectionSizeHint(place)) if one.width else 0
            for place, one in enumerate(columns)
        ]
        room, least = self.viewport().width(), self.least * em
        shown = list(range(len(columns)))
        for place, column in reversed(list(enumerate(columns))):
            if column.can_wait and sum(wished[one] or least for one in shown) > room:
                shown.remove(place)
        for place in range(len(columns)):
            self.setColumnHidden(place, place not in shown)
        for place, width in zip(
            shown, shared([wished[one] for one in shown], room, least), strict=True
        ):
            self.setColumnWidth(place, width)


def shared(wished: Sequence[int], room: int, least: int) -> list[int]:
    """The widths that fill room: columns that wish 0 share what is over, at least `least` each.

    Where room is short all give in equally, down to three fifths; then the list scrolls.
    """
    open_columns = list(wished).count(0)
    over = room - sum(wished)
    widths = [width or max(over // open_columns, least) for width in wished]
    if sum(widths) > room:
        part = max(room / sum(widths), 0.6)
        widths = [int(width * part) for width in widths]
    return widths


class RowDelegate(QStyledItemDelegate):
    """Marks the chosen row beside its ground, and shows on hover what a cell has no room for."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> None:
        """The cell, and the mark on the first one of the chosen row."""
        super().paint(painter, option, index)
        if index.column() == 0 and option.state & QStyle.StateFlag.State_Selected:
            mark = QRect(option.rect.topLeft(), QSize(MARK_PX, option.rect.height()))
            painter.fillRect(mark, option.palette.color(QPalette.ColorRole.Accent))

    def helpEvent(  # noqa: N802
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        """The hint of the column, or the text if it is cut."""
        if index.data(Qt.ItemDataRole.ToolTipRole):
            return super().helpEvent(event, view, option, index)
        is_cut = self.sizeHint(option, index).width() > option.rect.width()
        QToolTip.showText(event.globalPos(), str(index.data() or "") if is_cut else "", view)
        return True
