"""Lists whose rows have two lines: what it is, and quietly below, why it is here."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QGuiApplication, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem, QWidget

from correspondent_desk.gui.colours import colours_of
from correspondent_desk.gui.rows_model import FOLDED_ROLE, Index
from correspondent_desk.gui.widgets import squeezed
from correspondent_desk.gui.widgets.rows_table import MARK_PX, RowDelegate, RowsTable

SIDE_PX = 12
LINE_SEPARATOR = "\u2028"  # what Qt makes of a line break in a cell


class TwoLineTable(RowsTable):
    """As RowsTable; a column's text may have a second line, after a line break.

    A column that is left out for want of room goes on there with what its `folded` says.
    """

    def __init__(self, name: str, least: int, parent: QWidget | None = None) -> None:
        """least: characters that the first column needs; with less, others are left out."""
        super().__init__(name, parent)
        self.least = least
        self.setItemDelegate(_TwoLineDelegate(self))

    def _fit(self) -> None:
        super()._fit()
        self.viewport().update()  # a column may have been left out, which the first one tells
        self.verticalHeader().setDefaultSectionSize(two_line_height(self.font()))


def two_line_height(font: QFont) -> int:
    """The height of a row of two lines."""
    return max(56, 2 * QFontMetrics(font).height() + 18)


class _TwoLineDelegate(RowDelegate):
    """The first line in the text's colour, the second one quietly."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Ground, mark and the two lines."""
        shown = QStyleOptionViewItem(option)
        self.initStyleOption(shown, index)
        first, _break, second = shown.text.partition(LINE_SEPARATOR)
        shown.text = ""
        shown.widget.style().drawControl(
            QStyle.ControlElement.CE_ItemViewItem, shown, painter, shown.widget
        )
        is_chosen = bool(shown.state & QStyle.StateFlag.State_Selected)
        if is_chosen and index.column() == 0:
            mark = QRect(shown.rect.topLeft(), QSize(MARK_PX, shown.rect.height()))
            painter.fillRect(mark, shown.palette.color(QPalette.ColorRole.Accent))
        inside = shown.rect.adjusted(SIDE_PX, 7, -8, -7)
        painter.save()
        height = inside.height() // 2
        quiet = QColor(colours_of(QGuiApplication.palette()).muted)
        pieces = _pieces(index, second, shown, quiet)
        top = QRect(inside.topLeft(), QSize(inside.width(), height)) if pieces else inside
        painter.setPen(shown.palette.color(QPalette.ColorRole.Text))
        squeezed.draw(painter, first, top, shown.font)
        below = QRect(inside.left(), inside.top() + height, inside.width(), height)
        for text, colour in pieces:
            _draw(painter, shown, below, text, colour)
            below.setLeft(below.left() + QFontMetrics(shown.font).horizontalAdvance(text))
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """As wide as its longer line, to know whether it is cut."""
        shown = QStyleOptionViewItem(option)
        self.initStyleOption(shown, index)
        metrics = QFontMetrics(shown.font)
        first, _break, second = shown.text.partition(LINE_SEPARATOR)
        colour = shown.palette.color(QPalette.ColorRole.Text)
        below = "".join(text for text, _colour in _pieces(index, second, shown, colour))
        widest = max(metrics.horizontalAdvance(line) for line in (first, below))
        return QSize(widest + SIDE_PX + 8, two_line_height(shown.font))


def _pieces(
    index: Index, second: str, shown: QStyleOptionViewItem, quiet: QColor
) -> list[tuple[str, QColor]]:
    """The second line of the first column, led by the columns that are left out."""
    view, found = shown.widget, []
    if index.column() == 0 and isinstance(view, TwoLineTable):
        for column in range(1, index.model().columnCount()):
            cell = index.sibling(index.row(), column)
            text = str(cell.data(FOLDED_ROLE) or "") if view.isColumnHidden(column) else ""
            if text:
                brush = cell.data(Qt.ItemDataRole.ForegroundRole)
                found += [(text, brush.color() if brush else quiet), (" · ", quiet)]
    return [*found, (second, quiet)] if second else found[:-1]


def _draw(
    painter: QPainter, shown: QStyleOptionViewItem, where: QRect, text: str, colour: QColor
) -> None:
    painter.setFont(shown.font)
    painter.setPen(colour)
    cut = QFontMetrics(shown.font).elidedText(text, Qt.TextElideMode.ElideRight, where.width())
    painter.drawText(where, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), cut)
