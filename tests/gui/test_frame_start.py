"""What the first window loads."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from correspondent_desk import language
from correspondent_desk.store.vault import DeskFolder
from tests.builders import new_folder

FIRST_WINDOW = """
import sys
from PySide6.QtWidgets import QApplication
from correspondent_desk import __main__ as program

def show(app):
    app.processEvents()
    (window,) = app.topLevelWidgets()
    print(type(window.presented).__name__)
    print(*sorted({name.partition(".")[0] for name in sys.modules}))
    window.close()
    return 0

QApplication.exec = show
sys.exit(program.main())
"""
HEAVY = {"sqlalchemy", "sqlcipher3", "alembic", "babel", "holidays", "phonenumbers", "typst"}
HEAVY |= {"_hashlib", "_ssl"}  # OpenSSL, which takes 7 ms to load
HEAVY |= {"click", "dataclasses"}  # 30 ms, and 1 ms for each class

CLOSED = """
import os
import sys
import tempfile
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from correspondent_desk import __main__ as program

def close(app):
    (window,) = app.topLevelWidgets()
    assert os.listdir(tempfile.gettempdir())  # pictures of the style sheet
    # While the program still runs: what is removed only with Python itself stays on some systems.
    app.aboutToQuit.connect(lambda: print(os.listdir(tempfile.gettempdir())))
    QTimer.singleShot(0, window.close)
    return really()

really, QApplication.exec = QApplication.exec, close
sys.exit(program.main())
"""


def test_the_first_window_loads_nothing_heavy() -> None:
    new_folder(DeskFolder.default().path)

    ended = subprocess.run(
        [sys.executable, "-c", FIRST_WINDOW],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )

    presented, modules = ended.stdout.splitlines()
    loaded = set(modules.split())
    assert presented == "LockPage"
    assert "PySide6" in loaded
    assert not loaded & HEAVY


def test_a_closed_window_leaves_nothing_among_the_temporary_files(tmp_path: Path) -> None:
    new_folder(DeskFolder.default().path)
    place = tmp_path / "temporary"
    place.mkdir()
    temporary = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(place))

    ended = subprocess.run(
        [sys.executable, "-c", CLOSED],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)} | temporary,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=60,
    )

    assert ended.stdout == "[]\n"
    assert list(place.iterdir()) == []


OPENED = """
import sys

opened = 0

def look(frame, event, _told):
    global opened
    opened += event == "call" and frame.f_code.co_name == "open_window"

from correspondent_desk import __main__ as program
sys.setprofile(look)
status = program.main()
sys.setprofile(None)
print(opened, status)
"""


def test_a_window_that_cannot_be_opened_is_tried_once_and_said(tmp_path: Path) -> None:
    package = Path(language.__file__).parent
    damaged = tmp_path / "installed"
    shutil.copytree(package, damaged / package.name, ignore=lambda *_: {"theme.qss"})

    ended = subprocess.run(
        [sys.executable, "-c", OPENED],
        env=os.environ | {"PYTHONPATH": str(damaged), "CORRESPONDENT_DESK_LANG": "en"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert ended.stdout == "1 2\n"
    [told, code] = ended.stderr.splitlines()
    assert told.startswith("The system refused: ")
    assert code == "[system]"
