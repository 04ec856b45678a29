"""What disks do with files, on every system: names that outlast a power cut, files that others hold."""

import errno
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_HELD = frozenset({32, 33})  # Windows: somebody has opened it, or locked a part of it
_DENIED = 5  # Windows, of a name as well whose file somebody has open
# A scanner or an indexer looks at a new file for some hundredths of a second.
_PAUSES_S = (0.01, 0.02, 0.05, 0.1, 0.2, 0.4)
# Windows: nothing in the drive, the device is not there, fails, or is gone; the network is.
_SILENT_THERE = frozenset({21, 55, 59, 64, 433, 1117, 1167, 1231})
_SILENT = frozenset(
    getattr(errno, name)
    for name in (
        "EIO", "ENXIO", "ENODEV", "ESTALE", "ENOTCONN", "ESHUTDOWN", "ETIMEDOUT", "EHOSTDOWN",
        "EHOSTUNREACH", "ENETDOWN", "ENETUNREACH", "ECONNABORTED", "ENOMEDIUM", "EREMOTEIO",
    )
    if hasattr(errno, name)
)  # fmt: skip


def is_held(error: OSError) -> bool:
    """Whether error says that another program keeps us from the file."""
    busy = error.errno in (errno.EBUSY, errno.ETXTBSY)
    return busy or getattr(error, "winerror", None) in _HELD


def is_silent(error: OSError) -> bool:
    """Whether error says that the disk itself is out of reach, not something on it."""
    return error.errno in _SILENT or getattr(error, "winerror", None) in _SILENT_THERE


def take_place(part: Path, path: Path) -> None:
    """Give part the name path, whatever file had it.

    Windows refuses while another program has either open: then it is tried for most of a second.
    Raises OSError, one that is_held if that is the reason.
    """
    for pause_s in _PAUSES_S:
        try:
            part.replace(path)
        except OSError as error:
            if not _may_pass(error, path):
                raise
            time.sleep(pause_s)
        else:
            return
    try:
        part.replace(path)
    except OSError as error:
        if not _may_pass(error, path):
            raise
        raise OSError(errno.EBUSY, os.strerror(errno.EBUSY), str(path)) from error


def _may_pass(error: OSError, path: Path) -> bool:
    number = getattr(error, "winerror", None)
    return number in _HELD or (number == _DENIED and path.is_file() and os.access(path, os.W_OK))


def sync_folder(folder: Path) -> None:
    """Make renames in folder durable; Windows does so by itself and cannot open folders."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def new_folder(parent: Path, prefix: str = "") -> Path:
    """A new folder in parent, for our account only where the system knows that. Raises OSError.

    tempfile's would try for ever on Windows where this account may not write.
    """
    made = parent / f"{prefix}{os.urandom(8).hex()}"
    made.mkdir(mode=0o700)
    return made


@contextmanager
def passing_folder(parent: Path, prefix: str = "") -> Iterator[Path]:
    """A new folder in parent that is removed afterwards. Raises OSError."""
    made = new_folder(parent, prefix)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)
