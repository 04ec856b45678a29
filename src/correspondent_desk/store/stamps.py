"""Who wrote each shown field of a record, packed: [[origin, seq, stamp, [field numbers]], ...].

Fields written by one operation share one group, so a record that was written once costs 20 bytes.
"""

import struct
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

import msgspec

from correspondent_desk import decoding

Group = tuple[int, int, int, list[int]]
"""An operation that wrote fields shown now: its origin, its number, its clock, and these fields."""

_encode = msgspec.msgpack.Encoder().encode
_decode = decoding.msgpack(list[Group]).decode


class Dot(NamedTuple):
    """The operation that wrote a value: origin (its id in this store), its number, its clock."""

    origin: int
    seq: int
    stamp: int


def pack(dots: Mapping[int, Dot]) -> bytes:
    """The stamp of a record, given the dot of each field."""
    groups: dict[Dot, list[int]] = {}
    for field, dot in dots.items():
        groups.setdefault(dot, []).append(field)
    return _encode([(*dot, fields) for dot, fields in groups.items()])


def groups(stamp: bytes | None) -> list[Group]:
    """Each operation that wrote fields shown now, with these fields."""
    return _decode(stamp) if stamp else []


def packed(written: Iterable[Group]) -> bytes:
    """The stamp of these operations with the fields each wrote."""
    return _encode(list(written))


def unpack(stamp: bytes | None) -> dict[int, Dot]:
    """The dot of each field; none for a record that was never written."""
    dots: dict[int, Dot] = {}
    for origin, seq, at, fields in _decode(stamp) if stamp else ():
        dots.update(dict.fromkeys(fields, Dot(origin, seq, at)))
    return dots


def rewritten(before: Iterable[Group], fields: Iterable[int], dot: tuple[int, int, int]) -> bytes:
    """The stamp after dot wrote these fields; before: the groups of the one that stood there."""
    written = list(fields)
    left = [
        (origin, seq, at, rest)
        for origin, seq, at, others in before
        if (rest := [field for field in others if field not in written])
    ]
    return _encode([*left, (*dot, written)] if written else left)


def stamper(origin: int, fields: list[int]) -> Callable[[int, int], bytes]:
    """Makes stamps of records that one operation wrote, but for its number and clock all alike."""
    head = b"\x91\x94" + _encode(origin)
    tail = _encode(fields)
    numbers = struct.Struct(">cQcQ").pack

    def stamp(seq: int, at: int) -> bytes:
        return head + numbers(b"\xcf", seq, b"\xcf", at) + tail

    return stamp
