"""Erasure at the hub: offices ask, the hub confirms, and from then on nothing brings the record back.

A confirmed erasure is a line of the office's ledger, signed by the hub. It stands in the database and,
written first, in a file of the folder that is only ever added to: a database put back from a copy is
brought up by it before it may be used. Every desk gets the lines it lacks and says when it has carried
them out.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, delete, func, insert, or_, select, update

from correspondent_desk.errors import DeskError
from correspondent_desk.hub import audit, erasure_file, identity, offices, tables
from correspondent_desk.hub.audit import What
from correspondent_desk.hub.database import Hub, scope
from correspondent_desk.hub.desks import Status
from correspondent_desk.hub.erasure_tables import erasure, erasure_done, erasure_request
from correspondent_desk.hub.schema import or_leave
from correspondent_desk.hub.tables import AnyRow
from correspondent_desk.store.changes import as_time
from correspondent_desk.store.erasing import Entry, Erased, digest_of
from correspondent_desk.store.erasure_wishes import MOST_DECLINED, MOST_REASON, reference
from correspondent_desk.sync import ledger
from correspondent_desk.sync.keys import HubKeys
from correspondent_desk.sync.manifest import Declined

_AT_ONCE = 400


class NoSuchErasure(DeskError):
    """Nobody asked for an erasure of this number, or it was decided already (details: number)."""

    code = "no-such-erasure"


class State(StrEnum):
    """What became of an office's wish."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureRow:
    """A wish and what became of it. reason: why it was declined. done, desks: of those trusted, how many carried it out."""

    id: int
    reference: str
    office: str
    office_code: str
    desk: int
    person: str
    asked_at: datetime
    state: State
    decided_at: datetime | None
    decided_by: str
    reason: str
    done: int
    desks: int


# --- what bundles need ----------------------------------------------------------------------------


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


def hear(hub: Hub, connection: Connection, desk: int, version: int) -> None:
    """The desk says how far it has carried out its office's ledger; a restored one may say less."""
    if version or carried_out(connection, [desk]):
        connection.execute(delete(erasure_done).where(erasure_done.c.desk == desk))
        connection.execute(insert(erasure_done).values(desk=desk, version=version, at=hub.now_ms()))


def reopen(connection: Connection, office: int, answers: Mapping[bytes, int]) -> None:
    """Forget answers that were given to wishes at these times: a desk has heard them and asks once more."""
    wish = erasure_request.c
    for uid, at in answers.items():
        connection.execute(
            delete(erasure_request).where(
                wish.office == office,
                wish.digest == digest_of(uid),
                wish.state == State.DECLINED,
                wish.decided_at == at,
            )
        )


def ask(
    hub: Hub, connection: Connection, desk: AnyRow, person: str, roots: Collection[bytes]
) -> None:
    """Note what a desk asks for, once; of records of other offices nothing is noted.

    What it asked for and asks for no more is forgotten unless it was confirmed: a wish that was
    declined, taken back and uttered again is to be decided again.
    """
    wish = erasure_request.c
    connection.execute(
        delete(erasure_request).where(
            wish.office == desk.office,
            wish.desk == desk.number,
            wish.state.in_((State.ASKED, State.DECLINED)),
            wish.digest.not_in([digest_of(uid) for uid in roots]),
        )
    )
    if not roots:
        return
    root = tables.root.c
    own = connection.scalars(
        select(root.uid).where(root.office == desk.office, root.uid.in_(roots))
    ).all()
    for uid in own:
        connection.execute(
            or_leave(connection, erasure_request),
            {
                "office": desk.office,
                "digest": digest_of(uid),
                "root": uid,
                "desk": desk.number,
                "person": person,
                "asked_at": hub.now_ms(),
                "state": State.ASKED,
                "decided_at": 0,
                "decided_by": "",
            },
        )


def declined(connection: Connection, office: int) -> list[Declined]:
    """What was declined of the office's wishes and is still asked for, newest first."""
    wish = erasure_request.c
    found = connection.execute(
        select(wish.digest, wish.decided_at, wish.reason)
        .where(wish.office == office, wish.state == State.DECLINED)
        .order_by(wish.decided_at.desc(), wish.id.desc())
        .limit(MOST_DECLINED)
    )
    return [Declined(row.digest, row.decided_at, row.reason or "") for row in found]


# --- what operators do ----------------------------------------------------------------------------


