"""Cells of a workbook whose formula failed, or was never calculated: its reader gives them as empty.

A formula is calculated by the spreadsheet; a workbook that another program has written may hold
formulas without what they come to.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path

from correspondent_desk.formats import open_document
from correspondent_desk.formats.workbook import BAD_ZIP, ZIP, column_number, holds

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

_TEXT = re.compile(rb"<text:p[^>]*>([^<]+)</text:p>")
_FORMULA, _NOTHING = b"table:formula=", b'office:string-value=""'
_TYPE, _PARAGRAPH = b"office:value-type=", b"<text:p"  # both missing: never calculated


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
            if open_document.CONTENT in package.namelist():
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


# --- Excel ----------------------------------------------------------------------------------------


def _in_xlsx(package: zipfile.ZipFile, sheet: str) -> Failed:
    part = _part_of(package, sheet)
    if not part or not holds(package, part, *_TELLING):
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
    found: dict[int, dict[int, str]] = {}
    for row, column, about, inside in open_document.cells(package, sheet, _FORMULA):
        if _FORMULA not in about:
            continue
        shown_text = _TEXT.search(inside)
        if _NOTHING in about and shown_text:
            found.setdefault(row, {})[column] = unescape(shown_text[1].decode())
        elif _TYPE not in about and _PARAGRAPH not in inside:
            found.setdefault(row, {})[column] = UNCALCULATED
    return found
