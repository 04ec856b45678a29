"""The invitation a hub gives a new desk, and how the desk's first bundle is vouched for by it.

An invitation is a text file (`.cdinvite`) that survives e-mail: capital letters and the digits 2 to
7 between two marker lines; whatever else a mail program adds (quotes, spaces, other line ends) is
skipped. It carries a secret: who has it can enrol one desk, once, within seven days.
"""

import base64
import binascii
import codecs
import hashlib
import hmac
import os
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Self

import msgspec

from correspondent_desk import decoding
from correspondent_desk.sync.keys import PublicKeys
from correspondent_desk.sync.manifest import Enrolment, Header, Id, Manifest, Name
from correspondent_desk.sync.opening import Trust
from correspondent_desk.sync.rejection import (
    BundleRejected,
    InvitationFault,
    InvitationRejected,
    Reason,
)

SUFFIX = ".cdinvite"
LASTS = timedelta(days=7)
BEGIN = "-----BEGIN CORRESPONDENT DESK INVITATION-----"
END = "-----END CORRESPONDENT DESK INVITATION-----"

_VERSION = 1
_CHECKSUM = 8
_LINE = 60
_MOST_BYTES = 64 << 10
_DOMAIN = b"correspondent-desk/enrolment/1\0"
_NAME = "CORRESPONDENTDESKINVITATION"
_BETWEEN = re.compile(f"BEGIN{_NAME}(.*?)END{_NAME}")


