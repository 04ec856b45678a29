"""How often the passphrase was wrong, and how long the next attempt must wait.

Kept in a small file, so that starting the program again does not start the count again. Whoever has
the file can delete it; then Argon2id still stands in the way of guessing.
"""

import contextlib
from pathlib import Path

from correspondent_desk.store.files import CannotWrite, as_json, from_json, write_whole

_FREE = 3
_LONGEST_S = 300.0


def wait_s(path: Path, now: float) -> float:
    """Seconds until another attempt may be looked at; 0: at once."""
    failures, at = _noted(path)
    wait = _wait_s(failures)
    if not wait:
        return 0.0
    if at > now:
        # The clock was set back: the wait begins anew, or it would not end before that day.
        return wait if _note(path, failures, now) else 0.0
    return max(0.0, at + wait - now)


def note_failure(path: Path, now: float) -> float:
    """Count one more; seconds until the next."""
    failures = _noted(path)[0] + 1
    _note(path, failures, now)  # the passphrase was wrong all the same
    return _wait_s(failures)


def forget(path: Path) -> None:
    """The passphrase was right."""
    with contextlib.suppress(OSError):  # a folder that became read-only can still be read
        path.unlink(missing_ok=True)


def _note(path: Path, failures: int, now: float) -> bool:
    try:
        write_whole(path, as_json({"failures": failures, "at": now}))
    except CannotWrite:
        return False
    return True


def _noted(path: Path) -> tuple[int, float]:
    try:
        noted = from_json(path.read_bytes())
        return int(noted["failures"]), float(noted["at"])
    except (OSError, ValueError, OverflowError, KeyError, TypeError):
        return 0, 0.0


def _wait_s(failures: int) -> float:
    if failures < _FREE:
        return 0.0
    return min(_LONGEST_S, 2.0 ** min(failures - _FREE, 16))
