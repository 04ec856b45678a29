"""Files that wait until an operator approves them: what they are, and how they are let go."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from correspondent_desk.errors import DeskError
from correspondent_desk.hub import audit, identity, signers, tables, waiting
from correspondent_desk.hub.audit import What
from correspondent_desk.hub.database import Hub
from correspondent_desk.store.changes import as_time
from correspondent_desk.sync import bundle, letters, parcels
from correspondent_desk.sync.opening import Source
from correspondent_desk.sync.parcels import Parcel
from correspondent_desk.sync.rejection import BundleRejected, Reason

HELD = "held"
HELD_LETTER, LET_GO = "held-letter", "let-go"
"""A letter is brought again with each file of who carries it, so that it was let go is remembered."""
WAITS = (HELD, HELD_LETTER)


class NoSuchHeld(DeskError):
    """No file of that id waits to be approved (details: id)."""

    code = "no-such-held"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldRow:
    """A file to be approved. id: to name it by. operations: what the hub lacked of it."""

    id: str
    office: str
    office_code: str
    desk: int
    desk_name: str
    number: int
    operations: int
    received_at: datetime


def verified_letter(hub: Hub, content: bytes, desk: int) -> Parcel:
    """The letter that was kept, signed by this desk, whatever it is trusted. Raises BundleRejected."""
    with hub.transaction() as connection:
        keys = identity.keys(connection)
        signing = connection.execute(
            select(tables.desk.c.signing).where(tables.desk.c.id == desk)
        ).scalar_one()
    found = letters.read(letters.unsealed(content, keys.receiving), lambda one: one == signing)
    if found is None:
        raise BundleRejected(Reason.UNKNOWN_SENDER)
    return found


def verified(hub: Hub, source: Source, desk: int) -> Parcel:
    """The bundle source, signed by this desk, whatever it is trusted, with the letters that it carries.

    Raises BundleRejected.
    """
    with hub.transaction() as connection:
        keys = identity.keys(connection)
        signing = connection.execute(
            select(tables.desk.c.signing).where(tables.desk.c.id == desk)
        ).scalar_one()
    trust = bundle.signed_by({signing})
    parcel = parcels.load(source, keys.receiving, trust, retired=keys.retired)
    signers.open_letters(hub, parcel, keys)
    return parcel


def held(hub: Hub) -> list[HeldRow]:
    """All files to be approved, oldest first."""
    came, desk, of = tables.bundle_in.c, tables.desk.c, tables.office.c
    with hub.transaction() as connection:
        found = connection.execute(
            select(
                came.uid, of.name.label("of"), of.code, desk.number.label("desk_number"),
                desk.name, came.number, came.operations, came.received_at,
            )
            .join(tables.desk, desk.id == came.desk)
            .join(tables.office, of.id == desk.office)
            .where(came.state.in_(WAITS))
            .order_by(came.received_at, came.number, came.uid)
        )  # fmt: skip
        return [
            HeldRow(
                id=row.uid.hex()[:8],
                office=row.of,
                office_code=row.code,
                desk=row.desk_number,
                desk_name=row.name,
                number=row.number,
                operations=row.operations,
                received_at=as_time(row.received_at),
            )
            for row in found
        ]


def decline(hub: Hub, id_: str, *, by: str = "") -> HeldRow:
    """Let a file go that waits to be approved (the beginning of its id is enough).

    Its desk, trusted no more, is not told; the file itself stays where it came from. Raises NoSuchHeld.
    """
    fitting = [one for one in held(hub) if id_ and one.id.startswith(id_.lower()[:8])]
    if len(fitting) != 1:
        raise NoSuchHeld(id=id_)
    [found] = fitting
    came, desk, of = tables.bundle_in.c, tables.desk.c, tables.office.c
    with hub.transaction() as connection:
        row = connection.execute(
            select(desk.id)
            .join(tables.office, of.id == desk.office)
            .where(of.code == found.office_code, desk.number == found.desk)
            .with_for_update()
        ).one()
        waits = connection.execute(
            select(came.uid, came.state).where(came.desk == row.id, came.state.in_(WAITS))
        ).all()
        one = next((one for one in waits if one.uid.hex().startswith(found.id)), None)
        if one is None:
            raise NoSuchHeld(id=id_)  # another operator was quicker
        if one.state == HELD:
            forget(connection, row.id)
        else:
            waiting.drop(connection, one.uid)
            gone = update(tables.bundle_in).where(came.uid == one.uid).values(state=LET_GO)
            connection.execute(gone)
        audit.note(
            hub,
            connection,
            by,
            What.RESCUE_DECLINED,
            office=found.office_code,
            desk=found.desk,
            operations=found.operations,
        )
    return found


def forget(connection: Connection, desk: int) -> None:
    """Let go the file of this desk that is held, if one is."""
    came = tables.bundle_in.c
    of_desk = (came.desk == desk) & (came.state == HELD)
    for uid in connection.scalars(select(came.uid).where(of_desk)).all():
        waiting.drop(connection, uid)
    connection.execute(delete(tables.bundle_in).where(of_desk))
