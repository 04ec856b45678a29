"""The hub's folder and its encrypted database.

A hub runs unattended, so its key is a file that only its owner may read, and not a passphrase:
whoever may read the folder may read the hub. Copies of the database alone stay unreadable.
"""

import json
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, insert, inspect, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from correspondent_desk.errors import DeskError
from correspondent_desk.hub import tables
from correspondent_desk.store import connection as driver
from correspondent_desk.store.changes import as_time
from correspondent_desk.store.connection import Role
from correspondent_desk.store.database import this_computers_ms
from correspondent_desk.store.files import as_json, refusal, sync_folder, write_whole
from correspondent_desk.store.vault import DataKey
from correspondent_desk.sync.keys import HubKeys

SCHEMA = 1
_KEY_BYTES = 32


class NoHubHere(DeskError):
    """There is no hub in the folder (details: folder)."""

    code = "no-hub-here"


class HubAlreadyThere(DeskError):
    """The folder holds a hub already (details: folder)."""

    code = "hub-already-there"


class HubTooNew(DeskError):
    """A newer version of the program has written the hub's database (details: found, known)."""

    code = "hub-too-new"


@dataclass(frozen=True, slots=True)
class HubFolder:
    """Where a hub keeps its files."""

    path: Path

    @property
    def store(self) -> Path:
        """The encrypted database."""
        return self.path / "hub.db"

    @property
    def key(self) -> Path:
        """Its key; readable by the owner alone."""
        return self.path / "hub.key"

    @property
    def inbox(self) -> Path:
        """Bundles received that wait for another one."""
        return self.path / "inbox"

    @property
    def sidecar(self) -> Path:
        """Which numbers bundles were given: what must not be put back together with the database."""
        return self.path / "sidecar.json"


class Hub:
    """An open hub. Several processes may have it open: each change is one transaction."""

    def __init__(self, folder: HubFolder, engine: Engine, wall: Callable[[], int]) -> None:
        """Use create or open_hub."""
        self.folder = folder
        self.now_ms = wall
        self._engine = engine

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """All that is written within, or nothing. Raises StoreBusy, StoreDamaged, CannotWrite."""
        try:
            with driver.refusing(self.folder.store), self._engine.begin() as connection:
                yield connection
        except DBAPIError as error:
            refused = driver.refusal(error.orig, self.folder.store)
            if refused is None:
                raise
            raise refused from error

    def close(self) -> None:
        """Let the file go."""
        self._engine.dispose()


def create(folder: HubFolder, name: str, *, wall: Callable[[], int] = this_computers_ms) -> Hub:
    """A new hub in folder. Raises HubAlreadyThere, CannotWrite."""
    try:
        folder.path.mkdir(parents=True, exist_ok=True)
        if not folder.key.exists():
            _write_key(folder, secrets.token_bytes(_KEY_BYTES))
    except OSError as error:
        raise refusal(error, folder.path) from error
    opened = Hub(folder, _engine(folder, create=True), wall)
    try:
        with opened.transaction() as connection:
            # A key alone was left by a program that was killed here.
            _require(not _is_hub(connection), HubAlreadyThere(folder=str(folder.path)))
            _fill(connection, name, wall())
    except BaseException:
        opened.close()
        raise
    return opened


def _fill(connection: Connection, name: str, now_ms: int) -> None:
    tables.metadata.create_all(connection)
    connection.execute(
        insert(tables.hub).values(
            id=1,
            schema=SCHEMA,
            name=name,
            keys=HubKeys.generate(as_time(now_ms)).to_bytes(),
            incarnation=1,
            made_at=now_ms,
        )
    )


def open_hub(folder: HubFolder, *, wall: Callable[[], int] = this_computers_ms) -> Hub:
    """The hub in folder. Raises NoHubHere, HubTooNew, StoreDamaged, StoreBusy, CannotWrite."""
    if not folder.store.is_file() or not folder.key.is_file():
        raise NoHubHere(folder=str(folder.path))
    opened = Hub(folder, _engine(folder, create=False), wall)
    try:
        with opened.transaction() as connection:
            _require(_is_hub(connection), NoHubHere(folder=str(folder.path)))
            found = connection.execute(select(tables.hub.c.schema)).scalar_one()
            _require(found <= SCHEMA, HubTooNew(found=found, known=SCHEMA))
            _begin_anew_if_restored(connection, folder)
    except BaseException:
        opened.close()
        raise
    return opened


def _is_hub(connection: Connection) -> bool:
    return inspect(connection).has_table(tables.hub.name)


def _require(claim: bool, error: DeskError) -> None:  # noqa: FBT001
    if not claim:
        raise error


def note_handed_out(folder: HubFolder, count: int) -> None:
    """Call before the count-th bundle of this hub is handed out. Raises CannotWrite."""
    _note(folder, bundles=max(count, handed_out(folder)))


def handed_out(folder: HubFolder) -> int:
    """How many bundles this hub ever made, whether its database remembers or not."""
    return _number(folder, "bundles")


def _note(folder: HubFolder, **facts: int) -> None:
    known = {name: _number(folder, name) for name in ("bundles", "incarnation")}
    write_whole(folder.sidecar, as_json({**known, **facts}))


def _number(folder: HubFolder, name: str) -> int:
    try:
        found = json.loads(folder.sidecar.read_bytes())[name]
    except (OSError, ValueError, KeyError, TypeError):
        return 0
    return found if isinstance(found, int) else 0


def _begin_anew_if_restored(connection: Connection, folder: HubFolder) -> None:
    """A hub put back from a copy says so by a higher incarnation: desks then send again what it lost.

    Each desk must hear of it, if only to learn under which key this hub receives again.
    """
    count = handed_out(folder)
    head = connection.execute(select(tables.hub)).one()
    if head.handed_out < count:
        # Also put back twice from one copy, it never calls itself the same.
        incarnation = max(head.incarnation, _number(folder, "incarnation")) + 1
        _note(folder, incarnation=incarnation)
        connection.execute(update(tables.hub).values(incarnation=incarnation, handed_out=count))
        connection.execute(update(tables.desk).values(owes_answer=True))


def _write_key(folder: HubFolder, key: bytes) -> None:
    handle = os.open(folder.key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(key.hex() + "\n")
        file.flush()
        os.fsync(file.fileno())
    sync_folder(folder.path)


def _read_key(folder: HubFolder) -> DataKey:
    try:
        key = bytes.fromhex(folder.key.read_text(encoding="ascii"))
    except (OSError, ValueError) as error:
        raise NoHubHere(folder=str(folder.path)) from error
    return DataKey(key)


def _engine(folder: HubFolder, *, create: bool) -> Engine:
    from sqlcipher3 import dbapi2

    key = _read_key(folder)
    engine = create_engine(
        "sqlite+pysqlite://",
        module=dbapi2,
        creator=lambda: driver.connect(folder.store, key, Role.WRITER, create=create),
        poolclass=QueuePool,
        pool_size=1,
        max_overflow=4,
    )

    # This is the office's row lock where there are no rows to lock: one writer at a time.
    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
