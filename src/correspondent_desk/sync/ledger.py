"""The erasure ledger as it travels: lines that only the hub can write, for one office.

Every bundle of the hub brings the lines that its receiver lacks, and a bundle with lines requires
`ledger1`: who skipped them could neither erase nor explain the numbers missing from a log.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Annotated

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from correspondent_desk import decoding
from correspondent_desk.store.erasing import Entry
from correspondent_desk.sync.columns import Number
from correspondent_desk.sync.keys import Key32
from correspondent_desk.sync.rejection import BundleRejected, Reason

LEDGER = "ledger"
FEATURE = "ledger1"
PER_SECTION = 20_000
_DOMAIN = b"correspondent-desk/erasure/1\0"


class _Line(msgspec.Struct, frozen=True, array_like=True):
    version: Number
    digest: Key32
    is_root: bool
    signature: Annotated[bytes, msgspec.Meta(min_length=64, max_length=64)]


def sign(
    key: Ed25519PrivateKey, office: bytes, version: int, digest: bytes, *, is_root: bool = True
) -> Entry:
    """A new line of the office's ledger."""
    signature = key.sign(_said(office, version, digest, is_root=is_root))
    return Entry(version=version, digest=digest, is_root=is_root, signature=signature)


def is_genuine(entry: Entry, office: bytes, signing: bytes) -> bool:
    """Whether the hub of this key wrote the line for this office."""
    said = _said(office, entry.version, entry.digest, is_root=entry.is_root)
    try:
        Ed25519PublicKey.from_public_bytes(signing).verify(entry.signature, said)
    except InvalidSignature:
        return False
    return True


def pack(entries: Sequence[Entry]) -> list[bytes]:
    """The sections that carry these lines; none for none."""
    lines = [_Line(one.version, one.digest, one.is_root, one.signature) for one in entries]
    return [
        msgspec.msgpack.encode(lines[at : at + PER_SECTION])
        for at in range(0, len(lines), PER_SECTION)
    ]


def unpack(
    sections: Iterable[Callable[[], bytes]], office: bytes, signing: Collection[bytes]
) -> tuple[Entry, ...]:
    """The lines of a bundle, each signed by one of these keys.

    Raises BundleRejected: bad-structure, bad-signature.
    """
    found: list[Entry] = []
    for inflate in sections:
        try:
            lines = decoding.msgpack(list[_Line]).decode(inflate())
        except (ValueError, RecursionError) as error:
            raise BundleRejected(Reason.BAD_STRUCTURE, what=f"ledger: {error}") from error
        found += [
            Entry(version=v, digest=digest, is_root=is_root, signature=signature)
            for v, digest, is_root, signature in map(msgspec.structs.astuple, lines)
        ]
    if not all(any(is_genuine(one, office, key) for key in signing) for one in found):
        raise BundleRejected(Reason.BAD_SIGNATURE, what="erasure ledger")
    return tuple(found)


def _said(office: bytes, version: int, digest: bytes, *, is_root: bool) -> bytes:
    return _DOMAIN + office + version.to_bytes(8, "big") + bytes([is_root]) + digest
