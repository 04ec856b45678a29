"""A drive that does not answer any more: a file system whose program is gone, if this system lets us."""

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_AT_ONCE = 2  # MNT_DETACH
_FUSE = Path("/dev/fuse")


@contextmanager
def dead_drive(place: Path) -> Iterator[None]:
    """Whatever lies in the folder place cannot be reached meanwhile; skips where none can be made."""
    if sys.platform != "linux" or os.geteuid() != 0 or not _FUSE.exists():
        pytest.skip("only the administrator of a Linux may connect drives")
    if not die(place):
        pytest.skip("this system connects no drives")
    try:
        yield
    finally:
        revive(place)


def die(place: Path) -> bool:
    """From now on the system answers to each question about place that nobody is there."""
    served = os.open(_FUSE, os.O_RDWR)
    options = f"fd={served},rootmode=40000,user_id=0,group_id=0".encode()
    failed = _system().mount(b"drive", os.fsencode(place), b"fuse", 0, options)
    os.close(served)  # that was all there ever was to answer
    return not failed


def revive(place: Path) -> None:
    """What lay there before can be reached again."""
    _system().umount2(os.fsencode(place), _AT_ONCE)


def _system() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
