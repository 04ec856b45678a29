"""A hub whose whole folder was put back: each desk hears of it by the first answer and sends again."""

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from correspondent_desk.hub import database, restoring
from correspondent_desk.hub import exchange as hub_exchange
from correspondent_desk.store.database import Database
from correspondent_desk.sync import exchange
from correspondent_desk.sync.exchange import Fate
from correspondent_desk.sync.online.exchange import exchange_online
from tests.builders import add_member
from tests.hub.service.serving import reaches, served
from tests.sync.desks import Town, contents


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    town = Town(tmp_path)
    (tmp_path / "shared").mkdir()
    for name in ("Yann", "Rozenn"):
        town.desk(name)
    yield town
    town.close()


def by_folder(town: Town, *turns: Database | None) -> list[exchange.FolderReport]:
    """Each in its turn exchanges by the shared folder; None: the hub. What the desks' turns did."""
    told = []
    for desk in turns:
        town.clock.at += timedelta(minutes=1)
        if desk is None:
            hub_exchange.exchange_folder(town.hub, town.path / "shared")
        else:
            told.append(exchange.exchange_folder(desk, town.path / "shared"))
    return told


def put_back_later(town: Town, work: Callable[[], None]) -> None:
    """The hub's folder as it was before work, with all that lies beside its database."""
    town.hub.close()
    kept = town.path / "kept"
    shutil.copytree(town.hub.folder.path, kept)
    town.hub = database.open_hub(town.hub.folder, wall=town.clock)
    work()
    town.hub.close()
    shutil.rmtree(town.hub.folder.path)
    kept.rename(town.hub.folder.path)
    town.hub = database.open_hub(town.hub.folder, wall=town.clock)


def work(town: Town) -> None:
    """Two days that the hub forgets, each answered; the last work is not sent."""
    first, second = town.desks
    for _ in range(2):
        add_member(first)
        add_member(second)
        by_folder(town, first, second, None, first, second, None)


def everybody_has(town: Town, members: int) -> None:
    first, second = town.desks
    assert [exchange.status(one).to_send for one in (first, second)] == [0, 0]
    assert contents(first) == contents(second)
    assert len(contents(second)["member"]) == members


@pytest.mark.parametrize("is_said", [True, False])
def test_desks_send_again_what_it_forgot(town: Town, *, is_said: bool) -> None:
    first, second = town.desks
    by_folder(town, *2 * (first, second, None, first, second))
    put_back_later(town, lambda: work(town))
    add_member(first)
    by_folder(town, first)
    if is_said:
        restoring.say_restored(town.hub)

    [answered] = by_folder(town, None, first)

    assert answered.prepared is not None
    assert answered.prepared.operations >= 3
    by_folder(town, second, None, first, second, None, first, second)
    everybody_has(town, 5)


def test_desks_send_again_over_the_network(town: Town) -> None:
    def online(*turns: Database) -> None:
        with served(town.hub, None) as hub:
            for desk in turns:
                town.clock.at += timedelta(minutes=1)
                reaches(desk, hub.url)
                assert exchange_online(desk, pauses_s=()).trouble is None

    def forgotten() -> None:
        add_member(first)
        online(first)
        add_member(second)
        online(second, first)

    first, second = town.desks
    online(first, second)
    put_back_later(town, forgotten)
    add_member(first)

    online(first, second, first)
    everybody_has(town, 3)


def test_a_late_file_of_the_hub_makes_nobody_send_again(town: Town) -> None:
    first, _ = town.desks
    town.round()
    late = town.written_for(first)
    town.clock.at += timedelta(minutes=1)
    add_member(first)
    town.round(first)

    assert exchange.apply(first, late).fate is Fate.NOTHING_NEW

    assert exchange.status(first).to_send == 0
