"""A hub's database put back from a copy: noticed in three ways, and everything comes again."""

from pathlib import Path

import pytest
from sqlalchemy import select

from correspondent_desk.hub import audit, database, desks, recipients, restoring, tables
from correspondent_desk.hub.database import Hub, HubFolder
from correspondent_desk.hub.restored import Sidecar
from correspondent_desk.sync import exchange
from tests.builders import add_member
from tests.keepers import ON_SERVER, Keeper
from tests.sync.desks import Town, contents


def incarnation(hub: Hub) -> int:
    with hub.transaction() as connection:
        found = connection.scalar(select(tables.hub.c.incarnation))
    assert isinstance(found, int)
    return found


def answered(town: Town) -> int:
    """How many desks the hub owes an answer."""
    return sum(to.desk.owes_answer for to in recipients.every(town.hub))


def everybody_has_it(town: Town, count: int) -> None:
    for _ in range(2):
        town.round()
    with town.hub.transaction(1) as connection:
        assert len(connection.execute(select(tables.op)).all()) == count
    assert contents(town.desks[0]) == contents(town.desks[1])


def test_an_untouched_hub_stays_who_it_is(town: Town) -> None:
    desk = town.desk("Yann")
    add_member(desk)
    for _ in range(3):
        town.round()
        town.reopen_hub()

    assert incarnation(town.hub) == 1


@ON_SERVER
def test_a_copy_in_another_database_is_noticed_without_the_folder(
    town: Town, tmp_path: Path, keeper: Keeper
) -> None:
    """As pg_restore makes one: no folder beside it remembers anything."""
    here, _there = town.desk("Yann"), town.desk("Rozenn")
    town.round()
    copy = town.copied_hub(keeper, "copy")
    add_member(here)
    town.round()
    town.hub.close()
    folder = HubFolder(tmp_path / "elsewhere")
    folder.path.mkdir()
    folder.key.write_bytes(town.hub.folder.key.read_bytes())
    keeper.put_back(folder, copy)
    for name in ("settings.json", "database.password"):
        (folder.path / name).write_bytes((town.hub.folder.path / name).read_bytes())

    town.hub = database.open_hub(folder, wall=town.clock)

    assert incarnation(town.hub) > 1
    assert answered(town) == 2
    everybody_has_it(town, 1)
    before = incarnation(town.hub)
    town.hub.close()
    town.hub = database.open_hub(folder, wall=town.clock)
    assert incarnation(town.hub) == before


@ON_SERVER
def test_the_computer_that_handed_out_more_notices(town: Town) -> None:
    """The server was set back as a whole, so nothing about it differs; the folder knows better."""
    desk = town.desk("Yann")
    add_member(desk)
    town.round()
    with town.hub.transaction() as connection:
        connection.execute(tables.place.update().values(handed_out=0))
    town.hub.close()

    town.hub = database.open_hub(town.hub.folder, wall=town.clock)

    assert incarnation(town.hub) > 1
    assert answered(town) == 1


def test_an_open_hub_notices_when_it_hands_out_the_next_bundle(town: Town) -> None:
    """The database was put back while the service kept running."""
    town.desk("Yann")
    town.round()
    with town.hub.transaction() as connection:
        connection.execute(tables.place.update().values(handed_out=0))

    town.round()

    assert incarnation(town.hub) > 1
    handed_out = Sidecar(town.hub.folder.sidecar).number("bundles")
    with town.hub.transaction() as connection:
        assert connection.scalar(select(tables.place.c.handed_out)) == handed_out


def test_put_back_twice_from_one_copy_it_never_calls_itself_the_same(
    town: Town, keeper: Keeper
) -> None:
    town.desk("Yann")
    town.round()
    copy = town.copied_hub(keeper, "copy")
    seen = [incarnation(town.hub)]
    for _ in range(2):
        town.round()
        town.put_hub_back(keeper, copy)
        seen.append(incarnation(town.hub))

    assert seen == sorted(set(seen))


def test_the_administrator_may_say_so(town: Town) -> None:
    desk = town.desk("Yann")
    town.round()
    town.round()
    assert answered(town) == 0

    made = restoring.say_restored(town.hub, by="Nathalie")

    assert incarnation(town.hub) == made > 1
    assert answered(town) == 1
    [act] = [one for one in audit.newest(town.hub, 10) if one.what == "hub-restored"]
    assert (act.by, act.details) == ("Nathalie", {"incarnation": made})
    assert exchange.status(desk).is_welcomed
    town.round()
    assert [one.to_receive for one in desks.listed(town.hub)] == [0]


def test_programs_in_one_folder_note_their_bundles_together(tmp_path: Path) -> None:
    notes = [Sidecar(tmp_path / "sidecar.json") for _ in range(2)]

    for number in range(1, 6):
        notes[number % 2].raise_to(bundles=number)
        notes[0].raise_to(incarnation=3)

    assert {note.place() for note in notes} == {notes[0].place()}
    assert [(note.number("bundles"), note.number("incarnation")) for note in notes] == [(5, 3)] * 2
    notes[1].raise_to(bundles=2)
    assert notes[0].number("bundles") == 5


def test_a_count_that_the_power_failed_at_is_the_one_before(tmp_path: Path) -> None:
    note, counted = Sidecar(tmp_path / "sidecar.json"), tmp_path / "sidecar.count"
    for number in range(1, 100):
        note.raise_to(bundles=number)
    assert note.number("bundles") == 99

    place = counted.read_bytes().index(b"%020d" % 99)
    with counted.open("r+b") as file:
        file.seek(place)
        file.write(b"%020d" % 101)

    assert note.number("bundles") == 98
    note.raise_to(bundles=101)
    assert note.number("bundles") == 101


def test_a_count_that_left_numbers_out_is_never_less_than_the_one_before(tmp_path: Path) -> None:
    note, counted = Sidecar(tmp_path / "sidecar.json"), tmp_path / "sidecar.count"
    for number in (4, 5, 7):  # another process has noted 7 before this one noted 6
        note.raise_to(bundles=number)

    place = counted.read_bytes().index(b"%020d" % 7)
    with counted.open("r+b") as file:
        file.seek(place)
        file.write(b"%020d" % 9)

    assert note.number("bundles") == 5


def test_a_folder_from_before_the_count_had_a_file_keeps_counting(tmp_path: Path) -> None:
    (tmp_path / "sidecar.json").write_text('{"bundles": 7, "incarnation": 2}')
    note = Sidecar(tmp_path / "sidecar.json")
    assert note.number("bundles") == 7

    note.raise_to(bundles=8)

    assert (note.number("bundles"), note.number("incarnation")) == (8, 2)


@pytest.mark.parametrize("content", ['{"place": 5}', '{"place": "zz", "signing": ["zz", 7]}', "{"])
def test_a_note_that_a_disk_has_damaged_is_begun_anew(tmp_path: Path, content: str) -> None:
    path = tmp_path / "sidecar.json"
    path.write_text(content)

    place = Sidecar(path).place()

    assert len(place) == len(Sidecar(path).place()) == 16
    assert Sidecar(path).keys() == frozenset()
