"""A drive of a few megabytes that really fills up: a file system in memory, if this system lets us."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

_PIECE = 64 << 10


@contextmanager
def small_disk(place: Path, size: int) -> Iterator[Path]:
    """A drive of size bytes at the folder place; the test is skipped where none can be made."""
    mount, unmount = shutil.which("mount"), shutil.which("umount")
    if sys.platform != "linux" or os.geteuid() != 0 or not (mount and unmount):
        pytest.skip("only the administrator of a Linux may make drives")
    place.mkdir(parents=True, exist_ok=True)
    made = subprocess.run(
        [mount, "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)],
        check=False,
        capture_output=True,
    )
    if made.returncode:
        pytest.skip("this system makes no drives in memory")
    try:
        yield place
    finally:
        subprocess.run([unmount, "--lazy", str(place)], check=True)


def fill(place: Path, leave: int = 0) -> Path:
    """Fill the drive, but for leave bytes, with one file; remove it, and there is room again."""
    ballast = place / "ballast"
    size = 0
    with ballast.open("wb", buffering=0) as file:
        with suppress(OSError):
            while True:
                size += file.write(bytes(_PIECE)) or 0
        file.truncate(max(0, size - leave))
    return ballast
