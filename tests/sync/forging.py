"""Letters as a dishonest colleague passes them on: what was signed is altered, the signature is not."""

import hashlib
from dataclasses import replace
from functools import partial

import msgspec
import zstandard

from correspondent_desk.sync import columns
from correspondent_desk.sync.columns import OpRow
from correspondent_desk.sync.letters import Kept

FORGED = "FORGED"


def forged(letter: Kept) -> Kept:
    """The letter with another text in each operation, and digests that fit."""
    preamble, sender, signature, said, stored = msgspec.msgpack.decode(letter.content)
    manifest = msgspec.msgpack.decode(said)
    heads = [head for head in manifest["sections"] if head["kind"] == "ops"]
    altered = [_altered(one) for one in stored]
    for head, (raw, content) in zip(heads, altered, strict=True):
        head |= {
            "stored": len(content),
            "raw": raw,
            "digest": hashlib.sha256(content).digest(),
            "codec": "zstd",
        }
    told = [
        preamble,
        sender,
        signature,
        msgspec.msgpack.encode(manifest),
        [content for _, content in altered],
    ]
    return replace(letter, read=partial(msgspec.msgpack.encode, told))


def _altered(stored: bytes) -> tuple[int, bytes]:
    """The length unpacked, and the section."""
    runs = columns.unpack(zstandard.ZstdDecompressor().decompressobj().decompress(stored))
    [packed] = columns.pack(run._replace(ops=[_told(op) for op in run.ops]) for run in runs)
    return len(packed), zstandard.ZstdCompressor().compress(packed)


def _told(op: OpRow) -> OpRow:
    fields = {n: FORGED if isinstance(value, str) else value for n, value in op.fields.items()}
    return op._replace(fields=fields)
