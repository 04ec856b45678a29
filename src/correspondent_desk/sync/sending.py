"""What leaves this desk: all its operations that the hub has not acknowledged, in one bundle.

Since the last acknowledgement and not since the last file: a lost stick heals itself.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from sqlite3 import Connection

import msgspec

from correspondent_desk.errors import DeskError
from correspondent_desk.store import erasing, erasure_wishes
from correspondent_desk.store import origins as incarnations
from correspondent_desk.store.changes import as_time
from correspondent_desk.store.identity import raw
from correspondent_desk.store.opened import Store
from correspondent_desk.store.session import Session
from correspondent_desk.sync import (
    bundle,
    catalogue,
    collector,
    columns,
    enrolment,
    letters,
    link,
    ops,
    roster,
)
from correspondent_desk.sync.bundle import Header, Section, Segment
from correspondent_desk.sync.folder import is_folder
from correspondent_desk.sync.keys import DeskKeys
from correspondent_desk.sync.letters import Kept
from correspondent_desk.sync.link import Link
from correspondent_desk.sync.origins import Origins
from correspondent_desk.sync.parcels import ROSTER
from correspondent_desk.sync.rejection import BundleRejected, Reason

SCHEMA = 1
OPS = "ops"
REQUIRES = ["mvr1"]
PREPARED, HANDED_OVER, ACKNOWLEDGED, REFUSED = "prepared", "handed-over", "acknowledged", "refused"
"""Whether a bundle lies on the disk, was given to the hub or to its folder, has come, or was refused."""
_MOST_NAME = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A bundle for the hub, complete on the disk. operations: how many it carries, maybe none."""

    path: Path
    size: int
    number: int
    operations: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxRow:
    """A bundle that was made and has not been acknowledged. state: one of those above."""

    number: int
    made_at: datetime
    operations: int
    state: str = PREPARED


@dataclass(frozen=True, slots=True)
class _Parts:
    """A bundle before it is written."""

    header: Header
    sections: list[Section]
    operations: int
    incarnations: dict[bytes, int]
    up_to: int


def has_news(db: Store, session: Session, known: Link) -> bool:
    """Whether the hub would learn anything.

    Operations, that this desk exists, that the hub's bundle came; or that this store was put back
    from a copy, has less than it had and receives under an earlier key.
    """
    connection = raw(session)
    return (
        not known.desk
        or known.is_behind
        or ops.count_unknown_to(connection, known.hub_has) > 0
        or bool(for_hub(connection, known))
        or (known.owes_answer and known.claimed(Origins(connection).vector) != known.last_told)
        or erasing.version(connection) != known.told_erasure
        or catalogue.held(session) != known.told_catalogue
        or len(known.forgotten) != known.told_forgotten
        or incarnations.last_bundle(db.folder) > _last_number(session)
    )


def note_unreadable(db: Store, error: DeskError) -> bool:
    """Whether the hub sealed its answer for a key that is here no more: then it is to hear which one is."""
    unread = (Reason.WRONG_RECIPIENT, Reason.STALE_KEY)
    if not (isinstance(error, BundleRejected) and error.reason in unread):
        return False
    db.keep(_tell_where_we_receive)
    return True


def _tell_where_we_receive(session: Session) -> None:
    link.keep(session, msgspec.structs.replace(link.load(session)[0], is_behind=True))


def says_all(db: Store, session: Session, known: Link) -> bool:
    """Whether the bundle made last says all there is to say by now, so that it may go once more."""
    connection = raw(session)
    return (
        not known.is_behind
        # Whoever holds another invitation than then has not said so yet.
        and bool(known.desk or known.sent_at or known.uninvited)
        and known.claimed(Origins(connection).vector) == known.last_told
        and erasing.version(connection) == known.told_erasure
        and catalogue.held(session) == known.told_catalogue
        and len(known.forgotten) == known.told_forgotten
        and incarnations.last_bundle(db.folder) <= _last_number(session)
    )


@collector.paused()
def prepare(db: Store, target: Path) -> Prepared | None:
    """The bundle for the hub, at target or in the folder target; None if the hub lacks nothing.

    Raises NotEnrolled, BundleNotWritten, CannotWrite. Whatever is raised, no file was left.
    """
    now_ms = db.now_ms()
    known, keys = db.read(link.load)
    if not db.read(lambda s: has_news(db, s, known)):
        return None
    keys = rotated(db, keys, as_time(now_ms))
    parts = db.read(lambda s: _parts(db, s, known, keys, now_ms))
    number = parts.header.number
    path = target / name_of(known, keys, number) if is_folder(target) else target
    # Before the file exists: a store put back from a copy must know which numbers were used.
    incarnations.note_exported(
        db.folder,
        parts.incarnations,
        bundle=number,
        incarnation=parts.header.incarnation,
    )
    written = bundle.write(
        path,
        parts.header,
        parts.sections,
        signing=keys.signing,
        recipients=[known.hub.receiving],
    )
    db.keep(lambda s: _note(s, parts, now_ms))
    return Prepared(path=path, size=written.size, number=number, operations=parts.operations)


def name_of(known: Link, keys: DeskKeys, number: int) -> str:
    """The name of a bundle of this desk; before it has a number, two desks must not meet in one."""
    desk = known.desk or 10_000 + int.from_bytes(keys.public.signing[:2])
    return bundle.file_name(known.office_code, str(desk), number)


def acknowledge(session: Session, own_reached: int) -> None:
    """The hub says it has this desk's operations up to own_reached."""
    raw(session).execute(
        "UPDATE outbox SET state=?1 WHERE state<>?1 AND up_to<=?2", (ACKNOWLEDGED, own_reached)
    )


