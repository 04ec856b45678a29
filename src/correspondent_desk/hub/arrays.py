"""Columns as arrays of PostgreSQL, packed whole.

Handed to the driver value by value, an operation costs more here than its row costs the server.
"""

import struct
import sys
from array import array
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from sqlalchemy import Engine, event

if TYPE_CHECKING:
    import psycopg

ID = 16
_HEAD = struct.Struct(">iiiii")  # dimensions, no nulls, kind, length, first index
_INT8, _INT4, _BYTEA, _TEXT = 20, 23, 17, 25
_LENGTH = 4


class Array(bytes):
    """An array in the binary form of the protocol, for a parameter that is cast to its kind."""

    __slots__ = ()


def integers(values: Sequence[int], *, is_short: bool = False) -> Array:
    """bigint[], or integer[]. Raises OverflowError for a number that does not fit."""
    wide = 4 if is_short else 8
    numbers = array("i" if is_short else "q", values)
    if sys.byteorder == "little":
        numbers.byteswap()
    raw, step = numbers.tobytes(), wide + _LENGTH
    packed = bytearray(step * len(values))
    packed[_LENGTH - 1 :: step] = bytes([wide]) * len(values)
    for plane in range(wide):
        packed[_LENGTH + plane :: step] = raw[plane::wide]
    return _array(_INT4 if is_short else _INT8, len(values), packed)


def ids(values: Sequence[bytes]) -> Array:
    """bytea[] of values of 16 bytes each."""
    length = ID.to_bytes(_LENGTH, "big")
    return _array(_BYTEA, len(values), length + length.join(values))


def blobs(values: Sequence[bytes]) -> Array:
    """bytea[]."""
    lengths = {size: size.to_bytes(_LENGTH, "big") for size in set(map(len, values))}
    heads = map(lengths.__getitem__, map(len, values))
    return _array(
        _BYTEA, len(values), b"".join(chain.from_iterable(zip(heads, values, strict=True)))
    )


def texts(values: Sequence[str]) -> Array:
    """text[] of values most of which come again."""
    packed = {text: _text(text.encode()) for text in set(values)}
    return _array(_TEXT, len(values), b"".join(map(packed.__getitem__, values)))


def understood(engine: Engine) -> None:
    """Let the driver of a PostgreSQL engine take an Array as it is."""
    from psycopg.adapt import Dumper
    from psycopg.pq import Format

    class Packed(Dumper):
        format = Format.BINARY

        def dump(self, obj: Array) -> bytes:
            return obj

    @event.listens_for(engine, "connect")
    def _register(connection: "psycopg.Connection", _record: object) -> None:
        connection.adapters.register_dumper(Array, Packed)


def _text(encoded: bytes) -> bytes:
    return len(encoded).to_bytes(_LENGTH, "big") + encoded


def _array(kind: int, length: int, content: Iterable[int]) -> Array:
    return Array(_HEAD.pack(1, 0, kind, length, 1) + bytes(content))
