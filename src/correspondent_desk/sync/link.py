"""What a desk knows of its hub, kept in its encrypted settings."""

from datetime import datetime

import msgspec

from correspondent_desk.domain.delivery import Receipt, Vector
from correspondent_desk.errors import DeskError
from correspondent_desk.store import history
from correspondent_desk.store.session import Session
from correspondent_desk.sync.keys import DeskKeys, PublicKeys

_KEYS = "exchange.keys"


class NotEnrolled(DeskError):
    """This desk has not been enrolled at a hub yet."""

    code = "not-enrolled"


class AlreadyEnrolled(DeskError):
    """This desk exchanges with a hub already, or waits for its answer (reason: waiting).

    details: hub, office.
    """

    code = "already-enrolled"


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """The hub this desk exchanges with, and what is known of it.

    secret: of the invitation, until the hub has answered; expires: when it does. desk: the number
    of this desk in its office, 0 until then. hub_*: incarnation, number and vector of the newest bundle of the hub,
    and when it was made, in milliseconds by the hub's clock; 0: not known.
    sent_at, received_at: milliseconds since 1970, 0 for never. owes_answer: the hub does not know
    that what it sent has arrived. last_told, told_erasure, told_catalogue: the vector and the versions
    of the erasure ledger and of the catalogue in the last bundle for the hub.
    url: where the hub is reached over the network, nothing if it is not; certificate: DER of the only
    authority to believe there, nothing for those that this computer believes. root: the key that
    signs the hub's directory; directory: the newest that came, signed; both may be nothing.
    is_behind: the hub took this desk to have what it has not, as of its last bundle.
    roster: the newest list of the office's desks that came, signed by the hub; may be nothing.
    forgotten: earlier ones that name as revoked whom the hub, put back from a copy, trusts again, and how
    many of them the hub was told.
    uninvited: why the hub takes nothing with this invitation or of this desk, a word of
    rejection.Reason; nothing if it never said so.
    doubts: by origin, of other desks and of this one before, how far what is here is surely the hub's; see forks.
    is_bound: this office knew this desk once, whatever invitation it holds by now: see has_joined.
    """

    hub_name: str
    hub: PublicKeys
    office: bytes
    office_name: str
    office_code: str
    invitation: bytes
    secret: bytes
    desk_name: str
    expires: int
    desk: int = 0
    hub_incarnation: int = 0
    hub_number: int = 0
    hub_has: dict[bytes, int] = {}
    sent_at: int = 0
    received_at: int = 0
    owes_answer: bool = False
    is_behind: bool = False
    last_told: dict[bytes, int] = {}
    told_erasure: int = 0
    told_catalogue: int = 0
    url: str = ""
    certificate: bytes = b""
    root: bytes = b""
    directory: bytes = b""
    roster: bytes = b""
    forgotten: list[bytes] = []
    told_forgotten: int = 0
    is_bound: bool = False
    hub_created: int = 0
    uninvited: str = ""
    doubts: dict[bytes, int] = {}

    @property
    def has_joined(self) -> bool:
        """Whether what is written here belongs to this office for good, and goes to no other."""
        return self.is_bound or bool(self.desk)

    def hub_at(self, receiving: str) -> PublicKeys:
        """The hub's keys now that it receives there."""
        return msgspec.structs.replace(self.hub, receiving=receiving)

    def claimed(self, vector: Vector) -> dict[bytes, int]:
        """What the hub is told to be here: what is in doubt it is to send once more."""
        doubts = self.doubts
        return {one: hi for one, to in vector.items() if (hi := min(to, doubts.get(one, to)))}

    @property
    def receipt(self) -> Receipt | None:
        """What the hub said last that it has."""
        if not self.hub_number:
            return None
        return Receipt(self.hub_incarnation, self.hub_number, self.hub_has)


def refused(known: Link, why: str) -> Link:
    """No answer is to be waited for, so that another invitation can be read."""
    return msgspec.structs.replace(known, sent_at=known.sent_at if known.desk else 0, uninvited=why)


def find(session: Session) -> Link | None:
    """The link, or None if this desk is not enrolled."""
    return history.read_setting(session, history.LINK, Link)


def load(session: Session) -> tuple[Link, DeskKeys]:
    """The link and this desk's keys. Raises NotEnrolled."""
    link = find(session)
    stored = history.read_setting(session, _KEYS, bytes)
    if link is None or stored is None:
        raise NotEnrolled
    return link, DeskKeys.from_bytes(stored)


def keep(session: Session, link: Link) -> None:
    """Keep the link in the place of what was known."""
    history.write_setting(session, history.LINK, link)


def keep_keys(session: Session, keys: DeskKeys) -> None:
    """Keep the keys; they never leave the encrypted store."""
    history.write_setting(session, _KEYS, keys.to_bytes())


def keys_or_new(session: Session, now: datetime) -> DeskKeys:
    """The keys of this desk, made when they are first needed."""
    stored = history.read_setting(session, _KEYS, bytes)
    if stored is not None:
        return DeskKeys.from_bytes(stored)
    made = DeskKeys.generate(now)
    keep_keys(session, made)
    return made
