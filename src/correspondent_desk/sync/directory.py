"""The directory of a hub: its keys and the desks that are trusted no more, signed by its root key.

The root key lies in a safe and signs nothing else. Whoever takes a hub over holds its online keys but
cannot give desks others, nor a way into their stores. Versions never decrease, and a version is one
text for ever: a desk keeps the newest it has met and believes no earlier one.
"""

from datetime import datetime, timedelta
from typing import Annotated

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from correspondent_desk import decoding
from correspondent_desk.store.changes import as_time
from correspondent_desk.sync.columns import Number
from correspondent_desk.sync.keys import Key32, Recipient
from correspondent_desk.sync.rejection import BundleRejected, Reason

DIRECTORY = "directory"
STALE_AFTER = timedelta(days=60)
"""An older directory is worth a word to the operators; it stops nobody."""
_DOMAIN = b"correspondent-desk/directory/1\0"
_SIGNATURE = 64


class Directory(msgspec.Struct, frozen=True, kw_only=True):
    """What the root vouches for. made: milliseconds since 1970.

    signing: the hub's online keys, any of which may sign bundles. recovery: to whom a desk wraps what
    opens its store, for the day its passphrase is forgotten. revoked: signing keys of desks.
    """

    version: Number
    made: Number
    signing: Annotated[list[Key32], msgspec.Meta(min_length=1, max_length=100)]
    receiving: Recipient
    recovery: Recipient
    revoked: list[Key32] = []

    def is_stale(self, now: datetime) -> bool:
        """Whether it was signed so long ago that somebody may be withholding a newer one."""
        return now - as_time(self.made) > STALE_AFTER


def sign(root: Ed25519PrivateKey, directory: Directory) -> bytes:
    """The directory as it travels: signature, then the text."""
    text = msgspec.msgpack.encode(directory)
    return root.sign(_DOMAIN + text) + text


def read(signed: bytes, root: bytes) -> Directory:
    """A directory that came, if this root signed it. Raises BundleRejected."""
    signature, text = signed[:_SIGNATURE], signed[_SIGNATURE:]
    try:
        Ed25519PublicKey.from_public_bytes(root).verify(signature, _DOMAIN + text)
    except (InvalidSignature, ValueError) as error:
        raise BundleRejected(Reason.BAD_SIGNATURE, what="directory") from error
    try:
        return decoding.msgpack(Directory).decode(text)
    except (ValueError, RecursionError) as error:
        raise BundleRejected(Reason.BAD_STRUCTURE, what=f"directory: {error}") from error


def newest(known: bytes, came: bytes, root: bytes) -> bytes:
    """Which of two signed directories to keep; known may be nothing.

    An earlier one is left alone: a file may be late. Raises BundleRejected for one that root did not
    sign, and for another text under the same version.
    """
    found = read(came, root)
    if not known or known == came:
        return came
    here = read(known, root)
    if found.version == here.version:
        raise BundleRejected(Reason.BAD_SIGNATURE, what="another directory of one version")
    return came if found.version > here.version else known
