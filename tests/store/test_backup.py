"""Copies are whole, few, and put back without losing what they replace."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from correspondent_desk.store import backup, files, identity, origins
from correspondent_desk.store.backup import CopyMissing, Why
from correspondent_desk.store.connection import StoreDamaged
from correspondent_desk.store.database import Database, open_store
from correspondent_desk.store.files import CannotWrite
from correspondent_desk.store.lock import AlreadyOpen
from correspondent_desk.store.tables import Member
from correspondent_desk.store.vault import DataKey, DeskFolder, unlock
from tests.builders import PASSPHRASE, Clock, add_member, new_folder, open_desk

NOW = datetime(2026, 12, 3, 9, 0)  # noqa: DTZ001 - local


def key_of(desk: Database) -> DataKey:
    """The key of a test's desk."""
    return unlock(desk.folder, PASSPHRASE)


def reopened(desk: Database) -> Database:
    """The same folder, opened again."""
    return open_store(desk.folder, key_of(desk), wall=Clock())


def names(desk: Database) -> list[str]:
    """Family names, by id."""
    return desk.read(lambda s: [m.family_name for m in s.query(Member).order_by(Member.id)])


def origin(desk: Database) -> tuple[int, bytes, int]:
    """The name under which the desk writes."""
    return desk.read(origins.own)


def test_a_copy_opens_elsewhere_with_the_same_passphrase(desk: Database, tmp_path: Path) -> None:
    add_member(desk, "Le Goff")
    copy = desk.copy(Why.ASKED)
    elsewhere = DeskFolder(tmp_path / "other computer")
    elsewhere.path.mkdir()
    copy.path.rename(elsewhere.store)
    copy.path.with_suffix(".slots.json").rename(elsewhere.slots)
    files.write_whole(elsewhere.sidecar, b"{}")

    opened = open_store(elsewhere, unlock(elsewhere, PASSPHRASE))

    assert names(opened) == ["Le Goff"]
    opened.close()


def test_only_the_last_five_of_those_made_by_themselves_are_kept(desk: Database) -> None:
    key = key_of(desk)
    asked = backup.make(desk.folder, key, Why.ASKED, NOW)
    made = [backup.make(desk.folder, key, Why.IMPORT, NOW + timedelta(minutes=i)) for i in range(7)]

    assert backup.copies(desk.folder) == [*reversed(made[2:]), asked]
    assert len(list(desk.folder.copies.glob("*.slots.json"))) == 6
    assert not list(desk.folder.copies.glob("*.part*"))


def test_copies_of_one_second_stand_in_the_order_in_which_they_were_made(desk: Database) -> None:
    key = key_of(desk)

    whys = (Why.RESTORE, Why.IMPORT, Why.IMPORT, *[Why.ASKED] * 8)
    made = [backup.make(desk.folder, key, why, NOW) for why in whys]

    assert backup.copies(desk.folder) == made[::-1]


def test_restoring_puts_the_copy_in_place_and_the_store_aside(tmp_path: Path) -> None:
    desk = open_desk(tmp_path)
    add_member(desk, "Le Goff")
    copy = desk.copy(Why.ASKED)
    add_member(desk, "Kerbrat")
    before = origin(desk)
    desk.close()

    backup.restore(desk.folder, key_of(desk), copy.path, NOW)

    again = reopened(desk)
    assert names(again) == ["Le Goff"]
    assert origin(again)[1] != before[1]
    aside = next(one for one in backup.copies(desk.folder) if one.why is Why.RESTORE)
    add_member(again, "Petit")
    again.close()
    backup.restore(desk.folder, key_of(desk), aside.path, NOW)
    last = reopened(desk)
    assert names(last) == ["Le Goff", "Kerbrat"]
    last.close()


def test_a_store_too_damaged_to_copy_is_kept_aside_as_it_is(tmp_path: Path) -> None:
    desk = open_desk(tmp_path)
    add_member(desk, "Le Goff")
    copy = desk.copy(Why.ASKED)
    desk.close()
    desk.folder.store.write_bytes(b"damaged" * 1_000)

    backup.restore(desk.folder, key_of(desk), copy.path, NOW)

    again = reopened(desk)
    assert names(again) == ["Le Goff"]
    again.close()
    (aside,) = desk.folder.path.glob("*-damaged.db")
    assert aside.read_bytes() == b"damaged" * 1_000


