"""Values in their three forms: in Python, in a column of the store, and on the wire.

On the wire (history, stamps' siblings, bundles) a value is None, bool, int, text, bytes or a list:
dates and times as ISO text, amounts as exact text, a reference as the 16 bytes of the record meant;
a field of several columns is the list of their values. In the store a column holds the same but
for lists, which are JSON text, and references, which are local ids.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import cache, partial
from types import GenericAlias, NoneType
from typing import Any

import msgspec

from correspondent_desk import decoding
from correspondent_desk.domain.fields import FIELDS, Field, Kind
from correspondent_desk.store import identity, shapes
from correspondent_desk.store.session import Session
from correspondent_desk.store.shapes import Column, Form

Wire = None | bool | int | str | bytes | list[Any] | dict[str, Any]
_LARGEST = 1 << 63
_MOST_DIGITS = 15

encode = msgspec.msgpack.Encoder().encode
decode = decoding.msgpack(dict[int, Any]).decode
decode_one = msgspec.msgpack.Decoder().decode


class NotOfType(ValueError):
    """A value from elsewhere does not fit the field: keep the operation, do not show the value."""


@dataclass(frozen=True, slots=True)
class ColumnType:
    """How one column's values change form; None stays None and is not given to these.

    from_wire trusts nothing and raises NotOfType. simple: all forms are the same. is_native: the
    wire form is Python's own.
    """

    to_wire: Callable[[Any], Wire]
    from_wire: Callable[[Any], Any]
    to_store: Callable[[Any], Any]
    from_store: Callable[[Any], Any]
    simple: bool = False
    is_native: bool = False


def _same(value: Any) -> Any:
    return value


def _checked(type_: type) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        if type(value) is not type_:
            raise NotOfType
        return value

    return check


def _number(value: Any) -> int:
    if type(value) is not int or not -_LARGEST <= value < _LARGEST:
        raise NotOfType
    return value


def _parsed(read: Callable[[str], Any]) -> Callable[[Any], Any]:
    def parse(value: Any) -> Any:
        if type(value) is not str:
            raise NotOfType
        try:
            return read(value)
        except (ValueError, InvalidOperation) as error:
            raise NotOfType from error

    return parse


def _local_time(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is not None:
        raise NotOfType
    return found


def _amount(text: str) -> Decimal:
    found = Decimal(text)
    if not found.is_finite() or abs(found.adjusted()) > _MOST_DIGITS:
        raise NotOfType
    return found


def _to_minute(value: datetime) -> str:
    return value.replace(tzinfo=None).isoformat(timespec="minutes")


def _hour(value: time) -> str:
    return value.strftime("%H:%M")


@cache
def _in_lists() -> Mapping[str, Any]:
    """What stands in lists. Loaded where there is one: the rows of members take 10 ms."""
    from correspondent_desk.domain.members import Mail, Phone

    return {"address_lines": str, "open_weekdays": int, "phones": Phone, "mails": Mail}


def _list_of(name: str) -> Callable[[Any], Any]:
    """Lists of this shape; what newer versions say besides is kept."""

    def check(value: Any) -> Any:
        lists: Any = GenericAlias(list, (_in_lists()[name],))
        try:
            decoding.convert(value, lists)
        except msgspec.ValidationError as error:
            raise NotOfType from error
        return value

    return check


_json = msgspec.json.Encoder()


def to_json(value: Sequence[object]) -> str:
    """Lists as they stand in the store."""
    return _json.encode(value).decode() if value else "[]"


def _texted(write: Callable[[Any], str], read: Callable[[str], Any]) -> ColumnType:
    return ColumnType(write, _parsed(read), write, read)


_TEXT = ColumnType(_same, _checked(str), _same, _same, simple=True, is_native=True)
_NUMBER = ColumnType(_same, _number, _same, _same, simple=True, is_native=True)
_FLAG = ColumnType(bool, _checked(bool), int, bool, is_native=True)
_LISTS = {
    name: ColumnType(_same, _list_of(name), to_json, json.loads, is_native=True)
    for name in ("address_lines", "open_weekdays", "phones", "mails")
}
_DAY = _texted(date.isoformat, date.fromisoformat)
_TIME = _texted(_to_minute, _local_time)
_HOUR = _texted(_hour, time.fromisoformat)
_EUROS = _texted(str, _amount)


_TYPES: Mapping[Form, ColumnType] = {
    Form.TEXT: _TEXT,
    Form.NUMBER: _NUMBER,
    Form.FLAG: _FLAG,
    Form.DAY: _DAY,
    Form.TIME: _TIME,
    Form.HOUR: _HOUR,
    Form.EUROS: _EUROS,
}


def _type_of(column: Column) -> ColumnType:
    return _LISTS[column.name] if column.form is Form.LIST else _TYPES[column.form]


class Layout:
    """One synchronised table: its fields, its columns and what they hold when nobody wrote them."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.table, columns = shapes.shape(kind)
        self.types: Mapping[str, ColumnType] = {c.name: _type_of(c) for c in columns}
        self.optional = frozenset(c.name for c in columns if c.is_optional)
        self.fields: Mapping[int, Field] = {field.id: field for field in FIELDS[kind]}
        self.field_of: Mapping[str, Field] = {
            column: field for field in FIELDS[kind] for column in field.columns
        }
        self.blank_wire: Mapping[int, Wire] = {
            field.id: _joined(self.blank_parts(field)) for field in FIELDS[kind]
        }

    def blank(self) -> dict[str, Any]:
        """The columns of a record about which nothing was said; a fresh dict with fresh lists."""
        return {name: made() for name, made in _blanks(self.kind).items()}

    def blank_parts(self, field: Field) -> list[Wire]:
        """The wire values of a blank field's columns."""
        blank = self.blank()
        return [_one_to_wire(self.types[name], blank[name]) for name in field.columns]


