"""Reading and writing many records at once, in wire form: the store's side of a merge.

Nothing here decides anything. One SELECT finds what a batch of operations touches and one executemany
a table writes what became of it, because one statement for each operation would cost ten times as
much. Search index and names are kept up here; operations and stamps are the caller's to give.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from sqlite3 import Connection
from typing import Any, NamedTuple, TypeVar

from sqlalchemy.orm import Session

from correspondent_desk.domain.fields import Field, Kind
from correspondent_desk.store import bulk, derived, values
from correspondent_desk.store.identity import UID_BYTES, raw
from correspondent_desk.store.values import ColumnType, NotOfType, Wire, layout

_AT_ONCE = 500
_CHOSEN = "id IN (SELECT value FROM json_each(?))"
_DOCUMENTED = (
    "usage_name", "family_name", "first_name", "sort_name", "matricule", "beneficiary_number",
    "phones",
)  # fmt: skip
_DOCUMENTS = ("sort_key", "search_doc", "phone_doc")
_NAMING = frozenset({*_DOCUMENTED, "removed_at", "merged_into_id"})
_KINDS: Mapping[int, Kind] = {kind.value: kind for kind in Kind}

T = TypeVar("T")


class Place(NamedTuple):
    """A line of `record`. kind 0: only mentioned so far. stamp None: never written."""

    id: int
    kind: int
    root: int
    stamp: bytes | None


def known_kind(number: int) -> Kind | None:
    """The kind with this number, or None if only newer versions have it."""
    return _KINDS.get(number)


def chunks(them: Iterable[T], size: int = _AT_ONCE) -> Iterator[list[T]]:
    """them in lists of at most size."""
    remaining = iter(them)
    while chunk := list(islice(remaining, size)):
        yield chunk


def places(connection: Connection, uids: Collection[bytes]) -> dict[bytes, Place]:
    """The lines of those uids that this store has seen."""
    found: dict[bytes, Place] = {}
    for chunk in chunks(uids):
        marks = ",".join("?" * len(chunk))
        for uid, *rest in connection.execute(
            f"SELECT uid, id, kind, root, stamp FROM record WHERE uid IN ({marks})",  # noqa: S608
            chunk,
        ):
            found[uid] = Place(*rest)
    return found


def next_id(connection: Connection) -> int:
    """The number of the record that comes next."""
    found: int = connection.execute("SELECT coalesce(max(id), 0) + 1 FROM record").fetchone()[0]
    return found


def uids(connection: Connection, ids: Collection[int]) -> dict[int, bytes]:
    """The ids that travel of these records."""
    found: dict[int, bytes] = {}
    for chunk in chunks(ids):
        found.update(
            connection.execute(
                f"SELECT id, uid FROM record WHERE {_CHOSEN}",  # noqa: S608
                (values.to_json(chunk),),
            )
        )
    return found


# --- one table ------------------------------------------------------------------------------------


class _Part(NamedTuple):
    """One column of a field."""

    name: str
    is_optional: bool
    is_reference: bool
    type: ColumnType


class Table:
    """How one kind's fields stand in its table."""

    def __init__(self, kind: Kind) -> None:
        known = layout(kind)
        self.kind = kind
        self.name = known.table
        self.fields: Mapping[int, Field] = known.fields
        self.blank_wire: Mapping[int, Wire] = known.blank_wire
        self.references = frozenset(n for n, field in known.fields.items() if field.references)
        self._parts = {
            number: [
                _Part(name, name in known.optional, name in field.references, known.types[name])
                for name in field.columns
            ]
            for number, field in known.fields.items()
        }
        self._blank = values.to_store(kind, known.blank())
        self.columns = tuple(self._blank)

    def mentioned(self, number: int, wire: object) -> Iterator[bytes]:
        """The records that a value refers to."""
        parts = self._parts[number]
        found = [wire] if len(parts) == 1 else wire if isinstance(wire, list) else []
        for part, value in zip(parts, found, strict=False):
            if part.is_reference and isinstance(value, bytes) and len(value) == UID_BYTES:
                yield value

    def stored(self, number: int, wire: object, id_of: Callable[[bytes], int]) -> list[Any]:
        """A value as the field's columns hold it. Raises NotOfType."""
        parts = self._parts[number]
        if len(parts) == 1:
            return [_one_stored(parts[0], wire, id_of)]
        if not isinstance(wire, list) or len(wire) != len(parts):
            raise NotOfType
        return [_one_stored(part, one, id_of) for part, one in zip(parts, wire, strict=True)]

    def wire(self, number: int, columns: Mapping[str, Any], uid_of: Callable[[int], bytes]) -> Wire:
        """The value that travels, of a field's columns as they stand in the store."""
        found = [_one_wire(part, columns[part.name], uid_of) for part in self._parts[number]]
        return found[0] if len(found) == 1 else found

    def blank(self) -> dict[str, Any]:
        """The columns, as stored, of a record about which nothing was said."""
        return dict(self._blank)


