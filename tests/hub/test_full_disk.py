"""A hub whose disk is full: it says so, and everything arrives once there is room."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from correspondent_desk.cli.main import main
from correspondent_desk.hub import database, ingest, outgoing, tables
from correspondent_desk.hub.database import HubFolder
from correspondent_desk.hub.ingest import Fate
from correspondent_desk.store.files import CannotWrite
from tests.builders import add_member
from tests.killing import DONE, REFUSED, forks, in_child, no_file_beyond
from tests.postgres import Server
from tests.small_disk import fill, small_disk
from tests.sync.desks import OFFICE, Town, contents

pytestmark = forks
LARGE = 60_000
PAGE = 4096


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    town = Town(tmp_path)
    yield town
    town.close()


def logged(town: Town) -> int:
    with town.hub.transaction(1) as connection:
        return connection.scalar(select(func.count()).select_from(tables.op)) or 0


def test_a_full_disk_takes_in_nothing_or_all(town: Town) -> None:
    here, there = town.desk("Yann"), town.desk("Rozenn")
    town.round()
    add_member(here, note=os.urandom(LARGE).hex())
    file = town.prepared(here)
    town.hub.close()
    size = town.hub.folder.store.stat().st_size

    def work() -> None:
        hub = database.open_hub(town.hub.folder, wall=town.clock)
        try:
            ingest.take_in(hub, file)
        finally:
            hub.close()

    statuses = []
    for limit in (4_000, 40_000, LARGE, size // 2, 8 * size):
        statuses.append(in_child(work, no_file_beyond(limit)))
        assert logged(town) == (1 if statuses[-1] == DONE else 0)
        town.hub.close()

    assert statuses[0] == REFUSED
    assert statuses[-1] == DONE
    assert set(statuses) == {REFUSED, DONE}
    assert ingest.take_in(town.hub, file).fate == Fate.DUPLICATE
    town.round()
    assert contents(here) == contents(there)


def test_a_full_stick_gets_no_bundle_and_the_next_one_all_of_it(town: Town) -> None:
    here, there = town.desk("Yann"), town.desk("Rozenn")
    town.round()
    add_member(here, note=os.urandom(LARGE).hex())
    town.up(here)
    town.hub.close()
    place = town.path / "full"
    place.mkdir()

    def work() -> None:
        hub = database.open_hub(town.hub.folder, wall=town.clock)
        try:
            outgoing.export(hub, place)
        finally:
            hub.close()

    assert in_child(work, no_file_beyond(LARGE // 2)) == REFUSED
    assert list(place.iterdir()) == []
    town.down(there)
    assert contents(here) == contents(there)


def test_what_a_full_disk_did_not_take_can_be_written_once_there_is_room(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    with small_disk(town.path / "small", 64 << 10) as place:
        ballast = fill(place)
        words = ["--lang", "en", "hub", "--hub", str(town.hub.folder.path), "invite", OFFICE]
        file = place / "Foreign.cdinvite"

        assert main([*words, str(file)]) == 2
        assert capsys.readouterr().err.splitlines()[-1] == "[cannot-write:full]"
        assert list(place.iterdir()) == [ballast]

        ballast.unlink()
        assert main([*words, str(file)]) == 0
        assert file.stat().st_size


@pytest.mark.parametrize("rooms", range(4))
def test_a_hub_on_a_server_is_made_once_its_folder_has_room(
    tmp_path: Path, postgres: Server, rooms: int
) -> None:
    """Whichever of its files finds none; the server has no hub whose key was lost."""
    url = postgres.fresh()
    with small_disk(tmp_path / "small", 64 << 10) as place:
        folder = HubFolder(place / "hub")
        folder.path.mkdir()
        ballast = fill(place, rooms * PAGE)
        with pytest.raises(CannotWrite, match="full"):
            database.create(folder, "here", database=url)
        assert {one.suffix for one in folder.path.iterdir()} <= {".lock"}

        ballast.unlink()
        database.create(folder, "here", database=url).close()
        database.open_hub(folder).close()
    postgres.drop(url)
