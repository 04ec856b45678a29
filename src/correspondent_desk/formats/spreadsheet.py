"""Lists from CSV, XLSX, XLS and ODS files as one kind of thing: headings, and rows of text.

Nothing here knows what a list is about: what a heading means is asked of `recognise`.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineSheet

from correspondent_desk.formats import failed_formulas, open_document, text_table, workbook
from correspondent_desk.formats.files import UnreadableFile, unreadable
from correspondent_desk.formats.workbook import column_letters

MOST_BYTES = 200 * 1024 * 1024
MOST_ROWS = text_table.MOST_ROWS

Recognise = Callable[[Sequence[str]], int]
Rows = Iterator[tuple[int, list[str]]]

_TITLE_ROWS = 50  # how far down the headings may stand
_SURVEYED = 2_000
_OFTEN = 0.2  # share of rows that makes cells beyond the headings a column
_PAGES = (b"<html", b"<!doctype html", b"<table")
_XML = b"<?xml"
_OTHER_KINDS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"RIFF", b"7z\xbc\xaf")
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One list in a file, its headings found.

    headings: one for each column from column A on, "" where there is none; stripped.
    heading_row: its number as the spreadsheet shows it. names: all sheets of the workbook.
    others: those that look like a list as well, with what stands above their columns; none where
    this one was asked for by its name.
    is_from_1904: numbers that stand for days count from 1904.
    survey: some 2 000 rows from the whole sheet, for questions about columns.
    """

    path: Path
    name: str
    names: tuple[str, ...]
    others: Mapping[str, Sequence[str]]
    encoding: str
    separator: str
    headings: tuple[str, ...]
    heading_row: int
    is_from_1904: bool
    survey: tuple[tuple[str, ...], ...]
    _all_rows: Callable[[], Rows]

    def rows(self) -> Rows:
        """The rows below the headings that are not blank: number as shown, and cells.

        At least as many cells as headings; more where something stands beyond the last one.
        Can be asked for again, from the start. Raises UnreadableFile where the file breaks off.
        """
        width = len(self.headings)
        for number, row in self._all_rows():
            if number <= self.heading_row or not any(row):
                continue
            missing = width - len(row)
            if missing > 0:
                row.extend([""] * missing)
            elif missing < 0 and not any(row[width:]):
                del row[width:]
            yield number, row

    @property
    def knows_dates(self) -> bool:
        """Whether dates are told from text, and come as 1979-08-10 whatever the spreadsheet shows."""
        return bool(self.names)

    def surveyed(self, index: int) -> list[str]:
        """The cells of the column at index (from 0) in the survey, those of short rows left out."""
        return [row[index] for row in self.survey if index < len(row)]

    def column(self, index: int) -> str:
        """The letters of the column at index (from 0), as the spreadsheet shows them."""
        return column_letters(index + 1)


def open_sheet(path: Path, recognise: Recognise, name: str | None = None) -> Sheet:
    """The list in the file at path: the sheet called name, or else the one with most rows.

    recognise: how many headings of a row mean something; tells headings from titles above them,
    and separators and sheets from others.
    Raises UnreadableFile with any of its reasons but those about columns.
    """
    start = _start_of(path)
    if start.startswith((workbook.ZIP, workbook.OLE)):
        return _from_workbook(path, start, recognise, name)
    if name:
        raise UnreadableFile("no-sheet", name=path.name, sheet=name)
    return _from_text(path, start, recognise)


def _start_of(path: Path) -> bytes:
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):  # a pipe would be waited for
            raise UnreadableFile("not-a-file", name=path.name)
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(512)
    except OSError as error:
        raise unreadable(path, error) from error
    if size > MOST_BYTES:
        raise UnreadableFile("too-large", name=path.name, size=size, most=MOST_BYTES)
    if not start.removeprefix(_BOM).strip():
        raise UnreadableFile("empty", name=path.name)
    return start


def _from_text(path: Path, start: bytes, recognise: Recognise) -> Sheet:
    visible = start.removeprefix(_BOM).lstrip().lower()
    if visible.startswith(_PAGES):
        raise UnreadableFile("web-page", name=path.name)
    if visible.startswith(_XML):  # .fods, or what Excel 2003 called an XML spreadsheet
        is_page = any(page in visible for page in _PAGES)
        raise UnreadableFile("web-page" if is_page else "xml", name=path.name)
    if start.startswith(_OTHER_KINDS):
        raise UnreadableFile("not-a-spreadsheet", name=path.name)
    table = text_table.open_text(path)
    separator = table.announced_separator() or _separator(table, recognise)
    headings, heading_row = _found_headings(
        path, enumerate(table.head(separator, _TITLE_ROWS), 1), recognise
    )
    spread = table.spread(separator, _SURVEYED, heading_row)
    survey = [row for row in spread if [clean(cell) for cell in row] != headings]
    return Sheet(
        path=path,
        name="",
        names=(),
        others={},
        encoding=table.encoding,
        separator=separator,
        headings=_widened(headings, survey),
        heading_row=heading_row,
        is_from_1904=False,
        survey=tuple(tuple(row) for row in survey),
        _all_rows=lambda: table.rows(separator),
    )


