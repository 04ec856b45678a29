"""Lists for other programs: CSV that opens right in a French Excel, and XLSX.

A list is written beside its place under another name, read back, and only then takes its place:
whatever happens, what stood there before stays whole.
"""

import contextlib
import csv
import hashlib
import io
import os
import re
import zipfile
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO

from correspondent_desk.disk import passing_folder, sync_folder, take_place
from correspondent_desk.formats.files import UnwritableFile, unwritable

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

Value = str | int | float | Decimal | date | datetime | None
Row = Sequence[Value]

MOST_ROWS = 1_048_575  # of an XLSX, below the headings
LONGEST_TEXT = 32_767  # of a cell of an XLSX

_KINDS = ("", ".csv", ".txt", ".xlsx")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_NARROWEST, _WIDEST = 8, 42  # characters of a column
_MEASURED_ROWS = 200
_CSV_CHUNK_ROWS = 1_000
_NOT_IN_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")
_LONGEST_SHEET_NAME = 31


def write(path: Path, headings: Sequence[str], rows: Iterable[Row], *, title: str = "") -> int:
    """Write a list to path, as XLSX or CSV, as it ends; answers the number of rows.

    A name without an end is that of a CSV. title names the sheet of an XLSX. Raises UnwritableFile.
    """
    kind = path.suffix.lower()
    if kind not in _KINDS:
        raise UnwritableFile("other-kind", name=path.name, folder=str(path.parent))
    if kind == ".xlsx":
        return write_xlsx(path, headings, rows, title=title)
    return write_csv(path, headings, rows)


def write_csv(path: Path, headings: Sequence[str], rows: Iterable[Row]) -> int:
    """Write a list as CSV: semicolons, UTF-8 with its mark, decimal commas, ISO dates.

    Text that a spreadsheet would run as a formula gets an apostrophe before it, which `staff_list`
    takes away again. Raises UnwritableFile.
    """

    def fill(part: Path) -> int:
        with part.open("wb") as file:
            count, written = _fill_csv(file, headings, rows)
            _settle(file)
        with part.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").digest()
        if found != written:
            raise UnwritableFile("not-verified", name=path.name, folder=str(path.parent))
        return count

    return _in_place(path, fill)


def _fill_csv(file: BinaryIO, headings: Sequence[str], rows: Iterable[Row]) -> tuple[int, bytes]:
    """The number of rows, and the digest of what was written."""
    digest = hashlib.sha256()
    text = io.StringIO(newline="")

    def put() -> None:
        chunk = text.getvalue().encode()
        digest.update(chunk)
        file.write(chunk)
        text.seek(0)
        text.truncate()

    text.write("\ufeff")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([_guarded(heading) for heading in headings])
    count = 0
    for count, row in enumerate(rows, 1):
        writer.writerow([_csv_cell(value) for value in row])
        if count % _CSV_CHUNK_ROWS == 0:
            put()
    put()
    return count, digest.digest()


def _csv_cell(value: Value) -> str:
    match value:
        case str():
            return _guarded(value)
        case None:
            return ""
        case float() | Decimal():
            return str(value).replace(".", ",")
        case datetime():
            return value.strftime("%Y-%m-%d %H:%M")
        case _:
            return str(value)


def _guarded(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA_STARTS) and len(text) > 1 else text


def write_xlsx(path: Path, headings: Sequence[str], rows: Iterable[Row], *, title: str = "") -> int:
    """Write a list as XLSX: bold headings that stay in view, dates as dates, texts as texts.

    A text longer than a cell can hold is cut, and ends with "…". Raises UnwritableFile.
    """
    import xlsxwriter  # half a second, so only when it is wanted
    from xlsxwriter.exceptions import FileCreateError

    def fill(part: Path) -> int:
        # Its scraps stay beside the list: no copy of personal data in a shared folder.
        with passing_folder(part.parent, ".") as scraps:
            options = {"constant_memory": True, "tmpdir": str(scraps)}
            packed = _Packed()
            book = xlsxwriter.Workbook(packed, options)
            sheet = book.add_worksheet(_sheet_name(title))
            try:
                count = _fill_xlsx(book, sheet, headings, rows)
                book.close()
            except FileCreateError as error:
                raise error.args[0] from error  # the OSError inside
            finally:
                _close(sheet.row_data_fh)  # or Windows could not remove it
        with part.open("wb") as file:
            file.write(packed.getbuffer())
            _settle(file)
        with zipfile.ZipFile(part) as package:
            if package.testzip():
                raise UnwritableFile("not-verified", name=path.name, folder=str(path.parent))
        return count

    return _in_place(path, fill)


class _Packed(io.BytesIO):
    """A package in memory. One that was given up half-way, on a full disk, is closed by the collector.

    It would write there what then ends as a traceback that nobody can catch; so this stays open.
    """

    def close(self) -> None:
        """Nothing: memory is freed without."""


def _sheet_name(title: str) -> str:
    return _NOT_IN_SHEET_NAME.sub(" ", title).strip("' ")[:_LONGEST_SHEET_NAME] or "1"


def _fill_xlsx(
    book: "Workbook", sheet: "Worksheet", headings: Sequence[str], rows: Iterable[Row]
) -> int:
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
    widths = [len(heading) for heading in headings]
    sheet.freeze_panes(1, 0)
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, heading, book.add_format({"bold": True}))
    count = 0
    for count, row in enumerate(rows, 1):
        if count > MOST_ROWS:
            raise UnwritableFile("too-many-rows", most_rows=MOST_ROWS)
        for column, value in enumerate(row):
            _write_cell(sheet, count, column, value, day, moment)
        if count <= _MEASURED_ROWS:
            widths = [max(width, len(str(value))) for width, value in zip(widths, row, strict=True)]
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(max(width + 2, _NARROWEST), _WIDEST))
    if headings:
        sheet.autofilter(0, 0, count, len(headings) - 1)
    return count


def _write_cell(
    sheet: "Worksheet", row: int, column: int, value: Value, day: "Format", moment: "Format"
) -> None:
    match value:
        case None | "":
            return
        case str():
            is_long = len(value) > LONGEST_TEXT
            sheet.write_string(row, column, value[: LONGEST_TEXT - 1] + "…" if is_long else value)
        case datetime():
            sheet.write_datetime(row, column, value.replace(tzinfo=None), moment)
        case date():
            sheet.write_datetime(row, column, datetime.combine(value, time()), day)
        case _:
            sheet.write_number(row, column, float(value))


def _in_place(path: Path, fill: Callable[[Path], int]) -> int:
    """What fill answers, once the file that it fills has taken the place of path."""
    try:
        _refuse_what_is_no_file(path)
        part = path.with_name(path.name + ".part")
        try:
            count = fill(part)
            take_place(part, path)
        except BaseException:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
            raise
        with contextlib.suppress(OSError):  # of a folder that may not be read, say
            sync_folder(path.parent)
    except OSError as error:
        raise unwritable(path, error) from error
    return count


def _refuse_what_is_no_file(path: Path) -> None:
    if path.is_dir():  # also "." and "/", which cannot have another name beside them
        raise UnwritableFile("folder", name=str(path), folder=str(path.parent))
    if path.exists() and not path.is_file():  # a device or a pipe would be replaced by a file
        raise UnwritableFile("not-a-file", name=path.name, folder=str(path.parent))


def _close(file: IO[str] | None) -> None:
    if file:
        file.close()


def _settle(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
