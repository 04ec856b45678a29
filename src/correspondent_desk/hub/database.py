"""The hub's folder and its database: an encrypted file in the folder, or a PostgreSQL server.

A hub runs unattended, so its key is a file that only its owner may read, and not a passphrase:
whoever may read the folder may read the hub. Copies of the database alone stay unreadable, or, on
PostgreSQL, hold the hub's private keys sealed.
"""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, insert, select, text

from correspondent_desk.errors import DeskError
from correspondent_desk.hub import (
    engines,
    erasure_file,
    restored,
    schema,
    sealing,
    settings,
    tables,
)
from correspondent_desk.hub.restored import Sidecar
from correspondent_desk.hub.schema import HubTooNew
from correspondent_desk.store.changes import as_time
from correspondent_desk.store.database import this_computers_ms
from correspondent_desk.store.files import refusal, unread
from correspondent_desk.store.vault import HUB_KEY, DataKey, DeskFolder, is_set_up
from correspondent_desk.sync.keys import HubKeys
from correspondent_desk.sync.manifest import MOST_NAME

__all__ = ["Hub", "HubAlreadyThere", "HubFolder", "HubTooNew", "NoHubHere", "create", "open_hub"]

_KEY_BYTES = 32


class NoHubHere(DeskError):
    """There is no hub in the folder (details: folder; reason: database-lost, but there was one)."""

    code = "no-hub-here"


class HubAlreadyThere(DeskError):
    """The folder or the database holds a hub already (details: folder).

    reason: database-lost, if only what lies beside its database is left of it; desk, if it is the
    folder of a desk; database, if it is the server's (where) and this folder is not the hub's.
    """

    code = "hub-already-there"


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
        """What opens it, or the keys in it; readable by the owner alone."""
        return self.path / HUB_KEY

    @property
    def inbox(self) -> Path:
        """Bundles received, while they are taken in."""
        return self.path / "inbox"

    @property
    def ledger(self) -> Path:
        """The erasure ledger, only ever added to: what must not be put back with the database either."""
        return self.path / "erasures.ledger"

    @property
    def directory(self) -> Path:
        """The newest directory that the root key signed: not to be put back with the database."""
        return self.path / "directory.signed"

    @property
    def sidecar(self) -> Path:
        """Which numbers bundles were given: what must not be put back together with the database."""
        return self.path / "sidecar.json"

    @property
    def notes(self) -> tuple[Path, ...]:
        """All files of the sidecar."""
        return Sidecar(self.sidecar).files


class Hub:
    """An open hub. Several processes may have it open: each change is one transaction.

    In each folder it is served from, it leaves a note of its own beside the database (sidecar).
    """

    def __init__(self, folder: HubFolder, engine: Engine, wall: Callable[[], int]) -> None:
        """Use create or open_hub."""
        self.folder = folder
        self.now_ms = wall
        self.sidecar = Sidecar(folder.sidecar)
        self._engine = engine
        url = engine.url
        self._where = folder.store if url.get_backend_name() == "sqlite" else settings.safe(url)

    @contextmanager
    def transaction(self, office: int | None = None) -> Iterator[Connection]:
        """All that is written within, or nothing.

        office: the one whose rows of operations, contexts, roots and origins are read or written;
        without it PostgreSQL shows none of them (see scope). Raises StoreBusy, StoreDamaged,
        CannotWrite, HubDatabaseRefused.
        """
        with engines.refusing(self._where), self._engine.begin() as connection:
            if office is not None:
                scope(connection, office)
            yield connection

    @contextmanager
    def statement(self) -> Iterator[Connection]:
        """For one statement that needs no other beside it; no rows of offices show. Raises as transaction."""
        with engines.refusing(self._where):
            if isinstance(self._where, Path):  # a transaction of its own costs nothing
                with self._engine.begin() as connection:
                    yield connection
                return
            with self._engine.connect() as connection, engines.at_once(connection):
                yield connection

    def close(self) -> None:
        """Let the file go."""
        self._engine.dispose()


