"""Operations passed on unopened: what a desk or the hub signed, without the seal it came under.

A bundle is signed inside its seal, so what was opened can be given to a third one, who checks the same
signature over the same bytes. A letter keeps of a bundle what was signed and its operations; whoever
carries it can neither alter nor invent any. A desk keeps those it received for a time, for the other
desks of its office, and gives the hub those that other desks signed.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from sqlite3 import Connection
from typing import Annotated

import msgspec

from correspondent_desk.domain.delivery import Vector
from correspondent_desk.store.erasing import Erased
from correspondent_desk.sync import manifest, opening
from correspondent_desk.sync.keys import Key32
from correspondent_desk.sync.manifest import SectionHead
from correspondent_desk.sync.parcels import LETTER, OPS, Parcel
from correspondent_desk.sync.rejection import BundleRejected, Reason

__all__ = ["FEATURE", "LETTER", "Kept", "covers", "forget", "keep", "lacking", "read", "written"]

FEATURE = "letters1"
"""What a bundle between desks requires: who skipped its letters would miss what they explain."""
KEPT_MS = 120 * 86_400_000
KEPT_BYTES = 32 << 20
MOST_BYTES = 8 << 20
"""A larger one is not kept: it is a first import, which the hub gives everybody."""
MOST = 1000


class _Letter(msgspec.Struct, frozen=True, array_like=True):
    preamble: Annotated[bytes, msgspec.Meta(max_length=manifest.MOST_PREAMBLE)]
    sender: Key32
    signature: Annotated[bytes, msgspec.Meta(min_length=64, max_length=64)]
    manifest: Annotated[bytes, msgspec.Meta(max_length=manifest.MOST_MANIFEST)]
    ops: list[bytes]


@dataclass(frozen=True, slots=True)
class Kept:
    """A letter that lies here. covers: up to where it brings which origins."""

    bundle: bytes
    sender: bytes
    covers: Mapping[bytes, int]
    content: bytes


def written(parcel: Parcel) -> bytes:
    """The letter that a received bundle makes."""
    return msgspec.msgpack.encode(_Letter(*parcel.proof, ops=list(parcel.stored)))


def covers(parcel: Parcel) -> dict[bytes, int]:
    """Up to where a bundle brings which origins."""
    found: dict[bytes, int] = {}
    for run in parcel.runs:
        found[run.origin] = max(run.upto, found.get(run.origin, 0))
    return found


def read(content: bytes, is_believed: Callable[[bytes], bool]) -> Parcel | None:
    """The bundle that a letter was; None if its signer is not believed. Raises BundleRejected.

    Nothing of it is parsed before its signature is right and its signer believed.
    """
    try:
        letter = msgspec.msgpack.decode(content, type=_Letter)
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
    heads = [head for head in said.sections if head.kind == OPS]
    if len(heads) != len(letter.ops):
        raise BundleRejected(Reason.BAD_STRUCTURE, what="letter: sections")
    proof = opening.Proof(letter.preamble, letter.sender, letter.signature, letter.manifest)
    return Parcel(said, proof, list(_checked(heads, letter.ops)), stored=letter.ops)


def _checked(
    heads: Sequence[SectionHead], stored: Sequence[bytes]
) -> Iterable[Callable[[], bytes]]:
    for head, content in zip(heads, stored, strict=True):
        if len(content) != head.stored or hashlib.sha256(content).digest() != head.digest:
            raise BundleRejected(Reason.DAMAGED, what="letter")
        yield partial(_inflated, head, content)


def _inflated(head: SectionHead, content: bytes) -> bytes:
    return b"".join(opening.inflated(head, content))


# --- those that lie here --------------------------------------------------------------------------


def keep(
    connection: Connection, parcels: Iterable[Parcel], now_ms: int, *, most: int = MOST_BYTES
) -> None:
    """Keep what was received, for whoever lacks it; old ones go, the oldest first."""
    for parcel in parcels:
        size = sum(map(len, parcel.stored))
        if parcel.runs and parcel.stored and size <= most:
            connection.execute(
                "INSERT INTO letter(bundle, sender, received_at, covers, size, content)"
                " VALUES(?,?,?,?,?,?) ON CONFLICT(bundle) DO NOTHING",
                (
                    parcel.manifest.bundle,
                    parcel.manifest.sender,
                    now_ms,
                    msgspec.msgpack.encode(covers(parcel)),
                    size,
                    written(parcel),
                ),
            )
    _sweep(connection, now_ms)


def lacking(connection: Connection, known: Vector) -> list[Kept]:
    """Those that bring somebody with this vector anything, oldest first."""
    found = connection.execute(
        "SELECT bundle, sender, covers, content FROM letter ORDER BY received_at, rowid"
    )
    kept = (
        Kept(uid, sender, msgspec.msgpack.decode(covered, type=dict[bytes, int]), content)
        for uid, sender, covered, content in found
    )
    return [one for one in kept if any(hi > known.get(uid, 0) for uid, hi in one.covers.items())][
        -MOST:
    ]


def forget(connection: Connection, erased: Erased) -> None:
    """Drop letters that speak of what was erased: their authors and the hub have the rest."""
    for row, content in connection.execute("SELECT rowid, content FROM letter").fetchall():
        parcel = read(content, lambda _: True)
        assert parcel is not None  # noqa: S101 - everybody is believed here
        if any(
            erased.covers(op.record, op.root)
            for run in range(len(parcel.runs))
            for op in parcel.ops(run)
        ):
            connection.execute("DELETE FROM letter WHERE rowid=?", (row,))


def _sweep(connection: Connection, now_ms: int) -> None:
    """A clock once wrong keeps none for ever."""
    connection.execute("DELETE FROM letter WHERE abs(?-received_at)>=?", (now_ms, KEPT_MS))
    connection.execute(
        "DELETE FROM letter WHERE rowid IN (SELECT rowid FROM (SELECT rowid,"
        " sum(size) OVER (ORDER BY received_at DESC, rowid DESC) AS total FROM letter)"
        " WHERE total>?)",
        (KEPT_BYTES,),
    )