def newly_reached(session: Session, own_reached: int) -> int:
    """The last file of changes that is among these operations and was not acknowledged; 0: none."""
    found: int = (
        raw(session)
        .execute(
            "SELECT coalesce(max(number), 0) FROM outbox"
            " WHERE state<>? AND operations>0 AND up_to<=?",
            (ACKNOWLEDGED, own_reached),
        )
        .fetchone()[0]
    )
    return found


def note_state(session: Session, bundle_id: bytes, state: str) -> None:
    """What became of a bundle, unless it was acknowledged: HANDED_OVER, or REFUSED by the hub."""
    raw(session).execute(
        "UPDATE outbox SET state=? WHERE bundle=? AND state<>?", (state, bundle_id, ACKNOWLEDGED)
    )


def number_of(session: Session, bundle_id: bytes) -> int | None:
    """Which of this desk's own bundles it is; None: none of them."""
    found = raw(session).execute("SELECT number FROM outbox WHERE bundle=?", (bundle_id,))
    row = found.fetchone()
    return row[0] if row else None


def unacknowledged(session: Session) -> list[OutboxRow]:
    """Bundles with operations that were not acknowledged, oldest first."""
    found = raw(session).execute(
        "SELECT number, made_at, operations, state FROM outbox"
        " WHERE state<>? AND operations>0 ORDER BY number",
        (ACKNOWLEDGED,),
    )
    return [
        OutboxRow(number=number, made_at=as_time(at), operations=count, state=state)
        for number, at, count, state in found
    ]


def written(session: Session) -> dict[bytes, int]:
    """The bundles that this store knows to have made, with their numbers."""
    return dict(raw(session).execute("SELECT bundle, number FROM outbox"))


def rotated(db: Store, keys: DeskKeys, now: datetime) -> DeskKeys:
    """This desk's keys, a new receiving key among them when it is time."""
    renewed = keys.rotated(now)
    if renewed != keys:
        db.keep(lambda s: link.keep_keys(s, renewed))
    return renewed


def _last_number(session: Session) -> int:
    found: int = raw(session).execute("SELECT coalesce(max(number), 0) FROM outbox").fetchone()[0]
    return found


def _parts(db: Store, session: Session, known: Link, keys: DeskKeys, now_ms: int) -> _Parts:
    connection = raw(session)
    origins = Origins(connection)
    count = ops.count_unknown_to(connection, known.hub_has)
    number = max(incarnations.last_bundle(db.folder), _last_number(session)) + 1
    segments: list[Segment] = []
    sections = [
        Section(OPS, packed)
        for packed in columns.pack(ops.noted(ops.own_runs(connection, known.hub_has), segments))
    ]
    sections += [Section(letters.LETTER, one.content) for one in for_hub(connection, known)]
    sections += [Section(ROSTER, signed) for signed in known.forgotten]
    own = origins.uid(origins.own)
    header = Header(
        sender_name=(db.person or known.desk_name)[:_MOST_NAME],
        office=known.office,
        origin=own,
        incarnation=max(origins.incarnation, incarnations.last_incarnation(db.folder)),
        number=number,
        previous=number - 1,
        created=max(now_ms, 0),
        vector=known.claimed(origins.vector),
        segments=[headed(connection, one) for one in segments],
        schema=SCHEMA,
        requires=REQUIRES,
        next_recipient=keys.public.receiving,
        erasure=erasing.version(connection),
        erase=erasure_wishes.uids(session),
        erase_anew=erasure_wishes.anew(session),
        catalogue=catalogue.held(session),
    )
    asking = enrolment.asking(known, header, keys, db.person)
    return _Parts(
        msgspec.structs.replace(header, enrolment=asking),
        sections,
        count,
        origins.incarnations,
        origins.reached(own),
    )


def for_hub(connection: Connection, known: Link) -> list[Kept]:
    """What the hub lacks that others signed: it takes each from whoever brings it first.

    What it signed itself it lacks if it was put back from a copy and has spoken since.
    """
    of_hub, trusted = roster.believed(known), roster.trusted(known)
    return letters.lacking(
        connection,
        known.hub_has,
        lambda one: (
            one.sender in trusted or (one.sender in of_hub and one.received_at <= known.received_at)
        ),
        # It may never say that it has what is of others: an operator decides.
        lambda one: one.sender not in of_hub and one.sender not in trusted,
    )


def headed(connection: Connection, one: Segment) -> Segment:
    """The segment with what its ends are told by: the hub finds out if it has others there."""
    return msgspec.structs.replace(
        one,
        chain_first=ops.own_head(connection, one.origin, one.first),
        chain_to=ops.own_head(connection, one.origin, one.to),
    )


def _note(session: Session, parts: _Parts, now_ms: int) -> None:
    raw(session).execute(
        "INSERT INTO outbox(number, bundle, made_at, up_to, operations, state) VALUES(?,?,?,?,?,?)",
        (parts.header.number, parts.header.bundle, now_ms, parts.up_to, parts.operations, PREPARED),
    )
    known = link.find(session)
    if known is not None:
        link.keep(
            session,
            msgspec.structs.replace(
                known,
                sent_at=now_ms,
                owes_answer=False,
                is_behind=False,
                last_told=parts.header.vector,
                told_erasure=parts.header.erasure,
                told_catalogue=parts.header.catalogue,
                told_forgotten=sum(one.kind == ROSTER for one in parts.sections),
            ),
        )
