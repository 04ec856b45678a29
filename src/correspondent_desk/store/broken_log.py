"""A log of changes that a disk has damaged.

What was saved last stands in it until the program ends in good order. Killed, it leaves the log behind;
where a page of that is damaged, the engine takes in what stands before, leaves out all that was saved
after, and says nothing. But the log is longer than what was taken in.
"""

import struct
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from sqlite3 import Connection

from correspondent_desk.errors import DeskError
from correspondent_desk.store import origins
from correspondent_desk.store.connection import refusing
from correspondent_desk.store.places import PlaceRisk, Risk
from correspondent_desk.store.vault import DeskFolder

_TOLD_FOR = timedelta(days=7)

# https://sqlite.org/fileformat2.html#walformat
_BEGIN = struct.Struct(">8xI4x8s8x")  # the size of a page; salts
_MAGIC = {0x377F0682: "<", 0x377F0683: ">"}  # and how words are read for sums
_WORD = 1 << 32
_FRAME = struct.Struct(">4xI8s8x")  # of a commit how many pages there are then, else 0; salts


def look(connection: Connection, folder: DeskFolder, log: Path, now_ms: int) -> None:
    """Note it if something was committed to the log that the engine did not take in.

    To be called by who holds the desk's lock, before anything is written: as all of it stands in the
    store then, the engine begins a new log with the next save.
    """
    with (
        suppress(DeskError),
        refusing(folder.store),
    ):  # a disk that is full may be opened all the same
        _, reached, _ = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        if _goes_on(log, reached):
            origins.note_log_broke(folder, now_ms)


def risks(folder: DeskFolder, now_ms: int) -> Iterator[PlaceRisk]:
    """That the disk lost what was saved, if that was noticed not long ago."""
    at = origins.log_broke_at(folder)
    if at and timedelta() <= timedelta(milliseconds=now_ms - at) < _TOLD_FOR:
        day = datetime.fromtimestamp(at / 1000).date()  # noqa: DTZ006 - local, as people read
        yield PlaceRisk(Risk.LOST, "", folder.path, noticed_on=day)


def _goes_on(log: Path, reached: int) -> bool:
    """Whether a commit stands behind as many pages as were reached."""
    with log.open("rb") as file:
        begin = file.read(_BEGIN.size)
        if not _is_whole(begin):
            return bool(file.read(1))
        page, salts = _BEGIN.unpack(begin)
        file.seek(reached * (_FRAME.size + page), 1)
        while len(frame := file.read(_FRAME.size)) == _FRAME.size:
            pages, of = _FRAME.unpack(frame)
            # What is left of an earlier log has other salts; what was never committed, no pages.
            if len(file.read(page)) == page and pages and of == salts:
                return True
    return False


def _is_whole(begin: bytes) -> bool:
    """Whether the first lines of a log are as they were written."""
    order = _MAGIC.get(int.from_bytes(begin[:4], "big"))
    if order is None or len(begin) < _BEGIN.size:
        return False
    first = second = 0
    words = struct.unpack(f"{order}6I", begin[:24])
    for one, other in zip(words[::2], words[1::2], strict=True):
        first = (first + one + second) % _WORD
        second = (second + other + first) % _WORD
    return (first, second) == struct.unpack(">2I", begin[24:])
