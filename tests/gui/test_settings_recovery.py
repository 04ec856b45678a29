"""A new recovery sheet: the former one counts until the new one is kept."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from correspondent_desk.app.program import Program
from correspondent_desk.gui.page import Target
from correspondent_desk.gui.settings.safety import RecoveryCard
from correspondent_desk.store.recovery import RecoveryCodeMistyped
from correspondent_desk.store.vault import (
    DeskFolder,
    WrongRecoveryCode,
    new_recovery_code,
    take_recovery_code,
    unlock_with_recovery,
)
from tests.builders import PASSPHRASE, new_folder
from tests.dead_drive import dead_drive
from tests.gui import starting
from tests.gui.starting import Start, unlock

start = starting.start


def card_of(program: Program) -> RecoveryCard:
    """The card of the settings, with the passphrase typed."""
    assert program.frame is not None
    program.frame.go(Target(page="settings"))
    [card] = program.frame.page.findChildren(RecoveryCard)
    card.passphrase.setText(PASSPHRASE)
    return card


def opens(folder: DeskFolder, code: str) -> bool:
    """Whether the desk opens with code."""
    try:
        unlock_with_recovery(folder, code)
    except (WrongRecoveryCode, RecoveryCodeMistyped):
        return False
    return True


def test_a_sheet_that_cannot_be_kept_leaves_the_former_one_in_force(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    folder, key = new_folder(tmp_path / "desk")
    take_recovery_code(folder, key, former := new_recovery_code())
    program = start(folder.path)
    unlock(qtbot, program)
    card, stick = card_of(program), tmp_path / "stick"
    stick.mkdir()
    told: list[str] = []
    card.said.connect(told.append)

    with dead_drive(stick):
        card.save_sheet(stick / "sheet.pdf")
        said = card.form.rows["passphrase"].problem
        qtbot.waitUntil(lambda: bool(said.text()))
    assert "does not answer" in said.text()
    assert opens(folder, former)

    card.passphrase.setText(PASSPHRASE)
    card.save_sheet(stick / "sheet.pdf")
    qtbot.waitUntil(lambda: bool(told))
    assert told[0].startswith(f"Saved as {stick / 'sheet.pdf'}")
    assert not opens(folder, former)


def test_pressed_twice_one_sheet_is_made(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    folder, _key = new_folder(tmp_path / "desk")
    program = start(folder.path)
    unlock(qtbot, program)
    card, told = card_of(program), list[str]()
    card.said.connect(told.append)

    card.save_sheet(tmp_path / "first.pdf")
    card.save_sheet(tmp_path / "second.pdf")
    assert program.workspace is not None
    workspace = program.workspace
    qtbot.waitUntil(lambda: not workspace.is_busy)

    assert [path.name for path in tmp_path.glob("*.pdf")] == ["first.pdf"]
    assert told == [f"Saved as {tmp_path / 'first.pdf'}. Print it, then delete the file."]

    card.passphrase.setText(PASSPHRASE)
    card.save_sheet(tmp_path / "second.pdf")
    qtbot.waitUntil(lambda: len(told) > 1)
