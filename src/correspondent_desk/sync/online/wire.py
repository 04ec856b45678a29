"""What desk and hub say to each other over HTTPS, described once for both ends.

Every request but two is signed with the desk's key over a nonce that the hub gave, the method, the
path, what of the headers matters, and the hash of the body: no clock is asked, no secret travels, and
no request can be sent twice.
"""

import base64
import binascii
import hashlib
import hmac
from enum import StrEnum
from typing import Annotated

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from correspondent_desk import decoding
from correspondent_desk.sync.columns import Number
from correspondent_desk.sync.keys import Key32, PublicKeys, Recipient
from correspondent_desk.sync.manifest import Id, Name

PROTOCOL = 1
OLDEST = 1
MOST_PART = 1 << 20
MOST_AT_ONCE = 64 << 10
"""A bundle no longer than this is sent by one request: cut, it is sent again."""
MOST_UPLOAD = 256 << 20
MOST_BODY = 16 << 10
MOST_HAVE = 8192
MOST_ORIGINS = 10_000

NONCE = "Desk-Nonce"
DIGEST = "Content-Digest"
OFFSET = "Upload-Offset"
LENGTH = "Upload-Length"
SCHEME = "Desk"

PART_TYPE = "application/offset+octet-stream"
BUNDLE_TYPE = "application/octet-stream"

_REQUEST = b"correspondent-desk/request/1\0"
_ENROL = b"correspondent-desk/enrol-online/1\0"
_DIRECTORY = b"correspondent-desk/hub-online/1\0"

Length = Annotated[int, msgspec.Meta(ge=1, le=MOST_UPLOAD)]
Hex16 = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{32}$")]


class Code(StrEnum):
    """Why the hub says no; stable."""

    NOT_SIGNED = "not-signed"
    BAD_SIGNATURE = "bad-signature"
    BAD_NONCE = "bad-nonce"
    UNKNOWN_DESK = "unknown-desk"
    REVOKED = "revoked"
    BAD_REQUEST = "bad-request"
    NOT_FOUND = "not-found"
    WRONG_METHOD = "wrong-method"
    WRONG_OFFSET = "wrong-offset"
    WRONG_STATE = "wrong-state"
    WRONG_DIGEST = "wrong-digest"
    WRONG_RANGE = "wrong-range"
    TOO_LARGE = "too-large"
    TOO_SLOW = "too-slow"
    TOO_EARLY = "too-early"
    BUSY = "busy"
    FULL = "full"
    NOT_SECURE = "not-secure"
    FAILED = "failed"
    INVITATION_UNKNOWN = "invitation-unknown"
    INVITATION_USED = "invitation-used"
    INVITATION_EXPIRED = "invitation-expired"
    INVITATION_WITHDRAWN = "invitation-withdrawn"
    BAD_PROOF = "bad-proof"


class State(StrEnum):
    """Where an upload stands: parts may come, all came and is being taken in, done."""

    OPEN = "open"
    COMMITTED = "committed"
    DONE = "done"


class Fate(StrEnum):
    """What became of an upload; nothing as long as it is not done."""

    NONE = ""
    NEW = "new"
    NOTHING_NEW = "nothing-new"
    DUPLICATE = "duplicate"
    WAITING = "waiting"
    REFUSED = "refused"


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """The body of every answer that is a no."""

    code: Code


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """That the hub works. time: its clock in milliseconds since 1970, for people only."""

    protocol: int
    oldest: int
    program: str
    time: int


class Directory(msgspec.Struct, frozen=True, kw_only=True):
    """Who the hub is and where it receives, signed together with what the asker chose.

    Not signed by this: at_once, up to which length it takes a bundle by one request; vouched, the root
    key and what it signed (sync.directory) if the asker knows an earlier one or none.
    """

    protocol: int
    oldest: int
    hub_name: Name
    signing: Key32
    receiving: Recipient
    signature: Annotated[bytes, msgspec.Meta(min_length=64, max_length=64)]
    at_once: int = 0
    vouched: bytes = b""


