"""Erasing for good: what the ledger names leaves every table, the history and the search with it.

The ledger knows a record by a hash of its id, so it tells nothing about anybody. It stands twice: in
the store, and in a file beside it that a copy put back does not take back, so that nobody returns
with an old copy. Who belongs into it is decided elsewhere (`sync.ledger`).
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from sqlite3 import Connection

import msgspec

from correspondent_desk import decoding
from correspondent_desk.domain.fields import Kind
from correspondent_desk.store import drafts, values
from correspondent_desk.store.files import write_whole
from correspondent_desk.store.identity import UID_BYTES, UNKNOWN_KIND
from correspondent_desk.store.values import layout
from correspondent_desk.store.vault import DeskFolder

_SETTING = "erasure.ledger"
_DOMAIN = b"correspondent-desk/erased/1\0"
_CHOSEN = "IN (SELECT value FROM json_each(?))"
_INDEXES = ("member_fts", "member_phone")


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One erased record. version: of the ledger with this line, it only grows. digest: see digest_of.

    is_root: all that belongs to the record is erased as well. signature: the hub's, over the rest.
    """

    version: int
    digest: bytes
    is_root: bool = True
    signature: bytes


class Erased:
    """Which records the ledger names; ids met often are hashed once."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._roots: dict[bytes, bool] = {}
        for one in entries:
            self._roots[one.digest] = one.is_root or self._roots.get(one.digest, False)
        self._known: dict[bytes, bool | None] = {}

    def __bool__(self) -> bool:
        return bool(self._roots)

    def covers(self, record: bytes, root: bytes) -> bool:
        """Whether the record is erased, by itself or with what it belongs to."""
        return bool(self._roots) and (self._named(record) is not None or bool(self._named(root)))

    def has(self, uid: bytes) -> bool:
        """Whether the record itself is named."""
        return bool(self._roots) and self._named(uid) is not None

    def _named(self, uid: bytes) -> bool | None:
        if uid not in self._known:
            self._known[uid] = self._roots.get(digest_of(uid))
        return self._known[uid]


def digest_of(uid: bytes) -> bytes:
    """What the ledger knows a record by."""
    return hashlib.sha256(_DOMAIN + uid).digest()


def ledger(connection: Connection) -> list[Entry]:
    """What this store has carried out, in order."""
    row = connection.execute("SELECT value FROM setting WHERE key=?", (_SETTING,)).fetchone()
    return [] if row is None else decoding.msgpack(list[Entry]).decode(row[0])


def version(connection: Connection) -> int:
    """Of the ledger as far as it was carried out here; 0 if nobody was ever erased."""
    return max((one.version for one in ledger(connection)), default=0)


def carry_out(
    connection: Connection, folder: DeskFolder, entries: Collection[Entry]
) -> dict[Kind, list[int]]:
    """Erase what these lines name, in the caller's transaction; the records that were here, by kind.

    The file is written first: a program killed in between carries the rest out when it opens next.
    Raises CannotWrite.
    """
    known = {one.digest: one for one in ledger(connection)}
    new = _new(known, entries)
    if not new:
        return {}
    known |= {one.digest: one for one in new}
    every = sorted(known.values(), key=lambda one: one.version)
    write_whole(folder.erased, msgspec.msgpack.encode(every))
    found = _erase(connection, Erased(new))
    connection.execute(
        "INSERT INTO setting(key, value) VALUES(?,?)"
        " ON CONFLICT(key) DO UPDATE SET value=excluded.value",
        (_SETTING, msgspec.msgpack.encode(every)),
    )
    return found


def people(connection: Connection, entries: Collection[Entry]) -> int:
    """How many people of this desk carrying these lines out would erase."""
    new = _new({one.digest: one for one in ledger(connection)}, entries)
    return len(_records(connection, Erased(new)).get(Kind.MEMBER, ())) if new else 0


def _new(known: Mapping[bytes, Entry], entries: Collection[Entry]) -> list[Entry]:
    return [one for one in entries if known.get(one.digest) != one]


def carry_out_what_is_left(connection: Connection, folder: DeskFolder) -> None:
    """For a store that is opened: it may be an old copy, or its program was killed half-way.

    Raises CannotWrite.
    """
    try:
        noted = decoding.msgpack(list[Entry]).decode(folder.erased.read_bytes())
    except (OSError, ValueError):
        return
    if noted == ledger(connection):
        return
    begin_thoroughly(connection)
    connection.execute("BEGIN IMMEDIATE")
    try:
        carry_out(connection, folder, noted)
        connection.execute("COMMIT")
    except BaseException:
        with suppress(Exception):
            connection.execute("ROLLBACK")
        raise
    leave_nothing(connection)


def begin_thoroughly(connection: Connection) -> None:
    """Before the transaction: what is deleted is overwritten in the file."""
    connection.execute("PRAGMA secure_delete=ON")


def leave_nothing(connection: Connection) -> None:
    """After the transaction: the log beside the file keeps no page with what was erased.

    While somebody reads, as much of it as can be goes now and the rest when the store is closed.
    """
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _erase(connection: Connection, erased: Erased) -> dict[Kind, list[int]]:
    by_kind = _records(connection, erased)
    ids = [id_ for of_kind in by_kind.values() for id_ in of_kind]
    if not ids:
        return {}
    chosen = (values.to_json(ids),)
    found: dict[Kind, list[int]] = {}
    for number, of_kind in by_kind.items():
        with suppress(ValueError):  # of a newer version, it has no table here
            kind = Kind(number)
            connection.execute(
                f"DELETE FROM {layout(kind).table} WHERE id {_CHOSEN}",  # noqa: S608 - our own names
                (values.to_json(of_kind),),
            )
            found[kind] = of_kind
    _forget_history(connection, chosen)
    for table in ("sibling", "extra"):
        connection.execute(f"DELETE FROM {table} WHERE record {_CHOSEN}", chosen)  # noqa: S608
    _forget_drafts(connection, frozenset(ids))
    _blank_lines(connection, ids)
    for index in _INDEXES:  # until its parts are merged, an index keeps the words of deleted rows
        connection.execute(f"INSERT INTO {index}({index}) VALUES('optimize')")
    return found


def _records(connection: Connection, erased: Erased) -> dict[int, list[int]]:
    """Records that are named or belong to one that is, by kind."""
    found: dict[int, list[int]] = {}
    for id_, kind, uid, root in connection.execute(
        "SELECT r.id, r.kind, r.uid, root.uid FROM record r JOIN record root ON root.id=r.root"
        " WHERE r.kind<>?",
        (UNKNOWN_KIND,),
    ):
        if erased.covers(uid, root):
            found.setdefault(kind, []).append(id_)
    return found


def _forget_history(connection: Connection, chosen: tuple[str]) -> None:
    """The operations, and the actions of which none is left: nobody can take them back."""
    actions = [
        row[0]
        for row in connection.execute(
            f"SELECT DISTINCT action FROM history WHERE record {_CHOSEN}",  # noqa: S608
            chosen,
        )
    ]
    connection.execute(f"DELETE FROM history WHERE record {_CHOSEN}", chosen)  # noqa: S608
    connection.execute(f"UPDATE action SET subject=NULL WHERE subject {_CHOSEN}", chosen)  # noqa: S608
    emptied = (
        f"id {_CHOSEN} AND NOT EXISTS (SELECT 1 FROM history h"  # noqa: S608
        " WHERE h.origin=action.origin AND h.action=action.id)"
    )
    which = (values.to_json(actions),)
    # The highest number must not be given again: other desks know actions by it.
    connection.execute(f"UPDATE action SET undone_by=id WHERE {emptied}", which)  # noqa: S608
    connection.execute(
        f"DELETE FROM action WHERE {emptied} AND id<(SELECT max(id) FROM action)",  # noqa: S608
        which,
    )


def _forget_drafts(connection: Connection, ids: frozenset[int]) -> None:
    """What was being typed about them."""
    for key, body in connection.execute("SELECT key, body FROM draft").fetchall():
        if not ids.isdisjoint(drafts.records_named(key, body)):
            connection.execute("DELETE FROM draft WHERE key=?", (key,))


def _blank_lines(connection: Connection, ids: Sequence[int]) -> None:
    """Their numbers stay taken. Their ids stay only where another record refers to them."""
    chosen = (values.to_json(ids),)
    referred: set[int] = set()
    for table, column in _references():
        referred.update(
            row[0]
            for row in connection.execute(
                f"SELECT {column} FROM {table} WHERE {column} {_CHOSEN}",  # noqa: S608
                chosen,
            )
        )
    connection.execute(
        f"UPDATE record SET kind={UNKNOWN_KIND}, root=id, stamp=NULL WHERE id {_CHOSEN}",  # noqa: S608
        chosen,
    )
    rows = connection.execute(f"SELECT id, uid FROM record WHERE id {_CHOSEN}", chosen).fetchall()  # noqa: S608
    connection.executemany(
        "UPDATE record SET uid=? WHERE id=?",
        [(digest_of(uid)[:UID_BYTES], id_) for id_, uid in rows if id_ not in referred],
    )


def _references() -> Iterator[tuple[str, str]]:
    for kind in Kind:
        known = layout(kind)
        for field in known.fields.values():
            for column in field.columns:
                if column in field.references:
                    yield known.table, column
