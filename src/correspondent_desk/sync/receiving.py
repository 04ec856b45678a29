"""What comes to this desk: verified whole, previewed, and taken in by one transaction or not at all.

Files may come in any order, twice, or late. One that lacks a predecessor waits, sealed, in the inbox
and is taken in by itself together with whatever comes next.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

import msgspec

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.delivery import Delivery, Run, deliver
from correspondent_desk.domain.fields import REMOVED, Kind
from correspondent_desk.store import backup, erasing, erasure_wishes, indexes, operations
from correspondent_desk.store import origins as incarnations
from correspondent_desk.store.backup import Why
from correspondent_desk.store.changes import Done
from correspondent_desk.store.connection import StoreBusy
from correspondent_desk.store.erasing import Erased
from correspondent_desk.store.files import CannotWrite
from correspondent_desk.store.identity import raw
from correspondent_desk.store.opened import Store
from correspondent_desk.store.session import Session
from correspondent_desk.sync import (
    arriving,
    bundle,
    catalogue,
    collector,
    compacting,
    forks,
    inbox,
    letters,
    link,
    modest,
    peers,
    receipts,
    recovering,
    removals,
    roster,
    sending,
    uninvited,
)
from correspondent_desk.sync.arriving import Came
from correspondent_desk.sync.bundle import Manifest
from correspondent_desk.sync.link import Link
from correspondent_desk.sync.manifest import Refusal
from correspondent_desk.sync.merging import BATCH, Due, Merging
from correspondent_desk.sync.online.addresses import is_address, is_secure
from correspondent_desk.sync.online.trouble import HubRefused
from correspondent_desk.sync.ops import news_of
from correspondent_desk.sync.origins import Origins
from correspondent_desk.sync.outcome import Outcome
from correspondent_desk.sync.parcels import Parcel, Parcels
from correspondent_desk.sync.rejection import BundleRejected
from correspondent_desk.sync.reports import Effect, Fate, Preview, Report, effect_of, made_at
from correspondent_desk.sync.taking_back import report_of
from correspondent_desk.sync.uniting import Uniting

COPY_EVERY = timedelta(days=1)


@collector.paused()
def preview(db: Store, path: Path) -> Preview:
    """What taking in the bundle at path would do; nothing is written.

    Raises NotEnrolled, BundleRejected.
    """
    known, keys = db.read(link.load)
    bundle_id = bundle.preamble(path).bundle
    try:
        came = arriving.opened(db, known, keys, path)
    except BundleRejected:  # its key may be gone since, or who sent it be trusted no more
        once = db.read(lambda s: inbox.applied(s, bundle_id))
        if once is None:
            raise
        return Preview.of_duplicate(once, path.stat().st_size)
    came.others = arriving.waiting(db, known, keys, bundle_id)
    return db.read(lambda s: _previewed(s, known, came, path.stat().st_size))


@collector.paused()
def apply(db: Store, path: Path, *, is_meant: bool = False) -> Report:
    """Take in the bundle at path, and those that waited for it.

    is_meant: somebody was asked and wants it, whatever it removes.
    Raises NotEnrolled, BundleRejected, RemovesMuch, CannotWrite, StoreBusy; then nothing was changed.
    Raises HubRefused if the hub says in it that it does not let this desk in; that is kept.
    """
    known, keys = db.read(link.load)
    bundle_id = bundle.preamble(path).bundle
    late = db.read(_late)
    try:
        if db.read(lambda s: inbox.state_of(s, bundle_id)) == inbox.APPLIED:
            return Report.of_duplicate(bundle_id)
        came = arriving.opened(db, known, keys, inbox.take_in(db.folder.inbox, path))
        received = came.received
        if came.refusal is not None:
            return _refused(db, received.manifest, came.refusal)
        if received.operations or received.letters:
            _copy_before(db)
        if came.is_of_hub:
            db.keep(lambda s: forks.mend(s, received, known.hub_has, _erased(s, came)))
        else:
            db.keep(lambda s: forks.mend_by_own(s, received.letters))
        others = arriving.waiting(db, known, keys, bundle_id)
        if not received.snapshot:
            came.others = others
        report = _apply(db, came, is_meant=is_meant)
        if came.is_of_hub:
            _look_after(db)
        if received.snapshot and others:  # what waited may have been waiting for it
            first = Came(others[0], is_of_hub=peers.of_hub(known, others[0]), others=others[1:])
            _apply(db, first, is_meant=is_meant)
        return report
    except peers.ForkedPeer as fork:
        sender = fork.manifest
        db.keep(lambda s: peers.ask_again(raw(s), sender, db.now_ms()))
        raise
    finally:
        inbox.sweep(db.folder.inbox, db.read(_late), [bundle_id, *late])


def _refused(db: Store, manifest: Manifest, said: Refusal) -> Report:
    why = db.keep(lambda s: uninvited.hear(s, manifest, said, db.now_ms()))
    if why:
        raise HubRefused(why)
    return Report.of_bygone(manifest)


def _look_after(db: Store) -> None:
    """What follows a bundle of the hub: it has been taken in, whether this succeeds or not."""
    for work in (recovering.refresh, compacting.look):
        with suppress(CannotWrite, StoreBusy):  # the next bundle tries again
            work(db)


def _late(session: Session) -> set[bytes]:
    return {row.bundle for row in inbox.waiting(session)}


def _copy_before(db: Store) -> None:
    """A copy to go back to, at most one a day: five in rotation are then five days."""
    now = datetime.fromtimestamp(db.now_ms() / 1000)  # noqa: DTZ006 - local, as copies are named
    made = [one.made_at for one in backup.copies(db.folder) if one.why is Why.IMPORT]
    if not made or abs(now - max(made)) >= COPY_EVERY:
        db.copy(Why.IMPORT)


# --- in a session ---------------------------------------------------------------------------------


@dataclass(slots=True)
class _Taken:
    """What became of the bundles given to one import."""

    outcome: Outcome
    delivery: Delivery
    late: frozenset[bytes]
    acknowledged: int = 0
    has_catalogue: bool = False
    erased: int = 0


def _previewed(session: Session, known: Link, came: Came, size: int) -> Preview:
    manifest = came.received.manifest
    if inbox.state_of(session, manifest.bundle) == inbox.APPLIED:
        return Preview.of(manifest, size, Fate.DUPLICATE, Effect())
    if came.refusal is not None:
        why = uninvited.why(known, came.refusal)
        fate = Fate.REFUSAL if why else Fate.BYGONE
        return Preview.of(manifest, size, fate, Effect(), refusal=why)
    taken = _take(session, Origins(raw(session)), came, writes=False)
    found = Preview.of(
        manifest,
        size,
        _fate(manifest, taken),
        effect_of(taken.outcome),
        _acknowledged(session, came),
        has_catalogue=_has_catalogue(session, came),
    )
    return replace(
        found,
        erased=erasing.people(raw(session), came.lines),
        removes_much=modest.trouble(session, taken.outcome, is_written=False),
    )


def _acknowledged(session: Session, came: Came) -> int:
    """The last file of this desk of which it is news that the hub has it; 0: none."""
    _, own, _ = incarnations.own(session)
    reached = came.received.manifest.vector.get(own, 0)
    return sending.newly_reached(session, reached) if came.is_of_hub else 0


def _has_catalogue(session: Session, came: Came) -> bool:
    """Whether the hub sent a newer catalogue of benefits than this desk has."""
    return came.is_of_hub and catalogue.is_newer(session, came.received.first(catalogue.CATALOGUE))


def _apply(db: Store, came: Came, *, is_meant: bool) -> Report:
    received = came.received

    def work(session: Session) -> _Taken:
        if came.is_of_hub:
            forks.mend_others(session, received, _erased(session, came))
        origins = Origins(raw(session))
        before = origins.vector
        erased = erasing.carry_out(raw(session), db.folder, came.lines)
        for kind, ids in erased.items():
            operations.of(session).note_changed(kind, ids, (REMOVED,))
        letters.forget(session, link.load(session)[0])
        erasure_wishes.forget_done(session)
        removals.heal(session, origins)
        with indexes.much_cache(raw(session)):
            taken = _take(session, origins, came, writes=True)
        trouble = None if is_meant else modest.trouble(session, taken.outcome, is_written=True)
        if trouble is not None:
            raise trouble
        current = operations.of(session)
        current.is_wanted = bool(taken.outcome.operations)
        current.records = taken.outcome.operations
        taken.acknowledged = _acknowledged(session, came)
        taken.has_catalogue = _has_catalogue(session, came)
        taken.erased = len(erased.get(Kind.MEMBER, ()))
        report = "" if received.snapshot else report_of(before, origins.vector)
        _note(session, db.now_ms(), came, taken, report)
        return taken

    def act() -> Done[_Taken]:
        return db.do(Action.BUNDLE_APPLIED, work)

    done = db.erasing(act) if came.lines else act()
    taken = done.result
    manifest = received.manifest
    return Report(
        bundle=manifest.bundle,
        sender=manifest.sender_name,
        number=manifest.number,
        made_at=made_at(manifest),
        fate=_fate(manifest, taken),
        effect=effect_of(taken.outcome),
        released=sum(other.manifest.bundle not in taken.late for other in came.others),
        acknowledged=taken.acknowledged,
        has_catalogue=taken.has_catalogue,
        erased=taken.erased,
        action=done.action,
        changed=done.changed,
    )


def _take(session: Session, origins: Origins, came: Came, *, writes: bool) -> _Taken:
    erased = _erased(session, came)
    if came.received.snapshot:
        return _unite(session, origins, came.received, erased, writes=writes)
    every = Parcels(came.signed)
    # What is in doubt comes anew from the hub: until then nothing is built on it.
    known, of_hub = link.load(session)[0], len(came.received.runs) if came.is_of_hub else 0
    runs = forks.without_doubtful(every.runs, known, origins, of_hub)
    delivery = deliver(known.claimed(origins.vector), runs)
    merging = Merging(session, origins, writes=writes)
    due = _due(delivery, every, erased)
    while batch := list(islice(due, BATCH)):
        merging.take(batch)
    if writes:
        _advance(origins, delivery, runs)
    merging.finish()
    return _Taken(merging.outcome, delivery, every.owners(delivery.waiting.keys()))


def _erased(session: Session, came: Came) -> Erased:
    """By all lines of the ledger that are here, and that came."""
    return Erased([*erasing.ledger(raw(session)), *came.lines])


def _unite(
    session: Session, origins: Origins, received: Parcel, erased: Erased, *, writes: bool
) -> _Taken:
    """As _take, of a snapshot: afterwards this store has seen all that its maker had."""
    have, theirs = origins.vector, received.manifest.vector
    uniting = Uniting(session, origins, theirs, writes=writes)
    uniting.take_all(received.snapshot, erased)
    if writes:
        for origin, marks in received.snapshot.marks.items():
            origins.keep_marks(origin, [m for m in marks if m.seq > have.get(origin, 0)])
        origins.advance(theirs)
        origins.write()
        origins.begin_after({uid: hi for uid, hi in theirs.items() if hi > have.get(uid, 0)})
    uniting.finish()
    return _Taken(uniting.outcome, Delivery((), origins.vector, {}), frozenset())


def _due(delivery: Delivery, every: Parcels, erased: Erased) -> Iterator[Due]:
    """What is to be merged: operations on what was erased count as seen, and that is all."""
    has_erased = bool(erased)
    for step in delivery.steps:
        for op in every.ops(step.run)[step.start : step.stop]:
            if not (has_erased and erased.covers(op.record, op.root)):
                yield op, step.seen


def _advance(origins: Origins, delivery: Delivery, runs: Sequence[Run]) -> None:
    for run in runs:
        origins.keep_marks(run.origin, news_of(run, origins.reached(run.origin), delivery.have))
    origins.advance(delivery.have)
    origins.write()


def _fate(manifest: Manifest, taken: _Taken) -> Fate:
    if manifest.bundle in taken.late:
        return Fate.WAITING
    return Fate.NEW if taken.outcome.operations else Fate.NOTHING_NEW


def _note(
    session: Session,
    now_ms: int,
    came: Came,
    taken: _Taken,
    report: str,
) -> None:
    """The inbox, what the hub says it has, and its keys. report: of the import, for its undo."""
    action = operations.of(session).action if taken.outcome.operations else None
    received = came.received
    for one in came.bundles:
        state = inbox.WAITING if one.manifest.bundle in taken.late else inbox.APPLIED
        told = report if action is not None and one is received else ""
        inbox.note(session, one.manifest, state=state, at=now_ms, report=told, action=action)
    known = link.find(session)
    if known is None:
        return
    vouched = arriving.vouched(known, received)
    _note_signed(session, now_ms, came, msgspec.structs.replace(known, **vouched))
    if not came.is_of_hub:
        peers.hear(raw(session), received.manifest, now_ms)
        link.keep(session, msgspec.structs.replace(known, **vouched))
        return
    manifest = received.manifest
    changes: dict[str, object] = {"received_at": now_ms, **vouched, **_reached(known, manifest)}
    published = received.first(catalogue.CATALOGUE)
    catalogue.keep(session, published)
    if received.operations or came.lines:
        changes["owes_answer"] = True
    # The hub goes on sending what it does not know to be here: the file that said so was lost.
    if received.operations and not taken.outcome.operations:
        changes["last_told"] = {}
    if came.lines:
        changes["told_erasure"] = 0
    if published:
        changes["told_catalogue"] = 0
    here = known.claimed(Origins(raw(session)).vector)  # what is in doubt is to come once more
    heard = receipts.heard(known, manifest, here)
    if heard:
        changes |= heard
        declined = {one.digest: (one.at, one.reason) for one in manifest.declined}
        erasure_wishes.hear_declined(session, declined)
    known = msgspec.structs.replace(known, **changes)
    link.keep(session, known)
    _, own, _ = incarnations.own(session)
    sending.acknowledge(session, received.manifest.vector.get(own, 0))


def _reached(known: Link, manifest: Manifest) -> dict[str, object]:
    """Where the hub says that it is on the network, for a desk that knows of no address."""
    said = manifest.reached
    if known.url or said is None or not (is_address(said.url) and is_secure(said.url)):
        return {}
    return {"url": said.url, "certificate": said.certificate}


def _note_signed(session: Session, now_ms: int, came: Came, known: Link) -> None:
    """Keep what others of the office may lack, for as long as there are others; and the hub's own.

    A hub put back from a copy lacks those, and there may be nobody left but this desk who has them.
    """
    connection = raw(session)
    peers.note_speakers(connection, known, came.signed)
    signed = (came.received, *came.received.letters)
    if len(roster.trusted(known)) <= 1:
        signed = tuple(one for one in signed if peers.of_hub(known, one))
    letters.keep(session, signed, now_ms, known)
