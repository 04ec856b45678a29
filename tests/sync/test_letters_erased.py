"""Letters about somebody who was erased: sealed for the hub, and gone once it has them."""

from datetime import timedelta
from pathlib import Path

import pytest

from correspondent_desk.hub import (
    erasing,
    snapshots,
    tables,
)
from correspondent_desk.store.database import Database
from correspondent_desk.store.identity import uid_of
from correspondent_desk.store.tables import Member
from tests.builders import add_member
from tests.keepers import ON_DISK, Keeper
from tests.sync.desks import Town, contents, met, write
from tests.sync.lettered import exchanged, kept, town, waiting
from tests.sync.test_forks import image, opened, put_back
from tests.sync.test_relay import hand, names

__all__ = ["town"]
SEAL = b"age-encryption.org/"


def erase(town: Town, root: bytes) -> None:
    """As the first desk's wish, which the hub hears without anything else of that desk."""
    with town.hub.transaction(1) as connection:
        row = connection.execute(tables.desk.select().where(tables.desk.c.number == 1)).one()
        erasing.ask(town.hub, connection, row, "Anne", [root])
    [wish] = [one for one in erasing.requests(town.hub) if one.state == erasing.State.ASKED]
    erasing.confirm(town.hub, wish.id)


def given_by_stick(town: Town, tmp_path: Path) -> tuple[Database, Database, bytes]:
    """Anne, imaged before, gives Bruno work about two people by stick; then one of them is erased."""
    anne, bruno = met(town, ("Anne", "Bruno"))
    gone = add_member(anne, "GONE")
    town.round()
    town.round()
    image(town, 0, tmp_path / "image")
    anne = town.desks[0]
    write(anne, anne.read(lambda s: s.get_one(Member, gone)), note="late")
    add_member(anne, "KEPT")
    root = anne.read(lambda s: uid_of(s, gone))
    hand(town, anne, bruno)
    erase(town, root)
    town.down(bruno)
    return anne, bruno, root


def test_what_an_erasure_took_along_reaches_the_hub_though_its_author_lost_it(
    town: Town, tmp_path: Path
) -> None:
    _, bruno, root = given_by_stick(town, tmp_path)
    anne = put_back(town, 0, tmp_path / "image")
    add_member(bruno, "LATER")

    exchanged(town, bruno, anne)

    assert waiting(town) == 0
    assert names(anne) == names(bruno) == ["KEPT", "LATER"]
    assert contents(anne) == contents(bruno)
    with town.hub.transaction(1) as connection:
        op = tables.op.c
        of_her = tables.op.select().where((op.record == root) | (op.root == root))
        assert not connection.execute(of_her).all()


@ON_DISK
def test_nobody_but_the_hub_reads_it_and_it_goes_with_time(town: Town, tmp_path: Path) -> None:
    anne, bruno, root = given_by_stick(town, tmp_path)
    chloe = town.desk("Chloé")
    town.round(chloe)
    town.down(bruno)
    add_member(bruno, "LATER")

    sealed = kept(bruno)
    hand(town, bruno, chloe)

    assert sealed
    assert all(one.startswith(SEAL) and root not in one for one in sealed)
    assert all(root not in one and one not in sealed for one in kept(chloe))
    assert names(chloe) == [], "she waits for the hub"
    exchanged(town, bruno, chloe, anne)
    assert names(chloe) == names(anne) == names(bruno) == ["KEPT", "LATER"]
    assert set(sealed) <= set(kept(bruno))
    for _ in range(5):
        town.clock.at += timedelta(days=31)
        add_member(anne, "MUCH LATER")
        exchanged(town, anne, bruno)
    assert not set(sealed) & set(kept(bruno))


