"""Work of a desk put back, under numbers that the hub knows otherwise, as the hub takes it in for an operator.

A desk that is trusted gives such work new numbers itself, once the hub has told it (sync/forks.py). One that
is trusted no more is told nothing: what an operator approves of it becomes a voice, as at a colleague's desk.
So does a file that waited while the disk of its desk was put back: the desk knows nothing of it any more.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from msgspec import structs
from sqlalchemy import Connection, select

from correspondent_desk.domain.delivery import Mark, join
from correspondent_desk.hub import erasure_ledger, ownership, tables
from correspondent_desk.hub.standing import Standing
from correspondent_desk.hub.tables import AnyRow
from correspondent_desk.store.identity import UID_BYTES
from correspondent_desk.sync import columns
from correspondent_desk.sync.columns import Run, Seen
from correspondent_desk.sync.forks import VOICE
from correspondent_desk.sync.manifest import Segment
from correspondent_desk.sync.ops import head
from correspondent_desk.sync.parcels import Parcel


class _Fork(NamedTuple):
    """After which number an origin is another one here, and what it is called from there on."""

    common: int
    voice: bytes


def fitting(
    connection: Connection, standing: Standing, came: Sequence[tuple[AnyRow | None, Parcel]]
) -> list[tuple[AnyRow | None, Parcel]]:
    """Of a bundle that came, with its sender, and of those that wait, what may go into the log.

    Raises BundleRejected of the one that came; what waits is left out if it does not fit.
    """
    (desk, arrived), *waits = came
    if desk is not None:
        ownership.require_own(connection, standing, desk, arrived)
    found = [(desk, arrived)]
    for sender, one in waits:
        named = apart(connection, standing.office.id, one, [other for _, other in found])
        if named is None:
            continue
        if sender is None or ownership.fits(connection, standing, sender, named):
            found.append((sender, named))
    return found


def apart(
    connection: Connection, office: int, parcel: Parcel, others: Sequence[Parcel] = ()
) -> Parcel | None:
    """The parcel, in which nothing stands under numbers that the office's log knows otherwise.

    others: what goes into the log before it. The same work always gets the same name, so it may come in
    several files; None: it goes on from other work that is not here.
    """
    forks: dict[bytes, _Fork] = {}
    for one in parcel.manifest.segments:
        here = ownership.head_here(connection, office, one, others) if one.chain_first else b""
        if here == one.chain_first:
            continue
        voice = _voice_with(connection, office, one, others)
        if voice is not None:
            forks[one.origin] = voice
        elif here:
            return None
    for index, common in ownership.differences(connection, office, parcel, others):
        origin = parcel.runs[index].origin
        if origin not in forks:
            forks[origin] = _Fork(common, _name(parcel, index, common))
    if not forks:
        return parcel
    sections = columns.pack(_renamed(parcel, forks))
    left = [one for one in parcel.manifest.segments if one.origin not in forks]
    manifest = structs.replace(parcel.manifest, segments=left)
    found = Parcel(manifest, parcel.proof, [partial(bytes, packed) for packed in sections])
    found.letters, found.carrier = parcel.letters, parcel.carrier
    return found


def unknown(
    connection: Connection, office: int, parcels: Iterable[Parcel]
) -> set[tuple[int, bytes]]:
    """By stamp and record, what these bring that the log has under no numbers, and that nobody erased."""
    erased = erasure_ledger.erased_of(connection, office)
    found = {
        (op.stamp, op.record)
        for one in parcels
        for index in range(len(one.runs))
        for op in one.ops(index)
        if not erased.covers(op.record, op.root)
    }
    if found:
        op = tables.op.c
        stamps = [stamp for stamp, _ in found]
        between = op.stamp.between(min(stamps), max(stamps))
        here = connection.execute(select(op.stamp, op.record).where(op.office == office, between))
        found.difference_update((row.stamp, row.record) for row in here)
    return found


def _voice_with(
    connection: Connection, office: int, begun: Segment, others: Sequence[Parcel]
) -> _Fork | None:
    """What has the operation from which a segment goes on under another name."""
    for origin, ops in ownership.beside(connection, office, begun.origin, others):
        for seq, stamp, record in ops:
            if seq <= begun.first and head(begun.first, stamp, record) == begun.chain_first:
                return _Fork(begun.first - seq, origin)
    return None


def _name(parcel: Parcel, index: int, common: int) -> bytes:
    """An id that tells it from whatever else may stand after this number."""
    first = next(op for op in parcel.ops(index) if op.seq > common)
    said = first.origin + head(first.seq, first.stamp, first.record)
    return VOICE + hashlib.sha256(VOICE + said).digest()[: UID_BYTES - len(VOICE)]


def _renamed(parcel: Parcel, forks: Mapping[bytes, _Fork]) -> Iterator[Run]:
    for index, run in enumerate(parcel.runs):
        seen = join(dict(_places(run.seen.items(), forks)))
        marks = [
            Mark(mark.seq, *place)
            for mark in run.marks
            for place in _places([(mark.origin, mark.hi)], forks)
        ]
        rows = list(parcel.ops(index))
        fork = forks.get(run.origin)
        if fork is None:
            later = [Seen(*mark) for mark in marks]
            yield Run(run.origin, run.after, run.upto, seen, later, rows)
        elif run.upto > fork.common:  # what is common is here
            common = fork.common
            earlier = ({mark.origin: mark.hi} for mark in marks if mark.seq <= common)
            yield Run(
                fork.voice,
                max(run.after - common, 0),
                run.upto - common,
                join(seen, *earlier, {run.origin: common} if common else {}),
                [Seen(at - common, uid, hi) for at, uid, hi in marks if at > common],
                [
                    op._replace(origin=fork.voice, seq=op.seq - common)
                    for op in rows
                    if op.seq > common
                ],
            )


def _places(
    seen: Iterable[tuple[bytes, int]], forks: Mapping[bytes, _Fork]
) -> Iterator[tuple[bytes, int]]:
    """What an author had seen, by the names that it has here."""
    for origin, hi in seen:
        fork = forks.get(origin)
        if fork is None or hi <= fork.common:
            yield origin, hi
        else:
            yield fork.voice, hi - fork.common
            if fork.common:
                yield origin, fork.common
