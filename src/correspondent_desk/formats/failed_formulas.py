"""Cells of a workbook whose formula failed, or was never calculated: its reader gives them as empty.

A formula is calculated by the spreadsheet; a workbook that another program has written may hold
formulas without what they come to. And, of LibreOffice files, which cells are merged, of which the
reader says nothing.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path

from correspondent_desk.formats.workbook import BAD_ZIP, ZIP, Merged, column_number

Failed = Mapping[
    int, Mapping[int, str]
]  # row as shown, column from 0: what the program shows there, or UNCALCULATED

UNCALCULATED = "#=?"

_SHEET = re.compile(rb'<(?:\w+:)?sheet [^>]*?name="([^"]*)"[^>]*?r:id="([^"]*)"')
_PART = re.compile(rb"<Relationship [^>]*>")
_OF_PART = {key: re.compile(rb'%s="([^"]*)"' % key) for key in (b"Id", b"Target")}
_CELL = re.compile(
    rb'<c r="([A-Z]+)(\d+)"[^>]* t="e"[^>]*>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)?<v>([^<]*)</v>'
)
# Without a type, which a formula that came to an empty text has too, and without a value.
_UNCALCULATED_CELL = re.compile(
    rb'<(?:\w+:)?c r="([A-Z]+)(\d+)"(?:(?! t="[^n])[^>])*>'
    rb"(?:<(?:\w+:)?f\b[^>]*/>|<(?:\w+:)?f\b[^>]*>[^<]*</(?:\w+:)?f>)"
    rb"(?:<(?:\w+:)?v ?/>|<(?:\w+:)?v></(?:\w+:)?v>)?</(?:\w+:)?c>"
)
_TELLING = (b't="e"', b"</f>", b":f>")

_TABLE = re.compile(rb'<table:table [^>]*?table:name="([^"]*)"[^>]*>')
_END_OF_TABLE = b"</table:table>"
_ROW = re.compile(rb"<table:table-row\b([^>]*?)(?:/>|>(.*?)</table:table-row>)", re.DOTALL)
_COMMENT = re.compile(rb"<office:annotation\b.*?</office:annotation>", re.DOTALL)
_ODS_CELL = re.compile(
    rb"<table:(?:covered-)?table-cell\b([^>]*?)(?:/>|>(.*?)</table:(?:covered-)?table-cell>)",
    re.DOTALL,
)
_TIMES = {
    what: re.compile(rb'table:number-%s-repeated="(\d+)"' % what) for what in (b"rows", b"columns")
}
_ROWS_SPANNED = re.compile(rb'table:number-rows-spanned="(\d+)"')
_SPANS = b"table:number-rows-spanned="
_TEXT = re.compile(rb"<text:p[^>]*>([^<]+)</text:p>")
_FORMULA, _NOTHING = b"table:formula=", b'office:string-value=""'
_TYPE, _PARAGRAPH = b"office:value-type=", b"<text:p"  # both missing: never calculated
_CHUNK = 1 << 20


def failed_cells(path: Path, start: bytes, sheet: str) -> Failed:
    """The cells of this sheet whose formula failed or was never calculated.

    None where the workbook is of another kind; of an old one, only those that failed.

    start: what the file begins with.
    """
    if not start.startswith(ZIP):
        from correspondent_desk.formats import (
            failed_in_xls,
        )  # and its library: lists are seldom so old

        return failed_in_xls.failed_cells(path, sheet)
    try:
        with zipfile.ZipFile(path) as package:
            if "content.xml" in package.namelist():
                return _in_ods(package, sheet)
            return _in_xlsx(package, sheet)
    except BAD_ZIP:
        return {}


def shown(
    rows: Iterator[tuple[int, list[str]]], failed: Failed, width: int
) -> Iterator[tuple[int, list[str]]]:
    """The rows with what the program shows in the cells that failed, of the first width columns.

    Rows at the end that hold nothing else are given too: the reader does not know of them.
    """
    number = 0
    for number, row in rows:
        yield number, _filled(row, failed.get(number, {}), width)
    for below in sorted(one for one in failed if one > number):
        yield below, _filled([], failed[below], width)


def _filled(row: list[str], failed: Mapping[int, str], width: int) -> list[str]:
    for column, text in failed.items():
        if column < width:
            row.extend([""] * (column + 1 - len(row)))
            row[column] = row[column] or text
    return row


def _holds(package: zipfile.ZipFile, part: str, *words: bytes) -> bool:
    """Whether one of words stands in the part; most sheets have none, and are not unpacked whole."""
    kept = b""
    with package.open(part) as content:
        while chunk := content.read(_CHUNK):
            seen = kept + chunk
            if any(one in seen for one in words):
                return True
            kept = chunk[-max(map(len, words)) :]
    return False


# --- Excel ----------------------------------------------------------------------------------------


def _in_xlsx(package: zipfile.ZipFile, sheet: str) -> Failed:
    part = _part_of(package, sheet)
    if not part or not _holds(package, part, *_TELLING):
        return {}
    found: dict[int, dict[int, str]] = {}
    content = package.read(part)
    for letters, row, text in _CELL.findall(content):
        found.setdefault(int(row), {})[column_number(letters) - 1] = unescape(text.decode())
    for letters, row in _UNCALCULATED_CELL.findall(content):
        found.setdefault(int(row), {})[column_number(letters) - 1] = UNCALCULATED
    return found


def _part_of(package: zipfile.ZipFile, sheet: str) -> str:
    """Where in the package the sheet of this name lies; nothing if it is not told."""
    names = {
        unescape(name.decode()): part
        for name, part in _SHEET.findall(package.read("xl/workbook.xml"))
    }
    for one in _PART.findall(package.read("xl/_rels/workbook.xml.rels")):
        told = {key: pattern.search(one) for key, pattern in _OF_PART.items()}
        here, there = told[b"Id"], told[b"Target"]
        if here and there and here[1] == names.get(sheet):
            target = there[1].decode()
            return target[1:] if target.startswith("/") else f"xl/{target}"
    return ""


# --- LibreOffice ----------------------------------------------------------------------------------


def _in_ods(package: zipfile.ZipFile, sheet: str) -> Failed:
    """Cells with a formula that came to nothing, though something is shown: #N/A, Err:502."""
    if not _holds(package, "content.xml", _FORMULA):
        return {}
    content = package.read("content.xml")
    found: dict[int, dict[int, str]] = {}
    number = 1
    for about, cells in _ROW.findall(_table(content, sheet)):
        if _FORMULA in cells and (failed := _failed_in_row(_COMMENT.sub(b"", cells))):
            found[number] = failed
        number += _times(b"rows", about)
    return found


