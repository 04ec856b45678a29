"""Excel and LibreOffice workbooks: their sheets, and cells as text that a person would read."""

import contextlib
import os
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from correspondent_desk.formats.files import UnreadableFile, unreadable

Cell = int | float | str | bool | time | date | datetime | timedelta

ZIP = b"PK\x03\x04"
OLE = bytes.fromhex("d0cf11e0a1b11ae1")

_MOST_UNPACKED = 1 << 30
_CHUNK = 1 << 20
# Where a stray cell lies far from the list, the reader would fill the whole rectangle (32 bytes a
# cell) and, past what memory there is, end the program.
_MOST_CELLS = 60_000_000
_EXACT = 2**53  # whole numbers up to here are held to the last digit
_DIMENSION = re.compile(rb'<dimension ref="[A-Z]+\d+:([A-Z]+)(\d+)"')
_FILLED_CELL = re.compile(rb'<c r="([A-Z]+)(\d+)"[^>/]*>')
_DATE_1904 = re.compile(rb'date1904="(?:1|true)"')
# All that the library is seen to raise for a package that was cut or altered.
BAD_ZIP = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError),
    *(KeyError, ValueError, NotImplementedError, RuntimeError),
)
# Of an OLE header: the size of a sector, as a power of two, and how many sectors its tables take.
_OLE_HEADER = struct.Struct("<30x H 12x I 16x I 4x I 436x")
_OLE_SECTOR_SHIFTS = (9, 12)
# The record of an XLS that says how far a sheet goes: first row and behind the last, and columns.
_XLS_DIMENSIONS = re.compile(rb"\x00\x02\x0e\x00(.{12})\x00\x00", re.DOTALL)
_XLS_EXTENT = struct.Struct("<I I H H")
_XLS_ROWS, _XLS_COLUMNS = 65_536, 256
_TOO_WIDE = "Cell limit exceeded"  # said of an ODS with a cell far from the list
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbook:
    """An open workbook: its visible sheets by name, in its order.

    is_from_1904: plain numbers in it that stand for days count from 1904, not from 1900.
    """

    path: Path
    sheets: dict[str, CalamineSheet]
    is_from_1904: bool


Merged = Mapping[int, Sequence[tuple[int, int]]]
"""By the number of the first row, the columns of merged cells and the number of their last row."""


def rows(sheet: CalamineSheet, merged: Merged | None = None) -> Iterator[tuple[int, list[str]]]:
    """The rows of sheet as text from column A on, with their numbers as the spreadsheet shows them.

    merged: what stands in them counts for each of their rows that holds anything else.
    """
    left = _columns_left_out(sheet)
    reaching: dict[int, tuple[int, str]] = {}  # by column: down to which row, and what it says
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells = left + [cell if type(cell) is str else as_text(cell) for cell in row]
        if merged and any(cells):
            for column, (last, text) in reaching.items():
                if number <= last and not cells[column]:
                    cells[column] = text
        for column, last in merged.get(number, ()) if merged else ():
            if column < len(cells):
                reaching[column] = last, cells[column]
        yield number, cells


def merged_downwards(sheet: CalamineSheet) -> Merged | None:
    """The merged cells of more than one row; None where the reader does not tell (LibreOffice)."""
    if sheet.merged_cell_ranges is None:
        return None
    found: dict[int, list[tuple[int, int]]] = {}
    for (top, column), (bottom, _last) in sheet.merged_cell_ranges:
        if bottom > top:
            found.setdefault(top + 1, []).append((column, bottom + 1))
    return found


def height(sheet: CalamineSheet) -> int:
    """The number of the last row in use; 0: none is."""
    return sheet.end[0] + 1 if sheet.end else 0


def spread(sheet: CalamineSheet, first: int, step: int) -> list[list[str]]:
    """Every step-th row of sheet from row number first on, as text."""
    left = _columns_left_out(sheet)
    chosen = islice(sheet.iter_rows(), first - 1, None, step)
    return [left + [as_text(cell) for cell in row] for row in chosen]


def _columns_left_out(sheet: CalamineSheet) -> list[str]:
    """A blank for each column before the first used one: the reader keeps empty rows, not those."""
    return [""] * (sheet.start[1] if sheet.start else 0)


def as_text(cell: Cell) -> str:
    """What a person reads in cell: dates as 1970-03-12, whole numbers without decimals.

    A number so long that its last digits may be lost is written as rounded: 1.2E+16.
    """
    match cell:
        case str():
            return cell
        case bool():
            return "VRAI" if cell else "FAUX"  # somebody may be called so
        case int():
            return str(cell)
        case float():
            if not cell.is_integer():
                return repr(cell)
            return str(int(cell)) if abs(cell) <= _EXACT else f"{cell:E}"
        case datetime():
            midnight = cell.time() == time()
            return cell.date().isoformat() if midnight else cell.isoformat(" ", "minutes")
        case date() | time():
            return cell.isoformat()
        case timedelta():
            return str(cell)


