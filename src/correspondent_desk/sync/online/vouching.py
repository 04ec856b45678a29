"""Which hub answers over the network: one that the invitation named, or that the root key vouches for."""

import msgspec

from correspondent_desk.sync import directory, roster
from correspondent_desk.sync.keys import PublicKeys
from correspondent_desk.sync.link import Link
from correspondent_desk.sync.online.trouble import Distrust, HubNotTrusted
from correspondent_desk.sync.online.wire import Directory
from correspondent_desk.sync.parcels import ROOT_BYTES
from correspondent_desk.sync.rejection import BundleRejected, Reason


def learned(known: Link, found: Directory) -> Link:
    """The link with what the hub said of itself, and with the directory that came if it is newer.

    A desk that knows no root key yet learns of one by a bundle only, which the hub has signed.
    Raises HubNotTrusted, BundleRejected (another root, or another text under one version).
    """
    if found.vouched and known.root:
        root, signed = found.vouched[:ROOT_BYTES], found.vouched[ROOT_BYTES:]
        if root != known.root:
            raise BundleRejected(Reason.BAD_SIGNATURE, what="directory of another root key")
        kept = directory.newest(known.directory, signed, root)
        known = msgspec.structs.replace(known, directory=kept)
    if found.signing not in roster.believed(known):
        raise HubNotTrusted(Distrust.OTHER_HUB, host="")
    public = PublicKeys(found.signing, found.receiving)
    return msgspec.structs.replace(known, hub_name=found.hub_name, hub=public)


def version(known: Link) -> int:
    """Of the newest directory that this desk has met; 0 for none."""
    return directory.read(known.directory, known.root).version if known.directory else 0
