"""One program at a time has a desk open to write."""

import contextlib
import getpass
import os
import platform
import time
from datetime import UTC, datetime

from filelock import BaseFileLock, FileLock, Timeout

from correspondent_desk.errors import DeskError
from correspondent_desk.store.files import as_json, from_json, refusal, write_whole
from correspondent_desk.store.vault import DeskFolder

GLANCE_S = 0.02  # another program may only look whether the desk is held


class AlreadyOpen(DeskError):
    """Another program has this desk open (details: user, computer, since; "" or None: unknown)."""

    code = "already-open"


def acquire(folder: DeskFolder) -> BaseFileLock:
    """Hold the desk until release. Raises AlreadyOpen, CannotWrite."""
    try:
        folder.path.mkdir(parents=True, exist_ok=True)
        # The desk is opened in the background, and closed by the window's thread.
        lock = FileLock(folder.lock, thread_local=False)
        lock.acquire(timeout=GLANCE_S, poll_interval=GLANCE_S / 4)
    except Timeout as error:
        raise _held(folder) from error
    except OSError as error:
        raise refusal(error, folder.path) from error
    # Beside the lock, not in it: Windows lets nobody read a locked file.
    about = {
        "user": _user(),
        "computer": platform.node(),
        "process": os.getpid(),
        "since": time.time(),
    }
    try:
        write_whole(folder.holder, as_json(about))
    except DeskError:
        lock.release()
        raise
    return lock


def look(folder: DeskFolder) -> None:
    """Raises AlreadyOpen if another program holds the desk; what else hinders is told by acquire."""
    if not folder.lock.exists():
        return
    lock = FileLock(folder.lock, thread_local=False)
    try:
        lock.acquire(timeout=GLANCE_S, poll_interval=GLANCE_S / 4)
    except Timeout as error:
        raise _held(folder) from error
    except OSError:
        return
    lock.release()


def release(folder: DeskFolder, lock: BaseFileLock) -> None:
    """Let others in."""
    # Only words about the holder; a disk that fails must not keep the desk held.
    with contextlib.suppress(OSError):
        folder.holder.unlink(missing_ok=True)
    lock.release()


def _held(folder: DeskFolder) -> AlreadyOpen:
    user, computer, since = _holder(folder)
    return AlreadyOpen(user=user, computer=computer, since=since)


def _holder(folder: DeskFolder) -> tuple[str, str, datetime | None]:
    try:
        about = from_json(folder.holder.read_bytes())
        since = datetime.fromtimestamp(about["since"], UTC)
        return str(about["user"]), str(about["computer"]), since
    except (OSError, ValueError, OverflowError, KeyError, TypeError):
        return "", "", None


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
