"""The list of an office's desks that each of its desks is given, so that they believe each other.

It is signed by the hub's online key, which the directory vouches for: a desk that enrols or is revoked
must not wait for the root key in its safe.
"""

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from sqlalchemy import Connection, update

from correspondent_desk.hub import tables
from correspondent_desk.hub.database import Hub
from correspondent_desk.hub.desks import Status
from correspondent_desk.hub.offices import OfficeRow
from correspondent_desk.hub.roster_tables import roster as kept
from correspondent_desk.hub.schema import or_leave
from correspondent_desk.hub.standing import Origin
from correspondent_desk.hub.wording import Wording
from correspondent_desk.sync import roster
from correspondent_desk.sync.keys import HubKeys
from correspondent_desk.sync.roster import Colleague, Roster


def signed(
    hub: Hub, connection: Connection, of: OfficeRow, keys: HubKeys, origins: Iterable[Origin]
) -> bytes:
    """The list of this office as it is now, under a version of its own if anything changed.

    origins: all of the office.
    """
    desks = _desks(connection, of.id, origins)
    row = _locked(connection, of.id)
    signing = keys.public.signing
    if row.signed.startswith(signing) and _told(bytes(row.signed), of.uid, signing) == desks:
        return bytes(row.signed)
    # A hub put back from a copy must not sign another list under a number it used, nor, with a clock
    # that is behind, one that desks would leave aside.
    version = max(row.version + 1, hub.now_ms(), hub.sidecar.number("roster") + 1)
    hub.sidecar.raise_to(roster=version)
    made = roster.sign(
        keys.signing,
        Roster(
            office=of.uid,
            origin=of.origin,
            version=version,
            made=max(hub.now_ms(), 0),
            desks=desks,
        ),
    )
    connection.execute(
        update(kept).where(kept.c.office == of.id).values(version=version, signed=made)
    )
    return made


@lru_cache(256)
def _told(signed: bytes, office: bytes, signing: bytes) -> list[Colleague]:
    """Offices of the day ask for theirs again and again."""
    return roster.read(signed, office, {signing}).desks


def _locked(connection: Connection, office: int) -> tables.AnyRow:
    """What was told last; two that write at once must not sign one number."""
    asked = {"office": office, "version": 0, "signed": b""}
    found = _KEPT.ask(connection, asked).one_or_none()
    if found is not None:
        return found
    connection.execute(or_leave(connection, kept), asked)
    return _KEPT.ask(connection, asked).one()


_KEPT = Wording("SELECT version, signed FROM roster WHERE office = :office FOR UPDATE")
_DESKS = Wording(
    "SELECT id, number, name, person, signing, receiving, status FROM desk"
    " WHERE office = :office ORDER BY number"
)


def _desks(connection: Connection, office: int, every: Iterable[Origin]) -> list[Colleague]:
    origins: defaultdict[int, list[bytes]] = defaultdict(list)
    for one in sorted(every, key=lambda one: one.id):
        origins[one.desk].append(one.uid)
    return [
        Colleague(
            number=row.number,
            name=row.name[: roster.MOST_NAME],
            person=row.person[: roster.MOST_NAME],
            signing=row.signing,
            receiving=row.receiving,
            revoked=row.status == Status.REVOKED,
            origins=origins[row.id],
        )
        for row in _DESKS.ask(connection, {"office": office})
    ]
