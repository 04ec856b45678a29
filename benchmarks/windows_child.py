"""One window in this process; the last line printed is what was measured."""

import json
import os
import sys
import time
from pathlib import Path


def main() -> None:
    """Show the window asked for, and print seconds since the process was asked for and its memory."""
    kind, folder = sys.argv[1], Path(sys.argv[2])
    found = {"bare": bare, "lock": lock, "main": whole, "busy": busy}[kind](folder)
    found["mb"] = _resident_mb()
    sys.stdout.write(json.dumps(found) + "\n")
    sys.stdout.flush()
    os._exit(0)


def _since_asked() -> float:
    return time.time() - float(os.environ["CORRESPONDENT_DESK_BEGUN"])


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def bare(_folder: Path) -> dict[str, object]:
    """A QMainWindow with a label."""
    from PySide6.QtWidgets import QApplication, QLabel, QMainWindow

    app = QApplication([])
    window = QMainWindow()
    window.setCentralWidget(QLabel("x"))
    window.resize(1240, 800)
    window.show()
    app.processEvents()
    window.grab()
    return {"s": _since_asked()}


def lock(folder: Path) -> dict[str, object]:
    """The program up to its lock."""
    from PySide6.QtWidgets import QApplication

    from correspondent_desk.app import Program
    from correspondent_desk.store.vault import DeskFolder

    app = QApplication([])
    program = Program(app, DeskFolder(folder))
    program.show_lock()
    program.window.show()
    app.processEvents()
    program.window.grab()
    return {"s": _since_asked()}


def whole(folder: Path) -> dict[str, object]:
    """The program up to Today, the passphrase typed at once; its derivation overlaps the imports."""
    _app, program = _opened(folder)
    program.window.grab()
    return {"s": _since_asked()}


def _opened(folder: Path):  # noqa: ANN202 - a program with its application
    from PySide6.QtWidgets import QApplication

    from correspondent_desk.app import Program
    from correspondent_desk.store.vault import DeskFolder

    app = QApplication([])
    program = Program(app, DeskFolder(folder))
    program.start()
    while program.frame is None:
        app.processEvents()
    while program.window.presented is not program.frame or not _has_answers(program):
        app.processEvents()
    return app, program


def _has_answers(program) -> bool:  # noqa: ANN001 - as above
    """Whether the page of the day has shown what it asked for."""
    from correspondent_desk.gui.widgets.text import Words

    shown = program.frame.page.findChildren(Words)
    return any("LE GOFF" in one.text() for one in shown)


def busy(folder: Path) -> dict[str, object]:
    """A heart that beats every 5 ms while the window works; the longest silence of each work."""
    from benchmarks.busy import gaps

    app, program = _opened(folder)
    return {"s": _since_asked(), "gaps": gaps(app, program)}


if __name__ == "__main__":
    main()
