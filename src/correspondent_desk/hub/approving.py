"""An operator approves what a desk sent that is trusted no more; the desk stays so."""

from sqlalchemy import Connection, select

from correspondent_desk.errors import DeskError
from correspondent_desk.hub import (
    audit,
    forked,
    held,
    ingest,
    offices,
    places,
    tables,
    voices,
    waiting,
)
from correspondent_desk.hub.database import Hub
from correspondent_desk.hub.held import HELD_LETTER, WAITS, NoSuchHeld
from correspondent_desk.hub.tables import AnyRow
from correspondent_desk.sync.parcels import Parcel

APPROVED = "rescue-approved"


class HeldTooEarly(DeskError):
    """The file builds on another one that has not come yet (details: id); it goes on waiting."""

    code = "held-too-early"


def approve(hub: Hub, id_: str, *, by: str = "") -> int:
    """Take in the file of this id (its beginning is enough); how many operations were new.

    Raises NoSuchHeld, HeldTooEarly, BundleRejected (it does not fit what came since), CannotWrite, StoreBusy.
    """
    forked.settle(hub)
    row = _row(hub, id_)
    with places.own(hub.folder.inbox) as place:
        with hub.transaction() as connection:
            path = waiting.fetch(connection, place, row.uid)
        if path is None:
            raise NoSuchHeld(id=id_)
        if row.state == HELD_LETTER:
            parcel = held.verified_letter(hub, path.read_bytes(), row.desk)
        else:
            parcel = held.verified(hub, path, row.desk)
        with hub.transaction() as connection:
            desk = connection.execute(select(tables.desk).where(tables.desk.c.id == row.desk)).one()
            of = offices.lock(connection, desk.office)
            named = voices.apart(connection, of.id, parcel)
            if named is None:
                raise HeldTooEarly(id=id_)
            named.letters = [_fitting(connection, of.id, one) for one in named.letters]
            entered = ingest.enter(hub, connection, of, desk, [(desk, named)])
            if entered.late:
                raise HeldTooEarly(id=id_)
            audit.note(
                hub,
                connection,
                by,
                APPROVED,
                office=of.code,
                desk=desk.number,
                operations=entered.operations,
            )
    return entered.operations


def _fitting(connection: Connection, office: int, letter: Parcel) -> Parcel:
    """A letter as it may go into the log, if it brings anything: its author may never come again."""
    if not letter.is_reduced and voices.unknown(connection, office, [letter]):
        return voices.apart(connection, office, letter) or letter
    return letter


def _row(hub: Hub, id_: str) -> AnyRow:
    came = tables.bundle_in
    with hub.transaction() as connection:
        found = connection.execute(select(came).where(came.c.state.in_(WAITS))).all()
    fitting = [row for row in found if id_ and row.uid.hex().startswith(id_.lower())]
    if len(fitting) != 1:
        raise NoSuchHeld(id=id_)
    return fitting[0]
