"""The hub's root key: made once, sealed with a passphrase, kept in a safe, and the directory it signs."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import msgspec
import pyrage
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, insert, select

from correspondent_desk import decoding
from correspondent_desk.errors import DeskError
from correspondent_desk.hub import audit, erasure_ledger, identity, tables, vouched
from correspondent_desk.hub.audit import What
from correspondent_desk.hub.database import Hub
from correspondent_desk.hub.desks import Status
from correspondent_desk.hub.erasure_tables import directory as kept
from correspondent_desk.hub.wording import Wording
from correspondent_desk.store.files import unread, write_new
from correspondent_desk.sync import directory
from correspondent_desk.sync.directory import Directory
from correspondent_desk.sync.keys import HubKeys, Key32, fingerprint

_SEALED = b"age-encryption.org/v1\n"
_MOST_FILE = 64 << 10
_HEADER_END = b"\n--- "


class RootRefused(DeskError):
    """The root key signs nothing (details: path).

    Reasons: missing, unreadable, damaged, wrong-passphrase, another-root, there-already, key-lost (the
    hub was put back to a signing key that is believed no more).
    """

    code = "root"


class _Root(msgspec.Struct, frozen=True):
    """What the file holds. recovery: an age identity."""

    signing_seed: Key32
    recovery: str


_LEAST_BODY = 43 + 1 + 16 + len(msgspec.msgpack.encode(_Root(bytes(32), " " * 74))) + 16
"""Of age, behind its header: the header's code and a line break, a nonce, the text, a tag."""


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
        if vouched.newest(connection) is not None:
            raise RootRefused("there-already", path=str(path))
    seed = Ed25519PrivateKey.generate().private_bytes_raw()
    root = _Root(seed, str(pyrage.x25519.Identity.generate()))
    write_new(path, pyrage.passphrase.encrypt(msgspec.msgpack.encode(root), passphrase))
    return _publish(hub, root, path, by)


class NewKey(StrEnum):
    """Whether the hub takes a new signing key, and whether those before are still believed."""

    NONE = "none"
    PLANNED = "planned"
    STOLEN = "stolen"


def publish(
    hub: Hub, path: Path, passphrase: str, *, new_key: NewKey = NewKey.NONE, by: str = ""
) -> DirectoryRow:
    """Sign the next directory with the hub's keys and revocations as they are now.

    With a new signing key, desks believe it because of this directory, which each bundle carries.
    What the directory before names as revoked stays so, and a signing key that it dropped is never
    vouched for again: the hub may have been put back from a copy and have forgotten both.
    Raises RootRefused, CannotWrite.
    """
    return _publish(hub, _open(path, passphrase), path, by, new_key)


def newest(hub: Hub) -> DirectoryRow | None:
    """The directory that desks are given; None if this hub has no root key."""
    with hub.transaction() as connection:
        row = vouched.newest(connection)
    if row is None:
        return None
    return DirectoryRow(
        directory=directory.read(row.signed, row.root), fingerprint=fingerprint(row.root)
    )


def is_disowned(hub: Hub) -> bool:
    """Whether the hub was put back to a signing key that its root vouches for no more."""
    with hub.transaction() as connection:
        return vouched.is_disowned(connection)


def revoked_since(hub: Hub) -> int:
    """How many desks were revoked after the newest directory was signed; 0 without a root key."""
    with hub.transaction() as connection:
        row = vouched.newest(connection)
        revoked = set(_revoked(connection))
    return (
        0 if row is None else len(revoked.difference(directory.read(row.signed, row.root).revoked))
    )


def recovery_identity(hub: Hub, path: Path, passphrase: str) -> str:
    """The private half of the recovery key, out of the file from the safe. Raises RootRefused."""
    found = _open(path, passphrase)
    public = Ed25519PrivateKey.from_private_bytes(found.signing_seed).public_key()
    with hub.transaction() as connection:
        here = vouched.newest(connection)
    if here is None or here.root != public.public_bytes_raw():
        raise RootRefused("another-root", path=str(path))
    return found.recovery


@dataclass(frozen=True, slots=True)
class Head:
    """What the hub says of itself. version: of its directory, 0 for none.

    vouched: the root key and the directory that it signed, as they travel; nothing if there is none.
    """

    name: str
    incarnation: int
    keys: HubKeys
    version: int
    vouched: bytes


def head(connection: Connection) -> Head:
    """All of it, read at once. Raises HubKeyWrong."""
    row = _HEAD.ask(connection).one()
    return Head(
        row.name,
        row.incarnation,
        identity.keys_in(connection, row.kept),
        row.version or 0,
        row.root + row.signed if row.version else b"",
    )


