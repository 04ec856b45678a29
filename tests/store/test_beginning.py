"""A new computer, and a stick with a copy: all that is left of a desk."""

import os
import shutil
from datetime import datetime
from pathlib import Path

import pytest

from correspondent_desk.records.founding import found_office
from correspondent_desk.store import backup, origins, placing
from correspondent_desk.store.backup import CopyMissing, CopyRow, Why
from correspondent_desk.store.beginning import begin_with
from correspondent_desk.store.connection import StoreDamaged
from correspondent_desk.store.database import Database, open_store
from correspondent_desk.store.files import CannotWrite
from correspondent_desk.store.vault import (
    AlreadySetUp,
    DeskFolder,
    WrongPassphrase,
    demo_passphrase,
    is_set_up,
    mark_as_demo,
    unlock,
)
from tests.builders import PASSPHRASE, add_member
from tests.store.test_backup import NOW, names, origin


@pytest.fixture
def on_stick(desk: Database, tmp_path: Path) -> CopyRow:
    """A copy of a desk with one member, as handed out."""
    add_member(desk, "Le Goff")
    stick = tmp_path / "stick"
    stick.mkdir()
    return backup.found_at(backup.hand_out(desk.copy(Why.ASKED).path, stick))


def test_a_copy_alone_makes_a_desk(on_stick: CopyRow, desk: Database, tmp_path: Path) -> None:
    new = DeskFolder(tmp_path / "new computer")

    key = begin_with(new, on_stick.path, PASSPHRASE, NOW)

    opened = open_store(new, key)
    assert names(opened) == ["Le Goff"]
    assert origin(opened)[1:] != origin(desk)[1:]
    opened.close()
    unlock(new, PASSPHRASE)
    with pytest.raises(AlreadySetUp):
        begin_with(new, on_stick.path, PASSPHRASE, NOW)


@pytest.mark.parametrize("way", ["copy", "new"])
def test_the_log_of_a_store_that_is_gone_is_not_taken_for_its_own(
    on_stick: CopyRow, desk: Database, tmp_path: Path, way: str
) -> None:
    new = DeskFolder(tmp_path / "cleared by hand")
    (log, _index), (left, _) = placing.logs(desk.folder), placing.logs(new)
    new.path.mkdir()
    shutil.copy(log, left)
    written = left.read_bytes()

    if way == "copy":
        opened = open_store(new, begin_with(new, on_stick.path, PASSPHRASE, NOW))
    else:
        opened = found_office(new, PASSPHRASE, "Mairie", [], "").store

    opened.check()
    assert names(opened) == (["Le Goff"] if way == "copy" else [])
    opened.close()
    assert left.with_name("desk.db-wal.left").read_bytes() == written
    assert len(written) > 10_000


def test_what_a_desk_that_is_gone_told_of_itself_is_not_told_of_a_new_one(tmp_path: Path) -> None:
    folder = DeskFolder(tmp_path / "cleared by hand")
    folder.path.mkdir()
    mark_as_demo(folder, PASSPHRASE)
    origins.note_exported(folder, {}, bundle=3)

    found_office(folder, PASSPHRASE, "Mairie", [], "").store.close()

    assert demo_passphrase(folder) is None
    assert origins.last_bundle(folder) == 0


def test_what_fails_leaves_no_desk_behind(on_stick: CopyRow, tmp_path: Path) -> None:
    new = DeskFolder(tmp_path / "new computer")
    with pytest.raises(WrongPassphrase):
        begin_with(new, on_stick.path, "something else", NOW)
    assert not is_set_up(new)

    content = on_stick.path.read_bytes()
    on_stick.path.write_bytes(content[:4096] + bytes(len(content) - 4096))
    with pytest.raises(StoreDamaged):
        begin_with(new, on_stick.path, PASSPHRASE, NOW)
    assert not is_set_up(new)
    assert not new.store.exists()

    on_stick.path.with_suffix(".slots.json").unlink()
    with pytest.raises(CopyMissing) as missing:
        begin_with(new, on_stick.path, PASSPHRASE, NOW)
    assert missing.value.reason == "no-slots"


def test_what_cannot_take_its_place_leaves_no_mark_of_invented_people(tmp_path: Path) -> None:
    folder = DeskFolder(tmp_path / "desk")

    with pytest.raises(CannotWrite):
        _made_where_a_file_cannot_be(folder)

    assert not any(one.exists() for one in (folder.demo, folder.store, folder.slots))
    assert not folder.making.path.exists()


def _made_where_a_file_cannot_be(folder: DeskFolder) -> None:
    with placing.made_apart(folder) as apart:
        apart.path.mkdir(parents=True)
        for made in (apart.demo, apart.sidecar, apart.store, apart.slots_copy, apart.slots):
            made.touch()
        folder.slots_copy.mkdir()


def test_a_copy_elsewhere_is_told_by_its_name_or_its_date(
    on_stick: CopyRow, tmp_path: Path
) -> None:
    renamed = on_stick.path.rename(tmp_path / "mon bureau.db")

    written = datetime(2026, 11, 2, 7, 30)  # noqa: DTZ001 - local
    os.utime(renamed, (written.timestamp(), written.timestamp()))

    assert (on_stick.why, on_stick.made_at) == (Why.ASKED, NOW)
    assert backup.found_at(renamed).made_at == written
    with pytest.raises(CopyMissing):
        backup.found_at(on_stick.path)