def scope(connection: Connection, office: int) -> None:
    """From here to the end of the transaction, rows of this office show, and no others.

    schema.EVERY_OFFICE: origins of all offices, operations of none.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(_SCOPE, {"office": str(office)})


_SCOPE = text("SELECT set_config('app.office', :office, true)")


def create(
    folder: HubFolder,
    name: str,
    *,
    database: str = "",
    wall: Callable[[], int] = this_computers_ms,
) -> Hub:
    """A new hub in folder. database: URL of a PostgreSQL server; otherwise the folder holds it.

    Raises HubAlreadyThere, CannotWrite, HubDatabaseRefused, DeskAway.
    """
    url = settings.parse(database) if database else settings.read(folder.path)
    if is_set_up(DeskFolder(folder.path)):  # both keep a sidecar.json and an inbox
        raise HubAlreadyThere("desk", folder=str(folder.path))
    # Another database would take the place of the hub's own, with all that its desks sent.
    _require(not _lies_elsewhere(folder, url), HubAlreadyThere(folder=str(folder.path)))
    try:
        folder.path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise refusal(error, folder.path) from error
    ours = (folder.key, folder.store, *folder.notes, *settings.files(folder.path))
    made = [one for one in ours if not one.exists()]
    try:
        return _created(folder, name, database, url, wall)
    except BaseException:
        # A key alone, on a disk that was full, would be taken for the key of a hub.
        for one in made:
            one.unlink(missing_ok=True)
        raise


def _lies_elsewhere(folder: HubFolder, url: URL | None) -> bool:
    """Whether the folder has a database that is not at url."""
    named = settings.named(folder.path)
    is_other = url is not None and named is not None and settings.safe(named) != settings.safe(url)
    return is_other or (url is not None and folder.store.exists())


def _created(
    folder: HubFolder, name: str, database: str, url: URL | None, wall: Callable[[], int]
) -> Hub:
    if not folder.key.exists():
        key = secrets.token_bytes(_KEY_BYTES)
        settings.write_private(folder.key, key.hex().encode() + b"\n")
    opened = Hub(folder, _engine(folder, url, create=True), wall)
    try:
        with opened.transaction() as connection:
            _require_fit(connection, url)
            schema.lock(connection)
            # A key or tables alone were left by a program that was killed here.
            _require(not schema.has_hub(connection), _already_there(folder, url))
            # A new hub would take neither its ledger nor its directory for its own.
            _require(
                not _was_served(folder), HubAlreadyThere("database-lost", folder=str(folder.path))
            )
            if not schema.has_tables(connection):
                schema.create(connection)
            _fill(connection, name, wall())
            restored.look(connection, opened.sidecar, wall())
            # Within, or a server would keep a hub whose folder found no room to say where it is.
            if database and url is not None:
                settings.write(folder.path, url)
    except BaseException:
        opened.close()
        raise
    return opened


def _already_there(folder: HubFolder, url: URL | None) -> HubAlreadyThere:
    if url is None or settings.named(folder.path) is not None:
        return HubAlreadyThere(folder=str(folder.path))
    return HubAlreadyThere("database", folder=str(folder.path), where=settings.safe(url))


def _fill(connection: Connection, name: str, now_ms: int) -> None:
    keys = HubKeys.generate(as_time(now_ms)).to_bytes()
    connection.execute(
        insert(tables.hub).values(
            id=1,
            schema=schema.VERSION,
            name=" ".join(name.split())[:MOST_NAME],  # or no desk could read its files
            keys=sealing.seal(seal_of(connection), keys),
            incarnation=1,
            made_at=now_ms,
        )
    )


def open_hub(folder: HubFolder, *, wall: Callable[[], int] = this_computers_ms) -> Hub:
    """The hub of folder; an older one is brought up to this version.

    Raises NoHubHere, HubTooNew, HubKeyWrong, HubDatabaseRefused, StoreDamaged, StoreBusy, CannotWrite.
    """
    from correspondent_desk.hub import erasure_ledger, vouched  # they need what stands here

    url = settings.read(folder.path)
    _require(folder.key.is_file() or not folder.store.is_file(), sealing.HubKeyWrong())
    if not folder.key.is_file() or (url is None and not folder.store.is_file()):
        raise _no_hub(folder)
    opened = Hub(folder, _engine(folder, url, create=False), wall)
    try:
        with opened.transaction() as connection:
            _require_fit(connection, url)
            _require(schema.has_hub(connection), _no_hub(folder))
            schema.migrate(connection)
            kept = sealing.unseal(seal_of(connection), connection.execute(_KEYS).scalar_one())
            restored.look(connection, opened.sidecar, wall())
            opened.sidecar.note_key(HubKeys.from_bytes(kept).public.signing)
        vouched.level(opened)
        erasure_ledger.replay(opened)
    except BaseException:
        opened.close()
        raise
    return opened


_KEYS = select(tables.hub.c["keys"])


def seal_of(connection: Connection) -> bytes | None:
    """What the hub's keys are sealed with in this database; None where all of it is encrypted."""
    found: bytes | None = connection.get_execution_options().get("hub_seal")
    return found


def _was_served(folder: HubFolder) -> bool:
    """Whether something lies here that only a hub that was in use leaves."""
    return (
        bool(erasure_file.count(folder.ledger))
        or folder.directory.is_file()
        or Sidecar(folder.sidecar).has_seen_use
    )


def _no_hub(folder: HubFolder) -> NoHubHere:
    reason = "database-lost" if _was_served(folder) else ""
    return NoHubHere(reason, folder=str(folder.path))


def _require(claim: bool, error: DeskError) -> None:  # noqa: FBT001
    if not claim:
        raise error


def _require_fit(connection: Connection, url: URL | None) -> None:
    if url is not None:
        engines.require_fit(connection, settings.safe(url))


def _engine(folder: HubFolder, url: URL | None, *, create: bool) -> Engine:
    try:
        key = bytes.fromhex(folder.key.read_text(encoding="ascii"))
    except FileNotFoundError as error:
        raise NoHubHere(folder=str(folder.path)) from error
    except OSError as error:
        raise unread(error, folder.key) from error
    except ValueError as error:
        raise sealing.HubKeyWrong from error
    _require(len(key) == _KEY_BYTES, sealing.HubKeyWrong())
    if url is None:
        return engines.sqlite(folder.store, DataKey(key), create=create)
    return engines.postgresql(url, key)
