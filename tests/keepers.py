"""Where a hub of a test keeps its database: in its folder, or on a real PostgreSQL."""

import functools
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import delete

from correspondent_desk.hub import tables
from correspondent_desk.hub.database import Hub, HubFolder, create
from tests.postgres import Server, postgres

__all__ = ["ON_DISK", "ON_SERVER", "Keeper", "keeper", "new_hub", "postgres"]

ON_DISK = pytest.mark.parametrize("keeper", ["sqlite"], indirect=True)
"""Of a test whose outcome no database decides."""
ON_SERVER = pytest.mark.parametrize("keeper", ["postgresql"], indirect=True)
"""Of a test about PostgreSQL."""


def new_hub(folder: HubFolder, name: str, *, database: str, wall: Callable[[], int]) -> Hub:
    """A new hub in folder or at the URL; tables in a file are copied, as those of a server are."""
    if not database:
        key, content = _tables()
        folder.path.mkdir(parents=True)
        folder.key.write_bytes(key)
        folder.key.chmod(0o600)
        folder.store.write_bytes(content)
    return create(folder, name, database=database, wall=wall)


@functools.cache
def _tables() -> tuple[bytes, bytes]:
    """A key and a database without a hub: its tables take longer to make than all else of a hub."""
    with tempfile.TemporaryDirectory() as place:
        folder = HubFolder(Path(place))
        hub = create(folder, "nobody")
        with hub.transaction() as connection:
            for table in reversed(tables.metadata.sorted_tables):
                connection.execute(delete(table))
        hub.close()
        return folder.key.read_bytes(), folder.store.read_bytes()


@dataclass
class Keeper:
    """Gives a hub its database, copies it and puts it back. server: None for SQLite.

    url: of the last database that was given; empty for the file in the hub's folder.
    """

    server: Server | None = None
    url: str = ""
    made: list[str] = field(default_factory=list)

    def fresh(self) -> str:
        """The URL for a new hub."""
        if self.server is not None:
            self.url = self.server.fresh()
            self.made.append(self.url)
        return self.url

    def copy(self, folder: HubFolder, name: str) -> str:
        """Copy the database of a hub that is closed."""
        if self.server is None:
            copy = folder.path.with_name(f"{name}.db")
            shutil.copyfile(folder.store, copy)
            return str(copy)
        copied = self.server.copied(self.url)
        self.made.append(copied)
        return copied

    def put_back(self, folder: HubFolder, copy: str) -> None:
        """The database as it was, for a hub that is closed; what lies beside it is left alone."""
        if self.server is not None:
            self.server.put_back(copy, self.url)
            return
        for left in folder.path.glob("hub.db-*"):
            left.unlink()
        shutil.copyfile(Path(copy), folder.store)

    def drop(self) -> None:
        """All databases that were made are gone."""
        while self.made and self.server is not None:
            self.server.drop(self.made.pop())

    def give_back(self) -> None:
        """Nobody wants what was made any more."""
        while self.made and self.server is not None:
            self.server.give_back(self.made.pop())


@pytest.fixture(params=["sqlite", "postgresql"])
def keeper(request: pytest.FixtureRequest) -> Iterator[Keeper]:
    """One test for each of the two."""
    is_server = request.param == "postgresql"
    made = Keeper(request.getfixturevalue("postgres") if is_server else None)
    yield made
    made.give_back()
