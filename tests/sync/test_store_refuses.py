"""Whatever file is handed to a desk or a hub: refused ones change no byte and leave nothing."""

import hashlib
from pathlib import Path

import pytest

from correspondent_desk.errors import DeskError
from correspondent_desk.hub import identity, ingest, offices
from correspondent_desk.store.database import Database
from correspondent_desk.store.identity import raw
from correspondent_desk.sync import columns, exchange, link
from correspondent_desk.sync.bundle import Section, Written
from correspondent_desk.sync.columns import OpRow, Run
from correspondent_desk.sync.origins import Origins
from tests.builders import add_member
from tests.sync import hostile
from tests.sync.builders import World
from tests.sync.bundle_forge import OK, Forge
from tests.sync.desks import Town


def digest(folder: Path) -> dict[str, str]:
    """Every file of the folder by its content; the index of the log is memory, not content."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith("-shm")
    }


def as_the_hub(town: Town, desk: Database) -> World:
    """Somebody who holds the hub's keys and writes to desk."""
    known, keys = desk.read(link.load)
    with town.hub.transaction() as connection:
        hub_keys = identity.keys(connection)
    world = World(hub=keys, desk=hub_keys)  # type: ignore[arg-type]
    world.office = known.office
    return world


def as_a_desk(town: Town, desk: Database) -> World:
    """Somebody who holds the keys of desk and writes to the hub."""
    known, keys = desk.read(link.load)
    with town.hub.transaction() as connection:
        hub_keys = identity.keys(connection)
    world = World(hub=hub_keys, desk=keys)
    world.office = known.office
    world.origin = desk.read(lambda s: Origins(raw(s)).uid(Origins(raw(s)).own))
    return world


def test_no_hostile_file_changes_a_byte_of_a_desk(town: Town, tmp_path: Path) -> None:
    desk = town.desk("Yann")
    add_member(desk)
    town.round()
    (tmp_path / "forge").mkdir()
    forge = Forge(as_the_hub(town, desk), tmp_path / "forge")
    before = digest(desk.folder.path)
    accepted, changed = [], []
    for case in hostile.cases(forge):
        path = tmp_path / "x.cdb"
        path.write_bytes(case.file)
        if case.reason == OK:
            continue
        for take in (exchange.preview, exchange.apply):
            try:
                take(desk, path)
            except DeskError:
                pass
            else:
                accepted.append(case.name)
        if digest(desk.folder.path) != before:
            changed.append(case.name)
            before = digest(desk.folder.path)

    assert accepted == []
    assert changed == []


def test_no_hostile_file_changes_a_byte_of_the_hub(town: Town, tmp_path: Path) -> None:
    desk = town.desk("Yann")
    add_member(desk)
    town.round()
    (tmp_path / "forge").mkdir()
    forge = Forge(as_a_desk(town, desk), tmp_path / "forge")
    before = digest(town.hub.folder.path)
    accepted, changed = [], []
    for case in hostile.cases(forge):
        path = tmp_path / "x.cdb"
        path.write_bytes(case.file)
        if case.reason == OK:
            continue
        try:
            ingest.take_in(town.hub, path)
        except DeskError:
            pass
        else:
            accepted.append(case.name)
        if digest(town.hub.folder.path) != before:
            changed.append(case.name)
            before = digest(town.hub.folder.path)

    assert accepted == []
    assert changed == []


# --- rightly signed, and yet not to be believed -----------------------------------------------------


def told(world: World, path: Path, *runs: Run) -> Written:
    """A bundle of world with these runs."""
    return world.write(path, *(Section("ops", packed) for packed in columns.pack(runs)))


def one_op(world: World, origin: bytes, root: bytes | None = None, seq: int = 1) -> Run:
    record = world.id()
    op = OpRow(
        origin, seq, seq << 16, record, 3, root or record, {3: "X"}, "Eve", "member.created", 1
    )
    return Run(origin, seq - 1, seq, {}, [], [op])


def refusal(town: Town, path: Path) -> str:
    before = digest(town.hub.folder.path)
    with pytest.raises(DeskError) as caught:
        ingest.take_in(town.hub, path)
    assert digest(town.hub.folder.path) == before
    return caught.value.full_code


def test_a_desk_cannot_write_in_the_name_of_another(town: Town, tmp_path: Path) -> None:
    honest, dishonest = town.desk("Yann"), town.desk("Eve")
    add_member(honest)
    town.round()
    world = as_a_desk(town, dishonest)
    victim = as_a_desk(town, honest).origin

    forged = told(world, tmp_path / "x.cdb", one_op(world, victim, seq=2))

    assert refusal(town, forged.path) == "bundle:forked-log"


def test_a_desk_cannot_write_below_a_record_of_another_office(town: Town, tmp_path: Path) -> None:
    offices.add(town.hub, "Port de Kerlann")
    victim, attacker = town.desk("Yann"), town.desk("Eve", "Port de Kerlann")
    add_member(victim)
    town.up(victim)
    town.up(attacker)
    world = as_a_desk(town, attacker)
    [(member,)] = victim.read(
        lambda s: raw(s).execute("SELECT uid FROM record WHERE kind=3").fetchall()
    )

    forged = told(world, tmp_path / "x.cdb", one_op(world, world.origin, root=member))

    assert refusal(town, forged.path) == "bundle:wrong-office"


def test_a_desk_cannot_speak_for_another_office(town: Town, tmp_path: Path) -> None:
    other = offices.add(town.hub, "Port de Kerlann")
    desk = town.desk("Eve")
    town.up(desk)
    world = as_a_desk(town, desk)
    world.office = other.uid

    forged = told(world, tmp_path / "x.cdb", one_op(world, world.origin))

    assert refusal(town, forged.path) == "bundle:wrong-office"
