"""The Qt binding must survive a long day."""

import os
import subprocess
import sys

LONG_DAY = """
import correspondent_desk.gui
from PySide6.QtCore import QObject, Signal
class Bell(QObject):
    rang = Signal()
bell = Bell()
for _ in range(50_000):
    bell.rang.emit()
    bell.setObjectName("bell")
    bell.signalsBlocked()
print("still there")
"""


def test_python_survives_many_calls_of_qt() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", LONG_DAY],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ended.returncode, ended.stdout) == (0, "still there\n"), ended.stderr


SOURCES_READ = """
import correspondent_desk.gui
import PySide6.QtWidgets
import colorsys, linecache
print(colorsys.__file__ in linecache.cache)
"""


def test_the_binding_does_not_read_the_source_of_all_that_is_loaded() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", SOURCES_READ],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert ended.stdout == "False\n"
