"""What the hub gives each desk: the office's operations that the desk's own vector lacks.

Each bundle confirms what the desk sent: the hub's vector is the receipt.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
from sqlalchemy import Connection, and_, insert, select, update

from correspondent_desk.domain.delivery import Mark
from correspondent_desk.hub import (
    compaction,
    database,
    erasing,
    offices,
    restored,
    root,
    roster,
    sealing,
    snapshots,
    tables,
)
from correspondent_desk.hub.database import Hub
from correspondent_desk.hub.offices import OfficeRow, Status
from correspondent_desk.hub.schema import EVERY_OFFICE
from correspondent_desk.hub.tables import AnyRow
from correspondent_desk.store.changes import as_time
from correspondent_desk.sync import bundle, collector, columns, ops, snapshot
from correspondent_desk.sync.bundle import Header, Section, Segment, Welcome
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

    ledger: version of the office's erasure ledger. lags: the desk has not carried out all of it.
    """

    desk: AnyRow
    office: OfficeRow
    vector: dict[bytes, int]
    ledger: int = 0
    lags: bool = False

    @property
    def operations(self) -> int:
        """How many operations the desk lacks."""
        return offices.lacking(self.vector, offices.heard_vector(self.desk))

    @property
    def has_news(self) -> bool:
        """Whether the desk would learn anything."""
        return bool(self.operations or self.desk.owes_answer or self.lags)

    @property
    def was_said(self) -> bool:
        """Whether the last bundle for the desk said all there is to say."""
        return not self.desk.owes_answer and self.desk.said_vector == _packed(self.vector)


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
        done, ledgers = erasing.carried_out(connection), erasing.versions(connection)
        return [
            Recipient(
                row,
                by_id[row.office],
                vectors.get(row.office, {}),
                ledgers.get(row.office, 0),
                erasing.lags(row.id, row.office, done, ledgers),
            )
            for row in found
        ]


def recipient(hub: Hub, desk: int) -> Recipient | None:
    """The desk with this id, by what its own office has; None: there is none that is trusted."""
    with hub.transaction() as connection:
        return _recipient(connection, desk)


def _recipient(connection: Connection, desk: int, *, is_locked: bool = False) -> Recipient | None:
    asked = select(tables.desk).where(tables.desk.c.id == desk)
    row = connection.execute(asked.with_for_update() if is_locked else asked).one_or_none()
    if row is None or row.status != Status.ACTIVE:
        return None
    ledgers = erasing.versions(connection, row.office)
    done = erasing.carried_out(connection, [row.id]) if ledgers else {}
    return Recipient(
        row,
        offices.get(connection, row.office),
        offices.vector(connection, row.office),
        ledgers.get(row.office, 0),
        erasing.lags(row.id, row.office, done, ledgers),
    )


@collector.paused()
def write(hub: Hub, to: Recipient, place: Path) -> Sent:
    """The bundle for one desk, with all that its office has by now, in the folder place.

    Raises BundleNotWritten, BundleRejected (revoked since), CannotWrite.
    """
    with hub.transaction() as connection:
        made = _made(hub, connection, to.desk.id)
    # Before the file exists: a hub put back from a copy must know that it told more.
    hub.sidecar.raise_to(bundles=made.count, incarnation=made.header.incarnation)
    to, header = made.to, made.header
    written = bundle.write(
        place / bundle.file_name(to.office.code, to.desk.number, header.number),
        header,
        made.sections,
        signing=made.keys.signing,
        recipients=[to.desk.receiving],
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


@dataclass(frozen=True, slots=True)
class _Made:
    """What a bundle will hold. count: how many this folder handed out with it."""

    to: Recipient
    keys: HubKeys
    header: Header
    sections: list[Section]
    count: int


def _made(hub: Hub, connection: Connection, desk: int) -> _Made:
    """Under the desk's row lock, so that no two bundles for it ever have one number."""
    to = _recipient(connection, desk, is_locked=True)
    if to is None:
        raise BundleRejected(Reason.REVOKED)
    segments: list[Segment] = []
    requires = ["mvr1"]
    if _needs_snapshot(connection, to):
        requires.append(snapshot.FEATURE)
        sections = [Section(snapshot.SNAPSHOT, packed) for packed in _snapshot(connection, to)]
    else:
        sections = [
            Section(_OPS, packed)
            for packed in columns.pack(ops.noted(_runs(connection, to), segments))
        ]
    segments += _heads(connection, to)
    vouched = root.signed(connection)
    if vouched is not None:
        sections.append(Section(DIRECTORY, vouched[1] + vouched[0]))
    ledger = _ledger(connection, to)
    if ledger:
        requires.append(FEATURE)
        sections += ledger
    # Late, because others wait for this row; before the head, which may begin anew by it.
    count = restored.hand_out(connection, hub.sidecar, hub.now_ms())
    hub_row = tables.hub.c
    head = connection.execute(
        select(hub_row.name, hub_row.incarnation, hub_row["keys"].label("sealed"))
    ).one()
    keys = offices.keys_in(connection, head.sealed)
    sections.append(Section(ROSTER, roster.signed(hub, connection, to.office, keys)))
    number: int = connection.execute(
        update(tables.desk)
        .where(tables.desk.c.id == desk)
        .values(said_number=tables.desk.c.said_number + 1)
        .returning(tables.desk.c.said_number)
    ).scalar_one()
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
        welcome=Welcome(
            invitation=to.desk.invitation, desk=to.desk.number, office_code=to.office.code
        ),
    )
    return _Made(to, keys, header, sections, count)


