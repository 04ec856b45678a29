"""What a bundle says about itself: the open preamble, the signed manifest, and what either may hold."""

import hashlib
import os
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Self

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from correspondent_desk import decoding
from correspondent_desk.store.erasure_wishes import MOST_ASKED, MOST_DECLINED, MOST_REASON
from correspondent_desk.sync.columns import Number
from correspondent_desk.sync.keys import Key32, Recipient
from correspondent_desk.sync.rejection import BundleRejected, Reason

# Like PNG's: catches a copy in text mode and a mail program that keeps seven bits.
MAGIC = b"\x89CDSB\r\n\x1a"
MAJOR, MINOR = 1, 0
FEATURES = frozenset({"mvr1", "snapshot1", "ledger1", "letters1", "refusal1"})
"""What this version understands and a bundle may require: mvr1, the merge rule of ops sections;
snapshot1, sections of kind snapshot in their place; ledger1, the erasure ledger; letters1, what other
desks signed, in a bundle from desk to desk; refusal1, that the hub does not let this desk in."""
DOMAIN = b"correspondent-desk/bundle/1\0"

MOST_PREAMBLE = 4096
MOST_RECIPIENTS = 255
MOST_MANIFEST = 4 << 20
MOST_SECTIONS = 20_000
MOST_SECTION = 32 << 20
MOST_RAW = 512 << 20
MOST_STORED = 256 << 20
MOST_ATTACHMENT = 100 << 20

MOST_TOTAL = 4 << 30

ATTACHMENT = "attachment"

Id = Annotated[bytes, msgspec.Meta(min_length=16, max_length=16)]
MOST_NAME = 200  # letters
Name = Annotated[str, msgspec.Meta(max_length=MOST_NAME)]
Milliseconds = Annotated[int, msgspec.Meta(ge=0, le=1 << 53)]

_INVITATION = b"CORRESPONDENT DESK INVITATION"  # sync.invitation.BEGIN
_FIXED = struct.Struct(">8sBBHI")
_OPEN = struct.Struct(">16sQB")
_CRC = struct.Struct(">I")
_FRAME = struct.Struct(">32s64sI")
FRAME_SIZE = _FRAME.size


@dataclass(frozen=True, slots=True, kw_only=True)
class Preamble:
    """The open beginning of the file, readable without a key and without a name in it.

    plain is the length of what age holds; recipients are key ids; raw is the preamble itself.
    """

    major: int
    minor: int
    bundle: bytes
    plain: int
    recipients: tuple[bytes, ...]
    raw: bytes

    @classmethod
    def make(cls, bundle: bytes, plain: int, recipients: Sequence[bytes]) -> Self:
        body = _OPEN.pack(bundle, plain, len(recipients)) + b"".join(recipients)
        head = _FIXED.pack(MAGIC, MAJOR, MINOR, 0, len(body) + _CRC.size) + body
        return cls(
            major=MAJOR,
            minor=MINOR,
            bundle=bundle,
            plain=plain,
            recipients=tuple(recipients),
            raw=head + _CRC.pack(zlib.crc32(head)),
        )


class Segment(msgspec.Struct, frozen=True, kw_only=True):
    """Which ops of one origin the bundle holds (first < seq <= to), and what stands at both ends.

    chain_first, chain_to: the first 16 bytes of SHA-256 over number, stamp and record of the ops
    first and to; empty where the writer has none. Equal numbers with another hash mean that two
    copies of one database went on writing. A segment without ops (first = to) only says this.
    """

    origin: Id
    first: Number
    to: Number
    chain_first: bytes = b""
    chain_to: bytes = b""


class SectionHead(msgspec.Struct, frozen=True, kw_only=True):
    """One section: digest is the SHA-256 of its stored bytes, raw their length once inflated."""

    kind: Annotated[str, msgspec.Meta(pattern=r"\A[a-z][a-z0-9-]{0,31}\Z")]
    stored: Number
    raw: Number
    digest: Key32
    codec: Annotated[str, msgspec.Meta(max_length=16)] = "zstd"


class Enrolment(msgspec.Struct, frozen=True, kw_only=True):
    """A desk's public keys in its first bundles, vouched for by the secret of its invitation."""

    invitation: Id
    desk: Name
    person: Name
    signing: Key32
    receiving: Recipient
    proof: Key32