def test_a_damaged_or_missing_copy_replaces_nothing(tmp_path: Path) -> None:
    desk = open_desk(tmp_path)
    add_member(desk, "Le Goff")
    copy = desk.copy(Why.ASKED)
    with pytest.raises(AlreadyOpen):
        backup.restore(desk.folder, key_of(desk), copy.path, NOW)
    desk.close()
    content = bytearray(copy.path.read_bytes())
    content[5_000:5_100] = bytes(100)
    copy.path.write_bytes(content)

    with pytest.raises(StoreDamaged):
        backup.restore(desk.folder, key_of(desk), copy.path, NOW)
    with pytest.raises(CopyMissing):
        backup.restore(desk.folder, key_of(desk), tmp_path / "none.db", NOW)

    again = reopened(desk)
    assert names(again) == ["Le Goff"]
    again.close()


def test_without_room_no_copy_is_begun(desk: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    from collections import namedtuple

    usage = namedtuple("usage", "total used free")  # noqa: PYI024 - as shutil has it
    monkeypatch.setattr("shutil.disk_usage", lambda _path: usage(10**9, 10**9, 1_000))

    with pytest.raises(CannotWrite) as refused:
        desk.copy(Why.ASKED)

    assert refused.value.reason == "full"
    assert backup.copies(desk.folder) == []


# --- who writes -----------------------------------------------------------------------------------


def test_a_store_put_back_by_hand_writes_under_a_new_name(tmp_path: Path) -> None:
    desk = open_desk(tmp_path)
    add_member(desk, "Le Goff")
    copy = desk.copy(Why.ASKED)
    add_member(desk, "Kerbrat")
    before = origin(desk)
    origins.note_exported(desk.folder, {before[1]: before[2]})
    desk.close()
    desk.folder.store.write_bytes(copy.path.read_bytes())
    for left in desk.folder.path.glob("desk.db-*"):
        left.unlink()

    again = reopened(desk)

    renewed = origin(again)
    assert renewed[1] != before[1]
    add_member(again, "Petit")
    found = again.read(
        lambda s: (
            identity.raw(s).execute("SELECT origin, seq, seen_origin, hi FROM context").fetchall()
        )
    )
    assert found == [(renewed[0], 1, before[0], 1)]
    assert again.next_undo() is not None
    again.undo()
    assert again.next_undo() is None
    again.close()
    third = reopened(desk)
    assert origin(third)[1] == renewed[1]
    third.close()


def test_a_store_that_lost_nothing_that_left_keeps_its_name(tmp_path: Path) -> None:
    folder, key = new_folder(tmp_path)
    desk = open_store(folder, key, wall=Clock())
    add_member(desk)
    before = origin(desk)
    origins.note_exported(folder, {before[1]: before[2]})
    origins.note_exported(folder, {before[1]: 0})
    desk.close()

    again = open_store(folder, key)

    assert origin(again) == before
    again.close()


def test_a_sidecar_that_cannot_be_read_stops_nobody(tmp_path: Path) -> None:
    folder, key = new_folder(tmp_path)
    desk = open_store(folder, key)
    before = origin(desk)
    desk.close()
    folder.sidecar.write_text("[1]")

    again = open_store(folder, key)

    assert origin(again) == before
    again.close()


def test_a_folder_for_copies_that_is_in_the_way_is_told_of(desk: Database) -> None:
    desk.folder.copies.write_text("in the way")

    with pytest.raises(CannotWrite):
        desk.copy(Why.ASKED)

    assert backup.copies(desk.folder) == []


def test_a_store_that_went_missing_is_put_back(tmp_path: Path) -> None:
    desk = open_desk(tmp_path)
    add_member(desk, "Le Goff")
    copy = desk.copy(Why.ASKED)
    desk.close()
    desk.folder.store.unlink()

    backup.restore(desk.folder, key_of(desk), copy.path, NOW)

    again = reopened(desk)
    assert names(again) == ["Le Goff"]
    again.close()
