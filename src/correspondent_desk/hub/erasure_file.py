"""The hub's erasure ledger as a file that is only ever added to, beside the database and its copies.

Lines of one length, so that what a power cut left of the last one is told from a whole one.
"""

import os
import struct
from collections.abc import Iterable, Sequence
from pathlib import Path

from filelock import FileLock

from correspondent_desk.disk import sync_folder
from correspondent_desk.store.erasing import Entry
from correspondent_desk.store.files import refusal

_LINE = struct.Struct(">16sQ32s?64s3s")
_END = b"\r\n\n"


def append(path: Path, lines: Sequence[tuple[bytes, Entry]]) -> None:
    """Add lines, each with the id of its office; they are on the disk afterwards. Raises CannotWrite.

    What stands there is not added again: a confirmation and a look at the file may meet, or two looks.
    """
    if not lines:
        return
    packed = [
        _LINE.pack(office, one.version, one.digest, one.is_root, one.signature, _END)
        for office, one in lines
    ]
    try:
        with FileLock(f"{path}.lock"), path.open("a+b") as file:
            file.seek(0)
            there = _whole(file.read())
            # What a power cut left of a line would shift all that follow.
            file.truncate(len(there) * _LINE.size)
            known = set(there)
            file.write(b"".join(one for one in packed if one not in known))
            file.flush()
            os.fsync(file.fileno())
        sync_folder(path.parent)
    except OSError as error:
        raise refusal(error, path) from error


def count(path: Path) -> int:
    """How many whole lines there are."""
    try:
        return path.stat().st_size // _LINE.size
    except OSError:
        return 0


def read(path: Path) -> dict[bytes, list[Entry]]:
    """All whole lines by office. Whether the hub wrote them, their signatures tell."""
    try:
        content = path.read_bytes()
    except OSError:
        return {}
    found: dict[bytes, list[Entry]] = {}
    for office, entry in _lines(content):
        found.setdefault(office, []).append(entry)
    return found


def _lines(content: bytes) -> Iterable[tuple[bytes, Entry]]:
    for line in _whole(content):
        office, version, digest, is_root, signature, end = _LINE.unpack(line)
        if end == _END:
            yield (
                office,
                Entry(version=version, digest=digest, is_root=is_root, signature=signature),
            )


def _whole(content: bytes) -> list[bytes]:
    size = _LINE.size
    return [content[at : at + size] for at in range(0, len(content) - size + 1, size)]
