"""What was changed at the office: its sites, absences, drop-in sessions, and meetings of many."""

from PySide6.QtCore import Slot

from correspondent_desk.gui.tasks import Job
from correspondent_desk.gui.widgets.buttons import button
from correspondent_desk.gui.widgets.card import Card
from correspondent_desk.gui.widgets.history_list import HistoryList, Past, read_past
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _
from correspondent_desk.records import pasts


class PastCard(Card):
    """Who changed what is nobody's card, and when; read when it is asked for only."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(_("History of the office"))
        self._workspace = workspace
        self._job: Job[Past] | None = None
        self.show_it = button("", "history")
        self.show_it.clicked.connect(self._turn)
        self.add_action(self.show_it)
        self.history = HistoryList()
        self._show_list(is_wanted=False)
        self.body.addWidget(
            Words(
                _(
                    "Who changed the office, its sites, absences and drop-in sessions, with what "
                    "stood there before. The history of a member or a request is on its card."
                ),
                "muted",
            )
        )
        self.body.addWidget(self.history)

    def refresh(self) -> None:
        """Read again what is in view."""
        if not self.history.isHidden():
            self._read()

    @Slot()
    def _turn(self) -> None:
        if self.history.isHidden():
            self._read()
            return
        if self._job:  # read again meanwhile: it would be shown again
            self._job.forget()
        self._show_list(is_wanted=False)

    def _read(self) -> None:
        if self._job:
            self._job.forget()
        self._job = self._workspace.read(lambda s: read_past(s, pasts.of_office(s)), self._show)

    def _show(self, past: Past) -> None:
        self._job = None
        self.history.show_past(past, self._workspace.today())
        self._show_list(is_wanted=True)

    def _show_list(self, *, is_wanted: bool) -> None:
        self.history.setVisible(is_wanted)
        self.show_it.setText(_("Hide the h&istory") if is_wanted else _("Show the h&istory"))
