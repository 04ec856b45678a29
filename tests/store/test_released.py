"""The store of every released schema still opens, brought up to this one."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from correspondent_desk.store import connection as driver
from correspondent_desk.store import identity, search
from correspondent_desk.store.bare import open_bare_for_reading
from correspondent_desk.store.cold import ColdSearch
from correspondent_desk.store.connection import VERSION, Role
from correspondent_desk.store.database import open_for_reading, open_store
from correspondent_desk.store.tables import Member
from correspondent_desk.store.vault import DataKey, DeskFolder, unlock
from tests.builders import PASSPHRASE
from tests.store.released import STORES

Look = Callable[[DeskFolder, DataKey], None]
RELEASED = sorted(STORES.iterdir())


def test_this_schema_has_left_its_store() -> None:
    assert [int(path.name) for path in RELEASED] == list(range(1, VERSION + 1))


@pytest.mark.parametrize("released", RELEASED, ids=lambda path: path.name)
def test_a_released_store_opens_with_all_it_held(released: Path, tmp_path: Path) -> None:
    folder = DeskFolder(tmp_path / "desk")
    shutil.copytree(released, folder.path)

    desk = open_store(folder, unlock(folder, PASSPHRASE))

    (member,) = desk.read(lambda s: search.find(identity.raw(s), "le gof"))
    assert desk.read(lambda s: search.find(identity.raw(s), "0101")) == [member]
    shown = desk.read(
        lambda s: (s.get_one(Member, member).note, s.get_one(Member, member).last_seen_on)
    )
    assert shown == ("Vue le 2 décembre", date(2026, 12, 2))
    assert [row.is_creation for row in desk.history_of(member)] == [False, True]
    desk.undo()
    assert desk.read(lambda s: s.get_one(Member, member).last_seen_on) is None
    desk.check()
    desk.close()


def look(folder: DeskFolder, key: DataKey) -> None:
    open_for_reading(folder, key).close()


def look_barely(folder: DeskFolder, key: DataKey) -> None:
    open_bare_for_reading(folder, key).close()


def look_for_somebody(folder: DeskFolder, key: DataKey) -> None:
    with ColdSearch(folder, key) as search_:
        assert len(search_.find("le gof")) == 1


@pytest.mark.parametrize("way", [look, look_barely, look_for_somebody])
def test_a_released_store_is_brought_up_by_a_mere_look(way: Look, tmp_path: Path) -> None:
    """The first that somebody does after an update may be a command that changes nothing."""
    folder = DeskFolder(tmp_path / "desk")
    shutil.copytree(RELEASED[0], folder.path)
    key = unlock(folder, PASSPHRASE)

    way(folder, key)

    connection = driver.connect(folder.store, key, Role.READER)
    assert driver.check_version(connection) == VERSION
    connection.close()
    open_store(folder, key).close()  # nobody holds it
