"""Making a desk: whole or not at all, whatever stops it."""

import shutil
import signal
from datetime import date
from pathlib import Path

import pytest

from correspondent_desk.errors import DeskError
from correspondent_desk.records import members
from correspondent_desk.records.demo.making import DEMO_PASSPHRASE, make_demo
from correspondent_desk.records.founding import found, found_office
from correspondent_desk.store.database import Database, open_store
from correspondent_desk.store.files import CannotWrite
from correspondent_desk.store.vault import AlreadySetUp, DeskFolder, is_set_up, unlock
from tests.killing import DONE, forks, in_child, killed_at
from tests.small_disk import fill, small_disk

DEMO_PEOPLE = 60


class Stopped(DeskError):
    """What a test raises in the middle."""

    code = "stopped"


@pytest.fixture
def folder(tmp_path: Path) -> DeskFolder:
    """Where a desk is to be, beside something else."""
    (tmp_path / "desk").mkdir()
    (tmp_path / "desk" / "preferences.json").write_text("{}", "utf-8")
    return DeskFolder(tmp_path / "desk")


def left(folder: DeskFolder) -> set[str]:
    return {path.name for path in folder.path.iterdir()} - {"desk.lock"}


def test_a_desk_that_fails_in_the_middle_leaves_nothing(folder: DeskFolder) -> None:
    def fail(_store: Database) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        found(folder, "four easy words", fail)

    assert left(folder) == {"preferences.json"}


def test_a_desk_is_made_beside_what_lies_there(folder: DeskFolder) -> None:
    made = found_office(folder, "four easy words", "Mairie", [], "Yann")
    person = made.store.person
    made.store.close()

    assert person == "Yann"
    assert left(folder) == {
        "preferences.json", "desk.db", "sidecar.json", "slots.json", "slots.json.bak",
    }  # fmt: skip
    with pytest.raises(AlreadySetUp):
        found_office(folder, "four easy words", "Other", [], "")


@forks
def test_a_demo_killed_while_being_made_is_made_again(folder: DeskFolder) -> None:
    """Killed at the first statement, rename or flush, at the third, the ninth and so on."""

    def make() -> None:
        make_demo(folder, DEMO_PEOPLE)

    seen = set()
    count, status = 1, -signal.SIGKILL
    while status != DONE:
        status = in_child(make, killed_at(count))
        seen.add(is_set_up(folder))
        if not is_set_up(folder):
            make()
        store = open_store(folder, unlock(folder, DEMO_PASSPHRASE))
        people = store.read(lambda s: len(members.find_ids(s, today=date(2026, 12, 3))))
        store.close()

        assert people == DEMO_PEOPLE
        assert "making" not in left(folder)
        shutil.rmtree(folder.path)
        count *= 3

    assert count > 3**4
    assert seen == {False, True}


def test_a_desk_killed_while_put_in_its_place_is_finished(folder: DeskFolder) -> None:
    made = found_office(folder, "four easy words", "Mairie", [], "")
    made.store.close()
    apart = DeskFolder(folder.path / "making")
    apart.path.mkdir()
    folder.slots.replace(apart.slots)
    folder.slots_copy.replace(apart.slots_copy)

    with pytest.raises(AlreadySetUp):
        found_office(folder, "four easy words", "Mairie", [], "")

    store = open_store(folder, unlock(folder, "four easy words"))
    store.close()
    assert not apart.path.exists()


def test_a_desk_made_on_a_full_disk_leaves_nothing_wherever_the_room_ends(tmp_path: Path) -> None:
    """As the tables are made, as the first step is written, as its log is put into the file."""
    with small_disk(tmp_path / "small", 4 << 20) as place:
        folder = DeskFolder(place / "desk")
        for room in (100_000, 800_000, 1_040_000):
            ballast = fill(place, room)
            with pytest.raises(CannotWrite, match="full"):
                make_demo(folder, DEMO_PEOPLE)
            ballast.unlink()
            assert left(folder) == set()

        assert make_demo(folder, DEMO_PEOPLE) == DEMO_PEOPLE