def _separator(table: text_table.TextTable, recognise: Recognise) -> str:
    """The separator that makes most headings understood; else the one that cuts most evenly."""

    def merit(separator: str) -> tuple[int, int]:
        head = [row for row in table.head(separator, _TITLE_ROWS) if row]
        widths = sorted(len(row) for row in head)
        return max(map(recognise, head), default=0), widths[len(widths) // 2] if widths else 0

    return max(text_table.SEPARATORS, key=merit)


def _from_workbook(path: Path, start: bytes, recognise: Recognise, name: str | None) -> Sheet:
    book = workbook.open_workbook(path, start)
    names = tuple(book.sheets)
    if name is not None and name not in book.sheets:
        raise UnreadableFile("no-sheet", name=path.name, sheet=name)
    chosen = name or max(names, key=lambda one: _merit(book.sheets[one], recognise))
    others = {one: _headings_of(book.sheets[one], recognise) for one in names if not name}
    sheet = book.sheets[chosen]
    if not workbook.height(sheet):
        raise UnreadableFile("empty", name=path.name)
    failed = failed_formulas.failed_cells(path, start, chosen)
    merged = workbook.merged_downwards(sheet)
    if merged is None:
        merged = open_document.merged_downwards(path, chosen)
    head = _first(workbook.rows(sheet, merged), _TITLE_ROWS)
    headings, heading_row = _found_headings(path, iter(head), recognise)
    step = max(1, workbook.height(sheet) // _SURVEYED)
    survey = workbook.spread(sheet, heading_row + 1, step)
    widened = _widened(headings, survey)
    return Sheet(
        path=path,
        name=chosen,
        names=names,
        others={one: found for one, found in others.items() if found and one != chosen},
        encoding="",
        separator="",
        headings=widened,
        heading_row=heading_row,
        is_from_1904=book.is_from_1904,
        survey=tuple(tuple(row) for row in survey),
        _all_rows=lambda: failed_formulas.shown(workbook.rows(sheet, merged), failed, len(widened)),
    )


def _merit(sheet: CalamineSheet, recognise: Recognise) -> tuple[bool, int]:
    head = _first(workbook.rows(sheet), _TITLE_ROWS)
    return max((recognise(row) for _number, row in head), default=0) > 1, workbook.height(sheet)


def _headings_of(sheet: CalamineSheet, recognise: Recognise) -> Sequence[str]:
    """The row that is understood best as headings and has something below; nothing if none is."""
    head = _first(workbook.rows(sheet), _TITLE_ROWS)
    over = [row for number, row in head if number < workbook.height(sheet)]
    best = max(over, key=recognise, default=[])
    return best if recognise(best) > 1 else []


def _first(rows: Rows, count: int) -> list[tuple[int, list[str]]]:
    return [row for row, _ in zip(rows, range(count), strict=False)]


def _found_headings(
    path: Path, head: Iterator[tuple[int, list[str]]], recognise: Recognise
) -> tuple[list[str], int]:
    """The row of headings and its number: the one understood best, else the first that could be."""
    rows = [(number, [clean(cell) for cell in row]) for number, row in head]
    if not any(any(row) for _number, row in rows):
        raise UnreadableFile("empty", name=path.name)
    number, best = max(rows, key=lambda one: recognise(one[1]))
    known = recognise(best)
    if known > 1 or (known and (_could_be_headings(best) or _is_one_column(rows))):
        return best, number
    for number, row in rows:
        if _could_be_headings(row):
            return row, number
    raise UnreadableFile("no-header", name=path.name)


def _is_one_column(rows: Iterable[tuple[int, Sequence[str]]]) -> bool:
    """Whether no row has a second cell, so that one heading is all there can be."""
    return all(sum(map(bool, row)) <= 1 for _number, row in rows)


def _could_be_headings(row: Sequence[str]) -> bool:
    """Several words, all different, none of them a number, a date or an address."""
    cells = [cell for cell in row if cell]
    words = [cell for cell in cells if sum(map(str.isdigit, cell)) <= 1 and "@" not in cell]
    return len(cells) > 1 and len(words) == len(cells) == len(set(cells))


def _widened(headings: list[str], survey: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The headings up to the last one, and on where many rows have cells beyond it.

    Where only a few have, a separator inside a cell has pushed their cells to the right.
    """
    width = _last(headings)
    beyond = Counter(
        index for row in survey for index, cell in enumerate(row[width:], 1) if cell.strip()
    )
    often = [index for index, times in beyond.items() if times >= _OFTEN * len(survey)]
    width += max(often, default=0)
    return tuple(headings[:width]) + ("",) * (width - len(headings))


def _last(row: Sequence[str]) -> int:
    return max((index for index, cell in enumerate(row, 1) if cell), default=0)


def clean(cell: str) -> str:
    """The text of cell with single plain spaces; line ends and special spaces become one too."""
    return " ".join(cell.split())