@cache
def layout(kind: Kind) -> Layout:
    """The layout of kind's table."""
    return Layout(kind)


@cache
def _blanks(kind: Kind) -> Mapping[str, Callable[[], Any]]:
    return {
        column.name: list if column.form is Form.LIST else partial(_same, _blank(column))
        for column in shapes.shape(kind).columns
        if column.name != "id"
    }


def _blank(column: Column) -> str | int | None:
    return bool(column.blank) if column.form is Form.FLAG else column.blank


def _one_to_wire(type_: ColumnType, value: Any) -> Wire:
    return None if value is None else type_.to_wire(value)


def _joined(parts: list[Wire]) -> Wire:
    return parts[0] if len(parts) == 1 else parts


def to_wire(session: Session, kind: Kind, field: Field, values: Sequence[Any]) -> Wire:
    """The wire form of a field, given the Python values of its columns in their order."""
    types = layout(kind).types
    return _joined(
        [
            identity.uid_of(session, value)
            if name in field.references and value is not None
            else _one_to_wire(types[name], value)
            for name, value in zip(field.columns, values, strict=True)
        ]
    )


def to_columns(session: Session, kind: Kind, field: Field, wire: object) -> dict[str, Any]:
    """The Python values of a field's columns, given what came from elsewhere. Raises NotOfType.

    A reference to a record that this store has never seen makes a place for it.
    """
    return parted(kind, field, wire, lambda uid: identity.id_of(session, uid))


def parted(
    kind: Kind, field: Field, wire: object, number_of: Callable[[bytes], int | None]
) -> dict[str, Any]:
    """As to_columns, with a way of one's own to find the number of a record."""
    if len(field.columns) == 1:
        parts: Sequence[object] = (wire,)
    elif isinstance(wire, list) and len(wire) == len(field.columns):
        parts = wire
    else:
        raise NotOfType
    known = layout(kind)
    found: dict[str, Any] = {}
    for name, part in zip(field.columns, parts, strict=True):
        if part is None:
            if name not in known.optional:
                raise NotOfType
            found[name] = None
        elif name in field.references:
            found[name] = number_of(_uid(part))
        else:
            found[name] = known.types[name].from_wire(part)
    return found


def to_store(kind: Kind, columns: Mapping[str, Any]) -> dict[str, Any]:
    """Python values as the driver writes them."""
    types = layout(kind).types
    return {
        name: None if value is None else types[name].to_store(value)
        for name, value in columns.items()
    }


def from_store(kind: Kind, columns: Mapping[str, Any]) -> dict[str, Any]:
    """What the driver read, as Python values."""
    types = layout(kind).types
    return {
        name: None if value is None else types[name].from_store(value)
        for name, value in columns.items()
    }


def column_to_store(type_: ColumnType, column: Sequence[Any]) -> Sequence[Any]:
    """Python values as the driver writes them, for many records."""
    if type_.simple:
        return column
    missing = column.count(None)
    if missing == len(column):
        return column
    store = type_.to_store
    if store is to_json and not missing:
        return _json_lines(column)
    return [None if value is None else store(value) for value in column]


def wire_to_store(type_: ColumnType, column: Sequence[Any]) -> Sequence[Any]:
    """What came from elsewhere, as a column holds it. Raises NotOfType."""
    read, store = type_.from_wire, type_.to_store
    kinds = set(map(type, column)) - {NoneType}
    if type_ is _TEXT and kinds <= {str}:
        return column
    if type_ in _LISTS.values() and kinds == {list}:
        return _lists_to_store(type_, column)
    if type_.simple:
        for value in column:
            if value is not None:
                read(value)
        return column
    if kinds == {str}:  # days and hours: the same ones again and again
        known = {value: store(read(value)) for value in set(column) - {None}}
        return [known.get(value) for value in column]
    return [None if value is None else store(read(value)) for value in column]


def _lists_to_store(type_: ColumnType, column: Sequence[Any]) -> Sequence[str]:
    """A column of lists, none of them missing, checked and written at once."""
    name = next(name for name, one in _LISTS.items() if one is type_)
    lists: Any = GenericAlias(list, (_in_lists()[name],))
    try:
        decoding.convert(column, list[lists])
    except msgspec.ValidationError as error:
        raise NotOfType from error
    return _json_lines(column)


def _json_lines(column: Sequence[Sequence[object]]) -> Sequence[str]:
    lines = _json.encode_lines(column).decode().split("\n")  # a text holds no end of a line
    lines.pop()
    return lines


def local_time(value: datetime) -> str:
    """A local time as it stands on the wire and in the store: 2026-12-03T14:00."""
    return _to_minute(value)


def _uid(part: object) -> bytes:
    if not isinstance(part, bytes) or len(part) != identity.UID_BYTES:
        raise NotOfType
    return part
