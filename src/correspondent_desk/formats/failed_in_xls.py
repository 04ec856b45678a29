"""Cells of an old Excel workbook whose formula failed."""

import io
import struct
from collections.abc import Mapping
from pathlib import Path

import xlrd

# What xlrd lets through where a file is damaged in a place that nobody else reads.
_DAMAGED = (
    xlrd.XLRDError, struct.error, AssertionError, LookupError, ValueError, OSError,
)  # fmt: skip


def failed_cells(path: Path, sheet: str) -> Mapping[int, Mapping[int, str]]:
    """By row as shown and column from 0, what Excel shows; none where the file cannot be followed."""
    found: dict[int, dict[int, str]] = {}
    try:
        with xlrd.open_workbook(path, logfile=io.StringIO(), on_demand=True) as book:
            for number, row in enumerate(book.sheet_by_name(sheet).get_rows(), start=1):
                for column, cell in enumerate(row):
                    if cell.ctype == xlrd.XL_CELL_ERROR:
                        text = xlrd.error_text_from_code[cell.value]
                        found.setdefault(number, {})[column] = text
    except _DAMAGED:
        return {}
    return found
