"""Writing a small file so that after a power cut it is the old one or the new one, never a half."""

import contextlib
import errno
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from correspondent_desk.disk import is_held, is_silent, sync_folder, take_place
from correspondent_desk.errors import DeskError


class CannotWrite(DeskError):
    """The folder does not take what must be written; nothing was changed.

    reason: "read-only", "full", "there-already", "no-folder", "in-use", "silent" or "failed"; details:
    path.
    """

    code = "cannot-write"


class DiskRefused(DeskError):
    """What lies on a disk or a network drive cannot be reached (details: path).

    reason: "silent", where it is out, cut off or failing; "forbidden" to this account.
    """

    code = "disk"


_REASONS = {
    errno.EROFS: "read-only",
    errno.EACCES: "read-only",
    errno.EPERM: "read-only",
    errno.ENOSPC: "full",
    errno.EDQUOT: "full",
    errno.EFBIG: "full",
}


def refusal(error: OSError, path: Path) -> CannotWrite:
    """What the operating system said about path, as an error a person can be told."""
    if is_silent(error):  # what was read for it may lie on another disk
        return CannotWrite("silent", path=str(error.filename or path))
    reason = "in-use" if is_held(error) else _REASONS.get(error.errno or 0, "failed")
    return CannotWrite(reason, path=str(path))


def said_by_disk(error: OSError) -> DeskError | None:
    """An error of the operating system that nobody expected where it came, if the disk is to blame.

    None: the program is.
    """
    path = str(error.filename or "…")
    if is_silent(error):
        return DiskRefused("silent", path=path)
    if isinstance(error, PermissionError):  # to read, perhaps
        return DiskRefused("forbidden", path=path)
    known = refusal(error, Path(path))
    return None if known.reason == "failed" else known


def unread(error: OSError, path: Path) -> DeskError:
    """What the operating system said where path was only to be read."""
    return said_by_disk(error) or refusal(error, path)


@contextlib.contextmanager
def saying_of_disk() -> Iterator[None]:
    """What a disk refuses inside, and nobody expected there, becomes a DeskError."""
    try:
        yield
    except OSError as error:
        said = said_by_disk(error)
        if said is None:
            raise
        raise said from error


def from_json(content: bytes) -> Any:
    """What a file of JSON says. Raises ValueError, also for brackets without end."""
    try:
        return json.loads(content)
    except RecursionError as error:
        raise ValueError("too deep") from error


def write_whole(path: Path, content: bytes) -> None:
    """Replace path by content. Raises CannotWrite; then path is as it was."""
    part = path.parent / f"{path.name}.part"
    try:
        # A folder, "." and "/" among them, a device or a pipe: nothing that a file may replace.
        if path.exists() and not path.is_file():
            raise CannotWrite("failed", path=str(path))
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        take_place(part, path)
        sync_folder(path.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise refusal(error, path) from error


def write_new(path: Path, content: bytes) -> None:
    """Make the file path, which must not exist yet, nor its folder be missing.

    Raises CannotWrite; then nothing of it is left that would stand in the way of the next try.
    """
    try:
        file = path.open("xb")
    except FileExistsError as error:
        raise CannotWrite("there-already", path=str(path)) from error
    except OSError as error:
        if not path.parent.is_dir():
            raise CannotWrite("no-folder", path=str(path.parent)) from error
        raise refusal(error, path) from error
    try:
        # On a full disk closing fails as well; only a closed file can be removed on Windows.
        with file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        sync_folder(path.parent)
    except BaseException as error:
        with contextlib.suppress(OSError):
            path.unlink()
        if isinstance(error, OSError):
            raise refusal(error, path) from error
        raise


def as_json(content: object) -> bytes:
    """content as JSON that a person can read, ending with a line break."""
    return json.dumps(content, indent=1, ensure_ascii=False).encode() + b"\n"