class EnrolAsk(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A newcomer's public keys, vouched for by the secret of its invitation."""

    invitation: Id
    desk: Name
    person: Name
    signing: Key32
    receiving: Recipient
    proof: Key32


class Enrolled(msgspec.Struct, frozen=True, kw_only=True):
    """The hub knows the desk now. desk: its number in the office."""

    desk: int
    office: Id
    office_code: Name
    office_name: Name


class UploadAsk(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A bundle is to be sent. The same length and hash again go on with what was begun."""

    length: Length
    sha256: Key32


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    """How far an upload has come."""

    id: Hex16
    offset: int
    length: Length
    state: State


class Import(msgspec.Struct, frozen=True, kw_only=True):
    """What became of an upload, or of a bundle that was sent at once. operations: those the hub did not have. code: why it was refused."""

    id: Hex16
    state: State
    fate: Fate = Fate.NONE
    operations: int = 0
    code: str = ""


# --- signatures -----------------------------------------------------------------------------------


class Signed(msgspec.Struct, frozen=True):
    """What stands in the Authorization header."""

    key: bytes
    nonce: str
    signature: bytes


def digest_of(body: bytes) -> str:
    """The Content-Digest of a body, as RFC 9530 writes it."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def authorization(
    key: Ed25519PrivateKey, nonce: str, method: str, target: str, *, digest: str, offset: str = ""
) -> str:
    """The Authorization header of a request; target: path and query from /v1 on, as sent."""
    signature = key.sign(_request(nonce, method, target, digest, offset))
    words = [
        f"key={text(key.public_key().public_bytes_raw())}",
        f"nonce={nonce}",
        f"signature={text(signature)}",
    ]
    return f"{SCHEME} {', '.join(words)}"


def signed(header: str) -> Signed | None:
    """What an Authorization header says; None if it is not one of ours."""
    scheme, _, rest = header.partition(" ")
    told = dict(word.strip().partition("=")[::2] for word in rest.split(","))
    if scheme != SCHEME or set(told) != {"key", "nonce", "signature"}:
        return None
    key, signature = raw(told["key"]), raw(told["signature"])
    if len(key) != 32 or len(signature) != 64:  # noqa: PLR2004 - Ed25519
        return None
    return Signed(key, told["nonce"], signature)


def is_signed(found: Signed, method: str, target: str, *, digest: str, offset: str = "") -> bool:
    """Whether the one whose key it names has signed this request."""
    try:
        Ed25519PublicKey.from_public_bytes(found.key).verify(
            found.signature, _request(found.nonce, method, target, digest, offset)
        )
    except InvalidSignature:
        return False
    return True


def enrolment_proof(secret: bytes, nonce: str, office: bytes, asked: EnrolAsk) -> bytes:
    """HMAC-SHA256 under the invitation's secret over the request it vouches for, proof excepted."""
    said = [
        nonce,
        office,
        asked.invitation,
        asked.desk,
        asked.person,
        asked.signing,
        asked.receiving,
    ]
    return hmac.digest(secret, _ENROL + msgspec.msgpack.encode(said), "sha256")


def directory(
    key: Ed25519PrivateKey,
    public: PublicKeys,
    hub_name: str,
    chosen: str,
    *,
    vouched: bytes = b"",
) -> Directory:
    """What a hub says of itself to somebody who chose these letters just now."""
    unsigned = Directory(
        protocol=PROTOCOL,
        oldest=OLDEST,
        hub_name=hub_name,
        signing=public.signing,
        receiving=public.receiving,
        signature=bytes(64),
        at_once=MOST_AT_ONCE,
        vouched=vouched,
    )
    signature = key.sign(_directory(unsigned, chosen))
    return msgspec.structs.replace(unsigned, signature=signature)


def is_proven(found: Directory, chosen: str) -> bool:
    """Whether the one whose signing key it names said so, just now; who that is, is another question."""
    try:
        Ed25519PublicKey.from_public_bytes(found.signing).verify(
            found.signature, _directory(found, chosen)
        )
    except (InvalidSignature, ValueError):
        return False
    return True


# --- texts ----------------------------------------------------------------------------------------


def text(content: bytes) -> str:
    """Bytes in an address or a header: base64 for addresses, without padding."""
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def raw(letters: str) -> bytes:
    """What text gave; nothing for anything else."""
    try:
        return base64.b64decode(letters + "=" * (-len(letters) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""


def have_text(vector: dict[bytes, int]) -> str:
    """How far a desk has seen each origin, for the address; nothing if that would be too long."""
    told = text(msgspec.msgpack.encode(dict(sorted(vector.items()))))
    return told if len(told) <= MOST_HAVE else ""


def have(letters: str) -> dict[bytes, int] | None:
    """What have_text gave; None for anything else."""
    try:
        found = decoding.msgpack(dict[Id, Number]).decode(raw(letters))
    except (ValueError, RecursionError):
        return None
    return found if len(found) <= MOST_ORIGINS else None


def _request(nonce: str, method: str, target: str, digest: str, offset: str) -> bytes:
    return _REQUEST + f"{nonce}\n{method}\n{target}\n{digest}\n{offset}".encode()


def _directory(found: Directory, chosen: str) -> bytes:
    said = [
        chosen,
        found.protocol,
        found.oldest,
        found.hub_name,
        found.signing,
        found.receiving,
    ]
    return _DIRECTORY + msgspec.msgpack.encode(said)
