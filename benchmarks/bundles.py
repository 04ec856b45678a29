"""Writing and reading a bundle, against zstd and AEAD of the same ready bytes; POSIX only."""

import os
import struct
import tempfile
from collections.abc import Callable
from pathlib import Path

import zstandard
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from benchmarks.measuring import Cost, Row, cost, no_collection, ratio_row
from correspondent_desk.sync import bundle, columns
from correspondent_desk.sync.bundle import Section
from tests.sync.builders import World
from tests.sync.test_columns import typical_work

CHANGES, TIMES = 400_000, 5
LIMIT, MORE_MB = 4.0, 16.0
_KEY = bytes(range(32))


def bundle_rows(changes: int = CHANGES) -> list[Row]:
    """Four ratios: processor time and memory, of writing and of reading."""
    world, packed = World(), list(columns.pack([typical_work(changes)]))
    with tempfile.TemporaryDirectory() as folder:
        mine, bare = Path(folder) / "x.cdb", Path(folder) / "bare"

        def write() -> None:
            world.write(mine, *(Section("ops", one) for one in packed))

        def read() -> None:
            loaded = bundle.load(mine, world.hub.receiving, world.from_desk)
            for _section in loaded.sections("ops"):
                pass

        size = sum(map(len, packed)) / 1e6
        return [
            *_rows(f"writing a bundle of {size:.0f} MB", write, lambda: _bare_write(bare, packed)),
            *_rows(f"reading a bundle of {size:.0f} MB", read, lambda: _bare_read(bare)),
        ]


def _rows(name: str, ours: Callable[[], None], floor: Callable[[], None]) -> list[Row]:
    mine: list[Cost] = []
    bare: list[Cost] = []
    with no_collection():
        for _ in range(TIMES):
            mine.append(cost(ours))
            bare.append(cost(floor))
    more = _peak_mb(ours) - _peak_mb(floor)
    return [
        ratio_row(f"{name}, against zstd-3 and AEAD", LIMIT, mine, bare),
        Row(f"{name}: more memory than that", more, "MB", MORE_MB),
    ]


def _bare_write(path: Path, packed: list[bytes]) -> None:
    cipher, compressor = ChaCha20Poly1305(_KEY), zstandard.ZstdCompressor(level=3)
    with path.open("wb") as file:
        for number, one in enumerate(packed):
            sealed = cipher.encrypt(struct.pack(">4xQ", number), compressor.compress(one), None)
            file.write(struct.pack(">I", len(sealed)) + sealed)
        file.flush()
        os.fsync(file.fileno())


def _bare_read(path: Path) -> None:
    cipher, inflater = ChaCha20Poly1305(_KEY), zstandard.ZstdDecompressor()
    number = 0
    with path.open("rb") as file:
        while head := file.read(4):
            sealed = file.read(struct.unpack(">I", head)[0])
            inflater.decompress(cipher.decrypt(struct.pack(">4xQ", number), sealed, None))
            number += 1


def _peak_mb(work: Callable[[], None]) -> float:
    """How far a process that works grows beyond what it is born with."""
    import resource

    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        work()
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        os.write(writing, str(grown / 1024).encode())
        os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading) as told:
        return float(told.read())
