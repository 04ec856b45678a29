"""One window on one desk: store, tasks, workspace and pages are built and connected here."""

import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

from correspondent_desk.app import loading
from correspondent_desk.app.entrance import Entrance
from correspondent_desk.app.speech import Speech
from correspondent_desk.app.ways import Ways
from correspondent_desk.errors import DeskError
from correspondent_desk.gui import preferences as preferences_of
from correspondent_desk.gui.main_window import MainWindow
from correspondent_desk.gui.preferences import Preferences
from correspondent_desk.gui.tasks import Tasks
from correspondent_desk.gui.theme import Theme, application
from correspondent_desk.language import _
from correspondent_desk.store.vault import DeskFolder, demo_passphrase, is_set_up

if TYPE_CHECKING:
    from correspondent_desk.gui.committee.work import Work
    from correspondent_desk.gui.frame import Frame
    from correspondent_desk.gui.page import Target
    from correspondent_desk.gui.workspace import Workspace
    from correspondent_desk.store.database import Database

PAINTED_MS = 50  # the first window is; what is loaded at the same time would make it later
A_MOMENT_MS = 300  # the first page is on the screen by then
A_WHILE_MS = 3000  # the other pages are built by then
_ENDS = ("SIGINT", "SIGTERM", "SIGHUP")  # Windows knows no SIGHUP


def run(folder: DeskFolder, chosen_language: str | None = None) -> int:
    """Open the window on folder and stay until it is closed; the exit status."""
    app = application(sys.argv[0])
    app.setApplicationName("Correspondent Desk")
    app.setDesktopFileName("correspondent-desk")
    program = Program(app, folder, chosen_language)
    sys.excepthook = program.report_bug
    program.start()
    _hear_of_the_end(app)
    return app.exec()


def _hear_of_the_end(app: QApplication) -> None:
    """Close at Ctrl+C, and where a session or a terminal ends, as if by hand.

    Python calls what hears it between two steps of its own, at the latest when Tasks look for garbage.
    """
    for name in _ENDS:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, lambda *_told: QTimer.singleShot(0, app.quit))