def open_workbook(path: Path, signature: bytes) -> Workbook:
    """The workbook at path, which begins with signature (ZIP or OLE).

    Raises UnreadableFile: password, encrypted, damaged, not-a-spreadsheet, too-large, stray-cell, no-sheet.
    """
    from_1904 = False
    if signature.startswith(ZIP):
        from_1904 = _inspected_zip(path)
    else:
        _inspect_ole(path)
    try:
        with _panics_as_errors():
            book = _book(path)
            sheets = {name: book.get_sheet_by_name(name) for name in _visible(book)}
    except PasswordError as error:
        # Excel encrypts an old workbook also where its structure alone is protected.
        reason = "password" if signature.startswith(ZIP) else "encrypted"
        raise UnreadableFile(reason, name=path.name) from error
    except CalamineError as error:
        reason = "stray-cell" if _TOO_WIDE in str(error) else "damaged"
        raise UnreadableFile(reason, name=path.name) from error
    except OSError as error:
        raise unreadable(path, error) from error
    if not sheets:
        raise UnreadableFile("no-sheet", name=path.name)
    return Workbook(path=path, sheets=sheets, is_from_1904=from_1904)


def _book(path: Path) -> CalamineWorkbook:
    """Of the kind that its name says, else of any: what portals call .xls is often an .xlsx."""
    try:
        return CalamineWorkbook.from_path(path)
    except PasswordError:
        raise
    except CalamineError as error:
        with path.open("rb") as file:
            try:
                return CalamineWorkbook.from_filelike(file)
            except CalamineError:
                raise error from None


@contextlib.contextmanager
def _panics_as_errors() -> Iterator[None]:
    """Turn a panic of the Rust reader, on some damaged files, into its CalamineError.

    A panic is no Exception and writes its own traceback to the standard error, which is therefore
    kept shut meanwhile.
    """
    with _shut_standard_error():
        try:
            yield
        except BaseException as error:
            if type(error).__name__ != "PanicException":  # its class cannot be imported
                raise
            raise CalamineError(str(error)) from None


@contextlib.contextmanager
def _shut_standard_error() -> Iterator[None]:
    try:
        kept = os.dup(2)
    except OSError:  # a window without a console
        yield
        return
    try:
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _visible(book: CalamineWorkbook) -> Sequence[str]:
    sheets = [one for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
    shown = [one.name for one in sheets if one.visible == SheetVisibleEnum.Visible]
    return shown or [one.name for one in sheets]


def _inspected_zip(path: Path) -> bool:
    """Whether the workbook counts days from 1904, once it has been found fit to be read."""
    try:
        with zipfile.ZipFile(path) as package:
            return _inspected(path, package)
    except BAD_ZIP as error:
        raise UnreadableFile("damaged", name=path.name) from error
    except OSError as error:
        raise unreadable(path, error) from error


def _inspected(path: Path, package: zipfile.ZipFile) -> bool:
    parts = {part.filename: part for part in package.infolist()}
    unpacked = sum(part.file_size for part in parts.values())
    if unpacked > _MOST_UNPACKED:
        raise UnreadableFile("too-large", name=path.name, size=unpacked, most=_MOST_UNPACKED)
    if "content.xml" in parts:
        _check_open_document(path, package)
        return False
    if "xl/workbook.bin" in parts:
        return False
    if "xl/workbook.xml" not in parts:
        raise UnreadableFile("not-a-spreadsheet", name=path.name)
    for name in parts:
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            _check_extent(path, package, name)
    return bool(_DATE_1904.search(package.read("xl/workbook.xml")))


def _check_open_document(path: Path, package: zipfile.ZipFile) -> None:
    if b"encryption-data" in package.read("META-INF/manifest.xml"):
        raise UnreadableFile("password", name=path.name)
    if not package.read("mimetype").startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        raise UnreadableFile("not-a-spreadsheet", name=path.name)


def _check_extent(path: Path, package: zipfile.ZipFile, name: str) -> None:
    with package.open(name) as sheet:
        found = _DIMENSION.search(sheet.read(4096))
    if found and column_number(found[1]) * int(found[2]) <= _MOST_CELLS:
        return
    # Formatting alone also widens the dimension: only cells that hold something count.
    width = height = 0
    last = b"A1"
    for column, row in _FILLED_CELL.findall(package.read(name)):
        if column_number(column) > width or int(row) > height:
            last = column + row
        width = max(width, column_number(column))
        height = max(height, int(row))
    if width * height > _MOST_CELLS:
        raise UnreadableFile("stray-cell", name=path.name, cell=last.decode())


def holds(package: zipfile.ZipFile, part: str, *words: bytes) -> bool:
    """Whether one of words stands in the part; most sheets have none, and are not unpacked whole."""
    kept = b""
    with package.open(part) as content:
        while chunk := content.read(_CHUNK):
            seen = kept + chunk
            if any(one in seen for one in words):
                return True
            kept = chunk[-max(map(len, words)) :]
    return False


def column_number(letters: bytes) -> int:
    """The number of a column, counted from 1, by its name."""
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number


def column_letters(number: int) -> str:
    """The name of a column, counted from 1: A, B… Z, AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _inspect_ole(path: Path) -> None:
    """Refuse an encrypted workbook, and one whose header would have the reader take all memory."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from error
    if _ENCRYPTED_PACKAGE in content:
        raise UnreadableFile("password", name=path.name)
    if len(content) < _OLE_HEADER.size:
        raise UnreadableFile("damaged", name=path.name)
    sector_shift, tables, small_tables, more_tables = _OLE_HEADER.unpack_from(content)
    sectors = len(content) >> sector_shift if sector_shift in _OLE_SECTOR_SHIFTS else 0
    extents = (_XLS_EXTENT.unpack(found[1]) for found in _XLS_DIMENSIONS.finditer(content))
    is_sane = all(
        top <= bottom <= _XLS_ROWS and left <= right <= _XLS_COLUMNS
        for top, bottom, left, right in extents
    )
    if max(tables, small_tables, more_tables) > sectors or not is_sane:
        raise UnreadableFile("damaged", name=path.name)
