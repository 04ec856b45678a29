"""What makes and changes bundles, for tests of what must be refused."""

import hashlib
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import msgspec
import pyrage
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pyrage import x25519

from correspondent_desk.sync import manifest
from correspondent_desk.sync.bundle import Manifest, Section
from correspondent_desk.sync.keys import key_id
from correspondent_desk.sync.manifest import Preamble, SectionHead
from tests.sync.builders import World

OK = "accepted"


class Case(NamedTuple):
    """What was done to a bundle, the expected reason (OK where it is harmless), and the file."""

    name: str
    reason: str
    file: bytes


@dataclass(frozen=True, slots=True)
class Inner:
    """What age holds: the frame with its signature, the manifest, the stored sections."""

    sender: bytes
    signature: bytes
    manifest: bytes
    stored: bytes

    def joined(self, length: int | None = None) -> bytes:
        size = len(self.manifest) if length is None else length
        frame = struct.pack(">32s64sI", self.sender, self.signature, size)
        return frame + self.manifest + self.stored


def compressed(raw: bytes, *, declared: int | None = None) -> tuple[SectionHead, bytes]:
    """An ops section as a writer makes it; declared is a length it does not have."""
    stored = zstandard.ZstdCompressor(level=3).compress(raw)
    return head_of("ops", stored, raw=len(raw) if declared is None else declared), stored


def head_of(
    kind: str, stored: bytes, *, raw: int | None = None, codec: str = "zstd"
) -> SectionHead:
    return SectionHead(
        kind=kind,
        stored=len(stored),
        raw=len(stored) if raw is None else raw,
        digest=hashlib.sha256(stored).digest(),
        codec=codec,
    )


class Forge:
    """Writes bundles that no honest writer would, signed all the same by a desk the hub knows."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world = world
        scan = folder / "scan.pdf"
        scan.write_bytes(world.chance.randbytes(70_000))
        self.good = world.write(
            folder / "good.cdb", Section("ops", world.payload()), Section("attachment", scan)
        )
        self.file = self.good.path.read_bytes()
        self.preamble = manifest.read_preamble(self.file[: manifest.MOST_PREAMBLE])

    @property
    def hub(self) -> str:
        return self.world.hub.public.receiving

    def said(
        self, sections: Sequence[SectionHead] = (), changes: Mapping[str, object] | None = None
    ) -> dict[str, object]:
        """The fields of a manifest; changes may put anything in them."""
        honest = Manifest(
            **msgspec.structs.asdict(self.world.header()),
            sender=self.world.desk.public.signing,
            recipients=[self.hub],
            sections=list(sections),
        )
        fields = msgspec.msgpack.decode(msgspec.msgpack.encode(honest), type=dict[str, object])
        return {**fields, **(changes or {})}

    def bundle(
        self,
        *contents: tuple[SectionHead, bytes],
        changes: Mapping[str, object] | None = None,
        encoded: bytes | None = None,
        extra: bytes = b"",
        signing: Ed25519PrivateKey | None = None,
    ) -> bytes:
        """A whole file around a manifest with changes, or around any bytes in its place."""
        fields = self.said([head for head, _ in contents], changes)
        if encoded is None:
            encoded = msgspec.msgpack.encode(fields)
        identifier = fields["bundle"]
        assert isinstance(identifier, bytes)
        stored = b"".join(content for _, content in contents) + extra
        plain = manifest.FRAME_SIZE + len(encoded) + len(stored)
        preamble = Preamble.make(identifier.ljust(16)[:16], plain, [key_id(self.hub)])
        key = signing or self.world.desk.signing
        return preamble.raw + sealed(
            manifest.sign(encoded, preamble, key) + encoded + stored, self.hub
        )

    def opened(self) -> Inner:
        """What is in the good bundle, as its recipient sees it."""
        [identity] = [key.identity for key in self.world.hub.receiving]
        plain = pyrage.decrypt(self.file[len(self.preamble.raw) :], [identity])
        sender, signature, length = struct.unpack_from(">32s64sI", plain)
        body = plain[manifest.FRAME_SIZE :]
        return Inner(sender, signature, body[:length], body[length:])


def sealed(plain: bytes, *recipients: str) -> bytes:
    keys = [x25519.Recipient.from_str(text) for text in recipients]
    return bytes(pyrage.encrypt(plain, keys))
