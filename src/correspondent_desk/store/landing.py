"""Reading and writing many records at once, in wire form: the store's side of a merge.

Nothing here decides anything. One SELECT finds what a batch of operations touches and one executemany
a table writes what became of it, because one statement for each operation would cost ten times as
much. Search index and names are kept up here; operations and stamps are the caller's to give.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice, repeat
from sqlite3 import Connection
from typing import Any, NamedTuple, TypeVar

import msgspec

from correspondent_desk.domain.fields import Field, Kind
from correspondent_desk.store import bulk, derived, indexes, values
from correspondent_desk.store.identity import UID_BYTES, raw
from correspondent_desk.store.session import Session
from correspondent_desk.store.values import ColumnType, NotOfType, Wire, layout

_AT_ONCE, _MANY = 500, 5_000
_CHOSEN = "id IN (SELECT value FROM json_each(?))"
_DOCUMENTED = (
    "usage_name", "family_name", "first_name", "sort_name", "matricule", "beneficiary_number",
    "phones",
)  # fmt: skip
_DOCUMENTS = ("sort_key", "search_doc", "phone_doc")
_LISTING = frozenset({"removed_at", "merged_into_id"})
_WORDS, _NUMBERS = frozenset(_DOCUMENTED) - {"phones"} | _LISTING, _LISTING | {"phones"}
_KINDS: Mapping[int, Kind] = {kind.value: kind for kind in Kind}

T = TypeVar("T")


class Place(msgspec.Struct, gc=False):
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
    for chunk in chunks(sorted(uids)):  # neighbours of the index stand on one page
        marks = ",".join("?" * len(chunk))
        for uid, id_, kind, root, stamp in connection.execute(
            f"SELECT uid, id, kind, root, stamp FROM record WHERE uid IN ({marks})",  # noqa: S608
            list(map(bytearray, chunk)),  # see `writing`
        ):
            found[uid] = Place(id_, kind, root, stamp)
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
        self._parts = {
            number: [
                _Part(name, name in known.optional, name in field.references, known.types[name])
                for name in field.columns
            ]
            for number, field in known.fields.items()
        }
        # Where references stand: in a value of several parts, or None where they are the value.
        self._references: list[tuple[int, int | None]] = [
            (number, place if len(parts) > 1 else None)
            for number, parts in self._parts.items()
            for place, part in enumerate(parts)
            if part.is_reference
        ]
        self.referring = frozenset(number for number, _ in self._references)
        # Fields of one column that holds what travels.
        self.plain: Mapping[int, str] = {
            number: part.name
            for number, (part, *others) in self._parts.items()
            if not others
            and not part.is_reference
            and (part.type.simple or not part.type.is_native)
        }
        self.blank: Mapping[str, Any] = values.to_store(kind, known.blank())
        self.words, self.numbers = (
            frozenset(n for n, parts in self._parts.items() if any(p.name in names for p in parts))
            for names in (_WORDS, _NUMBERS)
        )

    def mentioned(self, wires: Mapping[int, object]) -> list[bytes]:
        """The records that the values of some fields refer to."""
        found = []
        for number, place in self._references:
            wire = wires.get(number)
            if place is not None:
                wire = wire[place] if isinstance(wire, list) and place < len(wire) else None
            if isinstance(wire, bytes) and len(wire) == UID_BYTES:
                found.append(wire)
        return found

    def stored_columns(
        self, rows: Sequence[Mapping[int, object]], id_of: Callable[[bytes], int]
    ) -> dict[str, Sequence[Any]]:
        """Values of the same fields as their columns hold them. Raises NotOfType."""
        fields = {number: [row[number] for row in rows] for number in rows[0]}
        return self.columns_of(fields, id_of)

    def columns_of(
        self, fields: Mapping[int, Sequence[Any]], id_of: Callable[[bytes], int]
    ) -> dict[str, Sequence[Any]]:
        """As stored_columns, given a column of values for each field."""
        columns: dict[str, Sequence[Any]] = {}
        for number, found in fields.items():
            parts = self._parts.get(number)
            if parts is None:
                raise NotOfType  # of a newer version
            if len(parts) == 1:
                columns[parts[0].name] = _stored(parts[0], found, id_of)
            elif all(type(one) is list and len(one) == len(parts) for one in found):
                for part, column in zip(parts, zip(*found, strict=True), strict=True):
                    columns[part.name] = _stored(part, column, id_of)
            else:
                raise NotOfType
        return columns

    def wire(self, number: int, columns: Mapping[str, Any], uid_of: Callable[[int], bytes]) -> Wire:
        """The value that travels, of a field's columns as they stand in the store."""
        found = [_one_wire(part, columns[part.name], uid_of) for part in self._parts[number]]
        return found[0] if len(found) == 1 else found


@cache
def table(kind: Kind) -> Table:
    """The table of kind."""
    return Table(kind)


