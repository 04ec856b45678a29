"""What the hub gives each desk: the office's operations that the desk's own vector lacks.

Each bundle confirms what the desk sent: the hub's vector is the receipt.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Connection

from correspondent_desk import decoding
from correspondent_desk.domain.delivery import Mark, reaches
from correspondent_desk.hub import (
    addresses,
    catalogue,
    doubled,
    erasing,
    erasure_ledger,
    recipients,
    restored,
    root,
    roster,
    snapshots,
)
from correspondent_desk.hub.database import Hub
from correspondent_desk.hub.recipients import Recipient, as_kept
from correspondent_desk.hub.tables import AnyRow
from correspondent_desk.hub.wording import Wording
from correspondent_desk.sync import bundle, collector, columns, ops, snapshot
from correspondent_desk.sync.bundle import Header, Section, Segment, Welcome
from correspondent_desk.sync.catalogue import CATALOGUE
from correspondent_desk.sync.catalogue import pack as pack_catalogue
from correspondent_desk.sync.columns import OPS_PER_SECTION, OpRow, Run
from correspondent_desk.sync.directory import DIRECTORY
from correspondent_desk.sync.keys import HubKeys
from correspondent_desk.sync.ledger import FEATURE, LEDGER, pack
from correspondent_desk.sync.manifest import Reached
from correspondent_desk.sync.parcels import ROSTER
from correspondent_desk.sync.rejection import BundleNotWritten, BundleRejected, Reason, WriteFault

SCHEMA = 1
_OPS = "ops"
_decode_body = decoding.msgpack(dict[int, object]).decode


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A bundle for a desk, complete on the disk."""

    path: Path
    office: str
    desk: int
    desk_name: str
    number: int
    operations: int
    size: int


@dataclass(frozen=True, slots=True)
class Made:
    """What a bundle will hold. count: how many this folder handed out with it."""

    to: Recipient
    keys: HubKeys
    header: Header
    sections: list[Section]
    count: int


def export(hub: Hub, target: Path) -> list[Sent]:
    """One bundle in the folder target for each desk that has something to receive.

    Raises BundleNotWritten, CannotWrite.
    """
    return list(each(hub, target))


def each(hub: Hub, target: Path) -> Iterator[Sent]:
    """As export, one after the other: what was written before an error counts, and is to be told."""
    if not target.is_dir():
        raise BundleNotWritten(WriteFault.NO_FOLDER, path=target)
    for one in recipients.every(hub):
        if one.has_news:
            yield write(hub, one, target)


def write(hub: Hub, to: Recipient, place: Path) -> Sent:
    """The bundle for one desk, with all that its office has by now, in the folder place.

    Raises BundleNotWritten, BundleRejected (revoked since), CannotWrite.
    """
    with hub.transaction() as connection:
        found = recipients.locked(connection, to.desk.id)
        if found is None:
            raise BundleRejected(Reason.REVOKED)
        made = make(hub, connection, found)
    return put(hub, made, place)


@collector.paused()
def put(hub: Hub, made: Made, place: Path) -> Sent:
    """Write what was made as a file in the folder place. Raises BundleNotWritten, CannotWrite."""
    _remember(hub, made)
    to, header = made.to, made.header
    written = bundle.write(
        place / bundle.file_name(to.office.code, f"hub-{to.desk.number}", header.number),
        header,
        made.sections,
        signing=made.keys.signing,
        recipients=doubled.recipients(to.desk),
    )
    with hub.transaction() as connection:
        _note(hub, connection, to, header)
    return Sent(
        path=written.path,
        office=to.office.name,
        desk=to.desk.number,
        desk_name=to.desk.name,
        number=header.number,
        operations=to.operations,
        size=written.size,
    )


@collector.paused()
def seal(hub: Hub, made: Made, file: BinaryIO, keep: Callable[[Connection], None]) -> None:
    """Write what was made into a file that nobody needs any more once it is kept.

    keep: done together with the note that it was written. Raises BundleNotWritten, CannotWrite.
    """
    _remember(hub, made)
    to, header = made.to, made.header
    bundle.seal(
        file,
        header,
        made.sections,
        signing=made.keys.signing,
        recipients=doubled.recipients(to.desk),
    )
    with hub.transaction() as connection:
        _note(hub, connection, to, header)
        keep(connection)


