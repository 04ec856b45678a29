"""Operations passed on unopened: what a desk or the hub signed, without the seal it came under.

A bundle is signed inside its seal, so what was opened can be given to a third one, who checks the same
signature over the same bytes. A letter keeps of a bundle what was signed and its operations; whoever
carries it can neither alter nor invent any. A desk keeps those it received for a time, for the other
desks of its office and for the hub: it gives the hub what that lacks, the hub's own letters too, for a hub
put back from a copy lacks them. One that speaks of somebody who was erased is sealed for the hub: nobody
else can open it, and the hub drops what was erased.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from sqlite3 import Connection
from typing import Annotated

import msgspec
import pyrage

from correspondent_desk import decoding
from correspondent_desk.domain import delivery
from correspondent_desk.domain.delivery import Vector, join
from correspondent_desk.store import erasing, history
from correspondent_desk.store.erasing import Erased
from correspondent_desk.store.identity import raw
from correspondent_desk.store.session import Session
from correspondent_desk.sync import manifest, opening, roster
from correspondent_desk.sync.keys import Key32, ReceivingKey, recipients
from correspondent_desk.sync.link import Link
from correspondent_desk.sync.manifest import SectionHead
from correspondent_desk.sync.parcels import LETTER, OPS, Parcel
from correspondent_desk.sync.rejection import BundleRejected, Reason
from correspondent_desk.sync.snapshot import SNAPSHOT

__all__ = [
    "FEATURE", "LETTER", "Kept", "brought", "covers", "drop_forked", "forget", "keep", "lacking", "read",
    "sealed", "sweep", "unsealed", "written",
]  # fmt: skip

FEATURE = "letters1"
"""What a bundle between desks requires: who skipped its letters would miss what they explain."""
KEPT_MS = 120 * 86_400_000
KEPT_BYTES = 32 << 20
MOST_BYTES = 8 << 20
"""A larger one is not kept: it is a first import, which the hub gives everybody."""
MOST = 1000
_MOST_AT_ONCE_MS = 31 * 86_400_000
_LOOKED_AT = "letters.looked-at"  # when they aged last
_LOOKED_THROUGH = "letters.erasure"  # up to which version of the ledger
_SEAL = b"age-encryption.org/"  # no letter begins so: it is a list
_REDUCED = b"snapshot\0"  # as little; then the letter that a snapshot makes


class _Letter(msgspec.Struct, frozen=True, array_like=True):
    preamble: Annotated[bytes, msgspec.Meta(max_length=manifest.MOST_PREAMBLE)]
    sender: Key32
    signature: Annotated[bytes, msgspec.Meta(min_length=64, max_length=64)]
    manifest: Annotated[bytes, msgspec.Meta(max_length=manifest.MOST_MANIFEST)]
    ops: list[bytes]


@dataclass(frozen=True, slots=True)
class Kept:
    """A letter that lies here. covers: up to where it brings which origins; received_at: milliseconds.

    read: its content, which may be megabytes, for as long as the session lasts.
    """

    bundle: bytes
    sender: bytes
    received_at: int
    covers: Mapping[bytes, int]
    read: Callable[[], bytes]

    @property
    def content(self) -> bytes:
        """It as it came."""
        return self.read()

    @property
    def is_for_hub(self) -> bool:
        """Whether it is for the hub alone: sealed for it, or a snapshot."""
        return self.content.startswith((_SEAL, _REDUCED))


Wanted = Callable[[Kept], bool]


def written(parcel: Parcel) -> bytes:
    """The letter that a received bundle makes."""
    start = _REDUCED if parcel.snapshot else b""
    return start + msgspec.msgpack.encode(_Letter(*parcel.proof, ops=list(parcel.stored)))


def covers(parcel: Parcel) -> dict[bytes, int]:
    """Up to where a bundle brings which origins."""
    if parcel.snapshot:
        return dict(parcel.manifest.vector)
    return join(*({run.origin: run.upto} for run in parcel.runs))


def read(content: bytes, is_believed: Callable[[bytes], bool]) -> Parcel | None:
    """The bundle that a letter was; None if its signer is not believed. Raises BundleRejected.

    Nothing of it is parsed before its signature is right and its signer believed.
    """
    is_reduced = content.startswith(_REDUCED)
    kind = SNAPSHOT if is_reduced else OPS
    try:
        letter = decoding.msgpack(_Letter).decode(content.removeprefix(_REDUCED))
    except (ValueError, RecursionError) as error:
        raise BundleRejected(Reason.BAD_STRUCTURE, what=f"letter: {error}") from error
    if not is_believed(letter.sender):
        return None
    said = manifest.open_manifest(
        letter.manifest,
        letter.sender,
        letter.signature,
        manifest.read_preamble(letter.preamble),
    )
    manifest.require_understood(said)
    manifest.require_sections(said.sections)
    heads = [head for head in said.sections if head.kind == kind]
    if len(heads) != len(letter.ops):
        raise BundleRejected(Reason.BAD_STRUCTURE, what="letter: sections")
    proof = opening.Proof(letter.preamble, letter.sender, letter.signature, letter.manifest)
    sections = list(_checked(heads, letter.ops))
    return Parcel(said, proof, sections, stored=letter.ops, is_reduced=is_reduced)


def _checked(
    heads: Sequence[SectionHead], stored: Sequence[bytes]
) -> Iterable[Callable[[], bytes]]:
    for head, content in zip(heads, stored, strict=True):
        if len(content) != head.stored or hashlib.sha256(content).digest() != head.digest:
            raise BundleRejected(Reason.DAMAGED, what="letter")
        yield partial(_inflated, head, content)


def _inflated(head: SectionHead, content: bytes) -> bytes:
    return b"".join(opening.inflated(head, content))


def sealed(content: bytes, recipient: str) -> bytes:
    """The letter as only this recipient can read it; one that is sealed stays so."""
    if content.startswith(_SEAL):
        return content
    made: bytes = pyrage.encrypt(content, recipients([recipient]))
    return made


def unsealed(content: bytes, receiving: Iterable[ReceivingKey]) -> bytes:
    """The letter, which may be sealed for one of these keys. Raises BundleRejected."""
    if not content.startswith(_SEAL):
        return content
    try:
        opened: bytes = pyrage.decrypt(content, [key.identity for key in receiving])
    except pyrage.DecryptError as error:
        raise BundleRejected(Reason.DAMAGED, what=f"letter: {error}") from error
    return opened


# --- those that lie here --------------------------------------------------------------------------


def keep(
    session: Session,
    parcels: Iterable[Parcel],
    now_ms: int,
    known: Link,
) -> None:
    """Keep what was received, for whoever lacks it; old ones go, the oldest first.

    known: the hub, for which alone one is kept that speaks of somebody erased.
    """
    connection: Connection = raw(session)
    _let_time_pass(session, now_ms)
    ledger = list(erasing.ledger(connection))
    for parcel in parcels:
        size = sum(map(len, parcel.stored))
        # Of whom the hub had erased then, its snapshot says nothing; to look costs a tenth of it.
        left_out = parcel.manifest.erasure if parcel.snapshot else 0
        erased = Erased([one for one in ledger if one.version > left_out])
        if (parcel.runs or parcel.snapshot) and parcel.stored and size <= MOST_BYTES:
            content = written(parcel)
            if _speaks_of(parcel, erased):
                content = sealed(content, known.hub.receiving)
            connection.execute(
                "INSERT INTO letter(bundle, sender, received_at, covers, size, content)"
                " VALUES(?,?,?,?,?,?) ON CONFLICT(bundle) DO NOTHING",
                (
                    parcel.manifest.bundle,
                    parcel.manifest.sender,
                    now_ms,
                    msgspec.msgpack.encode(covers(parcel)),
                    size,
                    content,
                ),
            )
    sweep(connection, now_ms)


def lacking(connection: Connection, known: Vector, *wanted: Wanted) -> list[Kept]:
    """Those that bring somebody with this vector anything and are wanted, as they came.

    Whether somebody lacks any is asked at each turn, and all that is kept may be many megabytes: what
    lies in them is read when it is asked for. Later ones build on earlier. Of more than MOST the first, so that the others follow once these
    have come: those of the first kind wanted before any of the next, which may never be let in.
    """
    every = connection.execute(
        "SELECT rowid, bundle, sender, received_at, covers FROM letter ORDER BY rowid"
    ).fetchall()
    lacked: dict[int, Kept] = {}
    for row, uid, sender, at, packed in every:
        covered = decoding.msgpack(dict[bytes, int]).decode(packed)
        if delivery.lacking(covered, known):
            lacked[row] = Kept(uid, sender, at, covered, partial(_content, connection, row))
    found: dict[int, Kept] = {}
    for is_wanted in wanted:
        fitting = ((row, one) for row, one in lacked.items() if is_wanted(one))
        found |= islice(fitting, MOST - len(found))
    return [found[row] for row in sorted(found)]


def _content(connection: Connection, row: int) -> bytes:
    asked = "SELECT content FROM letter WHERE rowid=?"
    content: bytes = connection.execute(asked, (row,)).fetchone()[0]
    return content


def brought(found: Iterable[Kept], known: Vector) -> int:
    """About how many operations these bring somebody with this vector."""
    return delivery.lacking(join(*(one.covers for one in found)), known)


def forget(session: Session, known: Link) -> None:
    """Seal letters that speak of what was erased for the hub alone; they go with time, as all do.

    Their authors may have lost the rest of them since, and a hub that has them may be put back to before:
    work that builds on it would wait for ever.
    To be called at each exchange: a copy put back brings letters along from before an erasure.
    """
    connection: Connection = raw(session)
    version = erasing.version(connection)
    if version == history.read_setting(session, _LOOKED_THROUGH, int):
        return
    history.write_setting(session, _LOOKED_THROUGH, version)
    erased = Erased(erasing.ledger(connection))
    for row, content in connection.execute("SELECT rowid, content FROM letter").fetchall():
        if content.startswith(_SEAL):
            continue
        parcel = read(content, lambda _: True)
        assert parcel is not None  # noqa: S101 - everybody is believed here
        if _speaks_of(parcel, erased):
            left = sealed(content, known.hub.receiving)
            connection.execute("UPDATE letter SET content=? WHERE rowid=?", (left, row))


def drop_forked(connection: Connection, origin: bytes, common: int, known: Link) -> None:
    """What desks passed on of an origin after common, where the hub has other work under its numbers.

    The hub would leave it aside each time. A letter with anything else that the hub lacks stays.
    """
    every = connection.execute("SELECT rowid, sender, covers FROM letter").fetchall()
    for row, sender, covered in every:
        covers = decoding.msgpack(dict[bytes, int]).decode(covered)
        rest = {uid: hi for uid, hi in covers.items() if uid != origin}
        if (
            sender not in roster.believed(known)
            and covers.get(origin, 0) > common
            and not delivery.lacking(rest, known.hub_has)
        ):
            connection.execute("DELETE FROM letter WHERE rowid=?", (row,))


def _speaks_of(parcel: Parcel, erased: Erased) -> bool:
    if not erased:
        return False
    sections = (parcel.columns(run)[0] for run in range(len(parcel.runs)))
    return any(
        erased.covers(record, root)
        for section in (*sections, *parcel.snapshot.columns())
        for record, _kind, root in section.records
    )


def sweep(connection: Connection, now_ms: int) -> None:
    """Let go what is too old or too much."""
    connection.execute("DELETE FROM letter WHERE ?-received_at>=?", (now_ms, KEPT_MS))
    connection.execute(
        "DELETE FROM letter WHERE rowid IN (SELECT rowid FROM (SELECT rowid,"
        " sum(size) OVER (ORDER BY received_at DESC, rowid DESC) AS total FROM letter)"
        " WHERE total>?)",
        (KEPT_BYTES,),
    )


def _let_time_pass(session: Session, now_ms: int) -> None:
    """Letters age by what passed since the last look, a month at most; none came later than now.

    A clock that was wrong for a day makes none old: it may be all that is left of somebody's work.
    """
    last = history.read_setting(session, _LOOKED_AT, int)
    passed = 0 if last is None else now_ms - last
    uncounted = passed - min(max(passed, 0), _MOST_AT_ONCE_MS)
    raw(session).execute(
        "UPDATE letter SET received_at=min(received_at+?1, ?2) WHERE ?1<>0 OR received_at>?2",
        (uncounted, now_ms),
    )
    history.write_setting(session, _LOOKED_AT, now_ms)