_HEAD = Wording(
    'SELECT hub.name, hub.incarnation, hub."keys" AS kept,'
    " directory.version, directory.root, directory.signed"
    " FROM hub LEFT JOIN directory"
    " ON directory.version = (SELECT max(version) FROM directory)"
)


def _publish(
    hub: Hub, root: _Root, path: Path, by: str, new_key: NewKey = NewKey.NONE
) -> DirectoryRow:
    key = Ed25519PrivateKey.from_private_bytes(root.signing_seed)
    public = key.public_key().public_bytes_raw()
    with hub.transaction() as connection:
        # One at a time, or two would sign one number.
        connection.execute(select(tables.hub.c.id).with_for_update())
        row = vouched.newest(connection)
        if row is not None and row.root != public:
            raise RootRefused("another-root", path=str(path))
        before = None if row is None else directory.read(row.signed, row.root)
        keys = _keys_for(hub, connection, before, path, new_key, by)
        made = Directory(
            # A hub put back from a copy must not sign another text under a number it used.
            version=max(0 if before is None else before.version + 1, hub.now_ms()),
            made=max(hub.now_ms(), 0),
            signing=[keys.public.signing, *keys.earlier],
            receiving=keys.public.receiving,
            recovery=str(pyrage.x25519.Identity.from_str(root.recovery).to_public()),
            revoked=_revoked(connection, before),
        )
        signed = directory.sign(key, made)
        connection.execute(insert(kept).values(version=made.version, root=public, signed=signed))
        connection.execute(tables.desk.update().values(owes_answer=True))
        audit.note(hub, connection, by, What.DIRECTORY_SIGNED, version=made.version)
    hub.sidecar.note_key(keys.public.signing)
    vouched.keep(hub.folder.directory, public, signed)
    return DirectoryRow(directory=made, fingerprint=fingerprint(public))


def _keys_for(
    hub: Hub,
    connection: Connection,
    before: Directory | None,
    path: Path,
    new_key: NewKey,
    by: str,
) -> HubKeys:
    """The keys to vouch for, a new one among them if it is wanted."""
    keys = identity.keys(connection)
    if new_key is NewKey.STOLEN:
        changed = keys.with_new_signing(is_lost=True)
    else:
        if before is not None and keys.public.signing not in before.signing:
            raise RootRefused("key-lost", path=str(path))
        known = [*keys.earlier, *(before.signing if before is not None else ())]
        earlier = [one for one in dict.fromkeys(known) if one != keys.public.signing]
        changed = msgspec.structs.replace(keys, earlier=earlier)
        if new_key is NewKey.PLANNED:
            changed = changed.with_new_signing(is_lost=False)
    if changed != keys:
        identity.keep_keys(connection, changed)
    if new_key is NewKey.STOLEN:
        erasure_ledger.sign_anew(connection, changed)
    if new_key is not NewKey.NONE:
        audit.note(hub, connection, by, What.HUB_KEY_CHANGED, why=new_key.value)
    return changed


def _revoked(connection: Connection, before: Directory | None = None) -> list[bytes]:
    desk = tables.desk.c
    wanted = select(desk.signing).where(desk.status == Status.REVOKED).order_by(desk.id)
    # A desk that the hub has forgotten with its database stays revoked.
    known = [] if before is None else before.revoked
    return list(dict.fromkeys([*known, *connection.scalars(wanted)]))


def _open(path: Path, passphrase: str) -> _Root:
    try:
        with path.open("rb") as file:
            sealed = file.read(_MOST_FILE)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise RootRefused("missing", path=str(path)) from error
    except OSError as error:
        if path.is_dir():
            raise RootRefused("unreadable", path=str(path)) from error
        raise unread(error, path) from error
    if not sealed.startswith(_SEALED):  # asked for its passphrase, one would be sought in vain
        raise RootRefused("unreadable", path=str(path))
    if len(sealed.partition(_HEADER_END)[2]) < _LEAST_BODY:  # no passphrase opens what was cut
        raise RootRefused("damaged", path=str(path))
    try:
        return decoding.msgpack(_Root).decode(pyrage.passphrase.decrypt(sealed, passphrase))
    except pyrage.DecryptError as error:
        raise RootRefused("wrong-passphrase", path=str(path)) from error
    except ValueError as error:
        raise RootRefused("unreadable", path=str(path)) from error
