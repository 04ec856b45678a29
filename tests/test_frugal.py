"""What the tests save is saved."""

from pathlib import Path
from typing import Any

import pyrage
import pytest
from sqlalchemy import select
from sqlalchemy.sql.compiler import SQLCompiler

from correspondent_desk.hub import offices
from correspondent_desk.hub.database import HubFolder
from correspondent_desk.store.tables import Member
from tests import little_scrypt
from tests.builders import Clock, add_member, open_desk
from tests.keepers import new_hub


def test_a_second_desk_and_hub_find_their_statements_compiled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled = 0
    ordinary = SQLCompiler.__init__

    def counted(self: SQLCompiler, *told: Any, **named: Any) -> None:
        nonlocal compiled
        compiled += 1
        ordinary(self, *told, **named)

    def work(name: str) -> None:
        desk = open_desk(tmp_path / name)
        add_member(desk)
        desk.read(lambda s: s.scalars(select(Member).where(Member.note != name)).all())
        desk.close()
        hub = new_hub(HubFolder(tmp_path / f"{name} hub"), name, database="", wall=Clock())
        offices.add(hub, name)
        hub.close()

    work("first")
    monkeypatch.setattr(SQLCompiler, "__init__", counted)
    work("second")
    assert compiled == 0

    desk = open_desk(tmp_path / "third")
    desk.read(lambda s: s.scalars(select(Member.usage_name)).all())
    desk.close()
    assert compiled == 1


@pytest.mark.parametrize("size", [0, 1, 1 << 16, (1 << 16) + 1, 200_000])
def test_what_little_scrypt_seals_is_read_as_if_pyrage_had_sealed_it(size: int) -> None:
    plain = bytes(size)

    assert pyrage.passphrase.decrypt(little_scrypt.encrypt(plain, "sesame"), "sesame") == plain
