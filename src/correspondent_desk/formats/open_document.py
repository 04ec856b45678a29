"""LibreOffice sheets as they are written, for what their reader does not tell."""

import re
import zipfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path

from correspondent_desk.formats.workbook import BAD_ZIP, Merged, holds

CONTENT = "content.xml"

_TABLE = re.compile(rb'<table:table [^>]*?table:name="([^"]*)"[^>]*>')
_END_OF_TABLE = b"</table:table>"
_ROW = re.compile(rb"<table:table-row\b([^>]*?)(?:/>|>(.*?)</table:table-row>)", re.DOTALL)
_COMMENT = re.compile(rb"<office:annotation\b.*?</office:annotation>", re.DOTALL)
_CELL = re.compile(
    rb"<table:(?:covered-)?table-cell\b([^>]*?)(?:/>|>(.*?)</table:(?:covered-)?table-cell>)",
    re.DOTALL,
)
_TIMES = {
    what: re.compile(rb'table:number-%s-repeated="(\d+)"' % what) for what in (b"rows", b"columns")
}
_ROWS_SPANNED = re.compile(rb'table:number-rows-spanned="(\d+)"')
_SPANS = b"table:number-rows-spanned="

Cell = tuple[int, int, bytes, bytes]
"""The row as shown, the column from 0, the attributes and what is inside."""


def cells(package: zipfile.ZipFile, sheet: str, telling: bytes) -> Iterator[Cell]:
    """The cells of this sheet in rows where telling stands; of those that are repeated the first."""
    if not holds(package, CONTENT, telling):
        return
    row = 1
    for about_row, inside_row in _ROW.findall(_table(package.read(CONTENT), sheet)):
        if telling in inside_row:
            column = 0
            for about, inside in _CELL.findall(_COMMENT.sub(b"", inside_row)):
                yield row, column, about, inside
                column += _times(b"columns", about)
        row += _times(b"rows", about_row)


def merged_downwards(path: Path, sheet: str) -> Merged:
    """As `workbook.merged_downwards`; nothing where the file is no LibreOffice one."""
    found: dict[int, list[tuple[int, int]]] = {}
    try:
        with zipfile.ZipFile(path) as package:
            if CONTENT in package.namelist():
                for row, column, about, _inside in cells(package, sheet, _SPANS):
                    spanned = _ROWS_SPANNED.search(about)
                    if spanned and int(spanned[1]) > 1:
                        found.setdefault(row, []).append((column, row + int(spanned[1]) - 1))
    except BAD_ZIP:
        return {}
    return found


def _table(content: bytes, sheet: str) -> bytes:
    for found in _TABLE.finditer(content):
        if unescape(found[1].decode()) == sheet:
            return content[found.end() : content.find(_END_OF_TABLE, found.end())]
    return b""


def _times(what: bytes, about: bytes) -> int:
    told = _TIMES[what].search(about)
    return int(told[1]) if told else 1
