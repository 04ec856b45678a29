"""How an office and a desk stand when something is taken in for them, or told to them.

Every desk asks for this at each exchange, so it is read in as few statements as it takes.
"""

from dataclasses import dataclass, field

from sqlalchemy import Connection

from correspondent_desk.hub import erasure_ledger
from correspondent_desk.hub.offices import OfficeRow
from correspondent_desk.hub.tables import AnyRow
from correspondent_desk.hub.wording import Wording
from correspondent_desk.store.erasing import Erased

_DAY_MS = 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class Origin:
    """What one replica wrote. desk: whose it is, 0 for the hub's own. floor: below it the log has gaps."""

    id: int
    uid: bytes
    desk: int
    hi: int
    floor: int = 0


@dataclass(slots=True)
class Standing:
    """An office whose row is locked. origins: by the id that travels, those without operations too.

    is_reach_noted: how far its log reaches was noted within a day.
    """

    office: OfficeRow
    erased: Erased
    is_reach_noted: bool
    origins: dict[bytes, Origin] = field(default_factory=dict)

    @property
    def vector(self) -> dict[bytes, int]:
        """How far each origin has been seen."""
        return {one.uid: one.hi for one in self.origins.values() if one.hi}


_LOCKED = Wording(
    "SELECT id, uid, origin, name, code, set_config('app.office', id::text, true) AS scoped"
    " FROM office WHERE id = (SELECT office FROM desk WHERE signing = :signing) FOR UPDATE",
    sqlite="SELECT id, uid, origin, name, code FROM office"
    " WHERE id = (SELECT office FROM desk WHERE signing = :signing)",
)
# After the office is locked, or the rest would be read as it was before the wait for the lock.
_DESK = Wording(
    "SELECT desk.*,"
    " (SELECT version FROM erasure_done WHERE desk = desk.id) AS done,"
    " (SELECT version FROM catalogue_known WHERE desk = desk.id) AS catalogue,"
    " EXISTS (SELECT 1 FROM erasure_request wish WHERE wish.office = desk.office"
    "  AND wish.desk = desk.number AND wish.state IN ('asked', 'declined')) AS has_asked"
    " FROM desk WHERE signing = :signing FOR UPDATE OF desk"
)
_OFFICE = Wording(
    "SELECT (SELECT max(version) FROM erasure WHERE office = :office) AS ledger,"
    " EXISTS (SELECT 1 FROM log_reach WHERE office = :office AND at > :yesterday AND at <= :now)"
    " AS is_noted"
)
_ORIGINS = Wording(
    "SELECT origin.id, origin.uid, origin.desk, origin.hi, coalesce(log_floor.hi, 0) AS floor"
    " FROM origin LEFT JOIN log_floor ON log_floor.origin = origin.id"
    " WHERE origin.office = :office"
)


def lock_office_of(connection: Connection, signing: bytes) -> OfficeRow | None:
    """The office of the desk with this key, locked as offices.lock does; None: no such desk."""
    row = _LOCKED.ask(connection, {"signing": signing}).one_or_none()
    if row is None:
        return None
    return OfficeRow(id=row.id, uid=row.uid, origin=row.origin, name=row.name, code=row.code)


def lock_desk(connection: Connection, signing: bytes) -> AnyRow | None:
    """The row of the desk with this key, locked, its office being locked already.

    With done and catalogue (the versions of the erasure ledger that it carried out and of the catalogue
    that it has, None: never said) and has_asked (whether it has wishes that were not confirmed).
    """
    return _DESK.ask(connection, {"signing": signing}).one_or_none()


def of_office(connection: Connection, office: OfficeRow, now_ms: int) -> Standing:
    """How the office stands, whose row is locked."""
    asked = {"office": office.id, "yesterday": now_ms - _DAY_MS, "now": now_ms}
    row = _OFFICE.ask(connection, asked).one()
    erased = Erased(()) if row.ledger is None else erasure_ledger.erased_of(connection, office.id)
    return Standing(office, erased, bool(row.is_noted), origins(connection, office.id))


def origins(connection: Connection, office: int) -> dict[bytes, Origin]:
    """All origins of the office, which the transaction is allowed to see."""
    found = _ORIGINS.ask(connection, {"office": office})
    return {row.uid: Origin(*row) for row in found}
