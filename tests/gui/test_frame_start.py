"""What the first window loads, and how long it takes."""

import os
import subprocess
import sys

FIRST_WINDOW = """
import sys
from PySide6.QtWidgets import QApplication
app = QApplication([])
from correspondent_desk.gui.theme import Theme
from correspondent_desk.gui.tasks import Tasks
from correspondent_desk.gui.main_window import MainWindow
from correspondent_desk.gui.lock.page import LockPage
theme, tasks, window = Theme(app), Tasks(), MainWindow()
theme.dress(window)
page = LockPage(tasks, str)
window.present(page)
window.show()
app.processEvents()
print(*sorted({name.partition(".")[0] for name in sys.modules}))
tasks.close()
"""
HEAVY = {"sqlalchemy", "sqlcipher3", "alembic", "babel", "holidays", "phonenumbers", "typst"}
HEAVY |= {"_hashlib", "_ssl"}  # OpenSSL, which takes 7 ms to load


def test_the_first_window_loads_nothing_heavy() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", FIRST_WINDOW],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )

    loaded = set(ended.stdout.split())
    assert "PySide6" in loaded
    assert not loaded & HEAVY
