"""Reading a file of the hub: who sent it, what it would do, and only then taking it in."""

from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout, QWidget

from correspondent_desk.errors import DeskError
from correspondent_desk.gui.exchange import words
from correspondent_desk.gui.exchange.waiting import Waiting
from correspondent_desk.gui.tasks import Job
from correspondent_desk.gui.widgets.aloud import read_out
from correspondent_desk.gui.widgets.buttons import button, danger_button, edge_button, main_button
from correspondent_desk.gui.widgets.card import Card
from correspondent_desk.gui.widgets.card_column import CardColumn
from correspondent_desk.gui.widgets.flow import flow_of
from correspondent_desk.gui.widgets.scroll import Scroll
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _
from correspondent_desk.messages import exchange as messages
from correspondent_desk.messages.errors import sentence
from correspondent_desk.messages.refusals import removes_much
from correspondent_desk.store.changes import Changed
from correspondent_desk.store.database import Database
from correspondent_desk.sync import exchange
from correspondent_desk.sync.reports import Effect, Fate, Preview, Report


class BundleView(QWidget):
    """open_file shows; apply takes in; the report stays until another file is read."""

    back_wanted = Signal()
    settle_wanted = Signal()
    taken_in = Signal()
    said = Signal(str)  # a sentence for the quiet line

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace
        self._path: Path | None = None
        self._looking: Job[Preview] | None = None
        self._found: Preview | None = None  # of the file at path
        self._is_taking_in = False
        self.back = edge_button(_("Back to the exchanges"), "arrow-left")
        self.back.clicked.connect(self.back_wanted)
        self.before = Card(_("What the file would change"))
        self.file = Words("", "small")
        self.waiting = Waiting()
        self.told = Words().let_select()
        self.advice = Words()  # what to do with it, until it is done
        self.problem = Words("", "problem").let_select()
        self.apply = main_button(_("&Apply"), "check")
        self.apply.clicked.connect(partial(self._apply, is_meant=False))
        self.asking = self._question()
        self.more, self.more_done = Words("", "small"), Words("", "small")
        for widget in (self.file, self.waiting, self.problem, self.told, self.advice, self.more):
            self.before.body.addWidget(widget)
        self.before.body.addWidget(self.asking)
        self.before.body.addWidget(self.apply, 0, Qt.AlignmentFlag.AlignRight)
        self.after = Card(_("What was done"))
        self.report = Words().let_select()
        self.settle = button(_("&Settle the disagreements"))
        self.settle.clicked.connect(self.settle_wanted)
        self.way_back = Words(
            _("All of it can be taken back in one step, under “Exchanges that came”."), "small"
        )
        self.after.body.addWidget(self.report)
        self.after.body.addWidget(self.more_done)
        self.after.body.addWidget(self.way_back)
        self.after.body.addWidget(flow_of(self.settle))
        cards = CardColumn(_("Read a file"), self.back)
        for card in (self.before, self.after):
            cards.add(card)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(Scroll(cards))
        self.setFocusProxy(self.back)

    @property
    def begun(self) -> Path | None:
        """The file that is being looked at; None once it is taken in."""
        return None if self._is_taking_in or self.after.isVisibleTo(self) else self._path

    def open_file(self, path: Path) -> None:
        """Show what taking in the file at path would do; nothing is written."""
        if self._is_taking_in:  # of what is being written must be told first
            self.said.emit(_("Another file can be opened once this one is taken in."))
            return
        if self._looking is not None:
            self._looking.forget()
        self._path = path
        self.file.setText(str(path))
        parts = (self.problem, self.told, self.advice, self.more)
        for widget in (*parts, self.asking, self.apply, self.after):
            widget.hide()
        self.waiting.begin(_("Checking the file…"))
        self._looking = self._workspace.consult(
            lambda db: exchange.preview(db, path), then=self._looked, failed=self._refused
        )

    def _question(self) -> QFrame:
        """Asked before much leaves the lists; the safe answer has the focus."""
        asking = QFrame()
        asking.setProperty("role", "notice")
        self.question = Words("", "strong").let_select()
        self.leave_it = button(_("&Leave the file alone"))
        self.leave_it.clicked.connect(self.back_wanted)
        self.take_it = danger_button(_("Ta&ke them out of the lists"), "trash-2")
        self.take_it.clicked.connect(partial(self._apply, is_meant=True))
        advice = _(
            "Nothing was changed yet. Ask whoever sent the file whether it is meant. A copy of the"
            " desk is kept, and the step can be taken back."
        )
        column = QVBoxLayout(asking)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        column.addWidget(self.question)
        column.addWidget(Words(advice))
        column.addWidget(flow_of(self.leave_it, self.take_it, gap=24))
        asking.hide()
        return asking

    def _looked(self, found: Preview) -> None:
        self.waiting.end()
        self._found = found
        self.advice.setVisible(
            found.fate in {Fate.NOTHING_NEW, Fate.REFUSAL}
            and not (found.has_catalogue or found.erased)
        )
        self.advice.setText(
            _("It brings no change. Apply it, so that this desk notes what has come.")
            if found.acknowledged or found.refusal
            else _("Apply it all the same: it tells what the hub has received.")
        )
        self._tell(found)
        self.told.show()
        _say_more(self.more, found.effect)
        is_new = found.fate not in {Fate.DUPLICATE, Fate.BYGONE}
        self.apply.setVisible(is_new)
        self.apply.setEnabled(is_new)
        if is_new:
            self.apply.setFocus()
        read_out(self.told, self.told.text())

    def _tell(self, found: Preview) -> None:
        told = messages.preview_in_words(found, self._workspace.today())
        number = _("File no. {number}, {size}.").format(
            number=found.number, size=words.size(found.size)
        )
        self.told.setText("\n".join([told[0], number, *told[1:]]))

    def _refused(self, error: DeskError) -> None:
        self._is_taking_in = False
        self.waiting.end()
        if isinstance(error, exchange.RemovesMuch):
            self._ask(error)
            return
        self.problem.tell(f"! {sentence(error)}")
        self.apply.setVisible(self.apply.isVisible() and not self.after.isVisible())
        self.apply.setEnabled(True)

    def _ask(self, error: exchange.RemovesMuch) -> None:
        self.question.setText(removes_much(error.kind).format(**error.details))
        if self._found is not None:
            self._tell(replace(self._found, removes_much=None))  # the question says it now
        self.asking.setAccessibleName(self.question.text())
        self.apply.hide()
        self.asking.show()
        self.leave_it.setAccessibleDescription(self.question.text())
        self.leave_it.setFocus(Qt.FocusReason.OtherFocusReason)

    def _apply(self, *, is_meant: bool) -> None:
        path = self._path
        if path is None:
            return

        def work(db: Database) -> tuple[Report, Changed]:
            report = exchange.apply(db, path, is_meant=is_meant)
            return report, report.changed

        focused = QApplication.focusWidget()
        if focused is not None and self.before.isAncestorOf(focused):
            self.back.setFocus()  # else Qt looks for the next place, far from here
        self.apply.setEnabled(False)
        self.asking.hide()
        self.problem.hide()
        self.waiting.begin(_("Taking the file in. You may go on working meanwhile."))
        self._is_taking_in = True
        self._workspace.lend(work, then=self._taken_in, failed=self._refused)

    def _taken_in(self, report: Report) -> None:
        self._is_taking_in = False
        self.waiting.end()
        self.advice.hide()
        self.apply.hide()
        told = messages.report_in_words(report, self._workspace.today())
        self.report.setText("\n".join(told))
        _say_more(self.more_done, report.effect)
        self.settle.setVisible(bool(report.effect.disagreements))
        self.way_back.setVisible(bool(report.effect.operations))
        self.after.show()
        if self.back.hasFocus() and self.settle.isVisible():
            self.settle.setFocus()
        read_out(self.report, self.report.text())
        self.taken_in.emit()


def _say_more(where: Words, effect: Effect) -> None:
    told = " ".join(filter(None, [*words.effect_by_kind(effect), words.people(effect)]))
    where.setText(told)
    where.setVisible(bool(told))
