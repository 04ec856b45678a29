"""What is loaded before anyone goes there, and on which thread."""

import json
import os
import subprocess
import sys
from typing import Any

from correspondent_desk.store.vault import DeskFolder
from tests.builders import PASSPHRASE, new_folder

LOOKING = """
import json
import sys
import threading
import time
from datetime import datetime

beside = []  # modules loaded on another thread than the window's
part, brought = None, {}  # a part of the window, and the modules of ours that came with each

class Look:
    def find_spec(name, path=None, target=None):
        if threading.current_thread() is not threading.main_thread():
            beside.append(name)
        elif part is not None and name.startswith("correspondent_desk."):
            brought.setdefault(part, []).append(name)

sys.meta_path.insert(0, Look)

from PySide6.QtWidgets import QApplication
from correspondent_desk.app import loading, program as program_, ways
from correspondent_desk.gui.theme import application
from correspondent_desk.store.vault import DeskFolder

def makes_classes(name):
    kinds = [kind for kind in vars(sys.modules[name]).values() if isinstance(kind, type)]
    return any(type(kind) is type(QApplication) and kind.__module__ == name for kind in kinds)

def told():
    loaded = [name for name in beside if name in sys.modules]
    of_qt = [name for name in loaded if name.startswith("PySide6") or makes_classes(name)]
    print(json.dumps({"beside": len(loaded), "of Qt": of_qt, "brought": brought}))
"""

STARTED = """
load, program_.A_MOMENT_MS = loading.import_module, 0

def import_module(name):
    global part
    if threading.current_thread() is threading.main_thread():
        part = name
    load(name)
    part = None

loading.import_module = import_module

def wait_for(name):
    until = time.monotonic() + 60
    while name not in sys.modules and time.monotonic() < until:
        app.processEvents()
        time.sleep(0.001)

app = application()
program = program_.Program(app, DeskFolder.default())
program.start()
wait_for("correspondent_desk.gui.today.page")
page = program.window.presented
page.field.setText(sys.argv[1])
page.button.click()
wait_for("correspondent_desk.gui.settings.page")
program.window.close()
told()
"""

FOUNDED = """
class answers:
    invitation, office, sites, department, person = None, "Mairie", ["Mairie"], "35", ""

ways = ways.Ways(DeskFolder.default(), lambda: datetime.now().astimezone())
making = threading.Thread(target=ways.new_desk, args=(answers, sys.argv[1]))
making.start()
making.join()
assert DeskFolder.default().store.exists()
told()
"""

MANY = 100
MOST_AT_ONCE = 20  # modules; each takes about half a millisecond


def test_the_windows_thread_makes_all_classes_of_qt_and_loads_little_else() -> None:
    new_folder(DeskFolder.default().path)

    told = _told_by(LOOKING + STARTED)

    assert told["beside"] > MANY
    assert told["of Qt"] == []
    brought = told["brought"]
    assert "correspondent_desk.gui.members.page" in brought
    names = [name for part in brought.values() for name in part]
    assert [name for name in names if not name.startswith("correspondent_desk.gui.")] == []
    assert max(map(len, brought.values())) <= MOST_AT_ONCE


def test_a_desk_is_made_in_the_background_without_classes_of_qt() -> None:
    told = _told_by(LOOKING + FOUNDED)

    assert told["beside"] > MANY
    assert told["of Qt"] == []


def _told_by(program: str) -> dict[str, Any]:
    ended = subprocess.run(
        [sys.executable, "-c", program, PASSPHRASE],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    told: dict[str, Any] = json.loads(ended.stdout)
    return told