def _remember(hub: Hub, made: Made) -> None:
    """Before the bundle exists: a hub put back from a copy must know that it told more."""
    hub.sidecar.raise_to(bundles=made.count, incarnation=made.header.incarnation)


@collector.paused()
def make(hub: Hub, connection: Connection, to: Recipient) -> Made:
    """All that the next bundle for a desk holds, which is locked: no two ever have one number."""
    segments: list[Segment] = []
    requires = ["mvr1"]
    if _needs_snapshot(to):
        requires.append(snapshot.FEATURE)
        sections = [Section(snapshot.SNAPSHOT, packed) for packed in _snapshot(connection, to)]
    else:
        sections = [
            Section(_OPS, packed)
            for packed in columns.pack(ops.noted(_runs(connection, to), segments))
        ]
    segments += _heads(connection, to)
    ledger = _ledger(connection, to)
    if ledger:
        requires.append(FEATURE)
        sections += ledger
    if to.catalogue:
        text = catalogue.text_of(connection, to.catalogue)
        sections.append(Section(CATALOGUE, pack_catalogue(to.catalogue, text)))
    # Late, because others wait for this row; before the head, which may begin anew by it.
    count = restored.hand_out(connection, hub.sidecar, hub.now_ms())
    head = root.head(connection)
    keys = head.keys
    if head.vouched:
        sections.append(Section(DIRECTORY, head.vouched))
    sections.append(
        Section(ROSTER, roster.signed(hub, connection, to.office, keys, to.origins.values()))
    )
    number: int = _COUNT.ask(connection, {"desk": to.desk.id}).scalar_one()
    header = Header(
        sender_name=head.name,
        office=to.office.uid,
        origin=to.office.origin,
        incarnation=head.incarnation,
        number=number,
        previous=number - 1,
        created=max(hub.now_ms(), 0),
        vector=to.vector,
        segments=segments,
        schema=SCHEMA,
        requires=requires,
        next_recipient=keys.public.receiving,
        erasure=to.ledger,
        declined=erasing.declined(connection, to.office.id) if to.has_declined else [],
        welcome=Welcome(
            invitation=to.desk.invitation, desk=to.desk.number, office_code=to.office.code
        ),
        reached=_reached(connection),
    )
    return Made(to, keys, header, sections, count)


def _reached(connection: Connection) -> Reached | None:
    """For desks that joined by a file before the hub was on a network."""
    found = addresses.find(connection)
    return None if found is None else Reached(url=found.url, certificate=found.certificate)


_COUNT = Wording(
    "UPDATE desk SET said_number = said_number + 1 WHERE id = :desk RETURNING said_number"
)


def _ledger(connection: Connection, to: Recipient) -> list[Section]:
    """The lines that the desk has not carried out; they explain the numbers missing from the log."""
    if not to.lags:
        return []
    done = erasure_ledger.carried_out(connection, [to.desk.id]).get(to.desk.id, 0)
    lines = erasure_ledger.entries(connection, to.office.id, done)
    return [Section(LEDGER, packed) for packed in pack(lines)]


def _heads(connection: Connection, to: Recipient) -> list[Segment]:
    """What the hub has last of what the desk claims to have, and last of all of the desk itself.

    A desk put back from a copy has another operation there, and so has who got that by a stick. Where
    that began further back than was sent, it shows by the number that the desk claims next. Empty: what
    was last there was erased.
    """
    found = [*_HEADS.ask(connection, {"office": to.office.id})]
    for uid, hi in to.heard.items():
        origin = to.origins.get(uid)
        if origin is not None and hi < origin.hi:
            asked = {"office": to.office.id, "origin": origin.id, "seq": hi}
            found += _HEAD.ask(connection, asked)
    return [
        Segment(
            origin=row.uid,
            first=row.seq,
            to=row.seq,
            chain_to=b"" if row.stamp is None else ops.head(row.seq, row.stamp, row.record),
        )
        for row in found
        if (row.desk == to.desk.id or row.seq <= to.heard.get(row.uid, 0))
        and (row.stamp or row.seq > to.origins[row.uid].floor)
    ]