def requests(hub: Hub) -> list[ErasureRow]:
    """All wishes, newest first."""
    wish, office = erasure_request.c, tables.office.c
    with hub.transaction() as connection:
        lines = {
            (row.office, row.digest): row.version
            for row in connection.execute(
                select(erasure.c.office, erasure.c.digest, erasure.c.version)
            )
        }
        reached = _reached(connection)
        found = connection.execute(
            select(erasure_request, office.name.label("of"), office.code)
            .join(tables.office, office.id == wish.office)
            .order_by(wish.id.desc())
        )
        return [
            _row(row, reached.get(row.office, []), lines.get((row.office, row.digest)))
            for row in found
        ]


def confirm(hub: Hub, number: int, *, by: str = "") -> ErasureRow:
    """Erase what was asked for under this number, here at once and on each desk as it exchanges.

    Raises NoSuchErasure, CannotWrite.
    """
    with hub.transaction() as connection:
        wish = _asked(connection, number)
        of = offices.lock(connection, wish.office)
        version = max(versions(connection, of.id).get(of.id, 0) + 1, hub.now_ms())
        line = ledger.sign(identity.keys(connection).signing, of.uid, version, wish.digest)
        erasure_file.append(hub.folder.ledger, [(of.uid, line)])
        _enter(hub, connection, of.id, [line])
        _decide(hub, connection, number, State.CONFIRMED, by)
        audit.note(
            hub, connection, by, What.ERASED, office=of.code, reference=reference(wish.digest)
        )
    [row] = [one for one in requests(hub) if one.id == number]
    return row


def decline(hub: Hub, number: int, *, by: str = "", why: str = "") -> ErasureRow:
    """Do not erase what was asked for under this number; its desks hear so with their next bundle.

    why: what the office is told; what is longer than MOST_REASON is cut. Raises NoSuchErasure.
    """
    with hub.transaction() as connection:
        wish = _asked(connection, number)
        of = offices.get(connection, wish.office)
        _decide(hub, connection, number, State.DECLINED, by, " ".join(why.split())[:MOST_REASON])
        connection.execute(
            update(tables.desk).where(tables.desk.c.office == of.id).values(owes_answer=True)
        )
        audit.note(
            hub,
            connection,
            by,
            What.ERASURE_DECLINED,
            office=of.code,
            reference=reference(wish.digest),
        )
    [row] = [one for one in requests(hub) if one.id == number]
    return row


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
            _enter(hub, connection, of.id, new)
            added += len(new)
            lacking += [(of.uid, one) for digest, one in here.items() if digest not in there]
    erasure_file.append(hub.folder.ledger, lacking)
    return added


def _asked(connection: Connection, number: int) -> AnyRow:
    wish = erasure_request.c
    found = connection.execute(
        select(erasure_request)
        .where(wish.id == number, wish.state == State.ASKED)
        .with_for_update()
    ).one_or_none()
    if found is None:
        raise NoSuchErasure(number=number)
    return found


def _decide(
    hub: Hub, connection: Connection, number: int, state: State, by: str, reason: str = ""
) -> None:
    connection.execute(
        update(erasure_request)
        .where(erasure_request.c.id == number)
        .values(state=state, decided_at=hub.now_ms(), decided_by=by, root=None, reason=reason)
    )


def _reached(connection: Connection) -> dict[int, list[int]]:
    """Of each office, how far its trusted desks have carried out the ledger."""
    desk, done = tables.desk.c, erasure_done.c
    found: dict[int, list[int]] = {}
    for office, version in connection.execute(
        select(desk.office, func.coalesce(done.version, 0))
        .outerjoin(erasure_done, done.desk == desk.id)
        .where(desk.status == Status.ACTIVE)
    ):
        found.setdefault(office, []).append(version)
    return found


def _row(row: AnyRow, reached: list[int], version: int | None) -> ErasureRow:
    return ErasureRow(
        id=row.id,
        reference=reference(row.digest),
        office=row.of,
        office_code=row.code,
        desk=row.desk,
        person=row.person,
        asked_at=as_time(row.asked_at),
        state=State(row.state),
        decided_at=as_time(row.decided_at) if row.decided_at else None,
        decided_by=row.decided_by,
        reason=row.reason or "",
        done=0 if version is None else sum(one >= version for one in reached),
        desks=len(reached),
    )


# --- carrying it out here -------------------------------------------------------------------------


def _enter(hub: Hub, connection: Connection, office: int, lines: Iterable[Entry]) -> None:
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


def erased_of(connection: Connection, office: int) -> Erased:
    """What the office's ledger names."""
    return Erased(entries(connection, office))


def lags(to_desk: int, office: int, done: Mapping[int, int], ledgers: Mapping[int, int]) -> bool:
    """Whether a desk has not said yet that it carried out its office's ledger to the end."""
    return done.get(to_desk, 0) < ledgers.get(office, 0)
