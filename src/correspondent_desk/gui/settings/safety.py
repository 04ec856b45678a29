"""Passphrase, recovery sheet and copies: what protects the store and brings it back."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QVBoxLayout

from correspondent_desk.errors import DeskError
from correspondent_desk.gui.choosing import stick_to_use
from correspondent_desk.gui.first_start.steps import passphrase_problems, strength
from correspondent_desk.gui.printing import place_for_recovery_sheet, print_pages
from correspondent_desk.gui.tasks import Job
from correspondent_desk.gui.widgets.buttons import button
from correspondent_desk.gui.widgets.card import Card
from correspondent_desk.gui.widgets.ctrl_enter import ctrl_enter_presses
from correspondent_desk.gui.widgets.flow import flow_of
from correspondent_desk.gui.widgets.form import Form
from correspondent_desk.gui.widgets.layouts import empty
from correspondent_desk.gui.widgets.line_edit import LineEdit
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _, ngettext
from correspondent_desk.messages.copies import in_words
from correspondent_desk.messages.errors import sentence
from correspondent_desk.records import office
from correspondent_desk.store import journal
from correspondent_desk.store.backup import CopyRow, Why, copies, hand_out
from correspondent_desk.store.database import Database
from correspondent_desk.store.files import write_whole
from correspondent_desk.sync import link

COPIES_SHOWN = 5

NewSheet = tuple[bytes, list[bytes], Callable[[], None]]
"""As PDF, its pages as pictures, and what makes it count in the place of the former one."""


class Keys(Protocol):
    """What the program does with the passphrase, in the background."""

    def change_passphrase(self, before: str, after: str) -> None: ...
    def new_recovery_sheet(self, passphrase: str, office: str) -> NewSheet: ...


def secret_field() -> LineEdit:
    """A field whose text is not shown."""
    field = LineEdit()
    field.setEchoMode(LineEdit.EchoMode.Password)
    return field


class PassphraseCard(Card):
    """Change the passphrase. Nothing typed here is ever kept."""

    said = Signal(str)

    def __init__(self, workspace: Workspace, keys: Keys) -> None:
        super().__init__(_("Passphrase"))
        self._workspace, self._keys = workspace, keys
        self._job: Job[None] | None = None
        self._is_changing = False
        self.before, self.after, self.again = secret_field(), secret_field(), secret_field()
        self.form = Form(forgets=True)
        self.form.add("before", _("Passphrase &now"), self.before, " ")
        self.form.add("first", _("New &passphrase"), self.after, " ")
        self.form.add("again", _("The new one a&gain"), self.again, " ")
        self.after.textChanged.connect(self.form.rows["again"].forget_problem)
        self.after.textChanged.connect(
            lambda typed: self.form.rows["first"].say_beside(strength(typed))
        )
        self.change = button(_("C&hange the passphrase"), "key-round")
        self.change.clicked.connect(self._change)
        ctrl_enter_presses(self.change, self.form)
        self.body.addWidget(self.form)
        self.body.addWidget(flow_of(self.change))

    @Slot()
    def _change(self) -> None:
        before, after = self.before.text(), self.after.text()
        if self.form.point_out(passphrase_problems(after, self.again.text())):
            return
        if self._is_changing:  # the button stays as it is, so that the focus does
            return
        self._is_changing = True
        keys = self._keys
        self._job = self._workspace.background(
            lambda: keys.change_passphrase(before, after), then=self._changed, failed=self._failed
        )

    def _changed(self, _nothing: None) -> None:
        self._is_changing = False
        for field in (self.before, self.after, self.again):
            field.clear()
        self.said.emit(
            _("The passphrase is changed. The recovery sheet still opens the desk.")
            if self._workspace.has_recovery_sheet()
            else _("The passphrase is changed.")
        )

    def _failed(self, error: DeskError) -> None:
        self._is_changing = False
        self.form.point_out({"before": sentence(error)})


class RecoveryCard(Card):
    """A new recovery sheet; the one before stops working."""

    said = Signal(str)

    def __init__(self, workspace: Workspace, keys: Keys) -> None:
        super().__init__(_("Recovery sheet"))
        self._workspace, self._keys = workspace, keys
        self._job: Job[NewSheet] | None = None
        self._taking: Job[None] | None = None
        self._is_making = False
        self.passphrase = secret_field()
        self.form = Form(forgets=True)
        self.what = Words("", "muted")
        self.form.add_widget(self.what)
        self.form.add("passphrase", _("Passphrase now, to &be sure"), self.passphrase)
        self.save = button(_("Save a new sheet as PD&F…"), "file-text")
        self.save.clicked.connect(self._choose_file)
        self.print = button(_("Print a new sheet…"), "printer")
        self.print.clicked.connect(self._print)
        self.committee = Words("", "small")
        self.body.addWidget(self.form)
        self.body.addWidget(flow_of(self.save, self.print))
        self.body.addWidget(self.committee)

    def say_what_a_new_one_does(self) -> None:
        """Or that none was made yet."""
        self.what.setText(
            _("A new sheet replaces the one before, which no longer opens the desk.")
            if self._workspace.has_recovery_sheet()
            else _(
                "No recovery sheet of this desk was printed or saved yet. Make one, for the day the"
                " passphrase is lost."
            )
        )

    def say_whether_helped(self, *, is_helped: bool) -> None:
        """Whether the committee could open this desk if passphrase and sheet were both lost."""
        self.committee.setText(
            _("Without passphrase and sheet, the committee can open this desk, once you ask it.")
            if is_helped
            else _(
                "Without passphrase and sheet nobody can open this desk: the committee has given it"
                " no recovery key. What it never sent would be lost."
            )
        )

    @Slot()
    def _choose_file(self) -> None:
        place = place_for_recovery_sheet(self)
        if place:
            self.save_sheet(place)

    def save_sheet(self, path: Path) -> None:
        """Make a new sheet and write it to path."""
        self._make(path)

    @Slot()
    def _print(self) -> None:
        self._make(None)

    def _make(self, target: Path | None) -> None:
        """target: the PDF; None: the printer. The buttons stay as they are, so that the focus does."""
        if self._is_making:  # of two sheets only one would open the desk
            return
        self._is_making = True
        passphrase, keys = self.passphrase.text(), self._keys
        name = self._workspace.now(office.office).name
        self._job = self._workspace.background(
            lambda: keys.new_recovery_sheet(passphrase, name),
            then=partial(self._made, target),
            failed=self._failed,
        )

    def _made(self, target: Path | None, sheet: NewSheet) -> None:
        """The former sheet counts until the new one is kept: who thinks better of it loses nothing."""
        pdf, pages, take = sheet
        self.passphrase.clear()
        self.form.show_problems({})
        try:
            if target is not None:
                write_whole(target, pdf)
            elif not print_pages(pages, self):
                self._is_making = False
                return
        except DeskError as error:
            self._failed(error)
            return
        taken = partial(self._taken, target)
        self._taking = self._workspace.background(take, then=taken, failed=self._not_taken)

    def _taken(self, target: Path | None, _nothing: None) -> None:
        self._is_making = False
        self.say_what_a_new_one_does()
        self.said.emit(
            _("The sheet was sent to the printer.")
            if target is None
            else _("Saved as {path}. Print it, then delete the file.").format(path=target)
        )

    def _not_taken(self, error: DeskError) -> None:
        self._is_making = False
        told = _("The former sheet still counts, not the new one. {why}")
        self.form.point_out({"passphrase": told.format(why=sentence(error))})

    def _failed(self, error: DeskError) -> None:
        self._is_making = False
        self.form.point_out({"passphrase": sentence(error)})


class CopiesCard(Card):
    """The verified copies of the store, a new one by one key, and the way back to one."""

    said = Signal(str)
    bring_back_wanted = Signal()
    joining_wanted = Signal()

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(_("Copies"))
        self._workspace = workspace
        self._job: Job[CopyRow] | None = None
        self._is_copying = False
        self._handing: Job[Path] | None = None
        self._folder: Path | None = None  # of the copies
        self.make = button(_("Make a cop&y now"), "copy")
        self.make.clicked.connect(self._make)
        self.add_action(flow_of(self.make))
        self.bring_back = button(_("B&ring a copy back…"), "history")
        self.bring_back.clicked.connect(self.bring_back_wanted)
        self._list = QVBoxLayout()
        self._list.setSpacing(4)
        self.body.addLayout(self._list)
        self.body.addWidget(
            Words(
                _(
                    "A copy is read through before it counts, and stays encrypted with the same"
                    " passphrase. Put one on a disk that is not plugged in all the time."
                ),
                "small",
            )
        )
        self.join = button(_("&Join the office anew…"), "link")
        self.join.clicked.connect(self.joining_wanted)
        self.open_folder = button(_("Open the folder"), "folder")
        self.open_folder.clicked.connect(self._open_folder)
        self.to_stick = button(_("Put a copy on a stick…"), "usb")
        self.to_stick.clicked.connect(self._choose_stick)
        self.problem = Words("", "problem").let_select()
        self.body.addWidget(flow_of(self.to_stick, self.open_folder, self.bring_back))
        self.body.addWidget(self.problem)
        self.why_join = Words(
            _(
                "If the committee was told that this computer is lost, and it is found again, it needs"
                " a new invitation to exchange:"
            ),
            "small",
        )
        self.body.addWidget(self.why_join)
        self.body.addWidget(flow_of(self.join))
        self.show_copies()

    def show_copies(self) -> None:
        """List the copies again, newest first."""
        empty(self._list)
        self.problem.hide()
        today = self._workspace.today()
        try:
            found = self._workspace.copies()
        except DeskError as error:
            self._failed(error)
            return
        for row in found[:COPIES_SHOWN]:
            self._list.addWidget(Words(in_words(row, today, found)))
        more = len(found) - COPIES_SHOWN
        if more > 0:
            self._list.addWidget(
                Words(ngettext("and {n} older one", "and {n} older ones", more).format(n=more))
            )
        self._folder = found[0].path.parent if found else None
        self.open_folder.setVisible(bool(found))
        is_joined = self._workspace.now(link.find) is not None
        self.join.setVisible(is_joined)
        self.why_join.setVisible(is_joined)
        if not found:
            self._list.addWidget(Words(_("No copy yet."), "muted"))

    @Slot()
    def _make(self) -> None:
        if self._is_copying:  # the button stays as it is, so that the focus does
            return
        self._is_copying = True
        self._job = self._workspace.copy(Why.ASKED, then=self._made, failed=self._failed)

    def _made(self, row: CopyRow) -> None:
        self._is_copying = False
        self.show_copies()
        self.said.emit(_("A copy was made and read through: {path}").format(path=row.path))

    @Slot()
    def _open_folder(self) -> None:
        if self._folder is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder)))

    @Slot()
    def _choose_stick(self) -> None:
        folder = stick_to_use(self, Path.home())
        if folder:
            self.hand_out(folder)

    def hand_out(self, place: Path) -> None:
        """Put a copy of all that is written into this folder, and say so once it was read there.

        The newest one does, if nothing was written since; else another one is made first.
        """
        if self._is_copying:
            return
        self._is_copying = True
        self._handing = self._workspace.consult(  # in one go: the window may be closed meanwhile
            lambda database: hand_out(_whole_copy(database).path, place),
            then=self._handed_out,
            failed=self._failed,
        )

    def _handed_out(self, path: Path) -> None:
        self._is_copying = False
        self.show_copies()
        told = _("The copy lies in {path} and was read again there. You may take the stick out.")
        self.said.emit(told.format(path=path))

    def _failed(self, error: DeskError) -> None:
        self._is_copying = False
        self.problem.tell(f"! {sentence(error)}")


def _whole_copy(database: Database) -> CopyRow:
    """The newest copy, if nothing was written since; else another one."""
    last = database.read(lambda s: journal.newest(s, 1))
    for newest in copies(database.folder)[:1]:
        # Also in the second in which it was made: its name tells no more of its time.
        if all(step.at.astimezone().replace(tzinfo=None) < newest.made_at for step in last):
            return newest
    return database.copy(Why.ASKED)
