"""The desks that are measured: made once for each size and kept under build/bench."""

import hashlib
import shutil
import sys
from datetime import date
from pathlib import Path

from sqlalchemy.schema import CreateIndex, CreateTable

from correspondent_desk.records.demo.making import DEMO_PASSPHRASE, make_demo
from correspondent_desk.store import schema
from correspondent_desk.store.column_types import Base
from correspondent_desk.store.database import Database, open_store
from correspondent_desk.store.vault import DataKey, DeskFolder, unlock

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "build" / "bench"
TODAY = date(2026, 11, 24)
LARGE, SMALL = 100_000, 2_000


def folder(members: int) -> DeskFolder:
    """A desk of so many invented members; made the first time, which takes minutes for many."""
    place = KEPT / f"{members}-{_layout()}"
    if not (place / "ready").exists():
        shutil.rmtree(place, ignore_errors=True)
        print(f"making a desk of {members} members…", file=sys.stderr, flush=True)
        make_demo(DeskFolder(place), members, 1, TODAY)
        (place / "ready").touch()
    return DeskFolder(place)


def _layout() -> str:
    """A name for the tables and indexes that a store has now."""
    made = [str(CreateTable(table)) for table in Base.metadata.sorted_tables]
    indexes = [
        str(CreateIndex(index))
        for table in Base.metadata.sorted_tables
        for index in sorted(table.indexes, key=lambda one: str(one.name))
    ]
    said = "\n".join((*made, *indexes, *schema.SEARCH))
    return hashlib.sha256(said.encode()).hexdigest()[:12]


def key(of: DeskFolder) -> DataKey:
    """What opens it."""
    return unlock(of, DEMO_PASSPHRASE)


def opened(of: DeskFolder) -> Database:
    """It, open to write."""
    return open_store(of, key(of))
