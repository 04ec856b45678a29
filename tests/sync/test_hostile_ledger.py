"""Erasures that nobody ordered, old ledgers again, stamps of the far future: rightly sealed, and yet."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from correspondent_desk.errors import DeskError
from correspondent_desk.hub import ingest, tables
from correspondent_desk.store import erasing
from correspondent_desk.store.database import Database
from correspondent_desk.store.erasing import Entry, digest_of
from correspondent_desk.store.identity import raw
from correspondent_desk.store.tables import Member
from correspondent_desk.sync import exchange, ledger
from correspondent_desk.sync.bundle import Section
from correspondent_desk.sync.columns import OpRow, Run
from tests.builders import add_member
from tests.sync.builders import World
from tests.sync.desks import Town, contents, write
from tests.sync.test_store_refuses import as_a_desk, as_the_hub, digest, told


def uid_of_member(desk: Database) -> bytes:
    [(uid,)] = desk.read(lambda s: raw(s).execute("SELECT uid FROM record WHERE kind=3").fetchall())
    return bytes(uid)


def line(world: World, uid: bytes, version: int = 1) -> Entry:
    return ledger.sign(world.desk.signing, world.office, version, digest_of(uid))


Forgery = Callable[[World, bytes], bytes]


def packed(entry: Entry) -> bytes:
    [section] = ledger.pack([entry])
    return section


def altered(entry: Entry, **changes: object) -> bytes:
    return packed(Entry(**{**{f: getattr(entry, f) for f in entry.__struct_fields__}, **changes}))


FORGERIES: dict[str, tuple[str, Forgery]] = {
    "noise": ("bad-structure", lambda world, _uid: world.chance.randbytes(80)),
    "a promise of 4 billion lines": ("bad-structure", lambda _w, _u: b"\xdd\xff\xff\xff\xff"),
    "signed by somebody else": (
        "bad-signature",
        lambda world, uid: packed(
            ledger.sign(world.other.signing, world.office, 1, digest_of(uid))
        ),
    ),
    "signed for another office": (
        "bad-signature",
        lambda world, uid: packed(ledger.sign(world.desk.signing, world.id(), 1, digest_of(uid))),
    ),
    "another record in its place": (
        "bad-signature",
        lambda world, uid: altered(line(world, world.id()), digest=digest_of(uid)),
    ),
    "another number": ("bad-signature", lambda world, uid: altered(line(world, uid), version=2)),
    "more than was ordered": (
        "bad-signature",
        lambda world, uid: altered(
            ledger.sign(world.desk.signing, world.office, 1, digest_of(uid), is_root=False),
            is_root=True,
        ),
    ),
}


def test_forged_erasures_are_refused(town: Town, tmp_path: Path) -> None:
    desk = town.desk("Yann")
    add_member(desk)
    town.round()
    world, uid = as_the_hub(town, desk), uid_of_member(desk)
    before = digest(desk.folder.path)
    found = {}
    for number, (name, (_, forge)) in enumerate(FORGERIES.items(), 90):
        section = Section(ledger.LEDGER, forge(world, uid))
        file = world.write(tmp_path / "x.cdb", section, number=number).path
        for take in (exchange.preview, exchange.apply):
            with pytest.raises(DeskError) as caught:
                take(desk, file)
            found[name] = caught.value.full_code

    assert found == {name: f"bundle:{reason}" for name, (reason, _) in FORGERIES.items()}
    assert digest(desk.folder.path) == before


def test_a_desk_cannot_order_an_erasure(town: Town, tmp_path: Path) -> None:
    desk, other = town.desk("Yann"), town.desk("Eve")
    add_member(desk)
    town.round()
    town.round()
    world = as_a_desk(town, other)
    section = Section(ledger.LEDGER, packed(line(world, uid_of_member(desk))))
    file = world.write(tmp_path / "x.cdb", section, number=99).path

    ingest.take_in(town.hub, file)
    town.round()

    with town.hub.transaction(1) as connection:
        assert connection.scalar(select(func.count()).select_from(tables.op)) == 1
    assert contents(desk) == contents(other)
    assert desk.read(lambda s: s.query(Member).count()) == 1


def test_an_older_ledger_takes_nothing_back(town: Town, tmp_path: Path) -> None:
    desk = town.desk("Yann")
    add_member(desk)
    town.round()
    world = as_the_hub(town, desk)
    first = line(world, world.id(), version=1)
    second = line(world, uid_of_member(desk), version=2)
    files = [
        world.write(tmp_path / f"{n}.cdb", Section(ledger.LEDGER, one), number=90 + n).path
        for n, one in enumerate([ledger.pack([first])[0], ledger.pack([first, second])[0]])
    ]

    for file in (files[1], files[0], files[1]):
        exchange.apply(desk, file, is_meant=True)
        assert desk.read(lambda s: erasing.version(raw(s))) == 2
        assert desk.read(lambda s: s.query(Member).count()) == 0


def test_a_stamp_of_the_far_future_neither_wins_for_ever_nor_stops_anybody(
    town: Town, tmp_path: Path
) -> None:
    desk, ahead = town.desk("Yann"), town.desk("Eve")
    town.round()
    world = as_a_desk(town, ahead)
    wall = int(datetime(2199, 1, 1, tzinfo=UTC).timestamp() * 1000)
    record = world.id()
    op = OpRow(
        world.origin, 1, wall << 16, record, 3, record, {3: "X"}, "Eve", "member.created", 1, wall
    )
    ingest.take_in(
        town.hub, told(world, tmp_path / "x.cdb", Run(world.origin, 0, 1, {}, [], [op])).path
    )
    town.down(desk)
    town.down(ahead)
    member = desk.read(lambda s: s.query(Member).one())

    write(desk, member, first_name="Anne", note="rang")
    write(desk, member, note="came by")
    town.round()
    town.round()

    assert contents(desk) == contents(ahead)
    assert ahead.read(lambda s: s.query(Member).one().note) == "came by"
    assert desk.read(exchange.disagreements) == ahead.read(exchange.disagreements) == []
