"""A new store and a migrated one are the same; an older one is copied before it is changed."""

import re
import shutil
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from correspondent_desk.store import backup, connection, schema
from correspondent_desk.store.backup import Why
from correspondent_desk.store.connection import Role
from correspondent_desk.store.database import open_store
from correspondent_desk.store.tables import Member
from tests.builders import Clock, add_member, new_folder, open_desk
from tests.programs import bare

NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "{number:04}"
down_revision = "{before:04}"


def upgrade() -> None:
    op.execute("UPDATE member SET note=note||' (migrated)'")
    {more}
"""


def as_built(path: Path, build: str) -> dict[str, str]:
    """Name to definition of everything in a store made in one of the two ways."""
    from sqlcipher3 import dbapi2

    engine = create_engine(f"sqlite+pysqlite:///{path}", module=dbapi2)
    if build == "new":
        schema.create(engine, bytes(16))
    else:
        schema.migrate(engine)
    with engine.connect() as opened:
        found = opened.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        built = {name: re.sub(r"[\s\"]", "", sql) for name, sql in found}
        built["user_version"] = str(opened.exec_driver_sql("PRAGMA user_version").scalar())
        built["revision"] = str(
            opened.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        )
    engine.dispose()
    return built


def test_migrations_and_tables_give_the_same_schema(tmp_path: Path) -> None:
    made = as_built(tmp_path / "made.db", "new")
    migrated = as_built(tmp_path / "migrated.db", "migrated")

    assert migrated == made
    assert made["user_version"] == str(int(made["revision"])) == str(connection.VERSION)


def with_one_more_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: str) -> None:
    """The program as it will be after one more migration."""
    migrations = tmp_path / "migrations"
    shutil.copytree(schema.MIGRATIONS, migrations, ignore=shutil.ignore_patterns("__pycache__"))
    number = connection.VERSION + 1
    text = NEXT.format(more=more, number=number, before=number - 1)
    (migrations / "versions" / f"{number:04}_next.py").write_text(text)
    monkeypatch.setattr(schema, "MIGRATIONS", migrations)
    monkeypatch.setattr(schema, "VERSION", number)
    monkeypatch.setattr(connection, "VERSION", number)


def test_an_older_store_is_copied_and_brought_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = open_desk(tmp_path / "desk")
    member = add_member(desk, note="as it was")
    desk.close()
    with_one_more_version(tmp_path, monkeypatch, "")
    key = desk._key  # noqa: SLF001 - the one that fits
    before = connection.VERSION - 1

    migrated = open_store(desk.folder, key, wall=Clock())

    assert migrated.read(lambda s: s.get_one(Member, member).note) == "as it was (migrated)"
    migrated.close()
    (copy,) = backup.copies(desk.folder)
    assert copy.why is Why.MIGRATION
    raw = connection.connect(copy.path, key, Role.READER)
    assert raw.execute("SELECT note FROM member").fetchall() == [("as it was",)]
    assert connection.check_version(raw) == before
    raw.close()
    open_store(desk.folder, key).close()
    assert len(backup.copies(desk.folder)) == 1


def test_a_migration_that_fails_leaves_the_store_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = open_desk(tmp_path / "desk")
    member = add_member(desk, note="as it was")
    desk.close()
    key = desk._key  # noqa: SLF001
    with monkeypatch.context() as later:
        with_one_more_version(tmp_path, later, "raise ValueError('half way')")
        with pytest.raises(ValueError, match="half way"):
            open_store(desk.folder, key)

    again = open_store(desk.folder, key)

    assert again.read(lambda s: s.get_one(Member, member).note) == "as it was"
    again.close()


def test_opening_needs_no_alembic(tmp_path: Path) -> None:
    import subprocess
    import sys

    folder, key = new_folder(tmp_path)
    script = f"""
import sys
from pathlib import Path
from correspondent_desk.store.database import open_store
from correspondent_desk.store.vault import DataKey, DeskFolder
open_store(DeskFolder(Path({str(folder.path)!r})), DataKey(bytes.fromhex({key.hex()!r}))).close()
print([name for name in ("alembic", "rapidfuzz", "psutil", "phonenumbers") if name in sys.modules])
"""
    source = str(Path(schema.__file__).parents[2])
    found = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True,
        env=bare(PYTHONPATH=source),
    )  # fmt: skip

    assert found.stdout.strip() == "[]"
