"""What comes to the hub: verified outside of any transaction, then kept by one.

The hub checks who may say what and in which order, and keeps operations as they came, those of newer
versions among them. It decides nothing about their content.
"""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import msgspec
from sqlalchemy import Connection, select, update

from correspondent_desk.domain.delivery import Delivery, Vector, deliver
from correspondent_desk.hub import (
    catalogue,
    compaction,
    desks,
    doubled,
    erasing,
    erasure_ledger,
    forked,
    holding,
    identity,
    log,
    ownership,
    places,
    signers,
    tables,
    voices,
    vouched,
    waiting,
)
from correspondent_desk.hub.database import Hub
from correspondent_desk.hub.offices import OfficeRow
from correspondent_desk.hub.ownership import Forked
from correspondent_desk.hub.standing import Standing, of_office
from correspondent_desk.hub.tables import AnyRow
from correspondent_desk.hub.wording import Wording
from correspondent_desk.sync import bundle, collector, inbox, letters
from correspondent_desk.sync.bundle import Manifest, Source
from correspondent_desk.sync.forks import LOOKED_BACK
from correspondent_desk.sync.keys import HubKeys
from correspondent_desk.sync.parcels import ROSTER, Parcel, Parcels
from correspondent_desk.sync.rejection import BundleRejected, Reason

_encode = msgspec.msgpack.Encoder().encode


class Fate(StrEnum):
    """What became of a desk's bundle."""

    NEW = "new"
    NOTHING_NEW = "nothing-new"
    DUPLICATE = "duplicate"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """What the hub took in. operations: those it did not have. enrolled: a new desk came with it.

    path: empty if no file came, but what would be in one.
    """

    path: Path
    fate: Fate
    office: str = ""
    desk: int = 0
    desk_name: str = ""
    person: str = ""
    number: int = 0
    operations: int = 0
    enrolled: bool = False
    released: int = 0


@collector.paused()
def take_in(hub: Hub, source: Source, *, is_ours: bool = False) -> Arrival:
    """Take in a bundle, and those that waited for it.

    is_ours: nobody else changes or removes the file; otherwise a copy of it is what is believed.
    Raises BundleRejected, CannotWrite, StoreBusy; then nothing was changed.
    """
    bundle_id = bundle.preamble(source).bundle
    try:
        return _take_in(hub, source, bundle_id, is_ours=is_ours)
    except Forked as fork:
        if forked.hold(hub, source, fork.desk):
            fork.details = {"waits": True}
        raise
    except BundleRejected as error:
        desk = error.details.get("desk")
        is_lost = error.reason == Reason.REVOKED
        if is_lost and isinstance(desk, int) and holding.hold(hub, source, desk):
            raise BundleRejected(Reason.REVOKED, desk=desk, waits=True) from error
        raise
    finally:
        places.sweep(hub.folder.inbox)


def _take_in(hub: Hub, source: Source, bundle_id: bytes, *, is_ours: bool) -> Arrival:
    path = source if isinstance(source, Path) else Path()
    with hub.statement() as connection:
        found = _HEAD.ask(connection, {"uid": bundle_id}).one()
        hub_keys = identity.keys_in(connection, found.kept)
        if found.state == inbox.APPLIED:
            return Arrival(path=path, fate=Fate.DUPLICATE)
    with ExitStack() as stack:
        copy = source
        if isinstance(source, Path) and not is_ours:
            copy = inbox.take_in(stack.enter_context(places.own(hub.folder.inbox)), source)
        came = _Came(copy, signers.verified(hub, copy, hub_keys))
        while True:
            try:
                with hub.transaction() as connection:
                    return _keep(hub, connection, path, came)
            except _Awaited as awaited:
                came.others |= _loaded(hub, hub_keys, awaited.uids)
            except Forked as fork:
                _ask_again(hub, fork, came.received.manifest)
                raise


_HEAD = Wording(
    'SELECT hub."keys" AS kept, (SELECT state FROM bundle_in WHERE uid = :uid) AS state FROM hub'
)


@dataclass(slots=True)
class _Came:
    """A verified bundle, its file, and those of its office that wait; None: cannot be read any more."""

    copy: Source
    received: Parcel
    others: dict[bytes, Parcel | None] = field(default_factory=dict)

    @property
    def readable(self) -> list[Parcel]:
        return [one for one in self.others.values() if one is not None]


class _Awaited(Exception):
    """Bundles wait in this office that were not read yet: first they are, outside of transactions."""

    def __init__(self, uids: list[bytes]) -> None:
        super().__init__()
        self.uids = uids


def known(hub: Hub) -> set[bytes]:
    """Ids of all bundles that came."""
    with hub.transaction() as connection:
        return set(connection.scalars(select(tables.bundle_in.c.uid)))


# --- before any transaction -----------------------------------------------------------------------