@cache
def table_of(number: int) -> Table | None:
    """The table of the kind with this number, or None if only newer versions have it."""
    kind = known_kind(number)
    return None if kind is None else table(kind)


def _stored(part: _Part, column: Sequence[Any], id_of: Callable[[bytes], int]) -> Sequence[Any]:
    """A column of values from elsewhere as the store holds them. Raises NotOfType."""
    if None in column and not part.is_optional:
        raise NotOfType
    if part.is_reference:
        return [None if uid is None else id_of(_uid(uid)) for uid in column]
    return values.wire_to_store(part.type, column)


def _uid(value: object) -> bytes:
    if not isinstance(value, bytes) or len(value) != UID_BYTES:
        raise NotOfType
    return value


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
    named = ["id", *(name for number in numbers for name in known.fields[number].columns)]
    found: dict[int, dict[str, Any]] = {}
    sql = f"SELECT {', '.join(named)} FROM {known.name} WHERE {_CHOSEN}"  # noqa: S608
    for chunk in chunks(sorted(ids), _MANY):  # neighbours stand on one page
        for row in connection.execute(sql, (values.to_json(chunk),)):
            found[row[0]] = dict(zip(named, row, strict=True))
    return found


# --- writing --------------------------------------------------------------------------------------


class Landed(msgspec.Struct, frozen=True):
    """What became of one record: the values to show, by number of the field. is_new: no row yet."""

    id: int
    is_new: bool
    values: Mapping[int, object]


class Unfit(NamedTuple):
    """A value that cannot stand in its column, or whose field is not known: kept, not shown."""

    id: int
    number: int
    value: object


def write(
    session: Session, kind: Kind, landed: Sequence[Landed], id_of: Callable[[bytes], int]
) -> list[Unfit]:
    """Write rows of one table, and the names that members are found by; what could not be shown."""
    known = table(kind)
    groups: dict[tuple[object, ...], list[Landed]] = {}
    for one in landed:
        groups.setdefault((one.is_new, *one.values), []).append(one)
    words: list[int] = []
    numbers: list[int] = []
    if kind is Kind.MEMBER:
        for (is_new, *fields), group in groups.items():
            for changed, ids in ((known.words, words), (known.numbers, numbers)):
                if is_new or not changed.isdisjoint(fields):
                    ids += [one.id for one in group]
    unfit: list[Unfit] = []
    with indexes.search_rebuilt(raw(session), words, numbers):
        for group in groups.values():
            unfit += _write_group(session, known, group, id_of)
    return unfit


def _write_group(
    session: Session, known: Table, group: Sequence[Landed], id_of: Callable[[bytes], int]
) -> list[Unfit]:
    """Write records that are alike: all new or none, and the same fields."""
    try:
        columns = known.stored_columns([one.values for one in group], id_of)
    except NotOfType:
        if len(group) > 1:  # rare: find out which one it is
            return [u for one in group for u in _write_group(session, known, [one], id_of)]
        return _write_what_fits(session, known, group[0], id_of)
    ids = [one.id for one in group]
    if group[0].is_new:
        insert(session, known.kind, ids, columns)
    elif columns:
        if "phones" in columns and known.kind is Kind.MEMBER:
            columns["phone_doc"] = [derived.phone_document(one) for one in columns["phones"]]
        sets = ", ".join(f"{name}=?" for name in columns)
        raw(session).executemany(
            f"UPDATE {known.name} SET {sets} WHERE id=?",  # noqa: S608 - names of our own
            zip(*columns.values(), ids, strict=True),
        )
        if known.kind is Kind.MEMBER and not known.words.isdisjoint(group[0].values):
            derived.refresh_names(session, ids)
    return []


def _write_what_fits(
    session: Session, known: Table, one: Landed, id_of: Callable[[bytes], int]
) -> list[Unfit]:
    unfit: list[Unfit] = []
    fits: dict[int, object] = {}
    for number, value in one.values.items():
        try:
            known.stored_columns([{number: value}], id_of)
        except NotOfType:
            unfit.append(Unfit(one.id, number, value))
        else:
            fits[number] = value
    _write_group(session, known, [Landed(one.id, one.is_new, fits)], id_of)
    return unfit


def insert(
    session: Session, kind: Kind, ids: Sequence[int], columns: dict[str, Sequence[Any]]
) -> None:
    """New rows of one table, given their columns as stored; the names that members are found by too.

    columns is completed by the columns of these names.
    """
    if kind is Kind.MEMBER:
        known = table(kind)
        told = [columns.get(name) or repeat(known.blank[name]) for name in _DOCUMENTED]
        documents = [derived.documents(*one) for _, *one in zip(ids, *told, strict=False)]
        columns.update(zip(_DOCUMENTS, zip(*documents, strict=True), strict=True))
    raw(session).executemany(
        bulk.insert_sql(kind, list(columns)), zip(ids, *columns.values(), strict=True)
    )
