"""An operator lets go what waits to be approved."""

from collections.abc import Iterable, Mapping
from contextlib import suppress

from sqlalchemy import Connection, select, update

from correspondent_desk.domain.delivery import deliver
from correspondent_desk.hub import audit, held, offices, places, tables, voices, waiting
from correspondent_desk.hub.audit import What
from correspondent_desk.hub.database import Hub
from correspondent_desk.hub.held import (
    HELD,
    HELD_FORKED,
    HELD_LETTER,
    LET_GO,
    WAITS,
    HeldRow,
    NoSuchHeld,
)
from correspondent_desk.sync.parcels import Parcel, Parcels
from correspondent_desk.sync.rejection import BundleRejected


def decline(hub: Hub, id_: str, *, by: str = "") -> tuple[HeldRow, ...]:
    """Let a file go that waits to be approved (the beginning of its id is enough); all that went.

    With a letter go those of its desk that go on from it: what they begin with comes no more. The desk,
    trusted no more, is not told; the file itself stays where it came from. Raises NoSuchHeld.
    """
    every = held.held(hub)
    fitting = [one for one in every if id_ and one.id.startswith(id_.lower()[:8])]
    if len(fitting) != 1:
        raise NoSuchHeld(id=id_)
    [found] = fitting
    letters = _letters_like(hub, found)
    came, desk, of = tables.bundle_in.c, tables.desk.c, tables.office.c
    with hub.transaction() as connection:
        row = connection.execute(
            select(desk.id, desk.office)
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
        others: frozenset[bytes] = frozenset()
        if one.state == HELD:
            held.forget(connection, row.id)
        if one.state == HELD_FORKED:
            _let_go(connection, one.uid)
        if one.state == HELD_LETTER:
            others = _going_on_from(connection, row.office, letters, one.uid)
            for uid in (one.uid, *others):
                _let_go(connection, uid)
        audit.note(
            hub,
            connection,
            by,
            What.RESCUE_DECLINED,
            office=found.office_code,
            desk=found.desk,
            operations=found.operations,
            others=len(others),
        )
    ids = {uid.hex()[:8] for uid in others}
    return (found, *(one for one in every if one.id in ids))


def _let_go(connection: Connection, uid: bytes) -> None:
    waiting.drop(connection, uid)
    came = tables.bundle_in.c
    asked = update(tables.bundle_in).where(came.uid == uid, came.state.in_(WAITS))
    connection.execute(asked.values(state=LET_GO))


def _letters_like(hub: Hub, like: HeldRow) -> dict[bytes, Parcel]:
    """All letters that wait of the desk of this one, in its order; those that can still be read."""
    came, desk, of = tables.bundle_in.c, tables.desk.c, tables.office.c
    found: dict[bytes, Parcel] = {}
    with places.own(hub.folder.inbox) as place:
        with hub.transaction() as connection:
            rows = connection.execute(
                select(came.uid, came.desk)
                .join(tables.desk, desk.id == came.desk)
                .join(tables.office, of.id == desk.office)
                .where(of.code == like.office_code, desk.number == like.desk)
                .where(came.state == HELD_LETTER)
                .order_by(came.number)
            ).all()
            paths = [waiting.fetch(connection, place, row.uid) for row in rows]
        for row, path in zip(rows, paths, strict=True):
            if path is not None:
                with suppress(BundleRejected):
                    found[row.uid] = held.verified_letter(hub, path.read_bytes(), row.desk)
    return found


def _going_on_from(
    connection: Connection, office: int, letters: Mapping[bytes, Parcel], gone: bytes
) -> frozenset[bytes]:
    """Those that could be taken in after this one, and without it never."""
    rest = [one for uid, one in letters.items() if uid != gone]
    with_it = _fitting(connection, office, letters.values())
    return with_it - _fitting(connection, office, rest) - {gone}


def _fitting(connection: Connection, office: int, letters: Iterable[Parcel]) -> frozenset[bytes]:
    """Those that could be taken in, one after the other."""
    found: list[Parcel] = []
    for one in letters:
        named = voices.apart(connection, office, one, found)
        if named is not None:
            found.append(named)
    every = Parcels(found)
    delivery = deliver(offices.vector(connection, office), every.runs)
    return frozenset(one.manifest.bundle for one in found) - every.owners(delivery.waiting.keys())
