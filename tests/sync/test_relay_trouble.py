"""Passing on by a stick that is full or pulled out, and by a desk without room: all or nothing, and later all."""

import os
import shutil
from pathlib import Path

import pytest

from correspondent_desk.errors import DeskError
from correspondent_desk.hub import catalogue as published
from correspondent_desk.hub import erasing
from correspondent_desk.store.database import Database, open_store
from correspondent_desk.store.files import CannotWrite
from correspondent_desk.store.identity import uid_of
from correspondent_desk.store.vault import unlock
from correspondent_desk.sync import exchange, relay
from correspondent_desk.sync.rejection import BundleNotWritten
from tests.builders import PASSPHRASE, add_member
from tests.hub.test_catalogue import text
from tests.killing import DONE, REFUSED, forks, in_child, no_file_beyond
from tests.small_disk import fill, small_disk
from tests.sync.desks import Town, contents
from tests.sync.test_relay import erase, give, hand, letters_at, names
from tests.sync.test_store_refuses import digest

LARGE = 60_000


def reopened(desk: Database, town: Town, place: int) -> Database:
    again = open_store(desk.folder, unlock(desk.folder, PASSPHRASE), wall=town.clock)
    again.person = desk.person
    town.desks[place] = again
    return again


@forks
def test_a_desk_without_room_takes_in_a_letter_whole_or_not(town: Town) -> None:
    anne, bruno, chloe = town.meet("Anne", "Bruno", "Chloé")
    add_member(anne, "PETIT", note=os.urandom(LARGE).hex())
    hand(town, anne, bruno)
    path = give(town, bruno, chloe)
    folder, key = chloe.folder, unlock(chloe.folder, PASSPHRASE)
    chloe.close()
    size = folder.store.stat().st_size

    def work() -> None:
        desk = open_store(folder, key, wall=town.clock)
        try:
            exchange.apply(desk, path)
        finally:
            desk.close()

    statuses = []
    for limit in (4_000, LARGE, size // 2, size + LARGE, 8 * size):
        statuses.append(in_child(work, no_file_beyond(limit)))
        chloe = reopened(chloe, town, 2)
        taken = statuses[-1] == DONE
        assert (names(chloe), letters_at(chloe)) == ((["PETIT"], 1) if taken else ([], 0))
        chloe.close()

    assert statuses[0] == REFUSED
    assert statuses[-1] == DONE
    chloe = reopened(chloe, town, 2)
    town.round()
    town.round()
    assert contents(anne) == contents(bruno) == contents(chloe)


def test_a_full_stick_takes_no_letter_and_the_next_stick_takes_all(
    town: Town, tmp_path: Path
) -> None:
    anne, bruno, chloe = town.meet("Anne", "Bruno", "Chloé")
    add_member(anne, "PETIT", note=os.urandom(LARGE).hex())
    hand(town, anne, bruno)
    to = bruno.read(lambda s: relay.named(s, "PC Chloé"))
    with small_disk(tmp_path / "small", 1 << 20) as stick:
        ballast = fill(stick, leave=LARGE // 2)
        with pytest.raises(BundleNotWritten):
            relay.put_for(bruno, stick, to)
        left = [path for path in stick.rglob("*") if path.is_file()]
        ballast.unlink()
        relay.put_for(bruno, stick, to)
        exchange.exchange_folder(chloe, stick)

    assert left == [ballast]
    assert names(chloe) == ["PETIT"]


def test_what_came_is_told_although_the_stick_takes_no_answer(town: Town, tmp_path: Path) -> None:
    anne, bruno = town.meet("Anne", "Bruno")
    add_member(anne, "PETIT")
    add_member(bruno, "GRAND", note=os.urandom(LARGE).hex())
    to = anne.read(lambda s: relay.named(s, "PC Bruno"))
    with small_disk(tmp_path / "small", 1 << 20) as stick:
        relay.put_for(anne, stick, to)
        ballast = fill(stick, leave=LARGE // 4)
        report = exchange.exchange_folder(bruno, stick)
        with pytest.raises(BundleNotWritten):  # nothing came: nothing but this is to be told
            exchange.exchange_folder(bruno, stick)
        ballast.unlink()
        later = exchange.exchange_folder(bruno, stick)

    assert [one.effect.operations for one in report.received] == [1]
    assert isinstance(report.failed, BundleNotWritten)
    assert names(bruno) == ["GRAND", "PETIT"]
    assert later.failed is None
    assert later.prepared is not None


@pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.99])
def test_a_stick_pulled_out_while_a_letter_is_written(town: Town, share: float) -> None:
    """What stands on it then is no bundle or half of one: it is refused, and comes again whole."""
    anne, bruno, chloe = town.meet("Anne", "Bruno", "Chloé")
    add_member(anne, "PETIT", note=os.urandom(LARGE).hex())
    hand(town, anne, bruno)
    to = bruno.read(lambda s: relay.named(s, "PC Chloé"))
    stick = town.path / "between them"
    stick.mkdir()
    relay.put_for(bruno, stick, to)
    [whole] = list(stick.rglob("*.cdb"))
    content = whole.read_bytes()
    whole.write_bytes(content[: int(share * len(content))])  # its drive said that it was written
    before = digest(chloe.folder.path)

    with pytest.raises(DeskError):
        exchange.apply(chloe, whole)
    assert digest(chloe.folder.path) == before
    relay.put_for(bruno, stick, to)
    report = exchange.exchange_folder(chloe, stick)

    assert names(chloe) == ["PETIT"]
    assert not report.refused


@pytest.mark.parametrize("side", ["to-hub", "from-hub"])
def test_half_a_file_in_the_shared_folder_is_written_anew(town: Town, side: str) -> None:
    desk = town.desk("Anne")
    shared = town.path / "stick"
    add_member(desk, "PETIT", note=os.urandom(LARGE).hex())
    exchange.exchange_folder(desk, shared)
    if side == "from-hub":
        town.exchange_folder()
    [path] = (shared / side).rglob("*.cdb")
    os.truncate(path, path.stat().st_size // 2)

    exchange.exchange_folder(desk, shared)
    town.exchange_folder()
    exchange.exchange_folder(desk, shared)

    assert exchange.status(desk).is_welcomed
    assert exchange.status(desk).to_send == 0


def test_a_stick_that_is_gone_is_said_and_nothing_is_thought_given(town: Town) -> None:
    anne, bruno = town.meet("Anne", "Bruno")
    add_member(anne, "PETIT")
    to = anne.read(lambda s: relay.named(s, "PC Bruno"))
    stick = town.path / "between them"
    stick.mkdir()
    relay.put_for(anne, stick, to)
    shutil.rmtree(stick)
    add_member(anne, "ROUX")

    with pytest.raises((BundleNotWritten, CannotWrite)):
        relay.put_for(anne, stick, to)
    stick.mkdir()
    relay.put_for(anne, stick, to)
    exchange.exchange_folder(bruno, stick)

    assert names(bruno) == ["PETIT", "ROUX"]


def test_the_hub_learns_what_a_lost_file_said_of_erasures_and_catalogue(town: Town) -> None:
    """Nobody writes anything any more, so no other file would ever tell it."""
    desk = town.desk("Anne")
    petit = add_member(desk, "PETIT")
    erase(town, desk, desk.read(lambda s: uid_of(s, petit)))
    published.publish(town.hub, text(7))
    town.down(desk)
    town.prepared(desk).unlink()

    town.down(desk)
    town.round()

    newest = published.newest_of(town.hub)
    assert newest is not None
    assert newest.done == 1
    assert [one.done for one in erasing.requests(town.hub)] == [1]
    assert not exchange.status(desk).has_news
