"""The beginning of a desk's log is shortened to what still stands (ADR 30).

Of operations up to given numbers those stay of which a value is still shown or in dispute, with these
fields only and what each of them replaced; the rest goes. So a card goes on telling, for each field,
who wrote what stands there and what stood there before. Such operations cannot be forwarded or taken
back any more: each origin's floor says up to where.
"""

from collections import defaultdict
from collections.abc import Mapping
from sqlite3 import Connection

from correspondent_desk.store import stamps, values


def compact(connection: Connection, limits: Mapping[bytes, int]) -> int:
    """Shorten, in the caller's transaction; how many operations went.

    limits: by origin, up to which operation. Its last one stays, by which forks are found.
    """
    due = [
        (number, min(limits[uid], hi - 1), hi)
        for number, uid, hi, floor in connection.execute("SELECT id, uid, hi, floor FROM origin")
        if min(limits.get(uid, 0), hi - 1) > floor
    ]
    if not due:
        return 0
    standing = _standing(connection, {number: limit for number, limit, _ in due})
    gone = sum(_reduce(connection, number, limit, standing) for number, limit, _ in due)
    connection.executemany(
        "UPDATE origin SET floor=? WHERE id=?", [(limit, number) for number, limit, _ in due]
    )
    # What is left of an action only tells history; what none is left of, and nobody refers to, goes.
    connection.executemany(
        "DELETE FROM action WHERE origin=?1 AND last BETWEEN 1 AND ?2"
        " AND NOT EXISTS (SELECT 1 FROM history h WHERE h.origin=?1"
        "  AND h.seq BETWEEN action.first AND action.last)"
        " AND id NOT IN (SELECT undoes FROM action WHERE undoes IS NOT NULL)"
        " AND id NOT IN (SELECT undone_by FROM action WHERE undone_by IS NOT NULL)"
        " AND id<(SELECT max(id) FROM action)",
        [(number, limit) for number, limit, _ in due],
    )
    return gone


_Standing = Mapping[tuple[int, int], set[int]]


def _standing(connection: Connection, limits: Mapping[int, int]) -> _Standing:
    """By origin and number of an operation, its fields that are shown or in dispute."""
    found: defaultdict[tuple[int, int], set[int]] = defaultdict(set)
    for (packed,) in connection.execute("SELECT stamp FROM record WHERE stamp IS NOT NULL"):
        for origin, seq, _at, fields in stamps.groups(packed):
            if seq <= limits.get(origin, 0):
                found[origin, seq].update(fields)
    for number, origin, seq in connection.execute("SELECT field, origin, seq FROM sibling"):
        if seq <= limits.get(origin, 0):
            found[origin, seq].add(number)
    return found


def _reduce(connection: Connection, origin: int, limit: int, standing: _Standing) -> int:
    rows = connection.execute(
        "SELECT seq, body, before FROM history WHERE origin=? AND seq<=?", (origin, limit)
    )
    gone: list[tuple[int, int]] = []
    shorter: list[tuple[bytes, bytes | None, int, int]] = []
    for seq, body, before in rows.fetchall():
        fields = values.decode(body)
        left = standing.get((origin, seq), set()) & fields.keys()
        if not left:
            gone.append((origin, seq))
        elif len(left) < len(fields):
            kept = {number: value for number, value in fields.items() if number in left}
            was = None if before is None else _only(values.decode(before), left)
            shorter.append((values.encode(kept), was, origin, seq))
    connection.executemany("UPDATE history SET body=?, before=? WHERE origin=? AND seq=?", shorter)
    connection.executemany("DELETE FROM history WHERE origin=? AND seq=?", gone)
    return len(gone)


def _only(before: Mapping[int, object], left: set[int]) -> bytes:
    """What stood under these fields; under minus the number, where several values did."""
    return values.encode({n: value for n, value in before.items() if abs(n) in left})
