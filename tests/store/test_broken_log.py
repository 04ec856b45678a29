"""What a disk has lost of the last saves is said, once the program was cut off and opens again."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from correspondent_desk.domain.actions import Action
from correspondent_desk.messages import today_page
from correspondent_desk.messages.health import risk_in_words
from correspondent_desk.store import history
from correspondent_desk.store.bare import open_bare
from correspondent_desk.store.database import open_store
from correspondent_desk.store.identity import raw
from correspondent_desk.store.places import PlaceRisk, Risk
from correspondent_desk.store.tables import Member
from correspondent_desk.store.vault import DataKey, DeskFolder
from tests.builders import Clock, new_folder
from tests.killing import forks
from tests.store.test_kill import in_child

SAVES = 6
HEAD, FRAME = 32, 24 + 4096


def save_and_die(path: Path, key: DataKey, saves: int) -> None:
    desk = open_store(DeskFolder(path), key, wall=Clock())
    for number in range(saves):
        desk.do(
            Action.MEMBER_CREATED,
            lambda s, name=f"N{number}": history.create(  # type: ignore[misc]
                s, Member, family_name=name
            ),
        )


def cut_off(tmp_path: Path) -> tuple[DeskFolder, DataKey, Path]:
    """A desk whose program was killed; its log."""
    folder, key = new_folder(tmp_path)
    child = in_child(save_and_die, folder.path, key, SAVES)
    child.join()
    assert child.exitcode == 0
    return folder, key, folder.path / "desk.db-wal"


def spoil(log: Path, at: int, size: int = 64) -> None:
    with log.open("r+b") as file:
        file.seek(at)
        file.write(bytes(size))


def lost(folder: DeskFolder, key: DataKey, wall: Clock) -> tuple[int, list[PlaceRisk]]:
    """How many people are on the desk, and whether it says that the disk lost some."""
    desk = open_bare(folder, key, wall=wall)
    try:
        people = desk.read(lambda s: raw(s).execute("SELECT count(*) FROM member").fetchone()[0])
        return people, [one for one in desk.warnings if one.risk is Risk.LOST]
    finally:
        desk.close()


@forks
@pytest.mark.parametrize("part", ["begin", "first page", "middle"])
def test_saves_behind_a_damaged_page_of_the_log_are_missed(tmp_path: Path, part: str) -> None:
    folder, key, log = cut_off(tmp_path)
    pages = (log.stat().st_size - HEAD) // FRAME
    spoil(log, {"begin": 0, "first page": HEAD + 24, "middle": HEAD + FRAME * (pages // 2)}[part])
    clock = Clock()

    people, said = lost(folder, key, clock)

    assert people < SAVES
    assert [one.noticed_on for one in said] == [date(2026, 12, 3)]
    assert "03/12/2026" in risk_in_words(said[0])
    assert "disk" in today_page.unsafe_place(said[0])
    clock.at += timedelta(days=6)
    assert lost(folder, key, clock) == (people, said)
    clock.at += timedelta(days=2)
    assert lost(folder, key, clock) == (people, []), "it was looked at by now"


@forks
@pytest.mark.parametrize("is_torn", [False, True])
def test_what_was_being_saved_is_not_missed(tmp_path: Path, *, is_torn: bool) -> None:
    """Of a save that was cut off, nobody was told that it is saved."""
    folder, key, log = cut_off(tmp_path)
    if is_torn:
        with log.open("r+b") as file:
            file.truncate(log.stat().st_size - FRAME // 2)

    assert lost(folder, key, Clock()) == (SAVES - is_torn, [])


@forks
@pytest.mark.parametrize("page", [1, 40])
def test_a_log_that_broke_is_not_found_again(tmp_path: Path, page: int) -> None:
    folder, key, log = cut_off(tmp_path)
    spoil(log, HEAD + page * FRAME)
    child = in_child(save_and_die, folder.path, key, 1)  # notices it, and is cut off as well
    child.join()
    assert child.exitcode == 0
    clock = Clock()
    clock.at += timedelta(days=30)

    assert lost(folder, key, clock)[1] == []
