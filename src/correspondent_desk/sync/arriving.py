"""Opening what came to this desk: who sent it, whether they are believed, and what in it counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from correspondent_desk.domain.delivery import Receipt
from correspondent_desk.store import erasing
from correspondent_desk.store.erasing import Entry
from correspondent_desk.store.identity import raw
from correspondent_desk.store.opened import Store
from correspondent_desk.sync import bundle, directory, inbox, parcels, peers, roster, sending
from correspondent_desk.sync.keys import DeskKeys
from correspondent_desk.sync.link import Link
from correspondent_desk.sync.manifest import Refusal
from correspondent_desk.sync.parcels import ROSTER, Parcel
from correspondent_desk.sync.rejection import BundleRejected, Reason


@dataclass(slots=True)
class Came:
    """A verified bundle, of the hub or of a desk, the lines of the erasure ledger in it, and others.

    others: those that waited.
    """

    received: Parcel
    is_of_hub: bool
    lines: Sequence[Entry] = ()
    others: Sequence[Parcel] = ()

    @property
    def refusal(self) -> Refusal | None:
        """What the hub says where it does not let a desk in."""
        return self.received.manifest.refusal if self.is_of_hub else None

    @property
    def bundles(self) -> list[Parcel]:
        """All of them."""
        return [self.received, *self.others]

    @property
    def signed(self) -> list[Parcel]:
        """All that somebody signed: the bundles and the letters in them."""
        return [one for each in self.bundles for one in (each, *each.letters)]


def opened(db: Store, known: Link, keys: DeskKeys, path: Path) -> Came:
    """The bundle at path, of the hub or of a desk that is believed, and the letters that count."""
    bundle_id = bundle.preamble(path).bundle
    own = db.read(lambda s: sending.number_of(s, bundle_id))
    if own is not None:
        raise BundleRejected(Reason.OWN_FILE, number=own)
    received = parcels.load(
        path,
        keys.receiving,
        peers.trust(known),
        retired=keys.retired,
        check=peers.check(known),
    )
    if received.manifest.office != known.office:
        raise BundleRejected(Reason.WRONG_OFFICE)
    now = msgspec.structs.replace(known, **vouched(known, received))
    lines = received.ledger(*roster.believed(now))
    is_of_hub = peers.of_hub(now, received)
    if not is_of_hub:
        reached = db.read(lambda s: erasing.version(raw(s)))
        erasure = max([reached, *(one.version for one in lines)])
        received.letters = db.read(lambda s: peers.opened(s, now, keys, received, erasure))
    return Came(received, is_of_hub=is_of_hub, lines=lines)


def vouched(known: Link, received: Parcel) -> dict[str, Any]:
    """What changes in the link by the hub's directory and its list of desks.

    Desks enrolled before the hub had a root key believe the first one that the hub tells them.
    Raises BundleRejected for what is to be disbelieved.
    """
    root, came = received.directory()
    listed = received.first(ROSTER)
    if received.manifest.sender not in roster.believed(known):
        known = peers.told(known, root + came, listed)
        return _told_of(known)
    if came:
        believed = known.root or root
        newest = directory.newest(known.directory, came, believed)
        if received.manifest.sender not in directory.read(newest, believed).signing:
            raise BundleRejected(Reason.UNKNOWN_SENDER)
        known = msgspec.structs.replace(known, root=believed, directory=newest)
    if listed:
        said = Receipt(received.manifest.incarnation, received.manifest.number, {})
        known = roster.heard(known, listed, is_last=said.is_later_than(known.receipt))
    return {"root": known.root, **_told_of(known)}


def _told_of(known: Link) -> dict[str, Any]:
    names = ("directory", "roster", "forgotten", "told_forgotten")
    return {name: getattr(known, name) for name in names}


def waiting(db: Store, known: Link, keys: DeskKeys, besides: bytes) -> list[Parcel]:
    """Bundles that came earlier and wait; one whose file was lost will be sent again."""
    found = []
    for row in db.read(inbox.waiting):
        if row.bundle != besides:
            try:
                path = inbox.path_of(db.folder.inbox, row.bundle)
                found.append(opened(db, known, keys, path).received)
            except BundleRejected:
                continue
    return found
