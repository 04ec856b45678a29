"""Errors sown into passing on and forgetting, each with a story of real desks that notices it."""

from collections.abc import Callable, Mapping
from pathlib import Path
from sqlite3 import Connection

import msgspec
import pytest

from correspondent_desk.store import compaction
from correspondent_desk.store.identity import raw
from correspondent_desk.sync import ledger, manifest
from correspondent_desk.sync.manifest import Manifest
from tests.sync.real_desk import CASTS
from tests.sync.test_machine import Played
from tests.worlds.carried import Write

ANNE, BRUNO, CHLOE = "desk 1", "desk 2", "desk 3"
HAVE_MET = 0  # the seed of a world whose desks know of each other


def edit(world: Played, name: str, record: int, value: str) -> None:
    uid = world.records[record]
    world.save(name, Write(uid, uid, {2: value}))


def hand(world: Played, sender: str, recipient: str) -> None:
    world.pass_to(sender, recipient)
    while world.files:
        world.try_one(0)


def exchange(world: Played, name: str) -> None:
    world.send(name)
    world.answer(name)
    while world.files:
        world.try_one(0)


def a_colleague_forges(world: Played) -> None:
    edit(world, ANNE, 0, "PETIT")
    hand(world, ANNE, BRUNO)
    world.forge_for(BRUNO, CHLOE)


def an_erasure_goes_by_stick(world: Played) -> None:
    edit(world, ANNE, 0, "PETIT")
    exchange(world, ANNE)
    world.erase_one(world.records[0])
    exchange(world, BRUNO)
    edit(world, BRUNO, 1, "LE GOFF")
    hand(world, BRUNO, CHLOE)


def what_was_forgotten_is_passed_on(world: Played) -> None:
    """Bruno replaced what Anne wrote; both are forgotten at Anne's, and his letter has gone too."""
    edit(world, ANNE, 0, "PETIT")
    for name in (ANNE, BRUNO):
        exchange(world, name)
    edit(world, BRUNO, 0, "LE GOFF")
    exchange(world, BRUNO)
    exchange(world, ANNE)
    edit(world, ANNE, 1, "LE GOFF")
    exchange(world, ANNE)
    world.forget(ANNE)
    world.desks[ANNE].db.keep(lambda s: raw(s).execute("DELETE FROM letter"))
    hand(world, ANNE, CHLOE)


def believe_any_letter(patch: pytest.MonkeyPatch) -> None:
    def unsigned(encoded: bytes, *_: object) -> Manifest:
        return msgspec.msgpack.decode(encoded, type=Manifest)

    patch.setattr(manifest, "open_manifest", unsigned)


def bring_no_ledger(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(ledger, "pack", lambda _: [])


def keep_the_floor(patch: pytest.MonkeyPatch) -> None:
    honest = compaction.compact

    def compact(connection: Connection, limits: Mapping[bytes, int]) -> int:
        before = connection.execute("SELECT floor, id FROM origin").fetchall()
        gone = honest(connection, limits)
        connection.executemany("UPDATE origin SET floor=? WHERE id=?", before)
        return gone

    patch.setattr(compaction, "compact", compact)


Story = Callable[[Played], None]
Sow = Callable[[pytest.MonkeyPatch], None]
SOWN: Mapping[str, tuple[Story, Sow]] = {
    "believes-any-letter": (a_colleague_forges, believe_any_letter),
    "brings-no-ledger": (an_erasure_goes_by_stick, bring_no_ledger),
    "keeps-its-floor": (what_was_forgotten_is_passed_on, keep_the_floor),
}


def lived(path: Path, story: Story) -> list[str]:
    path.mkdir()
    world = Played(HAVE_MET, path, CASTS[0], desk_count=3)
    try:
        story(world)
        found = world.findings()
        world.heal()
        return found + world.findings() + world.at_the_end()
    finally:
        world.close()


@pytest.mark.parametrize("name", SOWN)
def test_a_sown_error_is_noticed(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    story, sow = SOWN[name]
    without = lived(tmp_path / "without", story)
    sow(monkeypatch)

    assert without == []
    assert lived(tmp_path / "with", story)
