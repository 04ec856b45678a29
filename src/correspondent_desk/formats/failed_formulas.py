"""Cells of an Excel workbook whose formula failed: its reader gives them as if they were empty."""

import re
import zipfile
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path

from correspondent_desk.formats.workbook import column_number

Failed = Mapping[int, Mapping[int, str]]  # row as shown, column from 0: what Excel shows there

_SHEET = re.compile(rb'<sheet [^>]*?name="([^"]*)"[^>]*?r:id="([^"]*)"')
_PART = re.compile(rb"<Relationship [^>]*>")
_OF_PART = {key: re.compile(rb'%s="([^"]*)"' % key) for key in (b"Id", b"Target")}
_CELL = re.compile(
    rb'<c r="([A-Z]+)(\d+)"[^>]* t="e"[^>]*>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)?<v>([^<]*)</v>'
)
_ERROR = b't="e"'


def failed_cells(path: Path, sheet: str) -> Failed:
    """The cells of this sheet whose formula failed; none where the workbook is of another kind."""
    try:
        with zipfile.ZipFile(path) as package:
            part = _part_of(package, sheet)
            content = package.read(part) if part else b""
    except (KeyError, zipfile.BadZipFile):
        return {}
    if _ERROR not in content:  # most sheets: it is found out in a hundredth of the time
        return {}
    found: dict[int, dict[int, str]] = {}
    for letters, row, text in _CELL.findall(content):
        found.setdefault(int(row), {})[column_number(letters) - 1] = unescape(text.decode())
    return found


def shown(rows: Iterator[tuple[int, list[str]]], failed: Failed) -> Iterator[tuple[int, list[str]]]:
    """The rows with what Excel shows in the cells that failed."""
    for number, row in rows:
        for column, text in failed.get(number, {}).items():
            if column < len(row) and not row[column]:
                row[column] = text
        yield number, row


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
