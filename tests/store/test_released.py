"""The store of every released schema still opens, brought up to this one."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from correspondent_desk.store import identity, search
from correspondent_desk.store.connection import VERSION
from correspondent_desk.store.database import open_store
from correspondent_desk.store.tables import Member
from correspondent_desk.store.vault import DeskFolder, unlock
from tests.builders import PASSPHRASE
from tests.store.released import STORES

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