class Welcome(msgspec.Struct, frozen=True, kw_only=True):
    """The hub's answer to an enrolment: the number of the desk within its office."""

    invitation: Id
    desk: Number
    office_code: Name


class Reached(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where the hub is reached over the network, as in an invitation."""

    url: Annotated[str, msgspec.Meta(max_length=500)]
    certificate: Annotated[bytes, msgspec.Meta(max_length=16 << 10)] = b""


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """The hub's answer to a desk that it does not let in. why: a word of rejection.Reason."""

    invitation: Id
    why: Name


class Declined(msgspec.Struct, frozen=True, array_like=True):
    """An erasure that an operator declined. at: when, milliseconds. reason: what the office is told."""

    digest: Key32
    at: Milliseconds
    reason: Annotated[str, msgspec.Meta(max_length=MOST_REASON)] = ""


class Header(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the writer of a bundle says about itself and about what it has.

    origin is the identity of the sender's database, incarnation a number that grows when it gets
    a new one (a restore), number counts its bundles for these recipients and previous is the one
    before (0: none). vector: for each origin, up to where the sender has everything. erasure: the
    version of the erasure ledger that the sender has carried out. erase: roots that the desk asks the
    hub to erase for good, until the ledger names them; erase_anew: those of them that the hub declined,
    when it did, and that are asked for once more. declined: what the hub's operators declined of
    what the office still asks for. catalogue: version of the published catalogue
    that a desk has. reached: where the hub is on a network, if it is. created is for people only.
    """

    bundle: Id = msgspec.field(default_factory=lambda: os.urandom(16))
    sender_name: Name = ""
    office: Id
    origin: Id
    incarnation: Number = 0
    number: Number
    previous: Number = 0
    created: Milliseconds
    vector: dict[Id, Number] = msgspec.field(default_factory=dict)
    segments: list[Segment] = msgspec.field(default_factory=list)
    schema: Number = 0
    requires: list[Name] = msgspec.field(default_factory=list)
    next_recipient: Recipient | None = None
    erasure: Number = 0
    erase: Annotated[list[Id], msgspec.Meta(max_length=MOST_ASKED)] = []
    erase_anew: Annotated[dict[Id, Milliseconds], msgspec.Meta(max_length=MOST_ASKED)] = {}
    declined: Annotated[list[Declined], msgspec.Meta(max_length=MOST_DECLINED)] = []
    catalogue: Number = 0
    enrolment: Enrolment | None = None
    welcome: Welcome | None = None
    refusal: Refusal | None = None
    reached: Reached | None = None


class Manifest(Header, frozen=True, kw_only=True, omit_defaults=True):
    """What the sender signed: its header, itself, for whom, and the sections that follow."""

    sender: Key32
    recipients: Annotated[list[Recipient], msgspec.Meta(min_length=1, max_length=MOST_RECIPIENTS)]
    sections: list[SectionHead] = msgspec.field(default_factory=list)


def read_preamble(start: bytes) -> Preamble:
    """The preamble at the start of a file, of which start holds MOST_PREAMBLE bytes if it can.

    Raises BundleRejected: not-a-bundle, an-invitation, truncated, damaged, too-large, needs-update or too-old.
    """
    if not start.startswith(MAGIC):
        if _INVITATION in start:
            raise BundleRejected(Reason.AN_INVITATION)
        cut = MAGIC.startswith(start)
        raise BundleRejected(Reason.TRUNCATED if cut else Reason.NOT_A_BUNDLE)
    if len(start) < _FIXED.size:
        raise BundleRejected(Reason.TRUNCATED)
    _, major, minor, _flags, length = _FIXED.unpack_from(start)
    if major != MAJOR:
        raise BundleRejected(Reason.NEEDS_UPDATE if major > MAJOR else Reason.TOO_OLD, major=major)
    end = _FIXED.size + length
    if end > MOST_PREAMBLE:
        raise BundleRejected(Reason.TOO_LARGE, what="preamble")
    if len(start) < end:
        raise BundleRejected(Reason.TRUNCATED)
    raw = start[:end]
    if length < _OPEN.size + _CRC.size or zlib.crc32(raw[:-4]) != _CRC.unpack(raw[-4:])[0]:
        raise BundleRejected(Reason.DAMAGED, what="preamble")
    bundle, plain, count = _OPEN.unpack_from(raw, _FIXED.size)
    ids = raw[_FIXED.size + _OPEN.size : -4]
    if len(ids) != 8 * count:
        raise BundleRejected(Reason.BAD_STRUCTURE, what="key ids")
    if plain > MOST_TOTAL:
        raise BundleRejected(Reason.TOO_LARGE, what="bundle")
    return Preamble(
        major=major,
        minor=minor,
        bundle=bundle,
        plain=plain,
        recipients=tuple(ids[at : at + 8] for at in range(0, len(ids), 8)),
        raw=raw,
    )


def encode(manifest: Manifest) -> bytes:
    return msgspec.msgpack.encode(manifest)


def plain_size(manifest: Manifest, encoded: bytes) -> int:
    """The length of all that age holds: frame, manifest, sections."""
    return FRAME_SIZE + len(encoded) + sum(section.stored for section in manifest.sections)


def sign(encoded: bytes, preamble: Preamble, key: Ed25519PrivateKey) -> bytes:
    """The frame before the manifest: who signs, the signature, and the manifest's length."""
    sender = key.public_key().public_bytes_raw()
    return _FRAME.pack(sender, key.sign(_signed(preamble, encoded)), len(encoded))


def open_frame(frame: bytes) -> tuple[bytes, bytes, int]:
    """Sender, signature and length of the manifest. Raises BundleRejected: too-large."""
    sender, signature, length = _FRAME.unpack(frame)
    if length > MOST_MANIFEST:
        raise BundleRejected(Reason.TOO_LARGE, what="manifest")
    return sender, signature, length


def open_manifest(encoded: bytes, sender: bytes, signature: bytes, preamble: Preamble) -> Manifest:
    """The manifest, once its signature is right; nothing in it is parsed before.

    Raises BundleRejected: bad-signature, bad-structure, needs-update, too-large.
    """
    try:
        Ed25519PublicKey.from_public_bytes(sender).verify(signature, _signed(preamble, encoded))
    except InvalidSignature as error:
        raise BundleRejected(Reason.BAD_SIGNATURE) from error
    try:
        manifest = decoding.msgpack(Manifest).decode(encoded)
    except (ValueError, RecursionError) as error:
        raise BundleRejected(Reason.BAD_STRUCTURE, what=f"manifest: {error}") from error
    if manifest.sender != sender:
        raise BundleRejected(Reason.BAD_SIGNATURE, what="signed by another than the sender")
    if manifest.bundle != preamble.bundle or plain_size(manifest, encoded) != preamble.plain:
        raise BundleRejected(Reason.BAD_STRUCTURE, what="preamble")
    return manifest


def require_understood(manifest: Manifest) -> None:
    """Raises BundleRejected, needs-update, if applying without a feature we lack would be wrong."""
    missing = sorted(set(manifest.requires) - FEATURES)
    codecs = sorted({section.codec for section in manifest.sections} - {"zstd", "none"})
    if missing or codecs:
        raise BundleRejected(Reason.NEEDS_UPDATE, features=missing + codecs)


def require_sections(sections: Sequence[SectionHead]) -> None:
    """Raises BundleRejected: too-large or bad-structure."""
    if len(sections) > MOST_SECTIONS:
        raise BundleRejected(Reason.TOO_LARGE, what="number of sections")
    if len({(section.kind, section.digest) for section in sections}) != len(sections):
        raise BundleRejected(Reason.BAD_STRUCTURE, what="a section twice")
    files = [section for section in sections if section.kind == ATTACHMENT]
    others = [section for section in sections if section.kind != ATTACHMENT]
    for section in sections:
        most = MOST_ATTACHMENT if section.kind == ATTACHMENT else MOST_SECTION
        if max(section.raw, section.stored) > most:
            raise BundleRejected(Reason.TOO_LARGE, what=section.kind)
        if section.codec == "none" and section.raw != section.stored:
            raise BundleRejected(Reason.BAD_STRUCTURE, what="lengths")
    if any(section.codec != "none" for section in files):
        raise BundleRejected(Reason.BAD_STRUCTURE, what="a compressed attachment")
    if (
        sum(section.raw for section in others) > MOST_RAW
        or sum(section.stored for section in others) > MOST_STORED
        or sum(section.stored for section in sections) > MOST_TOTAL
    ):
        raise BundleRejected(Reason.TOO_LARGE, what="all sections together")


def _signed(preamble: Preamble, encoded: bytes) -> bytes:
    return DOMAIN + hashlib.sha256(preamble.raw).digest() + encoded
