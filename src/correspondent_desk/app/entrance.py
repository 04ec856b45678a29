"""What stands in the window before a desk is open: the first start, the lock and its ways round, trouble."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from correspondent_desk.app.ways import Ways
from correspondent_desk.errors import DeskError
from correspondent_desk.gui.main_window import MainWindow
from correspondent_desk.gui.tasks import Tasks
from correspondent_desk.language import _
from correspondent_desk.store.vault import (
    DeskAway,
    DeskFolder,
    demo_passphrase,
    has_recovery,
    is_set_up,
)

if TYPE_CHECKING:
    from correspondent_desk.gui.lock.bring_back import BringBackPage
    from correspondent_desk.store.database import Database


class Entrance(QObject):
    """Shows in the window what there is to do, until a desk is open. Pages are loaded when shown."""

    opened = Signal(object)  # Database
    told = Signal(str)  # after opened: what became of a copy
    exchange_wanted = Signal()  # after opened, of a desk that was invited

    def __init__(
        self, window: MainWindow, tasks: Tasks, ways: Ways, now: Callable[[], datetime]
    ) -> None:
        """now gives local time, aware."""
        super().__init__()
        self._window, self._tasks, self._ways, self._now = window, tasks, ways, now
        self._asked_at: DeskFolder | None = None  # where a desk was, when its passphrase was asked

    def open_invented(self) -> None:
        """If the people here are invented: by way of the lock, so that nobody opens them beside it."""
        from correspondent_desk.gui.lock.page import LockPage

        lock, passphrase = self._window.presented, demo_passphrase(self._ways.folder)
        if passphrase is not None and isinstance(lock, LockPage):
            lock.open_with(passphrase)

    def show_first_start(self) -> None:
        """Ask for the office, the passphrase, and test the recovery sheet."""
        from correspondent_desk.gui.first_start.page import FirstStart
        from correspondent_desk.gui.printing import print_pages

        ways = self._ways
        page = FirstStart(self._tasks, ways.new_desk, ways.recovery_sheet, print_pages)
        page.finished.connect(self.opened)
        page.exchange_wanted.connect(self.exchange_wanted)
        page.demo_wanted.connect(self._open_demo)
        page.office.copy_wanted.connect(self.show_copies)
        self._window.turn_to(page)

    @Slot()
    def show_lock(self) -> None:
        """Ask for the passphrase."""
        from correspondent_desk.gui.lock.page import LockPage

        self._asked_at = self._ways.folder
        known = demo_passphrase(self._ways.folder)
        page = LockPage(self._tasks, self._ways.by_passphrase, known)
        page.unlocked.connect(self.opened)
        page.refused.connect(self.trouble)
        page.recovery_wanted.connect(self._show_recovery)
        self._window.turn_to(page)

    @Slot()
    def look_for_others(self) -> None:
        """Tell who is asked for the passphrase, and has not given it, that the desk is open elsewhere."""
        if self._waits_for_passphrase():  # else this window opens it by now
            self._tasks.read(self._ways.look_for_others, failed=self._found_another)

    def _found_another(self, error: DeskError) -> None:
        if self._waits_for_passphrase():
            self.trouble(error)

    def _waits_for_passphrase(self) -> bool:
        from correspondent_desk.gui.lock.page import LockPage

        lock = self._window.presented
        return isinstance(lock, LockPage) and not lock.is_trying

    def say_on_lock(self, sentence: str) -> None:
        """Beside the passphrase, if it is asked."""
        from correspondent_desk.gui.lock.page import LockPage

        lock = self._window.presented
        if isinstance(lock, LockPage):
            lock.message.tell(sentence)

    @Slot()
    def _show_recovery(self) -> None:
        from correspondent_desk.gui.lock.recovery import RecoveryPage

        page = RecoveryPage(self._tasks, self._ways.by_recovery_code)
        page.unlocked.connect(self.opened)
        page.left.connect(self.show_lock)
        page.committee_wanted.connect(self._show_committee)
        self._window.turn_to(page)

    @Slot()
    def _show_committee(self) -> None:
        from correspondent_desk.gui.lock.committee import CommitteePage

        ways = self._ways
        page = CommitteePage(self._tasks, ways.ask_committee, ways.by_committee)
        page.show_asked(ways.asked_committee())
        page.unlocked.connect(self._opened_by_committee)
        page.left.connect(self._show_recovery)
        self._window.turn_to(page)

    @Slot(object)
    def _opened_by_committee(self, database: "Database") -> None:
        """The sheet is lost, and may be in strange hands."""
        self.opened.emit(database)
        if has_recovery(database.folder):
            self.told.emit(
                _("The lost recovery sheet still opens this desk: make a new one in the settings.")
            )

    @Slot(object)
    def trouble(self, error: DeskError) -> None:
        """Say what prevents the desk from opening, and let the person try again."""
        from correspondent_desk.gui.widgets.buttons import button, main_button
        from correspondent_desk.gui.widgets.trouble import Trouble, report_of
        from correspondent_desk.messages.errors import trouble

        words = trouble(error)
        page = Trouble(words.happened, words.safe, words.to_do, report_of(error))
        make = main_button  # the first one
        for text, picture, way_out in self._ways_out(error):
            made = make(text, picture)
            made.clicked.connect(way_out)
            page.add_action(made)
            make = button
        self._window.turn_to(page)

    def _ways_out(self, error: DeskError) -> list[tuple[str, str, Callable[[], None]]]:
        """In words, with a picture; the one that helps most first."""
        found = [(_("&Try again"), "", self._begin_again)]
        if error.code in ("store-damaged", "no-store", "desk-away"):
            found.append((_("B&ring a copy back…"), "history", self._show_copies_of_broken))
        if error.code == "slots-damaged" and error.details.get("copy"):
            found.append((_("&Put the copy in its place"), "history", self._put_slots_back))
        if error.full_code == "desk-away:gone":
            found.append((_("Begin a &new desk…"), "plus", self.show_first_start))
        if error.details.get("copies") or error.details.get("copy"):
            found.reverse()  # who tries again finds the same damage
        return found

    @Slot()
    def _begin_again(self) -> None:
        self.begin()
        self.look_for_others()

    @Slot()
    def _put_slots_back(self) -> None:
        from correspondent_desk.store.vault import restore_slots

        try:
            restore_slots(self._ways.folder)
        except DeskError as error:
            self.trouble(error)
        else:
            self.begin()

    @Slot()
    def show_copies(self) -> None:
        """Let a copy be chosen that takes the place of the store, which is closed."""
        self._show_copies(is_whole=True)

    @Slot()
    def _show_copies_of_broken(self) -> None:
        self._show_copies(is_whole=False)

    def _show_copies(self, *, is_whole: bool) -> None:
        from correspondent_desk.gui.lock.bring_back import BringBackPage, Here
        from correspondent_desk.store.backup import copies

        folder = self._ways.folder
        try:
            found, is_desk = copies(folder), is_set_up(folder)
        except DeskError as error:
            self.trouble(error)
            return
        here = Here.A_DESK if is_whole else Here.A_BROKEN_DESK
        if not is_desk:
            here = Here.NO_DESK
        page = BringBackPage(self._tasks, found, self._now().date(), self._ways.by_copy, here=here)
        page.unlocked.connect(partial(self._came_back, page))
        page.left.connect(self.begin)
        self._window.turn_to(page)

    def _came_back(self, page: "BringBackPage", database: "Database") -> None:
        told = page.came_back()
        self.opened.emit(database)
        self.told.emit(told)

    @Slot()
    def show_joining(self) -> None:
        """Let the desk, which is closed, join its office anew with an invitation."""
        from correspondent_desk.gui.lock.joining import JoinPage

        page = JoinPage(self._tasks, self._ways.by_invitation)
        page.unlocked.connect(self.opened)
        page.left.connect(self.begin)
        self._window.turn_to(page)

    @Slot()
    def begin(self) -> None:
        """Show the first thing there is to do."""
        missed: DeskAway | None = None
        try:
            if is_set_up(self._ways.folder):
                self.show_lock()
                return
            missed = self._missed()
        except DeskAway as error:
            missed = error
        if missed is None:
            self.show_first_start()
        else:  # not as if there had never been a desk
            self.trouble(missed)

    def _missed(self) -> DeskAway | None:
        from correspondent_desk.store import whereabouts

        folder = self._ways.folder
        if self._asked_at == folder:
            return DeskAway(folder=str(folder.path))
        return whereabouts.missed(folder)

    @Slot()
    def _open_demo(self) -> None:
        self._tasks.read(self._ways.demo, then=self._demo_opened, failed=self.trouble)

    def _demo_opened(self, database: "Database") -> None:
        self.opened.emit(database)
