"""The table models: ids known at once, rows fetched or asked for in windows when they are seen."""

from array import array
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush, QIcon

if TYPE_CHECKING:
    from correspondent_desk.gui.tasks import Job

WINDOW = 100
WINDOWS_KEPT = 40
NEAR = 30  # so many lines before the end of a window the next one is asked for
MOST_ASKED = 4  # windows at once: two in view and one at each side

Index = QModelIndex | QPersistentModelIndex
ID_ROLE = int(Qt.ItemDataRole.UserRole)
FOLDED_ROLE = ID_ROLE + 1


class HasId(Protocol):
    """A frozen row as records give it."""

    @property
    def id(self) -> int: ...


Row = TypeVar("Row", bound=HasId)


@dataclass(frozen=True, kw_only=True)
class Column(Generic[Row]):
    """One column as data. width in characters; 0 takes what is left over.

    can_wait: left out where there is too little room for the others; the last such column goes first.
    folded: what it says on the second line of the first column while it is left out, if that has one.
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
    folded: Callable[[Row], str] | None = None


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
                self._tell(number)

    def row_at(self, position: int) -> Row | None:
        """The row at position; None when the record is gone since the ids were asked for."""
        number = position // WINDOW
        window = self._windows.get(number)
        if window is None:
            window = self._keep(number, self._fetch(self._ids_of(number)))
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

    def _ids_of(self, number: int) -> Sequence[int]:
        return self._ids[number * WINDOW : (number + 1) * WINDOW]

    def _keep(self, number: int, rows: Iterable[Row]) -> dict[int, Row]:
        window = self._windows[number] = {row.id: row for row in rows}
        self._windows.move_to_end(number)
        if len(self._windows) > WINDOWS_KEPT:
            self._windows.popitem(last=False)
        return window

    def _tell(self, number: int) -> None:
        """The lines of this window show something else."""
        last = min((number + 1) * WINDOW, len(self._ids)) - 1
        self.dataChanged.emit(
            self.index(number * WINDOW, 0), self.index(last, len(self.columns) - 1)
        )


class AskedRows(RowsModel[Row]):
    """As RowsModel, for rows that the store gives: the window does not wait for it.

    Until they come a line is as it was when last seen, or empty. The lines next to those in view are
    asked for beforehand, so that whoever goes down line by line never meets an empty one.
    """

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        ask: "Callable[[Sequence[int], Callable[[Iterable[Row]], None]], Job[list[Row]]]",
        parent: QObject | None = None,
    ) -> None:
        """ask has the rows of some ids told to its second argument, later, as `Workspace.read` does."""
        super().__init__(columns, lambda _ids: (), parent)
        self._ask = ask
        self._asked: OrderedDict[int, Job[list[Row]]] = OrderedDict()
        self._as_it_was: dict[int, Row] = {}

    def show(self, ids: Iterable[int], first: Iterable[Row] = ()) -> None:
        """As RowsModel; first: the rows of the first window, where they are known already."""
        self._remember()
        self._forget()
        super().show(ids)
        rows = list(first)
        if rows:
            self._keep(0, rows)

    def refresh(self, ids: Collection[int] | None = None) -> None:
        """As RowsModel; what was asked and has not come yet is asked again."""
        self._remember()
        under_way = list(self._asked)
        self._forget()
        super().refresh(ids)
        for number in under_way:
            self._tell(number)

    def row_at(self, position: int) -> Row | None:
        """The row at position as far as it is known; None also while it is being asked for."""
        number, place = divmod(position, WINDOW)
        window = self._windows.get(number)
        if window is None:
            self._want(number)
            return self._as_it_was.get(self._ids[position])
        self._windows.move_to_end(number)
        if place < NEAR:
            self._want(number - 1)
        elif place >= WINDOW - NEAR:
            self._want(number + 1)
        return window.get(self._ids[position])

    def _want(self, number: int) -> None:
        is_there = 0 <= number * WINDOW < len(self._ids)
        if not is_there or number in self._windows or number in self._asked:
            return
        if len(self._asked) == MOST_ASKED:
            _number, passed_by = self._asked.popitem(last=False)
            passed_by.forget()
        self._asked[number] = self._ask(self._ids_of(number), partial(self._come, number))

    def _come(self, number: int, rows: Iterable[Row]) -> None:
        self._asked.pop(number, None)
        self._keep(number, rows)
        self._tell(number)

    def _forget(self) -> None:
        for job in self._asked.values():
            job.forget()
        self._asked.clear()

    def _remember(self) -> None:
        seen = {id_: row for window in self._windows.values() for id_, row in window.items()}
        if len(seen) + len(self._as_it_was) > WINDOW * WINDOWS_KEPT:
            self._as_it_was.clear()
        self._as_it_was |= seen


def _cell(column: Column[Row], row: Row, role: int) -> object:
    match role:
        case Qt.ItemDataRole.DisplayRole:
            return column.text(row)
        case Qt.ItemDataRole.AccessibleTextRole:
            return (column.spoken or column.text)(row)
        case Qt.ItemDataRole.ToolTipRole:
            return column.hint(row) if column.hint else None
        case _ if role == FOLDED_ROLE:
            return column.folded(row) if column.folded else ""
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
        FOLDED_ROLE,
    )
)
