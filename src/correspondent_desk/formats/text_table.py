"""Lists as text with separators: which encoding, which separator, and the rows.

French Excel writes `;` and Windows-1252, or UTF-16 with tabs as "Unicode text"; other programs
write UTF-8 with or without a mark, and old ones the letters of DOS or of an early Mac.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO

from correspondent_desk.formats.failed_formulas import UNCALCULATED
from correspondent_desk.formats.files import UnreadableFile, unreadable

MOST_ROWS = 1_048_576  # what a spreadsheet can hold
SEPARATORS = (";", "\t", ",", "|")

_CHUNK = 1 << 20
_HEAD = 1 << 16
_TOO_LONG = "field limit"  # said by csv of a cell of more than 128 KB
_COMMON = "éèêàçôîïÉ"
_OLD = ("cp1252", "cp850", "mac_roman")
_UTF8_PAIR = re.compile(rb"[\xc2-\xc5][\x80-\xbf]|[\xe2\xef][\x80-\xbf]{2}")
# The same, read as Windows-1252, whole or cut: no French word has such a capital, or it before such
# a sign.
_CONTINUED = "".join(bytes([byte]).decode("cp1252", "ignore") for byte in range(0x80, 0xC0))
_UTF8_AS_WINDOWS = re.compile(f"[\xc2-\xc5][{_CONTINUED}]|\xe2[{_CONTINUED}]{{2}}|\xc3(?![A-Za-z])")
_CUT_UTF8 = (b"\xc3", b"\xc5", b"\xe2\x80")
_ASCII = bytes(range(128))
_CONTROL = bytes({*range(32)} - {*b"\t\n\v\f\r\x1a"})
_MOST_CONTROLS = 8
_NOT_CONTROL = bytes({*range(256)} - {*_CONTROL})
_CP1252_HOLES = b"\x81\x8d\x8f\x90\x9d"
_SEP_LINE = re.compile(r'"?sep=(.)"?', re.IGNORECASE)
_MOST_UNREADABLE = 0.1  # share of the letters beyond ASCII
# A text as payroll programs write it so that a spreadsheet keeps its first zeros: ="00012".
_KEPT_TEXT = re.compile(r'\s*="((?:[^"]|"")*)"\s*', re.DOTALL)


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    """A byte that is not UTF-8, in a file that else is: pasted from a Windows program, unless it is a
    part of one of UTF-8's letters.
    """
    if not isinstance(error, UnicodeDecodeError):
        raise error
    found = error.object[error.start : error.end]
    if found in _CUT_UTF8:
        return "\ufffd", error.end
    return found.decode("cp1252", errors="replace"), error.end


codecs.register_error("desk.windows", _as_windows)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextTable:
    """A text file whose encoding is known. lines: about how many it has.

    is_mixed: read as Windows-1252, but some of it may be UTF-8. has_formulas: some cells may be.
    """

    path: Path
    encoding: str
    errors: str
    lines: int
    is_balanced: bool
    is_mixed: bool = False
    has_formulas: bool = False

    def head(self, separator: str, count: int) -> list[list[str]]:
        """The first rows cut at separator, as many as stand in the first 64 000 characters."""
        with self._opened() as file:
            _skip_announcement(file)
            text = file.read(_HEAD)
        whole = text if len(text) < _HEAD else text.rpartition("\n")[0] or text
        if self.is_mixed:  # to know headings whose letters are those of the other encoding
            whole = _UTF8_AS_WINDOWS.sub(_mended, whole)
        rows = csv.reader(io.StringIO(whole, newline=""), delimiter=separator)
        return [_as_meant(row) for row in islice(rows, count)]

    def announced_separator(self) -> str | None:
        """The separator of a first line sep=; which Excel obeys and does not show."""
        with self._opened() as file:
            found = _SEP_LINE.fullmatch(file.readline().strip())
        return found[1] if found else None

    def rows(self, separator: str) -> Iterator[tuple[int, list[str]]]:
        """The rows with their numbers as a spreadsheet shows them, blank ones too.

        A letter that was written in another encoding than the rest is U+FFFD.
        Raises UnreadableFile: quote (a quotation mark that is never closed), long-cell, damaged.
        """
        number = 0
        with self._opened() as file:
            _skip_announcement(file)
            try:
                rows: Iterator[list[str]]
                rows = csv.reader(file, delimiter=separator, strict=not self.is_balanced)
                if self.has_formulas:
                    rows = map(_as_meant, rows)
                if self.is_mixed:
                    rows = map(_with_marks, rows)
                for number, row in enumerate(rows, 1):
                    yield number, row
            except csv.Error as error:
                raise self._unreadable(number + 1, error) from error

    def spread(self, separator: str, count: int, below: int) -> list[list[str]]:
        """About count rows taken evenly from all below this one.

        A cell with a line end may show up in pieces: good for counting, not for reading.
        Raises UnreadableFile: long-cell or quote, for a cell longer than any program writes.
        """
        step = max(1, self.lines // count)
        rows: list[list[str]] = []
        with self._opened() as file:
            for number, line in islice(enumerate(file, 1), below, None, step):
                try:
                    cut = csv.reader([line], delimiter=separator) if line.strip() else ()
                    rows += map(_as_meant, cut)
                except csv.Error as error:
                    raise self._unreadable(number, error) from error
        return rows

    def _unreadable(self, row: int, error: csv.Error) -> UnreadableFile:
        if not self.is_balanced:
            return UnreadableFile("quote", name=self.path.name, row=row)
        reason = "long-cell" if _TOO_LONG in str(error) else "damaged"
        return UnreadableFile(reason, name=self.path.name, row=row)

    def _opened(self) -> IO[str]:
        try:
            return self.path.open(encoding=self.encoding, errors=self.errors, newline="")
        except OSError as error:
            raise unreadable(self.path, error) from error


def _mended(found: re.Match[str]) -> str:
    return found[0].encode("cp1252", "replace").decode("utf-8", "replace")


def _as_meant(row: list[str]) -> list[str]:
    """The row with ="00012" read as 00012; any other formula was never calculated."""
    return [_calculated(cell) if "=" in cell else cell for cell in row]


def _calculated(cell: str) -> str:
    if found := _KEPT_TEXT.fullmatch(cell):
        return found[1].replace('""', '"')
    return UNCALCULATED if cell.lstrip().startswith("=") else cell


def _with_marks(row: list[str]) -> list[str]:
    return [_UTF8_AS_WINDOWS.sub("\ufffd", cell) for cell in row]


def _skip_announcement(file: IO[str]) -> None:
    if not _SEP_LINE.fullmatch(file.readline().strip()):
        file.seek(0)


def open_text(path: Path) -> TextTable:
    """The text file at path, looked at from end to end.

    Raises UnreadableFile: encoding, not-a-spreadsheet, too-large.
    """
    try:
        with path.open("rb") as file:
            start = file.read(4096)
            encoding = _marked(start) or _unmarked_utf16(start)
            file.seek(0)
            if encoding:
                return _wide(path, encoding)
            if _is_binary(start.translate(None, _NOT_CONTROL)):
                raise UnreadableFile("not-a-spreadsheet", name=path.name)
            return _narrow(path, file)
    except OSError as error:
        raise unreadable(path, error) from error


def _is_binary(controls: bytes) -> bool:
    """Whether so many control signs stand in no text; a stray one is the matter of its cell."""
    return len(controls) > _MOST_CONTROLS or b"\0" in controls


def _marked(start: bytes) -> str | None:
    if start.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return None


def _unmarked_utf16(start: bytes) -> str | None:
    """UTF-16 without its mark shows by a zero in nearly every second byte."""
    half = len(start) // 2
    if half == 0:
        return None
    for offset, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        zeros = start[offset::2].count(0)
        others = start[1 - offset :: 2].count(0)
        if zeros > 0.7 * half and others == 0:
            return encoding
    return None


def _wide(path: Path, encoding: str) -> TextTable:
    lines = quotes = 0
    has_formulas = False
    try:
        with path.open(encoding=encoding, newline="") as file:
            while text := file.read(_CHUNK):
                if "\0" in text:
                    raise UnreadableFile("not-a-spreadsheet", name=path.name)
                lines += max(text.count("\n"), text.count("\r"))
                quotes += text.count('"')
                has_formulas = has_formulas or "=" in text
    except UnicodeError as error:
        raise UnreadableFile("encoding", name=path.name, row=lines + 1) from error
    _check_length(path, lines)
    return TextTable(
        path=path,
        encoding=encoding,
        errors="strict",
        lines=lines,
        is_balanced=quotes % 2 == 0,
        has_formulas=has_formulas,
    )


def _narrow(path: Path, file: IO[bytes]) -> TextTable:
    lines = quotes = 0
    is_utf8 = True
    has_formulas = False
    decoder = codecs.getincrementaldecoder("utf-8")()
    while chunk := file.read(_CHUNK):
        lines += max(chunk.count(b"\n"), chunk.count(b"\r"))
        quotes += chunk.count(b'"')
        has_formulas = has_formulas or b"=" in chunk
        if is_utf8:
            is_utf8 = _decodes(decoder, chunk)
    is_utf8 = is_utf8 and _decodes(decoder, b"", final=True)
    _check_length(path, lines)
    encoding, errors, is_mixed = ("utf-8-sig", "strict", False) if is_utf8 else _guessed(path, file)
    return TextTable(
        path=path,
        encoding=encoding,
        errors=errors,
        lines=lines,
        is_balanced=quotes % 2 == 0,
        is_mixed=is_mixed,
        has_formulas=has_formulas,
    )


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _guessed(path: Path, file: IO[bytes]) -> tuple[str, str, bool]:
    """The encoding of a file that is not UTF-8 throughout, what to do with strange bytes, and is_mixed."""
    high = pairs = holes = 0
    controls = b""
    letters = dict.fromkeys(_OLD, 0)
    file.seek(0)
    while chunk := file.read(_CHUNK):
        controls += chunk.translate(None, _NOT_CONTROL)[: _MOST_CONTROLS + 1]
        beyond = chunk.translate(None, _ASCII)
        high += len(beyond)
        holes += len(beyond) - len(beyond.translate(None, _CP1252_HOLES))
        pairs += sum(map(len, _UTF8_PAIR.findall(beyond)))
        for encoding in _OLD:
            letters[encoding] += sum(map(beyond.count, _COMMON.encode(encoding)))
    if _is_binary(controls):
        raise UnreadableFile("not-a-spreadsheet", name=path.name)
    if pairs > high / 2:
        return "utf-8-sig", "desk.windows", False
    encoding = max(_OLD, key=lambda name: letters[name])  # the first of equals
    if encoding == "cp1252" and holes > _MOST_UNREADABLE * high:
        raise UnreadableFile("encoding", name=path.name, row=1)
    return encoding, "replace", encoding == "cp1252" and pairs > 0


def _check_length(path: Path, lines: int) -> None:
    if lines > MOST_ROWS:
        raise UnreadableFile("too-large", name=path.name, rows=lines, most_rows=MOST_ROWS)
