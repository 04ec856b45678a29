"""Over the network: exchange now, how far it is, stop, and whether to do it by itself."""

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QProgressBar

from correspondent_desk.errors import DeskError
from correspondent_desk.gui.exchange import words
from correspondent_desk.gui.exchange.online import HOURLY, NEVER, OPENING, OnlineExchange
from correspondent_desk.gui.exchange.waiting import Waiting
from correspondent_desk.gui.widgets.buttons import button, main_button
from correspondent_desk.gui.widgets.card import Card
from correspondent_desk.gui.widgets.choice_field import ChoiceField
from correspondent_desk.gui.widgets.flow import flow_of
from correspondent_desk.gui.widgets.form import Form
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _
from correspondent_desk.messages import online as messages
from correspondent_desk.messages.errors import sentence
from correspondent_desk.sync.exchange import ExchangeStatus
from correspondent_desk.sync.online.exchange import OnlineReport
from correspondent_desk.sync.online.transfer import Progress, Stage

_STEPS = 1000


class OnlineCard(Card):
    """Shown where the hub has an address. No network is no trouble: a file works as well."""

    ended = Signal()
    read_wanted = Signal(Path)  # a bundle that somebody must decide about

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(_("Over the network"))
        self._workspace = workspace
        self.online = OnlineExchange.of(workspace)
        self.place = Words("", "small")
        self.now = main_button(_("E&xchange now"), "refresh-cw")
        self.now.clicked.connect(self.online.begin)
        self.stop = button(_("St&op"))
        self.stop.clicked.connect(self._stop)
        self.waiting = Waiting()
        self.bar = QProgressBar()
        self.bar.setRange(0, _STEPS)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(_("How far the exchange is"))
        self.problem = Words("", "problem").let_select()
        self.result = Words().let_select()
        self.look = button(_("&Look at the file…"))
        self.look.clicked.connect(self._look)
        self._undecided: Path | None = None
        self._stage: Stage | None = None  # of what is under way
        self.automatic: ChoiceField[str] = ChoiceField(
            [
                (NEVER, _("Only when I ask")),
                (OPENING, _("Each time the desk is opened")),
                (HOURLY, _("Every hour")),
            ]
        )
        self.automatic.set_value(self.online.automatic())
        self.automatic.chosen.connect(self.online.set_automatic)
        form = Form()
        form.add("automatic", _("Exchange b&y itself"), self.automatic)
        for widget in (self.place, flow_of(self.now, self.stop), self.waiting, self.bar,
                       self.problem, self.result, flow_of(self.look), form):  # fmt: skip
            self.body.addWidget(widget)
        for widget in (self.stop, self.bar, self.problem, self.result, self.look):
            widget.hide()
        self.online.began.connect(self._begin)
        self.online.progressed.connect(self._progress)
        self.online.ended.connect(self._end)
        self.online.refused.connect(self._refuse)
        if self.online.is_under_way:
            self._begin()

    def show_status(self, status: ExchangeStatus) -> None:
        """Where the hub is, if anybody has said."""
        self.setVisible(bool(status.address))
        self.place.setText(_("The hub is at {address}.").format(address=status.address))

    def take_focus(self) -> None:
        """Where work begins."""
        self.now.setFocus()

    @Slot()
    def _begin(self) -> None:
        for widget in (self.problem, self.result, self.look):
            widget.hide()
        # The button with the focus stays where it is: pressing it again does nothing.
        self.stop.setEnabled(True)
        self.stop.show()
        self._stage = Stage.CONNECTING
        self.waiting.begin(_("Calling the hub…"))

    @Slot(object)
    def _progress(self, progress: Progress) -> None:
        counts = progress.total > 0 and progress.stage in (Stage.SENDING, Stage.RECEIVING)
        self.bar.setVisible(counts)
        if counts:
            self.bar.setValue(_STEPS * progress.done // progress.total)
        tell = self.waiting.go_on if progress.stage is self._stage else self.waiting.begin
        self._stage = progress.stage
        tell(_in_words(progress))

    @Slot(object)
    def _end(self, report: OnlineReport) -> None:
        self._rest()
        lines = messages.report_in_words(report, self._workspace.today())
        self.result.tell("\n".join(lines))
        self._undecided = report.refused[0].path if report.refused else None
        self.look.setVisible(self._undecided is not None)
        trouble = messages.trouble_of(report)
        if trouble is not None:
            self._tell_trouble(trouble)
        self.ended.emit()

    @Slot(object)
    def _refuse(self, error: DeskError) -> None:
        self._rest()
        self._tell_trouble(error)
        self.ended.emit()

    def _tell_trouble(self, error: DeskError) -> None:
        told = sentence(error)
        if messages.is_calm(error):
            kept = self.result.text() if self.result.isVisible() else ""
            self.result.tell("\n".join(filter(None, (kept, told))))
        else:
            self.problem.tell(f"! {told}")

    def _rest(self) -> None:
        self.waiting.end()
        had_focus = self.stop.hasFocus()
        for widget in (self.stop, self.bar, self.problem, self.result):
            widget.hide()
        if had_focus:
            self.now.setFocus()

    @Slot()
    def _stop(self) -> None:
        self.stop.setEnabled(False)
        self.waiting.begin(_("Stopping…"))
        self.online.stop()

    @Slot()
    def _look(self) -> None:
        if self._undecided is not None:
            self.read_wanted.emit(self._undecided)


def _in_words(progress: Progress) -> str:
    done, total = words.size(progress.done), words.size(progress.total)
    match progress.stage:
        case Stage.CONNECTING:
            return _("Calling the hub…")
        case Stage.SENDING:
            return _("Sending: {done} of {total}").format(done=done, total=total)
        case Stage.WAITING:
            return _("Sent; the hub is taking it in…")
        case Stage.RECEIVING:
            return _("Receiving: {done} of {total}").format(done=done, total=total)
        case Stage.TAKING_IN:
            return _("Taking in what came. You may go on working meanwhile.")
