"""What the engine notes of its tables for the next time does not mislead it when they have grown."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.fields import Kind
from correspondent_desk.store import history
from correspondent_desk.store.bare import open_bare
from correspondent_desk.store.database import Database, open_store
from correspondent_desk.store.identity import raw
from tests.builders import add_member, new_store

MANY = 1_500


def many(session: Session) -> None:
    columns = ["family_name", "sort_key", "search_doc"]
    rows = ((f"N{i}", f"n{i}", f"n{i}") for i in range(MANY))
    history.bulk_insert(session, Kind.MEMBER, columns, rows)


def noted(desk: Database) -> dict[str, Any]:
    """Rows of each table as they were counted."""

    def read(session: Session) -> dict[str, Any]:
        found = raw(session).execute("SELECT tbl, stat FROM sqlite_stat1").fetchall()
        return {table: int(stat.split()[0]) for table, stat in found}

    return desk.read(read)


@pytest.mark.parametrize("opened", [open_store, open_bare])
def test_few_rows_are_not_noted_for_the_day_when_they_are_many(tmp_path: Path, opened: Any) -> None:
    folder, key = new_store(tmp_path)
    desk = open_store(folder, key)
    add_member(desk)
    desk.close()
    other = opened(folder, key)
    other.read(lambda s: raw(s).execute("SELECT count(*) FROM record WHERE root=1").fetchone())
    other.close()

    desk = open_store(folder, key)
    desk.do(Action.MEMBERS_IMPORTED, many)
    plan = desk.keep(
        lambda s: raw(s).execute(
            "EXPLAIN QUERY PLAN SELECT root.uid FROM record r JOIN record root ON root.id=r.root"
            " WHERE r.kind<>0"
        )
    )

    assert [row[3] for row in plan] == [
        "SCAN r",
        "SEARCH root USING INTEGER PRIMARY KEY (rowid=?)",
    ]
    assert "record" not in noted(desk)
    desk.close()
    again = open_store(folder, key)
    assert noted(again)["record"] > MANY
    again.close()


def test_the_notes_hold_nothing_about_anybody(tmp_path: Path) -> None:
    """They count: samples of what stands in an index would outlive who is erased."""
    folder, key = new_store(tmp_path)
    for _ in range(2):
        desk = open_store(folder, key)
        desk.do(Action.MEMBERS_IMPORTED, many)
        desk.close()

    desk = open_store(folder, key)
    samples = desk.read(
        lambda s: [
            raw(s).execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables(s)
        ]
    )
    desk.close()

    assert sum(samples) == 0


def tables(session: Session) -> list[str]:
    """Where samples would be."""
    found = raw(session).execute("SELECT name FROM sqlite_master WHERE name='sqlite_stat4'")
    return [name for (name,) in found.fetchall()]
