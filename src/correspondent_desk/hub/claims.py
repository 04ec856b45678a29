"""What belongs to one office for ever: the origins of its desks and the roots of its records.

Rows of other offices do not show, so a claim leaves what is there and looks whether it is one's own.
"""

from collections.abc import Collection
from itertools import islice

from sqlalchemy import Connection, func, select, text

from correspondent_desk.hub import tables
from correspondent_desk.hub.schema import or_leave
from correspondent_desk.hub.standing import Origin
from correspondent_desk.hub.tables import AnyRow
from correspondent_desk.store.identity import OFFICE_UID
from correspondent_desk.sync.rejection import BundleRejected, Reason

_AT_ONCE = 4_000

# One statement for many rows, their ids one after the other in one value: statements and arrays of
# their own would cost more than the rows do. OFFSET keeps the planner from reading all roots. Those
# that are ours already are most of them on any day but the first.
_CLAIM = text(
    "WITH asked AS MATERIALIZED"
    " (SELECT substr(:uids, 16 * n + 1, 16) AS uid FROM generate_series(0, :count - 1) n),"
    " known AS MATERIALIZED (SELECT asked.uid FROM asked, LATERAL"
    "  (SELECT FROM root WHERE root.uid = asked.uid AND root.office = :office OFFSET 0) ours),"
    " claimed AS (INSERT INTO root(uid, office) SELECT uid, :office FROM asked"
    "  WHERE uid NOT IN (SELECT uid FROM known) ON CONFLICT DO NOTHING RETURNING 1)"
    " SELECT (SELECT count(*) FROM known) + (SELECT count(*) FROM claimed)"
)


def claim_origin(connection: Connection, desk: AnyRow, uid: bytes) -> Origin:
    """It is this desk's from now on; its office, which is locked, had none of this id.

    Raises BundleRejected if another office has it.
    """
    claimed = connection.execute(
        or_leave(connection, tables.origin).returning(tables.origin.c.id),
        {"uid": uid, "office": desk.office, "desk": desk.id, "hi": 0},
    ).scalar_one_or_none()
    if claimed is None:
        raise BundleRejected(Reason.WRONG_OFFICE)
    return Origin(claimed, uid, desk.id, 0)


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
    return int(connection.execute(_CLAIM, named).scalar_one())


def _claim_each(connection: Connection, office: int, uids: list[bytes]) -> int:
    rows = [{"uid": uid, "office": office} for uid in uids]
    connection.execute(or_leave(connection, tables.root), rows)
    root = tables.root.c
    ours = select(func.count()).where(root.uid.in_(uids), root.office == office)
    return int(connection.execute(ours).scalar_one())