class Program(QObject):
    """One window on one desk, from the lock to the pages and back."""

    def __init__(
        self,
        app: QApplication,
        folder: DeskFolder,
        chosen_language: str | None = None,
        *,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        """clock gives local time, aware; by default this computer's."""
        super().__init__()
        self._clock = clock
        folder = DeskFolder(folder.path.absolute())  # as it is shown: a half path says too little
        self.ways = Ways(folder, self._now)
        self.preferences = preferences_of.load(folder.path)
        if chosen_language:
            self.preferences = self.preferences._replace(language=chosen_language)
        self._speech = Speech(app)
        self._speech.speak(self.preferences.language)
        self.theme = Theme(app, self.preferences.appearance)
        self.tasks = Tasks(self)  # of no desk: they go on when it is locked
        self._ahead = loading.Ahead(self.tasks, self)
        self.window = MainWindow()
        self.theme.dress(self.window)
        self.window.closing.connect(self.close)
        self.database: Database | None = None
        self.workspace: Workspace | None = None
        self.frame: Frame | None = None
        self._were_at: list[Target] = []  # when it was locked
        self._brought: Preferences | None = None  # from invented people to a new desk
        self.entrance = Entrance(self.window, self.tasks, self.ways, self._now)
        self.entrance.opened.connect(self.desk_opened)
        self.entrance.told.connect(self._say)
        self.entrance.exchange_wanted.connect(self._show_exchange)
        self.found_whole: DeskFolder | None = None  # what was read through since the program began

    def start(self) -> None:
        """Show the first thing there is to do."""
        self.entrance.begin()
        self.entrance.open_invented()
        self.window.show()
        QTimer.singleShot(PAINTED_MS, self.load_ahead)

    def load_ahead(self) -> None:
        """Load SQLAlchemy and the frame while the passphrase is typed."""
        self._ahead.load(loading.TODAY, self.entrance.look_for_others)

    @Slot()
    def show_copies(self) -> None:
        """Close the desk, and let a copy of it be chosen that takes the place of the store."""
        self._close_desk()
        self.entrance.show_copies()

    @Slot()
    def show_joining(self) -> None:
        """Close the desk, and let it join its office anew with an invitation."""
        self._close_desk()
        self.entrance.show_joining()

    def report_bug(
        self, kind: type[BaseException], bug: BaseException, trace: TracebackType | None
    ) -> None:
        """A bug: log it, keep what is open, and offer a report without personal data.

        What a disk refuses may come this way too, and is told as what it is.
        """
        from correspondent_desk.app.report import report_page
        from correspondent_desk.store.files import said_by_disk

        sys.__excepthook__(kind, bug, trace)
        told = said_by_disk(bug) if isinstance(bug, OSError) else bug
        refused = told if isinstance(told, DeskError) else None
        if refused is None or not self._fell(refused):
            self.window.present(report_page(self.window, bug, refused))

    @property
    def folder(self) -> DeskFolder:
        """Where the desk lies: that of the demo, once it is open."""
        return self.ways.folder

    @Slot()
    def _show_exchange(self) -> None:
        """Where a desk that was invited gets its office from."""
        from correspondent_desk.gui.page import Target

        if self.frame is not None:
            self.frame.go(Target(page="exchange"))

    @Slot(str)
    def _say(self, sentence: str) -> None:
        if self.frame is not None:
            self.frame.say(sentence)

    # --- an open desk

    @Slot(object)
    def desk_opened(self, database: "Database") -> None:
        """Build the frame on an open store and show Today."""
        from correspondent_desk.gui.workspace import Workspace
        from correspondent_desk.records.office import person

        self.database = database  # from here on it is closed, whatever becomes of it
        database.person = database.read(person)
        self.ways.taken(database)
        if self._brought is not None:
            with suppress(DeskError):  # a disk that refuses this says so to all that matters more
                preferences_of.save(self.folder.path, self._brought)
            self._brought = None
        self.workspace = Workspace(database, Tasks(), clock=self._clock)
        self.workspace.refused.connect(self._look_for_damage)
        self._show_frame(self.workspace)
        QTimer.singleShot(A_MOMENT_MS, self._load_pages)

    def _load_pages(self) -> None:
        """Load what the other pages are made of while Today is read, so that they open at once."""
        if self.database is not None:  # it was closed in the meantime: then so may be the tasks
            self._ahead.load(
                loading.OTHER_PAGES, self._loaded, beside=partial(_make_ready, self.database)
            )

    def _loaded(self) -> None:
        self._build_the_pages()
        QTimer.singleShot(A_WHILE_MS, self._look_through)

    def _look_through(self) -> None:
        if self.database is not None and self.found_whole != self.folder:
            whole = partial(self._is_whole, self.folder)
            self.tasks.read(self.database.check, whole, self._look_for_damage)

    def _build_the_pages(self) -> None:
        if self.frame is not None:
            self.frame.build_ahead()
        if self.workspace is not None:
            from correspondent_desk.gui.exchange.online import OnlineExchange

            OnlineExchange.of(self.workspace).watch()

    def _is_whole(self, folder: DeskFolder, _nothing: None) -> None:
        self.found_whole = folder

    @Slot(object)
    def _look_for_damage(self, error: DeskError) -> None:
        self._fell(error)

    def _fell(self, error: DeskError) -> bool:
        """Whether the open store is damaged: it is closed then, and the way to its copies shown.

        What would be written from now on would be gone with the copy that comes back.
        """
        from correspondent_desk.store.backup import with_copies
        from correspondent_desk.store.connection import StoreDamaged

        if not isinstance(error, StoreDamaged) or self.database is None:
            return False
        database, self.database = self.database, None
        with suppress(DeskError):  # what is being typed may not be kept any more
            self._close_desk()
        self.frame = self.workspace = None
        database.close()
        self.entrance.trouble(with_copies(error, self.folder))
        return True

    def _show_frame(self, workspace: "Workspace") -> None:
        from correspondent_desk.gui.places import make_frame

        self.frame = make_frame(workspace, self)
        self.frame.lock_wanted.connect(self.lock)
        self.frame.own_desk_wanted.connect(self._leave_the_invented)
        self.window.say_in_title(
            _("Invented people") if demo_passphrase(self.folder) is not None else ""
        )
        if self._were_at:
            self.frame.come_back(self._were_at)
            self._were_at = []
        self.window.turn_to(self.frame)

    @Slot()
    def _leave_the_invented(self) -> None:
        """Close their desk and open the one of real people; a new one will look as theirs did."""
        self._close_desk()
        chosen = preferences_of.load(self.folder.path)
        self.ways.folder = self.folder.beside_for_own
        self._brought = None if is_set_up(self.folder) else chosen
        self.entrance.begin()

    @Slot()
    def lock(self) -> None:
        """Close the store, forget its key and ask for the passphrase: nothing is asked first."""
        self._were_at = self.frame.ways_back if self.frame is not None else []
        not_kept = self._close_desk()
        self.entrance.show_lock()
        if not_kept is not None:
            from correspondent_desk.messages.errors import happened

            told = _("What was typed last could not be kept. {why}")
            self.entrance.say_on_lock(told.format(why=happened(not_kept)))

    @Slot()
    def close(self) -> None:
        """The window goes: close the desk and wait for what is under way."""
        self._close_desk()
        self.window.hide()  # one that answers nothing looks as if it had to be killed
        self.tasks.close()
        self.ways.close()

    def _close_desk(self) -> DeskError | None:
        """Why what was typed last is not kept; normally it is."""
        not_kept = None
        self.window.say_in_title("")
        if self.frame is not None:
            self.frame.keep_typing()
            self.frame = None
        if self.workspace is not None:
            self.workspace.close()
            not_kept = self.workspace.drafts.not_kept
            self.workspace = None
        if self.database is not None:
            self.database.close()
            self.database = None
        return not_kept

    def _now(self) -> datetime:
        return self._clock() if self._clock else datetime.now().astimezone()

    # --- what a person chose

    def choose(self, preferences: Preferences) -> None:
        """Look and speak like this from now on, and next time unless it cannot be kept."""
        speaks_otherwise = preferences.language != self.preferences.language
        self.preferences = preferences
        self.theme.choose(preferences.appearance)
        if speaks_otherwise:
            self._speech.speak(preferences.language)
            if self.frame is not None and self.workspace is not None:
                self.frame.keep_typing()
                self._were_at = self.frame.ways_back
                self._show_frame(self.workspace)
                self._go_to_the_language()
                self._build_the_pages()
        try:
            preferences_of.save(self.folder.path, preferences)
        except DeskError as error:
            self._tell_not_kept(error)

    @cached_property
    def committee(self) -> "Work":
        """The hub that is kept on this computer."""
        from correspondent_desk.app.committee import Committee
        from correspondent_desk.gui.committee.work import Work

        chosen = self.preferences.hub
        return Work(self.tasks, Committee(), Path(chosen) if chosen else None, self._keep_hub)

    def _keep_hub(self, folder: Path | None) -> None:
        """For the next time."""
        self.choose(self.preferences._replace(hub=str(folder) if folder else ""))

    def _tell_not_kept(self, error: DeskError) -> None:
        from correspondent_desk.messages.errors import sentence

        if self.frame is not None:
            told = _("This is not kept for the next time. {why}")
            self.frame.line.warn(told.format(why=sentence(error)))

    def _go_to_the_language(self) -> None:
        """The arrow keys go on from one language to the next."""
        from correspondent_desk.gui.settings.page import SettingsPage

        if self.frame is not None and isinstance(self.frame.page, SettingsPage):
            self.frame.page.look.language.setFocus()


def _make_ready(database: "Database") -> None:
    """What takes long the first time."""
    from sqlalchemy.orm import configure_mappers

    configure_mappers()
    database.warnings  # noqa: B018 - it is kept: a network drive may let one wait for it
