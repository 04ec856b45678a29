"""Lists from and for other programs."""

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFileDialog, QLabel

from correspondent_desk.errors import DeskError
from correspondent_desk.gui.exchange.waiting import Waiting
from correspondent_desk.gui.widgets.buttons import button, edge_button
from correspondent_desk.gui.widgets.card import Card
from correspondent_desk.gui.widgets.choice_field import ChoiceField
from correspondent_desk.gui.widgets.flow import flow_of
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _, ngettext
from correspondent_desk.messages import exports
from correspondent_desk.messages.errors import sentence
from correspondent_desk.records.exports import Exported


class ListsCard(Card):
    """Import leads to a page of its own; an export is one choice and a place."""

    import_wanted = Signal()
    begun_wanted = Signal()

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(_("Lists"))
        self._workspace = workspace
        self._target = Path()
        self.load = button(_("&Import a staff list…"), "file-down")
        self.load.clicked.connect(self.import_wanted)
        self.begun = edge_button(_("A list is open and not imported yet: go on"), "pencil")
        self.begun.clicked.connect(self.begun_wanted)
        self.begun.hide()
        self.what: ChoiceField[Exported] = ChoiceField(
            (what, exports.title(what)) for what in Exported
        )
        label = QLabel(_("&Export the list of"))
        label.setBuddy(self.what)
        self.save = button(_("Export to a file…"), "file-up")
        self.save.clicked.connect(self._choose_place)
        self.waiting = Waiting()
        self.words = Words().let_select()
        self.words.hide()
        self.body.addWidget(flow_of(self.load, self.begun))
        self.body.addWidget(flow_of(label, self.what, self.save))
        for widget in (
            Words(
                _(
                    "XLSX keeps dates as dates, and the zeros that postcodes and staff numbers"
                    " begin with; a CSV opens everywhere, but spreadsheets take those zeros off."
                    " The file is not encrypted: keep it no longer than you need it."
                ),
                "small",
            ),
            self.waiting,
            self.words,
        ):
            self.body.addWidget(widget)

    @Slot()
    def _choose_place(self) -> None:
        start = self._target.parent / f"{exports.title(self.what.value())}.csv"
        name, kind = QFileDialog.getSaveFileName(
            self, _("Export to a file"), str(start), "CSV (*.csv);;Excel (*.xlsx)"
        )
        if name:
            path = Path(name)
            ending = ".xlsx" if "xlsx" in kind else ".csv"
            self.export_to(path if path.suffix else path.with_suffix(ending))

    def export_to(self, path: Path) -> None:
        """Write the chosen list to path, in the background."""
        what = self.what.value()
        self._target = path
        self.save.setEnabled(False)
        self.words.hide()
        self.waiting.begin(_("Writing the list…"))
        self._workspace.read(
            lambda s: exports.write(s, what, path), then=self._written, failed=self._refused
        )

    def _written(self, count: int) -> None:
        self._say(
            ngettext(
                "{n} line was written to {file}.", "{n} lines were written to {file}.", count
            ).format(n=count, file=self._target)
        )

    def _refused(self, error: DeskError) -> None:
        self._say(f"! {sentence(error)}")

    def _say(self, told: str) -> None:
        self.waiting.end()
        self.save.setEnabled(True)
        self.words.tell(told)
