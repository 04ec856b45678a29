"""Work of this desk on what was removed: it shows again at once, as it will on every other desk.

Others judge a removal when the work comes to them (sync.removals): who removed did not know of it. Here
nothing comes, so it is judged when it is written.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from sqlite3 import Connection

from correspondent_desk.domain.fields import REMOVED, Kind
from correspondent_desk.store import below, stamps, values
from correspondent_desk.store.values import layout


def show(
    connection: Connection, own: int, worked: Mapping[Kind, Mapping[int, int]]
) -> dict[Kind, list[int]]:
    """Show what was removed before it, or what lies above it, was worked on; what shows again.

    With it shows what was removed together with it.

    worked: records of each kind, with the number of the last operation of this desk on each. own: its
    origin. The removal stays beside the record, as a value that cannot be shown.
    """
    shown: dict[Kind, list[int]] = {}
    for kind, records in _with_roots(connection, worked).items():
        for record, removed_at in _removed(connection, kind, records):
            if _is_older(connection, own, record, records[record]):
                _show(connection, kind, record, removed_at)
                shown.setdefault(kind, []).append(record)
                for lower, ids in _removed_with(connection, kind, record, removed_at).items():
                    for one in ids:
                        _show(connection, lower, one, removed_at)
                    shown.setdefault(lower, []).extend(ids)
    return shown


def keep(connection: Connection, removed: Mapping[Kind, Collection[int]]) -> dict[Kind, list[int]]:
    """Of records that were just removed, show those that every other desk will show; which.

    What bears the time of a removal above it was removed with that, for all that others can tell, and
    is in view as long as that does not stand.
    """
    kept: dict[Kind, list[int]] = {}
    for kind, records in removed.items():
        for record, removed_at in _removed(connection, kind, records):
            if _is_kept_with(connection, record, removed_at):
                _show(connection, kind, record, removed_at)
                kept.setdefault(kind, []).append(record)
    return kept


def _is_kept_with(connection: Connection, record: int, removed_at: str) -> bool:
    query = f"SELECT {below.IS_KEPT_WITH} FROM (SELECT ? AS record, ? AS value) e"  # noqa: S608 - our own words
    ((found,),) = connection.execute(query, (record, values.encode(removed_at)))
    return bool(found)


def _with_roots(
    connection: Connection, worked: Mapping[Kind, Mapping[int, int]]
) -> dict[Kind, dict[int, int]]:
    """The same, and what these records belong to, documents to their request too; a member to nobody."""
    found: defaultdict[Kind, dict[int, int]] = defaultdict(dict)
    for kind, records in worked.items():
        found[kind].update(records)
        if kind is Kind.MEMBER:
            continue
        for record, root, number in connection.execute(
            "SELECT r.id, top.id, top.kind FROM record r JOIN record top ON top.id=r.root"
            " WHERE r.id IN (SELECT value FROM json_each(?1)) AND r.root<>r.id"
            " UNION ALL SELECT d.id, top.id, top.kind FROM document d JOIN record top"
            " ON top.id=d.request_id WHERE d.id IN (SELECT value FROM json_each(?1))",
            (values.to_json(list(records)),),
        ):
            above = found[Kind(number)]
            above[root] = max(records[record], above.get(root, 0))
    return found


def _removed(
    connection: Connection, kind: Kind, records: Iterable[int]
) -> Iterator[tuple[int, str]]:
    yield from connection.execute(
        f"SELECT id, removed_at FROM {layout(kind).table} WHERE removed_at IS NOT NULL"  # noqa: S608 - our own names
        " AND id IN (SELECT value FROM json_each(?))",
        (values.to_json(list(records)),),
    ).fetchall()


def _removed_with(
    connection: Connection, kind: Kind, record: int, at: str
) -> dict[Kind, list[int]]:
    """What lies below the record and was removed together with it."""
    return {
        lower: [one for one, when in _removed(connection, lower, ids) if when == at]
        for lower, ids in below.below(connection, kind, record).items()
    }


def _is_older(connection: Connection, own: int, record: int, seq: int) -> bool:
    """Whether the removal was written before the operation of this number."""
    (packed,) = connection.execute("SELECT stamp FROM record WHERE id=?", (record,)).fetchone()
    removal = stamps.unpack(packed).get(REMOVED)
    return removal is not None and (removal.origin != own or removal.seq < seq)


def _show(connection: Connection, kind: Kind, record: int, removed_at: str) -> None:
    connection.execute(
        f"UPDATE {layout(kind).table} SET removed_at=NULL WHERE id=?",  # noqa: S608 - our own names
        (record,),
    )
    connection.execute(
        "INSERT INTO extra(record, field, value) VALUES(?,?,?)",
        (record, REMOVED, values.encode(removed_at)),
    )