def _loaded(hub: Hub, hub_keys: HubKeys, uids: list[bytes]) -> dict[bytes, Parcel | None]:
    """Bundles that wait; one that was lost will be sent again."""
    found: dict[bytes, Parcel | None] = dict.fromkeys(uids)
    with places.own(hub.folder.inbox) as place:
        for uid in uids:
            with hub.transaction() as connection:
                path = waiting.fetch(connection, place, uid)
                if path is None:
                    waiting.forget(connection, uid)
                    continue
            with suppress(BundleRejected):
                found[uid] = signers.verified(hub, path, hub_keys)
    return found


# --- in the transaction ---------------------------------------------------------------------------


def _keep(hub: Hub, connection: Connection, path: Path, came: _Came) -> Arrival:
    received, manifest = came.received, came.received.manifest
    of = signers.office_of(connection, manifest)
    states = _states(connection, of.id, manifest.bundle)
    # Somebody may have brought the same file while this one was verified.
    if states.pop(manifest.bundle, None) == inbox.APPLIED:
        return Arrival(path=path, fate=Fate.DUPLICATE)
    unread = [uid for uid in states if uid not in came.others]
    if unread:
        raise _Awaited(unread)
    vouched.recall(hub, connection, of, received.contents(ROSTER))
    desk, enrolled = signers.sender_of(hub, connection, of, manifest)
    others = [one for one in came.readable if one.manifest.bundle in states]
    senders = [(signers.desk_with(connection, one.manifest.sender), one) for one in others]
    entered = enter(hub, connection, of, desk, [(desk, received), *senders])
    count, late = entered.operations, entered.late
    holding.hold_letters(hub, connection, of.id, entered.have, received.unapproved)
    if manifest.bundle in late:
        waiting.keep(connection, came.copy, manifest.bundle)
    _hear(
        hub,
        connection,
        desk,
        manifest,
        owes_answer=bool(received.operations or received.letters)
        or enrolled
        or entered.have.get(manifest.origin, 0) < manifest.vector.get(manifest.origin, 0),
    )
    released = [pair for pair in senders if pair[1].manifest.bundle not in late]
    for sender, _ in released:
        if sender is not None and sender.id != desk.id:  # it was told that its file waits
            _RELEASED.ask(connection, {"desk": sender.id, "yes": True})
    fate = Fate.NEW if count or enrolled else Fate.NOTHING_NEW
    return Arrival(
        path=path,
        fate=Fate.WAITING if manifest.bundle in late else fate,
        office=of.name,
        desk=desk.number,
        desk_name=desk.name,
        person=desk.person,
        number=manifest.number,
        operations=count,
        enrolled=enrolled,
        released=len(released),
    )


_RELEASED = Wording("UPDATE desk SET owes_answer = :yes WHERE id = :desk")


@dataclass(frozen=True, slots=True)
class Entered:
    """How many operations were new to the log, and which bundles still wait for another.

    have: what the office has by now. A desk that has more of its own, and does not send it, takes it
    to be here: this hub was put back from a copy and forgot it.
    """

    operations: int
    late: frozenset[bytes]
    have: Vector


def enter(
    hub: Hub,
    connection: Connection,
    of: OfficeRow,
    desk: AnyRow,
    came: Sequence[tuple[AnyRow | None, Parcel]],
) -> Entered:
    """Append verified bundles, with their senders, to the log of their office, which is locked.

    came: what came now, then what waited. desk: the one on whose account they are noted. Raises
    BundleRejected of what came now; of what waited, what does not fit goes on waiting.
    """
    standing = of_office(connection, of, hub.now_ms())
    if not standing.is_reach_noted:
        compaction.note_reach(connection, of.id, hub.now_ms())
    fitting = voices.fitting(connection, standing, came)
    brought = [
        letter
        for _, one in fitting
        for letter in one.letters
        if ownership.may_enter(connection, standing, letter)
    ]
    brought.sort(key=lambda letter: letter.is_reduced)  # what is whole goes before what has gaps
    every = Parcels([*(one for _, one in fitting), *brought])
    delivery = deliver(standing.vector, every.runs)
    count = log.append(connection, standing, delivery, every)
    for letter in brought:
        if letter.is_reduced:
            compaction.begin_after(connection, of.id, _gaps(letter, standing, delivery))
    left_out = {one.manifest.bundle for _, one in came} - {
        one.manifest.bundle for _, one in fitting
    }
    late = every.owners(delivery.waiting.keys()) | left_out
    for _, one in came:
        state = inbox.WAITING if one.manifest.bundle in late else inbox.APPLIED
        _note_bundle(hub, connection, desk.id, one, state)
    return Entered(count, late, delivery.have)


