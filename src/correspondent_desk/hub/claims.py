"""What belongs to one office for ever: the origins of its desks and the roots of its records.

Rows of other offices do not show, so a claim leaves what is there and looks whether it is one's own.
"""

from collections.abc import Collection
from itertools import islice

from sqlalchemy import Connection, func, select, text

from correspondent_desk.hub import tables
from correspondent_desk.hub.schema import or_leave
from correspondent_desk.hub.tables import AnyRow
from correspondent_desk.store.identity import OFFICE_UID
from correspondent_desk.sync.rejection import BundleRejected, Reason

_AT_ONCE = 4_000

# One statement for many rows, their ids one after the other in one value: statements and arrays of
# their own would cost more than the rows do. OFFSET keeps the planner from reading all roots.
_CLAIM = text(
    "INSERT INTO root(uid, office) SELECT substr(:uids, 16 * n + 1, 16), :office"
    " FROM generate_series(0, :count - 1) n ON CONFLICT DO NOTHING"
)
_OURS = text(
    "SELECT count(*) FROM generate_series(0, :count - 1) n, LATERAL (SELECT FROM root"
    " WHERE uid = substr(:uids, 16 * n + 1, 16) AND office = :office OFFSET 0) known"
)


def origin(connection: Connection, office: int, uid: bytes) -> AnyRow | None:
    """The office's origin with this id, if it has one."""
    return connection.execute(
        select(tables.origin).where(tables.origin.c.uid == uid, tables.origin.c.office == office)
    ).one_or_none()


def claim_origin(connection: Connection, desk: AnyRow, uid: bytes) -> None:
    """It is this desk's from now on. Raises BundleRejected if another office has it."""
    connection.execute(
        or_leave(connection, tables.origin), {"uid": uid, "office": desk.office, "desk": desk.id}
    )
    if origin(connection, desk.office, uid) is None:
        raise BundleRejected(Reason.WRONG_OFFICE)


def claim_roots(connection: Connection, office: int, roots: Collection[bytes]) -> None:
    """They are this office's from now on. Raises BundleRejected if another office has one.

    In order, so that two offices that claim the same ones do not wait for each other for ever.
    """
    remaining = iter(sorted(set(roots) - {OFFICE_UID}))
    claim = _claim_at_once if connection.dialect.name == "postgresql" else _claim_each
    while chunk := list(islice(remaining, _AT_ONCE)):
        if claim(connection, office, chunk) < len(chunk):
            raise BundleRejected(Reason.WRONG_OFFICE)


def _claim_at_once(connection: Connection, office: int, uids: list[bytes]) -> int:
    named = {"uids": b"".join(uids), "count": len(uids), "office": office}
    claimed = connection.execute(_CLAIM, named).rowcount
    if claimed == len(uids):
        return claimed
    return int(connection.execute(_OURS, named).scalar_one())


def _claim_each(connection: Connection, office: int, uids: list[bytes]) -> int:
    rows = [{"uid": uid, "office": office} for uid in uids]
    connection.execute(or_leave(connection, tables.root), rows)
    root = tables.root.c
    ours = select(func.count()).where(root.uid.in_(uids), root.office == office)
    return int(connection.execute(ours).scalar_one())
