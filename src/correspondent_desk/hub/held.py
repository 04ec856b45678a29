"""Files that wait until an operator approves them: what they are, and how they are let go."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select

from correspondent_desk.errors import DeskError
from correspondent_desk.hub import identity, signers, tables, waiting
from correspondent_desk.hub.database import Hub
from correspondent_desk.hub.desks import Status
from correspondent_desk.store.changes import as_time
from correspondent_desk.sync import bundle, letters, parcels
from correspondent_desk.sync.opening import Source
from correspondent_desk.sync.parcels import Parcel
from correspondent_desk.sync.rejection import BundleRejected, Reason

HELD = "held"
HELD_FORKED = "held-forked"
HELD_LETTER, LET_GO = "held-letter", "let-go"
"""A letter is brought again with each file of who carries it, so that it was let go is remembered."""
WAITS = (HELD, HELD_FORKED, HELD_LETTER)


class NoSuchHeld(DeskError):
    """No file of that id waits to be approved (details: id)."""

    code = "no-such-held"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldRow:
    """A file to be approved. id: to name it by. operations: what the hub lacked of it.

    is_forked: its desk is trusted, and was put back from a copy: it may bring this otherwise.
    """

    id: str
    office: str
    office_code: str
    desk: int
    desk_name: str
    number: int
    operations: int
    received_at: datetime
    is_forked: bool = False


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
                desk.name, desk.status, came.number, came.operations, came.received_at, came.state,
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
                is_forked=row.state == HELD_FORKED and row.status == Status.ACTIVE,
            )
            for row in found
        ]


def forget(connection: Connection, desk: int) -> None:
    """Let go the file of this desk that is held, if one is."""
    came = tables.bundle_in.c
    of_desk = (came.desk == desk) & (came.state == HELD)
    for uid in connection.scalars(select(came.uid).where(of_desk)).all():
        waiting.drop(connection, uid)
    connection.execute(delete(tables.bundle_in).where(of_desk))
