"""What was done, in a report that stays, with the way to take all of it back in one step."""

from PySide6.QtCore import Signal, Slot

from correspondent_desk.gui.exchange.waiting import Waiting
from correspondent_desk.gui.widgets.buttons import button
from correspondent_desk.gui.widgets.card import Card
from correspondent_desk.gui.widgets.flow import flow_of
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.workspace import Happening, How, Workspace
from correspondent_desk.language import _


class DoneCard(Card):
    """Follows the step that was newest when tell was called: taken back, done again, or covered."""

    opened = Signal()  # look at what came of it
    turned = Signal(bool)  # taken back; False: done again

    def __init__(self, workspace: Workspace, title: str, undo: str) -> None:
        super().__init__(title)
        self._workspace = workspace
        self._step = 0
        self._report = ""
        self._is_undone = False
        self.waiting = Waiting()
        self.words = Words().let_select()
        self.note = Words("", "small")
        self.undo = button(undo, "undo-2")
        self.undo.clicked.connect(self._undo)
        self.open = button("", "users")
        self.open.clicked.connect(self.opened)
        self.answers = flow_of(self.open, self.undo)
        for widget in (self.waiting, self.words, self.note, self.answers):
            self.body.addWidget(widget)
        workspace.undoable_changed.connect(self._follow)
        workspace.happened.connect(self._hear)

    @property
    def is_done(self) -> bool:
        """Whether there is a report."""
        return bool(self._report)

    def begin(self, sentence: str) -> None:
        """Nothing was done yet."""
        self._step, self._report, self._is_undone = 0, "", False
        self.waiting.end()
        self.words.setText(sentence)
        self.words.show()
        self.note.hide()
        self.answers.hide()

    def wait(self, sentence: str) -> None:
        """It is being done."""
        self.begin("")
        self.words.hide()
        self.waiting.begin(sentence)

    def tell(self, report: str, look: str) -> None:
        """Say what was done; look is what to do next, in words."""
        self.begin(report)
        self._report = report
        newest = self._workspace.undoable
        self._step = newest.id if newest else 0
        self.open.setText(look)
        self.answers.show()
        self._follow()

    @Slot()
    def _follow(self) -> None:
        if not self._step or self._is_undone:
            return
        newest = self._workspace.undoable
        is_newest = newest is not None and newest.id == self._step
        self.undo.setVisible(is_newest)
        self.note.setVisible(not is_newest)
        self.note.setText(
            _("To take it back, take back first what was done since (Ctrl+Z, step by step).")
        )

    @Slot(object)
    def _hear(self, happening: Happening) -> None:
        if not self._step or happening.step.id != self._step:
            return
        self._is_undone = happening.how is How.UNDONE
        if self._is_undone:
            self.words.setText(_("All of it was taken back. Ctrl+Y does it again."))
            self.undo.hide()
            self.note.hide()
        else:
            self.words.setText(self._report)
            self._follow()
        self.turned.emit(self._is_undone)

    @Slot()
    def _undo(self) -> None:
        self.undo.hide()
        self._workspace.undo()