@cache
def table(kind: Kind) -> Table:
    """The table of kind."""
    return Table(kind)


def _one_stored(part: _Part, value: object, id_of: Callable[[bytes], int]) -> Any:
    if value is None:
        if not part.is_optional:
            raise NotOfType
        return None
    if part.is_reference:
        if not isinstance(value, bytes) or len(value) != UID_BYTES:
            raise NotOfType
        return id_of(value)
    checked = part.type.from_wire(value)
    return checked if part.type.simple else part.type.to_store(checked)


def _one_wire(part: _Part, value: Any, uid_of: Callable[[int], bytes]) -> Wire:
    if value is None:
        return None
    if part.is_reference:
        return uid_of(value)
    # What a column holds as text travels as that text; flags and lists are Python's own on the wire.
    found: Wire = part.type.from_store(value) if part.type.is_native else value
    return found


# --- reading --------------------------------------------------------------------------------------


def stored_rows(
    connection: Connection, kind: Kind, numbers: Collection[int], ids: Collection[int]
) -> dict[int, dict[str, Any]]:
    """The columns of these fields, as stored, of those ids that have a row."""
    known = table(kind)
    names = [name for number in numbers for name in known.fields[number].columns]
    found: dict[int, dict[str, Any]] = {}
    for chunk in chunks(ids):
        sql = f"SELECT {', '.join(('id', *names))} FROM {known.name} WHERE {_CHOSEN}"  # noqa: S608
        for id_, *rest in connection.execute(sql, (values.to_json(chunk),)):
            found[id_] = dict(zip(names, rest, strict=True))
    return found


# --- writing --------------------------------------------------------------------------------------


class Landed(NamedTuple):
    """What became of one record: its shown values by column, as stored."""

    id: int
    is_new: bool
    columns: Mapping[str, Any]


def write(session: Session, kind: Kind, landed: Sequence[Landed]) -> None:
    """Write rows of one table; of members also the names they are found by."""
    known = table(kind)
    if kind is not Kind.MEMBER:
        _write_rows(raw(session), known, landed)
        return
    named = [one for one in landed if one.is_new or not _NAMING.isdisjoint(one.columns)]
    with bulk.search_rebuilt(raw(session), [one.id for one in named]):
        _write_rows(raw(session), known, landed)
        derived.refresh_names(session, [one.id for one in named if not one.is_new])


def _write_rows(connection: Connection, known: Table, landed: Sequence[Landed]) -> None:
    new = [_whole(known, one) for one in landed if one.is_new]
    if new:
        marks = ",?" * len(known.columns)
        connection.executemany(
            f"INSERT INTO {known.name}(id, {', '.join(known.columns)}) VALUES(?{marks})",
            new,
        )
    groups: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
    for one in landed:
        if not one.is_new and one.columns:
            groups.setdefault(tuple(one.columns), []).append((*one.columns.values(), one.id))
    for names, rows in groups.items():
        sets = ", ".join(f"{name}=?" for name in names)
        connection.executemany(f"UPDATE {known.name} SET {sets} WHERE id=?", rows)  # noqa: S608


def _whole(known: Table, one: Landed) -> tuple[Any, ...]:
    columns = {**known.blank(), **one.columns}
    if known.kind is Kind.MEMBER:
        told = [columns[name] for name in _DOCUMENTED]
        columns.update(zip(_DOCUMENTS, derived.documents(*told), strict=True))
    return (one.id, *columns.values())
