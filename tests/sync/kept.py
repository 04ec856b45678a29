"""A town that many tests begin with: it lives once in a process, and each test has a copy of its own.

Hub, database, desks, keys, clock and what a computer remembers of its desks are the same in each copy;
nothing in it may hold for one test only, such as a port.
"""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import platformdirs

from correspondent_desk.hub import settings
from correspondent_desk.hub.database import HubFolder, open_hub
from correspondent_desk.store.database import open_store
from correspondent_desk.store.vault import DeskFolder, unlock
from tests.builders import PASSPHRASE, Clock
from tests.keepers import Keeper
from tests.sync.desks import Town

Live = Callable[[Town], None]


@dataclass(frozen=True)
class _Kept:
    """Files, desks by folder and person, and where the database is copied from; empty: the files."""

    place: tempfile.TemporaryDirectory[str]
    desks: tuple[tuple[str, str], ...]
    files: int
    at: datetime
    database: str


_kept: dict[tuple[Live, bool], _Kept] = {}


def town_after(path: Path, keeper: Keeper, live: Live) -> Town:
    """A town at path in which live has happened."""
    of = live, keeper.server is not None
    if of not in _kept:
        _kept[of] = _lived(path, keeper, live)
    return _copied(_kept[of], path, keeper)


def _lived(path: Path, keeper: Keeper, live: Live) -> _Kept:
    town = Town(path / "first", database=keeper.fresh() if keeper.server else "")
    live(town)
    town.close()
    place = tempfile.TemporaryDirectory(prefix="desk-town-")
    shutil.copytree(town.path, place.name, dirs_exist_ok=True)
    if _memory().is_dir():
        shutil.copytree(_memory(), Path(place.name, "memory"))
    shutil.rmtree(town.path)
    return _Kept(
        place,
        tuple((desk.folder.path.name, desk.person) for desk in town.desks),
        town.files,
        town.clock.at,
        keeper.server.kept_copy(town.database) if keeper.server else "",
    )


def _copied(kept: _Kept, path: Path, keeper: Keeper) -> Town:
    town = object.__new__(Town)
    shutil.copytree(kept.place.name, path, dirs_exist_ok=True)
    if (path / "memory").is_dir():
        shutil.copytree(path / "memory", _memory(), dirs_exist_ok=True)
        shutil.rmtree(path / "memory")
    town.path, town.clock, town.files = path, Clock(kept.at), kept.files
    town.database = ""
    if keeper.server:
        town.database = keeper.server.copied(kept.database)
        keeper.made.append(town.database)
        settings.write(path / "hub", settings.parse(town.database))
    town.hub = open_hub(HubFolder(path / "hub"), wall=town.clock)
    town.desks = []
    for name, person in kept.desks:
        folder = DeskFolder(path / name)
        desk = open_store(folder, unlock(folder, PASSPHRASE), wall=town.clock)
        desk.person = person
        town.desks.append(desk)
    return town


def _memory() -> Path:
    """Where a computer remembers how far its desks had come."""
    return platformdirs.user_state_path("correspondent-desk", appauthor=False)
