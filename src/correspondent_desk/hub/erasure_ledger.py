"""The ledger of erasures: once a record stands in it, nothing brings that record back.

A line is of one office and signed by the hub. It stands in the database and, written first, in a file
of the folder that is only ever added to: a database put back from a copy is brought up by it before it
may be used. Every desk gets the lines it lacks and says when it has carried them out.
"""

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import ColumnElement, Connection, delete, func, insert, or_, select, update

from correspondent_desk.hub import erasure_file, identity, offices, tables
from correspondent_desk.hub.database import Hub, scope
from correspondent_desk.hub.erasure_tables import State, erasure, erasure_done, erasure_request
from correspondent_desk.store.erasing import Entry, Erased
from correspondent_desk.sync import ledger
from correspondent_desk.sync.keys import HubKeys

_AT_ONCE = 400


def entries(connection: Connection, office: int, after: int = 0) -> list[Entry]:
    """The office's ledger, or its lines after this version."""
    line = erasure.c
    found = connection.execute(
        select(line.version, line.digest, line.is_root, line.signature)
        .where(line.office == office, line.version > after)
        .order_by(line.version)
    )
    return [
        Entry(version=row.version, digest=row.digest, is_root=row.is_root, signature=row.signature)
        for row in found
    ]


def erased_of(connection: Connection, office: int) -> Erased:
    """What the office's ledger names."""
    return Erased(entries(connection, office))


def versions(connection: Connection, office: int | None = None) -> dict[int, int]:
    """Of the ledgers of all offices that have one, or of one office's."""
    line = erasure.c
    asked = select(line.office, func.max(line.version)).group_by(line.office)
    if office is not None:
        asked = asked.where(line.office == office)
    return {row[0]: row[1] for row in connection.execute(asked)}


def carried_out(connection: Connection, desks: Collection[int] | None = None) -> dict[int, int]:
    """How far each desk said that it carried out its office's ledger; None: all desks."""
    done = erasure_done.c
    asked = select(done.desk, done.version)
    if desks is not None:
        asked = asked.where(done.desk.in_(desks))
    return {row[0]: row[1] for row in connection.execute(asked)}


def lags(to_desk: int, office: int, done: Mapping[int, int], ledgers: Mapping[int, int]) -> bool:
    """Whether a desk has not said yet that it carried out its office's ledger to the end."""
    return done.get(to_desk, 0) < ledgers.get(office, 0)


def hear(hub: Hub, connection: Connection, desk: int, version: int) -> None:
    """The desk says how far it has carried out its office's ledger; a restored one may say less."""
    if version or carried_out(connection, [desk]):
        connection.execute(delete(erasure_done).where(erasure_done.c.desk == desk))
        connection.execute(insert(erasure_done).values(desk=desk, version=version, at=hub.now_ms()))


def sign_anew(connection: Connection, keys: HubKeys) -> None:
    """Sign all lines with the hub's new key: those before it are believed no more."""
    line, office = erasure.c, tables.office.c
    found = connection.execute(
        select(line.office, line.version, line.digest, line.is_root, office.uid).join(
            tables.office, office.id == line.office
        )
    ).all()
    for row in found:
        signed = ledger.sign(
            keys.signing, row.uid, row.version, row.digest, is_root=bool(row.is_root)
        )
        connection.execute(
            update(erasure)
            .where(line.office == row.office, line.version == row.version)
            .values(signature=signed.signature)
        )


def replay(hub: Hub) -> int:
    """Bring database and file to the same lines; how many the database lacked.

    For a hub that is opened: its database may have been put back from a copy. Raises CannotWrite.
    """
    with hub.transaction() as connection:
        count: int = connection.execute(select(func.count()).select_from(erasure)).scalar_one()
    if count == erasure_file.count(hub.folder.ledger):
        return 0
    noted = erasure_file.read(hub.folder.ledger)
    lacking: list[tuple[bytes, Entry]] = []
    added = 0
    with hub.transaction() as connection:
        keys = identity.keys(connection)
        # The file is only added to: its lines stay signed by the key that the hub had at the time.
        # A hub put back from a copy has forgotten those that it took since.
        signing = {keys.public.signing, *keys.earlier, *keys.lost, *hub.sidecar.keys()}
        known = set(versions(connection))
        for of in offices.all_offices(connection):
            if of.id not in known and of.uid not in noted:
                continue
            offices.lock(connection, of.id)
            here = {one.digest: one for one in entries(connection, of.id)}
            there = {
                one.digest: one
                for one in noted.get(of.uid, ())
                if any(ledger.is_genuine(one, of.uid, key) for key in signing)
            }
            new = [
                ledger.sign(keys.signing, of.uid, one.version, one.digest, is_root=one.is_root)
                for digest, one in there.items()
                if digest not in here
            ]
            enter(hub, connection, of.id, new)
            added += len(new)
            lacking += [(of.uid, one) for digest, one in here.items() if digest not in there]
    erasure_file.append(hub.folder.ledger, lacking)
    return added


def enter(hub: Hub, connection: Connection, office: int, lines: Iterable[Entry]) -> None:
    """Add lines to the ledger of the office, which is locked, and delete what they name."""
    new = list(lines)
    if not new:
        return
    connection.execute(
        insert(erasure),
        [
            {
                "office": office,
                "version": one.version,
                "digest": one.digest,
                "is_root": one.is_root,
                "signature": one.signature,
                "at": hub.now_ms(),
            }
            for one in new
        ],
    )
    _delete(connection, office, Erased(new))
    wish = erasure_request.c
    connection.execute(
        update(erasure_request)
        .where(
            wish.office == office,
            wish.digest.in_([one.digest for one in new]),
            wish.state == State.ASKED,
        )
        .values(state=State.CONFIRMED, decided_at=hub.now_ms(), root=None)
    )
    connection.execute(
        update(tables.desk).where(tables.desk.c.office == office).values(owes_answer=True)
    )


def _delete(connection: Connection, office: int, erased: Erased) -> None:
    scope(connection, office)
    root, op = tables.root.c, tables.op.c
    roots = [
        uid
        for uid in connection.scalars(select(root.uid).where(root.office == office))
        if erased.has(uid)
    ]
    for at in range(0, len(roots), _AT_ONCE):
        chosen = roots[at : at + _AT_ONCE]
        named: ColumnElement[bool] = or_(op.root.in_(chosen), op.record.in_(chosen))
        connection.execute(delete(tables.op).where(op.office == office, named))
        connection.execute(delete(tables.root).where(root.office == office, root.uid.in_(chosen)))
