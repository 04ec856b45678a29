"""What became of each step: said in the quiet line, with the way back."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from correspondent_desk.errors import DeskError
from correspondent_desk.gui.keys import Command
from correspondent_desk.gui.quiet_line import QuietLine
from correspondent_desk.gui.workspace import Happening, How, Workspace
from correspondent_desk.language import _
from correspondent_desk.store.changes import ActionRow


class Telling(QObject):
    """Hears from the workspace what was done and what was refused."""

    chosen = Signal(object)  # Command: what the line offered

    def __init__(
        self,
        line: QuietLine,
        workspace: Workspace,
        *,
        name_step: Callable[[ActionRow], str],
        explain: Callable[[DeskError], str],
    ) -> None:
        """name_step and explain put a step of history and a refusal into words."""
        super().__init__(line)
        self._line, self._name_step, self._explain = line, name_step, explain
        self._offered = Command.UNDO
        line.acted.connect(self._choose)
        workspace.happened.connect(self._tell)
        workspace.refused.connect(self._tell_refusal)

    @Slot(object)
    def _tell(self, happening: Happening) -> None:
        step = self._name_step(happening.step)
        self._offered = Command.REDO if happening.how is How.UNDONE else Command.UNDO
        match happening.how:
            case How.DONE:
                self._line.say(_("Saved: {step}").format(step=step), *_undo_words(step))
            case How.UNDONE:
                redo = _("Redo “{step}”").format(step=step)
                self._line.say(_("Taken back: {step}").format(step=step), _("Redo"), redo, "redo-2")
            case How.REDONE:
                self._line.say(_("Done again: {step}").format(step=step), *_undo_words(step))

    @Slot(object)
    def _tell_refusal(self, error: DeskError) -> None:
        self._line.warn(self._explain(error))

    @Slot()
    def _choose(self) -> None:
        self.chosen.emit(self._offered)


def _undo_words(step: str) -> tuple[str, str]:
    return _("Undo"), _("Undo “{step}”").format(step=step)
