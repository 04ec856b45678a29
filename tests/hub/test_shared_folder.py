"""The shared folder between desks and a hub: what is put there serves whoever takes it."""

from datetime import timedelta

import pytest

from correspondent_desk.hub import exchange as hub_exchange
from correspondent_desk.hub import outgoing
from correspondent_desk.hub.ingest import Fate
from correspondent_desk.messages import errors
from correspondent_desk.store import backup
from correspondent_desk.store.backup import Why
from correspondent_desk.store.database import open_store
from correspondent_desk.store.vault import unlock
from correspondent_desk.sync import exchange
from correspondent_desk.sync.rejection import BundleNotWritten
from tests.builders import PASSPHRASE, add_member
from tests.sync.desks import Town, contents


def test_a_shared_folder_carries_a_day_of_work(town: Town) -> None:
    here, there = town.desk("Yann"), town.desk("Rozenn")
    shared = town.path / "shared"
    shared.mkdir()

    def everybody() -> None:
        for desk in (here, there):
            exchange.exchange_folder(desk, shared)
        hub_exchange.exchange_folder(town.hub, shared)

    add_member(here, "Le Goff")
    for _ in range(3):
        everybody()
    add_member(there, "Petit")
    for _ in range(3):
        everybody()
    report = exchange.exchange_folder(here, shared)
    hub_report = hub_exchange.exchange_folder(town.hub, shared)

    assert contents(here) == contents(there)
    assert (report.received, report.refused, report.prepared) == ((), (), None)
    assert (hub_report.received, hub_report.refused, hub_report.sent) == ((), (), ())
    assert len(list(shared.rglob("*.cdb"))) <= 4


def test_a_shared_folder_that_is_not_there_is_named(town: Town) -> None:
    here, gone = town.desk("Yann"), town.path / "gone"

    with pytest.raises(BundleNotWritten) as at_the_desk:
        exchange.exchange_folder(here, gone)
    with pytest.raises(BundleNotWritten) as at_the_hub:
        outgoing.export(town.hub, gone)

    for refused in (at_the_desk, at_the_hub):
        assert errors.sentence(refused.value) == (
            f"There is no such place: {gone}. Put the stick back or choose another folder."
        )


def test_a_strange_file_in_the_shared_folder_stops_nobody(town: Town) -> None:
    here = town.desk("Yann")
    shared = town.path / "shared"
    strange = shared / "to-hub" / "strange"
    strange.mkdir(parents=True)
    (strange / "a.cdb").write_bytes(b"\x89CDSB\r\n\x1a but nothing else")
    (strange / "b.txt").write_text("not ours")
    exchange.exchange_folder(here, shared)

    report = hub_exchange.exchange_folder(town.hub, shared)

    assert [one.fate for one in report.received] == [Fate.NEW]
    assert [one.path.name for one in report.refused] == ["a.cdb"]


def test_a_desk_put_back_from_a_copy_gets_all_again_though_nobody_writes(town: Town) -> None:
    here, there = town.desk("Yann"), town.desk("Rozenn")
    shared = town.path / "shared"
    shared.mkdir()
    for _ in range(2):
        exchange.exchange_folder(there, shared)
        hub_exchange.exchange_folder(town.hub, shared)
    empty = there.copy(Why.ASKED)
    add_member(here, "Le Goff")
    for _ in range(3):
        for desk in (here, there):
            exchange.exchange_folder(desk, shared)
        hub_exchange.exchange_folder(town.hub, shared)
    assert contents(here) == contents(there)

    there.close()
    key = unlock(there.folder, PASSPHRASE)
    backup.restore(there.folder, key, empty.path, empty.made_at + timedelta(hours=1))
    back = open_store(there.folder, key, wall=town.clock)
    town.desks.append(back)
    add_member(here, "Petit")
    exchange.exchange_folder(here, shared)
    hub_exchange.exchange_folder(town.hub, shared)  # for one that has the rest
    for _ in range(3):
        exchange.exchange_folder(back, shared)
        hub_exchange.exchange_folder(town.hub, shared)

    assert contents(back) == contents(here)
    assert hub_exchange.exchange_folder(town.hub, shared).sent == ()
