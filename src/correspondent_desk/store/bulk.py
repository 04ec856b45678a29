"""Writing thousands of records as one operation each, at the price of the rows themselves.

An import of 100 000 members through mapped objects takes nine times as long as their rows alone.
Here whole columns change form at once, rows, records and history are written by executemany, and the
search indexes are filled at the end by one statement, because filled by triggers they cost more
than all the rest.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice, repeat
from typing import Any

from correspondent_desk.domain.fields import Field, Kind
from correspondent_desk.store import identity, indexes, operations, stamps, values, writing
from correspondent_desk.store.identity import raw
from correspondent_desk.store.operations import Operation, by_fields
from correspondent_desk.store.session import Session
from correspondent_desk.store.values import Layout, Wire, layout

CHUNK = 2_000
ROOT, UID = "root", "uid"
"""Columns that bulk_insert takes beside the table's own."""

_LISTING = frozenset({"removed_at", "merged_into_id"})
_BY_WORDS, _BY_NUMBERS = _LISTING | {"search_doc"}, _LISTING | {"phone_doc"}
_Column = Sequence[Any]


def bulk_insert(
    session: Session,
    kind: Kind,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
) -> range:
    """New records, one for each row, a value for each column; their ids, in the order of rows.

    Values are Python's, as for mapped objects; columns not named are blank. Derived columns (names
    and numbers to search, last seen) are the caller's to give. Beside the table's own columns,
    "root" may give the id of the record that owns each row and "uid" its id that travels. rows is
    consumed in chunks, so it may be endless work that never is in memory at once.
    """
    return insert_columns(session, kind, _by_column(columns, rows))