class Invitation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a desk must know to enrol: the hub, the office, and the secret that vouches for it.

    url: where the hub is reached over the network, if it is. certificate: DER of the only authority
    to believe there; nothing if any that the computer believes will do. root: the key that signs the
    hub's directory, nothing for a hub without one.
    """

    invitation: Id
    secret: Id
    hub_name: Name
    hub: PublicKeys
    office: Id
    office_name: Name
    office_code: Name
    expires: Annotated[datetime, msgspec.Meta(tz=True)]
    url: Annotated[str, msgspec.Meta(max_length=500)] = ""
    certificate: Annotated[bytes, msgspec.Meta(max_length=16 << 10)] = b""
    root: Annotated[bytes, msgspec.Meta(max_length=32)] = b""

    def __repr__(self) -> str:
        return f"Invitation({self.invitation.hex()}, {self.office_code}, {self.expires})"

    @classmethod
    def make(
        cls,
        hub_name: str,
        hub: PublicKeys,
        *,
        office: bytes,
        office_name: str,
        office_code: str,
        now: datetime,
    ) -> Self:
        """A new invitation with its own secret; now is aware."""
        return cls(
            invitation=os.urandom(16),
            secret=os.urandom(16),
            hub_name=hub_name,
            hub=hub,
            office=office,
            office_name=office_name,
            office_code=office_code,
            expires=(now + LASTS).astimezone(UTC).replace(microsecond=0),
        )

    def reaching(self, url: str, certificate: bytes) -> Self:
        """This invitation, telling where the hub is reached over the network."""
        return msgspec.structs.replace(self, url=url, certificate=certificate)

    def enrolment(self, header: Header, *, desk: str, person: str, keys: PublicKeys) -> Enrolment:
        """The struct that makes the bundle with this header an enrolment: put it into the header."""
        unproved = Enrolment(
            invitation=self.invitation,
            desk=desk,
            person=person,
            signing=keys.signing,
            receiving=keys.receiving,
            proof=bytes(32),
        )
        proof = _proof(self.secret, header, unproved)
        return msgspec.structs.replace(unproved, proof=proof)


def to_text(invitation: Invitation) -> str:
    """The invitation as it is written in its file, in ASCII."""
    body = bytes([_VERSION]) + msgspec.msgpack.encode(invitation)
    letters = base64.b32encode(body + checksum(body)).decode().rstrip("=")
    lines = [letters[at : at + _LINE] for at in range(0, len(letters), _LINE)]
    return "\n".join([BEGIN, *lines, END, ""])


def from_text(text: str, now: datetime) -> Invitation:
    """The invitation in text, wherever in it. Raises InvitationRejected."""
    letters = re.sub(r"[^A-Z2-7]", "", text.upper())
    between = _BETWEEN.search(letters)
    if between is None:
        cut = _NAME in letters
        raise InvitationRejected(
            InvitationFault.DAMAGED if cut else InvitationFault.NOT_AN_INVITATION
        )
    letters = between[1]
    try:
        raw = base64.b32decode(letters + "=" * (-len(letters) % 8))
    except binascii.Error as error:
        raise InvitationRejected(InvitationFault.DAMAGED) from error
    body, end = raw[:-_CHECKSUM], raw[-_CHECKSUM:]
    if not body or checksum(body) != end:
        raise InvitationRejected(InvitationFault.DAMAGED)
    if body[0] > _VERSION:
        raise InvitationRejected(InvitationFault.NEEDS_UPDATE)
    try:
        invitation = decoding.msgpack(Invitation).decode(body[1:])
    except (ValueError, RecursionError) as error:
        raise InvitationRejected(InvitationFault.DAMAGED) from error
    if now >= invitation.expires:
        raise InvitationRejected(InvitationFault.EXPIRED, expires=invitation.expires)
    return invitation


def read(path: Path, now: datetime) -> Invitation:
    """The invitation in the file at path, also as a text editor or mail program may save it again.

    Raises InvitationRejected.
    """
    try:
        if path.exists() and not path.is_file():  # a pipe would be waited for
            raise InvitationRejected(InvitationFault.UNREADABLE, path=path)
        with path.open("rb") as file:
            raw = file.read(_MOST_BYTES + 1)
    except FileNotFoundError as error:
        raise InvitationRejected(InvitationFault.MISSING, path=path) from error
    except OSError as error:
        raise InvitationRejected(InvitationFault.UNREADABLE, path=path) from error
    if len(raw) > _MOST_BYTES:
        raise InvitationRejected(InvitationFault.NOT_AN_INVITATION)
    wide = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return from_text(raw.decode("utf-16" if wide else "latin-1", errors="replace"), now)


def require_proof(manifest: Manifest, secret: bytes) -> Enrolment:
    """The enrolment in manifest, vouched for by the invitation's secret.

    Raises BundleRejected, bad-proof, if it is not, or if the bundle is not signed by the very key
    that is to be enrolled.
    """
    enrolment = manifest.enrolment
    if enrolment is None or enrolment.signing != manifest.sender:
        raise BundleRejected(Reason.BAD_PROOF)
    if not hmac.compare_digest(_proof(secret, manifest, enrolment), enrolment.proof):
        raise BundleRejected(Reason.BAD_PROOF)
    return enrolment


def known_or_invited(
    is_known: Callable[[bytes], bool], secret_of: Callable[[Enrolment], bytes]
) -> Trust:
    """Trust of a hub: for senders it knows, and for newcomers with an invitation.

    is_known takes a signing key and may raise BundleRejected, revoked. secret_of gives the secret
    of an enrolment's invitation or raises BundleRejected: unknown, used by another key, expired.
    """

    def trust(manifest: Manifest) -> None:
        if is_known(manifest.sender):
            return
        if manifest.enrolment is None:
            raise BundleRejected(Reason.UNKNOWN_SENDER)
        require_proof(manifest, secret_of(manifest.enrolment))

    return trust


def _proof(secret: bytes, header: Header, enrolment: Enrolment) -> bytes:
    """HMAC-SHA256 over the enrolment and over which bundle, office and database it stands in."""
    said = [
        header.bundle,
        header.office,
        header.origin,
        header.number,
        enrolment.invitation,
        enrolment.desk,
        enrolment.person,
        enrolment.signing,
        enrolment.receiving,
    ]
    return hmac.digest(secret, _DOMAIN + msgspec.msgpack.encode(said), "sha256")


def checksum(body: bytes) -> bytes:
    """Tells a slip of the hand or of a mail program, not an attack: the secret does that."""
    return hashlib.sha256(body).digest()[:_CHECKSUM]
