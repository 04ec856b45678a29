"""What the hub gives each desk: the office's operations that the desk's own vector lacks.

Each bundle confirms what the desk sent: the hub's vector is the receipt.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import msgspec
from sqlalchemy import Connection, select

from correspondent_desk.domain.delivery import Mark, reaches
from correspondent_desk.hub import (
    catalogue,
    desks,
    doubled,
    erasing,
    erasure_ledger,
    identity,
    offices,
    restored,
    root,
    roster,
    snapshots,
    standing,
    tables,
)
from correspondent_desk.hub.database import Hub
from correspondent_desk.hub.desks import Status
from correspondent_desk.hub.offices import OfficeRow
from correspondent_desk.hub.schema import EVERY_OFFICE
from correspondent_desk.hub.standing import Origin
from correspondent_desk.hub.tables import AnyRow
from correspondent_desk.hub.wording import Wording
from correspondent_desk.store.changes import as_time
from correspondent_desk.sync import bundle, collector, columns, ops, snapshot
from correspondent_desk.sync.bundle import Header, Section, Segment, Welcome
from correspondent_desk.sync.catalogue import CATALOGUE
from correspondent_desk.sync.catalogue import pack as pack_catalogue
from correspondent_desk.sync.columns import OPS_PER_SECTION, OpRow, Run
from correspondent_desk.sync.directory import DIRECTORY
from correspondent_desk.sync.keys import HubKeys
from correspondent_desk.sync.ledger import FEATURE, LEDGER, pack
from correspondent_desk.sync.parcels import ROSTER
from correspondent_desk.sync.rejection import BundleNotWritten, BundleRejected, Reason, WriteFault

SCHEMA = 1
_OPS = "ops"
_encode = msgspec.msgpack.Encoder().encode
_decode_body = msgspec.msgpack.Decoder(dict[int, object]).decode


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
class Recipient:
    """A desk to write to, and the state of its office.

    heard: what the desk said last that it has. ledger: version of the office's erasure ledger. lags:
    the desk has not carried out all of it. catalogue: version of the catalogue to be sent, 0 for none.
    has_declined: whether wishes of the office were declined. origins: of the office; both read under the desk's lock only.
    """

    desk: AnyRow
    office: OfficeRow
    vector: dict[bytes, int]
    heard: dict[bytes, int]
    ledger: int = 0
    lags: bool = False
    catalogue: int = 0
    has_declined: bool = False
    origins: dict[bytes, Origin] = field(default_factory=dict)

    @property
    def operations(self) -> int:
        """How many operations the desk lacks."""
        return offices.lacking(self.vector, self.heard)

    @property
    def has_news(self) -> bool:
        """Whether the desk would learn anything."""
        return bool(self.operations or self.desk.owes_answer or self.lags or self.catalogue)

    @property
    def was_said(self) -> bool:
        """Whether the last bundle for the desk said all there is to say."""
        return not self.desk.owes_answer and self.desk.said_vector == _packed(self.vector)


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
    if not target.is_dir():
        raise BundleNotWritten(WriteFault.NO_FOLDER, path=target)
    return [write(hub, one, target) for one in recipients(hub) if one.has_news]


def recipients(hub: Hub) -> list[Recipient]:
    """All desks that are trusted, with what their offices have. It reads every office; see recipient."""
    rotate_keys(hub)
    with hub.transaction(EVERY_OFFICE) as connection:
        by_id = {one.id: one for one in offices.all_offices(connection)}
        vectors = offices.all_vectors(connection)
        found = connection.execute(
            select(tables.desk)
            .where(tables.desk.c.status == Status.ACTIVE)
            .order_by(tables.desk.c.office, tables.desk.c.number)
        )
        done, ledgers = erasure_ledger.carried_out(connection), erasure_ledger.versions(connection)
        catalogues = catalogue.lacking(connection)
        return [
            Recipient(
                row,
                by_id[row.office],
                vectors.get(row.office, {}),
                desks.heard_vector(row),
                ledgers.get(row.office, 0),
                erasure_ledger.lags(row.id, row.office, done, ledgers),
                catalogues.get(row.id, 0),
            )
            for row in found
        ]


def recipient(hub: Hub, desk: int) -> Recipient | None:
    """The desk with this id, by what its own office has; None: there is none that is trusted."""
    with hub.transaction() as connection:
        return locked(connection, desk)


def locked(connection: Connection, desk: int) -> Recipient | None:
    """As recipient, locked: nobody else makes a bundle for the desk until the end of the transaction."""
    row = _LOCKED.ask(connection, {"desk": desk}).one_or_none()
    if row is None or row.status != Status.ACTIVE:
        return None
    # After the lock, or this would be read as it was before the wait for it.
    asked = {"office": row.office, "desk": desk}
    ledger = _LEDGER.ask(connection, asked).one()
    origins = standing.origins(connection, row.office)
    return Recipient(
        row,
        OfficeRow(
            id=row.office,
            uid=row.of_uid,
            origin=row.of_origin,
            name=row.of_name,
            code=row.of_code,
        ),
        {one.uid: one.hi for one in origins.values() if one.hi},
        desks.heard_vector(row),
        ledger.version or 0,
        (ledger.done or 0) < (ledger.version or 0),
        ledger.newest if (ledger.newest or 0) > (ledger.known or 0) else 0,
        has_declined=bool(ledger.has_declined),
        origins=origins,
    )


_LOCKED = Wording(
    "SELECT desk.*, office.uid AS of_uid, office.origin AS of_origin, office.name AS of_name,"
    " office.code AS of_code, set_config('app.office', desk.office::text, true) AS scoped"
    " FROM desk JOIN office ON office.id = desk.office WHERE desk.id = :desk FOR UPDATE OF desk",
    sqlite="SELECT desk.*, office.uid AS of_uid, office.origin AS of_origin,"
    " office.name AS of_name, office.code AS of_code"
    " FROM desk JOIN office ON office.id = desk.office WHERE desk.id = :desk",
)
_LEDGER = Wording(
    "SELECT (SELECT max(version) FROM erasure WHERE office = :office) AS version,"
    " (SELECT version FROM erasure_done WHERE desk = :desk) AS done,"
    " (SELECT max(version) FROM catalogue) AS newest,"
    " (SELECT version FROM catalogue_known WHERE desk = :desk) AS known,"
    " EXISTS (SELECT 1 FROM erasure_request WHERE office = :office AND state = 'declined')"
    " AS has_declined"
)


def write(hub: Hub, to: Recipient, place: Path) -> Sent:
    """The bundle for one desk, with all that its office has by now, in the folder place.

    Raises BundleNotWritten, BundleRejected (revoked since), CannotWrite.
    """
    with hub.transaction() as connection:
        found = locked(connection, to.desk.id)
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
        place / bundle.file_name(to.office.code, to.desk.number, header.number),
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
    recipients = doubled.recipients(to.desk)
    bundle.seal(file, header, made.sections, signing=made.keys.signing, recipients=recipients)
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
    )
    return Made(to, keys, header, sections, count)


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
    """What the hub has last of the desk itself: a desk put back from a copy has another there."""
    found = _HEADS.ask(connection, {"office": to.office.id, "desk": to.desk.id})
    return [
        Segment(
            origin=row.uid,
            first=row.seq,
            to=row.seq,
            chain_to=ops.head(row.seq, row.stamp, row.record),
        )
        for row in found
    ]


_HEADS = Wording(
    "SELECT origin.uid, op.seq, op.stamp, op.record FROM origin"
    " JOIN op ON op.office = origin.office AND op.origin = origin.id AND op.seq = origin.hi"
    " WHERE origin.office = :office AND origin.desk = :desk"
)


def _note(hub: Hub, connection: Connection, to: Recipient, header: Header) -> None:
    told = {
        "uid": header.bundle,
        "desk": to.desk.id,
        "number": header.number,
        "now": hub.now_ms(),
        "operations": to.operations,
        "vector": _packed(to.vector),
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


def _packed(vector: dict[bytes, int]) -> bytes:
    return _encode(dict(sorted(vector.items())))


def rotate_keys(hub: Hub) -> None:
    """Take new receiving keys when it is time; who serves for long does this once a day."""
    with hub.transaction() as connection:
        found = select(tables.hub.c.id).with_for_update()
        connection.execute(found)
        keys: HubKeys = identity.keys(connection)
        rotated = keys.rotated(as_time(hub.now_ms()))
        if rotated != keys:
            identity.keep_keys(connection, rotated)
