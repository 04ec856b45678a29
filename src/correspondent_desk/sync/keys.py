"""Keys of a desk and of a hub: Ed25519 to sign, X25519 (age) to receive.

Receiving keys rotate: the newest one is announced in every bundle, older ones still open what was
written to them, and 120 days after being replaced they are destroyed, so that lost sticks and old
mails become unreadable for everybody. What remains of a destroyed key is its id, by which a bundle
that comes too late is told apart from one meant for somebody else.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cached_property
from itertools import accumulate
from typing import Annotated, Self

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pyrage import RecipientError, x25519

from correspondent_desk import decoding

ROTATES_AFTER = timedelta(days=30)
KEPT_AFTER_ROTATION = timedelta(days=120)
RECIPIENT = r"\Aage1[02-9ac-hj-np-z]{58}\Z"
_FINGERPRINT_GROUPS = 6

Key32 = Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]
Recipient = Annotated[str, msgspec.Meta(pattern=RECIPIENT)]


class PublicKeys(msgspec.Struct, frozen=True):
    """What others need: signing checks a desk's bundles, receiving (age1...) addresses one to it."""

    signing: Key32
    receiving: Recipient


class ReceivingKey(msgspec.Struct, frozen=True, dict=True):
    """An age identity (AGE-SECRET-KEY-1...) and since when it is in use."""

    secret: str
    made: datetime

    def __repr__(self) -> str:
        return f"ReceivingKey({self.recipient})"

    @cached_property
    def identity(self) -> x25519.Identity:
        return x25519.Identity.from_str(self.secret)

    @cached_property
    def recipient(self) -> str:
        return str(self.identity.to_public())


class Keys(msgspec.Struct, frozen=True, tag_field="party", dict=True):
    """All private keys of one party. receiving: newest first, never empty. retired: key ids."""

    signing_seed: Key32
    receiving: Annotated[list[ReceivingKey], msgspec.Meta(min_length=1)]
    retired: list[bytes] = msgspec.field(default_factory=list)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({fingerprint(self.public.signing)})"

    @classmethod
    def generate(cls, now: datetime) -> Self:
        """New keys; now is aware."""
        seed = Ed25519PrivateKey.generate().private_bytes_raw()
        return cls(signing_seed=seed, receiving=[_receiving_key(now)])

    @classmethod
    def from_bytes(cls, stored: bytes) -> Self:
        """Keys as to_bytes gave them, from an encrypted place. Raises ValueError for anything else."""
        return decoding.msgpack(cls).decode(stored)

    def to_bytes(self) -> bytes:
        """For the encrypted store only: whoever reads this is this party."""
        return msgspec.msgpack.encode(self)

    @cached_property
    def signing(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.signing_seed)

    @cached_property
    def public(self) -> PublicKeys:
        signing = self.signing.public_key().public_bytes_raw()
        return PublicKeys(signing, self.receiving[0].recipient)

    def rotated(self, now: datetime) -> Self:
        """These keys with a new receiving key if it is time, and without those to be destroyed.

        Equal to self when nothing is due. A clock once wrong neither stops the rotation nor keeps
        a key for ever.
        """
        receiving = self.receiving
        if abs(now - receiving[0].made) >= ROTATES_AFTER:
            receiving = [_receiving_key(now), *receiving]
        replaced = accumulate((key.made for key in receiving), min)
        old = {
            key
            for key, when in zip(receiving[1:], replaced, strict=False)
            if now - when >= KEPT_AFTER_ROTATION
        }
        return msgspec.structs.replace(
            self,
            receiving=[key for key in receiving if key not in old],
            retired=[*self.retired, *(key_id(key.recipient) for key in receiving if key in old)],
        )


class DeskKeys(Keys, frozen=True, tag="desk"):
    """The keys of one desk, made on it; they leave it only inside its encrypted store."""


class HubKeys(Keys, frozen=True, tag="hub"):
    """The online keys of a hub. earlier: signing keys that it used before and still vouches for.

    lost: those it used before and vouches for no more.
    """

    earlier: list[Key32] = msgspec.field(default_factory=list)
    lost: list[Key32] = msgspec.field(default_factory=list)

    def with_new_signing(self, *, is_lost: bool) -> Self:
        """These keys with a new signing key. is_lost: nothing signed by those before is believed."""
        before = [self.public.signing, *self.earlier]
        return msgspec.structs.replace(
            self,
            signing_seed=Ed25519PrivateKey.generate().private_bytes_raw(),
            earlier=[] if is_lost else before,
            lost=[*self.lost, *before] if is_lost else self.lost,
        )


def key_id(recipient: str) -> bytes:
    """Eight bytes by which a preamble names a receiving key without giving it away."""
    return hashlib.sha256(recipient.encode()).digest()[:8]


def is_recipient(text: str) -> bool:
    """Whether a bundle can be addressed to text (age1..., its checksum included)."""
    try:
        x25519.Recipient.from_str(text)
    except RecipientError:
        return False
    return True


def recipients(texts: Iterable[str]) -> list[x25519.Recipient]:
    return [x25519.Recipient.from_str(text) for text in texts]


def fingerprint(signing: bytes) -> str:
    """Six groups of five digits (99 bits of SHA-256) for two people to compare aloud."""
    number = int.from_bytes(hashlib.sha256(b"correspondent-desk/key/1\0" + signing).digest())
    digits = f"{number % 10 ** (5 * _FINGERPRINT_GROUPS):0{5 * _FINGERPRINT_GROUPS}d}"
    return " ".join(digits[at : at + 5] for at in range(0, len(digits), 5))


def _receiving_key(now: datetime) -> ReceivingKey:
    return ReceivingKey(str(x25519.Identity.generate()), now)
