"""What can go wrong with a file of another program, as data; `messages.files` has the sentences."""

import errno
import os
from pathlib import Path
from typing import ClassVar

from correspondent_desk.disk import is_held, is_silent
from correspondent_desk.errors import DeskError

_INVALID_NAME = 123  # Windows: of a name with one of its signs, a colon for example
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class UnreadableFile(DeskError):
    """A file cannot be read as a list.

    Reasons: missing, not-allowed, locked, folder, not-a-file, empty, too-large, encoding, password, encrypted,
    not-a-spreadsheet, web-page, xml, damaged, quote, stray-cell, no-sheet, no-header,
    header-without-name, two-columns, no-name-column, no-column,
    no-decision-column, two-decision-columns, several-lists, long-cell.
    Details: name (of the file) and, by reason, row, column (letters), columns (a tuple of
    headings), field, sheet, sheets (a tuple of names), cell, size and most (bytes), rows and most_rows.
    """

    code: ClassVar[str] = "unreadable-file"


class ForbiddenColumn(DeskError):
    """The list holds something that must not be kept, so nothing of it is read.

    Reason: social-security-number. Details: name (of the file), column (letters), heading.
    """

    code: ClassVar[str] = "forbidden-column"


class UnwritableFile(DeskError):
    """A file cannot be written; what stood there before is untouched.

    Reasons: missing-folder, not-allowed, locked, disk-full, folder, not-a-file, too-many-rows,
    too-long, bad-name, other-kind, not-verified, device. Details: name (of the file), folder and, by reason, most_rows.
    """

    code: ClassVar[str] = "unwritable-file"


def unreadable(path: Path, error: OSError) -> UnreadableFile:
    """The reason why path cannot be opened."""
    if (
        isinstance(error, FileNotFoundError)
        or _is_no_name(error)
        or error.errno == errno.ENAMETOOLONG
    ):
        return UnreadableFile("missing", name=path.name)
    if path.is_dir():
        return UnreadableFile("folder", name=path.name or str(path))
    if is_held(error):
        return UnreadableFile("locked", name=path.name)
    if isinstance(error, PermissionError):
        return UnreadableFile("not-allowed", name=path.name)
    return UnreadableFile("damaged", name=path.name)


def unwritable(path: Path, error: OSError) -> UnwritableFile:
    """The reason why path cannot be written."""
    details = {"name": path.name, "folder": str(path.parent)}
    if is_silent(error):  # nor would it say what lies there
        return UnwritableFile("device", **details)
    if _is_no_name(error):
        return UnwritableFile("bad-name", **details)
    if error.errno == errno.ENAMETOOLONG or _is_too_long_for_windows(error, path):
        return UnwritableFile("too-long", **details)
    if isinstance(error, IsADirectoryError) or path.is_dir():
        return UnwritableFile("folder", **details)
    if error.errno in _FULL:
        return UnwritableFile("disk-full", **details)
    if is_held(error):
        return UnwritableFile("locked", **details)
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        # /proc takes no files of ours, and says it so.
        reason = "not-allowed" if path.parent.is_dir() else "missing-folder"
        return UnwritableFile(reason, **details)
    if isinstance(error, PermissionError) and path.exists() and os.access(path.parent, os.W_OK):
        # On Windows a file that is open elsewhere cannot be replaced: access denied, not "in use".
        return UnwritableFile("locked", **details)
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return UnwritableFile("not-allowed", **details)
    return UnwritableFile("device", **details)


def _is_no_name(error: OSError) -> bool:
    return getattr(error, "winerror", None) == _INVALID_NAME


def _is_too_long_for_windows(error: OSError, path: Path) -> bool:
    """It finds no folder then, though there is one."""
    return os.name == "nt" and isinstance(error, FileNotFoundError) and path.parent.is_dir()
