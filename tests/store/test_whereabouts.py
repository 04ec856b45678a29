"""A folder without a desk: there never was one, it is out, or nobody can tell."""

import os
import sys
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import platformdirs
import pytest

from correspondent_desk.records.founding import found_office
from correspondent_desk.store import whereabouts
from correspondent_desk.store.backup import copies
from correspondent_desk.store.beginning import begin_with
from correspondent_desk.store.vault import DeskAway, DeskFolder, create_vault, is_set_up, unlock
from tests.builders import CHEAP, PASSPHRASE
from tests.dead_drive import dead_drive

_NOBODY = 65_534
NOW = datetime(2026, 12, 3, 9, 0)  # noqa: DTZ001 - local


def reason(folder: DeskFolder) -> str | None:
    """Why a desk is missed in folder; None: none is."""
    error = whereabouts.missed(folder)
    return None if error is None else error.reason


def test_a_drive_that_does_not_answer_is_neither_a_desk_nor_an_empty_folder(tmp_path: Path) -> None:
    folder = DeskFolder(tmp_path / "stick" / "desk")
    create_vault(folder, PASSPHRASE, CHEAP)
    with dead_drive(folder.path.parent):
        for ask in (
            lambda: is_set_up(folder),
            lambda: unlock(folder, PASSPHRASE),
            lambda: create_vault(folder, PASSPHRASE, CHEAP),
            lambda: begin_with(folder, tmp_path / "copy.db", PASSPHRASE, NOW),
        ):
            with pytest.raises(DeskAway) as refused:
                ask()
            assert refused.value.full_code == "desk-away:silent"
        assert reason(folder) is None

    assert is_set_up(folder)


def test_a_store_whose_slots_are_gone_is_a_desk_and_never_begun_anew(tmp_path: Path) -> None:
    folder = DeskFolder(tmp_path / "desk")
    found_office(folder, PASSPHRASE, "Mairie", [], "").store.close()
    folder.slots.unlink()
    folder.slots_copy.unlink()

    assert is_set_up(folder)


def test_a_desk_that_was_open_here_is_missed_where_it_lay(tmp_path: Path) -> None:
    stick = DeskFolder(tmp_path / "stick" / "desk")
    assert reason(stick) is None
    whereabouts.remember(stick)
    whereabouts.remember(DeskFolder(tmp_path / "other"))
    whereabouts.remember(stick)

    assert reason(stick) == "gone"
    stick.path.mkdir(parents=True)
    assert reason(stick) == "gone"
    assert reason(DeskFolder(tmp_path / "other")) == "gone"
    assert reason(DeskFolder(tmp_path / "third")) is None


def test_the_folders_of_long_ago_are_forgotten(tmp_path: Path) -> None:
    for number in range(whereabouts.KEPT + 1):
        whereabouts.remember(DeskFolder(tmp_path / str(number)))

    assert reason(DeskFolder(tmp_path / "0")) is None
    assert reason(DeskFolder(tmp_path / "1")) == "gone"


@pytest.mark.parametrize("content", [b"", b"\xff", b"[]", b'{"folders": 3}', b'{"folders": [3]}'])
def test_notes_that_cannot_be_read_are_none_and_are_written_anew(
    tmp_path: Path, content: bytes
) -> None:
    notes = platformdirs.user_state_path("correspondent-desk", appauthor=False) / "desks.json"
    notes.parent.mkdir(parents=True)
    notes.write_bytes(content)
    folder = DeskFolder(tmp_path / "desk")

    assert reason(folder) is None
    whereabouts.remember(folder)
    assert reason(folder) == "gone"


def test_where_nothing_can_be_noted_nothing_is(tmp_path: Path) -> None:
    state = platformdirs.user_state_path("correspondent-desk", appauthor=False)
    state.parent.mkdir(parents=True)
    state.write_bytes(b"a file where a folder should be")
    whereabouts.remember(DeskFolder(tmp_path / "desk"))

    assert reason(DeskFolder(tmp_path / "desk")) is None


@pytest.mark.skipif(sys.platform == "win32", reason="sticks have letters there")
def test_no_desk_is_begun_in_the_place_of_a_stick_that_is_out() -> None:
    assert reason(DeskFolder(Path("/media/anne/STICK/desk"))) == ""
    assert reason(DeskFolder(Path("/run/media/anne/STICK"))) == ""


@pytest.mark.skipif(sys.platform != "win32", reason="drives have letters there alone")
def test_a_letter_without_a_drive_is_a_stick_that_is_out() -> None:
    letter = next(one for one in "ZYXWVUT" if not Path(f"{one}:\\").exists())

    assert reason(DeskFolder(Path(f"{letter}:\\desk"))) == ""


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() != 0, reason="only the administrator becomes another"
)
def test_what_this_account_may_not_read_is_not_called_damaged() -> None:
    with TemporaryDirectory() as place:  # that of the test is closed to others
        folder = DeskFolder(Path(place))
        create_vault(folder, PASSPHRASE, CHEAP)
        folder.path.chmod(0o755)
        for file in (folder.slots, folder.slots_copy):
            file.chmod(0o600)
        os.seteuid(_NOBODY)
        try:
            assert is_set_up(folder)
            with pytest.raises(DeskAway) as refused:
                unlock(folder, PASSPHRASE)
        finally:
            os.seteuid(0)

    assert refused.value.reason == "forbidden"


def test_the_copies_of_a_drive_that_does_not_answer_are_not_none(tmp_path: Path) -> None:
    folder = DeskFolder(tmp_path / "desk")
    folder.copies.mkdir(parents=True)
    with dead_drive(folder.path), pytest.raises(DeskAway):
        copies(folder)
