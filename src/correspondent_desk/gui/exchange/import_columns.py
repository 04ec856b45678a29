"""Step 1 of an import: the file, its sheet, and which column holds what."""

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QWidget

from correspondent_desk.formats.files import UnreadableFile
from correspondent_desk.formats.spreadsheet import Sheet
from correspondent_desk.formats.staff_headings import Mapping, StaffField
from correspondent_desk.gui.exchange.waiting import Waiting
from correspondent_desk.gui.widgets.buttons import button, edge_button
from correspondent_desk.gui.widgets.card import Card
from correspondent_desk.gui.widgets.choice_field import ChoiceField
from correspondent_desk.gui.widgets.flow import flow_of
from correspondent_desk.gui.widgets.layouts import empty
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.language import _, ngettext
from correspondent_desk.messages import dates, files

EXAMPLES = 3
LONGEST_EXAMPLE = 40

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class ColumnsCard(Card):
    """Shows a list as it would be read; what a person changes is heard of at once."""

    choose_wanted = Signal()
    sheet_chosen = Signal(str)
    columns_chosen = Signal(object)  # Mapping

    def __init__(self) -> None:
        super().__init__(_("1. The list and its columns"))
        self._sheet: Sheet | None = None
        self._columns = Mapping(())
        self.choices: list[ChoiceField[StaffField | None]] = []
        self.choose = button(_("Choose a &file…"), "folder")
        self.choose.clicked.connect(self.choose_wanted)
        self.file = Words(
            _("CSV, XLSX, XLS or ODS, as the human-resources office sends it; or drop it here."),
            "muted",
        )
        self.waiting = Waiting()
        self.problem = Words("", "problem").let_select()
        self.problem.hide()
        self.sheets: ChoiceField[str] = ChoiceField()
        self.sheets.chosen.connect(self._choose_sheet)
        self._sheet_line = QWidget()
        sheet_line = QHBoxLayout(self._sheet_line)
        sheet_line.setContentsMargins(0, 0, 0, 0)
        sheet_label = QLabel(_("S&heet"))
        sheet_label.setBuddy(self.sheets)
        sheet_line.addWidget(sheet_label)
        sheet_line.addWidget(self.sheets)
        sheet_line.addStretch(1)
        self._sheet_line.hide()
        self.summary = Words()
        self.ignored = Words("")
        self.fold = edge_button(_("Change what the &columns hold"), "chevron-right")
        self.fold.setCheckable(True)
        self.fold.toggled.connect(self._unfold)
        self.grid = QWidget()
        self._rows = QGridLayout(self.grid)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setHorizontalSpacing(12)
        self._rows.setVerticalSpacing(4)
        self._rows.setColumnStretch(0, 2)
        self._rows.setColumnStretch(1, 3)
        self._rows.setColumnStretch(2, 3)
        self.go_on = button(_("Continue &with these columns"), "check")
        self.go_on.clicked.connect(self._go_on)
        for widget in (self.summary, self.ignored, self.fold, self.grid, self.go_on):
            widget.hide()
        head = flow_of(self.choose)
        for widget in (
            head,
            self.file,
            self._sheet_line,
            self.waiting,
            self.problem,
            self.summary,
            self.ignored,
        ):
            self.body.addWidget(widget)
        self.body.addWidget(flow_of(self.fold))
        self.body.addWidget(self.grid)
        self.body.addWidget(self.go_on, 0, Qt.AlignmentFlag.AlignRight)

    def begin(self, path: Path) -> None:
        """Another file is being read."""
        self.file.setText(str(path))
        self.waiting.begin(_("Reading the headings…"))
        self._forget()

    def refuse(self, sentence: str) -> None:
        """The file cannot be read, and why."""
        self.waiting.end()
        self._forget()
        self.say_problem(sentence)

    def say_problem(self, sentence: str) -> None:
        """What must be settled before the list can be read; nothing takes it away."""
        self.problem.tell(f"! {sentence}" if sentence else "")

    def show_list(
        self,
        sheet: Sheet,
        columns: Mapping,
        troubles: Sequence[UnreadableFile],
        *,
        can_stay: bool,
    ) -> None:
        """Show the sheet and how it would be read; can_stay: whether it can be, in spite of troubles."""
        self.waiting.end()
        self._sheet, self._columns = sheet, columns
        self.sheets.set_choices((name, name) for name in sheet.names)
        if sheet.name in sheet.names:
            self.sheets.set_value(sheet.name)
        self._sheet_line.setVisible(len(sheet.names) > 1)
        self.choices = []
        empty(self._rows)
        self.fold.show()
        self.fold.setChecked(bool(troubles))
        self._unfold(self.fold.isChecked())
        self.show_troubles(troubles)
        self.go_on.setVisible(can_stay and bool(troubles))

    def show_troubles(self, troubles: Sequence[UnreadableFile]) -> None:
        """What a person must settle."""
        self._summarise()
        self.say_problem("\n! ".join(map(files.sentence, troubles)))
        self.go_on.hide()

    def _forget(self) -> None:
        self._sheet = None
        self.say_problem("")
        for widget in (
            self._sheet_line,
            self.summary,
            self.ignored,
            self.fold,
            self.grid,
            self.go_on,
        ):
            widget.hide()

    def _summarise(self) -> None:
        if self._sheet is None:
            return
        headings = self._sheet.headings
        left = [
            heading or self._sheet.column(place)
            for place, (heading, field) in enumerate(
                zip(headings, self._columns.fields, strict=True)
            )
            if field is None
        ]
        read = len(headings) - len(left)
        self.summary.setText(
            ngettext("{n} column is read.", "{n} columns are read.", read).format(n=read)
        )
        self.ignored.setText(
            _("Ignored, nothing of it is kept: {columns}").format(columns=" · ".join(left))
        )
        self.summary.show()
        self.ignored.setVisible(bool(left))

    def _fill(self, sheet: Sheet) -> None:
        """When somebody wants to see them: most lists are read as they should be."""
        offered: list[tuple[StaffField | None, str]] = [
            (None, _("ignored")),
            *((field, files.staff_field(field)) for field in StaffField),
        ]
        for place, heading in enumerate(sheet.headings):
            name = heading or _("Column {letters}").format(letters=sheet.column(place))
            label = Words(name, "strong")
            example = Words(_examples(sheet, place), "small")
            choice: ChoiceField[StaffField | None] = ChoiceField(offered)
            choice.set_value(self._columns.fields[place])
            choice.setAccessibleName(_("What “{heading}” holds").format(heading=name))
            choice.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            choice.setMinimumContentsLength(12)
            choice.setSizeAdjustPolicy(
                ChoiceField.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            choice.chosen.connect(lambda _field: self._choose_columns())
            for column, widget in enumerate((label, example, choice)):
                self._rows.addWidget(widget, place, column)
            self.choices.append(choice)

    @Slot(bool)
    def _unfold(self, is_open: bool) -> None:
        self.fold.show_picture("chevron-down" if is_open else "chevron-right")
        if is_open and not self.choices and self._sheet is not None:
            self._fill(self._sheet)
        self.grid.setVisible(is_open)

    @Slot(object)
    def _choose_sheet(self, name: str) -> None:
        self.sheet_chosen.emit(name)

    @Slot()
    def _go_on(self) -> None:
        self.fold.setFocus()
        self.columns_chosen.emit(self._columns)

    def _choose_columns(self) -> None:
        self._columns = Mapping(tuple(choice.value() for choice in self.choices))
        self.columns_chosen.emit(self._columns)


def _examples(sheet: Sheet, place: int) -> str:
    """The first few different cells of a column."""
    shown = _date_in_words if sheet.knows_dates else str
    cells = (shown(row[place].strip()) for row in sheet.survey if place < len(row))
    some: dict[str, None] = {}
    for cell in cells:
        if cell:
            some[cell if len(cell) <= LONGEST_EXAMPLE else f"{cell[:LONGEST_EXAMPLE]}…"] = None
        if len(some) == EXAMPLES:
            break
    return " · ".join(some)


def _date_in_words(cell: str) -> str:
    """10/08/1979 for a date as it comes from a spreadsheet; any other cell as it is."""
    if not _DAY.fullmatch(cell):
        return cell
    try:
        return dates.numeric(date.fromisoformat(cell))
    except ValueError:
        return cell
