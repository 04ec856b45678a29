"""The last step of the first start, of a desk that was just made: its recovery sheet is kept."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeAlias

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from correspondent_desk.errors import DeskError
from correspondent_desk.gui.first_start.made import Made
from correspondent_desk.gui.first_start.steps import RecoveryStep
from correspondent_desk.gui.printing import place_for_recovery_sheet
from correspondent_desk.gui.tasks import Job, Tasks
from correspondent_desk.language import _
from correspondent_desk.messages.errors import sentence

Sheet: TypeAlias = tuple[bytes, list[bytes]]
"""The recovery sheet as PDF, and a picture of each page for a printer."""


class SheetStep(RecoveryStep):
    """Saved, printed or copied by hand and read back: then its code opens the desk."""

    finished = Signal(object)  # the desk
    failed = Signal(str)  # why the sheet was not kept; nothing once it is

    def __init__(
        self,
        tasks: Tasks,
        made: Made,
        draw: Callable[[], Sheet],
        print_pages: Callable[[list[bytes], QWidget], bool],
    ) -> None:
        """draw runs in the background."""
        super().__init__(made.recovery_code)
        self._tasks, self._made, self._draw, self._print = tasks, made, draw, print_pages
        self._drawing: Job[Sheet] | None = None
        self._taking: Job[None] | None = None
        self._is_taken = False  # the code opens the desk: its sheet was kept or read back
        self.save_wanted.connect(self._choose_file)
        self.print_wanted.connect(self._print_sheet)
        self.done.connect(self._finish)

    @Slot()
    def _choose_file(self) -> None:
        place = place_for_recovery_sheet(self)
        if place:
            self.save_sheet(place)

    def save_sheet(self, path: Path) -> None:
        """Write the sheet as PDF to path and say so once it is there."""
        self._drawing = self._tasks.read(self._draw, partial(self._write, path), self._not_kept)

    @Slot()
    def _print_sheet(self) -> None:
        self._drawing = self._tasks.read(self._draw, self._send, self._not_kept)

    def _write(self, path: Path, drawn: Sheet) -> None:
        from correspondent_desk.store.files import write_whole

        try:
            write_whole(path, drawn[0])
        except DeskError as error:
            self._not_kept(error)
            return
        told = _("Saved as {path}. Print it, then delete the file.").format(path=path)
        self._take_code(partial(self._say_kept, told))

    def _send(self, drawn: Sheet) -> None:
        try:
            is_sent = self._print(drawn[1], self)
        except DeskError as error:
            self._not_kept(error)
            return
        if is_sent:
            self._take_code(partial(self._say_kept, _("The sheet was sent to the printer.")))

    def _take_code(self, then: Callable[[None], None]) -> None:
        """Let the code open the desk from now on; one that nobody may have opens nothing."""
        self._taking = self._tasks.write(self._made.take_code, then=then, failed=self._not_kept)

    def _say_kept(self, told: str, _nothing: None) -> None:
        self._is_taken = True
        self.failed.emit("")
        self.said.tell(told)

    def _not_kept(self, error: DeskError) -> None:
        self.onward.setEnabled(True)
        self.failed.emit(sentence(error))

    @Slot()
    def _finish(self) -> None:
        if self._is_taken:
            self._finished(None)
            return
        self.onward.setEnabled(False)  # twice would open the desk twice
        self._take_code(self._finished)

    def _finished(self, _nothing: None) -> None:
        self.finished.emit(self._made.desk)
