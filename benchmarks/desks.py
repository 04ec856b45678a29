"""The desks that are measured: made once for each size and kept under build/bench."""

import hashlib
import shutil
import sys
from datetime import date
from pathlib import Path

from correspondent_desk.records.demo.making import DEMO_PASSPHRASE, make_demo
from correspondent_desk.store import schema, tables
from correspondent_desk.store.database import Database, open_store
from correspondent_desk.store.vault import DataKey, DeskFolder, unlock

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "build" / "bench"
TODAY = date(2026, 11, 24)
LARGE, SMALL = 100_000, 2_000


def folder(members: int) -> DeskFolder:
    """A desk of so many invented members; made the first time, which takes minutes for many."""
    digest = hashlib.sha256(Path(schema.__file__).read_bytes())
    digest.update(Path(tables.__file__).read_bytes())
    place = KEPT / f"{members}-{digest.hexdigest()[:12]}"
    if not (place / "ready").exists():
        shutil.rmtree(place, ignore_errors=True)
        print(f"making a desk of {members} members…", file=sys.stderr, flush=True)
        make_demo(DeskFolder(place), members, 1, TODAY)
        (place / "ready").touch()
    return DeskFolder(place)


def key(of: DeskFolder) -> DataKey:
    """What opens it."""
    return unlock(of, DEMO_PASSPHRASE)


def opened(of: DeskFolder) -> Database:
    """It, open to write."""
    return open_store(of, key(of))
