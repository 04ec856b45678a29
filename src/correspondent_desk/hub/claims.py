"""What belongs to one office for ever: the origins of its desks and the roots of its records.

Rows of other offices do not show, so a claim leaves what is there and looks whether it is one's own.
"""

import hashlib
from collections.abc import Collection
from dataclasses import replace
from itertools import islice

from sqlalchemy import Connection, func, select, update

from correspondent_desk.hub import arrays, tables
from correspondent_desk.hub.schema import or_leave
from correspondent_desk.hub.standing import Origin
from correspondent_desk.hub.wording import Wording
from correspondent_desk.store.identity import OFFICE_UID
from correspondent_desk.sync.rejection import BundleRejected, Reason

NO_DESK = 0  # the hub's own
NOBODY = -1  # of a desk that this hub has forgotten: whose, shows who goes on writing under it
_AT_ONCE = 4_000
_MANY = 500  # from which on a statement more is worth it

# One statement for many rows, their ids one after the other in one value: statements and arrays of
# their own would cost more than the rows do. OFFSET keeps the planner from reading all roots. Those
# that are ours already are most of them on any day but the first.
_CLAIM = Wording(
    "WITH asked AS MATERIALIZED"
    " (SELECT substr(:uids, 16 * n + 1, 16) AS uid FROM generate_series(0, CAST(:count AS int4) - 1) n),"
    " known AS MATERIALIZED (SELECT asked.uid FROM asked, LATERAL"
    "  (SELECT FROM root WHERE root.uid = asked.uid AND root.office = :office OFFSET 0) ours),"
    " claimed AS (INSERT INTO root(uid, office) SELECT uid, :office FROM asked"
    "  WHERE uid NOT IN (SELECT uid FROM known) ON CONFLICT DO NOTHING RETURNING 1)"
    " SELECT (SELECT count(*) FROM known) + (SELECT count(*) FROM claimed)"
)
_COUNT = Wording(
    "SELECT count(*) FROM (SELECT unnest(CAST(:uids AS bytea[])) AS uid) asked, LATERAL"
    " (SELECT FROM root WHERE root.uid = asked.uid AND root.office = :office OFFSET 0) ours"
)
# ON CONFLICT costs as much again as the rows.
_FILL = Wording("INSERT INTO root(uid, office) SELECT unnest(CAST(:uids AS bytea[])), :office")


def own_origin(office_origin: bytes, incarnation: int) -> bytes:
    """Under which the hub writes in an office: in each incarnation another, so no number is used twice."""
    said = office_origin + incarnation.to_bytes(8, "big")
    return office_origin if incarnation == 1 else hashlib.sha256(said).digest()[:16]


def claim_origin(connection: Connection, office: int, desk: int, uid: bytes) -> Origin:
    """It is this desk's from now on; its office, which is locked, had none of this id.

    desk: its row, NO_DESK or NOBODY. Raises BundleRejected if another office has it.
    """
    claimed = connection.execute(
        or_leave(connection, tables.origin).returning(tables.origin.c.id),
        {"uid": uid, "office": office, "desk": desk, "hi": 0},
    ).scalar_one_or_none()
    if claimed is None:
        raise BundleRejected(Reason.WRONG_OFFICE)
    return Origin(claimed, uid, desk, 0)


def take_over(connection: Connection, desk: int, origin: Origin) -> Origin:
    """An origin that was nobody's is this desk's from now on."""
    changed = update(tables.origin).where(tables.origin.c.id == origin.id).values(desk=desk)
    connection.execute(changed)
    return replace(origin, desk=desk)


def claim_roots(
    connection: Connection, office: int, roots: Collection[bytes], *, is_first: bool = False
) -> None:
    """They are this office's from now on. Raises BundleRejected if another office has one.

    is_first: the office has no operations yet, so hardly any roots.
    In order, so that two offices that claim the same ones do not wait for each other for ever.
    """
    remaining = iter(sorted(set(roots) - {OFFICE_UID}))
    is_sqlite = connection.dialect.name != "postgresql"
    while chunk := list(islice(remaining, _AT_ONCE)):
        if is_sqlite:
            count = _claim_each(connection, office, chunk)
        elif len(chunk) >= _MANY and _claim_many(connection, office, chunk, is_first=is_first):
            continue
        else:
            count = _claim_at_once(connection, office, chunk)
        if count < len(chunk):
            raise BundleRejected(Reason.WRONG_OFFICE)


def _claim_at_once(connection: Connection, office: int, uids: list[bytes]) -> int:
    named = {"uids": b"".join(uids), "count": len(uids), "office": office}
    return int(_CLAIM.ask(connection, named).scalar_one())


def _claim_many(connection: Connection, office: int, uids: list[bytes], *, is_first: bool) -> bool:
    """Whether all are this office's now: they were, or nobody had any, as it mostly is."""
    named = {"uids": arrays.ids(uids), "office": office}
    count = 0 if is_first else _COUNT.ask(connection, named).scalar_one()
    if count:
        return bool(count == len(uids))
    from psycopg.errors import UniqueViolation

    try:
        with connection.begin_nested():
            _FILL.ask(connection, named)
    except UniqueViolation:  # somebody has one
        return False
    return True


def _claim_each(connection: Connection, office: int, uids: list[bytes]) -> int:
    rows = [{"uid": uid, "office": office} for uid in uids]
    connection.execute(or_leave(connection, tables.root), rows)
    root = tables.root.c
    ours = select(func.count()).where(root.uid.in_(uids), root.office == office)
    return int(connection.execute(ours).scalar_one())
