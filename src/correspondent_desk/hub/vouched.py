"""The newest signed directory as a file beside the database: a hub put back must not vouch again for what was lost.

A database put back from a copy may hold a signing key that was stolen since, and desks that were
revoked since. The file, which is not put back with it, tells so: the hub takes the directory up again
before it may be used. It holds public keys only, and the root's signature over them.
"""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Connection, insert, select

from correspondent_desk.hub import audit, desks, identity, offices, restored, tables
from correspondent_desk.hub.audit import What
from correspondent_desk.hub.database import Hub
from correspondent_desk.hub.desks import Status
from correspondent_desk.hub.erasure_tables import directory as kept
from correspondent_desk.hub.offices import OfficeRow
from correspondent_desk.store.files import write_whole
from correspondent_desk.sync import directory, roster
from correspondent_desk.sync.directory import Directory
from correspondent_desk.sync.rejection import BundleRejected

_ROOT = 32


def newest(connection: Connection) -> tables.AnyRow | None:
    """The directory that desks are given; None if this hub has no root key."""
    return connection.execute(select(kept).order_by(kept.c.version.desc()).limit(1)).one_or_none()


def newest_read(connection: Connection) -> Directory | None:
    """As newest, read."""
    row = newest(connection)
    return None if row is None else directory.read(row.signed, row.root)


def is_revoked(connection: Connection, signing: bytes) -> bool:
    """Whether the directory names a desk that this hub may have forgotten."""
    found = newest_read(connection)
    return found is not None and signing in found.revoked


def is_disowned(connection: Connection) -> bool:
    """Whether the hub signs with a key that its root vouches for no more: it was put back to one."""
    found = newest_read(connection)
    return found is not None and identity.keys(connection).public.signing not in found.signing


def own(connection: Connection) -> frozenset[bytes]:
    """The keys by which this hub knows what it signed, one that it has forgotten since among them."""
    found = newest_read(connection)
    told = found.signing if found is not None else ()
    return frozenset({identity.keys(connection).public.signing, *told})


def keep(path: Path, root: bytes, signed: bytes) -> None:
    """Note a directory beside the database that holds it by now. Raises CannotWrite."""
    write_whole(path, root + signed)


def level(hub: Hub) -> None:
    """Bring database and file to the same directory.

    For a hub that is opened: its database may have been put back from a copy. Raises CannotWrite.
    """
    root, signed, told = _beside(hub.folder.directory)
    with hub.transaction() as connection:
        row = newest(connection)
    if told is not None and (row is None or (row.root == root and row.version < told.version)):
        _take_up(hub, told, root, signed)
    elif row is not None and (told is None or (row.root, row.version) != (root, told.version)):
        keep(hub.folder.directory, row.root, row.signed)


def _beside(path: Path) -> tuple[bytes, bytes, Directory | None]:
    """What lies there; one that nobody can read any more is written anew."""
    try:
        content = path.read_bytes()
        return (
            content[:_ROOT],
            content[_ROOT:],
            directory.read(content[_ROOT:], content[:_ROOT]),
        )
    except (OSError, BundleRejected):
        return b"", b"", None


def _take_up(hub: Hub, told: Directory, root: bytes, signed: bytes) -> None:
    with hub.transaction() as connection:
        connection.execute(select(tables.hub.c.id).with_for_update())
        row = newest(connection)
        if row is not None and row.version >= told.version:
            return  # another process was first
        connection.execute(insert(kept).values(version=told.version, root=root, signed=signed))
        _distrust(hub, connection, set(told.revoked))
        incarnation = restored.begin_anew(connection, hub.sidecar, hub.now_ms())
        audit.note(hub, connection, "", What.HUB_RESTORED, incarnation=incarnation)


def recall(hub: Hub, connection: Connection, of: OfficeRow, brought: Iterable[bytes]) -> None:
    """Revoke again whom this hub revoked before it was put back from a copy: a desk kept what it signed.

    of: locked. brought: lists of its desks; what this hub did not sign says nothing.
    """
    lists = list(brought)
    if not lists:  # of nearly every bundle
        return
    believed = own(connection)
    gone: set[bytes] = set()
    for signed in lists:
        with suppress(BundleRejected):
            listed = roster.read(signed, of.uid, believed)
            gone.update(one.signing for one in listed.desks if one.revoked)
    if gone and _distrust(hub, connection, gone):
        desks.tell_of_desks(connection, of.id)


def _distrust(hub: Hub, connection: Connection, revoked: set[bytes]) -> int:
    """How many of them were trusted until now."""
    desk, count = tables.desk.c, 0
    active = connection.execute(
        select(desk.id, desk.office, desk.number, desk.signing).where(desk.status == Status.ACTIVE)
    ).all()
    for row in active:
        if row.signing in revoked:
            desks.distrust(connection, row.id)
            code = offices.get(connection, row.office).code
            audit.note(hub, connection, "", What.DESK_REVOKED, office=code, desk=row.number)
            count += 1
    return count
