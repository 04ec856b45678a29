"""What offices ask to have erased, and what operators decide: confirmed, it enters the ledger."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, select, update

from correspondent_desk.errors import DeskError
from correspondent_desk.hub import audit, erasure_file, erasure_ledger, identity, offices, tables
from correspondent_desk.hub.audit import What
from correspondent_desk.hub.database import Hub
from correspondent_desk.hub.desks import Status
from correspondent_desk.hub.erasure_tables import State, erasure, erasure_done, erasure_request
from correspondent_desk.hub.schema import or_leave
from correspondent_desk.hub.tables import AnyRow
from correspondent_desk.store.changes import as_time
from correspondent_desk.store.erasing import digest_of
from correspondent_desk.store.erasure_wishes import MOST_DECLINED, MOST_REASON, reference
from correspondent_desk.sync import ledger
from correspondent_desk.sync.manifest import Declined

__all__ = [
    "ErasureRow", "NoSuchErasure", "State", "ask", "confirm", "decline", "declined", "reopen",
    "requests",
]  # fmt: skip


class NoSuchErasure(DeskError):
    """Nobody asked for an erasure of this number, or it was decided already (details: number)."""

    code = "no-such-erasure"


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
        version = max(erasure_ledger.versions(connection, of.id).get(of.id, 0) + 1, hub.now_ms())
        line = ledger.sign(identity.keys(connection).signing, of.uid, version, wish.digest)
        erasure_file.append(hub.folder.ledger, [(of.uid, line)])
        erasure_ledger.enter(hub, connection, of.id, [line])
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