def merged_in_ods(path: Path, sheet: str) -> Merged:
    """As `workbook.merged_downwards`; nothing where the file is no LibreOffice one."""
    try:
        with zipfile.ZipFile(path) as package:
            parts = package.namelist()
            if "content.xml" not in parts or not _holds(package, "content.xml", _SPANS):
                return {}
            content = package.read("content.xml")
    except BAD_ZIP:
        return {}
    found: dict[int, list[tuple[int, int]]] = {}
    number = 1
    for about, cells in _ROW.findall(_table(content, sheet)):
        if _SPANS in cells and (columns := _spanning(cells)):
            found[number] = [(column, number + rows - 1) for column, rows in columns]
        number += _times(b"rows", about)
    return found


def _spanning(cells: bytes) -> list[tuple[int, int]]:
    """The columns of the cells of a row that reach further down, and how many rows they take."""
    found = []
    column = 0
    for about, _inside in _ODS_CELL.findall(cells):
        spanned = _ROWS_SPANNED.search(about)
        if spanned and int(spanned[1]) > 1:
            found.append((column, int(spanned[1])))
        column += _times(b"columns", about)
    return found


def _table(content: bytes, sheet: str) -> bytes:
    for found in _TABLE.finditer(content):
        if unescape(found[1].decode()) == sheet:
            return content[found.end() : content.find(_END_OF_TABLE, found.end())]
    return b""


def _failed_in_row(cells: bytes) -> dict[int, str]:
    found = {}
    column = 0
    for about, inside in _ODS_CELL.findall(cells):
        shown_text = _TEXT.search(inside)
        if _FORMULA in about and _NOTHING in about and shown_text:
            found[column] = unescape(shown_text[1].decode())
        elif _FORMULA in about and _TYPE not in about and _PARAGRAPH not in inside:
            found[column] = UNCALCULATED
        column += _times(b"columns", about)
    return found


def _times(what: bytes, about: bytes) -> int:
    told = _TIMES[what].search(about)
    return int(told[1]) if told else 1