def _gaps(letter: Parcel, standing: Standing, delivery: Delivery) -> dict[int, int]:
    """By the hub's number of the origin, up to where a snapshot has given the log what that lacked."""
    before, have = standing.vector, delivery.have
    return {
        standing.origins[uid].id: min(hi, have[uid])
        for uid, hi in letters.covers(letter).items()
        if have.get(uid, 0) > before.get(uid, 0) < hi
    }


def _ask_again(hub: Hub, fork: Forked, manifest: Manifest) -> None:
    """Send the desk what it wrote before it was put back, so that it can tell the two apart.

    It took something to be here: where the two really begin to differ, shows by what was before that.
    One that this hub has forgotten, and only its work came back by others, joins all the same.
    """
    with hub.transaction() as connection:
        of = signers.office_of(connection, manifest)
        desk, _ = signers.sender_of(hub, connection, of, manifest)
        fork.desk = desk.id
        known = desks.heard_vector(desk)
        common = max(0, fork.common - LOOKED_BACK)
        known[fork.origin] = min(common, known.get(fork.origin, 0))
        connection.execute(
            update(tables.desk)
            .where(tables.desk.c.id == fork.desk)
            .values(
                heard_vector=_encode(known),
                owes_answer=True,
                receiving=fork.receiving or desk.receiving,
            )
        )


def _note_bundle(hub: Hub, connection: Connection, desk: int, one: Parcel, state: str) -> None:
    told = {
        "uid": one.manifest.bundle,
        "desk": desk,
        "number": one.manifest.number,
        "at": hub.now_ms(),
        "operations": one.operations,
        "state": state,
    }
    if _NEW_BUNDLE.ask(connection, told).rowcount:
        return
    changed = _OLD_BUNDLE.ask(connection, told)
    if changed.rowcount:
        waiting.drop(connection, one.manifest.bundle)


_NEW_BUNDLE = Wording(
    "INSERT INTO bundle_in(uid, desk, number, received_at, operations, state)"
    " VALUES (:uid, :desk, :number, :at, :operations, :state) ON CONFLICT DO NOTHING"
)
_OLD_BUNDLE = Wording("UPDATE bundle_in SET state = :state WHERE uid = :uid AND state <> :state")


def _hear(
    hub: Hub,
    connection: Connection,
    desk: AnyRow,
    manifest: Manifest,
    *,
    owes_answer: bool,
) -> None:
    """Keep what the desk says it has and where it receives, unless it has said otherwise since."""
    told = {"desk": desk.id, "now": hub.now_ms(), "owes": owes_answer}
    known = doubled.hear(desk, manifest, hub.now_ms())
    if known is None:
        _HEARD.ask(connection, told)
    else:
        vector = doubled.common(known)
        receiving = manifest.next_recipient or desk.receiving
        # What was written for a desk before it was put back from a copy does not serve it.
        is_other = receiving not in doubled.recipients(desk) or len(known) > 1
        told |= {
            "owes": owes_answer or is_other or _lost(desks.heard_vector(desk), vector),
            "incarnation": manifest.incarnation,
            "number": manifest.number,
            "vector": _encode(vector),
            "copies": doubled.packed(known),
            "receiving": receiving,
        }
        _HEARD_NEWS.ask(connection, told)
        if manifest.erasure != (desk.done or 0):
            erasure_ledger.hear(hub, connection, desk.id, manifest.erasure)
        if manifest.catalogue != (desk.catalogue or 0):
            catalogue.hear(connection, desk.id, manifest.catalogue)
        if manifest.erase or desk.has_asked:
            erasing.reopen(connection, desk.office, manifest.erase_anew)
            erasing.ask(hub, connection, desk, manifest.sender_name, manifest.erase)


def _lost(before: Mapping[bytes, int], now: Mapping[bytes, int]) -> bool:
    """Whether something that was there before is there no more."""
    return any(now.get(uid, 0) < hi for uid, hi in before.items())


_HEARD = Wording(
    "UPDATE desk SET heard_at = :now, owes_answer = owes_answer OR :owes WHERE id = :desk"
)
_HEARD_NEWS = Wording(
    "UPDATE desk SET heard_at = :now, owes_answer = owes_answer OR :owes,"
    " heard_incarnation = :incarnation, heard_number = :number, heard_vector = :vector,"
    " copies = :copies, receiving = :receiving WHERE id = :desk"
)


def _states(connection: Connection, office: int, bundle_id: bytes) -> dict[bytes, str]:
    """Of this bundle, if it came before, and of those that wait in the office, which is locked."""
    asked = {"office": office, "uid": bundle_id}
    return {row.uid: row.state for row in _STATES.ask(connection, asked)}


_STATES = Wording(
    "SELECT uid, state, 0 AS number FROM bundle_in WHERE uid = :uid UNION"
    " SELECT came.uid, came.state, came.number FROM bundle_in came JOIN desk ON desk.id = came.desk"
    " WHERE came.state = 'waiting' AND desk.office = :office AND came.uid <> :uid ORDER BY 3, 1"
)