def _by_column(
    columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> Iterator[Mapping[str, _Column]]:
    remaining = iter(rows)
    while chunk := list(islice(remaining, CHUNK)):
        yield dict(zip(columns, zip(*chunk, strict=True), strict=True))


def insert_columns(session: Session, kind: Kind, chunks: Iterable[Mapping[str, _Column]]) -> range:
    """As bulk_insert, for who has columns: each chunk has a value for each new record in each.

    All chunks name the same columns, and hold about CHUNK records but for the last one.
    """
    current = operations.of(session)
    current.settle()
    connection = raw(session)
    known = layout(kind)
    first: int = connection.execute("SELECT coalesce(max(id), 0) + 1 FROM record").fetchone()[0]
    next_id = first
    remaining = iter(chunks)
    head = next(remaining, None)
    is_founding = head is not None and first < CHUNK and _height(head) > CHUNK // 2
    with indexes.following(connection, is_founding=is_founding) as members:
        for given in chain([head] if head else [], remaining):
            ids = range(next_id, next_id + _height(given))
            _insert_chunk(session, known, ids, given)
            next_id = ids.stop
        if kind is Kind.MEMBER:
            members.extend(range(first, next_id))
    return range(first, next_id)


def _height(columns: Mapping[str, _Column]) -> int:
    return len(next(iter(columns.values())))


def _insert_chunk(
    session: Session, known: Layout, ids: range, given: Mapping[str, _Column]
) -> None:
    current = operations.of(session)
    connection = raw(session)
    stored = {
        name: values.column_to_store(known.types[name], column)
        for name, column in given.items()
        if name not in (ROOT, UID)
    }
    written = _written_fields(session, known, given, stored)
    count = len(ids)
    seqs = range(first := current.begin_writing(count), first + count)
    ticks = range(current.last - count + 1, current.last + 1)
    # Columns without a value are not named, see `writing`.
    blank = values.to_store(known.kind, known.blank())
    told = {
        name: column
        for name, column in stored.items()
        if blank[name] is not None or column.count(None) < count
    }
    connection.executemany(
        insert_sql(known.kind, list(told)), zip(ids, *told.values(), strict=True)
    )
    writing.add_records(
        connection,
        zip(
            ids,
            given.get(UID) or identity.new_uids(count, current.wall_ms),
            repeat(int(known.kind), count),
            given.get(ROOT) or ids,
            map(stamps.stamper(current.own, list(written)), seqs, ticks),
            strict=True,
        ),
    )
    writing.log_made(
        connection,
        zip(
            repeat(current.own, count),
            seqs,
            ids,
            ticks,
            repeat(current.action, count),
            _bodies(written, count),
            strict=True,
        ),
    )
    current.note_changed(known.kind, ids, ())
    if ROOT in given:
        current.note_work(Kind.MEMBER, set(given[ROOT]), seqs[-1])
    current.about(ids[0])


def insert_sql(kind: Kind, names: Sequence[str]) -> str:
    """The statement that inserts id and these columns of kind's table; the others are blank."""
    known = layout(kind)
    # What nobody gives is written into the statement itself: fewer values to bind.
    blank = values.to_store(known.kind, known.blank())
    rest = {n: _literal(v) for n, v in blank.items() if n not in names and v is not None}
    into = ", ".join(("id", *names, *rest))
    marks = ", ".join((*repeat("?", len(names) + 1), *rest.values()))
    return f"INSERT INTO {known.table}({into}) VALUES({marks})"


def _literal(value: str | int) -> str:
    return str(value) if isinstance(value, int) else f"'{value}'"


def _written_fields(
    session: Session, known: Layout, given: Mapping[str, _Column], stored: Mapping[str, _Column]
) -> dict[int, _Column]:
    """The wire values of each field that somebody gave, but for fields that are blank throughout."""
    written = {}
    for number, field in known.fields.items():
        if any(name in given for name in field.columns):
            wire = _wire_column(session, known, field, given, stored)
            blank = known.blank_parts(field)
            if wire.count(tuple(blank) if len(blank) > 1 else blank[0]) < len(wire):
                written[number] = wire
    return written


def _wire_column(
    session: Session,
    known: Layout,
    field: Field,
    given: Mapping[str, _Column],
    stored: Mapping[str, _Column],
) -> _Column:
    count = _height(given)
    parts = {
        # A column's text in the store is its text on the wire; flags and lists stay Python's.
        name: _uids(session, given[name])
        if name in field.references
        else given[name]
        if known.types[name].is_native
        else stored[name]
        for name in field.columns
        if name in given
    }
    if len(field.columns) == 1:
        return parts[field.columns[0]]
    blank = dict(zip(field.columns, known.blank_parts(field), strict=True))
    whole = [parts.get(name) or repeat(blank[name], count) for name in field.columns]
    return list(zip(*whole, strict=True))  # a tuple is a list on the wire


def _uids(session: Session, ids: _Column) -> _Column:
    uids = {id_: identity.uid_of(session, id_) for id_ in set(ids) - {None}}
    return [uids.get(id_) for id_ in ids]


def _bodies(written: Mapping[int, _Column], count: int) -> Iterator[bytes]:
    """For each record, its values by the number of their field.

    A list of numbers and values in turns is written as such a map is, but for the first bytes, and
    costs two thirds: no map needs to be made.
    """
    if not written:
        return repeat(values.encode({}), count)
    encode = values.encode
    pairs = len(written)
    head = encode(dict.fromkeys(range(pairs)))[: -2 * pairs]
    begun = len(encode([None] * 2 * pairs)) - 2 * pairs
    turns = chain.from_iterable((repeat(number), column) for number, column in written.items())
    return (head + encode(row)[begun:] for row in zip(*turns, strict=False))


# --- changing many --------------------------------------------------------------------------------


def bulk_update(
    session: Session,
    kind: Kind,
    columns: Sequence[str],
    rows: Iterable[tuple[int, Sequence[Any]]],
) -> int:
    """Write these columns of each (id, values); how many records differed.

    What stays equal is not written and has no history. Derived columns may be among columns.
    """
    current = operations.of(session)
    current.settle()
    known = layout(kind)
    remaining = iter(rows)
    count = 0
    while chunk := list(islice(remaining, CHUNK)):
        count += _update_chunk(session, known, columns, dict(chunk))
    return count


def _update_chunk(
    session: Session, known: Layout, columns: Sequence[str], wanted: Mapping[int, Sequence[Any]]
) -> int:
    current = operations.of(session)
    fields = _fields_of(known, columns)
    needed = tuple(dict.fromkeys((*columns, *(name for one in fields for name in one.columns))))
    changed: list[int] = []
    found: list[Operation] = []
    updates: list[tuple[Any, ...]] = []
    for id_, was in stored_columns(session, known, needed, list(wanted)):
        told = dict(zip(columns, wanted[id_], strict=True))
        now = {**was, **values.to_store(known.kind, told)}
        if now == was:
            continue
        changed.append(id_)
        updates.append((*(now[name] for name in columns), id_))
        before, body = (_wire_of(session, known, fields, one) for one in (was, now))
        differing = [number for number in body if body[number] != before[number]]
        if differing:
            found.append(
                Operation(
                    id_,
                    known.kind,
                    {number: body[number] for number in differing},
                    {number: before[number] for number in differing},
                )
            )
    _write_columns(session, known, columns, changed, updates)
    current.write(found)
    current.note_changed(known.kind, changed, ())
    return len(changed)


def write_changes(session: Session, kind: Kind, changes: Sequence[Operation]) -> None:
    """Show and log the bodies of these operations, each of another record of kind.

    Raises values.NotOfType if a body does not fit.
    """
    known = layout(kind)
    for numbers, group in by_fields(changes):
        shown = [number for number in numbers if number in known.fields]
        columns = [name for number in shown for name in known.fields[number].columns]
        updates = []
        for one in group:
            told: dict[str, Any] = {}
            for number in shown:
                told |= values.to_columns(session, kind, known.fields[number], one.body[number])
            stored = values.to_store(kind, told)
            updates.append((*(stored[name] for name in columns), one.record))
        _write_columns(session, known, columns, [one.record for one in group], updates)
    operations.of(session).write(changes)


def current_wire(
    session: Session, kind: Kind, record: int, numbers: Iterable[int]
) -> dict[int, Wire]:
    """The shown values of these fields as they would travel."""
    known = layout(kind)
    fields = [known.fields[number] for number in numbers]
    needed = [name for one in fields for name in one.columns]
    ((_, stored),) = stored_columns(session, known, needed, [record])
    return _wire_of(session, known, fields, stored)


def stored_columns(
    session: Session, known: Layout, columns: Sequence[str], ids: Sequence[int]
) -> list[tuple[int, dict[str, Any]]]:
    """What the driver finds in these columns, by id."""
    sql = (
        f"SELECT id, {', '.join(columns)} FROM {known.table}"  # noqa: S608 - names of our own
        " WHERE id IN (SELECT value FROM json_each(?))"
    )
    found = raw(session).execute(sql, (values.to_json(ids),))
    return [(id_, dict(zip(columns, rest, strict=True))) for id_, *rest in found]


def _fields_of(known: Layout, columns: Sequence[str]) -> list[Field]:
    fields = {known.field_of[name].id for name in columns if name in known.field_of}
    return [known.fields[number] for number in sorted(fields)]


def _wire_of(
    session: Session, known: Layout, fields: Iterable[Field], stored: Mapping[str, Any]
) -> dict[int, Wire]:
    wire = {}
    for field in fields:
        told = values.from_store(known.kind, {name: stored[name] for name in field.columns})
        wire[field.id] = values.to_wire(session, known.kind, field, list(told.values()))
    return wire


def _write_columns(
    session: Session,
    known: Layout,
    columns: Sequence[str],
    ids: Sequence[int],
    updates: Sequence[tuple[Any, ...]],
) -> None:
    if not updates or not columns:
        return
    connection = raw(session)
    sets = ", ".join(f"{name}=?" for name in columns)
    sql = f"UPDATE {known.table} SET {sets} WHERE id=?"  # noqa: S608 - names of our own
    is_member = known.kind is Kind.MEMBER
    words = ids if is_member and not _BY_WORDS.isdisjoint(columns) else ()
    numbers = ids if is_member and not _BY_NUMBERS.isdisjoint(columns) else ()
    with indexes.search_rebuilt(connection, words, numbers):
        connection.executemany(sql, updates)
