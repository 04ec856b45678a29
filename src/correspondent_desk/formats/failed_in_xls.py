"""Cells of an old Excel workbook whose formula failed.

An XLS file is a small file system of sectors (MS-CFB) with one stream of records (MS-XLS).
"""

import struct
from collections.abc import Iterator, Mapping
from itertools import chain, islice
from pathlib import Path

SHOWN = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}

_HEAD = struct.Struct("<30x H H 14x I 4x I I 4x I 4x 109I")
_USUAL = ((9, 6), (12, 6))  # sizes of sectors and small ones, as powers of two
_NO_SECTOR = 0xFFFFFFFA  # this and above: end of a chain, or free
_ENTRY = struct.Struct("<64s H 50x I I 4x")
_STREAMS = ("Workbook", "Book")

_RECORD = struct.Struct("<HH")
_END, _SHEET, _FORMULA, _ERROR = 0x0A, 0x85, 0x06, 0x205
_BEGINS, _WIDE_TEXT = 0x809, 0x600
_SHEET_HEAD = struct.Struct("<I x x B")
_RESULT = struct.Struct("<H H 2x B x B 3x H")  # of a formula: row, column, kind, error, mark
_CELL = struct.Struct("<H H 2x B B")  # of an error: row, column, which, whether it is one
_IS_ERROR, _NO_NUMBER = 2, 0xFFFF


def failed_cells(path: Path, sheet: str) -> Mapping[int, Mapping[int, str]]:
    """By row as shown and column from 0, what Excel shows; none where the file cannot be followed."""
    try:
        records = _workbook(path.read_bytes())
        found: dict[int, dict[int, str]] = {}
        for row, column, code in _failed(records, _start_of(records, sheet)):
            found.setdefault(row + 1, {})[column] = SHOWN.get(code, "#N/A")
    except (struct.error, LookupError, ValueError, OSError):
        return {}
    return found


# --- the file system ------------------------------------------------------------------------------


def _workbook(content: bytes) -> bytes:
    shift, small_shift, root, least, small_table, more, *tables = _HEAD.unpack_from(content)
    if (shift, small_shift) not in _USUAL:
        return b""
    size, most = 1 << shift, len(content) >> shift
    numbers = struct.Struct(f"<{size // 4}I")

    def sector(number: int) -> bytes:
        return content[(number + 1) * size : (number + 2) * size]

    while more < _NO_SECTOR and len(tables) < most:
        *further, more = numbers.unpack(sector(more))
        tables += further
    table = [
        *chain.from_iterable(numbers.unpack(sector(n)) for n in tables[:most] if n < _NO_SECTOR)
    ]

    def stream(first: int) -> bytes:
        return b"".join(sector(number) for number in islice(_chain(table, first), most))

    entries = {name: rest for name, *rest in _entries(stream(root))}
    first, length = next((entries[name] for name in _STREAMS if name in entries), (0, 0))
    if length >= least:
        return stream(first)[:length]
    together, _size = entries["Root Entry"]  # where short streams lie, in small sectors
    whole, each = stream(together), 1 << small_shift
    small = [number for (number,) in struct.iter_unpack("<I", stream(small_table))]
    places = islice(_chain(small, first), least >> small_shift)
    return b"".join(whole[place * each : (place + 1) * each] for place in places)[:length]


def _chain(table: list[int], number: int) -> Iterator[int]:
    """The numbers that follow each other; without end where they make a ring."""
    while number < _NO_SECTOR:
        yield number
        number = table[number]


def _entries(folder: bytes) -> Iterator[tuple[str, int, int]]:
    for start in range(0, len(folder) - _ENTRY.size + 1, _ENTRY.size):
        name, length, first, size = _ENTRY.unpack_from(folder, start)
        yield name[: max(0, length - 2)].decode("utf-16-le", "replace"), first, size


# --- the records ----------------------------------------------------------------------------------


def _records(content: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """Those from start to the end of what begins there."""
    while start < len(content):
        kind, size = _RECORD.unpack_from(content, start)
        yield kind, content[start + _RECORD.size : start + _RECORD.size + size]
        if kind == _END:
            return
        start += _RECORD.size + size


def _start_of(content: bytes, sheet: str) -> int:
    """Where the records of this sheet begin; at the end if there is none."""
    is_wide_text = False
    for kind, body in _records(content, 0):
        if kind == _BEGINS:
            is_wide_text = body[:2] == struct.pack("<H", _WIDE_TEXT)
        elif kind == _SHEET:
            start, length = _SHEET_HEAD.unpack_from(body)
            if _name(body[_SHEET_HEAD.size :], length, is_wide_text=is_wide_text) == sheet:
                return int(start)
    return len(content)


def _name(body: bytes, length: int, *, is_wide_text: bool) -> str:
    if not is_wide_text:  # before Excel 97
        return body[:length].decode("cp1252", "replace")
    if body[0] & 1:
        return body[1 : 1 + 2 * length].decode("utf-16-le", "replace")
    return body[1 : 1 + length].decode("latin-1")


def _failed(content: bytes, start: int) -> Iterator[tuple[int, int, int]]:
    for kind, body in _records(content, start):
        if kind == _FORMULA:
            row, column, what, code, mark = _RESULT.unpack_from(body)
            if mark == _NO_NUMBER and what == _IS_ERROR:
                yield row, column, code
        elif kind == _ERROR:
            row, column, code, is_one = _CELL.unpack_from(body)
            if is_one:
                yield row, column, code
