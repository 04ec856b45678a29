"""The other desks of the office: whom to believe, what each of them has, and what comes from them.

A desk believes another for as long as the hub's newest list says so, and believes of it only what it
wrote itself; what it carries for others stands under their own signatures. A list that comes with a
bundle counts before the bundle does: a computer that was reported lost brings its own refusal.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from sqlite3 import Connection

import msgspec

from correspondent_desk import decoding
from correspondent_desk.store.identity import raw
from correspondent_desk.store.session import Session
from correspondent_desk.sync import directory, letters, link, ops, roster
from correspondent_desk.sync.bundle import Loaded, Manifest
from correspondent_desk.sync.forks import VOICE, first_difference, goes_on_in_doubt
from correspondent_desk.sync.keys import DeskKeys
from correspondent_desk.sync.link import Link
from correspondent_desk.sync.opening import Trust
from correspondent_desk.sync.origins import Origins
from correspondent_desk.sync.parcels import LETTER, ROOT_BYTES, ROSTER, Parcel
from correspondent_desk.sync.rejection import BundleRejected, Reason
from correspondent_desk.sync.roster import Roster

_KNOWN = """
    SELECT h.seq, h.stamp, r.uid FROM history h JOIN origin o ON o.id=h.origin
    JOIN record r ON r.id=h.record WHERE o.uid=? AND h.seq>? AND h.seq<=?
"""


class ForkedPeer(BundleRejected):
    """A colleague's store was put back: it writes other work under numbers that are here already."""

    def __init__(self, manifest: Manifest) -> None:
        super().__init__(Reason.FORKED_LOG)
        self.manifest = manifest


@dataclass(frozen=True, slots=True)
class Peer:
    """What another desk said last that it has, and what it was told. All of it may be nothing.

    receiving: where it receives, since heard_at. number, said, said_at: of the last bundle for it.
    """

    vector: Mapping[bytes, int]
    erasure: int = 0
    receiving: str = ""
    heard_at: int = 0
    number: int = 0
    said: bytes = b""
    said_at: int = 0


def find(connection: Connection, signing: bytes) -> Peer:
    """What is known of the desk that signs with this key."""
    row = connection.execute(
        "SELECT vector, erasure, receiving, heard_at, number, said, said_at FROM peer"
        " WHERE signing=?",
        (signing,),
    ).fetchone()
    if row is None:
        return Peer({})
    return Peer(decoding.msgpack(dict[bytes, int]).decode(row[0]), *row[1:])


def hear(connection: Connection, manifest: Manifest, now_ms: int) -> None:
    """Keep what the desk says it has: what comes last is believed, for an old file costs only room."""
    connection.execute(
        "INSERT INTO peer(signing, vector, erasure, receiving, heard_at, number, said, said_at)"
        " VALUES(?,?,?,?,?,0,x'',0) ON CONFLICT(signing) DO UPDATE SET vector=excluded.vector,"
        " erasure=excluded.erasure, receiving=excluded.receiving, heard_at=excluded.heard_at",
        (
            manifest.sender,
            msgspec.msgpack.encode(manifest.vector),
            manifest.erasure,
            manifest.next_recipient or "",
            now_ms,
        ),
    )


def ask_again(connection: Connection, manifest: Manifest, now_ms: int) -> None:
    """The desk gets back what it wrote before it was put back, so that it can tell the two apart."""
    lost = {**manifest.vector, manifest.origin: 0}
    hear(connection, msgspec.structs.replace(manifest, vector=lost), now_ms)


def note_said(
    connection: Connection, signing: bytes, number: int, said: bytes, now_ms: int
) -> None:
    """A bundle of this number was made for the desk; said: what it told."""
    connection.execute(
        "INSERT INTO peer(signing, vector, erasure, receiving, heard_at, number, said, said_at)"
        " VALUES(?,?,0,'',0,?,?,?) ON CONFLICT(signing) DO UPDATE SET"
        " number=excluded.number, said=excluded.said, said_at=excluded.said_at",
        (signing, msgspec.msgpack.encode({}), number, said, now_ms),
    )


# --- whom to believe ------------------------------------------------------------------------------


def trust(known: Link) -> Trust:
    """The hub, and any bundle from desk to desk: who signed that one, is asked once it came whole."""
    of_hub = roster.believed(known)

    def trusted(found: Manifest) -> None:
        # A root key may vouch for a new key of the hub in this very bundle: see check.
        if found.sender not in of_hub and letters.FEATURE not in found.requires and not known.root:
            raise BundleRejected(Reason.UNKNOWN_SENDER)

    return trusted


def check(known: Link) -> Callable[[Loaded], None]:
    """Before a bundle is unpacked: whether its sender is the hub, or a desk of the newest list."""

    def checked(loaded: Loaded) -> None:
        sender = loaded.manifest.sender
        if sender in roster.believed(known):
            return
        listed = {kind: _first(loaded, kind) for kind in (directory.DIRECTORY, ROSTER)}
        now = told(known, listed[directory.DIRECTORY], listed[ROSTER])
        if sender not in roster.believed(now):
            require_trusted(now, sender)

    return checked


