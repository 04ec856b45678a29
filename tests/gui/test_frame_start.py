"""What the first window loads."""

import os
import subprocess
import sys

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