_HEADS = Wording(
    "SELECT origin.uid, origin.desk, origin.hi AS seq, op.stamp, op.record FROM origin"
    " LEFT JOIN op ON op.office = origin.office AND op.origin = origin.id AND op.seq = origin.hi"
    " WHERE origin.office = :office"
)
_HEAD = Wording(
    "SELECT origin.uid, origin.desk, op.seq, op.stamp, op.record FROM origin"
    " JOIN op ON op.office = origin.office AND op.origin = origin.id AND op.seq = :seq"
    " WHERE origin.office = :office AND origin.id = :origin"
)


def _note(hub: Hub, connection: Connection, to: Recipient, header: Header) -> None:
    told = {
        "uid": header.bundle,
        "desk": to.desk.id,
        "number": header.number,
        "now": hub.now_ms(),
        "operations": to.operations,
        "vector": as_kept(to.vector),
        "heard": to.desk.heard_number,
        "no": False,
    }
    _WRITTEN.ask(connection, told)
    # Another process may have made a newer one meanwhile: what that told stands.
    _SAID.ask(connection, told)


_WRITTEN = Wording(
    "INSERT INTO bundle_out(uid, desk, number, made_at, operations)"
    " VALUES (:uid, :desk, :number, :now, :operations)"
)
# What came while this was written is confirmed by the next one.
_SAID = Wording(
    "UPDATE desk SET said_vector = :vector, said_at = :now,"
    " owes_answer = CASE WHEN heard_number = :heard THEN :no ELSE owes_answer END"
    " WHERE id = :desk AND said_number = :number"
)


def _needs_snapshot(to: Recipient) -> bool:
    """Whether the log begins too late for the desk, or is long and all of it new to it."""
    if not reaches(to.vector, {one.uid: one.floor for one in to.origins.values()}, to.heard):
        return True
    return to.operations >= snapshots.FROM and _is_new(to)


def _is_new(to: Recipient) -> bool:
    """Whether the desk has nothing yet of what others wrote."""
    return all(to.origins[uid].desk == to.desk.id for uid in to.heard if uid in to.origins)


def _snapshot(connection: Connection, to: Recipient) -> Iterator[bytes]:
    uids = {one.id: one.uid for one in to.origins.values()}

    def read(uid: bytes, hi: int) -> Iterator[OpRow]:
        for run in _runs_of(connection, to.office.id, uids, to.origins[uid].id, 0, hi):
            yield from run.ops

    return snapshots.sections(connection, to.office.id, to.vector, read)


def _runs(connection: Connection, to: Recipient) -> Iterator[Run]:
    uids = {one.id: one.uid for one in to.origins.values()}
    for uid, hi in to.vector.items():
        after = to.heard.get(uid, 0)
        if after < hi:
            yield from _runs_of(connection, to.office.id, uids, to.origins[uid].id, after, hi)


def _runs_of(
    connection: Connection,
    office: int,
    uids: dict[int, bytes],
    origin: int,
    after: int,
    hi: int,
) -> Iterator[Run]:
    asked = {"office": office, "origin": origin, "after": after, "hi": hi}
    marks = [Mark(row.seq, uids[row.seen_origin], row.hi) for row in _MARKS.ask(connection, asked)]
    found = _OPERATIONS.ask(connection, asked)
    uid = uids[origin]
    while rows := found.fetchmany(OPS_PER_SECTION):
        found_ops = [_op(uid, row) for row in rows]
        upto = hi if len(rows) < OPS_PER_SECTION else found_ops[-1].seq
        yield ops.part(uid, after, upto, marks, found_ops)
        after = upto
    if after < hi:  # all that is left was erased
        yield ops.part(uid, after, hi, marks, [])


_MARKS = Wording(
    "SELECT seq, seen_origin, hi FROM context"
    " WHERE office = :office AND origin = :origin ORDER BY seq"
)
_OPERATIONS = Wording(
    'SELECT seq, stamp, record, kind, root, body, person, action, "group", wall FROM op'
    " WHERE office = :office AND origin = :origin AND seq > :after AND seq <= :hi ORDER BY seq"
)


def _op(origin: bytes, row: AnyRow) -> OpRow:
    seq, stamp, record, kind, root, body, *rest = row
    return OpRow(origin, seq, stamp, record, kind, root, _decode_body(body), *rest)