def told(known: Link, vouched: bytes, listed: bytes) -> Link:
    """The link with the directory and the list of desks that came. Raises BundleRejected.

    A directory is taken from a desk only if its root is believed already.
    """
    changes: dict[str, bytes] = {}
    if vouched and known.root and vouched[:ROOT_BYTES] == known.root:
        changes["directory"] = directory.newest(known.directory, vouched[ROOT_BYTES:], known.root)
    known = msgspec.structs.replace(known, **changes)
    return roster.heard(known, listed) if listed else known


def require_trusted(known: Link, signing: bytes) -> None:
    """Raises BundleRejected: revoked, unknown-sender."""
    if signing in roster.trusted(known):
        return
    listed = roster.known(known)
    is_known = listed is not None and listed.desk(signing) is not None
    raise BundleRejected(Reason.REVOKED if is_known else Reason.UNKNOWN_SENDER)


def is_doubled(session: Session) -> bool:
    """Whether the hub knows this desk under an identity that is none of its own: a copy is in use."""
    known, keys = link.load(session)
    listed = roster.known(known)
    here = None if listed is None else listed.desk(keys.public.signing)
    if here is None:
        return False
    mine = Origins(raw(session)).mine
    return any(one not in mine and not one.startswith(VOICE) for one in here.origins)


def _first(loaded: Loaded, kind: str) -> bytes:
    return next((inflate() for inflate in loaded.inflaters(kind)), b"")


# --- what comes from them -------------------------------------------------------------------------


def of_hub(known: Link, parcel: Parcel) -> bool:
    """Whether the hub signed it."""
    return parcel.manifest.sender in roster.believed(known)


def opened(
    session: Session, known: Link, keys: DeskKeys, received: Parcel, erasure: int
) -> list[Parcel]:
    """The letters in a desk's bundle that count; known: with what came in it, see told.

    erasure: the version of the ledger that will have been carried out. A letter whose author had
    erased more than that is left aside: its log may skip what nobody here can explain. So is one of a
    desk that is trusted no more, and a snapshot, which is for the hub. Raises BundleRejected for
    what its sender may not say.
    """
    believed = roster.believed(known) | roster.trusted(known).keys()
    _require_explained(received.manifest, erasure)
    found = []
    for content in received.contents(LETTER):
        letter = letters.read(content, believed.__contains__)
        if letter is None or letter.is_reduced or letter.manifest.erasure > erasure:
            continue
        if letter.manifest.office != known.office:
            raise BundleRejected(Reason.WRONG_OFFICE)
        letter.carrier = received.manifest.bundle
        found.append(letter)
    listed, connection = roster.known(known), raw(session)
    assert listed is not None  # noqa: S101 - without one, its sender was not believed
    for one in (received, *found):
        if not of_hub(known, one):
            _require_own(connection, listed, keys, one)
    if _is_forked(connection, known, received):
        raise ForkedPeer(received.manifest)
    mine = keys.public.signing
    return [
        one
        for one in found
        if one.manifest.sender == mine
        or of_hub(known, one)
        or not _is_forked(connection, known, one)
    ]


def _require_explained(manifest: Manifest, erasure: int) -> None:
    """A log with numbers missing comes with the lines that say why, or it is not believed."""
    if manifest.erasure > erasure:
        raise BundleRejected(Reason.BAD_STRUCTURE, what="erasures without their ledger")


def _require_own(connection: Connection, listed: Roster, keys: DeskKeys, parcel: Parcel) -> None:
    """A desk writes under its own origins; one that nobody knew belongs to whom wrote under it first."""
    signing = parcel.manifest.sender
    for origin in {run.origin for run in parcel.runs}:
        if _owner(connection, listed, keys, origin) not in (None, signing):
            raise BundleRejected(Reason.BAD_SIGNATURE, what="another desk's operations")


def _is_forked(connection: Connection, known: Link, parcel: Parcel) -> bool:
    """Whether its author has other operations here under the same numbers; the hub tells them apart.

    Or goes on from what the hub has told to be other operations than its own.
    """
    if goes_on_in_doubt(connection, known, parcel):
        return True
    for one in parcel.manifest.segments:
        here = ops.own_head(connection, one.origin, one.first) if one.chain_first else b""
        if here and here != one.chain_first:
            return True
    for index, run in enumerate(parcel.runs):
        here_too = {
            seq: (stamp, record)
            for seq, stamp, record in connection.execute(_KNOWN, (run.origin, run.after, run.upto))
        }
        if first_difference(run, parcel.ops(index), here_too) is not None:
            return True
    return False


def _owner(connection: Connection, listed: Roster, keys: DeskKeys, origin: bytes) -> bytes | None:
    if origin == listed.origin:
        return b""  # the hub's, and no desk's
    owner = listed.owner(origin)
    if owner is not None:
        return owner.signing
    row = connection.execute("SELECT mine FROM origin WHERE uid=?", (origin,)).fetchone()
    if row is not None and row[0]:
        return keys.public.signing
    row = connection.execute("SELECT signing FROM speaker WHERE origin=?", (origin,)).fetchone()
    return None if row is None else bytes(row[0])


def note_speakers(connection: Connection, known: Link, parcels: Iterable[Parcel]) -> None:
    """Keep who wrote under which origin, for as long as the hub's list does not say."""
    connection.executemany(
        "INSERT INTO speaker(origin, signing) VALUES(?,?) ON CONFLICT DO NOTHING",
        {
            (run.origin, one.manifest.sender)
            for one in parcels
            if not of_hub(known, one)
            for run in one.runs
        },
    )
