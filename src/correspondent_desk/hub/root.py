"""The hub's root key: made once, sealed with a passphrase, kept in a safe, and the directory it signs."""

from dataclasses import dataclass
from pathlib import Path

import msgspec
import pyrage
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, func, insert, select

from correspondent_desk.errors import DeskError
from correspondent_desk.hub import audit, offices, tables
from correspondent_desk.hub.audit import What
from correspondent_desk.hub.database import Hub
from correspondent_desk.hub.erasure_tables import directory as kept
from correspondent_desk.hub.offices import Status
from correspondent_desk.store.files import refusal, write_new
from correspondent_desk.sync import directory
from correspondent_desk.sync.directory import Directory
from correspondent_desk.sync.keys import Key32, fingerprint

_MOST_FILE = 64 << 10


class RootRefused(DeskError):
    """The file is not this hub's root key (reason: unreadable, wrong-passphrase, another-root,

    there-already; details: path).
    """

    code = "root"


class _Root(msgspec.Struct, frozen=True):
    """What the file holds. recovery: an age identity."""

    signing_seed: Key32
    recovery: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryRow:
    """The newest directory of a hub. fingerprint: of the root, for two people to compare aloud."""

    directory: Directory
    fingerprint: str


def make(hub: Hub, path: Path, passphrase: str, *, by: str = "") -> DirectoryRow:
    """A root key in the file path, which is not there yet, and the first directory it signs.

    Raises RootRefused (there is a root already), CannotWrite.
    """
    with hub.transaction() as connection:
        if _newest(connection) is not None:
            raise RootRefused("there-already", path=str(path))
    seed = Ed25519PrivateKey.generate().private_bytes_raw()
    root = _Root(seed, str(pyrage.x25519.Identity.generate()))
    write_new(path, pyrage.passphrase.encrypt(msgspec.msgpack.encode(root), passphrase))
    return _publish(hub, root, path, by)


def publish(hub: Hub, path: Path, passphrase: str, *, by: str = "") -> DirectoryRow:
    """Sign the next directory with the hub's keys and revocations as they are now.

    Raises RootRefused, CannotWrite.
    """
    return _publish(hub, _open(path, passphrase), path, by)


def newest(hub: Hub) -> DirectoryRow | None:
    """The directory that desks are given; None if this hub has no root key."""
    with hub.transaction() as connection:
        row = _newest(connection)
    if row is None:
        return None
    return DirectoryRow(
        directory=directory.read(row.signed, row.root), fingerprint=fingerprint(row.root)
    )


def signed(connection: Connection) -> tuple[bytes, bytes] | None:
    """The newest directory as it travels, and the root that signed it."""
    row = _newest(connection)
    return None if row is None else (row.signed, row.root)


def _publish(hub: Hub, root: _Root, path: Path, by: str) -> DirectoryRow:
    key = Ed25519PrivateKey.from_private_bytes(root.signing_seed)
    public = key.public_key().public_bytes_raw()
    with hub.transaction() as connection:
        # One at a time, or two would sign one number.
        connection.execute(select(tables.hub.c.id).with_for_update())
        before = _newest(connection)
        if before is not None and before.root != public:
            raise RootRefused("another-root", path=str(path))
        known: int = connection.scalar(select(func.max(kept.c.version))) or 0
        keys = offices.keys(connection).public
        desk = tables.desk.c
        made = Directory(
            # A hub put back from a copy must not sign another text under a number it used.
            version=max(known + 1, hub.now_ms()),
            made=max(hub.now_ms(), 0),
            signing=[keys.signing],
            receiving=keys.receiving,
            recovery=str(pyrage.x25519.Identity.from_str(root.recovery).to_public()),
            revoked=list(
                connection.scalars(
                    select(desk.signing).where(desk.status == Status.REVOKED).order_by(desk.id)
                )
            ),
        )
        connection.execute(
            insert(kept).values(version=made.version, root=public, signed=directory.sign(key, made))
        )
        connection.execute(tables.desk.update().values(owes_answer=True))
        audit.note(hub, connection, by, What.DIRECTORY_SIGNED, version=made.version)
    return DirectoryRow(directory=made, fingerprint=fingerprint(public))


def _open(path: Path, passphrase: str) -> _Root:
    try:
        with path.open("rb") as file:
            sealed = file.read(_MOST_FILE)
    except OSError as error:
        raise refusal(error, path) from error
    try:
        return msgspec.msgpack.decode(pyrage.passphrase.decrypt(sealed, passphrase), type=_Root)
    except pyrage.DecryptError as error:
        raise RootRefused("wrong-passphrase", path=str(path)) from error
    except ValueError as error:
        raise RootRefused("unreadable", path=str(path)) from error


def _newest(connection: Connection) -> tables.AnyRow | None:
    return connection.execute(select(kept).order_by(kept.c.version.desc()).limit(1)).one_or_none()
