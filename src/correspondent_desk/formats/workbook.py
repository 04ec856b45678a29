"""Excel and LibreOffice workbooks: their sheets, and cells as text that a person would read."""

import re
import zipfile
from collections.abc import Iterator, Sequence
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
# Where a stray cell lies far from the list, the reader would fill the whole rectangle (32 bytes a
# cell) and, past what memory there is, end the program.
_MOST_CELLS = 60_000_000
_EXACT = 1e15  # whole numbers below are held to the last digit
_DIMENSION = re.compile(rb'<dimension ref="[A-Z]+\d+:([A-Z]+)(\d+)"')
_FILLED_CELL = re.compile(rb'<c r="([A-Z]+)(\d+)"[^>/]*>')
_DATE_1904 = re.compile(rb'date1904="(?:1|true)"')
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


def rows(sheet: CalamineSheet) -> Iterator[tuple[int, list[str]]]:
    """The rows of sheet as text from column A on, with their numbers as the spreadsheet shows them."""
    left = _columns_left_out(sheet)
    for number, row in enumerate(sheet.iter_rows(), 1):
        yield number, left + [cell if type(cell) is str else as_text(cell) for cell in row]


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
    """What a person reads in cell: dates as 1970-03-12, whole numbers without decimals."""
    match cell:
        case str():
            return cell
        case bool():
            return "true" if cell else "false"
        case int():
            return str(cell)
        case float():
            return str(int(cell)) if cell.is_integer() and abs(cell) < _EXACT else repr(cell)
        case datetime():
            midnight = cell.time() == time()
            return cell.date().isoformat() if midnight else cell.isoformat(" ", "minutes")
        case date() | time():
            return cell.isoformat()
        case timedelta():
            return str(cell)


def open_workbook(path: Path, signature: bytes) -> Workbook:
    """The workbook at path, which begins with signature (ZIP or OLE).

    Raises UnreadableFile: password, damaged, not-a-spreadsheet, too-large, stray-cell, no-sheet.
    """
    from_1904 = False
    if signature.startswith(ZIP):
        from_1904 = _inspected_zip(path)
    elif _holds(path, _ENCRYPTED_PACKAGE):
        raise UnreadableFile("password", name=path.name)
    try:
        book = CalamineWorkbook.from_path(path)
        sheets = {name: book.get_sheet_by_name(name) for name in _visible(book)}
    except PasswordError as error:
        raise UnreadableFile("password", name=path.name) from error
    except CalamineError as error:
        reason = "stray-cell" if _TOO_WIDE in str(error) else "damaged"
        raise UnreadableFile(reason, name=path.name) from error
    except OSError as error:
        raise unreadable(path, error) from error
    if not sheets:
        raise UnreadableFile("no-sheet", name=path.name)
    return Workbook(path=path, sheets=sheets, is_from_1904=from_1904)


def _visible(book: CalamineWorkbook) -> Sequence[str]:
    sheets = [one for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
    shown = [one.name for one in sheets if one.visible == SheetVisibleEnum.Visible]
    return shown or [one.name for one in sheets]


def _inspected_zip(path: Path) -> bool:
    """Whether the workbook counts days from 1904, once it has been found fit to be read."""
    try:
        with zipfile.ZipFile(path) as package:
            return _inspected(path, package)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
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
    if found and _column_number(found[1]) * int(found[2]) <= _MOST_CELLS:
        return
    # Formatting alone also widens the dimension: only cells that hold something count.
    width = height = 0
    last = b"A1"
    for column, row in _FILLED_CELL.findall(package.read(name)):
        if _column_number(column) > width or int(row) > height:
            last = column + row
        width = max(width, _column_number(column))
        height = max(height, int(row))
    if width * height > _MOST_CELLS:
        raise UnreadableFile("stray-cell", name=path.name, cell=last.decode())


def _column_number(letters: bytes) -> int:
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


def _holds(path: Path, mark: bytes) -> bool:
    """Whether mark stands in the OLE file's directory, wherever that lies in the file."""
    try:
        return mark in path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from error
