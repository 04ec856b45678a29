"""Two copies of one desk and one shared folder: each file reaches the hub, and people are told."""

import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from correspondent_desk.messages import health
from correspondent_desk.messages.bundles import doubled
from correspondent_desk.store import backup, origins
from correspondent_desk.store.backup import Why
from correspondent_desk.store.database import Database, open_store
from correspondent_desk.store.vault import DeskFolder, unlock
from correspondent_desk.sync import bundle, exchange, relay
from tests.builders import PASSPHRASE, add_member
from tests.sync.desks import Town, contents
from tests.sync.test_forks import image, names, put_back


def reopened(town: Town, folder: DeskFolder) -> Database:
    found = open_store(folder, unlock(folder, PASSPHRASE), wall=town.clock)
    found.person = "Yann"
    return found


@pytest.fixture
def copies(town: Town) -> Iterator[tuple[Database, Database]]:
    """A desk that exchanges by a shared folder, and a copy of it on another computer."""
    here, there = town.meet("Yann", "Rozenn")
    add_member(here, "Before")
    for _ in range(2):
        for desk in (here, there):
            exchange.exchange_folder(desk, town.path / "stick")
        town.exchange_folder()
    here.close()
    elsewhere = DeskFolder(town.path / "elsewhere")
    shutil.copytree(here.folder.path, elsewhere.path)
    town.desks[0] = reopened(town, here.folder)
    copy = reopened(town, elsewhere)
    yield town.desks[0], copy
    copy.close()


def files(town: Town) -> list[Path]:
    return sorted((town.path / "stick" / "to-hub").rglob("*.cdb"))


def test_two_copies_do_not_take_each_others_file_away(
    town: Town, copies: tuple[Database, Database]
) -> None:
    here, copy = copies
    shared = town.path / "stick"
    add_member(here, "Here")
    add_member(copy, "Copied")
    own = exchange.exchange_folder(here, shared).prepared
    assert own is not None

    report = exchange.exchange_folder(copy, shared)

    assert report.of_copy == (own.path,)
    assert own.path.exists()
    assert report.prepared is not None
    assert report.prepared.path != own.path
    assert exchange.exchange_folder(here, shared).of_copy == (report.prepared.path,)
    assert exchange.status(here).is_doubled
    assert exchange.status(copy).is_doubled
    assert doubled() in health.report(copy.folder, copy)[0]
    for _ in range(3):
        town.clock.at += timedelta(hours=1)
        town.exchange_folder()
        for desk in (here, copy, town.desks[1]):
            exchange.exchange_folder(desk, shared)
    told = [exchange.status(desk).is_doubled for desk in (here, copy)]
    assert any(told), "as the hub says by now"
    assert contents(here) == contents(copy) == contents(town.desks[1])


def test_two_copies_do_not_take_away_what_each_left_for_a_colleague(
    town: Town, copies: tuple[Database, Database]
) -> None:
    here, copy = copies
    there = town.desks[1]
    copy.close()
    origins.note_restored(copy.folder)  # as it would find out on a computer of its own
    copy = reopened(town, copy.folder)
    stick = town.path / "between them"
    stick.mkdir()
    to = here.read(lambda s: relay.named(s, "2"))
    for number, desk in enumerate((here, copy, here)):
        add_member(desk, f"N{number}")
        relay.put_for(desk, stick, to)
        assert len(list(stick.rglob("*.cdb"))) == min(number + 1, 2)

    report = exchange.exchange_folder(here, stick)
    told = exchange.exchange_folder(copy, stick)

    assert [len(one.of_copy) for one in (report, told)] == [1, 2], "the latter: for the hub too"
    assert not {*report.of_copy} & {*told.of_copy}
    exchange.exchange_folder(there, stick)
    assert names(there) == ["Before", "N0", "N1", "N2"]
    copy.close()


def test_a_desk_clears_its_own_files_from_every_stick(town: Town) -> None:
    here, _ = town.meet("Yann", "Rozenn")
    to = here.read(lambda s: relay.named(s, "2"))
    sticks = [town.path / name for name in ("one", "other")]
    for stick in sticks:
        stick.mkdir()
    for number, stick in enumerate((*sticks, *sticks)):
        add_member(here, f"N{number}")
        relay.put_for(here, stick, to)

    assert [len(list(stick.rglob("*.cdb"))) for stick in sticks] == [1, 1]
    assert exchange.exchange_folder(here, sticks[0]).of_copy == ()


