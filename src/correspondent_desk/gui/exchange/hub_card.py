"""With the committee: joining by an invitation, files to send and to read, the shared folder."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QApplication, QWidget

from correspondent_desk.gui.choosing import (
    bundle_to_read,
    folder_to_use,
    invitation_to_use,
    stick_to_use,
)
from correspondent_desk.gui.exchange import words
from correspondent_desk.gui.exchange.waiting import Waiting
from correspondent_desk.gui.widgets.buttons import button, main_button, quiet_button
from correspondent_desk.gui.widgets.card import Card
from correspondent_desk.gui.widgets.draft_keeper import DraftKeeper
from correspondent_desk.gui.widgets.flow import flow_of
from correspondent_desk.gui.widgets.form import Form
from correspondent_desk.gui.widgets.layouts import column_of
from correspondent_desk.gui.widgets.line_edit import LineEdit
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _
from correspondent_desk.messages import online
from correspondent_desk.sync.exchange import ExchangeStatus, Prepared
from correspondent_desk.sync.sending import REFUSED


def _never(_status: ExchangeStatus) -> bool:
    return False


class HubCard(Card):
    """Asks its page to do things; shows where the exchange stands, and what came of the last one."""

    invitation_chosen = Signal(Path, str)  # file, name of this computer
    prepare_wanted = Signal(Path)  # folder
    read_wanted = Signal(Path)
    folder_wanted = Signal(Path)

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(_("With the committee’s hub"))
        self._workspace = workspace
        self._folder: Path | None = None
        self._is_over: Callable[[ExchangeStatus], bool] = _never  # what result says
        self._read_at: datetime | None = None  # when the last file of the hub was
        self._last_place = Path.home()  # where files were chosen last: the dialogs begin there
        self.waiting = Waiting()
        self.result = Words().let_select()
        self.problem = Words("", "problem").let_select()
        self.look = button(_("Look at the file…"))
        self.look.clicked.connect(self._look)
        self._undecided: Path | None = None
        for told in (self.result, self.problem, self.look):
            told.hide()
        self.joining = self._joining_part()
        self.exchanging = self._exchanging_part()
        self.exchanging.hide()
        self.joining.hide()
        for widget in (self.joining, self.exchanging, self.waiting, self.problem, self.result,
                       flow_of(self.look)):  # fmt: skip
            self.body.addWidget(widget)
        self._keeper = DraftKeeper(workspace.drafts, "exchange.join", {"name": self.name}, self)
        self._keeper.restore()
        workspace.closing.connect(self._keeper.keep_now)

    def show_status(self, status: ExchangeStatus, folder: Path | None) -> None:
        """Where the exchange stands; folder: the shared one, if there is one."""
        self._folder = folder
        focused = QApplication.focusWidget()
        was_joining = focused is not None and self.joining.isAncestorOf(focused)
        self.exchanging.setVisible(status.is_enrolled)
        is_joining = not status.is_enrolled or bool(status.uninvited)
        if was_joining and not is_joining:  # before it is hidden with the focus on it
            self.prepare.setFocus()
        self.joining.setVisible(is_joining)
        self.why_join.setText(online.forgotten() if status.has_forgotten else _why_join())
        self.why_join.setVisible(not status.is_enrolled)
        if status.is_enrolled:
            self.whose.setText(words.whose(status))
            self.standing.setText("\n".join(words.standing(status, self._workspace.today())))
        # Else joining is the main action, or exchanging over the network.
        self.prepare.set_main(is_main=not (is_joining or status.address))
        if folder is None or status.address:
            self.shared.setText(_("Exchange through a &shared folder…"))
        else:
            self.shared.setText(_("Exchange &now"))
            self.place.setText(_("Shared folder: {path}").format(path=folder))
        self._read_at = status.received_at
        if self._is_over(status):
            self.say("")
        self.place.setVisible(folder is not None)
        self.other_folder.setVisible(folder is not None)

    @property
    def is_busy(self) -> bool:
        """Whether something is being done; its buttons stay as they are, so that the focus does."""
        return self.waiting.is_waiting

    def begin(self, what: str) -> None:
        """Something was asked for and is being done."""
        self.say("")
        self.waiting.begin(what)

    def say(self, told: str, is_over: Callable[[ExchangeStatus], bool] = _never) -> None:
        """What came of it; it stays until the next one, or until is_over."""
        self._end()
        self._is_over = is_over
        self.result.tell(told)

    def ready(self, told: str, made: Prepared) -> None:
        """A file lies ready, which told says until the hub has answered."""
        read_at = self._read_at
        if made.operations:
            self.say(told, lambda status: made.number not in _still_out(status))
        else:  # no acknowledgement of it is awaited: any answer will do
            self.say(told, lambda status: status.received_at != read_at)

    def offer(self, undecided: Path) -> None:
        """A way to the file that result is about, which somebody must decide on."""
        self._undecided = undecided
        self.look.show()

    def refuse(self, told: str) -> None:
        """Why it could not be done."""
        self._end()
        self.problem.tell(f"! {told}")

    def keep(self) -> None:
        """Keep what is typed."""
        self._keeper.keep_now()

    def joined(self, told: str) -> None:
        """The name was used; told says so, until the hub knows this desk."""
        self._keeper.forget()
        self.say(told, lambda status: status.is_welcomed)

    def take_focus(self) -> None:
        """Where work begins."""
        (self.prepare if self.exchanging.isVisible() else self.join).setFocus()

    def _end(self) -> None:
        self.waiting.end()
        for widget in (self.problem, self.result, self.look):
            widget.hide()

    def _joining_part(self) -> QWidget:
        self.name = LineEdit()
        self.join = main_button(_("&Join with an invitation…"), "link")
        self.join.clicked.connect(self._choose_invitation)
        self.name.returnPressed.connect(self.join.click)
        form = Form()
        form.add(
            "name",
            _("Name of this comp&uter"),
            self.name,
            _("As the other desks of the office will know it, like: front desk, laptop."),
        )
        self.why_join = Words(_why_join())
        return column_of(self.why_join, form, flow_of(self.join))

    def _exchanging_part(self) -> QWidget:
        self.whose = Words("", "strong")
        self.standing = Words()
        self.place = Words("", "small")
        self.prepare = main_button(_("&Prepare a file…"), "upload")
        self.prepare.clicked.connect(self._choose_place)
        self.read = button(_("&Read a file…"), "download")
        self.read.clicked.connect(self._choose_bundle)
        self.shared = button(_("Exchange through a &shared folder…"), "refresh-cw")
        self.shared.clicked.connect(self._exchange)
        self.other_folder = quiet_button(_("Another folder…"))
        self.other_folder.clicked.connect(self._choose_folder)
        return column_of(
            self.whose,
            self.standing,
            flow_of(self.prepare, self.read, self.shared, self.other_folder),
            self.place,
        )

    @Slot()
    def _choose_invitation(self) -> None:
        path = invitation_to_use(self, self._last_place)
        if path:
            self._last_place = path.parent
            self.join_with(path)

    def join_with(self, path: Path) -> None:
        """Use the invitation at path."""
        self.invitation_chosen.emit(path, self.name.text().strip())

    @Slot()
    def _choose_place(self) -> None:
        folder = stick_to_use(self, self._last_place)
        if folder:
            self._last_place = folder
            self.prepare_wanted.emit(folder)

    @Slot()
    def _choose_bundle(self) -> None:
        path = bundle_to_read(self, _("Choose a file of the hub"), self._last_place)
        if path:
            self._last_place = path.parent
            self.read_wanted.emit(path)

    @Slot()
    def _look(self) -> None:
        if self._undecided is not None:
            self.read_wanted.emit(self._undecided)

    @Slot()
    def _exchange(self) -> None:
        if self._folder is None:
            self._choose_folder()
        else:
            self.folder_wanted.emit(self._folder)

    @Slot()
    def _choose_folder(self) -> None:
        folder = folder_to_use(
            self, _("Choose the folder shared with the hub"), self._folder or Path.home()
        )
        if folder:
            self.folder_wanted.emit(folder)


def _still_out(status: ExchangeStatus) -> set[int]:
    return {row.number for row in status.handed_over if row.state != REFUSED}


def _why_join() -> str:
    return _(
        "This desk keeps everything to itself. To share its work with the other desks"
        " of your office, and to have it kept safe by the committee, ask the committee"
        " for an invitation: a small file, good for one computer."
    )
