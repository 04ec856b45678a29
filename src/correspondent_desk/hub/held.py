"""What a desk sent that is trusted no more: kept until an operator approves it.

A computer that was lost and found again may hold work that nobody else has. It is signed with the desk's
own key, so it is known whose it is, and it is sealed; nothing of it counts until it is approved.
What such a desk had given a colleague by stick, before or since, waits likewise: what the colleague built
on it would else wait for ever.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from correspondent_desk.domain.delivery import Vector, join, lacking
from correspondent_desk.errors import DeskError
from correspondent_desk.hub import (
    audit,
    identity,
    offices,
    places,
    signers,
    tables,
    voices,
    waiting,
)
from correspondent_desk.hub.audit import What
from correspondent_desk.hub.database import Hub
from correspondent_desk.hub.schema import or_leave
from correspondent_desk.store.changes import as_time
from correspondent_desk.sync import bundle, inbox, letters, parcels
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


def hold(hub: Hub, source: Source, desk: int) -> bool:
    """Keep the bundle source if it is wholly this desk's and brings work; only its newest stays.

    The answer says whether it waits for an operator now.
    What others gave the desk by stick is work too: it may be all that is left of theirs.
    Raises CannotWrite, StoreBusy.
    """
    with ExitStack() as stack:
        copy = source
        if not isinstance(source, bytes):
            copy = inbox.take_in(stack.enter_context(places.own(hub.folder.inbox)), source)
        try:
            parcel = verified(hub, copy, desk)
        except BundleRejected:
            return False
        with hub.transaction() as connection:
            office = connection.execute(
                select(tables.desk.c.office).where(tables.desk.c.id == desk)
            ).scalar_one()
            have = offices.vector(connection, office)
            hold_letters(hub, connection, office, have, parcel.unapproved)
            # It hears no answers: each of its files brings again what the hub has had for long.
            own = voices.apart(connection, office, parcel)
            brought = join(*map(letters.covers, (own, *parcel.letters)))
            operations = lacking(brought, have)
            if not operations:
                return False
            _forget(connection, desk)
            known = select(tables.bundle_in.c.uid).where(
                tables.bundle_in.c.uid == parcel.manifest.bundle
            )
            if connection.scalar(known) is not None:
                return False
            connection.execute(
                insert(tables.bundle_in).values(
                    uid=parcel.manifest.bundle,
                    desk=desk,
                    number=parcel.manifest.number,
                    received_at=hub.now_ms(),
                    operations=operations,
                    state=HELD,
                )
            )
            waiting.keep(connection, copy, parcel.manifest.bundle)
            return True


def hold_letters(
    hub: Hub,
    connection: Connection,
    office: int,
    have: Vector,
    found: Sequence[tuple[Parcel, bytes]],
) -> None:
    """Keep letters of desks of the office that are trusted no more, if they bring it anything.

    have: what it has by now. They are sealed for the hub, as all that waits.
    """
    for letter, content in found:
        desk = signers.desk_with(connection, letter.manifest.sender)
        new = lacking(letters.covers(voices.apart(connection, office, letter)), have)
        if desk is None or desk.office != office or not new:
            continue
        row = {
            "uid": letter.manifest.bundle,
            "desk": desk.id,
            "number": letter.manifest.number,
            "received_at": hub.now_ms(),
            "operations": new,
            "state": HELD_LETTER,
        }
        noted = or_leave(connection, tables.bundle_in).returning(tables.bundle_in.c.uid)
        if connection.execute(noted, row).one_or_none() is not None:
            sealed = letters.sealed(content, identity.keys(connection).public.receiving)
            waiting.keep(connection, sealed, letter.manifest.bundle)


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
            _forget(connection, row.id)
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


def _forget(connection: Connection, desk: int) -> None:
    came = tables.bundle_in.c
    of_desk = (came.desk == desk) & (came.state == HELD)
    for uid in connection.scalars(select(came.uid).where(of_desk)).all():
        waiting.drop(connection, uid)
    connection.execute(delete(tables.bundle_in).where(of_desk))
