"""The one table model: ids known at once, rows fetched in windows when they are seen."""

from array import array
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush, QIcon

WINDOW = 200
WINDOWS_KEPT = 20

Index = QModelIndex | QPersistentModelIndex
ID_ROLE = int(Qt.ItemDataRole.UserRole)


class HasId(Protocol):
    """A frozen row as records give it."""

    @property
    def id(self) -> int: ...


Row = TypeVar("Row", bound=HasId)


@dataclass(frozen=True, kw_only=True)
class Column(Generic[Row]):
    """One column as data. width in characters; 0 takes what is left over.

    can_wait: left out where there is too little room for the others; the first such column goes first.
    text is shown; hint is shown on hover, else text where it is cut; spoken replaces text for screen readers.
    """

    title: str
    text: Callable[[Row], str]
    width: int = 0
    hint: Callable[[Row], str] | None = None
    spoken: Callable[[Row], str] | None = None
    icon: Callable[[Row], QIcon | None] | None = None
    brush: Callable[[Row], QBrush | None] | None = None
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft
    can_wait: bool = False


class RowsModel(QAbstractTableModel, Generic[Row]):
    """A list of ids; fetch gives the rows of some of them, in any order, without those now gone."""

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        fetch: Callable[[Sequence[int]], Iterable[Row]],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._fetch = fetch
        self._ids = array("q")
        self._windows: OrderedDict[int, dict[int, Row]] = OrderedDict()

    @property
    def ids(self) -> Sequence[int]:
        """The ids shown, in order."""
        return self._ids

    def show(self, ids: Iterable[int]) -> None:
        """Show these, in this order, instead of what was shown; nothing is fetched yet."""
        coming = array("q", ids)
        if coming == self._ids:
            self.refresh()
            return
        self.beginResetModel()
        self._ids = coming
        self._windows.clear()
        self.endResetModel()

    def refresh(self, ids: Collection[int] | None = None) -> None:
        """Fetch rows of ids again when they are next seen; None: all rows."""
        for number in list(self._windows):
            if ids is None or not self._windows[number].keys().isdisjoint(ids):
                del self._windows[number]
                last = min((number + 1) * WINDOW, len(self._ids)) - 1
                self.dataChanged.emit(
                    self.index(number * WINDOW, 0), self.index(last, len(self.columns) - 1)
                )

    def row_at(self, position: int) -> Row | None:
        """The row at position; None when the record is gone since the ids were asked for."""
        number = position // WINDOW
        window = self._windows.get(number)
        if window is None:
            wanted = self._ids[number * WINDOW : (number + 1) * WINDOW]
            window = {row.id: row for row in self._fetch(wanted)}
            self._windows[number] = window
            if len(self._windows) > WINDOWS_KEPT:
                self._windows.popitem(last=False)
        else:
            self._windows.move_to_end(number)
        return window.get(self._ids[position])

    def position_of(self, id_: int) -> int | None:
        """Where id_ stands in the list; None when it is not in it."""
        try:
            return self._ids.index(id_)
        except ValueError:
            return None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Exact, and known without fetching."""
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """One for each Column."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The cell; ID_ROLE gives the record's id in every column."""
        if not index.isValid() or role not in _ROLES:
            return None
        if role == ID_ROLE:
            return self._ids[index.row()]
        column = self.columns[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return column.align | Qt.AlignmentFlag.AlignVCenter
        row = self.row_at(index.row())
        return _cell(column, row, role) if row else None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        """The columns' titles."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self.columns[section].align | Qt.AlignmentFlag.AlignVCenter
        return None


def _cell(column: Column[Row], row: Row, role: int) -> object:
    match role:
        case Qt.ItemDataRole.DisplayRole:
            return column.text(row)
        case Qt.ItemDataRole.AccessibleTextRole:
            return (column.spoken or column.text)(row)
        case Qt.ItemDataRole.ToolTipRole:
            return column.hint(row) if column.hint else None
        case Qt.ItemDataRole.DecorationRole:
            return column.icon(row) if column.icon else None
        case _:
            return column.brush(row) if column.brush else None


_ROLES = frozenset(
    int(role)
    for role in (
        Qt.ItemDataRole.DisplayRole,
        Qt.ItemDataRole.AccessibleTextRole,
        Qt.ItemDataRole.ToolTipRole,
        Qt.ItemDataRole.DecorationRole,
        Qt.ItemDataRole.ForegroundRole,
        Qt.ItemDataRole.TextAlignmentRole,
        Qt.ItemDataRole.UserRole,
    )
)
