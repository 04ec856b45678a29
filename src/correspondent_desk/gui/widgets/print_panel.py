"""Handing day sheets out: to a printer, or as a PDF into a folder."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QFileDialog, QVBoxLayout, QWidget

from correspondent_desk.errors import DeskError
from correspondent_desk.formats.sheets import DaySheet, day_sheet, day_sheet_pages
from correspondent_desk.gui.printing import print_pages
from correspondent_desk.gui.widgets.buttons import button, quiet_button
from correspondent_desk.gui.widgets.card import Card
from correspondent_desk.gui.widgets.flow import flow_of
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _, ngettext
from correspondent_desk.messages.errors import sentence
from correspondent_desk.store.files import write_whole


class PrintPanel(Card):
    """Asks in the page how the sheets are wanted; the sheets are made in the background."""

    said = Signal(str)

    def __init__(self, workspace: Workspace, parent: QWidget) -> None:
        super().__init__(_("Print the day"), parent)
        self._workspace = workspace
        self.sheets: Sequence[DaySheet] = ()
        self._name = ""
        self.large = QCheckBox(_("Lar&ge print"))
        self.to_printer = button(_("Choose a p&rinter…"), "printer")
        self.to_file = button(_("Save as PD&F…"), "file-down")
        self.close_button = quiet_button(_("Close"), "x")
        self.trouble = Words("", "problem")
        self.trouble.hide()
        self.to_printer.clicked.connect(self._print)
        self.to_file.clicked.connect(self._ask_where)
        self.close_button.clicked.connect(self.hide)
        note = Words(_("Personal data: keep it with you, destroy it after use."), "small")
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addWidget(flow_of(self.to_printer, self.to_file, self.large, self.close_button))
        column.addWidget(note)
        column.addWidget(self.trouble)
        self.body.addLayout(column)
        self._column = column

    def put_above(self, widget: QWidget) -> None:
        """Ask this first."""
        self._column.insertWidget(0, widget, 0, Qt.AlignmentFlag.AlignLeft)

    def wait(self) -> None:
        """Until other sheets are offered there is nothing to print."""
        self.to_printer.setEnabled(False)
        self.to_file.setEnabled(False)

    def offer(self, sheets: Sequence[DaySheet], name: str, *, leads: bool = True) -> None:
        """Ask how these sheets are wanted; name: of the file that is proposed; leads: to the answer."""
        self.sheets, self._name = sheets, name
        self.set_title(_("Print the day") if len(sheets) == 1 else _("Print these days"))
        self.trouble.hide()
        self.to_printer.setEnabled(True)
        self.to_file.setEnabled(True)
        self.show()
        if leads:
            self.to_printer.setFocus(Qt.FocusReason.OtherFocusReason)

    def save_to(self, path: Path) -> None:
        """Write the PDF to path, in the background, and say whether it is there."""
        sheets, large = self.sheets, self.large.isChecked()
        self.said.emit(_("The sheet is being made…"))
        self._workspace.background(
            lambda: _written(path, day_sheet(*sheets, large_print=large)),
            then=partial(self._saved, len(sheets)),
            failed=self._not_saved,
        )

    @Slot()
    def _ask_where(self) -> None:
        path, _kind = QFileDialog.getSaveFileName(
            self, _("Save the day sheet"), str(Path.home() / self._name), "PDF (*.pdf)"
        )
        if path:
            self.save_to(Path(path))

    @Slot()
    def _print(self) -> None:
        sheets, large = self.sheets, self.large.isChecked()
        self.said.emit(_("The sheet is being made…"))
        self._workspace.background(
            lambda: day_sheet_pages(*sheets, large_print=large), then=self._choose_printer
        )

    def _choose_printer(self, pages: list[bytes]) -> None:
        try:
            is_sent = print_pages(pages, self)
        except DeskError as error:
            self._not_saved(error)
            return
        if is_sent:
            self.hide()
        self.said.emit(_("The sheet was handed to the printer.") if is_sent else "")

    def _saved(self, days: int, path: Path) -> None:
        self.hide()
        told = ngettext(
            "The day sheet is saved in {path}.", "The sheets of {n} days are saved in {path}.", days
        )
        self.said.emit(told.format(n=days, path=path))

    def _not_saved(self, error: DeskError) -> None:
        self.said.emit("")  # it is not being made any more
        self.trouble.tell(sentence(error))


def _written(path: Path, content: bytes) -> Path:
    write_whole(path, content)
    return path