def _ledger(connection: Connection, to: Recipient) -> list[Section]:
    """The lines that the desk has not carried out; they explain the numbers missing from the log."""
    if not to.lags:
        return []
    done = erasing.carried_out(connection, [to.desk.id]).get(to.desk.id, 0)
    lines = erasing.entries(connection, to.office.id, done)
    return [Section(LEDGER, packed) for packed in pack(lines)]


def _heads(connection: Connection, to: Recipient) -> list[Segment]:
    """What the hub has last of the desk itself: a desk put back from a copy has another there."""
    origin, op = tables.origin.c, tables.op.c
    found = connection.execute(
        select(origin.uid, op.seq, op.stamp, op.record)
        .join(
            tables.op,
            (op.office == origin.office) & (op.origin == origin.id) & (op.seq == origin.hi),
        )
        .where(origin.office == to.office.id, origin.desk == to.desk.id)
    )
    return [
        Segment(
            origin=row.uid,
            first=row.seq,
            to=row.seq,
            chain_to=ops.head(row.seq, row.stamp, row.record),
        )
        for row in found
    ]


def _note(hub: Hub, connection: Connection, to: Recipient, header: Header) -> None:
    connection.execute(
        insert(tables.bundle_out).values(
            uid=header.bundle,
            desk=to.desk.id,
            number=header.number,
            made_at=hub.now_ms(),
            operations=to.operations,
        )
    )
    desk = tables.desk.c
    # Another process may have made a newer one meanwhile: what that told stands.
    connection.execute(
        update(tables.desk)
        .where(desk.id == to.desk.id, desk.said_number == header.number)
        .values(
            said_vector=_packed(to.vector),
            said_at=hub.now_ms(),
            # What came while this was written is confirmed by the next one.
            owes_answer=and_(desk.owes_answer, desk.heard_number != to.desk.heard_number),
        )
    )


def _needs_snapshot(connection: Connection, to: Recipient) -> bool:
    """Whether the log begins too late for the desk, or is long and all of it new to it."""
    if compaction.is_behind(connection, to.office.id, offices.heard_vector(to.desk)):
        return True
    return to.operations >= snapshots.FROM and _is_new(connection, to)


def _is_new(connection: Connection, to: Recipient) -> bool:
    """Whether the desk has nothing yet of what others wrote."""
    origin = tables.origin.c
    own = connection.scalars(select(origin.uid).where(origin.desk == to.desk.id))
    return offices.heard_vector(to.desk).keys() <= set(own)


def _snapshot(connection: Connection, to: Recipient) -> Iterator[bytes]:
    numbers = {
        row.uid: row.id
        for row in connection.execute(
            select(tables.origin).where(tables.origin.c.office == to.office.id)
        )
    }
    uids = {number: uid for uid, number in numbers.items()}

    def read(uid: bytes, hi: int) -> Iterator[OpRow]:
        for run in _runs_of(connection, to.office.id, uids, numbers[uid], 0, hi):
            yield from run.ops

    return snapshots.sections(connection, to.office.id, to.vector, read)


def _runs(connection: Connection, to: Recipient) -> Iterator[Run]:
    known = offices.heard_vector(to.desk)
    numbers = {
        row.uid: row.id
        for row in connection.execute(
            select(tables.origin).where(tables.origin.c.office == to.office.id)
        )
    }
    uids = {number: uid for uid, number in numbers.items()}
    for uid, hi in to.vector.items():
        after = known.get(uid, 0)
        if after < hi:
            yield from _runs_of(connection, to.office.id, uids, numbers[uid], after, hi)


def _runs_of(
    connection: Connection,
    office: int,
    uids: dict[int, bytes],
    origin: int,
    after: int,
    hi: int,
) -> Iterator[Run]:
    op, context = tables.op.c, tables.context.c
    marks = [
        Mark(row.seq, uids[row.seen_origin], row.hi)
        for row in connection.execute(
            select(tables.context)
            .where(context.office == office, context.origin == origin)
            .order_by(context.seq)
        )
    ]
    found = connection.execute(
        select(
            op.seq, op.stamp, op.record, op.kind, op.root, op.body,
            op.person, op.action, op.group, op.wall,
        )
        .where(op.office == office, op.origin == origin, op.seq > after, op.seq <= hi)
        .order_by(op.seq)
    )  # fmt: skip
    uid = uids[origin]
    while rows := found.fetchmany(OPS_PER_SECTION):
        found_ops = [_op(uid, row) for row in rows]
        upto = hi if len(rows) < OPS_PER_SECTION else found_ops[-1].seq
        yield ops.part(uid, after, upto, marks, found_ops)
        after = upto
    if after < hi:  # all that is left was erased
        yield ops.part(uid, after, hi, marks, [])


def _op(origin: bytes, row: AnyRow) -> OpRow:
    seq, stamp, record, kind, root, body, person, action, group, wall = row
    return OpRow(
        origin, seq, stamp, record, kind, root, _decode_body(body), person, action, group, wall
    )


def _packed(vector: dict[bytes, int]) -> bytes:
    return _encode(dict(sorted(vector.items())))


def rotate_keys(hub: Hub) -> None:
    """Take new receiving keys when it is time; who serves for long does this once a day."""
    with hub.transaction() as connection:
        found = select(tables.hub.c.id).with_for_update()
        connection.execute(found)
        keys: HubKeys = offices.keys(connection)
        rotated = keys.rotated(as_time(hub.now_ms()))
        if rotated != keys:
            sealed = sealing.seal(database.seal_of(connection), rotated.to_bytes())
            connection.execute(update(tables.hub).values(keys=sealed))