def test_a_desk_that_was_killed_knows_its_own_file_on_a_stick(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, _ = town.meet("Yann", "Rozenn")
    to = here.read(lambda s: relay.named(s, "2"))
    stick = town.path / "between them"
    stick.mkdir()
    add_member(here)

    write = bundle.write

    def write_and_die(*told: Any, **named: Any) -> None:
        write(*told, **named)
        raise KeyboardInterrupt

    with monkeypatch.context() as once:
        once.setattr(bundle, "write", write_and_die)
        with pytest.raises(KeyboardInterrupt):
            relay.put_for(here, stick, to)
    [file] = stick.rglob("*.cdb")

    assert exchange.exchange_folder(here, stick).of_copy == ()
    assert list(stick.rglob("between/**/*.cdb")) == [file]


def test_what_a_copy_left_there_months_ago_is_cleared_away(
    town: Town, copies: tuple[Database, Database]
) -> None:
    here, copy = copies
    shared = town.path / "stick"
    add_member(copy, "Copied")
    left = exchange.exchange_folder(copy, shared).prepared
    assert left is not None
    long_ago = left.path.stat().st_mtime - timedelta(days=61).total_seconds()
    os.utime(left.path, (long_ago, long_ago))
    add_member(here, "Here")
    assert exchange.exchange_folder(here, shared).of_copy == (left.path,)
    add_member(here, "Here again")

    report = exchange.exchange_folder(here, shared)

    assert report.of_copy == ()
    assert not left.path.exists()
    assert not exchange.status(here).is_doubled


def test_a_computer_whose_clock_is_wrong_sees_the_copy_too(
    town: Town, copies: tuple[Database, Database]
) -> None:
    here, copy = copies
    add_member(copy, "Copied")
    left = exchange.exchange_folder(copy, town.path / "stick").prepared
    assert left is not None
    town.clock.at += timedelta(days=9000)
    add_member(here, "Here")

    assert exchange.exchange_folder(here, town.path / "stick").of_copy == (left.path,)


@pytest.mark.parametrize("is_known", [True, False])
def test_a_desk_put_back_from_its_copy_is_not_taken_for_two(town: Town, *, is_known: bool) -> None:
    """Its own files of since lie there, and it has forgotten them; also before the hub has spoken."""
    here = town.meet("Yann", "Rozenn")[0] if is_known else town.desk("Yann")
    shared = town.path / "stick"
    old = here.copy(Why.ASKED)
    add_member(here, "Lost")
    lost = exchange.exchange_folder(here, shared).prepared
    assert lost is not None
    here.close()
    after = old.made_at + timedelta(hours=1)
    backup.restore(here.folder, unlock(here.folder, PASSPHRASE), old.path, after)
    town.desks[0] = reopened(town, here.folder)
    add_member(town.desks[0], "Again")

    report = exchange.exchange_folder(town.desks[0], shared)

    assert report.of_copy == ()
    assert not lost.path.exists()
    assert not exchange.status(town.desks[0]).is_doubled


def test_a_desk_put_back_with_its_disk_is_not_taken_for_two_for_long(
    town: Town, tmp_path: Path
) -> None:
    here, _ = town.meet("Yann", "Rozenn")
    shared = town.path / "stick"
    add_member(here, "Before")
    for _ in range(2):
        exchange.exchange_folder(here, shared)
        town.exchange_folder()
    image(town, 0, tmp_path / "image")
    for name in ("Lost", "Lost too"):  # two files, of which the last lies there
        add_member(town.desks[0], name)
        exchange.exchange_folder(town.desks[0], shared)
    here = put_back(town, 0, tmp_path / "image")
    add_member(here, "Again")

    first = exchange.exchange_folder(here, shared)

    assert len(first.of_copy) == 1
    assert exchange.status(here).is_doubled
    for _ in range(3):
        town.clock.at += timedelta(hours=1)
        town.exchange_folder()
        exchange.exchange_folder(here, shared)

    assert names(here) == ["Again", "Before", "Lost", "Lost too"]
    assert not exchange.status(here).is_doubled
