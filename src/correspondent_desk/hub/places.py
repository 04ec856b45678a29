"""A folder of its own for each file that is taken in: several processes share one inbox."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from correspondent_desk.disk import new_folder
from correspondent_desk.store.files import refusal

_ABANDONED_S = 3600


@contextmanager
def own(inbox: Path) -> Iterator[Path]:
    """A new folder in inbox, removed afterwards.

    Raises CannotWrite.
    """
    try:
        inbox.mkdir(exist_ok=True)  # not the folder of a hub that is gone
        place = new_folder(inbox)
    except OSError as error:
        raise refusal(error, inbox) from error
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def sweep(inbox: Path) -> None:
    """Remove what killed programs left behind, when it is an hour old."""
    with suppress(OSError):
        for path in inbox.iterdir():
            if time.time() - path.stat().st_mtime < _ABANDONED_S:
                continue
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