def test_what_was_sealed_is_there_for_a_hub_that_had_it_and_was_put_back(
    town: Town, tmp_path: Path, keeper: Keeper
) -> None:
    met(town, ("Anne", "Bruno"))
    gone = add_member(town.desks[0], "GONE")
    town.round()
    town.round()
    root = town.desks[0].read(lambda s: uid_of(s, gone))
    image(town, 0, tmp_path / "image")
    copy = town.copied_hub(keeper, "copy")
    anne, bruno = town.desks
    write(anne, anne.read(lambda s: s.get_one(Member, gone)), note="late")
    add_member(anne, "KEPT")
    exchanged(town, anne, bruno)
    erase(town, root)
    exchanged(town, bruno)
    anne = put_back(town, 0, tmp_path / "image")
    town.put_hub_back(keeper, copy)
    add_member(bruno, "LATER")

    exchanged(town, bruno, anne)

    assert waiting(town) == 0
    assert names(anne) == names(bruno) == ["KEPT", "LATER"]


@ON_DISK
def test_a_stick_of_before_an_erasure_leaves_nothing_to_read(town: Town, tmp_path: Path) -> None:
    """Anne does not know yet that somebody was erased, and gives Bruno work about them."""
    anne, bruno = met(town, ("Anne", "Bruno"))
    gone = add_member(anne, "GONE")
    town.round()
    town.round()
    root = anne.read(lambda s: uid_of(s, gone))
    erase(town, root)
    town.down(bruno)
    image(town, 0, tmp_path / "image")
    anne = town.desks[0]
    write(anne, anne.read(lambda s: s.get_one(Member, gone)), note="late")
    add_member(anne, "KEPT")

    hand(town, anne, bruno)

    assert kept(bruno)
    assert all(one.startswith(SEAL) for one in kept(bruno))
    anne = put_back(town, 0, tmp_path / "image")
    exchanged(town, bruno, anne)
    assert names(anne) == names(bruno) == ["KEPT"]


@ON_DISK
def test_a_copy_put_back_keeps_no_letter_about_who_was_erased(town: Town, tmp_path: Path) -> None:
    anne, bruno = met(town, ("Anne", "Bruno"))
    gone = add_member(anne, "GONE")
    hand(town, anne, bruno)
    image(town, 1, tmp_path / "image")
    bruno = town.desks[1]
    root = anne.read(lambda s: uid_of(s, gone))
    town.round()
    erase(town, root)
    town.down(bruno)
    town.up(bruno)  # so the hub names her to this desk no more
    old = (tmp_path / "image" / "desk" / bruno.folder.store.name).read_bytes()
    bruno.close()
    bruno.folder.store.write_bytes(old)
    bruno = opened(town, 1, bruno.folder)
    assert names(bruno) == []

    town.down(bruno)

    assert all(one.startswith(SEAL) for one in kept(bruno))


@ON_DISK
def test_a_snapshot_that_a_desk_keeps_is_given_to_no_colleague_and_erased(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "FROM", 1)
    anne, bruno = met(town, ("Anne", "Bruno"))
    gone = add_member(anne, "GONE")
    town.round(anne)
    chloe = town.desk("Chloé")
    town.round(chloe)
    root = anne.read(lambda s: uid_of(s, gone))
    assert len(kept(chloe)) == 1

    add_member(chloe, "OWN")
    hand(town, chloe, bruno)
    assert [one.startswith(b"snapshot") for one in kept(bruno)] == [False]
    town.up(chloe)  # so the hub gives her no other one
    erase(town, root)
    town.down(chloe)

    assert [one.startswith(SEAL) for one in kept(chloe)] == [True]


@ON_DISK
def test_an_erasure_by_a_hub_that_was_put_back_takes_nothing_along_that_it_lacks(
    town: Town, keeper: Keeper
) -> None:
    """It had the letter, and its word that it has it no more comes with the erasure itself."""
    anne, bruno = met(town, ("Anne", "Bruno"))
    gone = add_member(anne, "GONE")
    town.round()
    copy = town.copied_hub(keeper, "copy")
    write(anne, anne.read(lambda s: s.get_one(Member, gone)), note="late")
    add_member(anne, "KEPT")
    town.round()
    add_member(bruno, "LATER")  # built on it; Anne is gone
    town.put_hub_back(keeper, copy)
    erase(town, anne.read(lambda s: uid_of(s, gone)))

    exchanged(town, bruno)

    assert waiting(town) == 0
    chloe = town.desk("Chloé")
    town.round(chloe)
    assert names(chloe) == ["KEPT", "LATER"]
