"""What a desk sent that is trusted no more: kept until an operator approves it.

A computer that was lost and found again may hold work that nobody else has. It is signed with the desk's
own key, so it is known whose it is, and it is sealed; nothing of it counts until it is approved.
What such a desk had given a colleague by stick, before or since, waits likewise: what the colleague built
on it would else wait for ever.
"""

from collections.abc import Sequence
from contextlib import ExitStack

from sqlalchemy import Connection, insert, select

from correspondent_desk.domain.delivery import Vector, join, lacking
from correspondent_desk.hub import held, identity, offices, places, signers, tables, voices, waiting
from correspondent_desk.hub.database import Hub
from correspondent_desk.hub.schema import or_leave
from correspondent_desk.sync import inbox, letters
from correspondent_desk.sync.opening import Source
from correspondent_desk.sync.parcels import Parcel
from correspondent_desk.sync.rejection import BundleRejected


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
            parcel = held.verified(hub, copy, desk)
        except BundleRejected:
            return False
        with hub.transaction() as connection:
            office = connection.execute(
                select(tables.desk.c.office).where(tables.desk.c.id == desk)
            ).scalar_one()
            have = offices.vector(connection, office)
            hold_letters(hub, connection, office, have, parcel.unapproved)
            # It hears no answers: each of its files brings again what the hub has had for long.
            operations = _new_in(connection, office, parcel, have) + _carried(
                connection, office, parcel, have
            )
            if not operations:
                return False
            held.forget(connection, desk)
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
                    state=held.HELD,
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
        new = _new_in(connection, office, letter, have)
        if desk is None or desk.office != office or not new:
            continue
        row = {
            "uid": letter.manifest.bundle,
            "desk": desk.id,
            "number": letter.manifest.number,
            "received_at": hub.now_ms(),
            "operations": new,
            "state": held.HELD_LETTER,
        }
        noted = or_leave(connection, tables.bundle_in).returning(tables.bundle_in.c.uid)
        if connection.execute(noted, row).one_or_none() is not None:
            sealed = letters.sealed(content, identity.keys(connection).public.receiving)
            waiting.keep(connection, sealed, letter.manifest.bundle)


def _carried(connection: Connection, office: int, parcel: Parcel, have: Vector) -> int:
    """How many operations the hub lacks of what others wrote.

    They may have other numbers here, or other work may have theirs. A snapshot has those of its time, of
    which the log may have let go some.
    """
    reduced = [one for one in parcel.letters if one.is_reduced]
    whole = [one for one in parcel.letters if not one.is_reduced]
    brought = join(*map(letters.covers, reduced))
    return lacking(brought, have) + len(voices.unknown(connection, office, whole))


def _new_in(connection: Connection, office: int, parcel: Parcel, have: Vector) -> int:
    """How many operations the hub lacks of what its sender wrote. All, if they go on from such."""
    own = voices.apart(connection, office, parcel)
    if own is None:
        return parcel.operations
    return min(lacking(letters.covers(own), have), own.operations)  # it may begin late
