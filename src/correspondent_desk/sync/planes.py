"""Columns of integers as bytes: a width of 1 to 8, then the lowest byte of each number, and so on.

High bytes are mostly zero and stand together, so a column compresses to what changes in it.
"""

import struct
from collections.abc import Sequence
from itertools import accumulate, chain

WORD = (1 << 64) - 1
_WIDEST = 8


def pack(numbers: Sequence[int]) -> bytes:
    """Raises ValueError for a number that is negative or needs more than 64 bits."""
    if not numbers:
        return b""
    if min(numbers) < 0 or max(numbers) > WORD:
        raise ValueError("a number needs more than 64 bits")
    width = max(1, (max(numbers).bit_length() + 7) // 8)
    raw = struct.pack(f"<{len(numbers)}Q", *numbers)
    return bytes([width]) + b"".join(raw[plane::_WIDEST] for plane in range(width))


def unpack(column: bytes, count: int) -> list[int]:
    """Raises ValueError unless column holds exactly count numbers."""
    if not count and not column:
        return []
    width = column[0] if column else 0
    if not 1 <= width <= _WIDEST or len(column) != 1 + width * count:
        raise ValueError("columns of different lengths")
    raw = bytearray(_WIDEST * count)
    for plane in range(width):
        raw[plane::_WIDEST] = column[1 + plane * count : 1 + (plane + 1) * count]
    return list(struct.unpack(f"<{count}Q", raw))


def length(column: bytes) -> int:
    """How many numbers column holds if it is sound; unpack finds out whether it is."""
    return (len(column) - 1) // max(column[0], 1) if column else 0


def steps(numbers: Sequence[int]) -> list[int]:
    """Each number less the one before it, modulo 2**64."""
    return [(b - a) & WORD for a, b in zip(chain((0,), numbers), numbers, strict=False)]


def sums(steps: Sequence[int]) -> list[int]:
    """The numbers of which steps are the steps."""
    totals = list(accumulate(steps))
    if totals and totals[-1] > WORD:  # a step back is one forward past the end
        return [total & WORD for total in totals]
    return totals


def zigzag(number: int) -> int:
    """0, -1, 1, -2, 2 as 0, 1, 2, 3, 4."""
    return 2 * number if number >= 0 else -2 * number - 1


def unzigzag(number: int) -> int:
    return -(number >> 1) - 1 if number & 1 else number >> 1
