"""The desks of an office as their hub vouches for them: who may sign for it, and where each receives.

By it two desks exchange without the hub: each believes the other for as long as the newest list it
has met says so. The hub signs it with a key of its directory, so it may come by any way, a colleague's
stick among them. Versions never decrease.
"""

from collections.abc import Collection
from typing import Annotated

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from correspondent_desk import decoding
from correspondent_desk.sync import directory
from correspondent_desk.sync.columns import Number
from correspondent_desk.sync.keys import Key32, Recipient
from correspondent_desk.sync.link import Link
from correspondent_desk.sync.manifest import Id, Name
from correspondent_desk.sync.rejection import BundleRejected, Reason

_DOMAIN = b"correspondent-desk/roster/1\0"
_SIGNATURE = 64
MOST_NAME = 200
_MOST_FORGOTTEN = 4
_MOST_DESKS, _MOST_ORIGINS = 1000, 10_000


class Colleague(msgspec.Struct, frozen=True, kw_only=True):
    """A desk of the office. number: within it. origins: its incarnations, as far as the hub knows.

    revoked: it is trusted no more; what it signs is refused, whatever its date.
    """

    number: Number
    name: Name
    person: Name
    signing: Key32
    receiving: Recipient
    revoked: bool = False
    origins: Annotated[list[Id], msgspec.Meta(max_length=_MOST_ORIGINS)] = []


class Roster(msgspec.Struct, frozen=True, kw_only=True):
    """All desks of an office. made: milliseconds since 1970, by the hub's clock.

    origin: under which the hub itself writes for this office.
    """

    office: Id
    origin: Id
    version: Number
    made: Number
    desks: Annotated[list[Colleague], msgspec.Meta(max_length=_MOST_DESKS)]

    def desk(self, signing: bytes) -> Colleague | None:
        """The desk that signs with this key."""
        return next((one for one in self.desks if one.signing == signing), None)

    def owner(self, origin: bytes) -> Colleague | None:
        """The desk that wrote under this origin, if the hub knew of it."""
        return next((one for one in self.desks if origin in one.origins), None)


def sign(hub: Ed25519PrivateKey, roster: Roster) -> bytes:
    """The list as it travels: the signer's key, its signature, then the text."""
    text = msgspec.msgpack.encode(roster)
    return hub.public_key().public_bytes_raw() + hub.sign(_DOMAIN + text) + text


def read(signed: bytes, office: bytes, believed: Collection[bytes]) -> Roster:
    """A list that came, if one of these keys signed it for this office. Raises BundleRejected."""
    signer, signature = signed[:32], signed[32 : 32 + _SIGNATURE]
    text = signed[32 + _SIGNATURE :]
    if signer not in believed:
        raise BundleRejected(Reason.BAD_SIGNATURE, what="list of desks")
    try:
        Ed25519PublicKey.from_public_bytes(signer).verify(signature, _DOMAIN + text)
    except (InvalidSignature, ValueError) as error:
        raise BundleRejected(Reason.BAD_SIGNATURE, what="list of desks") from error
    try:
        found = decoding.msgpack(Roster).decode(text)
    except (ValueError, RecursionError) as error:
        raise BundleRejected(Reason.BAD_STRUCTURE, what=f"list of desks: {error}") from error
    if found.office != office:
        raise BundleRejected(Reason.WRONG_OFFICE)
    return found


def known(link: Link) -> Roster | None:
    """The newest list that this desk has met; None: none came yet, or its signer is believed no more."""
    if not link.roster:
        return None
    try:
        return read(link.roster, link.office, believed(link))
    except BundleRejected:
        return None


def heard(link: Link, came: bytes, *, is_last: bool = False) -> Link:
    """The link with the newest list; is_last: this one is in what the hub said last.

    Nobody is trusted again once they were revoked. A hub that does was put back from a copy: what it
    signed about them is kept until it says so again, for it to hear. Raises BundleRejected for a list
    that is not to be believed.
    """
    found = read(came, link.office, believed(link))
    here = found if came == link.roster else known(link)
    kept, forgotten = _newer(link, came, found, here), link.forgotten
    if is_last or kept == came:
        gone = _revoked(found)
        if here is not None and link.roster not in forgotten:
            forgotten = [*forgotten, link.roster][-_MOST_FORGOTTEN:]
        forgotten = [one for one in forgotten if not _revoked_in(link, one) <= gone]
    told = link.told_forgotten if forgotten == link.forgotten else 0
    return msgspec.structs.replace(link, roster=kept, forgotten=forgotten, told_forgotten=told)


def _newer(link: Link, came: bytes, found: Roster, here: Roster | None) -> bytes:
    """Which list to keep: the one that came and says found, or the link's, which says here."""
    if here is None or found.version > here.version:
        return came
    if found.version == here.version and came != link.roster:
        raise BundleRejected(Reason.BAD_SIGNATURE, what="another list of one version")
    return link.roster


def _revoked(found: Roster) -> frozenset[bytes]:
    return frozenset(one.signing for one in found.desks if one.revoked)


def _revoked_in(link: Link, signed: bytes) -> frozenset[bytes]:
    """By a list that was kept; nobody if its signer is believed no more."""
    try:
        return _revoked(read(signed, link.office, believed(link)))
    except BundleRejected:
        return frozenset()


def believed(link: Link) -> frozenset[bytes]:
    """The keys that sign for the hub: those of its directory, or the invitation's if it has none."""
    if not link.directory:
        return frozenset({link.hub.signing})
    return frozenset(directory.read(link.directory, link.root).signing)


def trusted(link: Link) -> dict[bytes, Colleague]:
    """The desks that this one believes, itself among them, by their signing keys."""
    found = known(link)
    if found is None:
        return {}
    revoked = set(directory.read(link.directory, link.root).revoked if link.directory else ())
    revoked.update(*(_revoked_in(link, one) for one in link.forgotten))
    return {
        one.signing: one for one in found.desks if not one.revoked and one.signing not in revoked
    }
