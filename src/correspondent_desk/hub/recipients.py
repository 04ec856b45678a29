"""Whom the hub writes to: each trusted desk, what its office has by now, and what it lacks of that."""

from dataclasses import dataclass, field

import msgspec
from sqlalchemy import Connection, select

from correspondent_desk.domain.delivery import lacking
from correspondent_desk.hub import (
    catalogue,
    desks,
    erasure_ledger,
    identity,
    offices,
    standing,
    tables,
)
from correspondent_desk.hub.database import Hub
from correspondent_desk.hub.desks import Status
from correspondent_desk.hub.offices import OfficeRow
from correspondent_desk.hub.schema import EVERY_OFFICE
from correspondent_desk.hub.standing import Origin
from correspondent_desk.hub.tables import AnyRow
from correspondent_desk.hub.wording import Wording

_encode = msgspec.msgpack.Encoder().encode


@dataclass(frozen=True, slots=True)
class Recipient:
    """A desk to write to, and the state of its office.

    heard: what the desk said last that it has. ledger: version of the office's erasure ledger. lags:
    the desk has not carried out all of it. catalogue: version of the catalogue to be sent, 0 for none.
    has_declined: whether wishes of the office were declined. origins: of the office; both read under the desk's lock only.
    """

    desk: AnyRow
    office: OfficeRow
    vector: dict[bytes, int]
    heard: dict[bytes, int]
    ledger: int = 0
    lags: bool = False
    catalogue: int = 0
    has_declined: bool = False
    origins: dict[bytes, Origin] = field(default_factory=dict)

    @property
    def operations(self) -> int:
        """How many operations the desk lacks."""
        return lacking(self.vector, self.heard)

    @property
    def has_news(self) -> bool:
        """Whether the desk would learn anything."""
        return bool(self.operations or self.desk.owes_answer or self.lags or self.catalogue)

    @property
    def was_said(self) -> bool:
        """Whether the last bundle for the desk said all there is to say."""
        return not self.desk.owes_answer and self.desk.said_vector == as_kept(self.vector)


def every(hub: Hub) -> list[Recipient]:
    """All desks that are trusted, with what their offices have. It reads every office; see one."""
    identity.rotate(hub)
    with hub.transaction(EVERY_OFFICE) as connection:
        by_id = {one.id: one for one in offices.all_offices(connection)}
        vectors = offices.all_vectors(connection)
        found = connection.execute(
            select(tables.desk)
            .where(tables.desk.c.status == Status.ACTIVE)
            .order_by(tables.desk.c.office, tables.desk.c.number)
        )
        done, ledgers = erasure_ledger.carried_out(connection), erasure_ledger.versions(connection)
        catalogues = catalogue.lacking(connection)
        return [
            Recipient(
                row,
                by_id[row.office],
                vectors.get(row.office, {}),
                desks.heard_vector(row),
                ledgers.get(row.office, 0),
                erasure_ledger.lags(row.id, row.office, done, ledgers),
                catalogues.get(row.id, 0),
            )
            for row in found
        ]


def one(hub: Hub, desk: int) -> Recipient | None:
    """The desk with this id, by what its own office has; None: there is none that is trusted."""
    with hub.transaction() as connection:
        return locked(connection, desk)


def locked(connection: Connection, desk: int) -> Recipient | None:
    """As one, locked: nobody else makes a bundle for the desk until the end of the transaction."""
    row = _LOCKED.ask(connection, {"desk": desk}).one_or_none()
    if row is None or row.status != Status.ACTIVE:
        return None
    # After the lock, or this would be read as it was before the wait for it.
    asked = {"office": row.office, "desk": desk}
    ledger = _LEDGER.ask(connection, asked).one()
    origins = standing.origins(connection, row.office)
    return Recipient(
        row,
        OfficeRow(
            id=row.office,
            uid=row.of_uid,
            origin=row.of_origin,
            name=row.of_name,
            code=row.of_code,
        ),
        {one.uid: one.hi for one in origins.values() if one.hi},
        desks.heard_vector(row),
        ledger.version or 0,
        (ledger.done or 0) < (ledger.version or 0),
        ledger.newest if (ledger.newest or 0) > (ledger.known or 0) else 0,
        has_declined=bool(ledger.has_declined),
        origins=origins,
    )


_LOCKED = Wording(
    "SELECT desk.*, office.uid AS of_uid, office.origin AS of_origin, office.name AS of_name,"
    " office.code AS of_code, set_config('app.office', desk.office::text, true) AS scoped"
    " FROM desk JOIN office ON office.id = desk.office WHERE desk.id = :desk FOR UPDATE OF desk",
    sqlite="SELECT desk.*, office.uid AS of_uid, office.origin AS of_origin,"
    " office.name AS of_name, office.code AS of_code"
    " FROM desk JOIN office ON office.id = desk.office WHERE desk.id = :desk",
)
_LEDGER = Wording(
    "SELECT (SELECT max(version) FROM erasure WHERE office = :office) AS version,"
    " (SELECT version FROM erasure_done WHERE desk = :desk) AS done,"
    " (SELECT max(version) FROM catalogue) AS newest,"
    " (SELECT version FROM catalogue_known WHERE desk = :desk) AS known,"
    " EXISTS (SELECT 1 FROM erasure_request WHERE office = :office AND state = 'declined')"
    " AS has_declined"
)


def as_kept(vector: dict[bytes, int]) -> bytes:
    """A vector as the table of desks keeps it."""
    return _encode(dict(sorted(vector.items())))
