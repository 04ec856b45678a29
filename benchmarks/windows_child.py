"""One window in this process; the last line printed is what was measured.

python -m benchmarks.windows_child bare|lock|typed|main FOLDER, or look|import|exchange FOLDER LIST
"""

import json
import os
import sys
import time
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from correspondent_desk.app.program import Program
    from correspondent_desk.store.vault import DeskFolder

PATIENCE_S = 60
SETTLED_MS = 3000
TYPING_MS = 3000  # what somebody needs at least for a passphrase of four words


def main() -> None:
    """Show the window asked for, or work in it, and print what was found."""
    kind, folder, *files = sys.argv[1:]
    match kind:
        case "bare":
            bare()
        case "lock":
            lock(Path(folder))
        case "typed":
            typed(Path(folder))
        case "main":
            whole(Path(folder))
        case _:
            from benchmarks import busy

            app, program = _opened(Path(folder))
            silences = busy.silences(kind, app, program, Path(files[0]))
            _end([one.told() for one in silences])
    _end(_shown())


def _shown() -> dict[str, float]:
    return {"s": _since_asked(), "cpu": time.process_time(), "mb": _resident_mb()}


def _end(found: object) -> NoReturn:
    sys.stdout.write(json.dumps(found) + "\n")
    sys.stdout.flush()
    os._exit(0)  # what a program does while it closes is not measured here


def _since_asked() -> float:
    return time.time() - float(os.environ["CORRESPONDENT_DESK_BEGUN"])


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def bare() -> None:
    """A QMainWindow with a label."""
    from PySide6.QtWidgets import QApplication, QLabel, QMainWindow

    app = QApplication([])
    window = QMainWindow()
    window.setCentralWidget(QLabel("x"))
    window.resize(1240, 800)
    window.show()
    app.processEvents()
    window.grab()


def lock(folder: Path) -> None:
    """The program as it is started, without a word, with the desk in folder, up to its lock."""
    from correspondent_desk import __main__ as program
    from correspondent_desk.cli import window

    def show(app: "QApplication") -> NoReturn:
        app.processEvents()
        (shown,) = app.topLevelWidgets()
        shown.grab()
        _end(_shown())

    really = window.open_window

    def open_window(folder: "DeskFolder", language: str | None) -> int:
        # Qt is loaded as the program does it, and when it does.
        program = import_module("correspondent_desk.app.program")

        program.QApplication.exec = show
        return really(folder, language)

    window.open_window = open_window
    os.environ["XDG_DATA_HOME"] = str(folder.parent)
    sys.argv[1:] = []
    program.main()


def typed(folder: Path) -> None:
    """From the lock to the program with Today, once the passphrase is typed."""
    from benchmarks.resting import rest
    from correspondent_desk.gui.lock.page import LockPage
    from correspondent_desk.store.vault import DeskFolder, demo_passphrase

    app, program = _locked(folder)
    program.load_ahead()
    rest(TYPING_MS)
    page = program.window.presented
    assert isinstance(page, LockPage)
    page.field.setText(demo_passphrase(DeskFolder(folder)) or "")
    begun, worked = time.perf_counter(), time.process_time()
    page.button.click()
    _wait_for_today(app, program)
    program.window.grab()
    _end(
        {
            "s": time.perf_counter() - begun,
            "cpu": time.process_time() - worked,
            "mb": _resident_mb(),
        }
    )


def _locked(folder: Path) -> "tuple[QApplication, Program]":
    from correspondent_desk.app.program import Program
    from correspondent_desk.gui.theme import application
    from correspondent_desk.store.vault import DeskFolder

    app = application()
    program = Program(app, DeskFolder(folder), "fr", clock=_nine)
    program.window.resize(1240, 800)
    program.entrance.show_lock()
    program.window.show()
    return app, program


def whole(folder: Path) -> None:
    """The program with Today from its start; its memory when all that it loads is there."""
    from benchmarks.resting import rest

    _app, program = _opened(folder)
    program.window.grab()
    shown = _shown()
    rest(SETTLED_MS)
    _end({**shown, "mb": _resident_mb()})


def _opened(folder: Path) -> "tuple[QApplication, Program]":
    """The program with Today read; its passphrase is typed at once."""
    from correspondent_desk.app.program import Program
    from correspondent_desk.gui.theme import application
    from correspondent_desk.store.vault import DeskFolder

    app = application()
    program = Program(app, DeskFolder(folder), "fr", clock=_nine)
    program.window.resize(1240, 800)
    program.start()
    _wait_for_today(app, program)
    return app, program


def _wait_for_today(app: "QApplication", program: "Program") -> None:
    until = time.monotonic() + PATIENCE_S
    while not _is_there(program):
        app.processEvents()
        time.sleep(0.001)  # a loop that never sleeps would keep the other threads from working
        if time.monotonic() > until:
            raise TimeoutError
    app.processEvents()


def _nine() -> datetime:
    return datetime(2026, 11, 24, 9, tzinfo=ZoneInfo("Europe/Paris"))


def _is_there(program: "Program") -> bool:
    """Whether the page of the day shows its lines."""
    from correspondent_desk.gui.today.page import TodayPage

    frame = program.frame
    if frame is None or program.window.presented is not frame:
        return False
    return isinstance(frame.page, TodayPage) and bool(frame.page.sections.lines)


if __name__ == "__main__":
    main()
