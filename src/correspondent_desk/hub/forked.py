"""What comes under numbers that the hub has of another life of its desk: kept until it has come otherwise.

A desk that is refused so gives its work new numbers once it is told, and sends it again. A file that was on
its way while the disk of its desk was put back holds what nobody knows any more: an operator takes that
in, as a voice of the desk (voices.py), or lets it go.
"""

from contextlib import ExitStack, suppress
from pathlib import Path

from sqlalchemy import Connection, delete, select

from correspondent_desk.hub import (
    held,
    holding,
    offices,
    places,
    tables,
    voices,
    waiting,
)
from correspondent_desk.hub.database import Hub
from correspondent_desk.hub.held import HELD_FORKED
from correspondent_desk.hub.schema import or_leave
from correspondent_desk.sync import inbox
from correspondent_desk.sync.opening import Source
from correspondent_desk.sync.parcels import Parcel
from correspondent_desk.sync.rejection import BundleRejected

MOST = 8
"""Of one desk. No desk has had as many lives of which none was mended."""


def hold(hub: Hub, source: Source, desk: int) -> bool:
    """Keep a bundle of this desk that was refused, in the place of those that bring no more.

    The answer says whether it waits for an operator now. Raises CannotWrite, StoreBusy.
    """
    with ExitStack() as stack:
        place = stack.enter_context(places.own(hub.folder.inbox))
        copy = source if isinstance(source, bytes) else inbox.take_in(place, source)
        parcel = held.verified(hub, copy, desk)
        before = _kept(hub, stack.enter_context(places.own(hub.folder.inbox)), desk)
        with hub.transaction() as connection:
            of = _office_of(connection, desk)
            have = offices.vector(connection, of)
            holding.hold_letters(hub, connection, of, have, parcel.unapproved)
            new = _unknown(connection, of, parcel)
            if not new:
                return False
            less = [uid for uid, one in before.items() if _unknown(connection, of, one) <= new]
            for uid in less:
                _forget(connection, uid)
            if len(before) - len(less) >= MOST:
                return False
            row = {
                "uid": parcel.manifest.bundle,
                "desk": desk,
                "number": parcel.manifest.number,
                "received_at": hub.now_ms(),
                "operations": len(new),
                "state": HELD_FORKED,
            }
            noted = or_leave(connection, tables.bundle_in).returning(tables.bundle_in.c.uid)
            if connection.execute(noted, row).one_or_none() is None:
                return False  # it was let go
            waiting.keep(connection, copy, parcel.manifest.bundle)
            return True


def settle(hub: Hub) -> None:
    """Let go of what is kept what has come otherwise meanwhile. Raises CannotWrite, StoreBusy."""
    came = tables.bundle_in.c
    with hub.transaction() as connection:
        desks = connection.scalars(
            select(came.desk).where(came.state == HELD_FORKED).distinct()
        ).all()
    for desk in desks:
        with places.own(hub.folder.inbox) as place:
            for uid, one in _kept(hub, place, desk).items():
                with hub.transaction() as connection:
                    if not _unknown(connection, _office_of(connection, desk), one):
                        _forget(connection, uid)


def _kept(hub: Hub, place: Path, desk: int) -> dict[bytes, Parcel]:
    """What is kept of this desk, and can still be read, by the ids of the bundles."""
    came = tables.bundle_in.c
    with hub.transaction() as connection:
        uids = connection.scalars(
            select(came.uid).where(came.desk == desk, came.state == HELD_FORKED)
        ).all()
        paths = [waiting.fetch(connection, place, uid) for uid in uids]
    found: dict[bytes, Parcel] = {}
    for uid, path in zip(uids, paths, strict=True):
        if path is not None:
            with suppress(BundleRejected):
                found[uid] = held.verified(hub, path, desk)
    return found


def _office_of(connection: Connection, desk: int) -> int:
    """The office of a desk, locked."""
    asked = select(tables.desk.c.office).where(tables.desk.c.id == desk)
    return offices.lock(connection, connection.execute(asked).scalar_one()).id


def _unknown(connection: Connection, office: int, parcel: Parcel) -> set[tuple[int, bytes]]:
    whole = (one for one in parcel.letters if not one.is_reduced)  # a snapshot comes again
    return voices.unknown(connection, office, (parcel, *whole))


def _forget(connection: Connection, uid: bytes) -> None:
    waiting.drop(connection, uid)
    connection.execute(delete(tables.bundle_in).where(tables.bundle_in.c.uid == uid))
