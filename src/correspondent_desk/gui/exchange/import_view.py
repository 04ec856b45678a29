"""Importing a staff list: three steps seen at once, and nothing written before it was looked at."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QVBoxLayout, QWidget

from correspondent_desk.domain.actions import Action
from correspondent_desk.errors import DeskError
from correspondent_desk.formats import staff_headings
from correspondent_desk.formats.spreadsheet import Sheet
from correspondent_desk.formats.staff_headings import Mapping, Proposal
from correspondent_desk.gui.exchange import import_items
from correspondent_desk.gui.exchange.import_columns import ColumnsCard
from correspondent_desk.gui.exchange.import_items import Shown
from correspondent_desk.gui.exchange.import_lines import LinesCard
from correspondent_desk.gui.exchange.undoing import DoneCard
from correspondent_desk.gui.tasks import Job
from correspondent_desk.gui.widgets.aloud import read_out
from correspondent_desk.gui.widgets.buttons import edge_button
from correspondent_desk.gui.widgets.card_column import CardColumn
from correspondent_desk.gui.widgets.scroll import Scroll
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _
from correspondent_desk.messages import imports as messages
from correspondent_desk.messages.errors import sentence
from correspondent_desk.records import imports
from correspondent_desk.records.imports import ImportReport

_Read = tuple[Sheet, Proposal, tuple[int, int]]
DRAWN_MS = 20  # long enough to draw the columns: what draws and what reads wait for each other
LISTS = "*.csv *.txt *.tsv *.xlsx *.xls *.xlsm *.ods"


@dataclass(frozen=True, slots=True)
class Begun:
    """A list that is being looked at, and what was said of it.

    sheet: that was chosen. stamp: of the file; rows of another one may be other people.
    """

    path: Path
    sheet: str | None
    stamp: tuple[int, int]
    columns: Mapping | None
    same: frozenset[int]
    different: frozenset[int]


class ImportView(QWidget):
    """open_file begins; what a person changes in a step shows in the next ones by itself."""

    back_wanted = Signal()
    people_wanted = Signal()
    card_wanted = Signal(int)  # of a member
    said = Signal(str)  # a sentence for the quiet line

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace
        self._path: Path | None = None
        self._chosen: str | None = None  # the sheet, if one was
        self._stamp = (0, 0)
        self._again: Begun | None = None
        self._is_old = False  # what is shown: something changed since
        self._sheet: Sheet | None = None
        self._shown: Shown | None = None
        self._reading: Job[_Read] | None = None
        self._looking: Job[Shown] | None = None
        self._columns: Mapping | None = None  # that were chosen, or by which the list is looked at
        self._drawn = QTimer(self, interval=DRAWN_MS, singleShot=True)
        self._drawn.timeout.connect(self._begin_looking)
        self.back = edge_button(_("Back to the exchanges"), "arrow-left")
        self.back.clicked.connect(self.back_wanted)
        self.columns = ColumnsCard()
        self.columns.choose_wanted.connect(self.choose_file)
        self.columns.sheet_chosen.connect(self._choose_sheet)
        self.columns.columns_chosen.connect(self._choose_columns)
        self.lines = LinesCard()
        self.lines.import_wanted.connect(self._apply)
        self.lines.card_wanted.connect(self.card_wanted)
        self.done = DoneCard(workspace, _("3. Done"), _("&Take the whole import back"))
        self.done.begin(_("Nothing has been imported yet."))
        self.done.opened.connect(self.people_wanted)
        self.done.turned.connect(self.lines.say_whether_done)
        workspace.happened.connect(self._look_again)
        cards = CardColumn(_("Import a staff list"), self.back)
        for card in (self.columns, self.lines, self.done):
            cards.add(card)
        self._scroll = Scroll(cards)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._scroll, 1)
        whole.addWidget(self.lines.foot)

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:  # noqa: N802
        """On the choice of a file. With a focus proxy Tab would pass over the way back."""
        self.columns.choose.setFocus(reason)

    @Slot()
    def choose_file(self) -> None:
        """Ask which file."""
        if self._refuses_another():
            return
        name, _kind = QFileDialog.getOpenFileName(
            self,
            _("Choose a staff list"),
            str(self._path.parent if self._path else Path.home()),
            ";;".join((_("Lists ({patterns})").format(patterns=LISTS), _("All files (*)"))),
        )
        if name:
            self.setFocus()  # asked for by its letter, the keys may be with what is hidden next
            self.open_file(Path(name))

    def open_file(self, path: Path, sheet: str | None = None) -> None:
        """Read path and show what importing it would do."""
        if self._refuses_another():
            return
        self._forget_work()
        self._path, self._chosen, self._again = path, sheet, None
        self.lines.forget_answers()
        self.columns.begin(path)
        self.lines.forget(_("The columns first."))
        self.done.begin(_("Nothing has been imported yet."))
        self._reading = self._workspace.read(
            lambda s: (*imports.open_list(s, path, sheet), _stamp(path)),
            then=self._read,
            failed=self._not_read,
        )

    def _refuses_another(self) -> bool:
        """Whether one is being written, of which must be told first; if so, say it."""
        is_writing = self.done.waiting.is_waiting
        if is_writing:
            self.said.emit(_("Another list can be opened once this one is written."))
        return is_writing

    @property
    def begun(self) -> Begun | None:
        """What is being looked at, for go_on; None without a list, or once it is written."""
        is_written = self.done.is_done or self.done.waiting.is_waiting
        if self._path is None or is_written:
            return None
        if self._again is not None:  # its answers come once it is read
            return self._again
        same, different = frozenset(self.lines.same), frozenset(self.lines.different)
        return Begun(self._path, self._chosen, self._stamp, self._columns, same, different)

    @property
    def is_unfinished(self) -> bool:
        """Whether the list waits to be imported: not one that cannot be read or would change nothing."""
        is_read = self._sheet is not None or self.columns.waiting.is_waiting
        is_nothing = self._shown is not None and self._shown.preview.is_nothing
        return self.begun is not None and is_read and not is_nothing

    def go_on(self, begun: Begun) -> None:
        """Look at this list again, with what was said of it if it is still the same."""
        self.open_file(begun.path, begun.sheet)
        self._again = begun

    def _forget_work(self) -> None:
        if self._reading is not None:
            self._reading.forget()
        self._stop_looking()
        self._sheet = self._columns = None

    def _read(self, found: _Read) -> None:
        self._sheet, proposal, self._stamp = found
        columns, troubles = proposal.mapping, proposal.troubles
        again, self._again = self._again, None
        if again is not None and again.columns and again.stamp == self._stamp:
            columns, troubles = again.columns, staff_headings.check(self._sheet, again.columns)
            self.lines.same, self.lines.different = set(again.same), set(again.different)
        can_stay = not staff_headings.check(self._sheet, columns)
        self.columns.show_list(self._sheet, columns, troubles, can_stay=can_stay)
        if troubles:
            self.lines.forget(_("Say first what the columns hold."))
        else:
            self._look(columns)

    def _not_read(self, error: DeskError) -> None:
        self.columns.refuse(sentence(error))
        self.lines.forget(_("Nothing was read."))

    @Slot(str)
    def _choose_sheet(self, name: str) -> None:
        if self._path is not None:
            self.open_file(self._path, name)

    @Slot(object)
    def _choose_columns(self, columns: Mapping) -> None:
        if self._sheet is None:
            return
        self._stop_looking()  # by those before: they are no longer what stands above
        self._columns = columns
        troubles = staff_headings.check(self._sheet, columns)
        self.columns.show_troubles(troubles)
        if troubles:
            self.lines.forget(_("Say first what the columns hold."))
        else:
            self._look(columns)

    def _look(self, columns: Mapping) -> None:
        self._stop_looking()
        self._columns = columns
        self.lines.begin()
        self._drawn.start()

    def _stop_looking(self) -> None:
        if self._looking is not None:
            self._looking.forget()
        self._drawn.stop()
        self._shown = None

    @Slot()
    def _look_again(self) -> None:
        """A card was changed, or an import taken back: what the list would do is another thing now."""
        self._is_old = not self.isVisible()  # a long list takes seconds of whoever works elsewhere
        if self._shown is not None and not self._is_old and not self.done.waiting.is_waiting:
            self._look(self._shown.preview.plan.mapping)

    def showEvent(self, event: QShowEvent) -> None:
        """Look at what changed meanwhile."""
        super().showEvent(event)
        if self._is_old:
            self._look_again()

    @Slot()
    def _begin_looking(self) -> None:
        sheet, columns, today = self._sheet, self._columns, self._workspace.today()
        if sheet is None or columns is None:
            return
        self._looking = self._workspace.read(
            import_items.look(sheet, columns, today),
            then=self._looked,
            failed=self._not_looked,
        )

    def _looked(self, shown: Shown) -> None:
        self._shown = shown
        self.lines.show_lines(shown)

    def _not_looked(self, error: DeskError) -> None:
        self.lines.forget("")
        self.lines.say_problem(sentence(error))

    @Slot()
    def _apply(self) -> None:
        if self._shown is None:
            return
        preview = self._shown.preview
        same, different = frozenset(self.lines.same), frozenset(self.lines.different)
        self._keep_keys()
        self.lines.apply.setEnabled(False)
        self.columns.setEnabled(False)
        told = _("Writing the list. You may go on working meanwhile.")
        self.done.wait(told)
        self.said.emit(told)  # the last card may be out of sight
        self._workspace.do(
            Action.MEMBERS_IMPORTED,
            lambda s: imports.apply(s, preview, same=same, different=different),
            then=self._applied,
            failed=self._not_applied,
        )

    def _keep_keys(self) -> None:
        """Take it from what is disabled or hidden next: there it would be lost, and keys with it."""
        focused = QApplication.focusWidget()
        if focused and (focused is self.lines.apply or self.columns.isAncestorOf(focused)):
            self.lines.table.setFocus()

    def _applied(self, report: ImportReport) -> None:
        self.columns.setEnabled(True)
        self._shown = None
        self.lines.finish()
        self.done.tell(messages.done(report), _("&Look at the members"))
        self._scroll.ensureWidgetVisible(self.done)
        if self.lines.table.hasFocus():
            self.done.open.setFocus()
        read_out(self.done, self.done.words.text())  # a focus that moves then would cut it short

    def _not_applied(self, error: DeskError) -> None:
        self.columns.setEnabled(True)
        self.done.begin(_("Nothing has been imported."))
        self.lines.apply.setEnabled(True)
        if isinstance(error, imports.ImportOutdated) and self._shown is not None:
            self._look(self._shown.preview.plan.mapping)  # its answers stay
        self.lines.say_problem(sentence(error))


def _stamp(path: Path) -> tuple[int, int]:
    about = path.stat()
    return about.st_size, about.st_mtime_ns
