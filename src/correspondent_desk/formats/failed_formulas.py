"""Cells of a workbook whose formula failed: its reader gives them as if they were empty."""

import re
import zipfile
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path

from correspondent_desk.formats.workbook import BAD_ZIP, ZIP, column_number

Failed = Mapping[
    int, Mapping[int, str]
]  # row as shown, column from 0: what the program shows there

_SHEET = re.compile(rb'<sheet [^>]*?name="([^"]*)"[^>]*?r:id="([^"]*)"')
_PART = re.compile(rb"<Relationship [^>]*>")
_OF_PART = {key: re.compile(rb'%s="([^"]*)"' % key) for key in (b"Id", b"Target")}
_CELL = re.compile(
    rb'<c r="([A-Z]+)(\d+)"[^>]* t="e"[^>]*>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)?<v>([^<]*)</v>'
)
_ERROR = b't="e"'

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
_TEXT = re.compile(rb"<text:p[^>]*>([^<]+)</text:p>")
_FORMULA, _NOTHING = b"table:formula=", b'office:string-value=""'
_CHUNK = 1 << 20


def failed_cells(path: Path, start: bytes, sheet: str) -> Failed:
    """The cells of this sheet whose formula failed; none where the workbook is of another kind.

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


def shown(rows: Iterator[tuple[int, list[str]]], failed: Failed) -> Iterator[tuple[int, list[str]]]:
    """The rows with what the program shows in the cells that failed."""
    for number, row in rows:
        for column, text in failed.get(number, {}).items():
            if column < len(row) and not row[column]:
                row[column] = text
        yield number, row


def _holds(package: zipfile.ZipFile, part: str, words: bytes) -> bool:
    """Whether words stand in the part; most sheets have none, and are not unpacked whole."""
    kept = b""
    with package.open(part) as content:
        while chunk := content.read(_CHUNK):
            if words in kept + chunk:
                return True
            kept = chunk[-len(words) :]
    return False


# --- Excel ----------------------------------------------------------------------------------------


def _in_xlsx(package: zipfile.ZipFile, sheet: str) -> Failed:
    part = _part_of(package, sheet)
    if not part or not _holds(package, part, _ERROR):
        return {}
    found: dict[int, dict[int, str]] = {}
    for letters, row, text in _CELL.findall(package.read(part)):
        found.setdefault(int(row), {})[column_number(letters) - 1] = unescape(text.decode())
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
    if not _holds(package, "content.xml", _NOTHING):
        return {}
    content = package.read("content.xml")
    found: dict[int, dict[int, str]] = {}
    number = 1
    for about, cells in _ROW.findall(_table(content, sheet)):
        if _NOTHING in cells and (failed := _failed_in_row(_COMMENT.sub(b"", cells))):
            found[number] = failed
        number += _times(b"rows", about)
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
        column += _times(b"columns", about)
    return found


def _times(what: bytes, about: bytes) -> int:
    told = _TIMES[what].search(about)
    return int(told[1]) if told else 1
