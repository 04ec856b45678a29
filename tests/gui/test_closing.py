"""Locking and closing at awkward moments: nothing is left open, and what is lost is told."""

from pathlib import Path
from time import monotonic, sleep

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from correspondent_desk.gui.keys import Command
from correspondent_desk.gui.lock.page import LockPage
from correspondent_desk.gui.members.page import MembersPage
from correspondent_desk.gui.page import Target, Task
from correspondent_desk.store import identity
from correspondent_desk.store.database import open_store
from correspondent_desk.store.vault import DeskFolder
from tests.builders import PASSPHRASE, new_folder
from tests.gui import starting
from tests.gui.hands import press, type_here
from tests.gui.starting import Start, shown, unlocked

start = starting.start
LONG_S = 5


def test_a_window_closed_while_the_desk_opens_leaves_the_desk_closed(
    start: Start, tmp_path: Path
) -> None:
    folder, key = new_folder(tmp_path / "desk")
    program = start(tmp_path / "desk")
    type_here(PASSPHRASE)
    press(Qt.Key.Key_Return)
    assert program.database is None

    program.window.close()

    assert not DeskFolder(tmp_path / "desk").holder.exists()
    open_store(folder, key).close()


def test_a_window_is_gone_while_what_was_begun_is_done(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    program = unlocked(qtbot, start, tmp_path / "desk")
    seen: list[bool] = []

    def long_work() -> None:
        ends = monotonic() + LONG_S
        while monotonic() < ends and program.window.isVisible():
            sleep(0.01)
        seen.append(program.window.isVisible())

    program.tasks.write(long_work)
    program.window.close()

    assert seen == [False]


def test_typing_that_the_disk_has_no_room_for_is_told_at_the_lock(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    program = unlocked(qtbot, start, tmp_path / "desk")
    assert program.frame
    assert program.database
    program.frame.go(Target(page="members", task=Task.NEW))
    page = program.frame.page
    assert isinstance(page, MembersPage)
    page.question.blank.click()
    program.database.keep(
        lambda s: identity.raw(s).execute("PRAGMA max_page_count=1").fetchone()  # no more than now
    )
    page.form.fields.note.setPlainText("longer than a page of the store " * 400)

    program.frame.run(Command.LOCK)

    told = shown(program, LockPage).message.text()
    assert told.startswith("What was typed last could not be kept.")
    assert "full" in told
    assert "Nothing was lost" not in told
